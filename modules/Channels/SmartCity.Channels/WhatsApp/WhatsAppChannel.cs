using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Media;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;

namespace SmartCity.Channels.WhatsApp;

/// <summary>A regency's number on WhatsApp, through Meta's Cloud API.</summary>
internal sealed class WhatsAppChannel(WhatsAppSender sender, ChannelAccounts accounts, IHttpClientFactory clients) : IChannel
{
    public const string Name = "whatsapp", AppSecret = "appSecret", VerifyToken = "verifyToken", Token = "token", Number = "phoneNumberId", BaseUrl = "baseUrl", Template = "template";

    private const int Longest = 4096;

    public static AccountForm Form { get; } = new("whatsapp",
        new(AppSecret, "the app's secret, which Meta signs deliveries with", "rahasia aplikasi, yang dipakai Meta menandatangani kiriman", IsSecret: true),
        new(VerifyToken, "the verify token that the webhook is set with", "verify token yang dipakai saat webhook dipasang", IsSecret: true),
        new(Token, "an access token of a system user that may send messages", "access token pengguna sistem yang boleh mengirim pesan", IsSecret: true),
        new(Number, "the id of the telephone number (phone number id), not the number itself", "id nomor telepon (phone number id), bukan nomornya"),
        new(Template, "the name of an approved template with one parameter in its body, for answers after 24 hours", "nama templat yang disetujui dengan satu parameter di isinya, untuk jawaban setelah 24 jam", IsRequired: false),
        new(BaseUrl, "where the Graph API is; default https://graph.facebook.com/v25.0", "alamat Graph API; biasanya https://graph.facebook.com/v25.0", IsRequired: false, IsAddress: true))
    {
        OfDepartment =
        [
            new(Number, "the id of the department's own telephone number (phone number id), of the regency's app", "id nomor telepon perangkat daerah sendiri (phone number id), di aplikasi daerah"),
            new(Token, "an access token that may send from it; default the regency's", "access token yang boleh mengirim darinya; bila kosong, milik daerah", IsSecret: true, IsRequired: false, IsShared: true),
            new(Template, "the name of a template approved for it; default the regency's", "nama templat yang disetujui untuknya; bila kosong, milik daerah", IsRequired: false, IsShared: true),
        ],
    };

    public string Code => Name;

    public IChannelSender Sender => sender;

    public bool Converses => true;

    // The same number may be reached by SMS.
    public string? Instead => SmsChannel.Name;

    public IReadOnlyList<AccountForm> Accounts => [Form];

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        Answering.From(await accounts.Able(regency, Accounts, cancel), addressed, department)?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.Able(regency, Accounts, cancel)).Count > 0;

    public string Fit(string text, string regency, string ticket)
    {
        var end = Longest - 1;
        return text.Length <= Longest ? text : $"{text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

    public Interpretation Interpret(IncomingMessage message) =>
        Keyword.Read(message.Text) is { } keyword ? new Interpretation.Asks(keyword)
        : new Interpretation.Report(message.Text.Trim(), PhoneNumber.Normalised($"+{message.Author.Id}"));

    /// <summary>A picture by its id: its address is asked for, good for minutes, and wants the token too.</summary>
    public async Task<RemoteFile> Fetch(string regency, string picture, long most, CancellationToken cancel)
    {
        if (WhatsAppMessages.MediaId(picture) is not var (id, name) || await accounts.Named(regency, Form, name, cancel) is not { } account)
        {
            return new RemoteFile(null, "media.unknown");
        }

        var client = clients.CreateClient(Name);
        using var asked = await client.SendAsync(Ask(account, $"{Root(account)}/{id}"), cancel);
        if (!asked.IsSuccessStatusCode)
        {
            return new RemoteFile(null, $"link.answered_{(int)asked.StatusCode}", MayComeLater: (int)asked.StatusCode is >= 500 or 429);
        }

        using var json = JsonDocument.Parse(await asked.Content.ReadAsStringAsync(cancel));
        // The token goes to Meta only, whatever address stands there.
        if (!json.RootElement.TryGetProperty("url", out var url) || !Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address) || !IsMetas(address, Root(account)))
        {
            return new RemoteFile(null, "link.not_allowed");
        }

        using var answer = await client.SendAsync(Ask(account, address.ToString()), HttpCompletionOption.ResponseHeadersRead, cancel);
        var file = await ProviderFile.Read(answer, most, cancel);
        return file.Content is { } content && json.RootElement.TryGetProperty("sha256", out var hash) && hash.GetString() is { Length: > 0 } expected && !IsHashOf(content, expected)
            ? new RemoteFile(null, "media.damaged", MayComeLater: true) : file;
    }

    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, Form, name, cancel) is not { } account)
        {
            return null;
        }

        using var answer = await clients.CreateClient(Name).SendAsync(Ask(account, $"{Root(account)}/{account[Number]}?fields=id"), cancel);
        return answer.IsSuccessStatusCode ? (true, "WhatsApp knows the number.") : (false, $"WhatsApp answered {(int)answer.StatusCode}.");
    }

    public static string Root(OwnAccount account) => (account.Get(BaseUrl) ?? "https://graph.facebook.com/v25.0").TrimEnd('/');

    private static HttpRequestMessage Ask(OwnAccount account, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account[Token]);
        return request;
    }

    private static bool IsMetas(Uri address, string root) =>
        address.Authority == new Uri(root).Authority
        || (address.Scheme == Uri.UriSchemeHttps && (address.Host.EndsWith(".fbsbx.com", StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith(".facebook.com", StringComparison.OrdinalIgnoreCase)));

    // Hexadecimal in the documentation, Base64 in practice.
    private static bool IsHashOf(byte[] content, string expected)
    {
        var hash = SHA256.HashData(content);
        return expected == Convert.ToBase64String(hash) || expected.Equals(Convert.ToHexString(hash), StringComparison.OrdinalIgnoreCase);
    }
}

internal sealed class WhatsAppSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WhatsAppSender>();
        services.AddSingleton<IChannel, WhatsAppChannel>();
        services.AddHttpClient(WhatsAppChannel.Name, client => client.Timeout = TimeSpan.FromSeconds(20)).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
    }

    public void ConfigureStore(StoreOptions store) => store.Schema.For<LastHeard>().DatabaseSchemaName("channels");
}

/// <summary>When somebody last wrote to one of our numbers: free words are taken from it for 24 hours after that.</summary>
[NotInEvents("When somebody last wrote, which says until when the provider lets us answer freely; the messages are events.")]
internal sealed record LastHeard
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Keyed hash of the account.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <param name="number">Name of the account of the number.</param>
    public static string IdOf(Platform.Personal.PersonalData personal, string regency, string number, string account) => personal.PersonId(regency, $"heard {number}:{account}");
}

/// <summary>How Meta proves that a delivery is its own: HMAC-SHA256 of the raw body, hexadecimal, after <c>sha256=</c>.</summary>
internal static class MetaSignature
{
    public const string Header = "X-Hub-Signature-256";

    public static string Of(string secret, ReadOnlySpan<byte> body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static bool IsOf(string secret, ReadOnlySpan<byte> body, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(secret, body)), Encoding.UTF8.GetBytes(signature));
}
