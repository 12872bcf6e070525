using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using MediatR;
using Npgsql;
using NpgsqlTypes;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>
/// Folds all events of a regency into tables of a schema of their own and compares those with the live ones. The live system goes on meanwhile: what
/// differs is looked at once more, stream by stream, in one snapshot of events and document, which are written together.
/// </summary>
internal sealed class RebuildReadModelsHandler(RegencySessions sessions, IPublisher publisher, CallContext call, TimeProvider time) : IRequestHandler<RebuildReadModels, RebuildReport?>
{
    private const int MostTold = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(500);

    public async Task<RebuildReport?> Handle(RebuildReadModels command, CancellationToken cancel)
    {
        if (!call.Actor.Is(command.Regency, Role.Auditor) && call.Actor != Actor.System("command-line"))
        {
            return null;
        }

        await using var session = sessions.Query(command.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        await using var turn = await SideSchema.Open(session, connection, command.Keep, cancel);
        await session.Record(call, [DataRead.Today("rebuild", time.GetUtcNow())], cancel);
        var (models, others) = ReadModel.All(session);
        var position = await Scalar<long>(connection, "select coalesce(max(seq_id), 0) from history.mt_events where tenant_id = $1", session.TenantId, cancel);
        var total = command.Progress is null ? 0 : await Scalar<long>(connection, "select count(*) from history.mt_events where tenant_id = $1", session.TenantId, cancel);
        var progress = command.Progress is { } told ? new Relay(told, 0, total) : null;
        var events = await new FillSideTables(sessions, command.Regency, models, turn.Name).Run(session, connection, position, progress, cancel);
        var (compared, differences) = (new List<ComparedTable>(), new List<RowDifference>());
        foreach (var model in models)
        {
            compared.Add(await Compare(session, connection, model, turn.Name, differences, cancel));
        }

        compared.Add(await CompareStreams(session.TenantId, connection, differences, cancel));
        var derived = new RebuildDerivedTables(command.Regency);
        await publisher.Publish(derived, cancel);
        foreach (var table in derived.Tables)
        {
            compared.Add(await Compare(session, connection, table, turn.Name, differences, cancel));
        }

        return new RebuildReport(
            command.Regency, position, events, turn.Name, compared, [.. differences.Take(MostTold)],
            await NotCompared(session, connection, models, others, derived, cancel));
    }

    private static async Task<ComparedTable> Compare(IQuerySession session, NpgsqlConnection connection, ReadModel model, string schema, List<RowDifference> differences, CancellationToken cancel)
    {
        var side = model.SideTable(schema);
        var rows = await Scalar<long>(connection, $"select count(*) from {side}", null, cancel);
        var wrong = string.Concat(model.Duplicates.Select(d => $" or l.{d.Column} is distinct from {d.Expression.Replace("data", "l.data", StringComparison.Ordinal)}"));
        var ids = await Texts(
            connection, $"select coalesce(l.id, r.id) from (select * from {model.Table} where tenant_id = $1) l full join {side} r on l.id = r.id where l.id is null or r.id is null or l.data <> r.data{wrong} order by 1",
            session.TenantId, cancel);
        var found = new List<RowDifference>();
        foreach (var id in ids)
        {
            if (await Look(session, connection, model, id, cancel) is { } what)
            {
                found.Add(new RowDifference(model.Table, id, what));
            }
        }

        // Handlers write it a moment after the events: who has not had its events yet is only late.
        for (var began = TimeProvider.System.GetTimestamp(); model.IsBehind && found.Count > 0;)
        {
            var behind = await Behind(connection, session.TenantId, [.. found.Select(f => model.StreamOf(f.Id))], cancel);
            var late = found.Where(f => behind.Contains(model.StreamOf(f.Id))).ToArray();
            if (late.Length == 0 || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                found = [.. found.Except(late)];
                break;
            }

            await Task.Delay(Pause, cancel);
            found = [.. found.Except(late)];
            foreach (var row in late)
            {
                if (await Look(session, connection, model, row.Id, cancel) is { } what)
                {
                    found.Add(row with { What = what });
                }
            }
        }

        differences.AddRange(found.OrderBy(f => f.Id, StringComparer.Ordinal));
        return new ComparedTable(model.Table, rows, ids.Count - found.Count, found.Count);
    }

    /// <summary>Compares one document with its stream as both are at one moment; null when they agree.</summary>
    private static async Task<string?> Look(IQuerySession session, NpgsqlConnection connection, ReadModel model, string id, CancellationToken cancel)
    {
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var (stored, wanted) = (new StoredEvents(session), (string?)null);
        await foreach (var stream in StoredEvents.Read(connection, session.TenantId, model.StreamOf(id), long.MaxValue, null, cancel))
        {
            var events = model.Own([.. stream.Events.Select(raw => stored.Open(raw, session.TenantId)).OfType<IEvent>()]);
            var document = events.Count > 0 ? (await model.Fold(model.StreamOf(id), events, session, cancel)).FirstOrDefault(row => row.Id == id).Document : null;
            wanted = document is null ? null : session.DocumentStore.Options.Serializer().ToJson(document);
        }

        // Below a microsecond, the database rounds in one place and cuts off in another.
        var checks = string.Concat(model.Duplicates.Select(d => d.Expression.EndsWith("timestamp with time zone", StringComparison.Ordinal)
            ? $", coalesce(abs(extract(epoch from {d.Column} - {d.Expression})) > 0.000001, {d.Column} is distinct from {d.Expression})" : $", {d.Column} is distinct from {d.Expression}"));
        await using var command = new NpgsqlCommand($"select data::text, data is not distinct from $3{checks} from {model.Table} where tenant_id = $1 and id = $2", connection)
        {
            Parameters = { new() { Value = session.TenantId }, new() { Value = id }, new() { Value = (object?)wanted ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
        {
            return wanted is null ? null : "the row is gone, and the events make one";
        }

        if (wanted is null)
        {
            return "no event makes this row";
        }

        var told = reader.GetBoolean(1) ? [] : Told(JsonNode.Parse(reader.GetString(0)), JsonNode.Parse(wanted));
        told = [.. told, .. model.Duplicates.Where((_, i) => reader.GetBoolean(i + 2)).Select(d => $"column {d.Column} is not what the document says")];
        return told.Count == 0 ? null : string.Join("; ", told);
    }

    private static IReadOnlyList<string> Told(JsonNode? live, JsonNode? wanted) =>
        [.. JsonDifference.Between(live, wanted).Where(d => !d.IsWithinAMicrosecond).Select(d => $"{d.Path} is {JsonDifference.Show(d.Before)}, and the events say {JsonDifference.Show(d.After)}")];

    // The store's own register of streams: how far each has come.
    private static async Task<ComparedTable> CompareStreams(string tenant, NpgsqlConnection connection, List<RowDifference> differences, CancellationToken cancel)
    {
        const string sql = """
            select coalesce(s.id, e.stream_id), s.version, e.last, e.many, coalesce(s.is_archived, false) or coalesce(e.hidden, false)
              from (select id, version, is_archived from history.mt_streams where tenant_id = $1) s
              full join (select stream_id, max(version) as last, count(*) as many, bool_or(is_archived) as hidden from history.mt_events where tenant_id = $1 group by stream_id) e on e.stream_id = s.id
             where (s.version is distinct from e.last or e.last is distinct from e.many or s.is_archived or e.hidden) and coalesce(s.id, e.stream_id) <> 'mt_tombstone'
            """;
        var count = await Scalar<long>(connection, "select count(*) from history.mt_streams where tenant_id = $1", tenant, cancel);
        var different = 0L;
        await using var command = Command(connection, sql, tenant);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            different++;
            string Number(int column) => reader.IsDBNull(column) ? "none" : reader.GetInt64(column).ToString(CultureInfo.InvariantCulture);
            // No part of the platform archives a stream; who did hid its events from the platform.
            differences.Add(new RowDifference("history.mt_streams", reader.GetString(0), $"version {Number(1)} is recorded, and there are {Number(3)} events up to version {Number(2)}{(reader.GetBoolean(4) ? "; some are marked as archived, which hides them" : "")}"));
        }

        return new ComparedTable("history.mt_streams", count, 0, different);
    }

    private static async Task<ComparedTable> Compare(IQuerySession session, NpgsqlConnection connection, DerivedTable table, string schema, List<RowDifference> differences, CancellationToken cancel)
    {
        var side = $"{schema}.{table.Table.Replace('.', '_')}";
        await Execute(connection, $"drop table if exists {side}; create unlogged table {side} (like {table.Table})", cancel);
        await table.Fill(connection, side, null, cancel);
        var rows = await Scalar<long>(connection, $"select count(*) from {side}", null, cancel);
        var columns = await Texts(connection, $"select attname::text from pg_attribute where attrelid = '{table.Table}'::regclass and attnum > 0 and not attisdropped and attname <> 'tenant_id'", null, cancel);
        string Row(string of) => $"row({string.Join(", ", columns.Select(c => $"{of}.{c}"))})";
        var sql = $"""
            select coalesce(l.{table.Key}, r.{table.Key}), to_jsonb(l)::text, to_jsonb(r)::text
              from (select * from {table.Table} where tenant_id = $1) l full join {side} r on l.{table.Key} = r.{table.Key} where {Row("l")} is distinct from {Row("r")} order by 1
            """;
        var found = await Differing(connection, sql, session.TenantId, cancel);
        var (first, waiting) = (found.Count, new HashSet<Found>());
        // It follows committed events a moment later.
        for (var began = TimeProvider.System.GetTimestamp(); found.Count > 0 && TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            await Task.Delay(Pause, cancel);
            var keys = found.Select(f => f.Id).ToArray();
            var behind = await Behind(connection, session.TenantId, keys, cancel);
            await using (var gone = new NpgsqlCommand($"delete from {side} where {table.Key} = any($1)", connection) { Parameters = { new() { Value = keys } } })
            {
                await gone.ExecuteNonQueryAsync(cancel);
            }

            await table.Fill(connection, side, keys, cancel);
            found = [.. (await Differing(connection, sql, session.TenantId, cancel)).Where(f => keys.Contains(f.Id))];
            waiting = found.Where(f => behind.Contains(f.Id)).ToHashSet();
            if (waiting.Count == 0)
            {
                break;
            }
        }

        // What is still to be published is not wrong, only late: it is counted as moved.
        found = [.. found.Except(waiting)];

        differences.AddRange(found.Select(f => new RowDifference(table.Table, f.Id, f.Live is null ? "the row is gone, and the read models make one" : f.Side is null ? "no read model makes this row"
            : string.Join("; ", Told(JsonNode.Parse(f.Live), JsonNode.Parse(f.Side))))));
        return new ComparedTable(table.Table, rows, first - found.Count, found.Count);
    }

    private static async Task<IReadOnlySet<string>> Behind(NpgsqlConnection connection, string tenant, string[] streams, CancellationToken cancel)
    {
        const string sql = """
            select distinct stream_id from history.mt_events where tenant_id = $1 and stream_id = any($2)
               and seq_id > coalesce((select last_seq_id from history.mt_event_progression where name = 'Notifications:All:' || $1), 0)
            """;
        var found = new HashSet<string>();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = tenant }, new() { Value = streams } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    private sealed record Found(string Id, string? Live, string? Side);

    private static async Task<IReadOnlyList<Found>> Differing(NpgsqlConnection connection, string sql, string tenant, CancellationToken cancel)
    {
        var found = new List<Found>();
        await using var command = Command(connection, sql, tenant);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new Found(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }

        return found;
    }

    /// <summary>Every other table of the database, and why it was not compared: none is left out silently.</summary>
    private static async Task<IReadOnlyList<TableNotCompared>> NotCompared(
        IQuerySession session, NpgsqlConnection connection, IReadOnlyList<ReadModel> models, IReadOnlyList<string> others, RebuildDerivedTables derived, CancellationToken cancel)
    {
        const string tables = """
            select n.nspname || '.' || c.relname || case when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') then ' *' else '' end
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema|rebuild_)' order by 1
            """;
        HashSet<string> compared = [.. models.Select(m => m.Table), .. derived.Tables.Select(t => t.Table), "history.mt_events", "history.mt_streams"];
        var reasons = session.DocumentStore.Options.AllKnownDocumentTypes().ToLookup(t => t.TableName.QualifiedName, t => t.DocumentType.GetCustomAttribute<NotInEventsAttribute>()?.Why);
        var found = new List<TableNotCompared>();
        foreach (var row in await Texts(connection, tables, null, cancel))
        {
            var table = row.TrimEnd(' ', '*');
            if (compared.Contains(table))
            {
                continue;
            }

            var count = row.EndsWith('*')
                ? await Scalar<long>(connection, $"select count(*) from {table} where tenant_id = $1", session.TenantId, cancel)
                : await Scalar<long>(connection, $"select count(*) from {table}", null, cancel);
            var why = derived.NotInEvents.GetValueOrDefault(table) ?? reasons[table].FirstOrDefault(w => w is not null)
                ?? (table.StartsWith("history.", StringComparison.Ordinal) || table.StartsWith("platform.mt_tenant", StringComparison.Ordinal) || table.StartsWith("platform.mt_database", StringComparison.Ordinal)
                    ? "The store's own bookkeeping." : "Written beside the events; nobody says why.");
            found.Add(new TableNotCompared(table, count, why));
        }

        return [.. found, .. others.Select(name => new TableNotCompared(name, 0, "Not a projection of single streams, so it publishes or combines: no table of its own is compared."))];
    }

    internal static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string? tenant)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (tenant is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        }

        return command;
    }

    internal static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, string? tenant, CancellationToken cancel)
    {
        await using var command = Command(connection, sql, tenant);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    internal static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = Command(connection, sql, null);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<IReadOnlyList<string>> Texts(NpgsqlConnection connection, string sql, string? tenant, CancellationToken cancel)
    {
        var found = new List<string>();
        await using var command = Command(connection, sql, tenant);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}

/// <summary>The schema of one rebuild, of one regency at a time; gone with it.</summary>
internal sealed class SideSchema : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly bool _keep;

    private SideSchema(string name, NpgsqlConnection connection, bool keep) => (Name, _connection, _keep) = (name, connection, keep);

    public string Name { get; }

    /// <exception cref="InvalidOperationException">Another rebuild of the regency runs.</exception>
    public static async Task<SideSchema> Open(IQuerySession session, NpgsqlConnection connection, bool keep, CancellationToken cancel)
    {
        var name = $"rebuild_{session.TenantId}";
        if (!await RebuildReadModelsHandler.Scalar<bool>(connection, "select pg_try_advisory_lock(hashtextextended('smartcity.rebuild ' || $1, 0))", session.TenantId, cancel))
        {
            throw new InvalidOperationException("The read models of this regency are being rebuilt by somebody else.");
        }

        await RebuildReadModelsHandler.Execute(connection, $"set client_min_messages = warning; drop schema if exists {name} cascade; create schema {name}", cancel);
        return new SideSchema(name, connection, keep);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_keep)
        {
            await RebuildReadModelsHandler.Execute(_connection, $"drop schema if exists {Name} cascade", CancellationToken.None);
        }

        await RebuildReadModelsHandler.Execute(_connection, "select pg_advisory_unlock_all()", CancellationToken.None);
    }
}
