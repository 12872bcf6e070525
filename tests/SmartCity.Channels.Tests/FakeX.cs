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
    private readonly ConcurrentQueue<Letter> _letters = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _scripts = new();
    private int _id = 8_000;

    public FakeX()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/2/tweets", Post);
        _app.MapGet("/2/users/{id}/tweets", (string id, HttpContext http) => Timeline.TryGetValue(id, out var tweets) ? Results.Text(tweets, "application/json") : OwnPosts(http));
        _app.MapPost("/2/dm_conversations/with/{person}/messages", Write);
        _app.MapGet("/2/dm_conversations/with/{person}/dm_events", (string person) => Results.Json(new { data = _letters.Where(l => l.To == person).Select(l => new { id = l.Id, sender_id = "4242", text = l.Text, created_at = l.At }) }));
        _app.MapGet("/2/users/{id}/mentions", Mentions);
        _app.MapGet("/2/users/me", (HttpContext http) => Token(http) is { } token ? Results.Json(new { data = new { id = token.Split('-')[0], username = $"akun{token.Split('-')[0]}", name = "Akun" } }) : Results.StatusCode(401));
        // A picture of a direct message: shown to the account that it was sent to, and to nobody else.
        _app.MapGet("/1.1/ton/data/dm/{account}/{number:int}", (string account, int number, HttpContext http) => Token(http)?.Split('-')[0] != account ? Results.StatusCode(403)
            : number == Elsewhere ? Results.Redirect("http://127.0.0.1:1/rahasia") : Results.Bytes(Testing.Pictures.Jpeg(number), "image/jpeg"));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>The picture that leads somewhere else.</summary>
    public const int Elsewhere = 99;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What an account's timeline shows.</summary>
    public ConcurrentDictionary<string, string> Timeline { get; } = new();

    /// <summary>Posts that mention us, oldest first, by account; X gives them by pages of so many.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<(string Id, string Text, string Author)>> MentionsOf { get; } = new();

    /// <summary>How long it takes to take a post, and then to say so.</summary>
    public Func<TimeSpan> Slowness { get; set; } = () => TimeSpan.Zero;

    public int PageSize { get; set; } = 100;

    /// <summary>What happens to the next questions for mentions; afterwards all is well.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> MentionScript { get; } = new();

    /// <summary>The since_id of each question for mentions.</summary>
    public ConcurrentQueue<string?> AskedSince { get; } = new();

    /// <summary>Direct messages to somebody, in order.</summary>
    public IReadOnlyList<Letter> LettersTo(string person) => [.. _letters.Where(l => l.To == person)];

    /// <summary>What was posted as an answer to a post, in order.</summary>
    public IReadOnlyList<Posted> RepliesTo(string post) => [.. _posts.Where(p => p.InReplyTo == post)];

    /// <summary>What happens to the next tries to answer a post; afterwards all is well.</summary>
    public void Script(string post, params Func<HttpContext, Task>[] steps) => _scripts[post] = new(steps);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Post(HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        var post = body.GetProperty("reply").GetProperty("in_reply_to_tweet_id").GetString()!;
        var posted = new Posted(post, body.GetProperty("text").GetString()!, http.Request.Headers.Authorization.ToString(), http.Request.Headers["traceparent"].ToString(), NewId());
        _posts.Enqueue(posted);
        if (_scripts.TryGetValue(post, out var steps) && steps.TryDequeue(out var step))
        {
            await step(http);
            return;
        }

        await Task.Delay(Slowness());
        posted.IsTaken = true;
        await Task.Delay(Slowness());
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { data = new { id = posted.Id, text = "" } });
    }

    private async Task Write(string person, HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        if (_scripts.TryGetValue(person, out var steps) && steps.TryDequeue(out var step))
        {
            await step(http);
            return;
        }

        var letter = new Letter(person, body.GetProperty("text").GetString()!, NewId(), TimeProvider.System.GetUtcNow(), http.Request.Headers.Authorization.ToString());
        _letters.Enqueue(letter);
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { data = new { dm_conversation_id = $"4242-{person}", dm_event_id = letter.Id } });
    }

    private IResult OwnPosts(HttpContext http)
    {
        var from = http.Request.Query["pagination_token"].FirstOrDefault() is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var taken = _posts.Where(p => p.IsTaken).Reverse().ToArray();
        var data = taken.Skip(from).Take(100).Select(p => new { id = p.Id, text = p.Text, referenced_tweets = new[] { new { type = "replied_to", id = p.InReplyTo } } });
        return Results.Json(new { data, meta = from + 100 < taken.Length ? new { next_token = $"{from + 100}" } : (object)new { } });
    }

    private async Task Mentions(string id, HttpContext http)
    {
        var query = http.Request.Query;
        AskedSince.Enqueue(query["since_id"].FirstOrDefault());
        if (MentionScript.TryDequeue(out var step))
        {
            await step(http);
            return;
        }

        var since = query["since_id"].FirstOrDefault() is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var from = query["pagination_token"].FirstOrDefault() is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var all = MentionsOf.GetValueOrDefault(id)?.Where(m => long.Parse(m.Id, System.Globalization.CultureInfo.InvariantCulture) > since).Reverse().ToArray() ?? [];
        var page = all.Skip(from).Take(PageSize).ToArray();
        var meta = new Dictionary<string, object> { ["result_count"] = page.Length };
        if (page.Length > 0)
        {
            meta["newest_id"] = page[0].Id;
        }

        if (from + PageSize < all.Length)
        {
            meta["next_token"] = (from + PageSize).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await http.Response.WriteAsJsonAsync(new
        {
            data = page.Select(m => new
            {
                id = m.Id,
                text = m.Text,
                author_id = m.Author,
                conversation_id = m.Id,
                created_at = TimeProvider.System.GetUtcNow().ToString("O"),
                attachments = new { media_keys = new[] { "3_1" } },
                geo = new { place_id = "p1" },
                entities = new { mentions = new[] { new { username = "dpu_tegalkab", id = "9001" } } },
            }),
            includes = new
            {
                users = page.Select(m => new { id = m.Author, username = $"warga{m.Author}", name = "Warga Uji" }),
                places = new[] { new { id = "p1", full_name = "Balapulang, Indonesia" } },
                media = new[] { new { media_key = "3_1", type = "photo", url = "http://pbs.example/p.jpg" } },
            },
            meta,
        });
    }

    /// <summary>The access token that a call is signed with.</summary>
    private static string? Token(HttpContext http) =>
        System.Text.RegularExpressions.Regex.Match(http.Request.Headers.Authorization.ToString(), "^OAuth .*oauth_token=\"([^\"]+)\"") is { Success: true } match ? match.Groups[1].Value : null;

    private string NewId() => Interlocked.Increment(ref _id).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public sealed record Posted(string InReplyTo, string Text, string Authorization, string TraceParent, string Id)
    {
        /// <summary>It stands on the timeline.</summary>
        public bool IsTaken { get; set; }
    }

    public sealed record Letter(string To, string Text, string Id, DateTimeOffset At, string Authorization);
}
