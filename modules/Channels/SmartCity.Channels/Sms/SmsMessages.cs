using System.Text.Json;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Sms;

/// <summary>An SMS as every gateway means it.</summary>
internal static class SmsMessages
{
    /// <param name="id">The gateway's id of it, after the gateway's name.</param>
    public static IncomingMessage Of(string id, string from, string to, string text, IReadOnlyList<string> media, DateTimeOffset now)
    {
        var sender = PhoneNumber.Normalised(from) ?? from;
        return new IncomingMessage(
            SmsChannel.Name, id, sender, null, new MessageAuthor(sender, null, null), text, media, null, null, null, [PhoneNumber.Normalised(to) ?? to], now,
            JsonSerializer.Serialize(new { id, from, to, text, media }));
    }
}
