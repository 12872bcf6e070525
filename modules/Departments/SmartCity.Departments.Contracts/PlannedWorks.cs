using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>A piece of work that a department plans, with the year and the money for it: what many reports ask for.</summary>
/// <param name="Id">Its id: <c>pw-</c> and 16 letters and digits.</param>
/// <param name="Version">Changes with every event; for <c>If-Match</c>.</param>
/// <param name="Terms">What is planned.</param>
/// <param name="State">How far it is.</param>
/// <param name="Code">Its number in the budget document, where it came from one.</param>
/// <param name="PlannedAt">When it was first written down.</param>
/// <param name="ChangedAt">When it last changed.</param>
/// <param name="Reason">Why it last changed.</param>
/// <param name="Reports">How many public reports ask for it.</param>
public sealed record PlannedWork(
    string Id, long Version, PlannedWorkTerms Terms, PlannedWorkState State, string? Code, DateTimeOffset PlannedAt, DateTimeOffset ChangedAt, string? Reason = null, int Reports = 0);

/// <summary>What is planned, when, and for how much.</summary>
/// <param name="Name">What is done and where, Indonesian, one line: <c>Rehabilitasi Jalan Adiwerna–Talang</c>.</param>
/// <param name="Department">Code of the department that does it.</param>
/// <param name="Districts">Codes of the districts it lies in; none: the whole regency.</param>
/// <param name="FiscalYear">Budget year (a calendar year).</param>
/// <param name="Cost">Estimate in whole rupiah.</param>
/// <param name="Source">Where the money comes from; see <see cref="FundingSources"/>.</param>
public sealed record PlannedWorkTerms(string Name, string Department, IReadOnlyList<string> Districts, int FiscalYear, decimal Cost, string Source);

/// <summary>How far a planned work is.</summary>
public enum PlannedWorkState
{
    /// <summary>In a plan or a budget.</summary>
    Planned,

    /// <summary>Being done.</summary>
    Started,

    /// <summary>Done.</summary>
    Done,

    /// <summary>It will not be done.</summary>
    Cancelled,
}

// The life of a planned work, as it stands in its stream. Names on the wire (planned-work.planned.v1, …) are given in the module.

/// <summary>A work was written into a plan.</summary>
/// <param name="Terms">What.</param>
/// <param name="Code">Its number in the budget document.</param>
public sealed record PlannedWorkPlanned(PlannedWorkTerms Terms, string? Code = null);

/// <summary>Something about it is different now; a cancelled work is planned again.</summary>
/// <param name="Terms">As it is after the change.</param>
/// <param name="Reason">Why.</param>
public sealed record PlannedWorkChanged(PlannedWorkTerms Terms, string Reason);

/// <summary>The work has begun.</summary>
/// <param name="Reason">What is to be said of it.</param>
public sealed record PlannedWorkStarted(string? Reason = null);

/// <summary>The work is done.</summary>
/// <param name="Reason">What is to be said of it.</param>
public sealed record PlannedWorkFinished(string? Reason = null);

/// <summary>The work will not be done.</summary>
/// <param name="Reason">Why.</param>
public sealed record PlannedWorkCancelled(string Reason);

/// <summary>Writes a work into the plan. The same department, name and year again is the same work.</summary>
/// <param name="Code">Its number in the budget document; with it, the number and the year say which work it is.</param>
/// <param name="OnlyOpen">A work of this department and name that is planned or under way is taken whatever its year, as long as the rest is the same.</param>
/// <param name="IsTrial">Only says what would come of it; a work that would be new has version 0.</param>
public sealed record PlanWork(string Regency, PlannedWorkTerms Terms, string? Code = null, bool OnlyOpen = false, bool IsTrial = false) : IRequest<PlannedWorkOutcome>;

/// <summary>Changes what is planned; members that are null stay as they are.</summary>
/// <param name="Reason">Why; everyone who asked for it is told.</param>
/// <param name="ExpectedVersion">The version the caller saw; refused when it has changed since. Null: any.</param>
public sealed record ChangePlannedWork(
    string Regency, string Id, string? Name, string? Department, IReadOnlyList<string>? Districts, int? FiscalYear, decimal? Cost, string? Source, string? Reason, long? ExpectedVersion = null)
    : IRequest<PlannedWorkOutcome>;

/// <summary>A planned work begins, is done, or is cancelled.</summary>
/// <param name="To">Where it goes.</param>
/// <param name="Reason">What is said of it; needed to cancel it.</param>
/// <param name="ExpectedVersion">The version the caller saw. Null: any.</param>
public sealed record MovePlannedWork(string Regency, string Id, PlannedWorkState To, string? Reason, long? ExpectedVersion = null) : IRequest<PlannedWorkOutcome>;

/// <summary>One planned work, or null.</summary>
/// <param name="Version">As it was at that version; null: now. An earlier one is without its number of reports.</param>
public sealed record GetPlannedWork(string Regency, string Id, long? Version = null) : IRequest<PlannedWork?>;

/// <summary>Planned works by year, then id.</summary>
/// <param name="After">Continue after this cursor of an earlier page.</param>
/// <param name="Limit">At most so many, 1 to 1000.</param>
/// <param name="AsOf">As they stood at the end of this day, from history and without the number of their reports; null: now.</param>
public sealed record ListPlannedWorks(string Regency, PlannedWorkFilter Filter, string? After = null, int Limit = 50, DateOnly? AsOf = null) : IRequest<PlannedWorkPage>;

/// <summary>Which planned works; null members do not restrict.</summary>
/// <param name="District">Of this district; those of the whole regency are not among them.</param>
public sealed record PlannedWorkFilter(string? District = null, int? FiscalYear = null, PlannedWorkState? State = null, string? Department = null);

/// <summary>A page of planned works.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record PlannedWorkPage(IReadOnlyList<PlannedWork> Works, string? Next);

/// <summary>What is planned when and for how much, per district and year. Cancelled works count nowhere.</summary>
/// <param name="FiscalYear">Only of this year.</param>
/// <param name="AsOf">As it stood at the end of this day, from history and without the number of reports; null: now.</param>
public sealed record GetPlannedWorkTotals(string Regency, int? FiscalYear = null, DateOnly? AsOf = null) : IRequest<PlannedWorkTotals>;

/// <summary>Totals of planned works.</summary>
/// <param name="Districts">Per district and year; a work in several districts counts in each.</param>
/// <param name="Years">Per year, each work once.</param>
public sealed record PlannedWorkTotals(IReadOnlyList<PlannedWorkTotal> Districts, IReadOnlyList<PlannedWorkTotal> Years);

/// <summary>A total.</summary>
/// <param name="District">District code; null: works for the whole regency, or in a total per year all of them.</param>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="Works">How many works.</param>
/// <param name="Cost">Together, in rupiah.</param>
/// <param name="Done">How many of them are done.</param>
/// <param name="Reports">How many public reports ask for them.</param>
public sealed record PlannedWorkTotal(string? District, int FiscalYear, int Works, decimal Cost, int Done, int Reports);

/// <summary>Takes over a list of an annual budget document. All of it is checked first: with one fault nothing is changed.</summary>
/// <param name="Csv">With a first line of names: id,name,department,district,year,source,cost; several districts are separated by blanks.</param>
public sealed record ImportPlannedWorks(string Regency, string Csv) : IRequest<PlannedWorkImport>;

/// <summary>What came of an import.</summary>
/// <param name="Planned">New works.</param>
/// <param name="Changed">Works that are different now.</param>
/// <param name="Unchanged">Works that were so already.</param>
/// <param name="Faults">What is wrong; when there is any, nothing was changed.</param>
/// <param name="IsForbidden">The caller may not plan for one of the departments.</param>
public sealed record PlannedWorkImport(int Planned, int Changed, int Unchanged, IReadOnlyList<PlanFault> Faults, bool IsForbidden = false);

/// <summary>What came of a command about a planned work: the work as it is now, or why not.</summary>
/// <param name="Work">The work; of a conflict the one that is there.</param>
/// <param name="Faults">All reasons why not.</param>
/// <param name="Kind">What sort of refusal, when there are reasons.</param>
/// <param name="IsNew">It was not there before.</param>
public sealed record PlannedWorkOutcome(PlannedWork? Work, IReadOnlyList<PlanFault> Faults, PlanFaultKind Kind = PlanFaultKind.Invalid, bool IsNew = false)
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => Faults.Count == 0;
}

/// <summary>Something that is wrong with a plan.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
/// <param name="Field">The field at fault, camel case.</param>
public sealed record PlanFault(string Code, string English, string Indonesian, string? Field = null);

/// <summary>What sort of refusal.</summary>
public enum PlanFaultKind
{
    /// <summary>What was sent cannot be used.</summary>
    Invalid,

    /// <summary>There is no such work.</summary>
    NotFound,

    /// <summary>It has changed, or stands elsewhere.</summary>
    Conflict,

    /// <summary>Not by this caller.</summary>
    Forbidden,
}
