using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Reports of a regency that the caller may see, newest first.</summary>
/// <param name="Filter">Which.</param>
/// <param name="After">Continue after this cursor of an earlier page.</param>
/// <param name="Limit">At most so many, 1 to 1000.</param>
/// <param name="Skip">Leave out so many first, for callers that count pages; a cursor is faster.</param>
public sealed record ListReports(string Regency, ReportFilter Filter, string? After = null, int Limit = 50, int Skip = 0) : IRequest<ReportPage>;

/// <summary>Which reports; null members do not restrict. Lists: any of.</summary>
/// <param name="From">Filed at or after.</param>
/// <param name="Until">Filed at or before.</param>
/// <param name="Class">Only of this class.</param>
public sealed record ReportFilter(
    IReadOnlyList<string>? Tickets = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<ReportState>? States = null,
    string? Department = null, string? District = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    DateTimeOffset? UpdatedAfter = null, DateTimeOffset? UpdatedBefore = null, string? Class = null)
{
    /// <summary>Only those in which somebody is in danger.</summary>
    public bool OnlyEmergencies { get; init; }

    /// <summary>Only those that are held back as spam or abuse.</summary>
    public bool OnlyHeld { get; init; }
}

/// <summary>A page of reports.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ReportPage(IReadOnlyList<ReportDetails> Reports, string? Next);

/// <summary>One report that the caller may see, or null: there is none, or it is not for the caller.</summary>
/// <param name="AsOf">As it was at that instant (auditors only); null: now.</param>
/// <param name="Secret">What proves that the caller is its reporter.</param>
public sealed record GetReport(string Regency, string Ticket, DateTimeOffset? AsOf = null, string? Secret = null) : IRequest<ReportDetails?>;

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
/// <param name="Photos">Photos, in order.</param>
/// <param name="MediaUrl">A link to a picture elsewhere.</param>
/// <param name="Attributes">Answers to the category's questions; only for staff.</param>
/// <param name="Reporter">Who; only for those who handle it, and not when anonymous.</param>
/// <param name="Timeline">What happened, oldest first.</param>
public sealed record ReportDetails(
    string Ticket, long Version, ReportState State, string Channel, string? Category, string? Description, ReportPlace Place,
    string? Department, string? District, DateTimeOffset FiledAt, DateTimeOffset UpdatedAt, IReadOnlyList<ReportPhoto> Photos, string? MediaUrl,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes, ReporterDetails? Reporter, bool IsConfidential, IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>Its class; see <see cref="ReportClasses"/>.</summary>
    public string Class { get; init; } = ReportClasses.Complaint;

    /// <summary>On the conduct of officials.</summary>
    public bool IsOversight { get; init; }

    /// <summary><c>low</c>, <c>normal</c>, <c>high</c> or <c>emergency</c>, as its words were taken.</summary>
    public string Urgency { get; init; } = "normal";

    /// <summary>It looks like spam or abuse, and waits for a person.</summary>
    public bool IsHeld { get; init; }

    /// <summary>What its words were taken for; only for staff.</summary>
    public ReportAssessment? Assessment { get; init; }

    /// <summary>Who it was is hidden from the department.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The body outside the regency that has it.</summary>
    public string? ForwardedTo { get; init; }

    /// <summary>The report that it is answered with; not for the public when that one is hidden.</summary>
    public string? MergedInto { get; init; }

    /// <summary>How many other reports are answered with it.</summary>
    public int MergedCount { get; init; }

    /// <summary>Those reports; only for staff.</summary>
    public IReadOnlyList<string>? Merged { get; init; }

    /// <summary>The report that it is a part of.</summary>
    public string? PartOf { get; init; }

    /// <summary>Its parts.</summary>
    public IReadOnlyList<ReportPart>? Parts { get; init; }

    /// <summary>What the reporter was asked, while it waits for that; for staff and the reporter.</summary>
    public string? Question { get; init; }

    /// <summary>When it closes by itself: a settled one unless the reporter objects, a waiting one unless the reporter answers.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>What a proposal has besides.</summary>
    public ProposalDetails? Proposal { get; init; }

    /// <summary>What the caller can do about it now: names of moves, as at <c>/api/v1/report-life</c>; only for staff and the reporter.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The caller has proved to be its reporter.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>A proposal for the planning meetings (Musrenbang).</summary>
/// <param name="Stage">How far it has come; see <see cref="ProposalStages"/>.</param>
/// <param name="AnswerDue">By when it must be answered.</param>
/// <param name="Supporters">How many other people want it.</param>
public sealed record ProposalDetails(string? Stage, DateTimeOffset? AnswerDue, long Supporters);

/// <summary>One thing that happened to a report.</summary>
/// <param name="What">Which: <c>filed</c>, <c>queued</c>, <c>assigned</c>, <c>answered</c>, …: the last column of docs/report-life.md.</param>
/// <param name="Department">The department or body concerned.</param>
/// <param name="Text">What was said.</param>
/// <param name="State">Where the report stood after it.</param>
/// <param name="Id">Unique and stable: the event's id.</param>
public sealed record TimelineEntry(DateTimeOffset At, string What, string? Department, string? Text, ReportState State, Guid Id)
{
    /// <summary>Other reports concerned.</summary>
    public IReadOnlyList<string>? Tickets { get; init; }

    /// <summary>A word that says more: the ground of a closing, the stage of a proposal.</summary>
    public string? Detail { get; init; }
}

/// <summary>The file of a report's photo that the caller may see, or null.</summary>
/// <param name="Number">Which photo, from 1.</param>
/// <param name="Secret">What proves that the caller is the report's reporter.</param>
public sealed record GetPhoto(string Regency, string Ticket, int Number, bool Thumbnail, string? Secret = null) : IRequest<Stream?>;

/// <summary>What was written in a report and what it was taken for, or null. For other modules, not for callers: it asks nobody's leave.</summary>
public sealed record GetAssessed(string Regency, string Ticket) : IRequest<AssessedReport?>;

/// <summary>What was written in a report and what it was taken for.</summary>
/// <param name="Description">Sealed.</param>
/// <param name="Category">Category code now.</param>
/// <param name="Department">Who has it now.</param>
public sealed record AssessedReport(string? Description, ReportAssessment? Assessment, string? Category, string? Department);

/// <summary>Where a report's reporter is answered, or null when there is no such report, or its reporter was erased. For other modules, not for callers: it asks nobody's leave.</summary>
public sealed record GetReplyAddress(string Regency, string Ticket) : IRequest<ReplyAddress?>;

/// <summary>Where a reporter is answered.</summary>
/// <param name="Channel">Channel code.</param>
/// <param name="Conversation">The channel's id of the conversation.</param>
/// <param name="IsHidden">Nothing of it may be said in public.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
/// <param name="PartOf">The report that it is a part of.</param>
public sealed record ReplyAddress(string Channel, string? Conversation, bool IsHidden, bool IsOversight, string? PartOf);
