using JasperFx.Events;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;

namespace SmartCity.Platform.History;

/// <summary>The only door to the store: a session always belongs to one regency, and what it appends carries who, for whom and why.</summary>
public sealed class RegencySessions(IDocumentStore store, CallContext call)
{
    /// <summary>Reads in a regency.</summary>
    public IQuerySession Query(string regency) => store.QuerySession(RegencyCode.Parse(regency).TenantId);

    /// <summary>Reads and writes in a regency.</summary>
    public IDocumentSession Open(string regency)
    {
        var session = OpenForMany(regency);
        var origin = EventOrigin.Of(call);
        session.LastModifiedBy = origin.Actor;
        session.CorrelationId = origin.CorrelationId;
        session.CausationId = origin.CausationId;
        foreach (var (name, value) in origin.Headers)
        {
            session.SetHeader(name, value);
        }

        return session;
    }

    /// <summary>Reads and writes for several callers at once: each event says itself who, for whom and why (<see cref="EventHeaders.By"/>), which a session's own word would replace.</summary>
    public IDocumentSession OpenForMany(string regency) => store.LightweightSession(RegencyCode.Parse(regency).TenantId);
}

/// <summary>Who, for whom and why, taken where the call comes in, to be written on an event that is committed elsewhere.</summary>
public sealed record EventOrigin(string Actor, string CorrelationId, string? CausationId, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Takes it from the current call and span.</summary>
    public static EventOrigin Of(CallContext call)
    {
        var headers = new List<KeyValuePair<string, string>>(3) { new(EventHeaders.Role, call.Actor.Role.ToString().ToLowerInvariant()) };
        if (call.OnBehalfOf is { Length: > 0 } other)
        {
            headers.Add(new(EventHeaders.OnBehalfOf, other));
        }

        if (Traces.TraceParent is { } traceParent)
        {
            headers.Add(new(EventHeaders.TraceParent, traceParent));
        }

        return new EventOrigin(call.Actor.Id, call.CorrelationId, call.CausationId, headers);
    }
}

/// <summary>What stands beside an event's data.</summary>
public static class EventHeaders
{
    /// <summary>Header: for whom it was done.</summary>
    public const string OnBehalfOf = "on-behalf-of";

    /// <summary>Header: in which role.</summary>
    public const string Role = "role";

    /// <summary>Header: the span that committed it, W3C.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Writes who, for whom and why on one event, where one session commits the events of several callers.</summary>
    public static IEvent By(this IEvent @event, EventOrigin origin)
    {
        @event.UserName = origin.Actor;
        @event.CorrelationId = origin.CorrelationId;
        @event.CausationId = origin.CausationId;
        foreach (var (name, value) in origin.Headers)
        {
            @event.SetHeader(name, value);
        }

        return @event;
    }

    /// <summary>Where an event stands in the history.</summary>
    public static EventEnvelope Envelope(this IEvent @event) => new(
        RegencyCode.OfTenant(@event.TenantId), @event.StreamKey!, @event.Sequence, @event.Version, @event.Id, @event.EventTypeName,
        @event.Timestamp, @event.UserName, @event.GetHeader(OnBehalfOf)?.ToString(), @event.CorrelationId, @event.CausationId);
}
