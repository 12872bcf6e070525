using CsCheck;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Climbing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Tests.Climbing;

public class The_ladder
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");
    private static readonly RegencyCalendar Calendar = RegencyCalendar.Of(Wib, [new ClosedYear { Id = "calendar-2026", Year = 2026, Dates = [], Source = "SKB" }]);
    private static readonly DateTimeOffset Monday = new(2026, 9, 7, 9, 0, 0, TimeSpan.FromHours(7));

    private static readonly OfficeTerm[] Terms =
    [
        new("head-DPU-2018", "head-DPU", "Lama", false, new(2018, 1, 1), new(2026, 9, 17)), new("head-DPU-2026", "head-DPU", "Baru", false, new(2026, 9, 18), null),
        new("secretary-2020", "secretary", "Sekda", false, new(2020, 1, 1), null), new("regent-2025", "regent", "Bupati", false, new(2025, 2, 20), null),
    ];

    private static ReportClock Clock(ReportClass @class = ReportClass.Complaint, string? department = "DPU") =>
        After(ReportClock.After(null, "deadlines-2026-000014", Rules.Set("2026-000014", @class, Monday, Calendar))!,
            department is null ? [] : Rules.Assigned(ReportClock.After(null, "deadlines-2026-000014", Rules.Set("2026-000014", @class, Monday, Calendar)), department, Monday.AddHours(1), Guid.NewGuid(), Calendar));

    private static ReportClock After(ReportClock clock, IEnumerable<object> events) => events.Aggregate(clock, (known, e) => ReportClock.After(known, known.Id, e)!);

    private static object? Decide(ReportClock clock, DateTimeOffset now, bool isOutside = false) => Ladder.Decide(clock, Calendar, Terms, isOutside, now);

    // All that happens until an instant, looked for every hour as the hosts do.
    private static (ReportClock Clock, List<(DateTimeOffset At, object Event)> Events) Until(ReportClock clock, DateTimeOffset from, DateTimeOffset to, bool isOutside = false)
    {
        var events = new List<(DateTimeOffset, object)>();
        for (var now = from; now <= to; now = now.AddHours(1))
        {
            if (Decide(clock, now, isOutside) is { } happens)
            {
                events.Add((now, happens));
                clock = After(clock, [happens]);
            }
        }

        return (clock, events);
    }

    [Fact]
    public void says_nothing_while_there_is_time() => Decide(Clock(), Monday.AddHours(2)).ShouldBeNull();

    [Fact]
    public void is_climbed_after_three_working_days_of_silence()
    {
        var clock = Clock();

        // Monday; the third working day after it is Thursday.
        Decide(clock, Monday.AddDays(3)).ShouldBeNull();
        var climbed = Decide(clock, new DateTimeOffset(2026, 9, 11, 0, 0, 0, TimeSpan.FromHours(7))).ShouldBeOfType<LadderClimbed>();

        (climbed.From, climbed.To, climbed.Reason, climbed.Office, climbed.Term, climbed.Head).ShouldBe((Rung.Officer, Rung.Head, LadderReason.Silent, "head-DPU", "head-DPU-2018", "head-DPU-2018"));
        climbed.Rule.ShouldContain("3 working days");
    }

    [Fact]
    public void is_not_climbed_when_the_department_has_done_something()
    {
        var clock = Clock();
        var acted = After(clock, Rules.Acted(clock, Monday.AddDays(3), Calendar));

        Decide(acted, Monday.AddDays(4)).ShouldBeNull();
        Decide(acted, Monday.AddDays(9)).ShouldBeOfType<LadderClimbed>().Reason.ShouldBe(LadderReason.Silent);
    }

    [Fact]
    public void warns_in_the_morning_of_the_last_day_and_once()
    {
        var clock = Clock();
        clock = After(clock, Rules.Answered(clock, false, Monday.AddDays(1), Guid.NewGuid()));
        var last = clock.Next()!.DueAt.AddDays(-1);

        Decide(clock, last.AddHours(7)).ShouldBeNull();
        var warned = Decide(clock, last.AddHours(7.5)).ShouldBeOfType<LadderWarned>();
        (warned.Step, warned.Department).ShouldBe((Step.Settle, "DPU"));
        Decide(After(clock, [warned]), last.AddHours(8)).ShouldBeNull();
        Decide(After(clock, [warned]), last.AddDays(1)).ShouldBeOfType<LadderClimbed>().Reason.ShouldBe(LadderReason.Missed);
    }

    [Fact]
    public void goes_from_the_officer_over_head_and_secretary_to_the_regent_and_no_further()
    {
        var (clock, events) = Until(Clock(), Monday, Monday.AddDays(90));

        events.Select(e => e.Event).OfType<LadderClimbed>().Select(c => c.To).ShouldBe([Rung.Head, Rung.Secretary, Rung.Regent]);
        clock.LookAt.ShouldBeNull();
        (clock.Office, clock.Rung).ShouldBe(("regent", Rung.Regent));
    }

    [Fact]
    public void climbs_one_rung_at_a_time_also_after_a_long_standstill()
    {
        var late = Monday.AddDays(200);
        var clock = Clock();

        var first = Decide(clock, late).ShouldBeOfType<LadderClimbed>();
        first.To.ShouldBe(Rung.Head);
        Decide(After(clock, [first]), late.AddHours(1)).ShouldBeNull();
        Decide(After(clock, [first]), late.AddDays(7)).ShouldBeOfType<LadderClimbed>().To.ShouldBe(Rung.Secretary);
    }

    [Fact]
    public void names_who_headed_the_department_when_the_step_was_missed_first()
    {
        var (_, events) = Until(Clock(), Monday, Monday.AddDays(90));

        // The old head left on 17 September; the report climbs to the regent under the new one.
        var climbs = events.Select(e => e.Event).OfType<LadderClimbed>().ToArray();
        climbs.ShouldAllBe(c => c.Head == "head-DPU-2018");
        climbs.Select(c => c.Term).ShouldBe(["head-DPU-2018", "secretary-2020", "regent-2025"]);
    }

    [Fact]
    public void hides_the_conduct_of_officials_from_the_secretary() =>
        Until(Clock(ReportClass.Oversight, "INSPEKTORAT"), Monday, Monday.AddDays(200)).Events.Select(e => e.Event).OfType<LadderClimbed>().Select(c => c.To)
            .ShouldBe([Rung.Head, Rung.Regent]);

    [Fact]
    public void passes_over_the_head_where_nobody_has_the_report_or_a_body_outside_has()
    {
        Until(Clock(department: null), Monday, Monday.AddDays(60)).Events.Select(e => e.Event).OfType<LadderClimbed>().Select(c => c.To).ShouldBe([Rung.Secretary, Rung.Regent]);
        Until(Clock(department: "PLN"), Monday, Monday.AddDays(60), isOutside: true).Events.Select(e => e.Event).OfType<LadderClimbed>().Select(c => c.To).ShouldBe([Rung.Secretary, Rung.Regent]);
    }

    [Fact]
    public void stands_still_with_the_clock()
    {
        var clock = Clock();
        var stopped = After(clock, Rules.Asked(clock, Monday.AddDays(1), Guid.NewGuid()));

        Until(stopped, Monday, Monday.AddDays(90)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void begins_anew_when_a_report_is_reopened()
    {
        var (clock, _) = Until(Clock(), Monday, Monday.AddDays(60));
        clock = After(clock, Rules.Answered(clock, true, Monday.AddDays(61), Guid.NewGuid()));
        clock.LookAt.ShouldBeNull();

        clock = After(clock, Rules.Reopened(clock, Monday.AddDays(70), Guid.NewGuid(), Calendar));

        (clock.Rung, clock.Office).ShouldBe((Rung.Officer, null));
        Until(clock, Monday.AddDays(70), Monday.AddDays(120)).Events.Select(e => e.Event).OfType<LadderClimbed>().First().To.ShouldBe(Rung.Head);
    }

    [Fact]
    public void puts_a_deadline_off_and_says_who_did_it()
    {
        var clock = Clock();
        var next = clock.Next()!;

        var extended = Ladder.Extend(clock, next, 5, "secretary", "sekretaris daerah", "sealed", Calendar, Monday.AddDays(2));
        var after = After(clock, [extended]);

        extended.DueAt.ShouldBe(Calendar.Days.Deadline(next.DueAt.AddTicks(-1), 5));
        after.DueFor(Step.Answer).DueAt.ShouldBe(extended.DueAt);
        after.DueFor(Step.Answer).Rule.ShouldContain("extended by 5 working days by the regional secretary");
        after.DueFor(Step.Settle).DueAt.ShouldBe(clock.DueFor(Step.Settle).DueAt, "it is later anyway");
        after.DueFor(Step.Assign).ShouldBe(clock.DueFor(Step.Assign));
    }

    [Fact]
    public void never_leaves_its_order_whatever_happens() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[1, 200]).Array[1, 60].Select(Gen.Bool, Gen.Bool).Sample((steps, isOversight, hasDepartment) =>
        {
            var (clock, now, climbs) = (Clock(isOversight ? ReportClass.Oversight : ReportClass.Complaint, hasDepartment ? "DPU" : null), Monday, new HashSet<(Step, DateTimeOffset)>());
            foreach (var (what, hours) in steps)
            {
                now = now.AddHours(hours);
                var (rung, stopped) = (clock.Rung, clock.StoppedAt);
                switch (Decide(clock, now))
                {
                    case LadderClimbed climbed:
                        (climbed.From == rung && climbed.To > rung && stopped is null).ShouldBeTrue();
                        (climbed.To == Rung.Secretary && isOversight).ShouldBeFalse();
                        (climbed.Reason == LadderReason.Missed && !climbs.Add((climbed.Step, climbed.DueAt))).ShouldBeFalse("a missed step is climbed for once");
                        clock = After(clock, [climbed]);
                        Decide(clock, now).ShouldNotBeOfType<LadderClimbed>("one rung at a time");
                        break;
                    case { } other:
                        clock = After(clock, [other]);
                        Decide(clock, now).ShouldBeNull("a warning is given once");
                        break;
                }

                var cause = Guid.NewGuid();
                IEnumerable<object> happens = what switch
                {
                    0 => Rules.Asked(clock, now, cause),
                    1 => Rules.WentOn(clock, now, cause, Calendar),
                    2 => Rules.Acted(clock, now, Calendar),
                    3 when clock.StoppedAt is null => Rules.Answered(clock, hours % 5 == 0, now, cause),
                    4 when clock is { Extended: null, StoppedAt: null } && clock.Next() is { } next => [Ladder.Extend(clock, next, 1 + (hours % 10), "regent", "bupati", "r", Calendar, now)],
                    5 when clock.StoppedAt is null => Rules.Assigned(clock, hours % 2 == 0 ? "DPU" : "DISHUB", now, cause, Calendar),
                    _ => [],
                };
                clock = After(clock, [.. happens]);
                (clock.Rung >= rung).ShouldBeTrue();
            }
        }, iter: 2000);
}
