using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using MediatR;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Accountability.Replaying;

/// <summary>Replays one stream of any kind: its events as they are, folded by whichever read models take them.</summary>
internal sealed class ReplayStreamHandler(RegencySessions sessions, CallContext call, PersonalData personal) : IRequestHandler<ReplayStream, StreamReplay?>, IRequestHandler<FindStreams, IReadOnlyList<FoundStream>>
{
    private const string Sealed = "[tersegel / sealed]";
    private const string ReadsPrefix = "reads-";

    public async Task<StreamReplay?> Handle(ReplayStream query, CancellationToken cancel)
    {
        if (!IsAllowed(call, query.Regency))
        {
            return null;
        }

        var stream = query.Stream.Trim();
        await using var session = sessions.Query(query.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        var raw = await Read(connection, session.TenantId, stream, cancel);
        var then = Until(raw, query.At);
        if (then.Count == 0)
        {
            return null;
        }

        if (!stream.StartsWith(ReadsPrefix, StringComparison.Ordinal))
        {
            await session.Record(call, [new DataRead(stream, raw[^1].Version, "replay")], cancel);
        }

        var stored = new StoredEvents(session);
        IReadOnlyList<IEvent> events = [.. then.Select(e => stored.Open(e, session.TenantId)).OfType<IEvent>()];
        var earlier = query.Since is { } since ? Until(raw, since).Count : then.Count - 1;
        var (states, before) = (await States(session, stream, events, cancel), await States(session, stream, [.. events.Take(earlier)], cancel));
        var data = then.Select(e => JsonNode.Parse(e.Data)!).ToArray();
        var readers = stream.StartsWith(ReadsPrefix, StringComparison.Ordinal) ? [] : await Read(connection, session.TenantId, DataRead.StreamOf(stream), cancel);
        var keys = data.Concat(states.Select(s => s.Data)).SelectMany(SealedJson.KeysIn).Distinct().ToArray();
        var (opener, erased) = await Opener(session, keys, cancel);
        var entries = then.Zip(data, (e, node) => Entry(e, opener(node))).ToList();
        // What became of the people's data is a part of the story, and holds nothing of them.
        foreach (var key in keys)
        {
            entries.AddRange(Until(await Read(connection, session.TenantId, PersonErased.StreamOf(key), cancel), query.At).Select(e => Entry(e, JsonNode.Parse(e.Data)!)));
        }

        return new StreamReplay(
            stream, then[^1].Version, raw[^1].Version, then.Count > 1 ? then[^2].Position : null, then.Count < raw.Count ? raw[then.Count].Position : null,
            [.. states.Select(s => s with { Data = opener(s.Data) })], [.. Changes(before, states, opener)], [.. entries.OrderBy(e => e.Entry.Position)],
            [.. Until(readers, query.At).Select(Reader)], [.. erased.Select(ReplayWords.Erased)]);
    }

    public async Task<IReadOnlyList<FoundStream>> Handle(FindStreams query, CancellationToken cancel)
    {
        if (!IsAllowed(call, query.Regency))
        {
            return [];
        }

        const string sql = """
            select id, version, created, timestamp from history.mt_streams
             where tenant_id = $1 and starts_with(id, $2) and id > $3 and id <> 'mt_tombstone' order by id limit $4
            """;
        await using var session = sessions.Query(query.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = session.TenantId }, new() { Value = query.Begins.Trim() }, new() { Value = query.After ?? "" }, new() { Value = Math.Clamp(query.Limit, 1, 1000) } },
        };
        var found = new List<FoundStream>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new FoundStream(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return found;
    }

    /// <summary>Auditors of the regency, and who works on its database at a command line.</summary>
    public static bool IsAllowed(CallContext call, string regency) => call.Actor.Is(regency, Role.Auditor) || call.Actor == Actor.System("command-line");

    private static async Task<IReadOnlyList<RawEvent>> Read(NpgsqlConnection connection, string tenant, string stream, CancellationToken cancel)
    {
        await foreach (var found in StoredEvents.Read(connection, tenant, stream, long.MaxValue, null, cancel))
        {
            return found.Events;
        }

        return [];
    }

    private static IReadOnlyList<RawEvent> Until(IReadOnlyList<RawEvent> events, Moment moment) =>
        [.. events.TakeWhile(e => (moment.Instant is not { } instant || e.At <= instant) && (moment.Position is not { } position || e.Position <= position))];

    private static async Task<IReadOnlyList<ReplayedState>> States(IQuerySession session, string stream, IReadOnlyList<IEvent> events, CancellationToken cancel)
    {
        var (states, serializer) = (new List<ReplayedState>(), session.DocumentStore.Options.Serializer());
        foreach (var model in ReadModel.All(session).Models)
        {
            var own = model.Own(events);
            if (own.Count > 0 && await model.Fold(stream, own, session, cancel) is { } document)
            {
                states.Add(new ReplayedState(model.Name, JsonNode.Parse(serializer.ToJson(document))!));
            }
        }

        return states;
    }

    // Compared as they are shown: the same text sealed twice is written in two ways.
    private static IEnumerable<Change> Changes(IReadOnlyList<ReplayedState> before, IReadOnlyList<ReplayedState> after, Func<JsonNode, JsonNode> open) =>
        before.Select(s => s.Kind).Union(after.Select(s => s.Kind)).SelectMany(kind => ReplayWords.Changes(Of(before, kind) is { } old ? open(old) : null, Of(after, kind) is { } now ? open(now) : null));

    private static JsonNode? Of(IReadOnlyList<ReplayedState> states, string kind) => states.FirstOrDefault(s => s.Kind == kind)?.Data;

    // An auditor reads what he may of people; at a command line nobody has signed in, so what is sealed stays so.
    private async Task<(Func<JsonNode, JsonNode> Open, IReadOnlyList<PersonalKey> Erased)> Opener(IQuerySession session, string[] keys, CancellationToken cancel)
    {
        var known = keys.Length == 0 ? [] : await session.LoadManyAsync<PersonalKey>(cancel, keys);
        PersonalKey[] erased = [.. known.Where(k => k.DestroyedAt is not null).OrderBy(k => k.DestroyedAt)];
        var isPerson = call.Actor.Role == Role.Auditor;
        var reader = isPerson ? await personal.Reader(session, keys.Select(PersonalReader.Of), cancel)
            : new PersonalReader(new Dictionary<string, PersonSeal>(), erased.ToDictionary(k => k.Id));
        return (node => SealedJson.Open(node, reader, isPerson ? null : Sealed, ReplayWords.Shown), erased);
    }

    private static ReplayedEvent Entry(RawEvent raw, JsonNode data)
    {
        var (indonesian, english) = ReplayWords.OfEvent(raw.Type);
        return new ReplayedEvent(
            new HistoryEntry(raw.Position, raw.Version, raw.Id, raw.Type, raw.At, raw.Actor, Header(raw, EventHeaders.Role), Header(raw, EventHeaders.OnBehalfOf), raw.Correlation, raw.Causation, data), indonesian, english);
    }

    private static DataReader Reader(RawEvent raw)
    {
        using var data = JsonDocument.Parse(raw.Data);
        return new DataReader(raw.At, raw.Actor, Header(raw, EventHeaders.Role), data.RootElement.GetProperty("What").GetString()!, data.RootElement.GetProperty("Version").GetInt64());
    }

    private static string? Header(RawEvent raw, string name)
    {
        if (raw.Headers is null)
        {
            return null;
        }

        using var headers = JsonDocument.Parse(raw.Headers);
        return headers.RootElement.ValueKind == JsonValueKind.Object && headers.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
