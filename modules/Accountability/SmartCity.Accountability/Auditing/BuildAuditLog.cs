using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// Makes leaves of committed events and signs the head, off the write path: every few seconds, on one host at a time for each regency.
/// Goes up to the position that the daemon has found to be final (docs/audit-format.md says why nothing appears below it later).
/// </summary>
internal sealed partial class BuildAuditLog(
    IServiceScopeFactory scopes, RegencyRegistry regencies, AuditOptions options, AuditKeys keys, CheckpointFiles files, CheckpointMail mail, IntakePressure intake, TimeProvider time, ILogger<BuildAuditLog> log)
    : BackgroundService
{
    private const int Batch = 1000;

    private const string Events = $"""
        select {AuditLog.EventColumns} from history.mt_events e
         where e.tenant_id = $1 and e.seq_id > $2 and e.seq_id <= $3 order by e.seq_id limit $4
        """;

    private const string AddLeaves = """
        insert into accountability.audit_leaf (tenant_id, leaf_index, position, hash, content)
        select $1, leaf_index, position, hash, content from unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::text[]) as row (leaf_index, position, hash, content)
        """;

    private const string AddNodes = """
        insert into accountability.audit_node (tenant_id, level, node_index, hash)
        select $1, level, node_index, hash from unnest($2::int[], $3::bigint[], $4::bytea[]) as row (level, node_index, hash)
        """;

    private readonly ConcurrentDictionary<string, long> _lag = new();
    private readonly ConcurrentDictionary<string, string> _refused = new();
    private readonly HashSet<string> _begun = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        Meters.Meter.CreateObservableGauge("smartcity.audit.lag", () => _lag.Select(l => Measure(l.Key, l.Value)), unit: "{event}", description: "Committed events that no signed checkpoint covers yet.");
        Meters.Meter.CreateObservableGauge("smartcity.audit.refused", () => _lag.Keys.Select(regency => Measure(regency, _refused.ContainsKey(regency) ? 1 : 0)),
            description: "1 when no checkpoint is signed, because the stored tree is not the one that was signed before.");
        using var timer = new PeriodicTimer(options.Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    await GrowAll(stopping);
                    await files.HandOn(stopping);
                    await mail.SendDue(stopping);
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    LogFailed(failure, "every regency");
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private static Measurement<long> Measure(string regency, long value) => new(value, new KeyValuePair<string, object?>("regency", regency));

    private async Task GrowAll(CancellationToken cancel)
    {
        foreach (var regency in await regencies.All(cancel))
        {
            try
            {
                await Grow(regency.Id, cancel);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                LogFailed(failure, regency.Id);
            }
        }
    }

    private async Task Grow(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var audit = await AuditLog.Open(scope.ServiceProvider.GetRequiredService<RegencySessions>(), regency, cancel);
        var goesOn = true;
        while (goesOn)
        {
            await intake.Yielding(async () => goesOn = await Grow(audit, cancel), cancel);
        }

        if (_begun.Add(regency))
        {
            await files.OfferLast(regency, cancel);
        }

        await Sign(audit, regency, cancel);
    }

    /// <summary>Adds a batch of leaves; says whether there are more.</summary>
    internal static async Task<bool> Grow(AuditLog audit, CancellationToken cancel)
    {
        await using var transaction = await audit.Connection.BeginTransactionAsync(cancel);
        if (!await IsOurTurn(audit, cancel))
        {
            return false;
        }

        var (size, position) = await End(audit, cancel);
        var final = await audit.Scalar<long>(cancel, "select last_seq_id from history.mt_event_progression where name = 'HighWaterMark:' || $1");
        if (final <= position)
        {
            return false;
        }

        var leaves = new List<(long Position, byte[] Content)>(Batch);
        await using (var command = audit.Command(Events, position, final, Batch))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                leaves.Add((reader.GetInt64(0), AuditLog.ReadLeaf(audit.Tenant, reader).Content()));
            }
        }

        if (leaves.Count == 0)
        {
            return false;
        }

        var tree = new GrowingTree();
        var edge = Merkle.Cover(new LeafSpan(0, size)).ToArray();
        var stored = await audit.Nodes(edge, cancel);
        foreach (var subtree in edge)
        {
            tree.Add(stored[subtree], subtree.Level);
        }

        var (hashes, nodes) = (leaves.Select(leaf => Merkle.Leaf(leaf.Content)).ToArray(), new List<(Subtree At, byte[] Hash)>(Batch));
        foreach (var hash in hashes)
        {
            tree.Add(hash, completed: (at, whole) => nodes.Add((at, whole)));
        }

        await using var addLeaves = audit.Command(AddLeaves, leaves.Select((_, i) => size + i).ToArray(), leaves.Select(l => l.Position).ToArray(), hashes, leaves.Select(l => Encoding.UTF8.GetString(l.Content)).ToArray());
        await addLeaves.ExecuteNonQueryAsync(cancel);
        await using var addNodes = audit.Command(AddNodes, nodes.Select(n => n.At.Level).ToArray(), nodes.Select(n => n.At.Index).ToArray(), nodes.Select(n => n.Hash).ToArray());
        await addNodes.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return leaves.Count == Batch;
    }

    private async Task Sign(AuditLog audit, string regency, CancellationToken cancel)
    {
        SignedNote? note = null;
        await using (var transaction = await audit.Connection.BeginTransactionAsync(cancel))
        {
            if (!await IsOurTurn(audit, cancel))
            {
                _lag.TryRemove(regency, out _);
                return;
            }

            var (size, position) = await End(audit, cancel);
            var latest = await audit.Latest(cancel);
            if (size > 0 && latest?.Size != size)
            {
                note = await Sign(audit, regency, size, cancel);
                if (note is not null)
                {
                    await using var insert = audit.Command(
                        "insert into accountability.audit_checkpoint (tenant_id, tree_size, position, at, note) values ($1, $2, $3, $4, $5)", size, position, time.GetUtcNow(), note.ToString());
                    await insert.ExecuteNonQueryAsync(cancel);
                    latest = new StoredCheckpoint(size, position, default, "");
                    // First outside: whoever finds it in the database finds it there too, wherever this ends.
                    await files.Keep(regency, note, cancel);
                }
            }

            var newest = await audit.Scalar<long>(cancel, "select seq_id from history.mt_events where tenant_id = $1 order by seq_id desc limit 1");
            _lag[regency] = Math.Max(0, newest - (latest?.Position ?? 0));
            await transaction.CommitAsync(cancel);
        }

        if (note is not null)
        {
            files.Offer(regency, note);
        }
    }

    /// <summary>Signs the head only as the continuation of what was signed last, which is known outside the database.</summary>
    private async Task<SignedNote?> Sign(AuditLog audit, string regency, long size, CancellationToken cancel)
    {
        var last = files.Last(regency);
        var why = last is null ? null
            : last.Size > size ? $"{last.Size} events were signed and the stored tree has {size}"
            : await audit.Root(last.Size, cancel) is not { } then || !then.AsSpan().SequenceEqual(last.Root) ? $"the first {last.Size} leaves are not those that were signed"
            : null;
        var root = await audit.Root(size, cancel);
        why ??= root is null ? "nodes of the stored tree are gone" : null;
        if (why is not null)
        {
            if (!_refused.TryGetValue(regency, out var known) || known != why)
            {
                _refused[regency] = why;
                LogRefused(regency, why);
            }

            return null;
        }

        _refused.TryRemove(regency, out _);
        return keys.Sign(regency, new Checkpoint(options.OriginOf(regency), size, root!));
    }

    private static async Task<bool> IsOurTurn(AuditLog audit, CancellationToken cancel) =>
        await audit.Scalar<bool>(cancel, "select pg_try_advisory_xact_lock(hashtextextended('smartcity.audit ' || $1, 0))");

    private static async Task<(long Size, long Position)> End(AuditLog audit, CancellationToken cancel)
    {
        await using var command = audit.Command("select leaf_index + 1, position from accountability.audit_leaf where tenant_id = $1 order by leaf_index desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The history of {Regency} was tampered with, or the database is another one: {Why}. No checkpoint is signed until an operator has looked.")]
    private partial void LogRefused(string regency, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log of {Regency} could not be continued; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
