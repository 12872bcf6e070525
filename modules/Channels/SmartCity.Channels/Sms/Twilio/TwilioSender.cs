using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Platform;

namespace SmartCity.Channels.Sms.Twilio;

/// <summary>Sends by the gateway's REST form. A try whose end was not seen is looked up in the gateway's own list of messages.</summary>
internal sealed class TwilioSender(IHttpClientFactory clients, ChannelAccounts accounts, PlatformOptions options, TimeProvider time) : IChannelSender
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public string Channel => SmsChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (await accounts.Named(letter.Regency, TwilioAccount.Form, letter.Account, cancel) is not { } account)
        {
            return new Delivery.Refused("Not sent: the regency has no gateway to send by.");
        }

        using var request = Request(HttpMethod.Post, account, "");
        var fields = new Dictionary<string, string> { ["To"] = letter.To!, ["From"] = account[TwilioAccount.From], ["Body"] = letter.Text };
        if ((account.Get(TwilioAccount.PublicUrl) ?? options.PublicUrl?.GetLeftPart(UriPartial.Authority)) is { } root)
        {
            fields["StatusCallback"] = $"{root.TrimEnd('/')}/channels/{letter.Regency}/sms/webhook/status?msg={letter.Id:N}";
        }

        request.Content = new FormUrlEncodedContent(fields);
        return await ProviderCall.Send(clients.CreateClient(SmsSender.Client), request, "The gateway", time, (_, body) => Member(body, "sid"), cancel,
            // Its message may name the number.
            body => Member(body, "code") is { } code ? $"error {code}" : null);
    }

    /// <summary>Asks for one message of the list: nothing is sent.</summary>
    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, TwilioAccount.Form, name, cancel) is not { } account)
        {
            return null;
        }

        using var request = Request(HttpMethod.Get, account, "?PageSize=1");
        using var response = await clients.CreateClient(SmsSender.Client).SendAsync(request, cancel);
        return response.IsSuccessStatusCode ? (true, "The gateway knows the account.") : (false, $"The gateway answered {(int)response.StatusCode}.");
    }

    public async Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        if (await accounts.Named(letter.Regency, TwilioAccount.Form, letter.Account, cancel) is not { } account)
        {
            return new Delivery.Unknown("the gateway's account is gone", null);
        }

        using var request = Request(HttpMethod.Get, account, $"?PageSize=100&To={Uri.EscapeDataString(letter.To!)}");
        try
        {
            using var response = await clients.CreateClient(SmsSender.Client).SendAsync(request, cancel);
            return response.IsSuccessStatusCode ? Found(await response.Content.ReadAsStringAsync(cancel), letter)
                : new Delivery.Unknown($"the gateway answered {(int)response.StatusCode} to the search for it", ProviderCall.RetryAfter(response, time) ?? time.GetUtcNow() + LookAgain);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return new Delivery.Unknown($"the gateway could not be searched for it: {failure.GetType().Name}", time.GetUtcNow() + LookAgain);
        }
    }

    /// <summary>A message with these words to this number since the try began, which no message of the outbox accounts for, is the one.</summary>
    internal static Delivery Found(string list, Letter letter)
    {
        try
        {
            using var json = JsonDocument.Parse(list);
            var found = json.RootElement.GetProperty("messages").EnumerateArray()
                .Where(m => m.GetProperty("body").GetString() == letter.Text && !letter.KnownReceipts.Contains(m.GetProperty("sid").GetString()!))
                .Where(m => !(m.TryGetProperty("date_created", out var at) && DateTimeOffset.TryParse(at.GetString(), CultureInfo.InvariantCulture, out var created)
                    && created < letter.AttemptedAt - TimeSpan.FromMinutes(1)))
                .Select(m => m.GetProperty("sid").GetString()!).ToArray();
            return found switch
            {
                [] => new Delivery.Later("The earlier try did not reach the gateway."),
                [var only] => new Delivery.Sent(only),
                _ => new Delivery.Unknown("several messages could be it", null),
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new Delivery.Unknown("the gateway's list could not be read", null);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, OwnAccount account, string query)
    {
        var root = (account.Get(TwilioAccount.BaseUrl) ?? "https://api.twilio.com").TrimEnd('/');
        var request = new HttpRequestMessage(method, $"{root}/2010-04-01/Accounts/{Uri.EscapeDataString(account[TwilioAccount.AccountSid])}/Messages.json{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account[TwilioAccount.AccountSid]}:{account[TwilioAccount.AuthToken]}")));
        return request;
    }

    private static string? Member(string body, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value)
                ? value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind == JsonValueKind.String ? value.GetString() : null : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
