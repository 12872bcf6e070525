using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Files a report. Committed to disk when the outcome is done; the same <paramref name="Cause"/> again gives the same report.</summary>
/// <param name="Regency">Regency code.</param>
/// <param name="Channel">Channel code: <c>web</c>, <c>open311</c>, <c>x</c>.</param>
/// <param name="Cause">The sender's own id of this message (an idempotency key, a post id), unique on the channel; null: always a new report.</param>
/// <param name="Conversation">The channel's id of the conversation to answer in.</param>
/// <param name="Category">Category code; null: recognised from the words, or by a dispatcher.</param>
/// <param name="Description">What the citizen wrote; at most 4,000 characters.</param>
/// <param name="Place">Where; needed unless <paramref name="PlaceIsOptional"/>.</param>
/// <param name="Reporter">Who, as far as known.</param>
/// <param name="Photos">Photos already stored.</param>
/// <param name="MediaUrl">A link to a picture elsewhere.</param>
/// <param name="AddressedDepartment">Department whose account was written to.</param>
/// <param name="Attributes">Answers to the category's questions, by attribute code.</param>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
/// <param name="PlaceIsOptional">A message on a channel may come without a place; it is asked for later.</param>
/// <param name="MediaUrls">More links to pictures elsewhere. They are fetched once the report is on disk.</param>
public sealed record FileReport(
    string Regency, string Channel, string? Cause, string? Conversation, string? Category, string? Description, ReportPlace Place,
    ReporterDetails Reporter, IReadOnlyList<ReportPhoto> Photos, string? MediaUrl = null, string? AddressedDepartment = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes = null, bool IsAnonymous = false, bool IsConfidential = false,
    bool PlaceIsOptional = false, IReadOnlyList<string>? MediaUrls = null) : IRequest<Outcome<FiledReport>>;

/// <summary>Who reports, as far as the channel knows. Never stored in the clear.</summary>
/// <param name="Identity">How the channel knows the person: <c>x:5005</c>; null: taken from e-mail or telephone, else nobody knows.</param>
/// <param name="FirstName">Given name.</param>
/// <param name="LastName">Family name.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Phone">Telephone number.</param>
/// <param name="AccountId">Account at the sender (Open311).</param>
/// <param name="DeviceId">Device at the sender (Open311).</param>
public sealed record ReporterDetails(
    string? Identity = null, string? FirstName = null, string? LastName = null, string? Email = null, string? Phone = null, string? AccountId = null, string? DeviceId = null);

/// <summary>A report that is on disk.</summary>
/// <param name="Ticket">Its number.</param>
/// <param name="FiledAt">When.</param>
/// <param name="WasFiledBefore">The same message had come before.</param>
public sealed record FiledReport(string Ticket, DateTimeOffset FiledAt, bool WasFiledBefore);

/// <summary>A dispatcher sends a report to a department.</summary>
/// <param name="ExpectedVersion">The version the dispatcher saw; refused with 409 when the report has moved on. Null: any.</param>
public sealed record AssignReport(string Regency, string Ticket, string Department, string? Note, long? ExpectedVersion = null) : IRequest<Outcome<ReportVersion>>;

/// <summary>An officer answers the reporter; the answer goes out on the channel the report came from.</summary>
/// <param name="Text">The answer; at most 4,000 characters.</param>
/// <param name="IsSettled">The matter is done.</param>
/// <param name="ExpectedVersion">The version the officer saw; refused with 409 when the report has moved on. Null: any.</param>
/// <param name="Photos">Photos already stored: how it was before, and is after.</param>
public sealed record AnswerReport(
    string Regency, string Ticket, string? Text, bool IsSettled, long? ExpectedVersion = null, IReadOnlyList<AnswerPhoto>? Photos = null) : IRequest<Outcome<ReportVersion>>;

/// <summary>A report after a command.</summary>
public sealed record ReportVersion(string Ticket, long Version, string State);
