using System.Globalization;
using System.Text;
using System.Text.Json;
using Marten;
using MediatR;
using Npgsql;
using NpgsqlTypes;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Rebuilding;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// Writes the events of an archive as they were, with their positions; then makes what is derived from them: streams, read models, the log. Nobody is told
/// anything again: all events count as published.
/// </summary>
internal sealed class RestoreArchiveHandler(RegencySessions sessions, IPublisher publisher, CallContext call) : IRequestHandler<RestoreArchive, ArchiveRestored>
{
    private const int Batch = 5000;

    private const string AddStreams = """
        insert into history.mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
        select $1, e.stream_id, t.type, max(e.version), max(e.timestamp), min(e.timestamp), false
          from history.mt_events e left join pg_temp.restored_type t on t.stream = e.stream_id where e.tenant_id = $1 group by e.stream_id, t.type
        """;

    private const string Published = """
        insert into history.mt_event_progression (name, last_seq_id) values ('HighWaterMark:' || $1, $2), ('Notifications:All:' || $1, $2)
        on conflict (name) do update set last_seq_id = excluded.last_seq_id
        """;

    public async Task<ArchiveRestored> Handle(RestoreArchive command, CancellationToken cancel)
    {
        if (call.Actor != Actor.System("command-line"))
        {
            throw new InvalidOperationException("Archives are restored at the command line.");
        }

        await using var session = sessions.Query(command.Regency);
        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync(cancel);
        if (await RebuildReadModelsHandler.Scalar<bool>(connection, "select exists (select from history.mt_events where tenant_id = $1)", session.TenantId, cancel))
        {
            throw new InvalidDataException($"{command.Regency} has events already; an archive is restored into an empty database.");
        }

        await RebuildReadModelsHandler.Execute(connection, "create temporary table restored_type (stream text primary key, type text not null)", cancel);
        var (head, count, position, notes, unknown) = await WriteEvents(session, connection, command, cancel);
        await Execute(connection, AddStreams, cancel, session.TenantId);
        await RebuildReadModelsHandler.Execute(connection, "drop table pg_temp.restored_type", cancel);
        await Execute(connection, $"select setval('history.mt_events_sequence_{session.TenantId}', $1)", cancel, position);
        await Execute(connection, Published, cancel, session.TenantId, position);
        await WriteReadModels(session, connection, command, head.Size, position, cancel);

        await using var audit = await AuditLog.Open(sessions, command.Regency, cancel);
        while (await BuildAuditLog.Grow(audit, cancel))
        {
            if (command.Progress is not null)
            {
                var leaves = await audit.Scalar<long>(cancel, "select coalesce(max(leaf_index) + 1, 0) from accountability.audit_leaf where tenant_id = $1");
                command.Progress.Report(Told(2 * head.Size + leaves, head.Size));
            }
        }

        command.Progress?.Report(Told(3 * head.Size, head.Size));
        foreach (var (note, at) in notes)
        {
            await Execute(connection, "insert into accountability.audit_checkpoint (tenant_id, tree_size, position, at, note) values ($1, $2, $3, now(), $4) on conflict do nothing",
                cancel, session.TenantId, Checkpoint.Read(note.Text)!.Size, at, note.ToString());
        }

        var root = await audit.Root(head.Size, cancel);
        return new ArchiveRestored(count, head.Size, root is null ? "" : Convert.ToBase64String(root), root is not null && root.AsSpan().SequenceEqual(head.Root), [.. unknown.Order(StringComparer.Ordinal)]);
    }

    private static async Task<(Checkpoint Head, long Count, long Position, IReadOnlyList<(SignedNote Note, long At)> Notes, IReadOnlySet<string> Unknown)> WriteEvents(
        IQuerySession session, NpgsqlConnection connection, RestoreArchive command, CancellationToken cancel)
    {
        var types = session.DocumentStore.Options.Events.AllKnownEventTypes().DistinctBy(e => e.EventTypeName)
            .ToDictionary(e => e.EventTypeName, e => $"{e.EventType.FullName}, {e.EventType.Assembly.GetName().Name}");
        var (unknown, notes, lines, aggregates) = (new HashSet<string>(), new List<(SignedNote, long)>(), new List<JsonDocument>(Batch), new Dictionary<string, string>());
        var (head, count, position) = ((Checkpoint?)null, 0L, 0L);
        using var reader = new StreamReader(command.Archive, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        while (await reader.ReadLineAsync(cancel) is { } text)
        {
            var line = JsonDocument.Parse(text);
            var root = line.RootElement;
            switch (root.GetProperty("kind").GetString())
            {
                case "manifest" when head is null:
                    head = Manifest(root, command.Regency, notes);
                    break;
                case "event" when head is not null:
                    var type = root.GetProperty("type").GetString()!;
                    if (!types.ContainsKey(type))
                    {
                        unknown.Add(type);
                    }

                    if (root.TryGetProperty("aggregate", out var aggregate))
                    {
                        aggregates[root.GetProperty("stream").GetString()!] = aggregate.GetString()!;
                    }

                    lines.Add(line);
                    position = root.GetProperty("position").GetInt64();
                    count++;
                    if (lines.Count == Batch)
                    {
                        await Flush();
                    }

                    continue;
                case "checkpoint" when SignedNote.Read(root.GetProperty("note").GetString()) is { } note:
                    notes.Add((note, position));
                    break;
                case "missing":
                    throw new InvalidDataException($"position {root.GetProperty("position").GetInt64()} is missing in the archive: verify it first.");
                case "proofs":
                    break;
                default:
                    throw new InvalidDataException("This is no archive of a regency's history.");
            }

            line.Dispose();
        }

        await Flush();
        if (head is null || count == 0)
        {
            throw new InvalidDataException("This is no archive of a regency's history.");
        }

        notes[0] = (notes[0].Item1, position);
        return (head, count, position, notes, unknown);

        async Task Flush()
        {
            await CopyEvents(connection, session.TenantId, lines, types, cancel);
            await CopyTypes(connection, aggregates, cancel);
            lines.ForEach(l => l.Dispose());
            lines.Clear();
            aggregates.Clear();
            command.Progress?.Report(Told(count, head!.Size));
        }
    }

    private static HistoryProgress Told(long done, long size) => new(Math.Min(done, 3 * size), 3 * size);

    private static Checkpoint Manifest(JsonElement manifest, string regency, List<(SignedNote, long)> notes)
    {
        if (manifest.GetProperty("format").GetString() is not (ArchiveVerifier.Format or ArchiveVerifier.OlderFormat) || manifest.GetProperty("regency").GetString() != regency
            || SignedNote.Read(manifest.GetProperty("checkpoint").GetString()) is not { } note || Checkpoint.Read(note.Text) is not { } head)
        {
            throw new InvalidDataException($"This is no archive of {regency}.");
        }

        if (manifest.GetProperty("first").GetInt64() != 0 || manifest.GetProperty("end").GetInt64() != head.Size)
        {
            throw new InvalidDataException("The archive has a part of the history only: export it without --from and --to.");
        }

        notes.Add((note, 0));
        return head;
    }

    private static async Task CopyEvents(NpgsqlConnection connection, string tenant, List<JsonDocument> lines, Dictionary<string, string> types, CancellationToken cancel)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            "copy history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name) from stdin (format binary)", cancel);
        foreach (var line in lines.Select(l => l.RootElement))
        {
            string? Text(string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
            await writer.StartRowAsync(cancel);
            await writer.WriteAsync(line.GetProperty("position").GetInt64(), NpgsqlDbType.Bigint, cancel);
            await writer.WriteAsync(Guid.Parse(Text("id")!), NpgsqlDbType.Uuid, cancel);
            await writer.WriteAsync(Text("stream")!, NpgsqlDbType.Varchar, cancel);
            await writer.WriteAsync(line.GetProperty("version").GetInt64(), NpgsqlDbType.Bigint, cancel);
            await writer.WriteAsync(line.GetProperty("data").GetRawText(), NpgsqlDbType.Jsonb, cancel);
            await writer.WriteAsync(Text("type")!, NpgsqlDbType.Varchar, cancel);
            await writer.WriteAsync(tenant, NpgsqlDbType.Varchar, cancel);
            await writer.WriteAsync(DateTimeOffset.Parse(Text("time")!, CultureInfo.InvariantCulture).ToUniversalTime(), NpgsqlDbType.TimestampTz, cancel);
            await Write(types.GetValueOrDefault(Text("type")!), NpgsqlDbType.Varchar);
            await writer.WriteAsync(false, NpgsqlDbType.Boolean, cancel);
            await Write(Text("causation"), NpgsqlDbType.Varchar);
            await Write(Text("correlation"), NpgsqlDbType.Varchar);
            await Write(line.GetProperty("headers") is { ValueKind: not JsonValueKind.Null } headers ? headers.GetRawText() : null, NpgsqlDbType.Jsonb);
            await Write(Text("actor"), NpgsqlDbType.Varchar);
        }

        await writer.CompleteAsync(cancel);

        Task Write(string? value, NpgsqlDbType type) => value is null ? writer.WriteNullAsync(cancel) : writer.WriteAsync(value, type, cancel);
    }

    private static Task CopyTypes(NpgsqlConnection connection, Dictionary<string, string> aggregates, CancellationToken cancel) => aggregates.Count == 0 ? Task.CompletedTask
        : Execute(connection, "insert into pg_temp.restored_type select * from unnest($1::text[], $2::text[])", cancel, aggregates.Keys.ToArray(), aggregates.Values.ToArray());

    private async Task WriteReadModels(IQuerySession session, NpgsqlConnection connection, RestoreArchive command, long size, long position, CancellationToken cancel)
    {
        await using var side = await SideSchema.Open(session, connection, keep: false, cancel);
        var (models, _) = ReadModel.All(session);
        var progress = command.Progress is { } told ? new Relay(told, size, 3 * size) : null;
        await new FillSideTables(sessions, command.Regency, models, side.Name).Run(session, connection, position, progress, cancel);
        foreach (var model in models)
        {
            var (names, values) = (string.Concat(model.Duplicates.Select(d => $", {d.Column}")), string.Concat(model.Duplicates.Select(d => $", {d.Expression}")));
            // What is no projection has another kind of version, which the database gives it.
            var (version, ofEvents) = model.IsBehind ? ("", "") : (", mt_version", ", version");
            await Execute(connection, $"insert into {model.Table} (tenant_id, id, data, mt_dotnet_type{version}{names}) select $1, id, data, $2{ofEvents}{values} from {model.SideTable(side.Name)}",
                cancel, session.TenantId, model.Document.FullName!);
        }

        var derived = new RebuildDerivedTables(command.Regency);
        await publisher.Publish(derived, cancel);
        foreach (var table in derived.Tables)
        {
            await table.Fill(connection, table.Table, null, cancel);
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancel);
    }
}
