using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Who audited.</summary>
public enum AuditIssuer
{
    /// <summary>The Audit Board (BPK-RI).</summary>
    Bpk,

    /// <summary>The regency's or province's Inspectorate (APIP).</summary>
    Inspectorate,
}

/// <summary>The four states of the follow-up of a recommendation (Peraturan BPK 2/2017).</summary>
public enum FollowUpState
{
    /// <summary>Done as recommended (<i>sesuai</i>).</summary>
    Settled,

    /// <summary>Under way, or done in part (<i>belum sesuai</i>).</summary>
    InProgress,

    /// <summary>Nothing was done (<i>belum ditindaklanjuti</i>).</summary>
    NotFollowedUp,

    /// <summary>Cannot be done, for a valid reason (<i>tidak dapat ditindaklanjuti</i>).</summary>
    CannotBeFollowedUp,
}

/// <summary>What an official says the state is, and with what evidence. Never the state itself: that is for the auditor.</summary>
/// <param name="State">The state proposed.</param>
/// <param name="Evidence">The papers that show it.</param>
/// <param name="Explanation">What was done.</param>
/// <param name="On">When.</param>
public sealed record FollowUpProposal(FollowUpState State, string Evidence, string? Explanation, DateOnly On);

/// <summary>What the auditor decided.</summary>
/// <param name="State">The state from then on.</param>
/// <param name="Document">The auditor's paper.</param>
/// <param name="Reason">Why; needed when it cannot be followed up.</param>
/// <param name="On">When.</param>
public sealed record FollowUpDecision(FollowUpState State, string Document, string? Reason, DateOnly On);

/// <summary>A recommendation and where it stands.</summary>
/// <param name="Number">1, 2, 3 … within the finding.</param>
/// <param name="Text">What is recommended.</param>
/// <param name="State">By the last decision of the auditor; not followed up when there is none.</param>
/// <param name="Proposed">The last proposal that is newer than the last decision.</param>
/// <param name="IsOverdue">The answer of the officials is late.</param>
public sealed record Recommendation(
    int Number, string Text, FollowUpState State, FollowUpState? Proposed, bool IsOverdue, IReadOnlyList<FollowUpProposal> Proposals, IReadOnlyList<FollowUpDecision> Decisions);

/// <summary>A finding of an audit report.</summary>
/// <param name="Id">Report and number: <c>lhp-….1</c>.</param>
/// <param name="Report">Id of the report.</param>
/// <param name="Number">1, 2, 3 … within the report.</param>
/// <param name="Title">What was found.</param>
/// <param name="Department">Code of the responsible department.</param>
/// <param name="Amount">What is to be paid back, if anything.</param>
/// <param name="AnswerDueOn">The last day for the officials' answer.</param>
/// <param name="Rule">The rule that the deadline comes from.</param>
public sealed record Finding(
    string Id, string Report, int Number, string Title, string Department, decimal? Amount, DateOnly AnswerDueOn, string Rule, IReadOnlyList<Recommendation> Recommendations);

/// <summary>An audit report (LHP) with its findings.</summary>
/// <param name="Id">Made of issuer and number.</param>
/// <param name="Number">As the report has it.</param>
/// <param name="Title">What was audited.</param>
/// <param name="Issuer">Who audited.</param>
/// <param name="Year">The year that was audited.</param>
/// <param name="IssuedOn">Date of the report.</param>
/// <param name="ReceivedOn">When it was received: the 60 days run from here.</param>
public sealed record AuditReport(
    string Id, long Version, string Number, string Title, AuditIssuer Issuer, int Year, DateOnly IssuedOn, DateOnly ReceivedOn, DateOnly AnswerDueOn, string Rule, IReadOnlyList<Finding> Findings);

/// <summary>Enters an audit report that was received. The same again changes nothing.</summary>
public sealed record ReceiveAuditReport(string Regency, string Number, string Title, AuditIssuer Issuer, int Year, DateOnly IssuedOn, DateOnly ReceivedOn) : IRequest<MoneyOutcome<AuditReport>>;

/// <summary>Enters a finding of a report. The same number with the same content changes nothing.</summary>
/// <param name="Number">The number in the report, from 1.</param>
/// <param name="Recommendations">Texts of its recommendations.</param>
public sealed record RecordFinding(
    string Regency, string Report, int Number, string Title, string Department, decimal? Amount, IReadOnlyList<string> Recommendations) : IRequest<MoneyOutcome<AuditReport>>;

/// <summary>The responsible department proposes a state, with evidence.</summary>
/// <param name="Finding">Id of the finding.</param>
/// <param name="Recommendation">Number of the recommendation.</param>
public sealed record ProposeFollowUp(
    string Regency, string Finding, int Recommendation, FollowUpState State, string Evidence, string? Explanation = null, DateOnly? On = null) : IRequest<MoneyOutcome<AuditReport>>;

/// <summary>The auditor decides on the state. Of a report of BPK the Inspectorate enters what BPK decided, with BPK's paper.</summary>
/// <param name="Finding">Id of the finding.</param>
/// <param name="Recommendation">Number of the recommendation.</param>
public sealed record DecideFollowUp(
    string Regency, string Finding, int Recommendation, FollowUpState State, string Document, string? Reason = null, DateOnly? On = null) : IRequest<MoneyOutcome<AuditReport>>;

/// <summary>Audit reports by id, with the findings that the caller may read, as they were at the end of a day.</summary>
/// <param name="AsOf">The day; null: today.</param>
/// <param name="After">Continue after this id.</param>
/// <param name="IsShown">The caller is shown what is found, which is written down.</param>
public sealed record ListAuditReports(string Regency, DateOnly? AsOf = null, string? After = null, int Limit = 50, bool IsShown = true) : IRequest<AuditReportPage>;

/// <summary>A page of audit reports.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record AuditReportPage(IReadOnlyList<AuditReport> Reports, string? Next);

/// <summary>One audit report, or null.</summary>
/// <param name="IsShown">The caller is shown what is found, which is written down.</param>
public sealed record GetAuditReport(string Regency, string Id, DateOnly? AsOf = null, bool IsShown = true) : IRequest<AuditReport?>;

/// <summary>How many recommendations are in which state at the end of a day.</summary>
/// <param name="AsOf">The day; null: today.</param>
/// <param name="From">Only of audit reports that were received from this day on; null: of all.</param>
public sealed record GetFollowUpSummary(string Regency, DateOnly? AsOf = null, string? Department = null, DateOnly? From = null) : IRequest<FollowUpSummary>;

/// <summary>Recommendations by state.</summary>
/// <param name="Proposed">How many wait for the auditor's decision.</param>
/// <param name="Overdue">How many the officials have not answered in time.</param>
public sealed record FollowUpSummary(DateOnly AsOf, int Reports, int Findings, int Recommendations, int Settled, int InProgress, int NotFollowedUp, int CannotBeFollowedUp, int Proposed, int Overdue);
