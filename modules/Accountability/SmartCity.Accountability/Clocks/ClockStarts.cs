using JasperFx.Events;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Clocks;

/// <summary>From when on a clock counts, as its history says: clocks that are older than <see cref="Deadline.From"/> do not say so themselves.</summary>
/// <param name="CountedFrom">From when on its working days count; null: nobody knows.</param>
/// <param name="SilentFrom">From when on the department is silent; null: its silence does not count.</param>
/// <param name="IsFixedDay">Answer and settlement have a day of their own, that of the work plan.</param>
/// <param name="SilenceWorkingDays">After so many working days it has been silent for too long.</param>
internal sealed record ClockStarts(DateTimeOffset? CountedFrom, DateTimeOffset? SilentFrom, bool IsFixedDay, int SilenceWorkingDays)
{
    /// <summary>Whether a step is due on a day of its own, whatever the calendar.</summary>
    public bool IsFixed(Step step) => IsFixedDay && step > Step.Assign;

    /// <summary>What the events of a clock say.</summary>
    /// <param name="filedAt">When its report was filed, for clocks that do not say so.</param>
    /// <param name="silenceAt">After how many working days of silence a report climbed by the policy of an instant.</param>
    public static ClockStarts Of(IEnumerable<IEvent> events, DateTimeOffset? filedAt, Func<DateTimeOffset, int> silenceAt)
    {
        var starts = events.Aggregate(new ClockStarts(filedAt, null, false, 0), (known, e) => e.Data switch
        {
            DeadlinesSet set => known with { CountedFrom = set.From ?? filedAt, IsFixedDay = false },
            AnswerDueSet => known with { IsFixedDay = true },
            DeadlinesOwed owed => known with { SilentFrom = owed.SilentAt is null ? null : owed.At ?? e.Timestamp },
            DepartmentActed acted => known with { SilentFrom = acted.SilentAt is null ? null : acted.At },
            ClockResumed resumed => known with { SilentFrom = resumed.SilentAt is null ? null : resumed.At },
            ClockRestarted restarted => known with { CountedFrom = restarted.At, IsFixedDay = false, SilentFrom = restarted.SilentAt is null ? null : restarted.At },
            LadderEntered entered => known with { SilentFrom = entered.SilentAt is null ? null : entered.At },
            LadderClimbed or LadderTakenOver => known with { SilentFrom = e.Timestamp },
            DeadlineMet { Step: Step.Answer } => known with { SilentFrom = null },
            _ => known,
        });
        return starts.SilentFrom is { } from ? starts with { SilenceWorkingDays = silenceAt(from) } : starts;
    }
}
