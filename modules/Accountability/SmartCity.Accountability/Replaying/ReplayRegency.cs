using System.Collections.Concurrent;
using System.Reflection;
using Marten;
using MediatR;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Replaying;

/// <summary>Replays a whole regency: folds all its streams up to a moment, and counts what they come to. Keeps counts only.</summary>
internal sealed class ReplayRegencyHandler(RegencySessions sessions, CallContext call, IntakePressure? intake = null) : IRequestHandler<ReplayRegency, RegencyReplay?>
{
    // One at a time on a host: the others wait, and reports of citizens do not.
    private static readonly SemaphoreSlim Turn = new(1);

    private const string Events = """
        select type, count(*), max(seq_id), max(timestamp) from history.mt_events
         where tenant_id = $1 and seq_id <= $2 and timestamp <= $3 group by type order by type
        """;

    private const string Beside = "select (select max(seq_id) from history.mt_events where tenant_id = $1 and seq_id < $2), (select min(seq_id) from history.mt_events where tenant_id = $1 and seq_id > $2)";

    private const string Leaves = "select coalesce(max(leaf_index) + 1, 0) from accountability.audit_leaf where tenant_id = $1 and position <= $2";

    public async Task<RegencyReplay?> Handle(ReplayRegency query, CancellationToken cancel)
    {
        if (!ReplayStreamHandler.IsAllowed(call, query.Regency))
        {
            return null;
        }

        await Turn.WaitAsync(cancel);
        try
        {
            return await Replay(query, cancel);
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task<RegencyReplay?> Replay(ReplayRegency query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        var now = await At(session, connection, query.Regency, query.At, cancel);
        var then = query.Since is { } since ? await At(session, connection, query.Regency, since, cancel) : null;
        var (previous, next) = await Steps(connection, session.TenantId, now.Position, cancel);
        await session.Record(call, [new DataRead(DataRead.Regency, now.News, "replay")], cancel);
        var of = now.Total + (then?.Total ?? 0);
        // An earlier moment first, so that its progress counts up to the later one's.
        var before = then is null ? null : await Count(then, query, of, 0, cancel);
        var after = await Count(now, query, of, then?.Total ?? 0, cancel);
        return after with { Changes = before is null ? [] : [.. Changes(before, after)], Previous = previous, Next = next };
    }

    private static async Task<Extent> At(IQuerySession session, NpgsqlConnection connection, string regency, Moment moment, CancellationToken cancel)
    {
        var (types, total, position, news, last) = (new SortedDictionary<string, long>(StringComparer.Ordinal), 0L, 0L, 0L, (DateTimeOffset?)null);
        await using (var command = Command(connection, Events, session.TenantId, moment.Position ?? long.MaxValue, moment.Instant?.ToUniversalTime() ?? DateTimeOffset.MaxValue))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                types[reader.GetString(0)] = reader.GetInt64(1);
                total += reader.GetInt64(1);
                position = Math.Max(position, reader.GetInt64(2));
                news = reader.GetString(0) == "data.read.v1" ? news : Math.Max(news, reader.GetInt64(2));
                last = reader.GetFieldValue<DateTimeOffset>(3) is var at && (last is null || at > last) ? at : last;
            }
        }

        await using var leaves = Command(connection, Leaves, session.TenantId, position);
        return new Extent(regency, moment, position, news, last, total, (long)(await leaves.ExecuteScalarAsync(cancel))!, types);
    }

    private static async Task<(long? Previous, long? Next)> Steps(NpgsqlConnection connection, string tenant, long position, CancellationToken cancel)
    {
        await using var command = Command(connection, Beside, tenant, position);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private async Task<RegencyReplay> Count(Extent extent, ReplayRegency query, long of, long done, CancellationToken cancel)
    {
        await using var session = sessions.Query(extent.Regency);
        var models = ReadModel.All(session).Models;
        var states = models.ToDictionary(m => m, m => m.Document.GetProperty("State", BindingFlags.Public | BindingFlags.Instance));
        var department = models.Where(m => states[m]?.PropertyType == typeof(ReportState)).ToDictionary(m => m, m => m.Document.GetProperty("Department", BindingFlags.Public | BindingFlags.Instance));
        var (counts, open) = (new ConcurrentDictionary<(string Kind, string State), long>(), new ConcurrentDictionary<string, long>());
        var progress = query.Progress is null ? null : new Relay(query.Progress, done, of);
        await new FoldStreams(sessions, extent.Regency, models, intake).Run(extent.Position, extent.Moment.Instant, (folded, _) =>
        {
            foreach (var (model, _, document, _) in folded)
            {
                var state = states[model]?.GetValue(document);
                counts.AddOrUpdate((model.Name, state?.ToString() ?? ""), 1, static (_, n) => n + 1);
                if (state is ReportState report && !report.IsDone())
                {
                    open.AddOrUpdate(department[model]?.GetValue(document) as string ?? "", 1, static (_, n) => n + 1);
                }
            }

            return Task.CompletedTask;
        }, progress, cancel);
        return new RegencyReplay(
            extent.Regency, extent.Position, extent.LastAt, extent.Total, extent.TreeSize,
            [.. counts.GroupBy(c => c.Key.Kind).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => OfKind(k.Key, k.Sum(c => c.Value), Sorted(k.Where(c => c.Key.State.Length > 0).Select(c => KeyValuePair.Create(c.Key.State, c.Value)))))],
            open.Values.Sum(), Sorted(open), extent.Types, []);
    }

    private static SortedDictionary<string, long> Sorted(IEnumerable<KeyValuePair<string, long>> values) => new(values.ToDictionary(), StringComparer.Ordinal);

    private static KindCount OfKind(string kind, long count, IReadOnlyDictionary<string, long> byState)
    {
        var (indonesian, english) = ReplayWords.OfKind(kind);
        var states = byState.Select(s => (Words: ReplayWords.OfState(s.Key), Count: s.Value)).ToArray();
        string Parts(IEnumerable<string> parts) => states.Length == 0 ? "" : $" ({string.Join(", ", parts)})";
        return new KindCount(kind, count, byState, $"{indonesian}: {count}{Parts(states.Select(s => $"{s.Words.Indonesian} {s.Count}"))}", $"{english}: {count}{Parts(states.Select(s => $"{s.Words.English} {s.Count}"))}");
    }

    private static IEnumerable<Change> Changes(RegencyReplay before, RegencyReplay after)
    {
        var (old, now) = (Numbers(before), Numbers(after));
        return old.Keys.Union(now.Keys).Order(StringComparer.Ordinal).Select(name => (Name: name, Words: (now.TryGetValue(name, out var number) ? number : old[name]).Words, Old: old.GetValueOrDefault(name).Count, Now: now.GetValueOrDefault(name).Count))
            .Where(n => n.Old != n.Now).Select(n => new Change(
                n.Name, $"{n.Words.Indonesian}: dari {n.Old} menjadi {n.Now} ({n.Now - n.Old:+#;-#})", $"{n.Words.English}: from {n.Old} to {n.Now} ({n.Now - n.Old:+#;-#})"));
    }

    private static Dictionary<string, (long Count, (string Indonesian, string English) Words)> Numbers(RegencyReplay replay)
    {
        var numbers = new Dictionary<string, (long, (string Indonesian, string English))>
        {
            ["events"] = (replay.Events, ("Peristiwa", "Events")),
            ["reports open"] = (replay.OpenReports, ("Laporan terbuka", "Open reports")),
        };
        foreach (var kind in replay.Kinds)
        {
            var words = ReplayWords.OfKind(kind.Kind);
            numbers[kind.Kind] = (kind.Count, words);
            foreach (var (state, count) in kind.ByState)
            {
                var (indonesian, english) = ReplayWords.OfState(state);
                numbers[$"{kind.Kind} {state}"] = (count, ($"{words.Indonesian}, {indonesian}", $"{words.English}, {english}"));
            }
        }

        foreach (var (department, count) in replay.OpenByDepartment)
        {
            numbers[$"reports open {(department.Length == 0 ? "–" : department)}"] =
                (count, department.Length == 0 ? ("Laporan terbuka, tanpa OPD", "Open reports, no department") : ($"Laporan terbuka, {department}", $"Open reports, {department}"));
        }

        return numbers;
    }

    private sealed record Extent(string Regency, Moment Moment, long Position, long News, DateTimeOffset? LastAt, long Total, long TreeSize, IReadOnlyDictionary<string, long> Types);
}
