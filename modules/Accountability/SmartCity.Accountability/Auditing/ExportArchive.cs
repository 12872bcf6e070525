using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MediatR;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// Writes an archive (docs/audit-format.md) line by line: what is in memory is a page of lines. Events, what the log recorded of them, and
/// checkpoints are read side by side, and what does not fit together is written as it is, for the verifier to find.
/// </summary>
internal sealed class ExportArchiveHandler(RegencySessions sessions, RegencyRegistry regencies, CallContext call, TimeProvider time) : IRequestHandler<ExportArchive, ArchiveWritten?>
{
    private const string Events = $"select {AuditLog.EventColumns}, case when e.version = 1 then (select s.type from history.mt_streams s where s.tenant_id = e.tenant_id and s.id = e.stream_id) end from history.mt_events e where e.tenant_id = $1 and e.seq_id >= $2 and e.seq_id <= $3 order by e.seq_id";
    private const string Records = "select position, leaf_index, hash, content from accountability.audit_leaf where tenant_id = $1 and position >= $2 and position <= $3 order by position";
    private const string Passed = "select tree_size, note from accountability.audit_checkpoint where tenant_id = $1 and tree_size > $2 and tree_size <= $3 order by tree_size";
    private const string FirstSince = "select min(seq_id) from history.mt_events where tenant_id = $1 and timestamp >= $2";
    private const string LastUntil = "select max(seq_id) from history.mt_events where tenant_id = $1 and timestamp <= $2";
    private const int Page = 1 << 16;
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public async Task<ArchiveWritten?> Handle(ExportArchive command, CancellationToken cancel)
    {
        if (!call.Actor.Is(command.Regency, Role.Auditor) && call.Actor != Actor.System("command-line"))
        {
            return null;
        }

        await using var audit = await AuditLog.Open(sessions, command.Regency, cancel);
        if (await (command.Begun is { } begun ? Head(audit, begun, cancel) : audit.Latest(cancel)) is not { } head)
        {
            return null;
        }

        // From the very beginning: positions begin at 1, and who inserts something below would like it to be left out.
        var (wantedFrom, wantedTo) = (
            command.Since is { } since ? await audit.Scalar<long?>(cancel, FirstSince, since.ToUniversalTime()) ?? long.MaxValue : command.From,
            command.Until is { } until ? await audit.Scalar<long?>(cancel, LastUntil, until.ToUniversalTime()) ?? 0 : command.To);
        var (from, to) = (wantedFrom ?? long.MinValue, Math.Min(wantedTo ?? head.Position, head.Position));
        var first = wantedFrom is null ? 0 : await Leaf(audit, from, head, cancel);
        var end = to >= head.Position ? head.Size : await Leaf(audit, to + 1, head, cancel);
        if (command.Begun is not null)
        {
            using var manifest = JsonDocument.Parse(command.Begun.Manifest);
            (first, end) = (command.Begun.Index, manifest.RootElement.GetProperty("end").GetInt64());
            (from, to) = (command.Begun.Position, end == head.Size ? head.Position : await audit.Scalar<long>(cancel, "select position - 1 from accountability.audit_leaf where tenant_id = $1 and leaf_index = $2", end));
        }

        if (first >= end)
        {
            return null;
        }

        await using (var session = sessions.Query(command.Regency))
        {
            await session.Record(call, [DataRead.Today("export", time.GetUtcNow())], cancel);
        }

        var (output, page) = (await command.Open(), new ArrayBufferWriter<byte>(2 * Page));
        await using var writer = new Utf8JsonWriter(page, Json);
        if (command.Begun is null)
        {
            await WriteManifest(audit, writer, (await regencies.Find(RegencyCode.Parse(command.Regency), cancel))!, first, end, head, cancel);
            EndLine(writer, page);
        }

        var count = (command.Begun?.Events ?? 0) + await WriteLines(audit, writer, page, output, command, (from, to), (first, end), cancel);
        await WriteProofs(audit, writer, count, new LeafSpan(end, head.Size), cancel);
        EndLine(writer, page);
        await output.WriteAsync(page.WrittenMemory, cancel);
        await output.FlushAsync(cancel);
        return new ArchiveWritten(count, first, end, head.Size);
    }

    private static async Task<long> Leaf(AuditLog audit, long position, StoredCheckpoint head, CancellationToken cancel) =>
        await audit.Scalar<long?>(cancel, "select leaf_index from accountability.audit_leaf where tenant_id = $1 and position >= $2 order by position limit 1", position) is { } index
            ? Math.Min(index, head.Size) : head.Size;

    // The head that the interrupted export had, not a later one: its manifest is written already.
    private static async Task<StoredCheckpoint?> Head(AuditLog audit, ArchiveBegun begun, CancellationToken cancel)
    {
        using var manifest = JsonDocument.Parse(begun.Manifest);
        return (await audit.Checkpoints(manifest.RootElement.GetProperty("size").GetInt64() + 1, 1, cancel)).FirstOrDefault(c => c.Note == manifest.RootElement.GetProperty("checkpoint").GetString());
    }

    private static async Task WriteManifest(AuditLog audit, Utf8JsonWriter writer, Regency regency, long first, long end, StoredCheckpoint head, CancellationToken cancel)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "manifest");
        writer.WriteString("format", ArchiveVerifier.Format);
        writer.WriteString("regency", regency.Id);
        writer.WriteString("tenant", audit.Tenant);
        writer.WriteNumber("size", head.Size);
        writer.WriteNumber("first", first);
        writer.WriteNumber("end", end);
        writer.WriteString("checkpoint", head.Note);
        writer.WriteStartObject("place");
        writer.WriteString("name", regency.Name);
        writer.WriteNumber("latitude", regency.Latitude);
        writer.WriteNumber("longitude", regency.Longitude);
        writer.WriteString("timeZone", regency.TimeZone);
        writer.WriteString("contact", regency.Contact);
        writer.WriteEndObject();
        await WriteHashes(audit, writer, "left", new LeafSpan(0, first), cancel);
        writer.WriteEndObject();
    }

    private static async Task WriteProofs(AuditLog audit, Utf8JsonWriter writer, long count, LeafSpan right, CancellationToken cancel)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "proofs");
        writer.WriteNumber("events", count);
        await WriteHashes(audit, writer, "right", right, cancel);
        writer.WriteEndObject();
    }

    private static async Task WriteHashes(AuditLog audit, Utf8JsonWriter writer, string name, LeafSpan span, CancellationToken cancel)
    {
        var cover = Merkle.Cover(span).ToArray();
        var nodes = await audit.Nodes(cover, cancel);
        writer.WriteStartArray(name);
        foreach (var subtree in cover)
        {
            writer.WriteBase64StringValue(nodes.GetValueOrDefault(subtree));
        }

        writer.WriteEndArray();
    }

    private async Task<long> WriteLines(
        AuditLog audit, Utf8JsonWriter writer, ArrayBufferWriter<byte> page, Stream output, ExportArchive command, (long From, long To) positions, (long First, long End) leaves, CancellationToken cancel)
    {
        await using var second = await AuditLog.Open(sessions, command.Regency, cancel);
        await using var third = await AuditLog.Open(sessions, command.Regency, cancel);
        await using var eventsCommand = audit.Command(Events, positions.From, positions.To);
        await using var recordsCommand = second.Command(Records, positions.From, positions.To);
        await using var passedCommand = third.Command(Passed, leaves.First, leaves.End);
        await using var events = await eventsCommand.ExecuteReaderAsync(cancel);
        await using var records = await recordsCommand.ExecuteReaderAsync(cancel);
        await using var passed = await passedCommand.ExecuteReaderAsync(cancel);
        var (hasEvent, hasRecord, hasPassed) = (await events.ReadAsync(cancel), await records.ReadAsync(cancel), await passed.ReadAsync(cancel));
        // Of an export that goes on, what was written before counts too: its events are so many leaves, unless some are missing.
        var (count, leaf, start) = (0L, leaves.First - 1, leaves.First - (command.Begun?.Events ?? 0));
        while (hasEvent || hasRecord)
        {
            var position = Math.Min(hasEvent ? events.GetInt64(0) : long.MaxValue, hasRecord ? records.GetInt64(0) : long.MaxValue);
            var (isEvent, isRecord) = (hasEvent && events.GetInt64(0) == position, hasRecord && records.GetInt64(0) == position);
            leaf = isRecord ? records.GetInt64(1) : leaf;
            WriteEvent(audit.Tenant, writer, position, isEvent ? events : null, isRecord ? records : null);
            EndLine(writer, page);
            count += isEvent ? 1 : 0;
            for (; hasPassed && isRecord && passed.GetInt64(0) <= leaf + 1; hasPassed = await passed.ReadAsync(cancel))
            {
                writer.WriteStartObject();
                writer.WriteString("kind", "checkpoint");
                writer.WriteString("note", passed.GetString(1));
                writer.WriteEndObject();
                EndLine(writer, page);
            }

            hasEvent = isEvent ? await events.ReadAsync(cancel) : hasEvent;
            hasRecord = isRecord ? await records.ReadAsync(cancel) : hasRecord;
            if (page.WrittenCount >= Page)
            {
                await output.WriteAsync(page.WrittenMemory, cancel);
                page.ResetWrittenCount();
                command.Progress?.Report(new HistoryProgress(leaf + 1 - start, leaves.End - start));
            }
        }

        command.Progress?.Report(new HistoryProgress(leaves.End - start, leaves.End - start));
        return count;
    }

    private static void WriteEvent(string tenant, Utf8JsonWriter writer, long position, NpgsqlDataReader? row, NpgsqlDataReader? record)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", row is null ? "missing" : "event");
        writer.WriteNumber("position", position);
        if (row is not null)
        {
            writer.WriteString("stream", row.GetString(1));
            writer.WriteNumber("version", row.GetInt64(2));
            writer.WriteString("id", row.GetString(3));
            writer.WriteString("type", row.GetString(4));
            writer.WriteString("time", row.GetString(5));
            writer.WriteString("actor", AuditLog.Text(row, 6));
            writer.WriteString("correlation", AuditLog.Text(row, 7));
            writer.WriteString("causation", AuditLog.Text(row, 8));
            writer.WritePropertyName("data");
            writer.WriteRawValue(row.GetString(9), skipInputValidation: true);
            writer.WritePropertyName("headers");
            writer.WriteRawValue(AuditLog.Text(row, 10) ?? "null", skipInputValidation: true);
            if (AuditLog.Text(row, 11) is { } aggregate)
            {
                writer.WriteString("aggregate", aggregate);
            }
        }

        if (record is not null)
        {
            writer.WriteNumber("index", record.GetInt64(1));
            writer.WriteBase64String("leaf", record.GetFieldValue<byte[]>(2));
            var recorded = record.GetString(3);
            if (row is null || recorded != Encoding.UTF8.GetString(AuditLog.ReadLeaf(tenant, row).Content()))
            {
                writer.WriteString("recorded", recorded);
            }
        }

        writer.WriteEndObject();
    }

    private static void EndLine(Utf8JsonWriter writer, ArrayBufferWriter<byte> page)
    {
        writer.Flush();
        writer.Reset();
        page.Write("\n"u8);
    }

    /// <summary>Name of a file for it.</summary>
    public static string FileName(string regency) => string.Create(CultureInfo.InvariantCulture, $"audit-{regency}.ndjson");
}
