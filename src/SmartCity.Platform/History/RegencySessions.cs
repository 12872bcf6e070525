using System.Diagnostics;
using JasperFx.Events;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.History;

/// <summary>The only door to the store: a session always belongs to one regency, and what it appends carries who, for whom and why.</summary>
public sealed class RegencySessions(IDocumentStore store, CallContext call)
{
    /// <summary>Reads in a regency.</summary>
    public IQuerySession Query(string regency) => store.QuerySession(RegencyCode.Parse(regency).TenantId);

    /// <summary>Reads and writes in a regency.</summary>
    public IDocumentSession Open(string regency)
    {
        var session = store.LightweightSession(RegencyCode.Parse(regency).TenantId);
        session.LastModifiedBy = call.Actor.Id;
        session.CorrelationId = call.CorrelationId;
        session.CausationId = call.CausationId;
        foreach (var (name, value) in EventHeaders.Of(call))
        {
            session.SetHeader(name, value);
        }

        return session;
    }
}

/// <summary>What stands in an event's headers.</summary>
public static class EventHeaders
{
    internal const string OnBehalfOf = "on-behalf-of", Role = "role", TraceParent = "traceparent";

    internal static IEnumerable<(string Name, string Value)> Of(CallContext call)
    {
        yield return (Role, call.Actor.Role.ToString().ToLowerInvariant());
        if (call.OnBehalfOf is { Length: > 0 } other)
        {
            yield return (OnBehalfOf, other);
        }

        if (Activity.Current is { } activity)
        {
            yield return (TraceParent, $"00-{activity.TraceId}-{activity.SpanId}-{(activity.Recorded ? "01" : "00")}");
        }
    }

    /// <summary>Writes who, for whom and why on one event, where one session commits the events of several callers.</summary>
    public static IEvent By(this IEvent @event, CallContext call)
    {
        @event.UserName = call.Actor.Id;
        @event.CorrelationId = call.CorrelationId;
        @event.CausationId = call.CausationId;
        foreach (var (name, value) in Of(call))
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
