using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Adds to a report what a partner's user says about it (Open311 service request updates).</summary>
/// <param name="UpdateId">The sender's id of this update: the same one again is refused.</param>
/// <param name="Status">What the sender takes the report for, lower case. It is kept; where the report stands, the regency decides.</param>
/// <param name="SentAt">When it was said, by the sender's clock.</param>
/// <param name="Text">What was said; at most 4,000 characters.</param>
/// <param name="Author">Who, as far as known.</param>
/// <param name="Photos">Photos already stored.</param>
/// <param name="Links">Pictures elsewhere.</param>
public sealed record ReceiveReportUpdate(
    string Regency, string Ticket, string UpdateId, string Status, DateTimeOffset SentAt, string? Text, ReporterDetails Author,
    IReadOnlyList<ReportPhoto> Photos, IReadOnlyList<string> Links) : IRequest<Outcome<ReceivedUpdate>>;

/// <summary>An update that is on disk.</summary>
/// <param name="Id">Our id of it: the event's.</param>
public sealed record ReceivedUpdate(Guid Id);

/// <summary>A partner's user added something to the report.</summary>
/// <param name="UpdateId">Keyed hash of the sender's id of it.</param>
/// <param name="Status">What the sender takes the report for.</param>
/// <param name="SentAt">When it was said, by the sender's clock.</param>
/// <param name="Author">Id of the key of who said it: the reporter's, or somebody else's.</param>
/// <param name="Text">What was said, sealed with the author's key.</param>
/// <param name="Contact">Name and ways to reach the author, sealed with the author's key.</param>
/// <param name="Photos">Stored photos.</param>
/// <param name="Links">Pictures elsewhere, each sealed with the author's key.</param>
public sealed record ReportUpdateReceived(
    string UpdateId, string Status, DateTimeOffset SentAt, string Author, string? Text, string? Contact, IReadOnlyList<ReportPhoto> Photos, IReadOnlyList<string> Links);
