using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OpenTelemetry;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Telegram;

/// <summary>Sends by the Bot API, which has no key that makes sending twice harmless and no list to search: a try whose end nobody saw is left to a person.</summary>
internal sealed class TelegramSender(IHttpClientFactory clients, ChannelAccounts accounts, TimeProvider time) : IChannelSender
{
    public string Channel => TelegramChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (!long.TryParse(letter.To, CultureInfo.InvariantCulture, out var chat) || await accounts.Named(letter.Regency, TelegramChannel.Form, letter.Account, cancel) is not { } account)
        {
            return new Delivery.Refused("Not sent: the regency has no Telegram bot, or there is no chat to answer in.");
        }

        var call = new Dictionary<string, object> { ["chat_id"] = chat, ["text"] = letter.Text };
        if (letter.Message?.Split(':') is [not "press", var message, ..] && long.TryParse(message, CultureInfo.InvariantCulture, out var answered))
        {
            call["reply_parameters"] = new { message_id = answered, allow_sending_without_reply = true };
        }

        if (letter is { Kind: OutboundMessage.Answer, Ticket.Length: > 0 })
        {
            call["reply_markup"] = new
            {
                inline_keyboard = new[] { new[] { new { text = "Puas / Satisfied", callback_data = $"puas {letter.Ticket}" }, new { text = "Tidak / Not", callback_data = $"tidak {letter.Ticket}" } } },
            };
        }

        // The token is in the address, which a span would show.
        using var quiet = SuppressInstrumentationScope.Begin();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{TelegramApi.Root(account)}/bot{account[TelegramChannel.Token]}/sendMessage") { Content = JsonContent.Create(call) };
        return await ProviderCall.Send(clients.CreateClient(TelegramChannel.Name), request, "Telegram", time,
            (_, body) => Number(body, "result", "message_id") is { } id ? string.Create(CultureInfo.InvariantCulture, $"{id}") : null, cancel,
            retryAfter: body => Number(body, "parameters", "retry_after") is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 86400)) : null);
    }

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(new Delivery.Unknown("Telegram cannot be searched for it", null));

    private static long? Number(string body, string member, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty(member).GetProperty(name).GetInt64();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
