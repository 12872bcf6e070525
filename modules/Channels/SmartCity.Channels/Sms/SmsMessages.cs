using System.Text.Json;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Sms;

/// <summary>An SMS as every gateway means it.</summary>
internal static class SmsMessages
{
    /// <param name="id">The gateway's id of it, after the gateway's name.</param>
    /// <param name="account">Which of the regency's accounts it came to.</param>
    public static IncomingMessage Of(string id, string from, string to, string text, IReadOnlyList<string> media, string? account, DateTimeOffset now)
    {
        var sender = PhoneNumber.Normalised(from) ?? from;
        return new IncomingMessage(
            SmsChannel.Name, id, sender, null, new MessageAuthor(sender, null, null), text, media, null, null, null, [PhoneNumber.Normalised(to) ?? to], now,
            JsonSerializer.Serialize(new { id, from, to, text, media }))
        {
            Account = account,
        };
    }

    /// <summary>The account whose number was written to, else the regency's own.</summary>
    /// <param name="accounts">A gateway's, the regency's own first.</param>
    /// <param name="number">The setting that says an account's number.</param>
    public static string? WrittenTo(IReadOnlyList<OwnAccount> accounts, string number, string to) =>
        (accounts.FirstOrDefault(a => a.Get(number) is { } own && (own == to || (PhoneNumber.Normalised(to) is { } same && PhoneNumber.Normalised(own) == same)))
            ?? accounts.FirstOrDefault(a => a.Department is null))?.Name;
}
