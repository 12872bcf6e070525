using System.Globalization;
using System.Text.Json;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Telegram;

/// <summary>What an update of the Bot API holds.</summary>
/// <param name="Message">What was written or pressed; null: nothing for us, such as a group's talk.</param>
/// <param name="Callback">Id of the button press, to be acknowledged.</param>
internal sealed record TelegramUpdate(IncomingMessage? Message, string? Callback)
{
    private const int Longest = 4096;
    private const string Mark = "telegram:";

    /// <summary>Null when it cannot be understood.</summary>
    /// <param name="account">Of the bot that it is of.</param>
    public static TelegramUpdate? Read(byte[] body, DateTimeOffset now, string account = TelegramChannel.Name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var update = json.RootElement;
            update.GetProperty("update_id").GetInt64();
            return update.TryGetProperty("callback_query", out var pressed) ? Pressed(pressed, account, now)
                : update.TryGetProperty("message", out var message) ? new TelegramUpdate(Written(message, account, now), null)
                : new TelegramUpdate(null, null);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IncomingMessage? Written(JsonElement message, string account, DateTimeOffset now)
    {
        var chat = message.GetProperty("chat");
        if (chat.GetProperty("type").GetString() != "private" || IsBot(message.GetProperty("from")))
        {
            return null;
        }

        var text = Text(message, "text") ?? Text(message, "caption") ?? "";
        var place = message.TryGetProperty("location", out var location) ? location : default;
        var id = string.Create(CultureInfo.InvariantCulture, $"{chat.GetProperty("id").GetInt64()}:{message.GetProperty("message_id").GetInt64()}{Behind(account)}");
        // The biggest copy of a photo is the last; a picture may come as a file, too.
        var file = message.TryGetProperty("photo", out var sizes) && sizes.ValueKind == JsonValueKind.Array && sizes.GetArrayLength() > 0 ? Text(sizes[sizes.GetArrayLength() - 1], "file_id")
            : message.TryGetProperty("document", out var document) && Text(document, "mime_type")?.StartsWith("image/", StringComparison.Ordinal) == true ? Text(document, "file_id") : null;
        return Of(id, chat.GetProperty("id").GetInt64(), message.GetProperty("from"), text, place,
            message.TryGetProperty("date", out var date) ? DateTimeOffset.FromUnixTimeSeconds(date.GetInt64()) : now, message.GetRawText(), account) with
        {
            Media = file is null ? [] : [account == TelegramChannel.Name ? Mark + file : $"{Mark}{file} {account}"],
            // The pictures of an album come one by one.
            Conversation = Text(message, "media_group_id") is { } album ? $"album:{album}" : chat.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The id of a file that stands in a message's media, and the account of the bot that knows it; null: it is none.</summary>
    public static (string Id, string Account)? FileId(string picture) =>
        picture.StartsWith(Mark, StringComparison.Ordinal) && picture[Mark.Length..].Split(' ', 2) is var parts ? (parts[0], parts.Length > 1 ? parts[1] : TelegramChannel.Name) : null;

    // Each bot counts its messages for itself.
    private static string Behind(string account) => account == TelegramChannel.Name ? "" : $":{account}";

    /// <summary>A button below an answer says what the keyword says.</summary>
    private static TelegramUpdate Pressed(JsonElement pressed, string account, DateTimeOffset now)
    {
        var id = pressed.GetProperty("id").GetString()!;
        var text = Text(pressed, "data")?.Split(' ', 2) switch
        {
            ["puas", var ticket] => $"PUAS {ticket}",
            ["tidak", var ticket] => $"TIDAK PUAS {ticket}",
            _ => null,
        };
        var from = pressed.GetProperty("from");
        return new TelegramUpdate(text is null || IsBot(from) ? null : Of($"press:{id}{Behind(account)}", from.GetProperty("id").GetInt64(), from, text, default, now, pressed.GetRawText(), account), id);
    }

    private static IncomingMessage Of(string id, long chat, JsonElement from, string text, JsonElement place, DateTimeOffset at, string raw, string account)
    {
        var author = chat.ToString(CultureInfo.InvariantCulture);
        double? Degrees(string name) => place.ValueKind == JsonValueKind.Object ? place.GetProperty(name).GetDouble() : null;
        return new IncomingMessage(TelegramChannel.Name, id, author, null, new MessageAuthor(author, Text(from, "username"), Text(from, "first_name")),
            text.Length <= Longest ? text : text[..Longest], [], Degrees("latitude"), Degrees("longitude"), null, [], at, raw)
        {
            Account = account,
        };
    }

    private static bool IsBot(JsonElement from) => from.TryGetProperty("is_bot", out var isBot) && isBot.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
