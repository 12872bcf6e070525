namespace SmartCity.Platform.Calendar;

/// <summary>
/// Working days of a regency: not Saturday, not Sunday, not a national holiday or <i>cuti bersama</i> (fixed each year by a
/// joint decree of three ministers), not a local closure.
/// </summary>
/// <param name="zone">The place's clock.</param>
/// <param name="closed">Closed dates besides weekends.</param>
public sealed class WorkingCalendar(TimeZoneInfo zone, IReadOnlySet<DateOnly> closed)
{
    /// <summary>Whether offices are open.</summary>
    public bool IsWorkingDay(DateOnly date) =>
        date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !closed.Contains(date);

    /// <summary>How many working days began after one instant and not after the other.</summary>
    public int WorkingDaysBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var (day, last, count) = (Day(from), Day(to), 0);
        while (day < last)
        {
            day = day.AddDays(1);
            count += IsWorkingDay(day) ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// The deadline a number of working days after an instant: day 1 is the next working day after receipt, due at the end of the last day.
    /// </summary>
    /// <param name="from">When it was received.</param>
    /// <param name="workingDays">At least 0; 0 is the end of the day itself, or of the next working day.</param>
    /// <returns>The first instant after the deadline's day, as an offset of the place.</returns>
    public DateTimeOffset Deadline(DateTimeOffset from, int workingDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        var day = Day(from);
        for (var left = workingDays; left > 0 || !IsWorkingDay(day);)
        {
            day = day.AddDays(1);
            if (left > 0 && IsWorkingDay(day))
            {
                left--;
            }
        }

        var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(end, zone.GetUtcOffset(end));
    }

    /// <summary>
    /// When to speak of a deadline beforehand: in the morning of the last of so many working days that are left of it.
    /// </summary>
    /// <param name="deadline">The first instant that is too late.</param>
    /// <param name="workingDays">At least 1; 1 is the last day itself, or the last working day before it.</param>
    /// <param name="at">When people begin to read.</param>
    public DateTimeOffset Before(DateTimeOffset deadline, int workingDays, TimeOnly at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workingDays, 1);
        var day = Day(deadline.AddTicks(-1));
        for (var left = workingDays; ; day = day.AddDays(-1))
        {
            if (IsWorkingDay(day) && --left == 0)
            {
                var morning = day.ToDateTime(at);
                return new DateTimeOffset(morning, zone.GetUtcOffset(morning));
            }
        }
    }

    /// <summary>The day at the place.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).Date);
}
