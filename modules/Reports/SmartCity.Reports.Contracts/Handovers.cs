using MediatR;

namespace SmartCity.Reports.Contracts;

// Between two regencies of one deployment: docs/jurisdiction.md. Nothing is read across; each side is told by the other's committed events.

/// <summary>The channel of reports that came from another regency: their reporter is answered by that one.</summary>
public static class HandoverChannel
{
    /// <summary>Its code.</summary>
    public const string Code = "handover";
}

/// <summary>A report in another regency.</summary>
/// <param name="Regency">Code of the regency.</param>
/// <param name="RegencyName">Its name.</param>
/// <param name="Ticket">The number there.</param>
public sealed record ReportElsewhere(string Regency, string RegencyName, string Ticket);

/// <summary>The report lies in another regency of this deployment, and was offered to it.</summary>
/// <param name="To">Code of the other regency.</param>
/// <param name="ToName">Its name.</param>
/// <param name="Handover">Id of the handover: regency, ticket, version.</param>
public sealed record HandoverOffered(string To, string ToName, string Handover);

/// <summary>The other regency did not take it over.</summary>
/// <param name="ToName">Name of the other regency.</param>
/// <param name="Handover">Id of the handover.</param>
/// <param name="Reason">Why, for the staff, sealed.</param>
public sealed record HandoverDeclined(string ToName, string Handover, string? Reason);

/// <summary>It came from another regency.</summary>
/// <param name="From">Where from, and its number there.</param>
/// <param name="Handover">Id of the handover.</param>
/// <param name="FiledAt">When it was filed there.</param>
public sealed record ReportReceived(ReportElsewhere From, string Handover, DateTimeOffset FiledAt);

/// <summary>What happened to a report that another regency took over, told here to its reporter.</summary>
/// <param name="There">Where.</param>
/// <param name="Version">Version of the event there: each is told once.</param>
/// <param name="What"><c>answered</c>, <c>closed</c>, <c>rejected</c>, <c>reopened</c>, <c>asked</c>, <c>forwarded</c>.</param>
/// <param name="Text">What was said, sealed for this reporter.</param>
/// <param name="IsSettled">The matter is done.</param>
/// <param name="ClosesAt">When it closes by itself here, unless the reporter objects.</param>
public sealed record NeighbourSaid(ReportElsewhere There, long Version, string What, string? Text, bool IsSettled, DateTimeOffset? ClosesAt);

/// <summary>Reports that neighbours offer, and those that are offered to them. For dispatchers, the regent and auditors; others get nothing.</summary>
/// <param name="State">Of those from neighbours: <c>pending</c>, <c>accepted</c>, <c>declined</c>, <c>withdrawn</c>; null: pending.</param>
public sealed record GetHandovers(string Regency, string? State = null) : IRequest<HandoverLists>;

/// <summary>Handovers in both directions.</summary>
/// <param name="Received">From neighbours, the oldest first.</param>
/// <param name="Offered">To neighbours, not decided yet.</param>
public sealed record HandoverLists(IReadOnlyList<HandoverDetails> Received, IReadOnlyList<OfferedReport> Offered);

/// <summary>A report that a neighbour offers: what everybody may see of it there, and nothing of its reporter.</summary>
/// <param name="Id">Id of the handover.</param>
/// <param name="From">Where it was filed.</param>
/// <param name="Category">Category code there.</param>
/// <param name="Description">What was written, contacts masked.</param>
/// <param name="Place">Where.</param>
/// <param name="FiledAt">When it was filed.</param>
/// <param name="State"><c>pending</c>, <c>accepted</c>, <c>declined</c>, <c>withdrawn</c>.</param>
/// <param name="Ticket">The report that it became here.</param>
/// <param name="Reason">Why it was declined.</param>
public sealed record HandoverDetails(
    string Id, ReportElsewhere From, string? Category, string? Description, ReportPlace Place, DateTimeOffset FiledAt, string State, string? Ticket, string? Reason);

/// <summary>A report of this regency that a neighbour has not decided on.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="To">Code of the neighbour.</param>
/// <param name="ToName">Its name.</param>
public sealed record OfferedReport(string Ticket, string To, string ToName);

/// <summary>A dispatcher takes over a report that a neighbour offers; it becomes a report here in a moment. Twice is as once.</summary>
/// <param name="Handover">Id of the handover.</param>
public sealed record AcceptHandover(string Regency, string Handover) : IRequest<Outcome<HandoverDetails>>;

/// <summary>A dispatcher does not take over a report that a neighbour offers; the neighbour's dispatcher reads why.</summary>
/// <param name="Handover">Id of the handover.</param>
/// <param name="Reason">Why.</param>
public sealed record DeclineHandover(string Regency, string Handover, string? Reason) : IRequest<Outcome<HandoverDetails>>;
