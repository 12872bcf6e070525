using System.Globalization;
using System.Text.Json;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.ReceivingMentions;

namespace SmartCity.Channels.X.Replying;

/// <summary>
/// Answers a post with a post, or a thread of them. X has no key that makes sending twice harmless, so a try whose end was not seen is
/// looked up in our own timeline, and what cannot be found out there is left to a person rather than sent a second time.
/// </summary>
internal sealed class XSender(XApi x, XAccounts accounts) : IChannelSender
{
    // X gives the newest 3,200.
    private const int MostPages = 32;

    public string Channel => XPosts.Channel;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (letter.Message is not { Length: > 0 } post || await accounts.Named(letter.Regency, letter.Account, cancel) is not { CanPost: true } account)
        {
            return new Delivery.Refused("Not sent: the regency has no X account to post from, or the report came from no post.");
        }

        if (!letter.MayReply)
        {
            return new Delivery.Refused("Not sent: the post does not name our account, and X takes answers only to posts that do.");
        }

        var posts = PostThread.Of(letter.Text);
        var delivery = await x.Post(letter.Regency, account, XUse.Posts, "/2/tweets",
            new { text = posts[letter.Parts.Count], reply = new { in_reply_to_tweet_id = Above(letter, post) } }, "id", cancel);
        return OfOne(delivery, letter, posts);
    }

    public async Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        var able = (await accounts.All(letter.Regency, cancel)).Where(a => a.CanPost).ToArray();
        if (letter.Message is not { Length: > 0 } post || able.Length == 0 || able.Any(a => a.AccountId is null))
        {
            return new Delivery.Unknown("the account's id (AccountId) is not configured, so its timeline cannot be searched", null);
        }

        // Which account the try was made from may have been set anew since.
        foreach (var account in able)
        {
            if (await Find(letter, account, post, cancel) is var found && found is not Delivery.Later)
            {
                return found;
            }
        }

        return new Delivery.Later("The earlier try did not reach X.");
    }

    private async Task<Delivery> Find(Letter letter, XAccount account, string post, CancellationToken cancel)
    {
        var since = Uri.EscapeDataString((letter.AttemptedAt - TimeSpan.FromMinutes(1)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Delivery found = new Delivery.Later("The earlier try did not reach X.");
        string? next = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var (timeline, problem) = await x.Get(letter.Regency, account, XUse.Timeline,
                $"/2/users/{account.AccountId}/tweets?max_results=100&start_time={since}&tweet.fields=referenced_tweets{(next is null ? "" : $"&pagination_token={Uri.EscapeDataString(next)}")}", cancel);
            if (problem is not null)
            {
                return problem;
            }

            found = (found, Found(timeline, Above(letter, post), letter.KnownReceipts)) switch
            {
                (Delivery.Later, var here) => here,
                (var before, Delivery.Later) => before,
                _ => new Delivery.Unknown("several replies could be it", null),
            };
            if (!timeline.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("next_token", out var token) || (next = token.GetString()) is null)
            {
                return OfOne(found, letter, PostThread.Of(letter.Text));
            }
        }

        return new Delivery.Unknown("there are more posts since than can be searched", null);
    }

    /// <summary>One reply of ours to the post that no message of the outbox accounts for is the one; none means that it never left.</summary>
    internal static Delivery Found(JsonElement timeline, string post, IReadOnlyCollection<string> known)
    {
        var replies = (timeline.TryGetProperty("data", out var data) ? data.EnumerateArray().ToArray() : [])
            .Where(tweet => tweet.TryGetProperty("referenced_tweets", out var references)
                && references.EnumerateArray().Any(r => r.GetProperty("type").GetString() == "replied_to" && r.GetProperty("id").GetString() == post))
            .Select(tweet => tweet.GetProperty("id").GetString()!).Except(known).ToArray();
        return replies switch
        {
            [] => new Delivery.Later("The earlier try did not reach X."),
            [var only] => new Delivery.Sent(only),
            _ => new Delivery.Unknown("several replies could be it", null),
        };
    }

    /// <summary>Each post of a thread stands below the one before it.</summary>
    private static string Above(Letter letter, string post) => letter.Parts is [.., var last] ? last : post;

    private static Delivery OfOne(Delivery delivery, Letter letter, IReadOnlyList<string> posts) =>
        delivery is Delivery.Sent sent && letter.Parts.Count + 1 < posts.Count ? new Delivery.PartSent(sent.Receipt) : delivery;
}
