using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Where a report stands.</summary>
public enum ReportState
{
    /// <summary>Received; who is responsible is being found out.</summary>
    Filed,

    /// <summary>Waits for a dispatcher.</summary>
    Queued,

    /// <summary>A department must act.</summary>
    Assigned,

    /// <summary>Answered, but not done yet.</summary>
    Answered,

    /// <summary>Done.</summary>
    Settled,
}

/// <summary>Reports of a regency that the caller may see, newest first.</summary>
/// <param name="Filter">Which.</param>
/// <param name="After">Continue after this cursor of an earlier page.</param>
/// <param name="Limit">At most so many, 1 to 1000.</param>
/// <param name="Skip">Leave out so many first, for callers that count pages; a cursor is faster.</param>
public sealed record ListReports(string Regency, ReportFilter Filter, string? After = null, int Limit = 50, int Skip = 0) : IRequest<ReportPage>;

/// <summary>Which reports; null members do not restrict. Lists: any of.</summary>
/// <param name="From">Filed at or after.</param>
/// <param name="Until">Filed at or before.</param>
public sealed record ReportFilter(
    IReadOnlyList<string>? Tickets = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<ReportState>? States = null,
    string? Department = null, string? District = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    DateTimeOffset? UpdatedAfter = null, DateTimeOffset? UpdatedBefore = null);

/// <summary>A page of reports.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ReportPage(IReadOnlyList<ReportDetails> Reports, string? Next);

/// <summary>One report that the caller may see, or null: there is none, or it is not for the caller.</summary>
/// <param name="AsOf">As it was at that instant (auditors only); null: now.</param>
public sealed record GetReport(string Regency, string Ticket, DateTimeOffset? AsOf = null) : IRequest<ReportDetails?>;

/// <summary>A report as the caller may see it: the public sees text with contacts masked and no reporter.</summary>
/// <param name="Ticket">Its number.</param>
/// <param name="Version">Changes with every event; for <c>If-Match</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Channel">Where it came from.</param>
/// <param name="Category">Category code.</param>
/// <param name="Description">What was written.</param>
/// <param name="Department">Who must act.</param>
/// <param name="District">District code where it lies.</param>
/// <param name="FiledAt">When it was filed.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Photos">Photos of the reporter, in order.</param>
/// <param name="MediaUrls">Links to pictures elsewhere that are not among the photos.</param>
/// <param name="Attributes">Answers to the category's questions; only for staff.</param>
/// <param name="Reporter">Who; only for those who handle it, and not when anonymous.</param>
/// <param name="Timeline">What happened, oldest first.</param>
/// <param name="Followers">How many others reported the same by following it.</param>
public sealed record ReportDetails(
    string Ticket, long Version, ReportState State, string Channel, string? Category, string? Description, ReportPlace Place,
    string? Department, string? District, DateTimeOffset FiledAt, DateTimeOffset UpdatedAt, IReadOnlyList<PhotoDetails> Photos, IReadOnlyList<string> MediaUrls,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes, ReporterDetails? Reporter, bool IsConfidential, IReadOnlyList<TimelineEntry> Timeline,
    int Followers = 0);

/// <summary>One thing that happened to a report.</summary>
/// <param name="What">Which: <c>filed</c>, <c>queued</c>, <c>assigned</c>, <c>answered</c>.</param>
/// <param name="Department">The department concerned.</param>
/// <param name="Text">What was said.</param>
/// <param name="State">Where the report stood after it.</param>
/// <param name="Id">Unique and stable: the event's id.</param>
/// <param name="Photos">Photos of an answer.</param>
public sealed record TimelineEntry(DateTimeOffset At, string What, string? Department, string? Text, ReportState State, Guid Id, IReadOnlyList<PhotoDetails>? Photos = null);

/// <summary>A photo of a report as the caller may see it.</summary>
/// <param name="Number">Its number in the report, from 1, for its address; it stays the same.</param>
/// <param name="Kind"><c>report</c>, or of an answer <c>before</c> or <c>after</c>.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Evidence">What its file said; only for those who handle the report.</param>
public sealed record PhotoDetails(int Number, string Kind, int Width, int Height, PhotoEvidence? Evidence);

/// <summary>Where and when a photo was taken, as its file said: a hint, which anybody can forge.</summary>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="At">By the camera's clock, ISO 8601; with the offset from UTC when the camera knew it.</param>
/// <param name="MetresFromPlace">How far from the report's place.</param>
public sealed record PhotoEvidence(double? Latitude, double? Longitude, string? At, double? MetresFromPlace = null);

/// <summary>The file of a report's photo that the caller may see, or null.</summary>
/// <param name="Number">Which photo, from 1.</param>
public sealed record GetPhoto(string Regency, string Ticket, int Number, bool Thumbnail) : IRequest<PhotoFile?>;

/// <summary>A photo's file, always a JPEG.</summary>
/// <param name="Id">Hash of its content.</param>
/// <param name="IsPublic">Everybody may see it.</param>
/// <param name="Open">Opens the content; null when it is gone.</param>
public sealed record PhotoFile(string Id, bool IsPublic, Func<CancellationToken, Task<Stream?>> Open);
