using System.Globalization;
using System.Text.Json;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.ReceivingMentions;

namespace SmartCity.Channels.X.Replying;

/// <summary>Direct messages on X: a channel of its own, because nobody else reads along.</summary>
internal sealed class DirectMessageChannel(DirectMessageSender sender, XAccounts accounts) : IChannel
{
    private const int Longest = 10_000;

    public string Code => XPosts.DirectMessages;

    public IChannelSender Sender => sender;

    public bool Converses => true;

    public string OfficialChannel => XPosts.Channel;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => await accounts.Find(regency, cancel) is { CanPost: true };

    public string Fit(string text, string regency, string ticket) => text.Length <= Longest ? text : $"{text[..(Longest - 2)]}…";

    public Interpretation Interpret(IncomingMessage message) =>
        Keyword.Read(message.Text) is { } keyword ? new Interpretation.Asks(keyword) : new Interpretation.Report(message.Text.Trim());
}

/// <summary>Sends direct messages, and looks up in the conversation what became of a try whose end nobody saw.</summary>
internal sealed class DirectMessageSender(XApi x, XAccounts accounts) : IChannelSender
{
    public string Channel => XPosts.DirectMessages;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel) =>
        letter.To is not { } to || !IsId(to) || await accounts.Find(letter.Regency, cancel) is not { CanPost: true } account
            ? new Delivery.Refused("Not sent: the regency has no X account to write from, or there is nobody to write to.")
            : await x.Post(letter.Regency, account, XUse.DirectMessages, $"/2/dm_conversations/with/{to}/messages", new { text = letter.Text }, "dm_event_id", cancel);

    public async Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        if (letter.To is not { } to || !IsId(to) || await accounts.Find(letter.Regency, cancel) is not { CanPost: true, AccountId: { } us } account)
        {
            return new Delivery.Unknown("the account's id is not known, so the conversation cannot be searched", null);
        }

        var (events, problem) = await x.Get(letter.Regency, account, XUse.DirectMessages, $"/2/dm_conversations/with/{to}/dm_events?max_results=100&dm_event.fields=created_at,sender_id,text", cancel);
        return problem ?? Found(events, us, letter);
    }

    internal static Delivery Found(JsonElement events, string us, Letter letter)
    {
        string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;
        var ours = (events.TryGetProperty("data", out var data) ? data.EnumerateArray().ToArray() : [])
            .Where(e => Text(e, "sender_id") == us && Text(e, "text") == letter.Text
                && DateTimeOffset.TryParse(Text(e, "created_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at >= letter.AttemptedAt - TimeSpan.FromMinutes(1))
            .Select(e => Text(e, "id")!).Except(letter.KnownReceipts).ToArray();
        return ours switch
        {
            [] => new Delivery.Later("The earlier try did not reach X."),
            [var only] => new Delivery.Sent(only),
            _ => new Delivery.Unknown("several messages could be it", null),
        };
    }

    private static bool IsId(string text) => text.Length is > 0 and <= 20 && text.All(char.IsAsciiDigit);
}
