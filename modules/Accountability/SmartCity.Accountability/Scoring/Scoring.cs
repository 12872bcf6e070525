using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Scoring;

/// <summary>What one report counts for.</summary>
internal sealed record Counted(
    string Department, ReportClass Class, bool IsAnswered, bool IsDue, bool IsInTime, bool IsSettled, double? HoursToAnswer, double? HoursToSettle, bool WasSettled, bool IsReopened,
    bool? IsSatisfied, bool IsOverdue);

/// <summary>Counting: no I/O, so that every case is a line in a test.</summary>
internal static class Scoring
{
    // What was never to be answered by itself says nothing about a department.
    private static readonly string[] NotCounted = ["withdrawn", "rejected", "merged", "split"];

    /// <summary>What a report counts for by its clock's events until an instant; null: it does not count.</summary>
    public static Counted? Count(IEnumerable<object> events, DateTimeOffset asOf)
    {
        ReportClock? clock = null;
        DeadlineMet? answered = null, settled = null;
        var reopened = false;
        foreach (var @event in events)
        {
            clock = ReportClock.After(clock, "", @event);
            reopened |= @event is ClockRestarted;
            answered ??= @event is DeadlineMet { Step: Step.Answer } first ? first : null;
            settled ??= @event is DeadlineMet { Step: Step.Settle } done ? done : null;
        }

        if (clock is not { FiledAt: { } filed } || NotCounted.Contains(clock.EndedWhy))
        {
            return null;
        }

        // A report that was settled at once was answered with that.
        var first_ = answered ?? settled;
        var due = clock.Deadlines.FirstOrDefault(d => d.Step == Step.Answer)?.DueAt;
        return new Counted(
            clock.Department ?? "", clock.Class, first_ is not null, first_ is not null || (clock.StoppedAt is null && due <= asOf), first_ is { IsLate: false },
            clock.IsMet(Step.Settle), (first_?.At - filed)?.TotalHours, (settled?.At - filed)?.TotalHours, settled is not null, reopened, clock.IsSatisfied, clock.IsOverdue(asOf));
    }

    /// <summary>Counts of many reports.</summary>
    public static Score Of(IReadOnlyCollection<Counted> reports)
    {
        var (due, settled, judged) = (reports.Count(r => r.IsDue), reports.Count(r => r.WasSettled), reports.Count(r => r.IsSatisfied is not null));
        var (inTime, reopened, satisfied) = (reports.Count(r => r.IsDue && r.IsInTime), reports.Count(r => r.IsReopened && r.WasSettled), reports.Count(r => r.IsSatisfied == true));
        return new Score(
            reports.Count, reports.Count(r => r.IsAnswered), due, inTime, Rate(inTime, due), reports.Count(r => r.IsSettled),
            Median([.. reports.Select(r => r.HoursToAnswer).OfType<double>()]), Median([.. reports.Select(r => r.HoursToSettle).OfType<double>()]),
            reopened, Rate(reopened, settled), judged, satisfied, Rate(satisfied, judged), reports.Count(r => r.IsOverdue));
    }

    private static double? Rate(int part, int whole) => whole < Score.Fewest ? null : Math.Round((double)part / whole, 3);

    private static double? Median(double[] values)
    {
        if (values.Length < Score.Fewest)
        {
            return null;
        }

        Array.Sort(values);
        var middle = values.Length / 2;
        return Math.Round(values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2, 1);
    }
}
