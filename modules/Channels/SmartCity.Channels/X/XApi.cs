using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SmartCity.Channels.Media;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.Replying;
using SmartCity.Platform.Files;

namespace SmartCity.Channels.X;

/// <summary>What X counts for itself: each has limits of its own.</summary>
internal enum XUse
{
    Posts,
    DirectMessages,
    Mentions,
    Timeline,
}

/// <summary>Calls X in an account's name, says what became of a call, and keeps to X's limits.</summary>
internal sealed class XApi(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>Names of the HTTP clients.</summary>
    public const string Client = "x", PictureClient = "x-pictures";

    /// <summary>A post is in the timeline a moment after it was made.</summary>
    private static readonly TimeSpan UntilVisible = TimeSpan.FromSeconds(15);

    /// <summary>Until when X takes nothing more of an account.</summary>
    private readonly ConcurrentDictionary<(string Regency, string Account, XUse Use), DateTimeOffset> _pauses = new();

    /// <summary>Until when nothing is to be asked; null: it may be.</summary>
    public DateTimeOffset? Pause(string regency, XAccount account, XUse use) => _pauses.TryGetValue((regency, account.Name, use), out var until) && until > time.GetUtcNow() ? until : null;

    /// <summary>Posts something that must not be posted twice.</summary>
    /// <param name="receipt">Name of its id in the answer's data.</param>
    public async Task<Delivery> Post(string regency, XAccount account, XUse use, string path, object body, string receipt, CancellationToken cancel)
    {
        if (Pause(regency, account, use) is { } pause)
        {
            return new Delivery.Held("X takes no more for now.", pause);
        }

        using var request = Request(HttpMethod.Post, new Uri(account.BaseAddress, path), account);
        request.Content = JsonContent.Create(body);
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, cancel);
            KeepToLimits(regency, account, use, response);
            return await Outcome(response, receipt, cancel);
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

    /// <summary>Reads something; the problem says why there is nothing, and when it may be asked again, if ever.</summary>
    public async Task<(JsonElement Body, Delivery.Unknown? Problem)> Get(string regency, XAccount account, XUse use, string pathAndQuery, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, new Uri(account.BaseAddress, pathAndQuery), account);
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(request, cancel);
            KeepToLimits(regency, account, use, response);
            return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>(cancel), null)
                : (default, new Delivery.Unknown($"X answered {(int)response.StatusCode} to the search for it", IsTransient(response.StatusCode) ? NotBefore(response) ?? LookAgain : null));
        }
        catch (JsonException)
        {
            return (default, new Delivery.Unknown("X answered the search for it with something else than JSON", LookAgain));
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or TaskCanceledException or IOException && !cancel.IsCancellationRequested)
        {
            return (default, new Delivery.Unknown($"X could not be searched for it: {failure.GetType().Name}", LookAgain));
        }
    }

    /// <summary>Reads a picture of a direct message, which only the account that it was sent to may see.</summary>
    public async Task<RemoteFile> Picture(XAccount account, Uri address, long most, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, address, account);
        // To nowhere else, whatever the answer says: our signature is in the request.
        using var response = await clients.CreateClient(PictureClient).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return await ProviderFile.Read(response, most, cancel);
    }

    private DateTimeOffset LookAgain => time.GetUtcNow() + TimeSpan.FromMinutes(1);

    private Delivery.Unknown Unseen(string what) => new($"X did not say whether it took it ({what})", time.GetUtcNow() + UntilVisible);

    /// <summary>After the last call that X allows, none is made before it allows more.</summary>
    private void KeepToLimits(string regency, XAccount account, XUse use, HttpResponseMessage response)
    {
        var isUsedUp = response.StatusCode == HttpStatusCode.TooManyRequests
            || (response.Headers.TryGetValues("x-rate-limit-remaining", out var remaining) && remaining.First() == "0");
        if (isUsedUp && NotBefore(response) is { } until)
        {
            _pauses[(regency, account.Name, use)] = until;
        }
    }

    private async Task<Delivery> Outcome(HttpResponseMessage response, string receipt, CancellationToken cancel)
    {
        var body = await Json(response, cancel);
        if (response.IsSuccessStatusCode)
        {
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty("data", out var data) && data.TryGetProperty(receipt, out var id) && id.GetString() is { Length: > 0 } known
                ? new Delivery.Sent(known) : Unseen("no id");
        }

        string? Member(string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        // Its "detail" may name people.
        var error = $"X answered {(int)response.StatusCode}: {Member("title") ?? response.ReasonPhrase}.";
        return response.StatusCode switch
        {
            // The month's allowance is used up: waiting minutes does not help.
            HttpStatusCode.TooManyRequests when Member("type")?.EndsWith("usage-capped", StringComparison.Ordinal) == true => new Delivery.Refused(error),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new Delivery.Later(error, NotBefore(response)),
            // A gateway may have given up on a post that was made.
            >= HttpStatusCode.InternalServerError => Unseen(error),
            _ => new Delivery.Refused(error),
        };
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

    private static HttpRequestMessage Request(HttpMethod method, Uri uri, XAccount account)
    {
        var credentials = new OAuth1.Credentials(account.ConsumerKey!, account.ConsumerSecret, account.AccessToken!, account.AccessTokenSecret!);
        // X's clock, not the demo's.
        var header = OAuth1.Header(method.Method, uri, credentials, RandomNumberGenerator.GetHexString(32, lowercase: true), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var request = new HttpRequestMessage(method, uri);
        request.Headers.TryAddWithoutValidation("Authorization", header);
        return request;
    }
}
