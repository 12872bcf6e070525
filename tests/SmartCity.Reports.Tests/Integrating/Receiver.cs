using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Integrating;

/// <summary>What came to a receiver.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string ContentType, byte[] Body)
{
    public JsonElement Event => JsonDocument.Parse(Body).RootElement;

    public string Type => Event.GetProperty("type").GetString()!;

    public string Subject => Event.GetProperty("subject").GetString()!;

    /// <summary>As the Standard Webhooks specification has it, and written from it alone: one of the signatures is that of id, timestamp and body.</summary>
    public bool IsSignedWith(string secret)
    {
        secret.ShouldStartWith("whsec_");
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Encoding.UTF8.GetString(Body)}")));
        return Signature.Split(' ').Any(part => part.Split(',', 2) is ["v1", var given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected)));
    }
}

/// <summary>An integrator's server, which does as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private Receiver(LoopbackServer server, ConcurrentQueue<Received> requests) => (_server, Requests) = (server, requests);

    public ConcurrentQueue<Received> Requests { get; }

    public string Url => new Uri(_server.Address, "/hooks?kunci=rahasia-jalur").ToString();

    /// <param name="answer">What becomes of a request; null: 204 at once.</param>
    public static async Task<Receiver> Start(Func<Received, HttpContext, Task>? answer = null)
    {
        var requests = new ConcurrentQueue<Received>();
        return new Receiver(await LoopbackServer.Start(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            string Header(string name) => http.Request.Headers[name].Single()!;
            var received = new Received(Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), http.Request.ContentType!, body.ToArray());
            requests.Enqueue(received);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            if (answer is not null)
            {
                await answer(received, http);
            }
        }), requests);
    }

    public static Task<Receiver> Answering(int status, string? retryAfter = null) => Start((_, http) =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return Task.CompletedTask;
    });

    /// <summary>Waits for a request.</summary>
    public Task<Received> Gets(Func<Received, bool> which, string what) => SmartCityHost.Until(() => Task.FromResult(Requests.FirstOrDefault(which)), what);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static DateTimeOffset At(Received request) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Timestamp, CultureInfo.InvariantCulture));
}
