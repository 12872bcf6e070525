using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Where a case against a head of department stands.</summary>
public enum CaseState
{
    /// <summary>The head has not said anything yet.</summary>
    Open,

    /// <summary>The head has given a statement.</summary>
    Stated,

    /// <summary>The regent has decided.</summary>
    Decided,

    /// <summary>Nothing is left to do.</summary>
    Closed,
}

/// <summary>What a case comes to.</summary>
public enum CaseOutcome
{
    /// <summary>The head has explained it: no blame.</summary>
    Explained,

    /// <summary>A reminder.</summary>
    Reminder,

    /// <summary>A written warning.</summary>
    WrittenWarning,

    /// <summary>The Inspectorate looks into it.</summary>
    Referred,
}

/// <summary>A case was opened against whoever headed the department when a step was missed.</summary>
/// <param name="Case">Its id, which is also its stream.</param>
/// <param name="Term">The head: id of the term.</param>
/// <param name="Department">The department.</param>
/// <param name="Ground"><c>ladder</c>, <c>secretary</c> or <c>regent</c>.</param>
/// <param name="Reports">The reports that caused it.</param>
/// <param name="Reason">Sealed; none when the ladder opened it.</param>
/// <param name="StatementDueAt">Until then the head can give a statement before anything is decided.</param>
/// <param name="Cause">The event that led to it.</param>
public sealed record CaseOpened(
    string Case, string Term, string Department, string Ground, IReadOnlyList<CaseReport> Reports, string? Reason, DateTimeOffset StatementDueAt, Guid? Cause);

/// <summary>A report in a case.</summary>
/// <param name="Rule">The rule that was missed.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
public sealed record CaseReport(string Ticket, string Rule, bool IsOversight);

/// <summary>A case is decided.</summary>
/// <param name="Reason">Sealed.</param>
public sealed record CaseDecided(string Case, string Term, CaseOutcome Outcome, string Reason);

/// <summary>Cases that the caller may see, newest first.</summary>
/// <param name="AsOf">As they stood at the end of this day on the regency's clock, from history; null: now.</param>
/// <param name="From">Only those opened on this day or later.</param>
public sealed record GetCases(string Regency, DateOnly? AsOf = null, DateOnly? From = null) : IRequest<IReadOnlyList<CaseDetails>>;

/// <summary>Opens a case against the head of a department. For the secretary and the regent.</summary>
/// <param name="Reports">Tickets that cause it, at least one.</param>
/// <param name="Term">The head: id of a term; null: who headed it when the first of the reports missed its step, else who heads it now.</param>
/// <param name="Reason">Why.</param>
public sealed record OpenCase(string Regency, string? Department, IReadOnlyList<string>? Reports, string? Term, string? Reason) : IRequest<Decided<CaseDetails>>;

/// <summary>Adds a report to an open case.</summary>
public sealed record AddToCase(string Regency, string Case, string? Ticket) : IRequest<Decided<CaseDetails>>;

/// <summary>The head gives a statement.</summary>
public sealed record StateInCase(string Regency, string Case, string? Text) : IRequest<Decided<CaseDetails>>;

/// <summary>The regent decides.</summary>
public sealed record DecideCase(string Regency, string Case, string? Outcome, string? Reason) : IRequest<Decided<CaseDetails>>;

/// <summary>Nothing is left to do: what was decided is done.</summary>
public sealed record CloseCase(string Regency, string Case, string? Note) : IRequest<Decided<CaseDetails>>;

/// <summary>A case as the caller may see it. What was said in it is for those concerned only.</summary>
/// <param name="Name">Name of the head.</param>
/// <param name="Allowed">What the caller can do now: <c>add</c>, <c>state</c>, <c>decide</c>, <c>close</c>.</param>
public sealed record CaseDetails(
    string Id, string Department, string Term, string Name, CaseState State, string Ground, IReadOnlyList<CaseReport> Reports, DateTimeOffset OpenedAt, DateTimeOffset StatementDueAt,
    string? Reason, string? Statement, CaseOutcome? Outcome, string? Decision, string? Note, DateTimeOffset? DecidedAt, IReadOnlyList<string> Allowed);
