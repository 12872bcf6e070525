using MediatR;

namespace SmartCity.Accountability.Contracts;

/// <summary>Who answers for a report that is late, from below.</summary>
public enum Rung
{
    /// <summary>The officers of the department; of a report without one, the dispatchers.</summary>
    Officer,

    /// <summary>The head of the department.</summary>
    Head,

    /// <summary>The regional secretary; never of a report on the conduct of officials.</summary>
    Secretary,

    /// <summary>The regent or mayor.</summary>
    Regent,
}

/// <summary>Why a report climbed.</summary>
public enum LadderReason
{
    /// <summary>A step was not done in time.</summary>
    Missed,

    /// <summary>The department has been silent for too long.</summary>
    Silent,
}

/// <summary>A step is due soon: whoever owes it is warned.</summary>
/// <param name="Department">Who owes it; none: a dispatcher.</param>
/// <param name="Rule">Where the deadline comes from.</param>
public sealed record LadderWarned(string Ticket, Step Step, DateTimeOffset DueAt, string? Department, string Rule, bool IsOversight);

/// <summary>A report went one rung up.</summary>
/// <param name="From">Where it stood.</param>
/// <param name="To">Where it stands.</param>
/// <param name="Step">The step that is owed.</param>
/// <param name="DueAt">When it was, or is, due.</param>
/// <param name="Department">Who owes it; none: a dispatcher.</param>
/// <param name="Office">The office that has it now: <c>head-DPU</c>, <c>secretary</c>, <c>regent</c>.</param>
/// <param name="Term">Who holds that office: id of the term; null: nobody.</param>
/// <param name="Head">Who headed the department when the step was missed, or the silence was over: id of the term.</param>
/// <param name="Rule">By which rule.</param>
/// <param name="NextAt">When it climbs again if the department stays silent.</param>
public sealed record LadderClimbed(
    string Ticket, Rung From, Rung To, LadderReason Reason, Step Step, DateTimeOffset DueAt, string? Department, string Office, string? Term, string? Head,
    string Rule, DateTimeOffset NextAt, bool IsOversight);

/// <summary>Somebody on the ladder takes a report over.</summary>
/// <param name="Office">Who.</param>
/// <param name="Term">The person: id of the term.</param>
/// <param name="NextAt">When it climbs above them if nothing happens.</param>
public sealed record LadderTakenOver(string Ticket, Rung Rung, string Office, string? Term, DateTimeOffset NextAt);

/// <summary>What stands on the ladder for the caller, longest first.</summary>
/// <param name="Office">Only what stands with this office.</param>
/// <param name="AsOf">As it stood at the end of this day on the regency's clock, from history; null: now.</param>
public sealed record GetLadder(string Regency, string? Office = null, DateOnly? AsOf = null) : IRequest<LadderView>;

/// <summary>How often what happened on the ladder in a period, for the caller.</summary>
/// <param name="From">First day; null: from the beginning.</param>
/// <param name="To">Last day; null: today.</param>
public sealed record GetLadderFigures(string Regency, DateOnly? From = null, DateOnly? To = null) : IRequest<LadderFigures>;

/// <summary>How often what happened on the ladder in a period.</summary>
/// <param name="Departments">Each with its own; without a code: reports that no department had.</param>
public sealed record LadderFigures(DateOnly? From, DateOnly To, LadderCount Total, IReadOnlyList<LadderCount> Departments);

/// <summary>How often what happened on the ladder.</summary>
/// <param name="Department">Who owed it; null: no department, or all together.</param>
/// <param name="Warned">Warnings of a step that was due soon.</param>
/// <param name="Missed">Climbs because a step was missed.</param>
/// <param name="Silent">Climbs because the department was silent.</param>
/// <param name="ToHead">Climbs to the head of the department.</param>
/// <param name="ToSecretary">Climbs to the regional secretary.</param>
/// <param name="ToRegent">Climbs to the regent.</param>
/// <param name="Reports">Reports that climbed.</param>
public sealed record LadderCount(string? Department, int Warned, int Missed, int Silent, int ToHead, int ToSecretary, int ToRegent, int Reports);

/// <summary>What stands on the ladder for the caller.</summary>
/// <param name="Offices">The offices that the caller holds today.</param>
/// <param name="Reports">Reports on a rung.</param>
public sealed record LadderView(IReadOnlyList<string> Offices, IReadOnlyList<OnLadder> Reports);

/// <summary>A report on the ladder.</summary>
/// <param name="Holder">Name of who holds the office; null: nobody.</param>
/// <param name="Since">When it climbed there.</param>
/// <param name="NextAt">When it climbs on if nothing happens; null: it stands at the top.</param>
/// <param name="IsTakenOver">Whoever holds the office has taken it over.</param>
/// <param name="IsExtended">Its deadline was put off; that can be done once.</param>
public sealed record OnLadder(
    string Ticket, string Class, string? Department, Rung Rung, string Office, string? Holder, LadderReason? Reason, DateTimeOffset Since, Step Step, DateTimeOffset DueAt,
    string Rule, DateTimeOffset? NextAt, bool IsTakenOver, bool IsExtended);

/// <summary>Puts the next deadline of a report off, once; its reporter is told why. For its head, the secretary, the regent.</summary>
/// <param name="WorkingDays">By how many.</param>
/// <param name="Reason">What the reporter reads.</param>
public sealed record ExtendDeadline(string Regency, string Ticket, int? WorkingDays, string? Reason) : IRequest<Decided<LadderPlace>>;

/// <summary>Takes a report over: whoever does so answers for it from now on. For its head, the secretary, the regent.</summary>
public sealed record TakeOverReport(string Regency, string Ticket) : IRequest<Decided<LadderPlace>>;

/// <summary>Where a report stands.</summary>
/// <param name="Office">The office that has it; null: the officers.</param>
/// <param name="Next">What is owed next.</param>
/// <param name="DueAt">The first instant that is too late.</param>
public sealed record LadderPlace(string Ticket, Rung Rung, string? Office, Step? Next, DateTimeOffset? DueAt, string? Rule);
