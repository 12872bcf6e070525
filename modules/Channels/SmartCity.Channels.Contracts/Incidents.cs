using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>Bursts of similar reports, newest first.</summary>
public sealed record GetIncidents(string Regency) : IRequest<IReadOnlyList<Incident>>;

/// <summary>Many similar reports in a short time, such as after an earthquake.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Category">What they are about: a category's code.</param>
/// <param name="StartedAt">When the first came.</param>
/// <param name="LastAt">When the last one that was counted came.</param>
/// <param name="EndedAt">When it was over; null: it goes on.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Broadcasts">What was told to all who reported it.</param>
public sealed record Incident(string Id, string Category, DateTimeOffset StartedAt, DateTimeOffset LastAt, DateTimeOffset? EndedAt, int Count, IReadOnlyList<IncidentBroadcastNote> Broadcasts);

/// <summary>What was told to all who reported an incident.</summary>
public sealed record IncidentBroadcastNote(DateTimeOffset At, string Text, string By);

/// <summary>Tells something to all who reported an incident, once each. For dispatchers and the regent.</summary>
/// <param name="Text">What; it may be read by everybody.</param>
public sealed record BroadcastToIncident(string Regency, string Incident, string? Text) : IRequest<BroadcastOutcome>;

/// <summary>What came of it.</summary>
public enum BroadcastOutcome
{
    /// <summary>It goes out.</summary>
    Done,

    /// <summary>There is no such incident here, or not for the caller.</summary>
    Unknown,

    /// <summary>There is no text, or too much.</summary>
    BadText,
}
