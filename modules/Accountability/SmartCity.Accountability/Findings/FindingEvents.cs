using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Findings;

// All that happens to an audit report, one stream each. What officials propose and what the auditor decides are events of their own: neither replaces the other.

/// <summary>An audit report was received; the officials' 60 days run. Name on the wire: <c>audit-report.received.v1</c>.</summary>
internal sealed record AuditReportReceived(string Number, string Title, AuditIssuer Issuer, int Year, DateOnly IssuedOn, DateOnly ReceivedOn, DateOnly AnswerDueOn, string Rule);

/// <summary>A finding of it. Name on the wire: <c>audit-report.finding-recorded.v1</c>.</summary>
internal sealed record FindingRecorded(int Number, string Title, string Department, decimal? Amount, IReadOnlyList<string> Recommendations);

/// <summary>The officials say where a recommendation stands. Name on the wire: <c>audit-report.follow-up-proposed.v1</c>.</summary>
internal sealed record FollowUpProposed(int Finding, int Recommendation, FollowUpState State, string Evidence, string? Explanation, DateOnly On);

/// <summary>The auditor has decided where it stands. Name on the wire: <c>audit-report.follow-up-decided.v1</c>.</summary>
internal sealed record FollowUpDecided(int Finding, int Recommendation, FollowUpState State, string Document, string? Reason, DateOnly On);
