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
/// <param name="Class">Its class (<see cref="ReportClasses"/>), where the sender chose one; null: as the category has it.</param>
/// <param name="MediaUrls">More links to pictures elsewhere. They are fetched once the report is on disk.</param>
public sealed record FileReport(
    string Regency, string Channel, string? Cause, string? Conversation, string? Category, string? Description, ReportPlace Place,
    ReporterDetails Reporter, IReadOnlyList<ReportPhoto> Photos, string? MediaUrl = null, string? AddressedDepartment = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes = null, bool IsAnonymous = false, bool IsConfidential = false,
    bool PlaceIsOptional = false, string? Class = null, IReadOnlyList<string>? MediaUrls = null) : IRequest<Outcome<FiledReport>>;

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
/// <param name="Secret">With it the reporter proves to be the reporter. For the reporter only: never in a list, a log or a public message.</param>
public sealed record FiledReport(string Ticket, DateTimeOffset FiledAt, bool WasFiledBefore, string? Secret = null);

/// <summary>A move in the life of a report (docs/report-life.md). Refused with 409 when it is not possible where the report stands.</summary>
public interface IReportCommand : IRequest<Outcome<ReportVersion>>
{
    /// <summary>Regency code.</summary>
    string Regency { get; }

    /// <summary>The report.</summary>
    string Ticket { get; }

    /// <summary>The version the caller saw; refused with 409 when the report has moved on. Null: any.</summary>
    long? ExpectedVersion { get; }
}

/// <summary>A move that the reporter can make too.</summary>
public interface IReporterCommand : IReportCommand
{
    /// <summary>What proves that the caller is the reporter: given when the report was filed.</summary>
    string? Secret { get; }
}

/// <summary>A report after a command.</summary>
public sealed record ReportVersion(string Ticket, long Version, string State);

/// <summary>A dispatcher has looked at a report that was held back as spam or abuse: it is a report like any other.</summary>
public sealed record ReleaseReport(string Regency, string Ticket, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A dispatcher has looked at a report that was held back as spam or abuse: it is that.</summary>
/// <param name="Reason">Why, for the staff.</param>
public sealed record DiscardReport(string Regency, string Ticket, string? Reason, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A dispatcher has looked at a report: it can be handled.</summary>
public sealed record VerifyReport(string Regency, string Ticket, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A report is not taken up.</summary>
/// <param name="Reason">What the reporter is told.</param>
public sealed record RejectReport(string Regency, string Ticket, string? Reason, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A dispatcher, or the regent, sends a report to a department.</summary>
/// <param name="Note">For the department.</param>
public sealed record AssignReport(string Regency, string Ticket, string Department, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>The department begins to work on a report.</summary>
/// <param name="Note">What is being done; the reporter can read it.</param>
public sealed record StartWork(string Regency, string Ticket, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>An officer answers the reporter; the answer goes out on the channel the report came from.</summary>
/// <param name="Text">The answer; at most 4,000 characters.</param>
/// <param name="IsSettled">The matter is done.</param>
/// <param name="Photos">Photos already stored: how it was before, and is after.</param>
/// <param name="Outcome">What it comes to: done, scheduled, needs budget, not possible.</param>
public sealed record AnswerReport(
    string Regency, string Ticket, string? Text, bool IsSettled, long? ExpectedVersion = null, IReadOnlyList<AnswerPhoto>? Photos = null, OutcomeToGive? Outcome = null) : IReportCommand;

/// <summary>The reporter agrees with the answer, or a dispatcher says so on the reporter's behalf: nothing more will be done.</summary>
public sealed record CloseReport(string Regency, string Ticket, string? Note, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>A report is to be handled again.</summary>
/// <param name="Reason">What is still wrong.</param>
public sealed record ReopenReport(string Regency, string Ticket, string? Reason, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>The reporter says whether the answer satisfies, or a dispatcher does so on the reporter's behalf. Whoever is not satisfied has it handled again.</summary>
/// <param name="IsSatisfied">Whether it does.</param>
/// <param name="Reason">Why; needed of whoever is not satisfied.</param>
public sealed record JudgeAnswer(string Regency, string Ticket, bool? IsSatisfied, string? Reason, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>A department sends a report back to the dispatcher.</summary>
/// <param name="Reason">Why it is not theirs.</param>
public sealed record ReturnReport(string Regency, string Ticket, string? Reason, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A department gives a report to another.</summary>
/// <param name="Department">The other.</param>
/// <param name="Reason">Why it is theirs.</param>
public sealed record HandOverReport(string Regency, string Ticket, string Department, string? Reason, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A report is about the same as another, and is answered with it.</summary>
/// <param name="Into">The main report.</param>
public sealed record MergeReport(string Regency, string Ticket, string Into, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A report concerns several departments: each gets a part.</summary>
/// <param name="Parts">At least two.</param>
public sealed record SplitReport(string Regency, string Ticket, IReadOnlyList<PartToMake> Parts, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A part to be made of a report.</summary>
/// <param name="Department">Who gets it.</param>
/// <param name="Description">What of it is theirs; null: the report's own words.</param>
/// <param name="Category">Its category; null: that of the report.</param>
public sealed record PartToMake(string Department, string? Description = null, string? Category = null);

/// <summary>A report is not the regency's business and goes to a body outside.</summary>
/// <param name="Body">The body: the code of a registered outside partner, or a name in words.</param>
/// <param name="Reference">The body's own number of it.</param>
/// <param name="Note">What the reporter is told besides.</param>
public sealed record ForwardReport(string Regency, string Ticket, string? Body, string? Reference, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>The reporter is asked for more, and the clock stands still until it comes.</summary>
/// <param name="Question">What the reporter reads.</param>
public sealed record AskReporter(string Regency, string Ticket, string? Question, long? ExpectedVersion = null) : IReportCommand;

/// <summary>More is said or shown about a report: by its reporter, an integrator, or staff for the reporter.</summary>
/// <param name="Text">What.</param>
/// <param name="Photos">Photos already stored.</param>
/// <param name="Cause">The sender's own id of it: the same one twice is one addition.</param>
public sealed record SupplementReport(
    string Regency, string Ticket, string? Text, IReadOnlyList<ReportPhoto> Photos, string? Cause = null, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>The reporter takes the report back, or a dispatcher does so on the reporter's behalf.</summary>
public sealed record WithdrawReport(string Regency, string Ticket, string? Reason, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>A report is put under another category or class.</summary>
/// <param name="Category">Category code; null: as it is.</param>
/// <param name="Class">Class; null: as the category has it.</param>
public sealed record ClassifyReport(string Regency, string Ticket, string? Category, string? Class = null, long? ExpectedVersion = null) : IReportCommand;

/// <summary>The reporter is protected better: protection is only ever added.</summary>
/// <param name="IsAnonymous">The department is not to learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
public sealed record ProtectReport(string Regency, string Ticket, bool IsAnonymous, bool IsConfidential, long? ExpectedVersion = null, string? Secret = null) : IReporterCommand;

/// <summary>A proposal has reached a stage of the planning meetings.</summary>
/// <param name="Stage">See <see cref="ProposalStages"/>.</param>
/// <param name="AnswerDue">By when it must be answered; null: as the budget cycle has it.</param>
/// <param name="Note">For the reporter.</param>
public sealed record AdvanceProposal(string Regency, string Ticket, string? Stage, DateOnly? AnswerDue, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>Somebody else wants what a proposal proposes too, or no longer. Counted once a person.</summary>
/// <param name="Supporter">How the caller knows the person; only a keyed hash of it is kept.</param>
/// <param name="Wants">Whether they want it.</param>
public sealed record SupportProposal(string Regency, string Ticket, string Supporter, bool Wants = true) : IRequest<Outcome<ProposalSupport>>;

/// <summary>How many people support a proposal.</summary>
public sealed record ProposalSupport(string Ticket, long Supporters);

/// <summary>How long the regency waits for reporters.</summary>
/// <param name="CloseAfterDays">A settled report closes by itself so many days after the answer.</param>
/// <param name="WaitForReporterDays">A report that waits for its reporter closes after so many days of silence.</param>
/// <param name="FollowUpWorkingDays">A body outside is asked again so many working days after it got a report or was asked last.</param>
/// <param name="ReopenWithinDays">A reporter who is not satisfied has a report handled again within so many days after the answer.</param>
public sealed record ReportPolicy(int CloseAfterDays = 10, int WaitForReporterDays = 30, int FollowUpWorkingDays = 5, int ReopenWithinDays = 30);

/// <summary>The policy of a regency.</summary>
public sealed record GetReportPolicy(string Regency) : IRequest<ReportPolicy>;
