using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using SmartCity.Channels.Alerting;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Web;
using SmartCity.Channels.X;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Channels.X.Replying;
using SmartCity.Platform;

namespace SmartCity.Channels;

/// <summary>The module's one door to the host.</summary>
public sealed class ChannelsModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(XOptions.Read(configuration));
        services.AddSingleton(AlertOptions.Read(configuration));
        services.AddScoped<ReceiveMessage>();
        services.AddScoped<ReceiveMentions>();
        services.AddScoped<OutboxStore>();
        services.AddScoped<ReadOutbox>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<ChannelSenders>();
        services.AddSingleton<IChannelSender, XSender>();
        foreach (var channel in (string[])["web", "open311", "api", AlertOptions.Desk])
        {
            services.AddSingleton<IChannelSender>(new PageSender(channel));
        }

        services.AddHttpClient(XSender.Client).AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
        services.AddHostedService<SendOutbox>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<MessageReceived>("message.received.v1");
        store.Events.MapEventType<MessageSetAside>("message.set-aside.v1");
        store.Events.MapEventType<MessageSent>("message.sent.v1");
        store.Projections.Add(new MessageProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Message>().DatabaseSchemaName("channels")
            .Duplicate(m => m.SetAsideAt, configure: index => index.Predicate = "set_aside_at is not null");
        store.Schema.For<OutboundMessage>().DatabaseSchemaName("channels")
            .Duplicate(m => m.DueAt, configure: index => index.Predicate = "due_at is not null")
            .Duplicate(m => m.Ticket)
            .Duplicate(m => m.QueuedAt);
    }
}
