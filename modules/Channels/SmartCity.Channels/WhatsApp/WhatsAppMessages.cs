using System.Globalization;
using System.Text.Json;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.WhatsApp;

/// <summary>What a delivery of the Cloud API holds.</summary>
/// <param name="Messages">What citizens wrote.</param>
/// <param name="Statuses">What became of our messages: the outbox's id, and what is said of it.</param>
internal sealed record WhatsAppDelivery(IReadOnlyList<IncomingMessage> Messages, IReadOnlyList<(Guid? Id, string Message, Receipt Receipt)> Statuses);

internal static class WhatsAppMessages
{
    private const string Mark = "whatsapp:";

    /// <summary>The id of a picture, and the account that may see it; null: it is none.</summary>
    public static (string Id, string Account)? MediaId(string picture) =>
        picture.StartsWith(Mark, StringComparison.Ordinal) && picture[Mark.Length..].Split(' ', 2) is [{ Length: > 0 and <= 100 } id, ..] parts && id.All(char.IsAsciiLetterOrDigit)
            ? (id, parts.Length > 1 ? parts[1] : WhatsAppChannel.Name) : null;

    /// <summary>Null when it cannot be understood.</summary>
    /// <param name="numbers">Our numbers: what is for another number of the same app is not ours.</param>
    public static WhatsAppDelivery? Read(ReadOnlyMemory<byte> body, IReadOnlyList<OwnAccount> numbers, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.GetProperty("object").GetString() != "whatsapp_business_account")
            {
                return null;
            }

            OwnAccount? To(JsonElement value) => numbers.FirstOrDefault(n => n[WhatsAppChannel.Number] == Text(value.GetProperty("metadata"), "phone_number_id"));
            var values = json.RootElement.GetProperty("entry").EnumerateArray()
                .SelectMany(entry => Items(entry, "changes")).Where(change => Text(change, "field") == "messages").Select(change => change.GetProperty("value"))
                .Where(value => To(value) is not null).ToArray();
            return new WhatsAppDelivery(
                [.. values.SelectMany(value => Items(value, "messages").Select(message => Message(message, value, To(value)!, now)).OfType<IncomingMessage>())],
                [.. values.SelectMany(value => Items(value, "statuses").Select(Status).OfType<(Guid?, string, Receipt)>())]);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IncomingMessage? Message(JsonElement message, JsonElement value, OwnAccount number, DateTimeOffset now)
    {
        var type = Text(message, "type");
        var contact = Items(value, "contacts").FirstOrDefault(c => Text(c, "wa_id") == Text(message, "from") || Items(value, "contacts").Count() == 1);
        // Who has a user name may have no number here, only an id of this business.
        var author = Text(message, "from") ?? Text(contact, "wa_id") ?? Text(message, "user_id") ?? Text(contact, "user_id");
        if (author is not { Length: > 0 and <= 200 } || Text(message, "id") is not { Length: > 0 } id || type is "reaction" or "system")
        {
            return null;
        }

        var content = type is not null && message.TryGetProperty(type, out var found) ? found : default;
        (string text, string[] media, JsonElement point) = type switch
        {
            "text" => (Text(content, "body") ?? "", Array.Empty<string>(), default(JsonElement)),
            "image" => (Text(content, "caption") ?? "", Text(content, "id") is { } picture ? [number.Department is null ? Mark + picture : $"{Mark}{picture} {number.Name}"] : Array.Empty<string>(), default),
            "location" => (string.Join(", ", ((string?[])[Text(content, "name"), Text(content, "address")]).OfType<string>()), Array.Empty<string>(), content),
            "interactive" => (Pressed(content), Array.Empty<string>(), default),
            "button" => (Text(content, "payload") ?? Text(content, "text") ?? "", Array.Empty<string>(), default),
            // A voice message or a film cannot be read; its author is asked in words.
            _ => (Text(content, "caption") ?? "", Array.Empty<string>(), default),
        };
        double? Degrees(string name) => point.ValueKind == JsonValueKind.Object && point.TryGetProperty(name, out var degrees) ? degrees.GetDouble() : null;
        return new IncomingMessage(
            WhatsAppChannel.Name, id, author, Text(message.TryGetProperty("context", out var context) ? context : default, "id"),
            new MessageAuthor(author, null, Text(contact.ValueKind == JsonValueKind.Object && contact.TryGetProperty("profile", out var profile) ? profile : default, "name")),
            text, media, Degrees("latitude"), Degrees("longitude"), null, [],
            Text(message, "timestamp") is { } stamp ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(stamp, CultureInfo.InvariantCulture)) : now, message.GetRawText())
        {
            Account = number.Name,
        };
    }

    /// <summary>A button below an answer says what the keyword says.</summary>
    private static string Pressed(JsonElement interactive) =>
        interactive.TryGetProperty("button_reply", out var button) ? Text(button, "id")?.Split(' ', 2) switch
        {
            ["puas", var ticket] => $"PUAS {ticket}",
            ["tidak", var ticket] => $"TIDAK PUAS {ticket}",
            _ => Text(button, "title") ?? "",
        }
        : "";

    private static (Guid?, string, Receipt)? Status(JsonElement status)
    {
        var id = Text(status, "id");
        Receipt? receipt = Text(status, "status") switch
        {
            "sent" => new Receipt(ReceiptKind.Taken, id),
            "delivered" or "read" => new Receipt(ReceiptKind.Delivered, id),
            "failed" => new Receipt(ReceiptKind.Undelivered, id, $"WhatsApp: {Items(status, "errors").Select(e => e.TryGetProperty("code", out var code) ? code.ToString() : null).FirstOrDefault() ?? "failed"}."),
            _ => null,
        };
        return receipt is null || id is null ? null : (Guid.TryParseExact(Text(status, "biz_opaque_callback_data"), "N", out var ours) ? ours : null, id, receipt);
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
