using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Clocks;

// The clock of a report, in its own stream deadlines-TICKET. Names on the wire are given in the module.

/// <summary>By when what must have happened to a report.</summary>
/// <param name="From">From when its days count.</param>
internal sealed record DeadlinesSet(string Ticket, ReportClass Class, IReadOnlyList<Deadline> Deadlines, DateTimeOffset? From = null);

/// <summary>From now on this department owes the next step; none: a dispatcher.</summary>
internal sealed record DeadlinesOwed(string? Department);

/// <summary>A step was done.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record DeadlineMet(Step Step, DateTimeOffset At, bool IsLate, Guid Event);

/// <summary>Everybody waits for the reporter: nothing is owed meanwhile.</summary>
/// <param name="At">Since when.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockStopped(DateTimeOffset At, Guid Event);

/// <summary>It goes on, each deadline that was not met put off by as many working days as it stood still.</summary>
/// <param name="Deadlines">As they are now.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockResumed(DateTimeOffset At, IReadOnlyList<Deadline> Deadlines, Guid Event);

/// <summary>Nothing more is owed for it here.</summary>
/// <param name="Why">State of the report: <c>rejected</c>, <c>withdrawn</c>, <c>merged</c>, <c>split</c>, <c>closed</c>.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockEnded(DateTimeOffset At, string Why, Guid Event);

/// <summary>The report was reopened: answer and settlement are owed again, within the same days from then on.</summary>
/// <param name="Deadlines">As they are now.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record ClockRestarted(DateTimeOffset At, IReadOnlyList<Deadline> Deadlines, Guid Event);

/// <summary>A proposal is answered by another day than the class says: with the yearly work plan.</summary>
/// <param name="Deadlines">As they are now.</param>
internal sealed record AnswerDueSet(IReadOnlyList<Deadline> Deadlines);

/// <summary>What has a deadline, in this order.</summary>
internal enum Step
{
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
internal sealed record Deadline(Step Step, int WorkingDays, DateTimeOffset DueAt, string Rule);
