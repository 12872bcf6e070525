using CsCheck;
using SmartCity.Platform.Calendar;

namespace SmartCity.Accountability.Tests;

public class A_working_calendar
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");
    private static readonly HashSet<DateOnly> Closed = [.. Days.Closed2016, .. Days.Closed2026];
    private static readonly WorkingCalendar Tegal = new(Wib, Closed);
    private static readonly Gen<DateTimeOffset> Instants = Gen.Int[0, 60 * 24 * 425].Select(minutes => new DateTimeOffset(2025, 12, 1, 0, 0, 0, default).AddMinutes(minutes));

    private static DateOnly LastDay(DateTimeOffset deadline) => DateOnly.FromDateTime(deadline.AddTicks(-1).DateTime);

    private static DateTimeOffset At(string text, TimeZoneInfo zone)
    {
        var local = DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    [Theory]
    [InlineData("2026-03-16", 3, "2026-03-26")] // Nyepi, Idul Fitri and cuti bersama in between
    [InlineData("2026-03-16", 5, "2026-03-30")]
    [InlineData("2026-03-16", 14, "2026-04-13")]
    [InlineData("2026-05-12", 3, "2026-05-19")]
    [InlineData("2026-05-12", 5, "2026-05-21")]
    [InlineData("2026-05-12", 14, "2026-06-08")]
    [InlineData("2026-03-14", 3, "2026-03-25")] // a Saturday
    [InlineData("2026-03-14", 5, "2026-03-27")]
    [InlineData("2026-03-14", 14, "2026-04-10")]
    [InlineData("2026-02-02", 60, "2026-05-08")]
    [InlineData("2016-10-31", 3, "2016-11-03")]
    [InlineData("2016-10-31", 5, "2016-11-07")]
    [InlineData("2016-10-31", 14, "2016-11-18")]
    [InlineData("2016-12-30", 1, "2017-01-02")] // over the end of the year
    [InlineData("2026-12-23", 1, "2026-12-28")] // over Christmas
    [InlineData("2026-12-30", 3, "2027-01-04")] // the holidays of 2027 are not known here
    [InlineData("2026-03-17", 0, "2026-03-17")]
    [InlineData("2026-03-18", 0, "2026-03-25")]
    public void counts_working_days_from_the_day_after(string received, int days, string due)
    {
        foreach (var hour in new[] { "00:00", "12:30", "23:59:59" })
        {
            var deadline = Tegal.Deadline(At($"{received} {hour}", Wib), days);
            deadline.ShouldBe(At(due, Wib).AddDays(1));
            deadline.Offset.ShouldBe(TimeSpan.FromHours(7));
        }
    }

    [Theory]
    [InlineData("Asia/Jakarta", 7, "2016-11-01")] // 16:30 UTC is 23:30 of Monday in the west, half past midnight of Tuesday in the middle
    [InlineData("Asia/Makassar", 8, "2016-11-02")]
    [InlineData("Asia/Jayapura", 9, "2016-11-02")]
    public void goes_by_the_clock_of_the_place(string zone, int offset, string due)
    {
        var place = TimeZoneInfo.FindSystemTimeZoneById(zone);

        var deadline = new WorkingCalendar(place, Closed).Deadline(new DateTimeOffset(2016, 10, 31, 16, 30, 0, TimeSpan.Zero), 1);

        deadline.ShouldBe(At(due, place).AddDays(1));
        deadline.Offset.ShouldBe(TimeSpan.FromHours(offset));
    }

    [Fact]
    public void never_ends_on_a_closed_day() => Gen.Select(Instants, Gen.Int[0, 80]).Sample((from, days) => Tegal.IsWorkingDay(LastDay(Tegal.Deadline(from, days))));

    [Fact]
    public void gives_so_many_working_days_and_no_more() => Gen.Select(Instants, Gen.Int[1, 80]).Sample((from, days) =>
    {
        var last = LastDay(Tegal.Deadline(from, days));
        var open = 0;
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, Wib).Date).AddDays(1); day <= last; day = day.AddDays(1))
        {
            open += Tegal.IsWorkingDay(day) ? 1 : 0;
        }

        return open == days;
    });

    [Fact]
    public void gives_later_deadlines_for_more_days() => Gen.Select(Instants, Gen.Int[0, 80]).Sample((from, days) => Tegal.Deadline(from, days) < Tegal.Deadline(from, days + 1) || days == 0);

    [Fact]
    public void gives_no_earlier_deadline_to_who_came_later() => Gen.Select(Instants, Instants, Gen.Int[0, 80]).Sample((one, other, days) =>
        Tegal.Deadline(one < other ? one : other, days) <= Tegal.Deadline(one < other ? other : one, days));

    [Fact]
    public void gives_no_earlier_deadline_when_more_days_are_closed() => Gen.Select(Instants, Gen.Int[0, 80], Gen.Int[0, 400].HashSet[0, 20]).Sample((from, days, extra) =>
        Tegal.Deadline(from, days) <= new WorkingCalendar(Wib, Closed.Concat(extra.Select(new DateOnly(2026, 1, 1).AddDays)).ToHashSet()).Deadline(from, days));

    [Fact]
    public void holds_on_the_clock_of_every_place_and_over_the_end_of_the_year() => Gen.Select(Instants, Gen.Int[0, 80], Gen.Int[0, 2]).Sample((from, days, place) =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(new[] { "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura" }[place]);
        var calendar = new WorkingCalendar(zone, Closed);

        var deadline = calendar.Deadline(from, days);

        return deadline > from && deadline.TimeOfDay == TimeSpan.Zero && deadline.Offset == zone.GetUtcOffset(deadline) && calendar.IsWorkingDay(LastDay(deadline))
            && calendar.WorkingDaysBetween(from, deadline.AddTicks(-1)) == (days == 0 && calendar.Day(from) == LastDay(deadline) ? 0 : Math.Max(days, 1));
    });

    [Fact]
    public void speaks_of_a_deadline_in_the_morning_of_a_working_day_before_it() => Gen.Select(Instants, Gen.Int[0, 80], Gen.Int[1, 9]).Sample((from, days, before) =>
    {
        var deadline = Tegal.Deadline(from, days);

        var morning = Tegal.Before(deadline, before, new TimeOnly(7, 30));

        return Tegal.IsWorkingDay(DateOnly.FromDateTime(morning.DateTime)) && morning.TimeOfDay == new TimeSpan(7, 30, 0) && Tegal.WorkingDaysBetween(morning, deadline.AddTicks(-1)) == before - 1;
    });

    [Fact]
    public void counts_no_days_backward() => Should.Throw<ArgumentOutOfRangeException>(() => Tegal.Deadline(DateTimeOffset.UnixEpoch, -1));
}

internal static class Days
{
    /// <summary>National holidays and cuti bersama of 2016.</summary>
    public static IReadOnlyList<DateOnly> Closed2016 { get; } = Of(2016,
        "01-01 02-08 03-09 03-25 05-01 05-05 05-06 05-22 07-04 07-05 07-06 07-07 07-08 08-17 09-12 10-02 12-12 12-25 12-26");

    /// <summary>National holidays and cuti bersama of 2026.</summary>
    public static IReadOnlyList<DateOnly> Closed2026 { get; } = Of(2026,
        "01-01 01-16 02-16 02-17 03-18 03-19 03-20 03-21 03-22 03-23 03-24 04-03 04-05 05-01 05-14 05-15 05-27 05-28 05-31 06-01 06-16 08-17 08-25 12-24 12-25");

    private static DateOnly[] Of(int year, string dates) =>
        [.. dates.Split(' ').Select(d => DateOnly.ParseExact($"{year}-{d}", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))];
}
