using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms.Joining;
using SmartCity.Channels.Sms.Kannel;
using SmartCity.Channels.Sms.Twilio;
using SmartCity.Platform;

namespace SmartCity.Channels.Sms;

/// <summary>SMS, through a regency's Kannel or a gateway of the Twilio form. What is not a keyword is a report.</summary>
internal sealed class SmsChannel(SmsSender sender, ChannelAccounts accounts, PlatformOptions options) : IChannel
{
    public const string Name = "sms";

    /// <summary>What an answer may cost: 306 letters, 134 when it needs UCS-2.</summary>
    public const int Budget = 2;

    public string Code => Name;

    public IChannelSender Sender => sender;

    public bool Converses => true;

    public IReadOnlyList<AccountForm> Accounts => [KannelAccount.Form, TwilioAccount.Form];

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        Answering.From(await accounts.Able(regency, Accounts, cancel), addressed, department)?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.Able(regency, Accounts, cancel)).Count > 0;

    public Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel) => sender.Test(regency, name, cancel);

    public string Fit(string text, string regency, string ticket) => SmsText.Fit(text, Budget, (ticket, options.PublicUrl) switch
    {
        ("", _) => "BANTUAN",
        (_, { } url) => $"{url.GetLeftPart(UriPartial.Authority)}/{regency}/laporan/{ticket}",
        _ => $"STATUS {ticket}",
    });

    public Interpretation Interpret(IncomingMessage message) => PhoneNumber.Normalised(message.Author.Id) switch
    {
        // Answering a machine can go on for ever.
        null => new Interpretation.Unclear(new MessageSetAside("sender.not_a_person",
            "The sender is a short code or a name, which is never answered.", "Pengirimnya kode pendek atau nama, yang tidak pernah dijawab.")),
        _ when Keyword.Read(message.Text) is { } keyword => new Interpretation.Asks(keyword),
        var phone => new Interpretation.Report(message.Text.Trim(), phone),
    };
}

internal sealed class SmsSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<KannelSender>();
        services.AddSingleton<TwilioSender>();
        services.AddSingleton<SmsSender>();
        services.AddSingleton<IChannel, SmsChannel>();
        services.AddScoped<ReceiveParts>();
        services.AddHostedService<TakeWhatIsThere>();
        // Kannel takes its password in the address: nothing of a request is logged.
        services.AddHttpClient(SmsSender.Client, client => client.Timeout = TimeSpan.FromSeconds(20)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
    }

    public void ConfigureStore(StoreOptions store) => store.Schema.For<MessagePart>().DatabaseSchemaName("channels").Duplicate(p => p.Group).Duplicate(p => p.ReceivedAt);
}

/// <summary>Sends by the gateway whose account it leaves from.</summary>
internal sealed class SmsSender(KannelSender kannel, TwilioSender twilio) : IChannelSender
{
    public const string Client = "sms";

    public string Channel => SmsChannel.Name;

    public Task<Delivery> Send(Letter letter, CancellationToken cancel) => With(letter, (sender, to) => sender.Send(letter with { To = to }, cancel));

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => With(letter, (sender, to) => sender.Find(letter with { To = to }, cancel));

    /// <summary>Asks a gateway whether it knows us; nothing is sent.</summary>
    public Task<(bool Works, string Detail)?> Test(string regency, string account, CancellationToken cancel) =>
        IsKannel(account) ? kannel.Test(regency, account, cancel) : twilio.Test(regency, account, cancel);

    private static bool IsKannel(string account) => account == KannelAccount.Form.Name || KannelAccount.Form.DepartmentOf(account) is not null;

    private async Task<Delivery> With(Letter letter, Func<IChannelSender, string, Task<Delivery>> use) =>
        PhoneNumber.Normalised(letter.To ?? "") is not { } to ? new Delivery.Refused("Not sent: there is no telephone number to send it to.")
        : letter.Account is not { } account ? new Delivery.Refused("Not sent: the regency has no SMS account to send from.")
        : await use(IsKannel(account) ? kannel : twilio, to);
}
