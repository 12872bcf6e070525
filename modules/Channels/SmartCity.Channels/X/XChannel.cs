using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.Interpreting;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Channels.X.Replying;

namespace SmartCity.Channels.X;

/// <summary>X: mentions come in by its webhook, answers are posts below them, for all to read.</summary>
internal sealed class XChannel(XSender sender, XOptions options) : IChannel
{
    public string Code => XPosts.Channel;

    public IChannelSender Sender => sender;

    public bool IsPublic => true;

    public ValueTask<bool> CanSend(string regency, CancellationToken cancel) =>
        ValueTask.FromResult(options.Accounts.TryGetValue(regency, out var account) && account.CanPost);

    public string Fit(string text, string regency, string ticket) => PostLength.Cut(text);

    public Interpretation Interpret(IncomingMessage message) => new Interpretation.Report(Mentions.Cleaned(message.Text));
}

internal sealed class XSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(XOptions.Read(configuration));
        services.AddScoped<ReceiveMentions>();
        services.AddSingleton<XSender>();
        services.AddSingleton<IChannel, XChannel>();
        services.AddHttpClient(XSender.Client).AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
    }
}
