using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.WhatsApp;

/// <summary>
/// Sends by the Cloud API: free words within 24 hours of the citizen's last message, an approved template after that. Our id goes with each
/// message and comes back in its statuses, which settle a try whose end nobody saw.
/// </summary>
internal sealed class WhatsAppSender(IHttpClientFactory clients, ChannelAccounts accounts, IServiceScopeFactory scopes, PersonalData personal, IConfiguration configuration, TimeProvider time) : IChannelSender
{
    /// <summary>So long a status is waited for; then a person decides.</summary>
    private readonly TimeSpan _patience = configuration.GetValue("SmartCity:Channels:WhatsApp:Patience", TimeSpan.FromMinutes(15));

    private DateTimeOffset LookAgain => time.GetUtcNow() + (_patience < TimeSpan.FromMinutes(1) ? _patience : TimeSpan.FromMinutes(1));

    private const int LongestParameter = 1024;

    public string Channel => WhatsAppChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (letter.To is not { Length: > 0 } to || await accounts.Named(letter.Regency, WhatsAppChannel.Form, letter.Account, cancel) is not { } account)
        {
            return new Delivery.Refused("Not sent: the regency has no WhatsApp account, or there is nobody to answer.");
        }

        var isOpen = await IsOpen(letter.Regency, account.Name, to, cancel);
        var template = account.Get(WhatsAppChannel.Template);
        if (!isOpen && template is null)
        {
            return new Delivery.Refused("Not sent: the citizen wrote more than 24 hours ago, and the account names no template for that.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{WhatsAppChannel.Root(account)}/{account[WhatsAppChannel.Number]}/messages") { Content = JsonContent.Create(Body(letter, to, isOpen ? null : template)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account[WhatsAppChannel.Token]);
        var delivery = await ProviderCall.Send(clients.CreateClient(WhatsAppChannel.Name), request, "WhatsApp", time, (_, body) => Id(body), cancel, refusal: body => Code(body)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            // Too many at once, or too many to one person.
            mayComeLater: body => Code(body) is 130429 or 131056 or 131000 or 131016 or 80007);
        return delivery is Delivery.Unknown unknown ? unknown with { LookAt = LookAgain } : delivery;
    }

    // A status says that it was taken; without one a person decides.
    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(
        time.GetUtcNow() - letter.AttemptedAt < _patience ? new Delivery.Unknown("no status has come yet", LookAgain) : new Delivery.Unknown("no status came", null));

    private async Task<bool> IsOpen(string regency, string number, string to, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        return await session.LoadAsync<LastHeard>(LastHeard.IdOf(personal, regency, number, to), cancel) is { } heard && time.GetUtcNow() - heard.At < LastHeard.Window;
    }

    private static Dictionary<string, object> Body(Letter letter, string to, string? template)
    {
        var body = new Dictionary<string, object> { ["messaging_product"] = "whatsapp", ["to"] = to, ["biz_opaque_callback_data"] = letter.Id.ToString("N") };
        if (template is not null)
        {
            // A parameter is one line.
            var line = string.Join(' ', letter.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            body["type"] = "template";
            body["template"] = new
            {
                name = template,
                language = new { code = "id" },
                components = new[] { new { type = "body", parameters = new[] { new { type = "text", text = line.Length <= LongestParameter ? line : $"{line[..(LongestParameter - 1)]}…" } } } },
            };
            return body;
        }

        if (letter.Message is { Length: > 0 } answered)
        {
            body["context"] = new { message_id = answered };
        }

        // A text with buttons holds a quarter of what a text without holds.
        if (letter is { Kind: OutboundMessage.Answer, Ticket.Length: > 0 } && letter.Text.Length <= LongestParameter)
        {
            body["type"] = "interactive";
            body["interactive"] = new
            {
                type = "button",
                body = new { text = letter.Text },
                action = new
                {
                    buttons = new[]
                    {
                        new { type = "reply", reply = new { id = $"puas {letter.Ticket}", title = "Puas / Satisfied" } },
                        new { type = "reply", reply = new { id = $"tidak {letter.Ticket}", title = "Tidak puas / Not" } },
                    },
                },
            };
            return body;
        }

        body["type"] = "text";
        body["text"] = new { body = letter.Text, preview_url = false };
        return body;
    }

    private static string? Id(string body) => Json(body, root => root.GetProperty("messages")[0].GetProperty("id").GetString());

    private static int? Code(string body) => Json<int?>(body, root => root.GetProperty("error").GetProperty("code").GetInt32());

    private static T? Json<T>(string body, Func<JsonElement, T?> read)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return read(json.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return default;
        }
    }
}
