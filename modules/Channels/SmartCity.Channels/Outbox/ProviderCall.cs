using System.Net;

namespace SmartCity.Channels.Outbox;

/// <summary>One call to a provider over HTTP, and what it means that it went wrong: whether the provider certainly has nothing, or may have.</summary>
internal static class ProviderCall
{
    /// <param name="accepted">Reads the receipt of a success; null: the answer does not say.</param>
    /// <param name="refusal">More words on a refusal, without anything personal.</param>
    /// <param name="mayComeLater">What a refusal says may be tried again.</param>
    /// <param name="retryAfter">How long to wait, where the provider says so in its answer and not in Retry-After.</param>
    public static async Task<Delivery> Send(
        HttpClient client, HttpRequestMessage request, string provider, TimeProvider time, Func<HttpResponseMessage, string, string?> accepted, CancellationToken cancel,
        Func<string, string?>? refusal = null, Func<string, TimeSpan?>? retryAfter = null, Func<string, bool>? mayComeLater = null)
    {
        try
        {
            using var response = await client.SendAsync(request, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            if (response.IsSuccessStatusCode)
            {
                return accepted(response, body) is { } receipt ? new Delivery.Sent(receipt) : Unseen(provider, "no id", time);
            }

            var error = $"{provider} answered {(int)response.StatusCode}{(refusal?.Invoke(body) is { Length: > 0 } more ? $": {more}" : "")}.";
            return response.StatusCode switch
            {
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new Delivery.Later(error, RetryAfter(response, time) ?? time.GetUtcNow() + retryAfter?.Invoke(body)),
                _ when mayComeLater?.Invoke(body) == true => new Delivery.Later(error),
                >= HttpStatusCode.InternalServerError => Unseen(provider, error, time),
                _ => new Delivery.Refused(error),
            };
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return new Delivery.Later($"{provider} cannot be reached: {failure.HttpRequestError}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return Unseen(provider, failure.GetType().Name, time);
        }
    }

    /// <summary>When the provider allows the next try, by its Retry-After.</summary>
    public static DateTimeOffset? RetryAfter(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter is { } after ? after.Date ?? time.GetUtcNow() + after.Delta : null;

    private static Delivery.Unknown Unseen(string provider, string what, TimeProvider time) =>
        new($"{provider} did not say whether it took it ({what})", time.GetUtcNow() + TimeSpan.FromSeconds(15));
}
