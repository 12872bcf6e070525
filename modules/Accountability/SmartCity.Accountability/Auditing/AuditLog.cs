using System.Data;
using Marten;
using Npgsql;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Auditing;

/// <summary>A checkpoint as it is stored.</summary>
/// <param name="Position">Of the last event in it.</param>
internal sealed record StoredCheckpoint(long Size, long Position, DateTimeOffset At, string Note);

/// <summary>The log of one regency, as it is stored: one connection for a while.</summary>
internal sealed class AuditLog(IQuerySession session, NpgsqlConnection connection) : IAsyncDisposable
{
    /// <summary>Columns of <c>history.mt_events e</c> that <see cref="ReadLeaf"/> and exports read.</summary>
    public const string EventColumns = """
        e.seq_id, e.stream_id, e.version, e.id::text, e.type, to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.user_name, e.correlation_id, e.causation_id, e.data::text, e.headers::text
        """;

    private const string NodesSql = """
        select 0, leaf_index, hash from accountability.audit_leaf where tenant_id = $1 and leaf_index = any($2)
        union all
        select n.level, n.node_index, n.hash from unnest($3::int[], $4::bigint[]) w (level, node_index)
          join accountability.audit_node n on n.tenant_id = $1 and n.level = w.level and n.node_index = w.node_index
        """;

    public string Tenant => session.TenantId;

    /// <summary>Opens the log of a regency.</summary>
    public static async Task<AuditLog> Open(RegencySessions sessions, string regency, CancellationToken cancel)
    {
        var session = sessions.Query(regency);
        var log = new AuditLog(session, session.Database.CreateConnection());
        await log.Connection.OpenAsync(cancel);
        return log;
    }

    public NpgsqlConnection Connection => connection;

    /// <summary>A statement whose first parameter is the tenant.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Tenant } } };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T?> Scalar<T>(CancellationToken cancel, string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancel) is T found ? found : default;
    }

    /// <summary>The event of the current row as a leaf.</summary>
    public static AuditLeaf ReadLeaf(string tenant, IDataRecord row) => new(
        tenant, row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), Text(row, 6), Text(row, 7), Text(row, 8),
        AuditLeaf.HashOf(row.GetString(9)), AuditLeaf.HashOf(Text(row, 10)));

    public static string? Text(IDataRecord row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>Hashes of whole subtrees; one that is not stored is left out.</summary>
    public async Task<IReadOnlyDictionary<Subtree, byte[]>> Nodes(IReadOnlyCollection<Subtree> wanted, CancellationToken cancel)
    {
        var (found, inner) = (new Dictionary<Subtree, byte[]>(), wanted.Where(s => s.Level > 0).ToArray());
        await using var command = Command(NodesSql, wanted.Where(s => s.Level == 0).Select(s => s.Index).ToArray(), inner.Select(s => s.Level).ToArray(), inner.Select(s => s.Index).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found[new Subtree(reader.GetInt32(0), reader.GetInt64(1))] = reader.GetFieldValue<byte[]>(2);
        }

        return found;
    }

    /// <summary>Hashes of spans; null when the stored tree has not all of them.</summary>
    public async Task<IReadOnlyList<byte[]>?> Hashes(IReadOnlyList<LeafSpan> spans, CancellationToken cancel)
    {
        var covers = spans.Select(span => Merkle.Cover(span).ToArray()).ToArray();
        var nodes = await Nodes([.. covers.SelectMany(c => c).Distinct()], cancel);
        return covers.All(c => c.All(nodes.ContainsKey)) ? [.. covers.Select(c => Merkle.Fold([.. c.Select(s => nodes[s])]))] : null;
    }

    /// <summary>The root of the first leaves; null when the stored tree has not all of them.</summary>
    public async Task<byte[]?> Root(long size, CancellationToken cancel) => (await Hashes([new LeafSpan(0, size)], cancel))?[0];

    /// <summary>Checkpoints, the newest first.</summary>
    public async Task<IReadOnlyList<StoredCheckpoint>> Checkpoints(long before, int most, CancellationToken cancel)
    {
        var found = new List<StoredCheckpoint>();
        await using var command = Command(
            "select tree_size, position, at, note from accountability.audit_checkpoint where tenant_id = $1 and tree_size < $2 order by tree_size desc limit $3", before, most);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new StoredCheckpoint(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3)));
        }

        return found;
    }

    /// <summary>The latest checkpoint; null before the first.</summary>
    public async Task<StoredCheckpoint?> Latest(CancellationToken cancel) => (await Checkpoints(long.MaxValue, 1, cancel)).FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await session.DisposeAsync();
    }
}
