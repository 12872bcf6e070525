using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Tests;

public class The_deadlines_of_a_report
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");
    private static readonly DateTimeOffset Filed = At("2026-03-16").AddHours(9);
    private static readonly RegencyCalendar Calendar = RegencyCalendar.Of(Wib, [Year(2016, Days.Closed2016), Year(2026, Days.Closed2026)]);

    private static ClosedYear Year(int year, IReadOnlyList<DateOnly> dates) => new() { Id = ClosedYear.Stream(year), Year = year, Dates = dates, Source = "SKB" };

    private static DateTimeOffset At(string day) => new(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(7));

    private static ReportClock Clock(params object[] events) =>
        events.Prepend(Rules.Set("2026-000014", ReportClass.Complaint, Filed, Calendar)).Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, "deadlines-2026-000014", e))!;

    [Theory]
    [InlineData(ReportClass.Complaint, "2026-03-26", "2026-04-02", "2026-04-13")]
    [InlineData(ReportClass.Aspiration, "2026-03-26", "2026-04-02", "2026-04-13")]
    [InlineData(ReportClass.Proposal, "2026-03-26", "2026-04-02", "2026-04-13")]
    [InlineData(ReportClass.Information, "2026-03-26", "2026-03-30", "2026-03-30")] // the shorter limit binds
    [InlineData(ReportClass.Oversight, "2026-03-26", "2026-04-02", "2026-06-25")]
    public void depend_on_its_class(ReportClass @class, string assign, string answer, string settle)
    {
        var set = Rules.Set("2026-000014", @class, Filed, Calendar);

        set.Deadlines.Skip(1).Select(d => d.DueAt).ShouldBe([At(assign).AddDays(1), At(answer).AddDays(1), At(settle).AddDays(1)]);
        set.Deadlines[0].DueAt.ShouldBe(Calendar.Days.Deadline(Filed, 1));
        set.Deadlines.ShouldAllBe(d => d.Rule.Contains($"{d.WorkingDays} hari kerja") && d.Rule.Contains($"within {d.WorkingDays} working days") && !d.Rule.Contains("sementara"));
    }

    [Fact]
    public void are_provisional_when_the_holidays_of_a_year_are_not_known()
    {
        var set = Rules.Set("2026-000014", ReportClass.Complaint, At("2026-12-22"), Calendar);

        set.Deadlines.Select(d => d.Rule.Contains("provisional: the holidays of 2027 are not loaded")).ShouldBe([false, false, true, true]);
    }

    [Fact]
    public void begin_with_the_assignment()
    {
        var clock = Clock();

        clock.Next()!.Step.ShouldBe(Step.Assign);
        clock.IsOverdue(At("2026-03-26").AddHours(23)).ShouldBeFalse();
        clock.IsOverdue(At("2026-03-27")).ShouldBeTrue();
    }

    [Fact]
    public void are_met_by_an_assignment_in_time()
    {
        var (at, cause) = (Filed.AddHours(1), Guid.NewGuid());

        Rules.Assigned(Clock(), "DPU", at, cause, Calendar).ShouldBe([new DeadlinesOwed("DPU", Calendar.Days.Deadline(at, 3)), new DeadlineMet(Step.Assign, at, false, cause)]);
    }

    [Fact]
    public void are_met_late_by_a_late_one() =>
        Rules.Assigned(Clock(), "DPU", At("2026-03-27"), Guid.Empty, Calendar).OfType<DeadlineMet>().Single().IsLate.ShouldBeTrue();

    [Fact]
    public void are_met_once()
    {
        object[] events = [.. Rules.Assigned(Clock(), "DPU", Filed, Guid.Empty, Calendar)];

        Rules.Assigned(Clock(events), "DPU", Filed.AddDays(1), Guid.NewGuid(), Calendar).ShouldBeEmpty();
        Rules.Assigned(Clock(events), "DISHUB", Filed.AddDays(1), Guid.NewGuid(), Calendar).ShouldBe([new DeadlinesOwed("DISHUB", Calendar.Days.Deadline(Filed.AddDays(1), 3))]);
    }

    [Fact]
    public void go_on_after_an_answer_that_settles_nothing()
    {
        object[] events = [.. Rules.Assigned(Clock(), "DPU", Filed, Guid.Empty, Calendar), .. Rules.Answered(Clock(), false, Filed, Guid.Empty)];

        events.OfType<DeadlineMet>().Select(m => m.Step).ShouldBe([Step.Assign, Step.Answer]);
        Clock(events).Next()!.Step.ShouldBe(Step.Settle);
        Rules.Answered(Clock(events), false, Filed, Guid.Empty).ShouldBeEmpty();
    }

    [Fact]
    public void end_when_it_is_settled()
    {
        object[] events = [.. Rules.Answered(Clock(), true, Filed, Guid.Empty)];

        Clock(events).Next().ShouldBeNull();
        Clock(events).IsOverdue(At("2030-01-01")).ShouldBeFalse();
    }

    [Fact]
    public void are_none_for_a_report_without_a_clock() => Rules.Assigned(null, "DPU", Filed, Guid.Empty, Calendar).Concat(Rules.Answered(null, true, Filed, Guid.Empty)).ShouldBeEmpty();

    [Fact]
    public void need_each_year_of_holidays_on_its_own()
    {
        ImportHolidays Import(params IReadOnlyList<DateOnly> dates) => new("33.28", 2026, dates, "SKB");

        var imported = ImportHolidaysHandler.Decide(null, Import(Days.Closed2026))!;
        imported.Dates.ShouldBe(Days.Closed2026);
        ImportHolidaysHandler.Decide(Year(2026, Days.Closed2026), Import([.. Days.Closed2026.Reverse(), Days.Closed2026[0]])).ShouldBeNull();
        ImportHolidaysHandler.Decide(Year(2026, Days.Closed2026), Import(new DateOnly(2026, 1, 1))).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => ImportHolidaysHandler.Decide(null, Import(new DateOnly(2027, 1, 1)))).Message.ShouldContain("2027-01-01");
    }
}

public class The_clock_of_a_report
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");
    private static readonly RegencyCalendar Calendar = RegencyCalendar.Of(Wib, [new ClosedYear { Id = "calendar-2026", Year = 2026, Dates = [], Source = "SKB" }]);
    private static readonly DateTimeOffset Monday = new(2026, 9, 7, 9, 0, 0, TimeSpan.FromHours(7));

    private static ReportClock Clock(params IEnumerable<object> events) => events.Prepend(Rules.Set("2026-000014", ReportClass.Complaint, Monday, Calendar))
        .Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, "deadlines-2026-000014", e))!;

    private static ReportClock After(ReportClock clock, IEnumerable<object> events) => events.Aggregate(clock, (known, e) => ReportClock.After(known, known.Id, e)!);

    [Fact]
    public void stands_still_while_the_reporter_is_asked_and_adds_those_days()
    {
        var asked = Guid.NewGuid();
        var before = After(Clock(), Rules.Assigned(Clock(), "DPU", Monday.AddHours(1), Guid.NewGuid(), Calendar));
        var stopped = After(before, Rules.Asked(before, Monday.AddDays(1), asked));
        stopped.NextDueAt.ShouldBeNull();
        stopped.IsOverdue(Monday.AddDays(300)).ShouldBeFalse();

        // From Tuesday to Thursday of the week after: seven working days began meanwhile.
        var resumed = After(stopped, Rules.WentOn(stopped, Monday.AddDays(10), Guid.NewGuid(), Calendar));

        resumed.DueFor(Step.Assign).ShouldBe(before.DueFor(Step.Assign));
        resumed.DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 8 + 7));
        resumed.DueFor(Step.Settle).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 14 + 7));
        resumed.DueFor(Step.Settle).Rule.ShouldContain("plus 7 working days");
        // Told again, nothing changes.
        Rules.Asked(resumed, Monday.AddDays(1), asked).ShouldBeEmpty();
        Rules.WentOn(resumed, Monday.AddDays(10), Guid.NewGuid(), Calendar).ShouldBeEmpty();
    }

    [Fact]
    public void ends_with_what_is_not_handled_here_and_begins_anew_when_it_is_reopened()
    {
        var ended = After(Clock(), Rules.Ended(Clock(), "rejected", Monday.AddDays(1), Guid.NewGuid()));
        ended.NextDueAt.ShouldBeNull();

        var reopened = Guid.NewGuid();
        var again = After(ended, Rules.Reopened(ended, Monday.AddDays(7), reopened, Calendar));

        again.NextDueAt.ShouldBe(Calendar.Days.Deadline(Monday.AddDays(7), 3));
        Rules.Reopened(again, Monday.AddDays(7), reopened, Calendar).ShouldBeEmpty();
        Rules.Reopened(again, Monday.AddDays(8), Guid.NewGuid(), Calendar).ShouldBeEmpty();
    }

    [Fact]
    public void of_a_proposal_runs_until_its_own_day()
    {
        var due = new DateTimeOffset(2027, 7, 1, 0, 0, 0, TimeSpan.FromHours(7));
        var staged = After(Clock(), Rules.AnswerDue(Clock(), due, Calendar));

        staged.DueFor(Step.Settle).DueAt.ShouldBe(due);
        staged.DueFor(Step.Assign).DueAt.ShouldBe(Clock().DueFor(Step.Assign).DueAt);
        Rules.AnswerDue(staged, due, Calendar).ShouldBeEmpty();
    }
}
