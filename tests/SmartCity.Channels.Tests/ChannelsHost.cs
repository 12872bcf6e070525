using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>The host as in development, with a secret of its own for each regency.</summary>
public class ChannelsHost : SmartCityHost
{
    public const string Secret = "rahasia-konsumen", OtherSecret = "rahasia-kota";

    private static long _lastPost = 7_000_000;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SmartCity:SampleData"] = "reference",
        ["SmartCity:Channels:X:33.76:ConsumerSecret"] = OtherSecret,
    };

    /// <summary>A post id that no other test uses.</summary>
    public static string NewPost() => Interlocked.Increment(ref _lastPost).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A mention as the X Activity API delivers it.</summary>
    public static string Mention(string post, string text, string author = "5005", string subscriber = "9001", DateTimeOffset? at = null) => JsonSerializer.Serialize(new
    {
        data = new
        {
            event_uuid = Guid.NewGuid().ToString(),
            filter = new { user_id = subscriber },
            event_type = "post.mention.create",
            payload = new
            {
                id = post,
                text,
                author_id = author,
                conversation_id = post,
                created_at = (at ?? TimeProvider.System.GetUtcNow()).ToString("O"),
                entities = new { mentions = new[] { new { username = "dpu_tegalkab", id = "9001" } } },
            },
        },
        includes = new { users = new[] { new { id = author, username = $"warga{author}", name = "Warga Uji" } } },
    });

    /// <summary>Delivers a body to the webhook.</summary>
    /// <param name="signature">Null: the right one.</param>
    public async Task<HttpResponseMessage> Deliver(string body, string regency = "33.28", string secret = Secret, string? signature = null, string? traceParent = null)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/channels/{regency}/x/webhook") { Content = content };
        signature ??= XSignature.Of(secret, Encoding.UTF8.GetBytes(body));
        if (signature.Length > 0)
        {
            request.Headers.Add(XSignature.Header, signature);
        }

        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>What the development page shows of a channel.</summary>
    public async Task<JsonElement[]> Outbox(string regency = "33.28", string channel = "x", string? ticket = null) =>
        [.. (await Json(await Http.GetAsync($"/dev/outbox.json?regency={regency}&channel={channel}{(ticket is null ? "" : $"&ticket={ticket}")}"))).EnumerateArray()];

    /// <summary>Waits for a message about the report that came in the conversation.</summary>
    public async Task<JsonElement> Message(string post, string kind, string state, string regency = "33.28")
    {
        var message = await Until(async () =>
        {
            await using var scope = Services.CreateAsyncScope();
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
            var conversation = Stream(post, regency);
            var found = await session.Query<Outbox.OutboundMessage>().Where(m => m.Conversation == conversation && m.Kind == kind).FirstOrDefaultAsync();
            return found is null ? null : (await Outbox(regency, "x", found.Ticket)).Where(m => m.GetProperty("kind").GetString() == kind && m.GetProperty("state").GetString() == state)
                .Select(m => new Found(m)).FirstOrDefault();
        }, $"{kind} {state} for {post}");
        return message.Json;
    }

    /// <summary>The stream of a post.</summary>
    public string Stream(string post, string regency = "33.28") =>
        new IncomingMessage("x", post, post, null, new MessageAuthor("1", null, null), "", [], null, null, null, [], default, "").StreamIn(regency, Services.GetRequiredService<PersonalData>());

    /// <summary>Keeps posts as received, without anything being made of them.</summary>
    public Task<bool> Received(string regency, params string[] posts) => Use<RegencySessions, bool>(async sessions =>
    {
        await using var session = sessions.Open(regency);
        var (personal, now) = (Services.GetRequiredService<PersonalData>(), TimeProvider.System.GetUtcNow());
        foreach (var post in posts)
        {
            var seal = personal.NewSeal(session, regency, Stream(post, regency), new PersonIdentity($"x:{post}"), now);
            session.Insert(new Message
            {
                Id = Stream(post, regency),
                Received = new MessageReceived("x", seal.Seal(post)!, seal.Seal(post)!, null, seal.Person, null, null, null, null, null, null, null, now, null),
                ReceivedAt = now,
            });
        }

        await session.SaveChangesAsync();
        return true;
    });

    /// <summary>Types of the events of a post.</summary>
    public Task<string[]> HistoryOf(string post, string regency = "33.28") => History(Stream(post, regency), regency);

    private sealed record Found(JsonElement Json);

    /// <summary>Uses the module's services as a part of the platform would.</summary>
    public async Task<T> Use<TService, T>(Func<TService, Task<T>> use) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Types of a stream's events.</summary>
    public Task<string[]> History(string stream, string regency = "33.28") => Use<RegencySessions, string[]>(async sessions =>
    {
        await using var session = sessions.Query(regency);
        return [.. (await session.Events.FetchStreamAsync(stream)).Select(e => e.EventTypeName)];
    });
}
