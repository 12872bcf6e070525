using CsCheck;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Scoring;
using SmartCity.Departments.Contracts;
using Counting = SmartCity.Accountability.Scoring.Scoring;

namespace SmartCity.Accountability.Tests.Scoring;

public class A_scoreboard
{
    private static readonly TimeZoneInfo Wib = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta");
    private static readonly RegencyCalendar Calendar = RegencyCalendar.Of(Wib, [new ClosedYear { Id = "calendar-2026", Year = 2026, Dates = [], Source = "SKB" }]);
    private static readonly DateTimeOffset Monday = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    private static object[] Filed() => [Rules.Set("2026-000014", ReportClass.Complaint, Monday, Calendar), new DeadlinesOwed("DPU"), new DeadlineMet(Step.Assign, Monday, false, Guid.NewGuid())];

    private static Counted? Count(DateTimeOffset asOf, params object[] events) => Counting.Count(Filed().Concat(events), asOf);

    [Fact]
    public void counts_an_answer_in_time_and_how_long_it_took()
    {
        var counted = Count(Monday.AddDays(30), new DeadlineMet(Step.Answer, Monday.AddHours(30), false, Guid.NewGuid()), new DeadlineMet(Step.Settle, Monday.AddHours(60), false, Guid.NewGuid()))!;

        (counted.Department, counted.IsAnswered, counted.IsInTime, counted.HoursToAnswer, counted.HoursToSettle, counted.IsOverdue).ShouldBe(("DPU", true, true, 30, 60, false));
    }

    [Fact]
    public void counts_silence_as_late_once_the_answer_is_due()
    {
        Count(Monday.AddDays(1))!.IsDue.ShouldBeFalse();
        var late = Count(Monday.AddDays(30))!;
        (late.IsDue, late.IsAnswered, late.IsInTime, late.IsOverdue).ShouldBe((true, false, false, true));
    }

    [Fact]
    public void remembers_the_first_settlement_of_a_reopened_report()
    {
        var counted = Count(Monday.AddDays(3),
        [
            new DeadlineMet(Step.Answer, Monday.AddHours(1), false, Guid.NewGuid()), new DeadlineMet(Step.Settle, Monday.AddHours(2), false, Guid.NewGuid()),
            new AnswerJudged(Monday.AddHours(3), false, Guid.NewGuid()), .. Rules.Reopened(Settled(), Monday.AddHours(4), Guid.NewGuid(), Calendar),
        ])!;

        (counted.IsReopened, counted.WasSettled, counted.IsSettled, counted.IsAnswered, counted.HoursToSettle).ShouldBe((true, true, false, true, 2));

        ReportClock Settled() => Filed().Append(new DeadlineMet(Step.Settle, Monday, false, Guid.NewGuid())).Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, "d", e))!;
    }

    [Theory]
    [InlineData("withdrawn", false)]
    [InlineData("rejected", false)]
    [InlineData("merged", false)]
    [InlineData("closed", true)]
    public void leaves_out_what_was_not_to_be_answered(string why, bool isCounted) =>
        (Count(Monday.AddDays(3), new ClockEnded(Monday.AddHours(1), why, Guid.NewGuid())) is not null).ShouldBe(isCounted);

    [Fact]
    public void gives_no_rate_for_fewer_than_five_and_never_more_than_everything() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Double[0, 1000]).Array[0, 30].Sample(reports =>
        {
            var score = Counting.Of([.. reports.Select(r => new Counted("DPU", ReportClass.Complaint, r.Item1, r.Item1 || r.Item2, r.Item1 && r.Item3, r.Item1, r.Item1 ? r.Item4 : null, null, r.Item1, r.Item2, r.Item1 ? r.Item3 : null, r.Item2))]);

            (score.InTimeRate is null).ShouldBe(score.Due < 5);
            (score.MedianHoursToAnswer is null).ShouldBe(score.Answered < 5);
            (score.SatisfiedRate is null).ShouldBe(score.Judged < 5);
            (score.InTime <= score.Due && score.Due <= score.Reports && score.Satisfied <= score.Judged).ShouldBeTrue();
            (score.InTimeRate is null or (>= 0 and <= 1)).ShouldBeTrue();
        });
}
