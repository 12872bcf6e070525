using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Clocks;

// The clock of a report, in its own stream deadlines-TICKET. Names on the wire are given in the module.

/// <summary>By when what must have happened to a report.</summary>
/// <param name="From">From when its days count.</param>
/// <param name="Category">The category that they were set for.</param>
/// <param name="Pauses">When the clock of the whole had stood still, of which this is a part.</param>
internal sealed record DeadlinesSet(
    string Ticket, ReportClass Class, IReadOnlyList<Deadline> Deadlines, DateTimeOffset? From = null, string? Category = null, IReadOnlyList<Pause>? Pauses = null);

/// <summary>From now on this department owes the next step; none: a dispatcher.</summary>
/// <param name="SilentAt">When it has been silent for too long, unless it does something before.</param>
/// <param name="At">Since when it owes it; null in events older than this: when it was written.</param>
internal sealed record DeadlinesOwed(string? Department, DateTimeOffset? SilentAt = null, DateTimeOffset? At = null);

/// <summary>The department did something that meets no deadline: its silence counts from here.</summary>
/// <param name="At">When it was done.</param>
/// <param name="SilentAt">When it has been silent for too long again; null: silence does not count any more.</param>
internal sealed record DepartmentActed(DateTimeOffset At, DateTimeOffset? SilentAt);

/// <summary>A step was done.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record DeadlineMet(Step Step, DateTimeOffset At, bool IsLate, Guid Event);

/// <summary>Why a clock stands still.</summary>
internal enum StopReason
{
    /// <summary>The reporter was asked for more. Also of events that are older than the reasons.</summary>
    Reporter,

    /// <summary>The report is with a body outside the regency.</summary>
    Outside,
}

/// <summary>A time during which a clock stood still.</summary>
internal sealed record Pause(DateTimeOffset From, DateTimeOffset To, StopReason Reason);

/// <summary>Everybody waits for the reporter or for a body outside: nothing is owed here meanwhile.</summary>
/// <param name="At">Since when.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockStopped(DateTimeOffset At, Guid Event, StopReason Reason = StopReason.Reporter);

/// <summary>It goes on, each deadline that was not met put off by as many working days as it stood still.</summary>
/// <param name="Deadlines">As they are now.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
/// <param name="SilentAt">When the department has been silent for too long.</param>
internal sealed record ClockResumed(DateTimeOffset At, IReadOnlyList<Deadline> Deadlines, Guid Event, DateTimeOffset? SilentAt = null);

/// <summary>Nothing more is owed for it here.</summary>
/// <param name="Why">State of the report: <c>rejected</c>, <c>withdrawn</c>, <c>merged</c>, <c>split</c>, <c>closed</c>.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockEnded(DateTimeOffset At, string Why, Guid Event);

/// <summary>The report was reopened: answer and settlement are owed again, within the same days from then on.</summary>
/// <param name="Deadlines">As they are now.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
/// <param name="SilentAt">When the department has been silent for too long.</param>
internal sealed record ClockRestarted(DateTimeOffset At, IReadOnlyList<Deadline> Deadlines, Guid Event, DateTimeOffset? SilentAt = null);

/// <summary>A proposal is answered by another day than the class says: with the yearly work plan.</summary>
/// <param name="Deadlines">As they are now.</param>
internal sealed record AnswerDueSet(IReadOnlyList<Deadline> Deadlines);

/// <summary>The calendar has changed: deadlines that were neither met nor missed are counted again, and so are the days of silence.</summary>
/// <param name="Deadlines">As they are now.</param>
/// <param name="Why">What changed in the calendar, Indonesian and English.</param>
/// <param name="Event">Id of the event of the calendar.</param>
/// <param name="SilentAt">When the department has been silent for too long; null: as before.</param>
internal sealed record DeadlinesRecounted(IReadOnlyList<Deadline> Deadlines, string Why, Guid Event, DateTimeOffset? SilentAt = null);

/// <summary>The clock is older than the ladder; from now on it is looked at.</summary>
/// <param name="SilentAt">When the department has been silent for too long.</param>
internal sealed record LadderEntered(DateTimeOffset At, DateTimeOffset? SilentAt);

/// <summary>What the reporter thinks of the answer, as far as numbers need it.</summary>
/// <param name="Event">Id of the event of the report.</param>
internal sealed record AnswerJudged(DateTimeOffset At, bool IsSatisfied, Guid Event);
