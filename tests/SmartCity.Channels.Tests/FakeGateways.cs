using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SmartCity.Channels.Tests;

/// <summary>
/// Stands for smsbox (<c>/cgi-bin/sendsms</c>) and for a gateway of the Twilio form on loopback: takes messages, remembers them, and misbehaves where a test says so.
/// </summary>
internal sealed class FakeGateways : IAsyncDisposable
{
    private static readonly string Basic = $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ACkota:{SmsHost.Token}"))}";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Taken> _taken = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task<bool>>>> _scripts = new();
    private int _id;

    public FakeGateways()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/cgi-bin/sendsms", Kannel);
        _app.MapPost("/2010-04-01/Accounts/{sid}/Messages.json", Twilio);
        _app.MapGet("/2010-04-01/Accounts/{sid}/Messages.json", (HttpContext http, string? to) => http.Request.Headers.Authorization != Basic ? Results.StatusCode(401) : Results.Json(new
        {
            messages = _taken.Where(t => t.To == to && t.Id is not null).Select(t => new { sid = t.Id, body = t.Text, to = t.To, date_created = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture) }),
        }));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public string Address => _app.Urls.Single();

    /// <summary>What really went out to a number, in order.</summary>
    public IReadOnlyList<Taken> To(string number) => [.. _taken.Where(t => t.To == number)];

    /// <summary>What happens to the next tries to a number; a step says whether the message is taken all the same. Afterwards all is well.</summary>
    public void Script(string number, params Func<HttpContext, Task<bool>>[] steps) => _scripts[number] = new(steps);

    public static Func<HttpContext, Task<bool>> Fails(int status, string body = "", string? retryAfter = null, bool isTaken = false) => async http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync(body);
        return isTaken;
    };

    public static Func<HttpContext, Task<bool>> BreaksOff(bool isTaken) => http =>
    {
        http.Abort();
        return Task.FromResult(isTaken);
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Kannel(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["username"] != "smartcity" || query["password"] != "rahasia-kannel")
        {
            await Fails(403, "Authorization failed for sendsms")(http);
            return;
        }

        if (query["to"].Count == 0)
        {
            await Fails(400, "Missing receiver number, rejected")(http);
            return;
        }

        var taken = new Taken("kannel", query["to"].ToString(), query["from"].ToString(), query["text"].ToString(), query["coding"].ToString(), query["dlr-url"].ToString(), null);
        if (await Step(http, taken.To) is not { } isTaken)
        {
            _taken.Enqueue(taken);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            await http.Response.WriteAsync("0: Accepted for delivery");
        }
        else if (isTaken)
        {
            _taken.Enqueue(taken);
        }
    }

    private async Task Twilio(HttpContext http, string sid)
    {
        var form = await http.Request.ReadFormAsync();
        var id = $"SM{Interlocked.Increment(ref _id):D8}";
        var taken = new Taken(sid, form["To"].ToString(), form["From"].ToString(), form["Body"].ToString(), http.Request.Headers.Authorization.ToString(), form["StatusCallback"].ToString(), id);
        if (await Step(http, taken.To) is not { } isTaken)
        {
            _taken.Enqueue(taken);
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsJsonAsync(new { sid = id, status = "queued" });
        }
        else if (isTaken)
        {
            _taken.Enqueue(taken);
        }
    }

    private async Task<bool?> Step(HttpContext http, string number) =>
        _scripts.TryGetValue(number, out var steps) && steps.TryDequeue(out var step) ? await step(http) : null;

    /// <summary>A message that the gateway has.</summary>
    public sealed record Taken(string By, string To, string From, string Text, string How, string Callback, string? Id);
}
