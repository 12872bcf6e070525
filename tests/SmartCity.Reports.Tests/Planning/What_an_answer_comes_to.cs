using SmartCity.Reports.Answering;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Tests.Planning;

public class What_an_answer_comes_to
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static readonly OutcomeToGive Budget = new(AnswerOutcomes.NeedsBudget, Cost: 1_250_000m, Source: "APBD Perubahan", FiscalYear: 2027, Work: "Talud Desa Dukuhjati");

    private static string? Field(OutcomeToGive given, bool isSettled = false, bool isForwarded = false) => Outcomes.Check(given, isSettled, isForwarded, Today)?.Field;

    [Fact]
    public void is_done_scheduled_budgeted_or_not_possible()
    {
        Field(new OutcomeToGive(AnswerOutcomes.Done), isSettled: true).ShouldBeNull();
        Field(new OutcomeToGive(AnswerOutcomes.Scheduled, When: "2027-q1")).ShouldBeNull();
        Field(Budget).ShouldBeNull();
        Field(new OutcomeToGive(AnswerOutcomes.NeedsBudget, WorkId: "pw-1")).ShouldBeNull();
        Field(new OutcomeToGive(AnswerOutcomes.NotPossible, Reason: "Tanah milik pribadi.")).ShouldBeNull();
    }

    [Fact]
    public void names_the_field_that_is_wrong()
    {
        Field(new OutcomeToGive("maybe")).ShouldBe("outcome.kind");
        Field(new OutcomeToGive(null)).ShouldBe("outcome.kind");
        Field(new OutcomeToGive(AnswerOutcomes.Scheduled)).ShouldBe("outcome.when");
        Field(new OutcomeToGive(AnswerOutcomes.Scheduled, When: "2026-11-23")).ShouldBe("outcome.when");
        Field(new OutcomeToGive(AnswerOutcomes.Scheduled, When: "2026-11")).ShouldBeNull();
        Field(new OutcomeToGive(AnswerOutcomes.Scheduled, When: "2027-01-01"), isSettled: true).ShouldBe("isSettled");
        Field(Budget with { Cost = null }).ShouldBe("outcome.cost");
        Field(Budget with { Cost = -1 }).ShouldBe("outcome.cost");
        Field(Budget with { Cost = 0.5m }).ShouldBe("outcome.cost");
        Field(Budget with { Cost = 0 }).ShouldBeNull();
        Field(Budget with { Source = "kas" }).ShouldBe("outcome.source");
        Field(Budget with { FiscalYear = 2025 }).ShouldBe("outcome.fiscalYear");
        Field(Budget with { Work = null }).ShouldBe("outcome.work");
        Field(Budget with { WorkId = "pw-1" }).ShouldBe("outcome.work");
        Field(Budget, isForwarded: true).ShouldBe("outcome.work");
        Field(Budget with { Work = null }, isForwarded: true).ShouldBeNull();
        Field(new OutcomeToGive(AnswerOutcomes.NotPossible)).ShouldBe("outcome.reason");
        Field(new OutcomeToGive(AnswerOutcomes.Done, Cost: 1)).ShouldBe("outcome.cost");
    }

    [Fact]
    public void stands_in_the_history_in_one_way_of_writing()
    {
        Outcomes.Of(new OutcomeToGive(AnswerOutcomes.Scheduled, When: "2027-q1"), null).ShouldBe(new AnswerOutcome(AnswerOutcomes.Scheduled, When: "2027-Q1"));
        Outcomes.Of(Budget, null).Source.ShouldBe("apbdPerubahan");
        var plan = new ReportPlan("pw-1", 3, "Talud", 2028, 5, "apbd", "planned");
        Outcomes.Of(new OutcomeToGive(AnswerOutcomes.NeedsBudget, WorkId: "pw-1"), plan).ShouldBe(new AnswerOutcome(AnswerOutcomes.NeedsBudget, Cost: 5, Source: "apbd", FiscalYear: 2028, Plan: plan));
    }
}
