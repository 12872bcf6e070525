using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>How many messages of citizens wait, by what they wait for, for how long, and whose turn it is.</summary>
/// <param name="Department">Only where it is this department's turn.</param>
/// <param name="AsOf">As it stood at the end of this day on the regency's clock; null: now.</param>
public sealed record GetUnanswered(string Regency, string? Department = null, DateOnly? AsOf = null) : IRequest<IReadOnlyList<UnansweredCount>>;

/// <summary>Messages that wait.</summary>
/// <param name="Direction"><c>in</c>: they have had no reaction at all; <c>out</c>: a message to the citizen has not left or was given up; <c>answer</c>: received and acknowledged, but not answered yet.</param>
/// <param name="Department">Whose turn it is; empty: nobody's yet, or a dispatcher's.</param>
/// <param name="Age"><c>1h</c>, <c>1d</c>, <c>3d</c>, <c>7d</c>: not longer than that; <c>more</c>.</param>
/// <param name="Count">How many.</param>
public sealed record UnansweredCount(string Direction, string Department, string Age, int Count);
