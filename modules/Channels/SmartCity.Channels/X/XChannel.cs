using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.Interpreting;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Channels.X.Replying;

namespace SmartCity.Channels.X;

/// <summary>X: mentions come in by its webhook, answers are posts below them, for all to read.</summary>
internal sealed class XChannel(XSender sender, XAccounts accounts, XApi x) : IChannel
{
    public string Code => XPosts.Channel;

    public IChannelSender Sender => sender;

    public bool IsPublic => true;

    public string? Instead => XPosts.DirectMessages;

    public IReadOnlyList<AccountForm> Accounts => [XAccounts.Form];

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        (await accounts.Answering(regency, addressed, department, cancel))?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.All(regency, cancel)).Any(a => a.CanPost);

    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, name, cancel) is not { } account)
        {
            return null;
        }

        if (!account.CanPost)
        {
            return (false, "Messages can come in; to post, consumerKey, accessToken and accessTokenSecret are missing.");
        }

        var (me, problem) = await x.Get(regency, account, XUse.Posts, "/2/users/me", cancel);
        return problem is not null || !me.TryGetProperty("data", out var data) || !data.TryGetProperty("username", out var username) ? (false, problem?.Error ?? "X does not say whose the account is.")
            : account.AccountId is { } id && data.TryGetProperty("id", out var known) && known.GetString() != id ? (false, $"The access token is of @{username.GetString()}, whose id is {known.GetString()}, not {id}.")
            : (true, $"X knows the account @{username.GetString()}.");
    }

    // What is longer than a post is sent as a thread.
    public string Fit(string text, string regency, string ticket) => accounts.Known(regency) is { PaysForLinks: true } ? text : PostLength.WithoutLinks(text);

    public Interpretation Interpret(IncomingMessage message)
    {
        var text = Mentions.Cleaned(message.Text);
        // Only below a post of ours: elsewhere "puas" is no answer to anything.
        return message.InReplyTo is not null && Keyword.Read(text) is { Kind: KeywordKind.Satisfied or KeywordKind.NotSatisfied } keyword
            ? new Interpretation.Asks(keyword) : new Interpretation.Report(text);
    }
}

internal sealed class XSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(XOptions.Read(configuration));
        services.AddScoped<ReceiveMentions>();
        services.AddSingleton<XAccounts>();
        services.AddSingleton<XApi>();
        services.AddSingleton<XSender>();
        services.AddSingleton<DirectMessageSender>();
        services.AddSingleton<IChannel, XChannel>();
        services.AddSingleton<IChannel, DirectMessageChannel>();
        services.AddHostedService<PollMentions>();
        services.AddHttpClient(XApi.PictureClient, client => client.Timeout = TimeSpan.FromSeconds(20)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddHttpClient(XApi.Client).AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
    }

    public void ConfigureStore(StoreOptions store) => store.Schema.For<MentionsRead>().DatabaseSchemaName("channels");
}
