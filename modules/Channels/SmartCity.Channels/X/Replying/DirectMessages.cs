using System.Globalization;
using System.Text.Json;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.Interpreting;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Platform.Files;

namespace SmartCity.Channels.X.Replying;

/// <summary>Direct messages on X: a channel of its own, because nobody else reads along.</summary>
internal sealed class DirectMessageChannel(DirectMessageSender sender, XAccounts accounts, XApi x) : IChannel
{
    private const int Longest = 10_000;

    /// <summary>Where X keeps pictures; nobody else is shown who we are.</summary>
    private static readonly string[] PictureHosts = ["ton.twitter.com", "ton.x.com", "pbs.twimg.com"];

    public string Code => XPosts.DirectMessages;

    public IChannelSender Sender => sender;

    public bool Converses => true;

    public string OfficialChannel => XPosts.Channel;

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        (await accounts.Answering(regency, addressed, department, cancel))?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.All(regency, cancel)).Any(a => a.CanPost);

    /// <summary>A picture by its address, which X shows to the account that it was sent to.</summary>
    public async Task<RemoteFile> Fetch(string regency, string picture, long most, CancellationToken cancel)
    {
        if (XPosts.DirectPicture(picture) is not { } found || !Uri.TryCreate(found.Address, UriKind.Absolute, out var address))
        {
            return new RemoteFile(null, "media.unknown");
        }

        if (await accounts.Answering(regency, [found.Account], null, cancel) is not { } account)
        {
            return new RemoteFile(null, "x.not_configured");
        }

        return (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && PictureHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase)) || address.Authority == account.BaseAddress.Authority
            ? await x.Picture(account, address, most, cancel) : new RemoteFile(null, "link.not_allowed");
    }

    public string Fit(string text, string regency, string ticket) => text.Length <= Longest ? text : $"{text[..(Longest - 2)]}…";

    public Interpretation Interpret(IncomingMessage message)
    {
        // X writes a link to a picture behind the text.
        var text = Mentions.WithoutLinks(message.Text);
        return Keyword.Read(text) is { } keyword ? new Interpretation.Asks(keyword) : new Interpretation.Report(text);
    }
}

/// <summary>Sends direct messages, and looks up in the conversation what became of a try whose end nobody saw.</summary>
internal sealed class DirectMessageSender(XApi x, XAccounts accounts) : IChannelSender
{
    public string Channel => XPosts.DirectMessages;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel) =>
        letter.To is not { } to || !IsId(to) || await accounts.Named(letter.Regency, letter.Account, cancel) is not { CanPost: true } account
            ? new Delivery.Refused("Not sent: the regency has no X account to write from, or there is nobody to write to.")
            : await x.Post(letter.Regency, account, XUse.DirectMessages, $"/2/dm_conversations/with/{to}/messages", new { text = letter.Text }, "dm_event_id", cancel);

    public async Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        var able = (await accounts.All(letter.Regency, cancel)).Where(a => a.CanPost).ToArray();
        if (letter.To is not { } to || !IsId(to) || able.Length == 0 || able.Any(a => a.AccountId is null))
        {
            return new Delivery.Unknown("the account's id is not known, so the conversation cannot be searched", null);
        }

        // Which account the try was made from may have been set anew since.
        foreach (var account in able)
        {
            if (await Find(letter, account, to, cancel) is var found && found is not Delivery.Later)
            {
                return found;
            }
        }

        return new Delivery.Later("The earlier try did not reach X.");
    }

    private async Task<Delivery> Find(Letter letter, XAccount account, string to, CancellationToken cancel)
    {
        var (events, problem) = await x.Get(letter.Regency, account, XUse.DirectMessages, $"/2/dm_conversations/with/{to}/dm_events?max_results=100&dm_event.fields=created_at,sender_id,text", cancel);
        return problem ?? Found(events, account.AccountId!, letter);
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
