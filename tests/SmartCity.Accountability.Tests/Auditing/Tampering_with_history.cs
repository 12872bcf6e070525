using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Accountability.Auditing;

namespace SmartCity.Accountability.Tests.Auditing;

/// <summary>What somebody with all rights in the database tries. Each test puts the tables back.</summary>
public sealed class Tampering_with_history(AuditHost host) : IClassFixture<AuditHost>, IAsyncLifetime
{
    private const string Mine = "tenant_id = '33_28'";
    private static readonly string[] Tables = ["history.mt_events", "accountability.audit_leaf", "accountability.audit_node", "accountability.audit_checkpoint"];
    private string _held = "", _keys = "";
    private long _last, _size;

    public async ValueTask InitializeAsync()
    {
        // That he exports is an event, once a day; it must not be among the last, which some attacks cut off.
        await host.FileReport();
        await host.Settled();
        await host.Export();
        // A gap in which something can be put later.
        await host.Execute("select nextval('history.mt_events_sequence_33_28')");
        await host.FileReport();
        _held = await host.Settled();
        _keys = await host.Keys();
        _last = await host.Scalar<long>($"select max(seq_id) from history.mt_events where {Mine}");
        _size = Checkpoint.Read(SignedNote.Read(_held)!.Text)!.Size;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Does it, exports, verifies against the checkpoint that was held before, and undoes it.</summary>
    private async Task<string> After(Func<Task> attack)
    {
        foreach (var table in Tables)
        {
            await host.Execute($"drop table if exists {Copy(table)}; create table {Copy(table)} as select * from {table} where {Mine}");
        }

        try
        {
            await attack();
            return await AuditHost.Verify(await host.Export(), _keys, _held);
        }
        finally
        {
            await host.Execute(string.Concat(Tables.Select(t => $"delete from {t} where {Mine}; insert into {t} select * from {Copy(t)}; drop table {Copy(t)};")));
        }
    }

    private Task<string> After(string sql) => After(() => host.Execute(sql));

    private static string Copy(string table) => $"public.copy_of_{table.Replace('.', '_')}";

    // The second report and its position.
    private async Task<(long Position, string Stream)> Filed()
    {
        var position = await host.Scalar<long>($"select max(seq_id) from history.mt_events where {Mine} and type = 'report.filed.v1'");
        return (position, await host.Scalar<string>($"select stream_id from history.mt_events where {Mine} and seq_id = {position}"));
    }

    [Fact]
    public async Task changing_data_is_found()
    {
        var (position, stream) = await Filed();
        (await After($"update history.mt_events set data = jsonb_set(data, '{{category}}', '\"pju\"') || '{{\"x\": 1}}' where {Mine} and seq_id = {position}"))
            .ShouldBe($"WRONG: position {position}: report.filed.v1 of stream {stream}, version 1, was changed: its data is not what was recorded");
    }

    [Fact]
    public async Task changing_a_time_is_found()
    {
        var (position, _) = await Filed();
        var verdict = await After($"update history.mt_events set timestamp = timestamp - interval '1 day' where {Mine} and seq_id = {position}");
        verdict.ShouldStartWith($"WRONG: position {position}: report.filed.v1");
        verdict.ShouldContain("its time is ");
    }

    [Fact]
    public async Task changing_an_actor_is_found()
    {
        var (position, _) = await Filed();
        (await After($"update history.mt_events set user_name = 'staff:somebody' where {Mine} and seq_id = {position}")).ShouldContain("its actor is staff:somebody and was key:demo");
        (await After($"update history.mt_events set headers = headers || '{{\"role\": \"regent\"}}' where {Mine} and seq_id = {position}")).ShouldContain("its headers are not");
    }

    [Fact]
    public async Task deleting_in_the_middle_is_found()
    {
        var (position, stream) = await Filed();
        var verdict = await After($"delete from history.mt_events where {Mine} and seq_id = {position}");
        verdict.ShouldStartWith($"WRONG: position {position}: report.filed.v1 of stream {stream}, version 1, of ");
        verdict.ShouldEndWith("is gone (deleted)");

        // With its record, the next event is not where it belongs, or a checkpoint on the way says that there was one more.
        (await After($"delete from history.mt_events where {Mine} and seq_id = {position}; delete from accountability.audit_leaf where {Mine} and position = {position}"))
            .ShouldStartWith("WRONG: position ");
    }

    [Fact]
    public async Task cutting_the_tail_is_found()
    {
        (await After($"delete from history.mt_events where {Mine} and seq_id > {_last - 2}")).ShouldStartWith($"WRONG: position {_last - 1}: ");
        (await After($"delete from history.mt_events where {Mine} and seq_id > {_last - 2}; delete from accountability.audit_leaf where {Mine} and position > {_last - 2}"))
            .ShouldStartWith($"WRONG: position {_last - 2}: ");

        // With every trace in the database: the auditor's checkpoint knows.
        var verdict = await After($"""
            delete from history.mt_events where {Mine} and seq_id > {_last - 2};
            delete from accountability.audit_leaf where {Mine} and position > {_last - 2};
            delete from accountability.audit_checkpoint where {Mine} and position > {_last - 2};
            """);
        verdict.ShouldStartWith($"WRONG: checkpoint: {_size} events were signed and the archive knows of ");
    }

    [Fact]
    public async Task inserting_one_back_dated_is_found()
    {
        var gap = await host.Scalar<long>($"select min(g) from generate_series(1, {_last}::bigint) g where not exists (select 1 from history.mt_events where {Mine} and seq_id = g)");
        gap.ShouldBeGreaterThan(0);
        foreach (var place in new[] { gap, 0, -7 })
        {
            (await After(Insert(place))).ShouldStartWith($"WRONG: position {place}: report.withdrawn.v1 of stream 2026-999999, version 1, is not in the log");
        }

        // Or room is made for it, and the last one goes: positions above the last would move the daemon on, for good.
        var (position, _) = await Filed();
        (await After($"delete from history.mt_events where {Mine} and seq_id = {_last}; update history.mt_events set seq_id = seq_id + 100000 where {Mine} and seq_id >= {position}; {Insert(position)}; update history.mt_events set seq_id = seq_id - 99999 where {Mine} and seq_id > 100000"))
            .ShouldStartWith($"WRONG: position {position}: another event stands here than was recorded: report.withdrawn.v1");
    }

    private static string Insert(long position) => $"""
        insert into history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, user_name)
        select {position}, gen_random_uuid(), '2026-999999', 1, data, 'report.withdrawn.v1', tenant_id, timestamp, mt_dotnet_type, false, user_name from history.mt_events where {Mine} and type = 'report.filed.v1' limit 1
        """;

    [Fact]
    public async Task reordering_is_found()
    {
        var (position, _) = await Filed();
        (await After($"update history.mt_events set seq_id = -1 where {Mine} and seq_id = {position}; update history.mt_events set seq_id = {position} where {Mine} and seq_id = {_last}; update history.mt_events set seq_id = {_last} where {Mine} and seq_id = -1"))
            .ShouldStartWith($"WRONG: position {position}: another event stands here than was recorded");
    }

    [Fact]
    public async Task rewriting_a_stream_and_the_stored_tree_is_found_and_never_signed()
    {
        var (_, stream) = await Filed();
        using var log = new Criticals();
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var verdict = await After(async () =>
        {
            await host.Execute($"update history.mt_events set data = data || '{{\"rewritten\": true}}' where {Mine} and stream_id = '{stream}'");
            await RecomputeTree();
        });
        verdict.ShouldStartWith("WRONG: positions ");
        verdict.ShouldContain("were changed, inserted or deleted, and the stored tree was made to fit");

        // Without the checkpoints on the way the auditor's own is enough.
        (await After(async () =>
        {
            await host.Execute($"update history.mt_events set data = data || '{{\"rewritten\": true}}' where {Mine} and stream_id = '{stream}'; delete from accountability.audit_checkpoint where {Mine} and tree_size < {_size}");
            await RecomputeTree();
        })).ShouldStartWith($"WRONG: positions 1-{_last}: these events are not those that were signed when the log had {_size}");

        // And the head of what was rewritten is not signed when the log goes on.
        await After(async () =>
        {
            await host.Execute($"update history.mt_events set data = data || '{{\"rewritten\": true}}' where {Mine} and stream_id = '{stream}'");
            await RecomputeTree();
            await host.Execute($"delete from accountability.audit_checkpoint where {Mine} and tree_size = {_size}");
            await AuditHost.Until(() => Task.FromResult(log.Lines.FirstOrDefault(l => l.Contains("tampered", StringComparison.Ordinal))), "the refusal");
        });
        log.Lines.ShouldContain(l => l.Contains($"the first {_size} leaves are not those that were signed", StringComparison.Ordinal));
    }

    // As somebody would who knows the format.
    private async Task RecomputeTree()
    {
        var leaves = new List<(long Position, byte[] Content)>();
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using (var events = new NpgsqlCommand($"select {AuditLog.EventColumns} from history.mt_events e where e.{Mine} order by e.seq_id", connection))
        await using (var reader = await events.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                leaves.Add((reader.GetInt64(0), AuditLog.ReadLeaf("33_28", reader).Content()));
            }
        }

        var (tree, sql) = (new GrowingTree(), new StringBuilder("begin;"));
        foreach (var (position, content) in leaves)
        {
            var hash = Merkle.Leaf(content);
            sql.Append(CultureInfo.InvariantCulture, $"update accountability.audit_leaf set hash = '\\x{Convert.ToHexString(hash)}', content = $c${Encoding.UTF8.GetString(content)}$c$ where {Mine} and position = {position};");
            tree.Add(hash, completed: (at, node) => sql.Append(CultureInfo.InvariantCulture, $"update accountability.audit_node set hash = '\\x{Convert.ToHexString(node)}' where {Mine} and level = {at.Level} and node_index = {at.Index};"));
        }

        await host.Execute(sql.Append("commit;").ToString());
    }

    [Fact]
    public async Task showing_two_histories_is_found()
    {
        var (archive, keys) = (await host.Export(), host.Services.GetRequiredService<AuditKeys>());
        var known = Checkpoint.Read(SignedNote.Read(_held)!.Text)!;
        var forked = keys.Sign("33.28", known with { Root = Merkle.Leaf("another"u8) }).ToString();
        (await AuditHost.Verify(archive, _keys, _held, forked)).ShouldStartWith($"WRONG: checkpoint: two different histories of {_size} events were signed");
        (await AuditHost.Verify(archive, _keys, forked)).ShouldContain("fork");

        // Two sizes that do not continue each other.
        var earlier = keys.Sign("33.28", new Checkpoint(known.Origin, 3, Merkle.Leaf("another"u8))).ToString();
        var third = JsonDocument.Parse(archive.Split('\n').Where(l => l.Contains("\"kind\":\"event\"", StringComparison.Ordinal)).ElementAt(2)).RootElement.GetProperty("position").GetInt64();
        // From the last checkpoint before it that agrees, if one was signed.
        (await AuditHost.Verify(archive, _keys, earlier)).ShouldMatch($"^WRONG: positions \\d+-{third}: these events are not those that were signed when the log had 3");
        (await AuditHost.Verify(archive, _keys, _held.Replace(Convert.ToBase64String(known.Root), Convert.ToBase64String(Merkle.Empty), StringComparison.Ordinal)))
            .ShouldStartWith("WRONG: checkpoint:");
    }

    private sealed class Criticals : ILoggerProvider, ILogger
    {
        public ConcurrentBag<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
