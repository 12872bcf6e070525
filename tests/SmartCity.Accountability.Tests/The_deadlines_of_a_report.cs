using CsCheck;
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

        Rules.Assigned(Clock(), "DPU", at, cause, Calendar).ShouldBe([new DeadlinesOwed("DPU", Calendar.Days.Deadline(at, 3), at), new DeadlineMet(Step.Assign, at, false, cause)]);
    }

    [Fact]
    public void are_met_late_by_a_late_one() =>
        Rules.Assigned(Clock(), "DPU", At("2026-03-27"), Guid.Empty, Calendar).OfType<DeadlineMet>().Single().IsLate.ShouldBeTrue();

    [Fact]
    public void are_met_once()
    {
        object[] events = [.. Rules.Assigned(Clock(), "DPU", Filed, Guid.Empty, Calendar)];

        Rules.Assigned(Clock(events), "DPU", Filed.AddDays(1), Guid.NewGuid(), Calendar).ShouldBeEmpty();
        Rules.Assigned(Clock(events), "DISHUB", Filed.AddDays(1), Guid.NewGuid(), Calendar).ShouldBe([new DeadlinesOwed("DISHUB", Calendar.Days.Deadline(Filed.AddDays(1), 3), Filed.AddDays(1))]);
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
    public void stands_still_while_a_body_outside_has_the_report_and_says_so()
    {
        var forwarded = Guid.NewGuid();
        var stopped = After(Clock(), Rules.Forwarded(Clock(), Monday.AddDays(1), forwarded, Calendar));
        (stopped.NextDueAt, stopped.LookAt, stopped.IsMet(Step.Assign)).ShouldBe((null, null, true));
        Rules.Forwarded(stopped, Monday.AddDays(1), forwarded, Calendar).ShouldBeEmpty("told again, nothing changes");
        Rules.Forwarded(stopped, Monday.AddDays(2), Guid.NewGuid(), Calendar).ShouldBeEmpty("to another body, it stands still as before");
        Rules.Asked(stopped, Monday.AddDays(2), Guid.NewGuid()).ShouldBeEmpty();
        Rules.Supplemented(stopped, Monday.AddDays(3), Guid.NewGuid(), Calendar).ShouldBeEmpty("what the reporter adds does not bring it back");

        object[] back = [.. Rules.WentOn(stopped, Monday.AddDays(10), Guid.NewGuid(), Calendar)];
        var resumed = After(stopped, back);
        resumed = After(resumed, Rules.Assigned(resumed, "DPU", Monday.AddDays(10), Guid.NewGuid(), Calendar));

        resumed.DueFor(Step.Settle).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 14 + 7));
        resumed.DueFor(Step.Settle).Rule.ShouldContain("ditambah 7 hari kerja berada di instansi lain / plus 7 working days with a body outside");
        (resumed.Department, resumed.IsOutside).ShouldBe(("DPU", false));
    }

    [Fact]
    public void counts_what_a_body_outside_answers_and_stands_still_until_the_matter_is_done()
    {
        var outside = After(Clock(), Rules.Forwarded(Clock(), Monday.AddDays(1), Guid.NewGuid(), Calendar));

        var answered = After(outside, Rules.AnswerCame(outside, false, Monday.AddDays(60), Guid.NewGuid(), Calendar));
        (answered.IsMet(Step.Answer), answered.NextDueAt, answered.StoppedFor).ShouldBe((true, null, StopReason.Outside));
        answered.Met.ShouldAllBe(m => !m.IsLate);
        Rules.AnswerCame(answered, false, Monday.AddDays(61), Guid.NewGuid(), Calendar).ShouldBeEmpty();

        var settled = After(answered, Rules.AnswerCame(answered, true, Monday.AddDays(90), Guid.NewGuid(), Calendar));
        settled.Next().ShouldBeNull();
        settled.Met.ShouldAllBe(m => !m.IsLate);

        // It goes back to the body that had it, and the clock does not run.
        var again = After(settled, Rules.Reopened(settled, Monday.AddDays(95), Guid.NewGuid(), Calendar));
        (again.Next()?.Step, again.NextDueAt).ShouldBe((Step.Answer, null));
        var back = After(again, Rules.CameBack(again, Monday.AddDays(96), Guid.NewGuid(), Calendar));
        (back.NextDueAt is not null, back.IsOutside, back.Department).ShouldBe((true, false, null));
    }

    [Fact]
    public void goes_from_waiting_for_the_reporter_into_waiting_for_a_body_without_counting_a_day_twice()
    {
        var asked = After(Clock(), Rules.Asked(Clock(), Monday.AddDays(1), Guid.NewGuid()));
        var outside = After(asked, Rules.Forwarded(asked, Monday.AddDays(3), Guid.NewGuid(), Calendar));
        var back = After(outside, Rules.WentOn(outside, Monday.AddDays(8), Guid.NewGuid(), Calendar));

        back.Pauses.Select(p => p.Reason).ShouldBe([StopReason.Reporter, StopReason.Outside]);
        back.DueFor(Step.Settle).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 14 + 5));
        back.DueFor(Step.Settle).Rule.ShouldContain("plus 2 working days of waiting for the reporter");
        back.DueFor(Step.Settle).Rule.ShouldContain("plus 3 working days with a body outside");
    }

    [Fact]
    public void is_not_late_for_what_ran_out_while_it_stood_still()
    {
        // Friday is the last day for the answer; nobody works at the weekend.
        var (friday, saturday, sunday) = (Monday.AddDays(11).AddHours(6), Monday.AddDays(12), Monday.AddDays(13));
        var clock = After(Clock(), Rules.Assigned(Clock(), "DPU", Monday.AddHours(1), Guid.NewGuid(), Calendar));
        var last = Calendar.Days.Deadline(friday, 0);
        clock = clock with { Deadlines = [.. clock.Deadlines.Select(d => d.Step == Step.Answer ? d with { DueAt = last } : d)] };
        var asked = After(clock, Rules.Asked(clock, friday, Guid.NewGuid()));

        var resumed = After(asked, Rules.WentOn(asked, saturday, Guid.NewGuid(), Calendar));
        resumed.DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(saturday, 0));
        resumed.DueFor(Step.Answer).Rule.ShouldContain("ran out while the clock stood still");

        // From waiting for the reporter to a body outside on Saturday: it is the same stop, and what that body says on Sunday is in time.
        var outside = After(asked, Rules.Forwarded(asked, saturday, Guid.NewGuid(), Calendar));
        After(outside, Rules.AnswerCame(outside, false, sunday, Guid.NewGuid(), Calendar)).Met.ShouldAllBe(m => !m.IsLate);
        After(outside, Rules.WentOn(outside, sunday, Guid.NewGuid(), Calendar)).DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(sunday, 0));
        After(outside, Rules.WentOn(outside, Monday.AddDays(15), Guid.NewGuid(), Calendar)).DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(friday, 2));
    }

    [Fact]
    public void is_assigned_in_time_by_a_forwarding_after_it_waited_for_the_reporter()
    {
        var asked = After(Clock(), Rules.Asked(Clock(), Monday.AddDays(1), Guid.NewGuid()));

        After(asked, Rules.Forwarded(asked, Monday.AddDays(20), Guid.NewGuid(), Calendar)).Met.ShouldHaveSingleItem().IsLate.ShouldBeFalse();
    }

    [Fact]
    public void keeps_the_days_it_stood_still_under_another_class()
    {
        var asked = After(Clock(), Rules.Asked(Clock(), Monday.AddDays(1), Guid.NewGuid()));
        var resumed = After(asked, Rules.WentOn(asked, Monday.AddDays(3), Guid.NewGuid(), Calendar));

        Rules.Set(resumed.Ticket, ReportClass.Information, Monday, Calendar, null, resumed).Deadlines.Single(d => d.Step == Step.Settle).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 5 + 2));
    }

    [Fact]
    public void reads_a_stop_from_before_there_were_reasons()
    {
        var json = $$"""{"At":"2026-09-08T09:00:00+07:00","Event":"{{Guid.NewGuid()}}"}""";

        System.Text.Json.JsonSerializer.Deserialize<ClockStopped>(json)!.Reason.ShouldBe(StopReason.Reporter);
        System.Text.Json.JsonSerializer.Deserialize<Deadline>("""{"Step":3,"WorkingDays":14,"DueAt":"2026-09-28T00:00:00+07:00","Rule":"r"}""")!.ShouldBe(
            new Deadline(Step.Settle, 14, new DateTimeOffset(2026, 9, 28, 0, 0, 0, TimeSpan.FromHours(7)), "r"));
    }

    [Fact]
    public void stands_still_for_exactly_the_working_days_that_somebody_else_had_the_report() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 40]).Array[1, 30].Sample(steps =>
        {
            var (clock, now) = (Clock(), Monday);
            var (state, before) = ("here", "here");
            var stood = new List<(DateTimeOffset From, DateTimeOffset To)>();
            DateTimeOffset? since = null;
            foreach (var (what, hours) in steps)
            {
                now = now.AddHours(hours);
                var cause = Guid.NewGuid();
                // What the moves of a report do to where it is, told apart from what the clock makes of them.
                var next = (what, state) switch
                {
                    (0, not "waits") => "waits",
                    (1, "waits") => before,
                    (2, _) => "outside",
                    (3, "outside" or "waits") => "here",
                    (4, "outside") => "outside",
                    _ => state,
                };
                IEnumerable<object> happens = what switch
                {
                    0 when state != "waits" => Rules.Asked(clock, now, cause),
                    1 when state == "waits" => Rules.Supplemented(clock, now, cause, Calendar),
                    2 => Rules.Forwarded(clock, now, cause, Calendar),
                    3 when state != "here" => Rules.WentOn(clock, now, cause, Calendar).Append(new DeadlinesOwed("DPU")),
                    4 when state == "outside" => Rules.AnswerCame(clock, false, now, cause, Calendar),
                    _ => [],
                };
                object[] events = [.. happens];
                foreach (var e in events)
                {
                    (e is ClockStopped && clock.StoppedAt is not null).ShouldBeFalse("it is not stopped twice");
                    (e is ClockResumed && clock.StoppedAt is null).ShouldBeFalse("only what stands still goes on");
                    clock = ReportClock.After(clock, clock.Id, e)!;
                }

                before = what == 0 && state != "waits" ? state : before;
                if (next != "here" && state == "here")
                {
                    since = now;
                }
                else if (next == "here" && since is { } from)
                {
                    stood.Add((from, now));
                    since = null;
                }

                state = next;
                (clock.StoppedAt is not null).ShouldBe(state != "here");
            }

            if (since is { } last)
            {
                clock = After(clock, Rules.WentOn(clock, now, Guid.NewGuid(), Calendar));
                stood.Add((last, now));
            }

            var due = stood.Aggregate(Calendar.Days.Deadline(Monday, 14), (known, pause) => known <= pause.From ? known
                : Calendar.Days.Deadline(known.AddTicks(-1), Calendar.Days.WorkingDaysBetween(pause.From, pause.To)) is var moved && moved > pause.To ? moved : Calendar.Days.Deadline(pause.To, 0));
            clock.DueFor(Step.Settle).DueAt.ShouldBe(due);
            Rules.Recounted(clock, Starts, ("sama", "same"), Guid.NewGuid(), Monday, Calendar).ShouldBeEmpty("the same calendar counts the same");
        }, iter: 20_000);

    private static readonly ClockStarts Starts = new(null, null, false, 0);

    private static RegencyCalendar With(params string[] closed) => RegencyCalendar.Of(Wib,
        [new ClosedYear { Id = "calendar-2026", Year = 2026, Dates = [.. closed.Select(d => DateOnly.Parse(d, System.Globalization.CultureInfo.InvariantCulture))], Source = "SKB" }]);

    [Fact]
    public void is_counted_again_when_the_calendar_changes_and_says_why()
    {
        var (why, cause) = (("hari libur 2026 (SKB)", "holidays of 2026 (SKB)"), Guid.NewGuid());
        var more = With("2026-09-10", "2026-09-22");
        var clock = After(Clock(), Rules.Assigned(Clock(), "DPU", Monday.AddHours(1), Guid.NewGuid(), Calendar));

        var moved = Rules.Recounted(clock, Starts, why, cause, Monday.AddDays(1), more).ShouldHaveSingleItem().ShouldBeOfType<DeadlinesRecounted>();
        moved.Event.ShouldBe(cause);
        var after = After(clock, [moved]);

        after.DueFor(Step.Assign).ShouldBe(clock.DueFor(Step.Assign), "it was met");
        after.DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 8 + 1));
        after.DueFor(Step.Settle).DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 14 + 2));
        after.DueFor(Step.Settle).Rule.ShouldContain("dihitung ulang: hari libur 2026 (SKB) / recounted: holidays of 2026 (SKB)");
        Rules.Recounted(after, Starts, why, cause, Monday.AddDays(1), more).ShouldBeEmpty("told again, nothing moves");
        Rules.Recounted(clock, Starts, why, cause, Monday.AddDays(300), more).ShouldBeEmpty("what was missed stays");
        // And back: nothing is moved into the past.
        var late = clock.DueFor(Step.Answer).DueAt.AddHours(3);
        After(after, Rules.Recounted(after, Starts, why, cause, late, Calendar)).DueFor(Step.Answer).DueAt.ShouldBe(Calendar.Days.Deadline(late, 0));
    }

    [Fact]
    public void is_provisional_no_longer_once_the_year_is_loaded()
    {
        var unknown = RegencyCalendar.Of(Wib, []);
        var clock = ReportClock.After(null, "deadlines-1", Rules.Set("1", ReportClass.Complaint, Monday, unknown))!;

        var after = After(clock, Rules.Recounted(clock, Starts, ("hari libur 2026", "holidays of 2026"), Guid.NewGuid(), Monday, Calendar));

        after.Deadlines.ShouldAllBe(d => !d.Rule.Contains("sementara") && !d.Rule.Contains("provisional") && !d.Rule.Contains("dihitung ulang"));
        after.Deadlines.Select(d => d.DueAt).ShouldBe(clock.Deadlines.Select(d => d.DueAt));
    }

    [Fact]
    public void counted_again_comes_to_what_it_would_have_been_had_the_days_been_known_from_the_first() =>
        Gen.Select(Gen.Int[0, 40].HashSet[0, 8], Gen.Int[1, 60], Gen.Int[1, 200], Gen.Int[0, 10]).Sample((extra, askedAfter, waited, extension) =>
        {
            var known = With([.. extra.Select(d => new DateOnly(2026, 9, 8).AddDays(d).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))]);
            ReportClock Lived(RegencyCalendar calendar)
            {
                var clock = ReportClock.After(null, "deadlines-1", Rules.Set("1", ReportClass.Complaint, Monday, calendar))!;
                clock = After(clock, Rules.Assigned(clock, "DPU", Monday.AddMinutes(5), Guid.NewGuid(), calendar));
                clock = extension == 0 ? clock : After(clock, [Accountability.Climbing.Ladder.Extend(clock, clock.Next()!, extension, "regent", "bupati", "r", calendar, Monday.AddMinutes(6))]);
                clock = After(clock, Rules.Forwarded(clock, Monday.AddHours(askedAfter), Guid.NewGuid(), calendar));
                return After(clock, Rules.WentOn(clock, Monday.AddHours(askedAfter + waited), Guid.NewGuid(), calendar));
            }

            var (first, later) = (Lived(known), Lived(Calendar));
            later = After(later, Rules.Recounted(later, Starts, ("x", "x"), Guid.NewGuid(), Monday, known));

            later.Deadlines.Where(d => d.Step > Step.Assign).Select(d => (d.DueAt, d.WarnAt)).ShouldBe(first.Deadlines.Where(d => d.Step > Step.Assign).Select(d => (d.DueAt, d.WarnAt)));
        }, iter: 2000);

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

    private static ClockStarts StartsOf(DateTimeOffset? filedAt, params (object Data, DateTimeOffset At)[] events) =>
        ClockStarts.Of(events.Select(e => { var wrapped = JasperFx.Events.Event.For(e.Data); wrapped.Timestamp = e.At; return wrapped; }), filedAt, _ => 3);

    [Fact]
    public void counts_the_days_of_silence_again_when_the_calendar_changes()
    {
        var (set, owed) = (Rules.Set("1", ReportClass.Complaint, Monday, Calendar), new DeadlinesOwed("DPU", Calendar.Days.Deadline(Monday, 3), Monday));
        var clock = After(ReportClock.After(null, "deadlines-1", set)!, [owed]);
        var starts = StartsOf(Monday, (set, Monday), (owed, Monday.AddMinutes(1)));
        var wednesday = DateOnly.FromDateTime(Monday.AddDays(2).ToOffset(TimeSpan.FromHours(7)).Date).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var moved = Rules.Recounted(clock, starts, ("tutup", "closed"), Guid.NewGuid(), Monday.AddHours(1), With(wednesday)).ShouldHaveSingleItem().ShouldBeOfType<DeadlinesRecounted>();
        moved.SilentAt.ShouldBe(Calendar.Days.Deadline(Monday, 4));
        var after = After(clock, [moved]);
        after.SilentAt.ShouldBe(moved.SilentAt);
        Rules.Recounted(after, starts, ("tutup", "closed"), Guid.NewGuid(), Monday.AddHours(1), With(wednesday)).ShouldBeEmpty("told again, nothing moves");
        Rules.Recounted(after, starts, ("buka", "open"), Guid.NewGuid(), Monday.AddHours(1), Calendar).ShouldHaveSingleItem().ShouldBeOfType<DeadlinesRecounted>().SilentAt.ShouldBe(clock.SilentAt);
        // Silence that is over by the new count is over from now on, not from the past.
        var late = clock.SilentAt!.Value.AddHours(3);
        Rules.Recounted(after, starts, ("buka", "open"), Guid.NewGuid(), late, Calendar).OfType<DeadlinesRecounted>().Single().SilentAt.ShouldBe(Calendar.Days.Deadline(late, 0));
    }

    [Fact]
    public void knows_from_its_history_since_when_it_is_silent()
    {
        (object, DateTimeOffset) owed = (new DeadlinesOwed("DPU", Monday.AddDays(3)), Monday.AddMinutes(1));

        StartsOf(null, owed).SilentFrom.ShouldBe(Monday.AddMinutes(1), "an older event does not say when");
        StartsOf(null, owed, (new DepartmentActed(Monday.AddDays(1), Monday.AddDays(4)), Monday.AddDays(2))).SilentFrom.ShouldBe(Monday.AddDays(1));
        StartsOf(null, owed, (new DepartmentActed(Monday.AddDays(1), null), Monday.AddDays(2))).SilentFrom.ShouldBeNull("its silence does not count any more");
        StartsOf(null, owed, (new DeadlineMet(Step.Answer, Monday.AddDays(1), false, Guid.NewGuid()), Monday.AddDays(1))).SilentFrom.ShouldBeNull();
    }

    [Fact]
    public void that_is_older_than_its_start_is_counted_again_from_where_its_history_says()
    {
        var set = Rules.Set("1", ReportClass.Complaint, Monday, Calendar) with { From = null };
        set = set with { Deadlines = [.. set.Deadlines.Select(d => d with { From = null })] };
        var clock = ReportClock.After(null, "deadlines-1", set)!;
        var more = With("2026-09-10", "2026-09-22");

        var after = After(clock, Rules.Recounted(clock, StartsOf(Monday, (set, Monday.AddSeconds(2))), ("x", "x"), Guid.NewGuid(), Monday.AddHours(1), more));
        after.DueFor(Step.Settle).ShouldSatisfyAllConditions(d => d.DueAt.ShouldBe(Calendar.Days.Deadline(Monday, 14 + 2)), d => d.From.ShouldBe(Monday));

        // Nobody knows when it was filed: it stays, and says so once.
        var unknown = After(clock, Rules.Recounted(clock, StartsOf(null, (set, Monday)), ("x", "x"), Guid.NewGuid(), Monday.AddHours(1), more));
        unknown.DueFor(Step.Settle).DueAt.ShouldBe(clock.DueFor(Step.Settle).DueAt);
        unknown.DueFor(Step.Settle).Rule.ShouldContain("not recounted: its start is not known");
        Rules.Recounted(unknown, StartsOf(null, (set, Monday)), ("x", "x"), Guid.NewGuid(), Monday.AddHours(1), more).ShouldBeEmpty();
    }

    [Fact]
    public void of_a_proposal_is_not_moved_by_the_calendar()
    {
        var due = new DateTimeOffset(2027, 7, 1, 0, 0, 0, TimeSpan.FromHours(7));
        var (set, day) = (Rules.Set("1", ReportClass.Proposal, Monday, Calendar), (AnswerDueSet)Rules.AnswerDue(ReportClock.After(null, "deadlines-1", Rules.Set("1", ReportClass.Proposal, Monday, Calendar)), due, Calendar).Single());
        var clock = After(ReportClock.After(null, "deadlines-1", set)!, [day]);

        var after = After(clock, Rules.Recounted(clock, StartsOf(Monday, (set, Monday), (day, Monday)), ("x", "x"), Guid.NewGuid(), Monday.AddHours(1), With("2026-09-10")));
        after.DueFor(Step.Settle).ShouldBe(clock.DueFor(Step.Settle));
        after.DueFor(Step.Assign).DueAt.ShouldBeGreaterThan(clock.DueFor(Step.Assign).DueAt);
    }

    [Fact]
    public void stands_still_with_a_partner_outside_that_works_here()
    {
        var (cause, at) = (Guid.NewGuid(), Monday.AddHours(2));
        var with = After(Clock(), Rules.ToPartner(Clock(), "PLN", at, cause, Calendar));

        with.ShouldSatisfyAllConditions(c => c.Department.ShouldBe("PLN"), c => c.StoppedFor.ShouldBe(StopReason.Outside), c => c.NextDueAt.ShouldBeNull(), c => c.LookAt.ShouldBeNull(), c => c.IsMet(Step.Assign).ShouldBeTrue());
        Rules.ToPartner(with, "PLN", at, cause, Calendar).ShouldBeEmpty("told again");
        Rules.Supplemented(with, at.AddDays(1), Guid.NewGuid(), Calendar).ShouldBeEmpty("work that begins there changes nothing");
        Rules.Asked(with, at.AddDays(1), Guid.NewGuid()).ShouldBeEmpty();
        var answered = After(with, Rules.AnswerCame(with, false, at.AddDays(2), Guid.NewGuid(), Calendar));
        answered.ShouldSatisfyAllConditions(c => c.IsMet(Step.Answer).ShouldBeTrue(), c => c.StoppedAt.ShouldNotBeNull());
        // Back at a department of the regency, the days with the partner do not count.
        var back = After(answered, Rules.WentOn(answered, at.AddDays(30), Guid.NewGuid(), Calendar));
        back = After(back, Rules.Assigned(back, "DPU", at.AddDays(30), Guid.NewGuid(), Calendar));
        back.ShouldSatisfyAllConditions(c => c.Department.ShouldBe("DPU"), c => c.IsOutside.ShouldBeFalse(), c => c.DueFor(Step.Settle).DueAt.ShouldBeGreaterThan(Clock().DueFor(Step.Settle).DueAt.AddDays(25)));
        // From one partner to another it stands still on.
        var other = After(with, Rules.ToPartner(with, "PDAM", at.AddDays(1), Guid.NewGuid(), Calendar));
        other.ShouldSatisfyAllConditions(c => c.Department.ShouldBe("PDAM"), c => c.StoppedAt.ShouldBe(at.AddDays(1)), c => c.Pauses.Count.ShouldBe(1));
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
