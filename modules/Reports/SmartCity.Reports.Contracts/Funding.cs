using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>What an answer comes to.</summary>
public static class AnswerOutcomes
{
    /// <summary>The matter is done.</summary>
    public const string Done = "done";

    /// <summary>It will be done at a known time.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>It needs money of a budget first.</summary>
    public const string NeedsBudget = "needsBudget";

    /// <summary>It cannot be done; the answer says why.</summary>
    public const string NotPossible = "notPossible";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Done, Scheduled, NeedsBudget, NotPossible];
}

/// <summary>What an answer comes to, as it stands in the history. Nothing of a person.</summary>
/// <param name="Kind">See <see cref="AnswerOutcomes"/>.</param>
/// <param name="When">Of a scheduled one: <c>2026-12-15</c>, <c>2026-12</c> or <c>2027-Q1</c>.</param>
/// <param name="Cost">Estimate in whole rupiah.</param>
/// <param name="Source">Where the money is to come from: <c>apbd</c>, <c>apbdPerubahan</c>, <c>provincial</c>, <c>national</c>, <c>village</c>.</param>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="Plan">The planned work that the report asks for.</param>
public sealed record AnswerOutcome(string Kind, string? When = null, decimal? Cost = null, string? Source = null, int? FiscalYear = null, ReportPlan? Plan = null);

/// <summary>The planned work that a report asks for, as its reporter was told of it.</summary>
/// <param name="Work">Id of the work.</param>
/// <param name="Version">Version of the work; 0 where the answer brings it into the plan.</param>
/// <param name="Name">What is done and where.</param>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="Cost">Estimate in whole rupiah.</param>
/// <param name="Source">Where the money comes from.</param>
/// <param name="State"><c>planned</c>, <c>started</c>, <c>done</c>, <c>cancelled</c>.</param>
public sealed record ReportPlan(string Work, long Version, string Name, int FiscalYear, decimal Cost, string Source, string State);

/// <summary>What an officer says that an answer comes to.</summary>
/// <param name="Kind">See <see cref="AnswerOutcomes"/>.</param>
/// <param name="When">When it will be done: a day, a month or a quarter.</param>
/// <param name="Cost">Estimate in whole rupiah.</param>
/// <param name="Source">Where the money is to come from.</param>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="Work">Name of the planned work; one that is not there yet is written into the plan.</param>
/// <param name="WorkId">Id of a planned work that is there; what is planned is taken from it.</param>
/// <param name="Reason">Why it is not possible.</param>
public sealed record OutcomeToGive(
    string? Kind, string? When = null, decimal? Cost = null, string? Source = null, int? FiscalYear = null, string? Work = null, string? WorkId = null, string? Reason = null);

/// <summary>The report asks for a planned work: its reporter is told what becomes of that.</summary>
/// <param name="Plan">The work.</param>
public sealed record ReportPlanned(ReportPlan Plan);

/// <summary>The report does not ask for that planned work any more.</summary>
/// <param name="Work">Id of the work.</param>
public sealed record ReportUnplanned(string Work);

/// <summary>Year, cost, source or state of the planned work that the report asks for is different now.</summary>
/// <param name="Plan">The work as it is now.</param>
/// <param name="Former">As the reporter knew it; null: the reporter hears of it for the first time.</param>
/// <param name="Reason">Why, as everybody may read it.</param>
public sealed record ReportPlanChanged(ReportPlan Plan, ReportPlan? Former, string? Reason);

/// <summary>A report asks for a planned work.</summary>
/// <param name="Work">Id of the work.</param>
public sealed record LinkPlannedWork(string Regency, string Ticket, string? Work, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A report does not ask for a planned work any more.</summary>
/// <param name="Work">Id of the work; null: whichever it asks for.</param>
public sealed record UnlinkPlannedWork(string Regency, string Ticket, string? Work = null, long? ExpectedVersion = null) : IReportCommand;

/// <summary>How many public reports ask for planned works: their own, and those merged into them; each counted once. A work that nobody asks for is not in it.</summary>
/// <param name="Works">Ids of works.</param>
/// <param name="Before">As it stood at this instant, from history; null: now.</param>
public sealed record CountPlannedReports(string Regency, IReadOnlyList<string> Works, DateTimeOffset? Before = null) : IRequest<IReadOnlyDictionary<string, int>>;

/// <summary>Where the money for what a report asks for stands.</summary>
/// <param name="Outcome">What the last answer came to; see <see cref="AnswerOutcomes"/>. Null: the report was only put with a planned work.</param>
/// <param name="When">When it will be done.</param>
/// <param name="Cost">Estimate in whole rupiah.</param>
/// <param name="Source">Where the money comes from.</param>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="Plan">The planned work, as it was last told.</param>
public sealed record FundingDetails(string? Outcome, string? When, decimal? Cost, string? Source, int? FiscalYear, ReportPlan? Plan);
