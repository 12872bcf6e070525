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

/// <summary>Loads the closed dates of a year for a regency: national holidays, cuti bersama, local closures. Replaces that year.</summary>
/// <param name="Source">The decree they come from.</param>
public sealed record ImportHolidays(string Regency, int Year, IReadOnlyList<DateOnly> Dates, string Source) : IRequest;

/// <summary>When a number of working days after an instant is over, by the regency's calendar.</summary>
/// <param name="WorkingDays">At least 0.</param>
public sealed record GetWorkingDeadline(string Regency, DateTimeOffset From, int WorkingDays) : IRequest<WorkingDeadline>;

/// <summary>The end of some working days.</summary>
/// <param name="At">The first instant that is too late.</param>
public sealed record WorkingDeadline(DateTimeOffset At);
