using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SmartCity.Channels.Tests;

/// <summary>Stands for X on loopback: takes posts, remembers them, and misbehaves where a test says so.</summary>
internal sealed class FakeX : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Posted> _posts = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _scripts = new();
    private int _id = 8_000;

    public FakeX()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/2/tweets", Post);
        _app.MapGet("/2/users/{id}/tweets", (string id) => Timeline.TryGetValue(id, out var tweets) ? Results.Text(tweets, "application/json") : Results.Json(new { meta = new { result_count = 0 } }));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What an account's timeline shows.</summary>
    public ConcurrentDictionary<string, string> Timeline { get; } = new();

    /// <summary>What was posted as an answer to a post, in order.</summary>
    public IReadOnlyList<Posted> RepliesTo(string post) => [.. _posts.Where(p => p.InReplyTo == post)];

    /// <summary>What happens to the next tries to answer a post; afterwards all is well.</summary>
    public void Script(string post, params Func<HttpContext, Task>[] steps) => _scripts[post] = new(steps);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Post(HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        var post = body.GetProperty("reply").GetProperty("in_reply_to_tweet_id").GetString()!;
        _posts.Enqueue(new Posted(post, body.GetProperty("text").GetString()!, http.Request.Headers.Authorization.ToString(), http.Request.Headers["traceparent"].ToString()));
        if (_scripts.TryGetValue(post, out var steps) && steps.TryDequeue(out var step))
        {
            await step(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { data = new { id = Interlocked.Increment(ref _id).ToString(System.Globalization.CultureInfo.InvariantCulture), text = "" } });
    }

    public sealed record Posted(string InReplyTo, string Text, string Authorization, string TraceParent);
}
