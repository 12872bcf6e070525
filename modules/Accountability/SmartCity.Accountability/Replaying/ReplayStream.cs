using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using MediatR;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Findings;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Replaying;

/// <summary>Replays one stream of any kind, a conversation with its messages, or a finding with its obligations: the events as they are, folded by whichever read models take them.</summary>
internal sealed class ReplayStreamHandler(RegencySessions sessions, RegencyRegistry regencies, CallContext call, PersonalData personal, TimeProvider time) : IRequestHandler<ReplayStream, StreamReplay?>, IRequestHandler<FindStreams, IReadOnlyList<FoundStream>>
{
    private const string Sealed = "[tersegel / sealed]";
    private const string ReadsPrefix = "reads-", TalkPrefix = "talk-", MessagePrefix = "message-", ObligationPrefix = "ob-";

    // The event by which a message joined its conversation comes soon after the message.
    private const string TalkOf = """
        select stream_id from history.mt_events
         where tenant_id = $1 and starts_with(stream_id, 'talk-') and data ->> 'Message' = $2
           and seq_id > (select min(seq_id) from history.mt_events where tenant_id = $1 and stream_id = $2) order by seq_id limit 1
        """;

    private const string FindingRecordedType = "audit-report.finding-recorded.v1";

    private const string ObligationsOf = """
        select stream_id from history.mt_events
         where tenant_id = $1 and starts_with(stream_id, 'ob-') and version = 1 and data ->> 'Finding' = $2 order by seq_id
        """;

    public async Task<StreamReplay?> Handle(ReplayStream query, CancellationToken cancel)
    {
        if (!IsAllowed(call, query.Regency))
        {
            return null;
        }

        await using var session = sessions.Query(query.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        if (await Whole(connection, session.TenantId, query, cancel) is not [var (stream, _), ..] parts)
        {
            return null;
        }

        IReadOnlyList<RawEvent> raw = [.. parts.SelectMany(p => p.Events).OrderBy(e => e.Position)];
        var then = Until(raw, query.At);
        if (then.Count == 0)
        {
            return null;
        }

        var streams = parts.Select(p => p.Stream).Where(name => !name.StartsWith(ReadsPrefix, StringComparison.Ordinal)).ToArray();
        await session.Record(call, [.. parts.Where(p => streams.Contains(p.Stream)).Select(p => new DataRead(p.Stream, p.Events[^1].Version, "replay"))], cancel);
        var stored = new StoredEvents(session);
        IReadOnlyList<IEvent> events = [.. then.Select(e => stored.Open(e, session.TenantId)).OfType<IEvent>()];
        var earlier = query.Since is { } since ? Until(raw, since).Count : then.Count - 1;
        var (states, before) = (await States(session, events, cancel), await States(session, [.. events.Take(earlier)], cancel));
        var data = then.Select(e => JsonNode.Parse(e.Data)!).ToArray();
        var readers = new List<RawEvent>();
        // Who was shown the audit report was shown its findings.
        foreach (var name in raw[0].Stream == stream ? streams : streams.Append(raw[0].Stream).Distinct())
        {
            readers.AddRange(await Read(connection, session.TenantId, DataRead.StreamOf(name), cancel));
            readers.AddRange(name.StartsWith(ObligationPrefix, StringComparison.Ordinal) ? (await Read(connection, session.TenantId, DataRead.StreamOf(DataRead.Obligations), cancel)).Select(e => InList(e, name)).OfType<RawEvent>() : []);
        }

        var keys = data.Concat(states.Select(s => s.Data)).SelectMany(SealedJson.KeysIn).Distinct().ToArray();
        var zone = (await regencies.Find(RegencyCode.Parse(query.Regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        var (opener, erased) = await Opener(session, keys, zone, cancel);
        var entries = then.Zip(data, (e, node) => Entry(e, opener(node))).ToList();
        // What became of the people's data is a part of the story, and holds nothing of them.
        foreach (var key in keys)
        {
            entries.AddRange(Until(await Read(connection, session.TenantId, PersonErased.StreamOf(key), cancel), query.At).Select(e => Entry(e, JsonNode.Parse(e.Data)!)));
        }

        // A part of a stream, or several of them, has no versions of its own.
        var isWhole = parts.Count == 1 && raw[0].Stream == stream;
        return new StreamReplay(
            stream, isWhole ? then[^1].Version : then.Count, isWhole ? raw[^1].Version : raw.Count, then.Count > 1 ? then[^2].Position : null, then.Count < raw.Count ? raw[then.Count].Position : null,
            [.. states.Select(s => s with { Data = opener(s.Data) }).Select(s => s with { Facts = [.. ReplayWords.Facts(s.Data, zone)] })], [.. Changes(before, states, opener, zone)], [.. entries.OrderBy(e => e.Entry.Position)],
            [.. Until([.. readers.OrderBy(e => e.Position)], query.At).Select(Reader)], [.. erased.Select(key => ReplayWords.Erased(key, zone))]);
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
        // Names tell that there is something, also where it is confidential.
        await session.Record(call, [DataRead.Today("streams", time.GetUtcNow())], cancel);
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

    /// <summary>The events that are replayed together: of one stream; of a conversation and its messages, the conversation first; or of a finding and its obligations.</summary>
    private static async Task<IReadOnlyList<(string Stream, IReadOnlyList<RawEvent> Events)>> Whole(NpgsqlConnection connection, string tenant, ReplayStream query, CancellationToken cancel)
    {
        var stream = query.Stream.Trim();
        var asked = await Read(connection, tenant, stream, cancel);
        var talk = stream.StartsWith(TalkPrefix, StringComparison.Ordinal) ? stream : query.Conversation ? await TalkWith(connection, tenant, asked, cancel) : null;
        if (talk is null && asked.Count == 0 && !query.Conversation && FindingId.Read(stream) is var (report, number))
        {
            return await OfFinding(connection, tenant, stream, report, number, cancel);
        }

        if (talk is null)
        {
            // A report that nobody talked about on a channel is in no conversation.
            return asked.Count == 0 || (query.Conversation && !stream.StartsWith(MessagePrefix, StringComparison.Ordinal)) ? [] : [(stream, asked)];
        }

        var own = talk == stream ? asked : await Read(connection, tenant, talk, cancel);
        var parts = new List<(string, IReadOnlyList<RawEvent>)>();
        if (own.Count > 0)
        {
            parts.Add((talk, own));
        }

        foreach (var message in own.Select(e => Text(e, "Message")).OfType<string>().Distinct())
        {
            if (await Read(connection, tenant, message, cancel) is { Count: > 0 } events)
            {
                parts.Add((message, events));
            }
        }

        return parts;
    }

    // What its audit report says of it, and the obligations that follow from it with their deposits; of the other findings nothing.
    private static async Task<IReadOnlyList<(string Stream, IReadOnlyList<RawEvent> Events)>> OfFinding(NpgsqlConnection connection, string tenant, string finding, string report, int number, CancellationToken cancel)
    {
        var all = await Read(connection, tenant, report, cancel);
        if (!all.Any(e => e.Type == FindingRecordedType && Number(e, "Number") == number))
        {
            return [];
        }

        var parts = new List<(string, IReadOnlyList<RawEvent>)> { (finding, [.. all.Where(e => e.Version == 1 || Number(e, e.Type == FindingRecordedType ? "Number" : "Finding") == number)]) };
        var obligations = new List<string>();
        await using (var command = new NpgsqlCommand(ObligationsOf, connection) { CommandTimeout = 0, Parameters = { new() { Value = tenant }, new() { Value = finding } } })
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                obligations.Add(reader.GetString(0));
            }
        }

        foreach (var obligation in obligations)
        {
            parts.Add((obligation, await Read(connection, tenant, obligation, cancel)));
        }

        return parts;
    }

    private static int? Number(RawEvent raw, string member)
    {
        using var data = JsonDocument.Parse(raw.Data);
        return data.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
    }

    private static async Task<string?> TalkWith(NpgsqlConnection connection, string tenant, IReadOnlyList<RawEvent> asked, CancellationToken cancel)
    {
        var message = asked.Count == 0 ? null : asked[0].Stream.StartsWith(MessagePrefix, StringComparison.Ordinal) ? asked[0].Stream : Text(asked[0], "Conversation");
        if (message is null)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(TalkOf, connection) { CommandTimeout = 0, Parameters = { new() { Value = tenant }, new() { Value = message } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private static string? Text(RawEvent raw, string member)
    {
        using var data = JsonDocument.Parse(raw.Data);
        return data.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

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

    private static async Task<IReadOnlyList<ReplayedState>> States(IQuerySession session, IReadOnlyList<IEvent> events, CancellationToken cancel)
    {
        var (states, serializer, models) = (new List<ReplayedState>(), session.DocumentStore.Options.Serializer(), ReadModel.All(session).Models);
        foreach (var stream in events.GroupBy(e => e.StreamKey!).OrderBy(s => !s.Key.StartsWith(TalkPrefix, StringComparison.Ordinal)))
        {
            foreach (var model in models)
            {
                var own = model.Own([.. stream]);
                // Rows of other names are an index of the thing, not the thing.
                if (own.Count > 0 && (await model.Fold(stream.Key, own, session, cancel)).FirstOrDefault(row => row.Id == stream.Key).Document is { } document)
                {
                    var (indonesian, english) = ReplayWords.OfKind(model.Name);
                    states.Add(new ReplayedState(model.Name, JsonNode.Parse(serializer.ToJson(document))!, stream.Key, indonesian, english, []));
                }
            }
        }

        return states;
    }

    // Compared as they are shown: the same text sealed twice is written in two ways.
    private static IEnumerable<Change> Changes(IReadOnlyList<ReplayedState> before, IReadOnlyList<ReplayedState> after, Func<JsonNode, JsonNode> open, TimeZoneInfo zone) =>
        before.Concat(after).Select(s => (s.Stream, s.Kind)).Distinct().SelectMany(thing => ReplayWords.Changes(Of(before, thing) is { } old ? open(old) : null, Of(after, thing) is { } now ? open(now) : null, zone));

    private static JsonNode? Of(IReadOnlyList<ReplayedState> states, (string Stream, string Kind) thing) => states.FirstOrDefault(s => (s.Stream, s.Kind) == thing)?.Data;

    // An auditor reads what he may of people; at a command line nobody has signed in, so what is sealed stays so.
    private async Task<(Func<JsonNode, JsonNode> Open, IReadOnlyList<PersonalKey> Erased)> Opener(IQuerySession session, string[] keys, TimeZoneInfo zone, CancellationToken cancel)
    {
        var known = keys.Length == 0 ? [] : await session.LoadManyAsync<PersonalKey>(cancel, keys);
        PersonalKey[] erased = [.. known.Where(k => k.DestroyedAt is not null).OrderBy(k => k.DestroyedAt)];
        var isPerson = call.Actor.Role == Role.Auditor;
        var reader = isPerson ? await personal.Reader(session, keys.Select(PersonalReader.Of), cancel)
            : new PersonalReader(new Dictionary<string, PersonSeal>(), erased.ToDictionary(k => k.Id));
        return (node => SealedJson.Open(node, reader, isPerson ? null : Sealed, key => ReplayWords.Shown(key, zone)), erased);
    }

    private static ReplayedEvent Entry(RawEvent raw, JsonNode data)
    {
        var (indonesian, english) = ReplayWords.OfEvent(raw.Type);
        return new ReplayedEvent(
            new HistoryEntry(raw.Position, raw.Version, raw.Id, raw.Type, raw.At, raw.Actor, Header(raw, EventHeaders.Role), Header(raw, EventHeaders.OnBehalfOf), raw.Correlation, raw.Causation, data), indonesian, english);
    }

    // Who was shown it in a list: as if it had been shown alone; null: it was not in that list.
    private static RawEvent? InList(RawEvent raw, string stream)
    {
        using var data = JsonDocument.Parse(raw.Data);
        return data.RootElement.TryGetProperty("Shown", out var shown) && shown.ValueKind == JsonValueKind.Object && shown.TryGetProperty(stream, out var version)
            ? raw with { Data = JsonSerializer.SerializeToUtf8Bytes(new DataRead(stream, version.GetInt64(), "obligation")) } : null;
    }

    private static DataReader Reader(RawEvent raw)
    {
        using var data = JsonDocument.Parse(raw.Data);
        return new DataReader(raw.At, raw.Actor, Header(raw, EventHeaders.Role), data.RootElement.GetProperty("What").GetString()!, data.RootElement.GetProperty("Version").GetInt64(), data.RootElement.GetProperty("Of").GetString()!);
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
