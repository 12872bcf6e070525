using JasperFx.Events;
using Marten;

namespace SmartCity.Platform.History;

/// <summary>
/// Starts streams and inserts documents by the dozen, one statement for all. Marten's own way is a call of a server function for each
/// stream and a statement for each document, which on partitioned tables cost more than all the rest of filing a report
/// (docs/decisions/007). The rows are the same, which a test compares column by column.
/// </summary>
public static class ManyAtOnce
{
    // nextval in the statement that inserts: a position is given as late as possible, and in the order of the events.
    private const string Streams = """
        with new as (
            select * from unnest(?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                with ordinality as row (stream, id, type, dotnet, data, causation, correlation, headers, actor, at, place)
        ), streams as (
            insert into history.mt_streams (id, type, version, timestamp, tenant_id) select stream, ?, 1, now(), ? from new
        )
        insert into history.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name)
        select nextval(?::regclass), id, stream, 1, data::jsonb, type, ?, at, dotnet, false, causation, correlation, headers::jsonb, actor from new order by place
        """;

    /// <summary>Adds new streams of one event each to what <paramref name="session"/> will save. A stream that exists already fails the whole transaction.</summary>
    /// <param name="session">A session of one regency.</param>
    /// <param name="aggregate">Marten's alias of what the streams are about: <c>report</c>.</param>
    /// <param name="events">The first event of each stream, with its stream key, time and origin.</param>
    public static void StartStreams(this IDocumentSession session, string aggregate, IReadOnlyList<IEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var serializer = session.DocumentStore.Options.Serializer();
        T[] Column<T>(Func<IEvent, T> of) => [.. events.Select(of)];
        session.QueueSqlCommand(
            Streams, Column(e => e.StreamKey), Column(e => e.Id), Column(e => e.EventTypeName), Column(e => e.DotNetTypeName),
            Column(e => serializer.ToJson(e.Data)), Column(e => e.CausationId), Column(e => e.CorrelationId), Column(e => serializer.ToJson(e.Headers)),
            Column(e => e.UserName), Column(e => e.Timestamp.ToUniversalTime()), aggregate, session.TenantId, $"history.mt_events_sequence_{session.TenantId}", session.TenantId);
    }

    /// <summary>Adds new documents to what <paramref name="session"/> will save. One that exists already fails the whole transaction.</summary>
    /// <param name="session">A session of one regency.</param>
    /// <param name="table">The document's table: <c>reports.mt_doc_report</c>.</param>
    /// <param name="documents">The documents with their ids.</param>
    /// <param name="columns">What else the table has of each document: its duplicated fields.</param>
    public static void InsertMany<T>(this IDocumentSession session, string table, IReadOnlyList<(string Id, T Document)> documents, params (string Name, Array Values)[] columns)
        where T : notnull
    {
        if (documents.Count == 0)
        {
            return;
        }

        var serializer = session.DocumentStore.Options.Serializer();
        var more = string.Concat(columns.Select(c => $", {c.Name}"));
        var sql = $"""
            insert into {table} (tenant_id, id, data, mt_dotnet_type{more})
            select ?, id, data::jsonb, ?{more} from unnest(?::text[], ?::text[]{string.Concat(Enumerable.Repeat(", ?", columns.Length))}) as row (id, data{more})
            """;
        session.QueueSqlCommand(sql, [
            session.TenantId, typeof(T).FullName!, documents.Select(d => d.Id).ToArray(), documents.Select(d => serializer.ToJson(d.Document)).ToArray(),
            .. columns.Select(c => c.Values)]);
    }
}
