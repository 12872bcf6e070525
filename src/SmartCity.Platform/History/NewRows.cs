using JasperFx.Events;
using Marten;
using Npgsql;

namespace SmartCity.Platform.History;

/// <summary>
/// Starts streams and inserts documents by the dozen: one statement for each table, all in one round trip, which commits. Marten's own
/// way is a call of a server function for each stream, a statement for each document and a round trip more to commit, which on
/// partitioned tables cost more than all the rest of filing a report (docs/decisions/007). The rows are the same, which a test compares
/// column by column.
/// </summary>
/// <param name="session">A session of one regency. What it was told to save itself is not saved here.</param>
public sealed class NewRows(IDocumentSession session)
{
    // nextval in the statement that inserts: a position is given as late as possible, and in the order of the events.
    private const string Streams = """
        with new as (
            select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
                with ordinality as row (stream, id, type, dotnet, data, causation, correlation, headers, actor, at, place)
        ), streams as (
            insert into history.mt_streams (id, type, version, timestamp, tenant_id) select stream, $11, 1, now(), $12 from new
        )
        insert into history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name)
        select nextval($13::regclass), id, stream, 1, data::jsonb, type, $12, at, dotnet, false, causation, correlation, headers::jsonb, actor from new order by place
        """;

    private readonly ISerializer _serializer = session.DocumentStore.Options.Serializer();
    private readonly List<NpgsqlBatchCommand> _statements = [];

    /// <summary>New streams of one event each. A stream that exists already fails the whole commit.</summary>
    /// <param name="aggregate">Marten's alias of what the streams are about: <c>report</c>.</param>
    /// <param name="events">The first event of each stream, with its stream key, time and origin.</param>
    public void StartStreams(string aggregate, IReadOnlyList<IEvent> events)
    {
        T[] Column<T>(Func<IEvent, T> of) => [.. events.Select(of)];
        if (events.Count > 0)
        {
            Add(Streams, Column(e => e.StreamKey), Column(e => e.Id), Column(e => e.EventTypeName), Column(e => e.DotNetTypeName),
                Column(e => _serializer.ToJson(e.Data)), Column(e => e.CausationId), Column(e => e.CorrelationId), Column(e => _serializer.ToJson(e.Headers)),
                Column(e => e.UserName), Column(e => e.Timestamp.ToUniversalTime()), aggregate, session.TenantId, $"history.mt_events_sequence_{session.TenantId}");
        }
    }

    /// <summary>New documents. One that exists already fails the whole commit.</summary>
    /// <param name="table">The document's table: <c>reports.mt_doc_report</c>.</param>
    /// <param name="documents">The documents with their ids.</param>
    /// <param name="columns">What else the table has of each document: its duplicated fields.</param>
    public void Insert<T>(string table, IReadOnlyList<(string Id, T Document)> documents, params (string Name, Array Values)[] columns)
        where T : notnull
    {
        if (documents.Count > 0)
        {
            var names = string.Concat(columns.Select(c => $", {c.Name}"));
            var sql = $"""
                insert into {table} (tenant_id, id, data, mt_dotnet_type{names})
                select $1, id, data::jsonb, $2{names} from unnest($3::text[], $4::text[]{string.Concat(columns.Select((_, i) => $", ${i + 5}"))}) as row (id, data{names})
                """;
            Add(sql, [
                session.TenantId, typeof(T).FullName!, documents.Select(d => d.Id).ToArray(), documents.Select(d => _serializer.ToJson(d.Document)).ToArray(),
                .. columns.Select(c => c.Values)]);
        }
    }

    /// <summary>Commits all of it or nothing: the statements of one batch are one transaction.</summary>
    /// <exception cref="PostgresException">With <see cref="PostgresErrorCodes.UniqueViolation"/> when one of the rows exists already.</exception>
    public async Task Commit()
    {
        if (_statements.Count == 0)
        {
            return;
        }

        await using var connection = session.Database.CreateConnection();
        await connection.OpenAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in _statements)
        {
            batch.BatchCommands.Add(statement);
        }

        await batch.ExecuteNonQueryAsync();
    }

    private void Add(string sql, params object[] values)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            statement.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        _statements.Add(statement);
    }
}
