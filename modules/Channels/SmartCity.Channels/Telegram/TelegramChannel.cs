using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Telegram;

/// <summary>A regency's Telegram bot: private chats come in by its webhook; answers carry buttons for satisfied and not.</summary>
internal sealed class TelegramChannel(TelegramSender sender, ChannelAccounts accounts) : IChannel
{
    public const string Name = "telegram", Token = "token", Secret = "secret", BaseUrl = "baseUrl";

    private const int Longest = 4096;

    public static AccountForm Form { get; } = new("telegram",
        new(Token, "the bot's token, as BotFather gave it", IsSecret: true),
        new(Secret, "the secret_token that the webhook was set with: letters, digits, - and _", IsSecret: true),
        new(BaseUrl, "where the Bot API is; default https://api.telegram.org", IsRequired: false, IsAddress: true));

    public string Code => Name;

    public IChannelSender Sender => sender;

    public IReadOnlyList<AccountForm> Accounts => [Form];

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => await accounts.Find(regency, Form.Name, cancel) is not null;

    public string Fit(string text, string regency, string ticket)
    {
        var end = Longest - 1;
        return text.Length <= Longest ? text : $"{text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

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
        services.AddSingleton<IChannel, TelegramChannel>();
        // The token is in the address: nothing of a request is logged.
        services.AddHttpClient(TelegramChannel.Name, client => client.Timeout = TimeSpan.FromSeconds(20)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
    }
}
