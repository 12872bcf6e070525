using MediatR;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.History;

/// <summary>Where and how an event stands in the history.</summary>
/// <param name="Regency">Whose history.</param>
/// <param name="Stream">The stream, such as a report's ticket number.</param>
/// <param name="Position">Place among all events of the regency, from 1, without reuse.</param>
/// <param name="Version">Place in the stream, from 1.</param>
/// <param name="Id">Unique; what a handler remembers to be idempotent.</param>
/// <param name="Type">Stable wire name: <c>report.filed.v1</c>.</param>
/// <param name="At">When it was committed, by the platform's clock.</param>
/// <param name="Actor">Id of who did it.</param>
/// <param name="OnBehalfOf">For whom.</param>
/// <param name="CorrelationId">Shared by all that followed from one request.</param>
/// <param name="CausationId">What led to it: <c>event:…</c> or <c>http:…</c>.</param>
public sealed record EventEnvelope(
    RegencyCode Regency, string Stream, long Position, long Version, Guid Id, string Type, DateTimeOffset At,
    string? Actor, string? OnBehalfOf, string? CorrelationId, string? CausationId);

/// <summary>
/// An event that is committed, published to all modules at least once, after all earlier events of its stream:
/// a handler must do nothing the second time.
/// </summary>
public sealed record Committed<TEvent>(TEvent Event, EventEnvelope Envelope) : INotification where TEvent : notnull;
