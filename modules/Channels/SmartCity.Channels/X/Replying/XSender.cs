using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.ReceivingMentions;

namespace SmartCity.Channels.X.Replying;

/// <summary>
/// Answers a post with a post. X has no key that makes sending twice harmless, so a try whose end was not seen is looked up in our own
/// timeline, and what cannot be found out there is left to a person rather than sent a second time.
/// </summary>
internal sealed class XSender(IHttpClientFactory clients, XOptions options, TimeProvider time) : IChannelSender
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Client = "x";

    /// <summary>A post is in the timeline a moment after it was made.</summary>
    private static readonly TimeSpan UntilVisible = TimeSpan.FromSeconds(15);

    /// <summary>Until when X takes nothing more of a regency's account.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _pauses = new();

    public string Channel => XPosts.Channel;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (Account(letter, out var post) is not { } account)
        {
            return new Delivery.Refused("Not sent: the regency has no X account to post from, or the report came from no post.");
        }

        if (_pauses.TryGetValue(letter.Regency, out var pause) && pause > time.GetUtcNow())
        {
            return new Delivery.Later("X takes no more posts for now.", pause);
        }

        using var request = Request(HttpMethod.Post, new Uri(account.BaseAddress, "/2/tweets"), account);
        request.Content = JsonContent.Create(new { text = letter.Text, reply = new { in_reply_to_tweet_id = post } });
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, cancel);
            return await Outcome(letter.Regency, response, cancel);
        }
        catch (BrokenCircuitException)
        {
            return new Delivery.Later("X has failed too often; it is left alone for a moment.");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return new Delivery.Later($"X cannot be reached: {failure.HttpRequestError}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutRejectedException or TaskCanceledException or IOException)
        {
            return Unseen(failure.GetType().Name);
        }
    }

    public async Task<Delivery> Find(Letter letter, CancellationToken cancel)
    {
        if (Account(letter, out var post) is not { AccountId: { } us } account)
        {
            return new Delivery.Unknown("the account's id (AccountId) is not configured, so its timeline cannot be searched", null);
        }

        var since = Uri.EscapeDataString((letter.AttemptedAt - TimeSpan.FromMinutes(1)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        using var request = Request(HttpMethod.Get, new Uri(account.BaseAddress, $"/2/users/{us}/tweets?max_results=100&start_time={since}&tweet.fields=referenced_tweets"), account);
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, cancel);
            return response.IsSuccessStatusCode
                ? Found(await response.Content.ReadFromJsonAsync<JsonElement>(cancel), post, letter.KnownReceipts)
                : new Delivery.Unknown($"X answered {(int)response.StatusCode} to the search for it", IsTransient(response.StatusCode) ? NotBefore(response) ?? LookAgain : null);
        }
        catch (JsonException)
        {
            return new Delivery.Unknown("X answered the search for it with something else than JSON", LookAgain);
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or TaskCanceledException or IOException)
        {
            return new Delivery.Unknown($"X could not be searched for it: {failure.GetType().Name}", LookAgain);
        }
    }

    /// <summary>One reply of ours to the post that no message of the outbox accounts for is the one; none means that it never left.</summary>
    internal static Delivery Found(JsonElement timeline, string post, IReadOnlyCollection<string> known)
    {
        if (timeline.TryGetProperty("meta", out var meta) && meta.TryGetProperty("next_token", out _))
        {
            return new Delivery.Unknown("there are more posts since than one page shows", null);
        }

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

    private DateTimeOffset LookAgain => time.GetUtcNow() + TimeSpan.FromMinutes(1);

    private Delivery.Unknown Unseen(string what) => new($"X did not say whether it took it ({what})", time.GetUtcNow() + UntilVisible);

    private async Task<Delivery> Outcome(string regency, HttpResponseMessage response, CancellationToken cancel)
    {
        var body = await Json(response, cancel);
        if (response.IsSuccessStatusCode)
        {
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty("data", out var data) && data.TryGetProperty("id", out var id) && id.GetString() is { Length: > 0 } receipt
                ? new Delivery.Sent(receipt) : Unseen("no id");
        }

        string? Member(string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        // Its "detail" may name people.
        var error = $"X answered {(int)response.StatusCode}: {Member("title") ?? response.ReasonPhrase}.";
        switch (response.StatusCode)
        {
            // The month's allowance is used up: waiting minutes does not help.
            case HttpStatusCode.TooManyRequests when Member("type")?.EndsWith("usage-capped", StringComparison.Ordinal) == true:
                return new Delivery.Refused(error);
            case HttpStatusCode.TooManyRequests:
                var allowed = NotBefore(response);
                if (allowed is { } until)
                {
                    _pauses[regency] = until;
                }

                return new Delivery.Later(error, allowed);
            case HttpStatusCode.ServiceUnavailable:
                return new Delivery.Later(error, NotBefore(response));
            case >= HttpStatusCode.InternalServerError:
                // A gateway may have given up on a post that was made.
                return Unseen(error);
            default:
                return new Delivery.Refused(error);
        }
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    private DateTimeOffset? NotBefore(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is { } after)
        {
            return after.Date ?? time.GetUtcNow() + after.Delta;
        }

        return response.Headers.TryGetValues("x-rate-limit-reset", out var reset) && long.TryParse(reset.First(), CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private XAccount? Account(Letter letter, out string post)
    {
        post = letter.Message ?? "";
        return post.Length > 0 && options.Accounts.TryGetValue(letter.Regency, out var account) && account.CanPost ? account : null;
    }

    private HttpRequestMessage Request(HttpMethod method, Uri uri, XAccount account)
    {
        var credentials = new OAuth1.Credentials(account.ConsumerKey!, account.ConsumerSecret, account.AccessToken!, account.AccessTokenSecret!);
        // X's clock, not the demo's.
        var header = OAuth1.Header(method.Method, uri, credentials, RandomNumberGenerator.GetHexString(32, lowercase: true), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var request = new HttpRequestMessage(method, uri);
        request.Headers.TryAddWithoutValidation("Authorization", header);
        return request;
    }
}
