using MediatR;

namespace SmartCity.Reports.Contracts;

/// <summary>Proposals for the planning meetings that the caller may see, newest first, as they were at the end of a day.</summary>
/// <param name="AsOf">The end of this day on the regency's clock; null: now.</param>
/// <param name="Stage">Only of this stage; see <see cref="ProposalStages"/>.</param>
/// <param name="Year">Only those filed in this year.</param>
/// <param name="After">Continue after this ticket of an earlier page.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ListProposals(string Regency, DateOnly? AsOf = null, string? Stage = null, int? Year = null, string? After = null, int Limit = 50) : IRequest<ProposalPage>;

/// <summary>A page of proposals.</summary>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ProposalPage(IReadOnlyList<ProposalCourse> Proposals, string? Next);

/// <summary>The way of a proposal up to a day. Nothing of a person.</summary>
/// <param name="FiledOn">Day on the regency's clock.</param>
/// <param name="Stage">The stage it has reached; null: none yet.</param>
/// <param name="Stages">On which day it reached which stage.</param>
/// <param name="AnswerDueOn">The last day for an answer.</param>
/// <param name="AnsweredOn">Day of the first answer.</param>
/// <param name="DaysToAnswer">Days from filing to the first answer.</param>
/// <param name="IsOverdue">Not answered, and the last day is over.</param>
/// <param name="Decision">What the last answer came to; see <see cref="AnswerOutcomes"/>.</param>
/// <param name="FundingYear">The budget year of the decision.</param>
/// <param name="Work">Id of the planned work.</param>
/// <param name="Supporters">How many people supported it.</param>
public sealed record ProposalCourse(
    string Ticket, string? Category, string? District, DateOnly FiledOn, string? Stage, IReadOnlyList<StageReached> Stages, DateOnly? AnswerDueOn, DateOnly? AnsweredOn, int? DaysToAnswer,
    bool IsOverdue, string? Decision, int? FundingYear, string? Work, long Supporters);

/// <summary>When a proposal reached a stage.</summary>
public sealed record StageReached(string Stage, DateOnly On);

/// <summary>How long answers to proposals take, per stage and year of filing, at the end of a day: for everybody. Over all proposals but those that are hidden from the public.</summary>
/// <param name="AsOf">The end of this day on the regency's clock; null: now.</param>
/// <param name="From">Only those filed from this day on.</param>
public sealed record GetProposalFigures(string Regency, DateOnly? AsOf = null, DateOnly? From = null) : IRequest<ProposalFigures>;

/// <summary>How long answers to proposals take.</summary>
/// <param name="Total">All together; without stage and year.</param>
/// <param name="Groups">Per year of filing and stage reached.</param>
/// <param name="Decisions">Answered ones per funding year and what the answer came to.</param>
/// <param name="Months">The month of each stage's meetings.</param>
public sealed record ProposalFigures(DateOnly AsOf, DateOnly? From, ProposalGroup Total, IReadOnlyList<ProposalGroup> Groups, IReadOnlyList<ProposalDecisions> Decisions, IReadOnlyList<StageMonth> Months);

/// <summary>Proposals of a stage and year.</summary>
/// <param name="Year">Year of filing.</param>
/// <param name="Stage">Stage reached; null: none yet.</param>
/// <param name="MedianDays">Median of the days to the first answer, over those answered; null: none is.</param>
public sealed record ProposalGroup(int? Year, string? Stage, int Proposals, int Answered, int Overdue, decimal? MedianDays);

/// <summary>How many were decided so.</summary>
/// <param name="Decision">See <see cref="AnswerOutcomes"/>.</param>
/// <param name="FundingYear">The budget year.</param>
public sealed record ProposalDecisions(string Decision, int? FundingYear, int Proposals);

/// <summary>The month in which a stage meets, every year.</summary>
/// <param name="Stage">See <see cref="ProposalStages"/>; <c>workPlan</c> for the yearly work plan (RKPD), which answers them.</param>
/// <param name="Month">1 to 12.</param>
public sealed record StageMonth(string Stage, int Month);
