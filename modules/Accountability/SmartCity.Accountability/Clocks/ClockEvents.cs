using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Clocks;

// The clock of a report, in its own stream deadlines-TICKET. Names on the wire are given in the module.

/// <summary>By when what must have happened to a report.</summary>
internal sealed record DeadlinesSet(string Ticket, ReportClass Class, IReadOnlyList<Deadline> Deadlines);

/// <summary>From now on this department owes the next step.</summary>
internal sealed record DeadlinesOwed(string Department);

/// <summary>A step was done.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Event">Id of the event of the report that did it.</param>
internal sealed record DeadlineMet(Step Step, DateTimeOffset At, bool IsLate, Guid Event);

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
