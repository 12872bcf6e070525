using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>How the departments of a regency have done with the reports that were filed in a period, as it stood at the end of a day. Counted from the history; public.</summary>
/// <param name="From">First day.</param>
/// <param name="Until">Last day.</param>
/// <param name="AsOf">As it stood at the end of this day; null: now.</param>
public sealed record GetScoreboard(string Regency, DateOnly From, DateOnly Until, DateOnly? AsOf = null) : IRequest<Scoreboard>;

/// <summary>How the departments of a regency have done.</summary>
/// <param name="Departments">By code.</param>
/// <param name="Total">All of the regency.</param>
public sealed record Scoreboard(string Regency, string Name, DateOnly From, DateOnly Until, DateTimeOffset AsOf, IReadOnlyList<DepartmentScore> Departments, Score Total);

/// <summary>How a department has done.</summary>
/// <param name="Department">Code; empty: reports that no department has.</param>
/// <param name="Name">Its name on that day.</param>
/// <param name="EnglishName">Its name on that day, English.</param>
/// <param name="Cases">Cases against its heads that were decided in the period.</param>
/// <param name="All">All classes together.</param>
/// <param name="Classes">Each class: a complaint is not compared with a question.</param>
public sealed record DepartmentScore(string Department, string Name, string EnglishName, int Cases, Score All, IReadOnlyDictionary<string, Score> Classes);

/// <summary>Counts, and what they come to. A rate or median stands on at least <see cref="Fewest"/> reports, or it is not there.</summary>
/// <param name="Reports">Filed in the period; not those that were withdrawn, rejected, or are answered as part of others.</param>
/// <param name="Answered">Have had a first answer.</param>
/// <param name="Due">Were answered, or should have been.</param>
/// <param name="InTime">Of these, answered in time.</param>
/// <param name="InTimeRate">Share of <paramref name="Due"/>.</param>
/// <param name="Settled">Are settled.</param>
/// <param name="MedianHoursToAnswer">From filing to the first answer.</param>
/// <param name="MedianHoursToSettle">From filing to the (first) settlement.</param>
/// <param name="Reopened">Were reopened at least once.</param>
/// <param name="ReopenedRate">Share of those that were settled once.</param>
/// <param name="Judged">Reporters who said what the answer was worth.</param>
/// <param name="Satisfied">Of these, satisfied.</param>
/// <param name="SatisfiedRate">Share of <paramref name="Judged"/>.</param>
/// <param name="Overdue">Something is late.</param>
public sealed record Score(
    int Reports, int Answered, int Due, int InTime, double? InTimeRate, int Settled, double? MedianHoursToAnswer, double? MedianHoursToSettle, int Reopened, double? ReopenedRate,
    int Judged, int Satisfied, double? SatisfiedRate, int Overdue)
{
    /// <summary>Fewer than so many reports say nothing about a department, and something about people.</summary>
    public const int Fewest = 5;
}
