using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Reports of a regency that the caller may see, newest first.</summary>
/// <param name="Filter">Which.</param>
/// <param name="After">Continue after this cursor of an earlier page.</param>
/// <param name="Limit">At most so many, 1 to 1000.</param>
/// <param name="Skip">Leave out so many first, for callers that count pages; a cursor is faster.</param>
/// <param name="MayLag">What came into the filters a moment ago may still be missing: much faster where there are very many reports. What has left them is never shown.</param>
/// <param name="ByDeadline">What is due first comes first, and only what is due at all; not together with words.</param>
public sealed record ListReports(
    string Regency, ReportFilter Filter, string? After = null, int Limit = 50, int Skip = 0, bool MayLag = false, bool ByDeadline = false) : IRequest<ReportPage>;

/// <summary>Which reports; null members do not restrict. Lists: any of.</summary>
/// <param name="From">Filed at or after.</param>
/// <param name="Until">Filed at or before.</param>
/// <param name="Class">Only of this class.</param>
/// <param name="Near">Lies within.</param>
/// <param name="PlannedWork">Asks for this planned work.</param>
/// <param name="Words">Words in public reports, as people type them into a search box.</param>
/// <param name="Box">Lies within.</param>
/// <param name="HasPhoto">With photos of the reporter, or without.</param>
public sealed record ReportFilter(
    IReadOnlyList<string>? Tickets = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<ReportState>? States = null,
    string? Department = null, string? District = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    DateTimeOffset? UpdatedAfter = null, DateTimeOffset? UpdatedBefore = null, string? Class = null, Surroundings? Near = null, string? PlannedWork = null,
    string? Words = null, Box? Box = null, bool? HasPhoto = null)
{
    /// <summary>Only those with a body outside that was to be asked again at or before.</summary>
    public DateTimeOffset? AskAgainBefore { get; init; }

    /// <summary>Only those in which somebody is in danger.</summary>
    public bool OnlyEmergencies { get; init; }

    /// <summary>Only those that are held back as spam or abuse, or only the others.</summary>
    public bool? Held { get; init; }

    /// <summary>Only those that this account has in hand, by its id, or that nobody of the department that has it does (<see cref="HandleReport.Nobody"/>): among those that the caller handles.</summary>
    public string? Handler { get; init; }

    /// <summary>Only those of which the next step is due after this instant.</summary>
    public DateTimeOffset? DueAfter { get; init; }

    /// <summary>Only those of which the next step is due at or before this instant.</summary>
    public DateTimeOffset? DueBefore { get; init; }
}

/// <summary>A rectangle on the map, degrees WGS 84.</summary>
public sealed record Box(double West, double South, double East, double North);

/// <summary>A circle on the ground.</summary>
/// <param name="Latitude">Of its middle, degrees WGS 84.</param>
/// <param name="Longitude">Of its middle, degrees WGS 84.</param>
/// <param name="Metres">Its radius.</param>
public sealed record Surroundings(double Latitude, double Longitude, double Metres);

/// <summary>A page of reports.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
/// <param name="Corrected">Words that no report has, and those that were looked for besides; null: none.</param>
public sealed record ReportPage(IReadOnlyList<ReportDetails> Reports, string? Next, IReadOnlyList<CorrectedWord>? Corrected = null);

/// <summary>A word of a search that no report has, and the closest that some have.</summary>
/// <param name="Written">As it was typed.</param>
/// <param name="Used">What was looked for besides.</param>
public sealed record CorrectedWord(string Written, IReadOnlyList<string> Used);

/// <summary>How many reports there are that the caller may see.</summary>
/// <param name="Filter">Which.</param>
public sealed record CountReports(string Regency, ReportFilter Filter) : IRequest<ReportCounts>;

/// <summary>Numbers of reports; a report without a category, district or department counts in the total only.</summary>
/// <param name="Total">All.</param>
/// <param name="IsAtLeast">There are more: counted were the newest <paramref name="Total"/>.</param>
/// <param name="States">By state.</param>
/// <param name="Categories">By category code.</param>
/// <param name="Districts">By district code.</param>
/// <param name="Departments">By department code.</param>
/// <param name="Corrected">Words that no report has, and those that were looked for besides; null: none.</param>
public sealed record ReportCounts(
    int Total, bool IsAtLeast, IReadOnlyDictionary<string, int> States, IReadOnlyDictionary<string, int> Categories, IReadOnlyDictionary<string, int> Districts,
    IReadOnlyDictionary<string, int> Departments, IReadOnlyList<CorrectedWord>? Corrected = null);

/// <summary>Which of some reports not everybody may see: to leave them out of numbers, never to be shown.</summary>
public sealed record GetHiddenReports(string Regency, IReadOnlyList<string> Tickets) : IRequest<IReadOnlySet<string>>;

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
/// <param name="Photos">Photos of the reporter, in order.</param>
/// <param name="MediaUrls">Links to pictures elsewhere that are not among the photos.</param>
/// <param name="Attributes">Answers to the category's questions; only for staff.</param>
/// <param name="Reporter">Who; only for those who handle it, and not when anonymous.</param>
/// <param name="Timeline">What happened, oldest first.</param>
public sealed record ReportDetails(
    string Ticket, long Version, ReportState State, string Channel, string? Category, string? Description, ReportPlace Place,
    string? Department, string? District, DateTimeOffset FiledAt, DateTimeOffset UpdatedAt, IReadOnlyList<PhotoDetails> Photos, IReadOnlyList<string> MediaUrls,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes, ReporterDetails? Reporter, bool IsConfidential, IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>The reporter's personal data was erased.</summary>
    public ErasureNote? Erased { get; init; }

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

    /// <summary>Whose business it is.</summary>
    public Jurisdiction? Jurisdiction { get; init; }

    /// <summary>To whom it should be forwarded by that: a code or a name; only for staff, while it can be.</summary>
    public string? ProposedForward { get; init; }

    /// <summary>The report in a neighbouring regency that it became.</summary>
    public ReportElsewhere? HandedOverTo { get; init; }

    /// <summary>The report of a neighbouring regency that it came from.</summary>
    public ReportElsewhere? ReceivedFrom { get; init; }

    /// <summary>Code of the neighbour that it is offered to and that has not decided; only for staff.</summary>
    public string? OfferedTo { get; init; }

    /// <summary>When the body that has it is to be asked again; only for staff.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

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

    /// <summary>How many others reported the same by following it.</summary>
    public int Followers { get; init; }

    /// <summary>The caller has proved to be its reporter.</summary>
    public bool IsOwn { get; init; }

    /// <summary>When and with which money it will be done, as far as that was answered.</summary>
    public FundingDetails? Funding { get; init; }

    /// <summary>Who of the department has it in hand; only for staff.</summary>
    public Colleague? Handler { get; init; }

    /// <summary>What of it not everybody sees, and why. Those who see the original see beside it what the others read.</summary>
    public IReadOnlyList<HiddenPart>? Hidden { get; init; }
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

    /// <summary>Photos that came with it.</summary>
    public IReadOnlyList<PhotoDetails>? Photos { get; init; }

    /// <summary>What an answer comes to.</summary>
    public AnswerOutcome? Outcome { get; init; }

    /// <summary>The planned work concerned.</summary>
    public ReportPlan? Plan { get; init; }

    /// <summary>The planned work as it was before.</summary>
    public ReportPlan? FormerPlan { get; init; }

    /// <summary>Pictures elsewhere that came with it.</summary>
    public IReadOnlyList<string>? Links { get; init; }
}

/// <summary>What was written in a report and what it was taken for, or null. For other modules, not for callers: it asks nobody's leave.</summary>
public sealed record GetAssessed(string Regency, string Ticket) : IRequest<AssessedReport?>;

/// <summary>What was written in a report and what it was taken for.</summary>
/// <param name="Description">Sealed.</param>
/// <param name="Category">Category code now.</param>
/// <param name="Department">Who has it now.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
public sealed record AssessedReport(string? Description, ReportAssessment? Assessment, string? Category, string? Department, bool IsOversight);

/// <summary>Where a report's reporter is answered, or null when there is no such report, or its reporter was erased. For other modules, not for callers: it asks nobody's leave.</summary>
public sealed record GetReplyAddress(string Regency, string Ticket) : IRequest<ReplyAddress?>;

/// <summary>With what a report's reporter proves to be the reporter. For channels that know by themselves who writes, not for callers: it asks nobody's leave.</summary>
public sealed record GetReporterSecret(string Regency, string Ticket) : IRequest<string>;

/// <summary>How else a report's reporter can be reached, or null. For channels, not for callers: it asks nobody's leave.</summary>
public sealed record GetReporterContact(string Regency, string Ticket) : IRequest<ReporterContact?>;

/// <summary>How a reporter can be reached, as far as the report says.</summary>
/// <param name="Phone">Telephone number.</param>
/// <param name="Email">E-mail address.</param>
public sealed record ReporterContact(string? Phone, string? Email);

/// <summary>Where a reporter is answered.</summary>
/// <param name="Channel">Channel code.</param>
/// <param name="Conversation">The channel's id of the conversation.</param>
/// <param name="IsHidden">Nothing of it may be said in public.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
/// <param name="PartOf">The report that it is a part of.</param>
public sealed record ReplyAddress(string Channel, string? Conversation, bool IsHidden, bool IsOversight, string? PartOf);

/// <summary>That somebody's personal data was erased; nothing of the person.</summary>
/// <param name="At">When.</param>
/// <param name="Ground">Why: <c>request</c>, <c>retention</c>, …</param>
/// <param name="By">Id of who had it done; only for those who handle the report.</param>
public sealed record ErasureNote(DateTimeOffset At, string Ground, string? By);

/// <summary>A photo of a report as the caller may see it.</summary>
/// <param name="Number">Its number in the report, from 1, for its address; it stays the same.</param>
/// <param name="Kind"><c>report</c>, of an answer <c>before</c> or <c>after</c>, or <c>update</c>.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Evidence">What its file said; only for those who handle the report.</param>
public sealed record PhotoDetails(int Number, string Kind, int Width, int Height, PhotoEvidence? Evidence)
{
    /// <summary>Why everybody else does not see it; null: they do.</summary>
    public string? HiddenFor { get; init; }
}

/// <summary>Where and when a photo was taken, as its file said: a hint, which anybody can forge.</summary>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="At">By the camera's clock, ISO 8601; with the offset from UTC when the camera knew it.</param>
/// <param name="MetresFromPlace">How far from the report's place.</param>
public sealed record PhotoEvidence(double? Latitude, double? Longitude, string? At, double? MetresFromPlace = null);

/// <summary>The file of a report's photo that the caller may see, or null.</summary>
/// <param name="Number">Which photo, from 1.</param>
/// <param name="Secret">What proves that the caller is the report's reporter.</param>
public sealed record GetPhoto(string Regency, string Ticket, int Number, bool Thumbnail, string? Secret = null) : IRequest<PhotoFile?>;

/// <summary>A photo's file, always a JPEG.</summary>
/// <param name="Id">Hash of its content.</param>
/// <param name="IsPublic">Everybody may see it.</param>
/// <param name="Open">Opens the content; null when it is gone.</param>
public sealed record PhotoFile(string Id, bool IsPublic, Func<CancellationToken, Task<Stream?>> Open);

/// <summary>How long a regency keeps what identifies people.</summary>
public sealed record GetRetention(string Regency) : IRequest<RetentionPeriods>;

/// <summary>Decides how long a regency keeps what identifies people. For who answers for data protection.</summary>
/// <param name="Days">By class; what is left out stays as it is.</param>
public sealed record DefineRetention(string Regency, IReadOnlyDictionary<string, int?>? Days) : IRequest<Outcome<RetentionPeriods>>;

/// <summary>How long a regency keeps what identifies people.</summary>
/// <param name="Days">Days after a report was closed, by class; <c>message</c>: after a message came of which no report was made.</param>
public sealed record RetentionPeriods(IReadOnlyDictionary<string, int> Days);

/// <summary>What has been kept long enough. For who answers for data protection; others get nothing.</summary>
/// <param name="On">As on this day; null: now.</param>
public sealed record GetRetentionDue(string Regency, DateTimeOffset? On = null, int Limit = 100) : IRequest<IReadOnlyList<DueErasure>>;

/// <summary>Personal data that has been kept long enough.</summary>
/// <param name="Stream">A ticket, or a message.</param>
/// <param name="Class">Class of the report; <c>message</c>.</param>
/// <param name="Since">When the report was closed, or the message came.</param>
/// <param name="DueAt">When the time was over.</param>
public sealed record DueErasure(string Stream, string Class, DateTimeOffset Since, DateTimeOffset DueAt);

/// <summary>The key of a report's reporter, for the reporter.</summary>
/// <param name="Secret">What proves that the caller is.</param>
public sealed record GetReporterKey(string Regency, string Ticket, string? Secret) : IRequest<ReporterKey>;

/// <summary>The key of a report's reporter.</summary>
/// <param name="Key">Its id, which says nothing about the person; null: there is no such report, or it is not the caller's.</param>
public sealed record ReporterKey(string? Key);
