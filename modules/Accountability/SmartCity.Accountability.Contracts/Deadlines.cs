using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>The deadlines of reports; a report that has none is left out.</summary>
public sealed record GetDeadlines(string Regency, IReadOnlyList<string> Tickets) : IRequest<IReadOnlyDictionary<string, ReportDeadlines>>;

/// <summary>By when what must have happened to a report.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="AssignBy">Verified and with a department.</param>
/// <param name="AnswerBy">First answer of the department.</param>
/// <param name="SettleBy">Settled.</param>
/// <param name="Rule">Where the deadlines come from.</param>
/// <param name="IsOverdue">The next step that is owed is late now.</param>
public sealed record ReportDeadlines(string Ticket, DateTimeOffset AssignBy, DateTimeOffset AnswerBy, DateTimeOffset SettleBy, string Rule, bool IsOverdue);

/// <summary>Reports of which something is owed, what is due first first. For other modules, not for callers: it asks nobody's leave.</summary>
/// <param name="After">Only what is due after this instant.</param>
/// <param name="Before">Only what is due at or before this instant.</param>
/// <param name="Tickets">Only of these; null: all.</param>
public sealed record GetDueReports(string Regency, DateTimeOffset? After = null, DateTimeOffset? Before = null, IReadOnlyList<string>? Tickets = null) : IRequest<IReadOnlyList<DueReport>>;

/// <summary>A report of which something is owed.</summary>
/// <param name="Ticket">The report.</param>
/// <param name="DueAt">The first instant that is too late for the next step.</param>
public sealed record DueReport(string Ticket, DateTimeOffset DueAt);

/// <summary>Loads the closed dates of a year for a regency: national holidays, cuti bersama, local closures. Replaces that year.</summary>
/// <param name="Source">The decree they come from.</param>
public sealed record ImportHolidays(string Regency, int Year, IReadOnlyList<DateOnly> Dates, string Source) : IRequest;

/// <summary>When a number of working days after an instant is over, by the regency's calendar.</summary>
/// <param name="WorkingDays">At least 0.</param>
public sealed record GetWorkingDeadline(string Regency, DateTimeOffset From, int WorkingDays) : IRequest<WorkingDeadline>;

/// <summary>The end of some working days.</summary>
/// <param name="At">The first instant that is too late.</param>
public sealed record WorkingDeadline(DateTimeOffset At);

/// <summary>What has a deadline, in this order.</summary>
public enum Step
{
    /// <summary>The reporter knows that it arrived.</summary>
    Acknowledge,

    /// <summary>Verified and with a department.</summary>
    Assign,

    /// <summary>First answer of the department.</summary>
    Answer,

    /// <summary>Settled.</summary>
    Settle,
}

/// <summary>One deadline.</summary>
/// <param name="WorkingDays">Working days after receipt.</param>
/// <param name="DueAt">The first instant that is too late.</param>
/// <param name="Rule">Where it comes from, Indonesian and English.</param>
/// <param name="WarnAt">When whoever owes it is warned; null: never.</param>
/// <param name="From">From when its working days are counted; null: it is a fixed day, or older than this.</param>
/// <param name="Plus">Working days besides, by which it was put off.</param>
public sealed record Deadline(Step Step, int WorkingDays, DateTimeOffset DueAt, string Rule, DateTimeOffset? WarnAt = null, DateTimeOffset? From = null, int Plus = 0);

/// <summary>The deadline of a report was put off, once, by somebody who answers for it.</summary>
/// <param name="Step">Which.</param>
/// <param name="WorkingDays">By how many working days.</param>
/// <param name="DueAt">The first instant that is too late now.</param>
/// <param name="Office">Who did it; see <see cref="Rung"/>.</param>
/// <param name="Reason">What the reporter is told, sealed.</param>
/// <param name="Deadlines">All deadlines as they are now.</param>
public sealed record DeadlineExtended(
    string Ticket, Step Step, int WorkingDays, DateTimeOffset DueAt, string Office, string Reason, IReadOnlyList<Deadline> Deadlines);
