using System.Collections.Frozen;
using System.Linq.Expressions;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>All events of one stream up to somewhere, in their order.</summary>
internal readonly record struct StreamOfEvents(string Stream, IReadOnlyList<RawEvent> Events);

/// <summary>An event as a row has it. What it says is read where there is a processor for it.</summary>
internal sealed record RawEvent(
    string Stream, long Version, long Position, Guid Id, string Type, DateTimeOffset At, string? Actor, string? Correlation, string? Causation, byte[] Data, byte[]? Headers);

/// <summary>Reads a regency's events stream by stream, past the store's own loader: a million of them without keeping more than one stream at a time.</summary>
internal sealed class StoredEvents
{
    private const string Columns = "e.stream_id, e.version, e.seq_id, e.id, e.type, e.timestamp, e.user_name, e.correlation_id, e.causation_id, e.data, e.headers";
    private readonly FrozenDictionary<string, (Type Type, Func<object, IEvent> Wrap)> _types;
    private readonly ISerializer _serializer;

    public StoredEvents(IQuerySession session)
    {
        _serializer = session.DocumentStore.Options.Serializer();
        _types = session.DocumentStore.Options.Events.AllKnownEventTypes().DistinctBy(e => e.EventTypeName).ToFrozenDictionary(e => e.EventTypeName, e => (e.EventType, Wrapper(e.EventType)));
    }

    /// <summary>
    /// What is read now can change nothing and locks nobody out; and it ends by itself when its reader is gone, so that it holds up no clearing of dead rows.
    /// </summary>
    public static async Task<NpgsqlTransaction> BeginReading(NpgsqlConnection connection, CancellationToken cancel)
    {
        var reading = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("set transaction read only; set local lock_timeout = '30s'; set local idle_in_transaction_session_timeout = '10min'", connection, reading);
        await command.ExecuteNonQueryAsync(cancel);
        return reading;
    }

    /// <summary>The events of all streams, or of one, up to a position or an instant.</summary>
    /// <param name="connection">Of the regency's database; not used by others meanwhile.</param>
    /// <param name="stream">Null: all.</param>
    public static async IAsyncEnumerable<StreamOfEvents> Read(
        NpgsqlConnection connection, string tenant, string? stream, long upTo, DateTimeOffset? asOf, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var sql = $"""
            select {Columns} from history.mt_events e
             where e.tenant_id = $1 and e.seq_id <= $2{(stream is null ? "" : " and e.stream_id = $3")}{(asOf is null ? "" : $" and e.timestamp <= ${(stream is null ? 3 : 4)}")}
             order by e.stream_id, e.version
            """;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = tenant }, new() { Value = upTo } } };
        if (stream is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = stream });
        }

        if (asOf is { } instant)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = instant.ToUniversalTime() });
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        var (current, events) = ((string?)null, new List<RawEvent>());
        while (await reader.ReadAsync(cancel))
        {
            var id = reader.GetString(0);
            if (current is not null && id != current)
            {
                yield return new StreamOfEvents(current, events);
                events = [];
            }

            current = id;
            events.Add(Read(reader, id));
        }

        if (current is not null)
        {
            yield return new StreamOfEvents(current, events);
        }
    }

    /// <summary>The event as projections take it; null when no module knows its type any more.</summary>
    public IEvent? Open(RawEvent raw, string tenant)
    {
        if (!_types.TryGetValue(raw.Type, out var known))
        {
            return null;
        }

        var opened = known.Wrap(_serializer.FromJson(known.Type, new MemoryStream(raw.Data)));
        opened.Id = raw.Id;
        opened.Sequence = raw.Position;
        opened.Version = raw.Version;
        opened.Timestamp = raw.At;
        opened.StreamKey = raw.Stream;
        opened.TenantId = tenant;
        opened.EventTypeName = raw.Type;
        opened.UserName = raw.Actor;
        opened.CorrelationId = raw.Correlation;
        opened.CausationId = raw.Causation;
        opened.Headers = raw.Headers is null ? null : _serializer.FromJson<Dictionary<string, object>>(new MemoryStream(raw.Headers));
        return opened;
    }

    private static RawEvent Read(NpgsqlDataReader row, string stream)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new RawEvent(
            stream, row.GetInt64(1), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5), Text(6), Text(7), Text(8),
            row.GetFieldValue<byte[]>(9), row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10));
    }

    private static Func<object, IEvent> Wrapper(Type type)
    {
        var data = Expression.Parameter(typeof(object));
        var constructor = typeof(Event<>).MakeGenericType(type).GetConstructor([type])!;
        return Expression.Lambda<Func<object, IEvent>>(Expression.New(constructor, Expression.Convert(data, type)), data).Compile();
    }
}
