using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform;
using SmartCity.Platform.Files;

namespace SmartCity.Channels.Telegram;

/// <summary>A regency's Telegram bot: private chats come in by its webhook, or are asked for; answers carry buttons for satisfied and not.</summary>
internal sealed class TelegramChannel(TelegramSender sender, ChannelAccounts accounts, TelegramApi telegram, PlatformOptions options) : IChannel
{
    public const string Name = "telegram", Token = "token", Secret = "secret", BaseUrl = "baseUrl", Mode = "mode";

    /// <summary>What Telegram is to tell.</summary>
    public static readonly IReadOnlyList<string> Updates = ["message", "callback_query"];

    private const int Longest = 4096;

    public static AccountForm Form { get; } = new("telegram",
        new(Token, "the bot's token, as BotFather gave it", "token bot, seperti diberikan BotFather", IsSecret: true),
        new(Secret, "the secret_token that the webhook was set with: letters, digits, - and _", "secret_token yang dipakai saat webhook dipasang: huruf, angka, - dan _", IsSecret: true),
        new(Mode, "webhook, or polling where Telegram cannot reach this platform; default webhook where the platform has a public https address", "webhook, atau polling bila Telegram tidak dapat menjangkau platform ini; biasanya webhook bila platform punya alamat https umum", IsRequired: false),
        new(BaseUrl, "where the Bot API is; default https://api.telegram.org", "alamat Bot API; biasanya https://api.telegram.org", IsRequired: false, IsAddress: true))
    {
        OfDepartment =
        [
            new(Token, "the token of the department's own bot, as BotFather gave it", "token bot perangkat daerah sendiri, seperti diberikan BotFather", IsSecret: true),
            new(Secret, "the secret_token of its webhook (…/telegram/webhook/CODE): letters, digits, - and _", "secret_token webhook-nya (…/telegram/webhook/KODE): huruf, angka, - dan _", IsSecret: true),
            new(Mode, "webhook, or polling where Telegram cannot reach this platform; default webhook where the platform has a public https address", "webhook, atau polling bila Telegram tidak dapat menjangkau platform ini; biasanya webhook bila platform punya alamat https umum", IsRequired: false),
        ],
    };

    public string Code => Name;

    public IChannelSender Sender => sender;

    public bool Converses => true;

    public IReadOnlyList<AccountForm> Accounts => [Form];

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        Answering.From(await accounts.Able(regency, Accounts, cancel), addressed, department)?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.Able(regency, Accounts, cancel)).Count > 0;

    public string Fit(string text, string regency, string ticket)
    {
        var end = Longest - 1;
        return text.Length <= Longest ? text : $"{text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

    /// <summary>Whether updates are asked for.</summary>
    public bool IsPolled(OwnAccount account) => (account.Get(Mode) ?? (options.PublicUrl?.Scheme == Uri.UriSchemeHttps ? "webhook" : "polling")) == "polling";

    /// <summary>Tells Telegram where the bot's messages go. What it answers is for the operator.</summary>
    public async Task<string?> AccountChanged(string regency, string name, IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? after, CancellationToken cancel)
    {
        var department = Form.DepartmentOf(name);
        OwnAccount? Of(IReadOnlyDictionary<string, string>? settings) => settings is null ? null : new OwnAccount(name, department, settings);
        var account = Of(after);
        try
        {
            if (account is null || IsPolled(account))
            {
                var (_, status) = (account ?? Of(before)) is { } known ? await telegram.Ask(known, "deleteWebhook", new { drop_pending_updates = false }, cancel) : (null, 200);
                return status == 200 ? null : $"Telegram answered {status} to deleteWebhook.";
            }

            if (options.PublicUrl?.Scheme != Uri.UriSchemeHttps)
            {
                return "The platform has no public https address (SmartCity:PublicUrl): set the webhook yourself, or set mode to polling.";
            }

            var (_, answer) = await telegram.Ask(account, "setWebhook", new
            {
                url = $"{options.PublicUrl.GetLeftPart(UriPartial.Authority)}/channels/{regency}/telegram/webhook{(department is null ? "" : $"/{department}")}",
                secret_token = account[Secret],
                allowed_updates = Updates,
            }, cancel);
            return answer == 200 ? null : $"Telegram answered {answer} to setWebhook.";
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return "Telegram cannot be reached; set the account again later.";
        }
    }

    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, Form, name, cancel) is not { } account)
        {
            return null;
        }

        var (me, status) = await telegram.Ask(account, "getMe", new { }, cancel);
        return me is { } bot ? (true, $"Telegram knows the bot @{(bot.TryGetProperty("username", out var username) ? username.GetString() : "?")}.") : (false, $"Telegram answered {status}.");
    }

    public async Task<RemoteFile> Fetch(string regency, string picture, long most, CancellationToken cancel) =>
        TelegramUpdate.FileId(picture) is var (file, name) && await accounts.Named(regency, Form, name, cancel) is { } account ? await telegram.File(account, file, most, cancel) : new RemoteFile(null, "media.unknown");

    public Interpretation Interpret(IncomingMessage message) =>
        message.Text.Trim() is "/start" or "/help" or "/bantuan" ? new Interpretation.Asks(new Keyword(KeywordKind.Help))
        : Keyword.Read(message.Text.TrimStart('/')) is { } keyword ? new Interpretation.Asks(keyword)
        : new Interpretation.Report(message.Text.Trim());
}

internal sealed class TelegramSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<TelegramSender>();
        services.AddSingleton<TelegramApi>();
        services.AddSingleton<TelegramChannel>();
        services.AddSingleton<IChannel>(provider => provider.GetRequiredService<TelegramChannel>());
        services.AddHostedService<PollTelegram>();
        // The token is in the address: nothing of a request is logged.
        services.AddHttpClient(TelegramChannel.Name, client => client.Timeout = TimeSpan.FromSeconds(30)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
    }
    public void ConfigureStore(StoreOptions store) => store.Schema.For<UpdatesRead>().DatabaseSchemaName("channels");
}
