using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Channels.Sms.Twilio;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Kabupaten Tegal sends by Kannel, Kota Tegal by a gateway of the Twilio form; both on this machine.</summary>
public sealed class SmsHost : ChannelsHost, IAsyncLifetime
{
    public const string KannelSecret = "rahasia-kannel-kabupaten", Token = "token-rahasia", PublicUrl = "https://lapor.contoh.id";

    private static int _last = 10_000_000;

    internal FakeGateways Gateways { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var known = await Operator();
        await Set(known, "33.28", "sms-kannel", new
        {
            secret = KannelSecret,
            sendUrl = $"{Gateways.Address}/cgi-bin/sendsms",
            username = "smartcity",
            password = "rahasia-kannel",
            from = "9118",
            callbackUrl = "http://smartcity.test",
        });
        await Set(known, "33.76", "sms-twilio", new { accountSid = "ACkota", authToken = Token, from = "+622129999999", baseUrl = Gateways.Address, publicUrl = PublicUrl });
    }

    public Task<HttpClient> Operator() => SignIn("33.28", "operator");

    public static async Task Set(HttpClient caller, string regency, string account, object settings)
    {
        using var answer = await caller.PutAsJsonAsync($"/api/v1/regencies/{regency}/channel-accounts/{account}", settings);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A number that no other test uses.</summary>
    public static string NewNumber() => $"+6281{Interlocked.Increment(ref _last)}";

    /// <summary>An SMS as Kannel's get-url brings it.</summary>
    public async Task<HttpResponseMessage> Kannel(string from, string text, string? id = null, string secret = KannelSecret, string regency = "33.28", string more = "", string to = "9118") =>
        await Http.GetAsync($"/channels/{regency}/sms/kannel?from={Uri.EscapeDataString(from)}&to={to}&text={Uri.EscapeDataString(text)}&id={id ?? Guid.NewGuid().ToString()}&charset=UTF-8&coding=0&smsc=tsel&secret={secret}{more}");

    /// <summary>An SMS as a gateway of the Twilio form brings it.</summary>
    public async Task<HttpResponseMessage> Twilio(string from, string text, string id, string path = "/channels/33.76/sms/webhook", string token = Token, Dictionary<string, string>? more = null, string? signature = null, string to = "+622129999999")
    {
        var form = new Dictionary<string, string>(more ?? []) { ["MessageSid"] = id, ["From"] = from, ["To"] = to, ["Body"] = text, ["NumMedia"] = "0" };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        signature ??= TwilioAccount.Signature(token, PublicUrl + path, form.Select(f => KeyValuePair.Create(f.Key, new Microsoft.Extensions.Primitives.StringValues(f.Value))));
        if (signature.Length > 0)
        {
            request.Headers.Add(TwilioAccount.Header, signature);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Waits until so many messages have gone out to a number.</summary>
    internal async Task<IReadOnlyList<FakeGateways.Taken>> Sent(string number, int count) =>
        await SmartCityHost.Until(() => Task.FromResult(Gateways.To(number) is { } taken && taken.Count >= count ? taken : null), $"{count} messages to {number}");

    /// <summary>Reports something and waits for the ticket.</summary>
    public async Task<string> Report(string number, string text = "jalan rusak parah di Balamoa, lubang besar")
    {
        (await Kannel(number, text)).EnsureSuccessStatusCode();
        return Ticket((await Sent(number, 1))[0].Text);
    }

    public static string Ticket(string text) => System.Text.RegularExpressions.Regex.Match(text, "[0-9]{4}-[0-9]{6,}").Value;

    /// <summary>A message of the outbox by its number's report.</summary>
    public async Task<JsonElement> Outgoing(string ticket, string kind, string state, string regency = "33.28")
    {
        JsonElement found = default;
        await SmartCityHost.Until(async () =>
        {
            found = (await Outbox(regency, "sms", ticket)).FirstOrDefault(m => m.GetProperty("kind").GetString() == kind && m.GetProperty("state").GetString() == state);
            return found.ValueKind != JsonValueKind.Undefined;
        }, $"{kind} {state} for {ticket}");
        return found;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await Gateways.DisposeAsync();
    }
}
