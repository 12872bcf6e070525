namespace SmartCity.Reports.Contracts;

// The life of a report, as it stands in its stream. Names on the wire (report.filed.v1, …) are given in the module.
// Members marked "sealed" hold text encrypted with the reporter's own key: erasing the reporter leaves the event and takes the text.

/// <summary>A citizen's message has become a report.</summary>
/// <param name="Ticket">Number of the report: <c>2026-000017</c>.</param>
/// <param name="Channel">Where it came from and where it is answered: <c>x</c>, <c>web</c>, <c>open311</c>.</param>
/// <param name="Conversation">The channel's own id of the conversation, to answer in it.</param>
/// <param name="Reporter">Id of the reporter's key for this report; says nothing about the person.</param>
/// <param name="Category">Category code, if known.</param>
/// <param name="Description">What was written, sealed.</param>
/// <param name="Contact">Name and ways to reach the reporter, sealed.</param>
/// <param name="Place">Where.</param>
/// <param name="Photos">Stored photos.</param>
/// <param name="MediaUrl">Links to pictures elsewhere, one a line, sealed.</param>
/// <param name="AddressedDepartment">Department whose account was written to.</param>
/// <param name="Attributes">Answers to the category's questions, sealed.</param>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
/// <param name="IsOversight">On the conduct of officials: for the Inspectorate and the regent only.</param>
/// <param name="Cause">Keyed hash of what the sender calls this message, so that the same one twice makes one report.</param>
/// <param name="Class">Its class as it was chosen or as its category has it: <see cref="ReportClasses"/>; null: of a report that is older than classes.</param>
/// <param name="PartOf">The report that was split, of which this is a part.</param>
public sealed record ReportFiled(
    string Ticket, string Channel, string? Conversation, string Reporter, string? Category, string? Description, string? Contact, ReportPlace Place,
    IReadOnlyList<ReportPhoto> Photos, string? MediaUrl, string? AddressedDepartment, string? Attributes,
    bool IsAnonymous, bool IsConfidential, bool IsOversight, string? Cause, string? Class = null, string? PartOf = null)
{
    /// <summary>What its words were taken for; null when there were none.</summary>
    public ReportAssessment? Assessment { get; init; }

    /// <summary>It is confidential only because of what its words were taken for: neither its reporter nor a category that somebody chose made it so.</summary>
    public bool IsHiddenByGuess { get; init; }
}

/// <summary>What the words of a report were taken for when it was filed. A person may decide otherwise; how often is counted.</summary>
/// <param name="Category">The likeliest category.</param>
/// <param name="CategoryConfidence">How likely it is right, 0 to 1.</param>
/// <param name="Department">The likeliest department.</param>
/// <param name="DepartmentConfidence">How likely it is right, 0 to 1.</param>
/// <param name="Urgency"><c>low</c>, <c>normal</c>, <c>high</c> or <c>emergency</c>.</param>
/// <param name="Kind">What sort of message: <c>complaint</c>, <c>spam</c>, …</param>
/// <param name="Model">Which model said so.</param>
/// <param name="Routed">The department that it was sure enough of to send the report there; null: the category, an account or a person decides.</param>
/// <param name="IsHeld">It looks like spam or abuse: a person looks before it becomes public.</param>
public sealed record ReportAssessment(
    string? Category, double CategoryConfidence, string? Department, double DepartmentConfidence, string Urgency, string Kind, string Model, string? Routed, bool IsHeld)
{
    /// <summary>Somebody is in danger now.</summary>
    public const string Emergency = "emergency";

    /// <summary>It may be on the conduct of officials.</summary>
    public bool MayBeOversight { get; init; }

    /// <summary>Nobody chose the report's category: it is the likeliest one.</summary>
    public bool IsGuess { get; init; }
}

/// <summary>The report was sent to the department that must act on it (<i>disposisi</i>).</summary>
/// <param name="Department">Department code.</param>
/// <param name="Ground">Why: <c>category</c>, <c>words</c>, <c>account</c>, <c>dispatcher</c>, <c>regent</c>, <c>split</c>.</param>
/// <param name="District">District code where it lies, if known.</param>
/// <param name="Note">What the dispatcher adds, sealed.</param>
/// <param name="AskAgainAt">When a partner outside is to be asked how it stands, unless the matter is done by then; null: a department here.</param>
public sealed record ReportAssigned(string Department, string Ground, string? District, string? Note, DateTimeOffset? AskAgainAt = null);

/// <summary>Nothing says who is responsible: a dispatcher must decide.</summary>
/// <param name="District">District code where it lies, if known.</param>
/// <param name="Reason">Why, when it is not that nobody knows: <c>suspected-spam</c>.</param>
public sealed record ReportQueued(string? District, string? Reason = null);

/// <summary>A report that looked like spam or abuse is none: it is public now, and handled like any other.</summary>
public sealed record ReportReleased;

/// <summary>A report that looked like spam or abuse is that. Its sender is not answered.</summary>
/// <param name="Reason">For the staff, sealed.</param>
public sealed record ReportDiscarded(string Reason);

/// <summary>A dispatcher has looked at the report: it can be handled.</summary>
/// <param name="Note">For the staff, sealed.</param>
public sealed record ReportVerified(string? Note);

/// <summary>The report is not taken up; the reporter is told why.</summary>
/// <param name="Reason">Sealed.</param>
public sealed record ReportRejected(string Reason);

/// <summary>The department has begun to work on it.</summary>
/// <param name="Department">Who.</param>
/// <param name="Note">What is being done, for the reporter too, sealed.</param>
public sealed record WorkStarted(string Department, string? Note);

/// <summary>The department answered the reporter.</summary>
/// <param name="Department">Who answers; for a forwarded report the body's name.</param>
/// <param name="Text">The answer, sealed with the reporter's key: it may speak of the person.</param>
/// <param name="IsSettled">The matter is done; else the answer says what will come.</param>
/// <param name="ClosesAt">When a settled report closes by itself, unless the reporter objects.</param>
/// <param name="Photos">How it was before, and is after.</param>
/// <param name="Outcome">What it comes to; null: of an answer that says no more than its text.</param>
public sealed record ReportAnswered(
    string Department, string Text, bool IsSettled, DateTimeOffset? ClosesAt = null, IReadOnlyList<AnswerPhoto>? Photos = null, AnswerOutcome? Outcome = null);

/// <summary>Done with. Only a reopening brings it back.</summary>
/// <param name="Ground"><c>consent</c>: the reporter agrees; <c>time</c>: no objection came in time; <c>silence</c>: what was asked of the reporter never came.</param>
/// <param name="Note">Sealed.</param>
public sealed record ReportClosed(string Ground, string? Note);

/// <summary>It is to be handled again.</summary>
/// <param name="Reason">What is still wrong, sealed.</param>
/// <param name="Part">The part that was reopened, when that is why its whole is open again.</param>
public sealed record ReportReopened(string? Reason, string? Part = null);

/// <summary>The reporter has said what the answer is worth.</summary>
/// <param name="IsSatisfied">Whether it satisfies.</param>
/// <param name="Reason">Why, sealed.</param>
public sealed record ReportJudged(bool IsSatisfied, string? Reason);

/// <summary>The department sent it back to the dispatcher: it is not theirs, or not as it is.</summary>
/// <param name="Department">Who sends it back.</param>
/// <param name="Reason">For the dispatcher, sealed.</param>
public sealed record ReportReturned(string Department, string Reason);

/// <summary>One department gave it to another.</summary>
/// <param name="From">Who had it.</param>
/// <param name="Department">Who has it now.</param>
/// <param name="Reason">For the other department, sealed.</param>
/// <param name="AskAgainAt">When a partner outside is to be asked how it stands, unless the matter is done by then; null: a department here.</param>
public sealed record ReportHandedOver(string From, string Department, string Reason, DateTimeOffset? AskAgainAt = null);

/// <summary>It is about the same as another report, and is answered with it. Its reporter keeps this thread.</summary>
/// <param name="Into">The main report.</param>
/// <param name="Note">For the staff, sealed.</param>
public sealed record ReportMerged(string Into, string? Note);

/// <summary>Another report was merged into this one.</summary>
/// <param name="Ticket">The other.</param>
public sealed record ReportJoined(string Ticket);

/// <summary>A report that had been merged into this one stands by itself again.</summary>
/// <param name="Ticket">The other.</param>
public sealed record ReportLeft(string Ticket);

/// <summary>What happened to the main report, told in the thread of one that was merged into it.</summary>
/// <param name="Main">The main report.</param>
/// <param name="Version">Version of the main report's event: each is told once.</param>
/// <param name="What"><c>answered</c>, <c>rejected</c>, <c>forwarded</c>, <c>followedUp</c> (what the body outside said since), <c>partsSettled</c>.</param>
/// <param name="Department">Who answered, or the body it went to.</param>
/// <param name="Text">What was said, sealed for this reporter.</param>
/// <param name="IsSettled">The matter is done.</param>
public sealed record MainReportAnswered(string Main, long Version, string What, string? Department, string? Text, bool IsSettled, AnswerOutcome? Outcome = null);

/// <summary>It concerns several departments, and each got a part of it as a report of its own.</summary>
public sealed record ReportSplit(IReadOnlyList<ReportPart> Parts);

/// <summary>A part of a split report.</summary>
/// <param name="Ticket">Its own number.</param>
/// <param name="Department">Who has it.</param>
public sealed record ReportPart(string Ticket, string Department);

/// <summary>Every part of the split report is done.</summary>
/// <param name="ClosesAt">When it closes by itself, unless the reporter objects.</param>
public sealed record PartsSettled(DateTimeOffset? ClosesAt);

/// <summary>It is not the regency's business, and went to a body outside it.</summary>
/// <param name="Body">Name of the body, as the reporter is told.</param>
/// <param name="Code">Its code, when it is a registered outside partner.</param>
/// <param name="Reference">The body's own number of it.</param>
/// <param name="Note">For the reporter, sealed.</param>
/// <param name="AskAgainAt">When the body is to be asked how it stands, unless the matter is done by then.</param>
/// <param name="Regency">Code of the regency of this deployment that has it, under the number that <paramref name="Reference"/> gives.</param>
public sealed record ReportForwarded(string Body, string? Code, string? Reference, string? Note, DateTimeOffset? AskAgainAt = null, string? Regency = null);

/// <summary>The reporter was asked for more. Until it comes the clock stands still.</summary>
/// <param name="Department">Who asks; null: a dispatcher.</param>
/// <param name="Question">Sealed.</param>
/// <param name="AnswerBy">When it is closed if nothing comes.</param>
public sealed record ReporterAsked(string? Department, string Question, DateTimeOffset? AnswerBy);

/// <summary>More was said or shown about it.</summary>
/// <param name="Text">Sealed.</param>
/// <param name="Photos">Stored photos.</param>
/// <param name="By"><c>reporter</c>, <c>integrator</c>, or <c>staff</c> on the reporter's behalf.</param>
/// <param name="Cause">Keyed hash of the sender's own id of it.</param>
public sealed record ReportSupplemented(string? Text, IReadOnlyList<ReportPhoto> Photos, string By, string? Cause);

/// <summary>The reporter takes it back.</summary>
/// <param name="Reason">Sealed.</param>
/// <param name="By"><c>reporter</c>, <c>staff</c> on the reporter's behalf, or <c>whole</c>: with the report that it is a part of.</param>
public sealed record ReportWithdrawn(string? Reason, string By);

/// <summary>It was put under another category or class.</summary>
/// <param name="Category">Category code.</param>
/// <param name="Class">Class; see <see cref="ReportClasses"/>.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
/// <param name="FormerCategory">Category before.</param>
public sealed record ReportClassified(string? Category, string Class, bool IsOversight, string? FormerCategory);

/// <summary>The reporter is protected better than at first: protection is only ever added.</summary>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
public sealed record ReportProtected(bool IsAnonymous, bool IsConfidential);

/// <summary>A proposal has reached a stage of the planning meetings (Musrenbang).</summary>
/// <param name="Stage">See <see cref="ProposalStages"/>.</param>
/// <param name="AnswerDue">By when it must be answered.</param>
/// <param name="Note">For the reporter, sealed.</param>
public sealed record ProposalStaged(string Stage, DateTimeOffset AnswerDue, string? Note);

/// <summary>A picture that the reporter had linked to was fetched and is kept with the report.</summary>
/// <param name="Link">Which link of the report, from 1.</param>
/// <param name="Photo">The picture.</param>
public sealed record ReportPhotoFetched(int Link, ReportPhoto Photo);

/// <summary>A picture that the reporter had linked to could not be had, and is not tried again.</summary>
/// <param name="Link">Which link of the report, from 1.</param>
/// <param name="Reason">Why: <c>link.not_public</c>, <c>photo.too_large</c>, …</param>
public sealed record ReportPhotoMissed(int Link, string Reason);

/// <summary>Where a report's matter lies: coordinates, or words.</summary>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="Address">Place in words, sealed in events.</param>
/// <param name="AddressId">The sender's id of an address, sealed in events.</param>
public sealed record ReportPlace(double? Latitude, double? Longitude, string? Address, string? AddressId = null);

/// <summary>A stored photo of a report.</summary>
/// <param name="Id">File id.</param>
/// <param name="Thumbnail">File id of the small copy.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Look">How it looks in 64 bits, hexadecimal; look-alikes differ in few.</param>
/// <param name="Evidence">Where and when it was taken, as its file said; sealed in events.</param>
public sealed record ReportPhoto(string Id, string Thumbnail, int Width, int Height, string? Look = null, string? Evidence = null);

/// <summary>A photo of an answer.</summary>
/// <param name="Kind"><see cref="Before"/> or <see cref="After"/> the work.</param>
/// <param name="Photo">The picture.</param>
public sealed record AnswerPhoto(string Kind, ReportPhoto Photo)
{
    /// <summary>How it was.</summary>
    public const string Before = "before";

    /// <summary>How it is now.</summary>
    public const string After = "after";
}
