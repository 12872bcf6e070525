using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Alerting;
using SmartCity.Channels.Bursts;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Conversing;
using SmartCity.Channels.Desk;
using SmartCity.Channels.Email;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Media;
using SmartCity.Channels.Official;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Quiet;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms;
using SmartCity.Channels.Subscribing;
using SmartCity.Channels.Telegram;
using SmartCity.Channels.Web;
using SmartCity.Channels.WhatsApp;
using SmartCity.Channels.X;
using SmartCity.Platform;

namespace SmartCity.Channels;

/// <summary>The module's one door to the host.</summary>
public sealed class ChannelsModule : IModule
{
    /// <summary>Every channel there is; docs/channels.md says how to add one.</summary>
    private static readonly IReadOnlyList<IChannelSetup> Channels =
    [
        new XSetup(),
        new SmsSetup(),
        new TelegramSetup(),
        new WhatsAppSetup(),
        new EmailSetup(),
        new DeskSetup(),
        new PageSetup("web", "open311", "api", AlertOptions.Desk),
    ];

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(AlertOptions.Read(configuration));
        services.AddSingleton<AccountSeal>();
        services.AddSingleton<ChannelAccounts>();
        services.AddSingleton<ChannelList>();
        services.AddScoped<ReceiveMessage>();
        services.AddScoped<StoredMessages>();
        services.AddScoped<Converse>();
        services.AddSingleton<TalkLocks>();
        services.AddSingleton<MediaSignal>();
        services.AddSingleton<ProviderPictures>();
        services.AddScoped<PicturesOfReport>();
        services.AddHostedService<FetchMedia>();
        services.AddHostedService<GatherBursts>();
        services.AddHostedService<CloseDrafts>();
        services.AddScoped<AnswerKeyword>();
        services.AddScoped<OutboxStore>();
        services.AddScoped<ReadOutbox>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<Circuits>();
        services.AddSingleton<ChannelSenders>();
        foreach (var channel in Channels)
        {
            channel.AddServices(services, configuration);
        }

        services.AddHostedService<SendOutbox>();
        services.AddSingleton<SubscriptionKeys>();
        services.AddSingleton<SubscriptionLinks>();
        services.AddSingleton<AskLimit>();
        services.AddScoped<DueNews>();
        services.AddHostedService<SendNews>();
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
        store.Events.MapEventType<MessageReceived>("message.received.v1");
        store.Events.MapEventType<MessageSetAside>("message.set-aside.v1");
        store.Events.MapEventType<MessageActedOn>("message.acted-on.v1");
        store.Events.MapEventType<MessageDismissed>("message.dismissed.v1");
        store.Events.MapEventType<MessageSent>("message.sent.v1");
        store.Events.MapEventType<ChannelAccountChanged>("channel-account.changed.v1");
        store.Events.MapEventType<ChannelPolicySet>("channel-policy.set.v1");
        store.Events.MapEventType<BurstBegan>("burst.began.v1");
        store.Events.MapEventType<BurstGrew>("burst.grew.v1");
        store.Events.MapEventType<BurstEnded>("burst.ended.v1");
        store.Projections.Add(new BurstProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Burst>().DatabaseSchemaName("channels").DocumentAlias("reportburst");
        store.Events.MapEventType<AccountsOrdered>("official-accounts.ordered.v1");
        store.Schema.For<AnswerOwed>().DatabaseSchemaName("channels")
            .Duplicate(a => a.Category).Duplicate(a => a.Channel).Duplicate(a => a.Addressed).Duplicate(a => a.Department).Duplicate(a => a.Since).Duplicate(a => a.AnsweredAt).Duplicate(a => a.AnsweredBy)
            .Duplicate(a => a.DoneAt, configure: index => index.Predicate = "done_at is null");
        store.Schema.For<AnswerLeft>().DatabaseSchemaName("channels").Duplicate(a => a.Channel).Duplicate(a => a.Department).Duplicate(a => a.LeftAt);
        store.Projections.Add(new ChannelPolicyProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<ChannelPolicyDocument>().DatabaseSchemaName("channels").DocumentAlias("channelpolicy");
        store.Projections.Add(new OrderProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<OrderDocument>().DatabaseSchemaName("channels").DocumentAlias("accountorder");
        store.Projections.Add(new MessageProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Message>().DatabaseSchemaName("channels")
            .Duplicate(m => m.SetAsideAt, configure: index => index.Predicate = "set_aside_at is not null")
            .Duplicate(m => m.UnansweredSince, configure: index => index.Predicate = "unanswered_since is not null")
            .Duplicate(m => m.Account, configure: index => index.Predicate = "account is not null");
        store.Schema.For<OutboundMessage>().DatabaseSchemaName("channels")
            .Duplicate(m => m.DueAt, configure: index => index.Predicate = "due_at is not null")
            .Duplicate(m => m.IsGivenUp, configure: index => index.Predicate = "is_given_up")
            .Duplicate(m => m.Ticket)
            .Duplicate(m => m.Recipient, configure: index => index.Predicate = "recipient is not null")
            .Duplicate(m => m.Conversation, configure: index => index.Predicate = "conversation is not null")
            .Duplicate(m => m.Receipt, configure: index => index.Predicate = "receipt is not null")
            .Duplicate(m => m.QueuedAt);
        store.Schema.For<ChannelAccount>().DatabaseSchemaName("channels");
        store.Schema.For<LeftAlone>().DatabaseSchemaName("channels");
        store.Events.MapEventType<TalkBegan>("talk.began.v1");
        store.Events.MapEventType<TalkAsked>("talk.asked.v1");
        store.Events.MapEventType<TalkKept>("talk.kept.v1");
        store.Events.MapEventType<TalkFiled>("talk.filed.v1");
        store.Events.MapEventType<TalkAdded>("talk.added.v1");
        store.Events.MapEventType<TalkReplied>("talk.replied.v1");
        store.Events.MapEventType<TalkHeld>("talk.held.v1");
        store.Events.MapEventType<TalkDropped>("talk.dropped.v1");
        store.Projections.Add(new TalkProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<TalkOf>().DatabaseSchemaName("channels");
        store.Schema.For<Talk>().DatabaseSchemaName("channels").DocumentAlias("conversation").Duplicate(t => t.DraftDueAt, configure: index => index.Predicate = "draft_due_at is not null");
        store.Schema.For<MediaToFetch>().DatabaseSchemaName("channels").Duplicate(m => m.DueAt, configure: index => index.Predicate = "due_at is not null");
        store.Schema.For<StoppedRecipient>().DatabaseSchemaName("channels");
        store.Events.MapEventType<SubscriptionAsked>("subscription.asked.v1");
        store.Events.MapEventType<SubscriptionConfirmed>("subscription.confirmed.v1");
        store.Events.MapEventType<SubscriptionEnded>("subscription.ended.v1");
        store.Projections.Add(new SubscriptionProjection(), ProjectionLifecycle.Inline);
        store.Schema.For<Subscription>().DatabaseSchemaName("channels").Duplicate(s => s.ConfirmedAt).Duplicate(s => s.AskedAt);
        store.Schema.For<SubscriptionNews>().DatabaseSchemaName("channels").Duplicate(n => n.Subscription)
            .Duplicate(n => n.DueAt, configure: index => index.Predicate = "due_at is not null");
        foreach (var channel in Channels)
        {
            channel.ConfigureStore(store);
        }
    }
}
