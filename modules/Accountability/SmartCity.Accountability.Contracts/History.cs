using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Every event of a report with who, when, for whom and why; empty when there is no such report.</summary>
public sealed record GetReportHistory(string Regency, string Ticket) : IRequest<IReadOnlyList<HistoryEntry>>;

/// <summary>One event as an auditor sees it.</summary>
/// <param name="Position">Place among all events of the regency.</param>
/// <param name="Version">Place in the report's stream.</param>
/// <param name="Id">Unique.</param>
/// <param name="Type">Wire name.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Actor">Who.</param>
/// <param name="Role">In which role.</param>
/// <param name="OnBehalfOf">For whom.</param>
/// <param name="CorrelationId">Shared by all that followed from one request.</param>
/// <param name="CausationId">What led to it.</param>
/// <param name="Data">The event, personal fields opened as long as their key exists.</param>
public sealed record HistoryEntry(
    long Position, long Version, Guid Id, string Type, DateTimeOffset At, string? Actor, string? Role, string? OnBehalfOf,
    string? CorrelationId, string? CausationId, System.Text.Json.Nodes.JsonNode Data);
