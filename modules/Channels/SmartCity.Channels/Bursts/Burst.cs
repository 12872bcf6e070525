using SmartCity.Platform.History;

namespace SmartCity.Channels.Bursts;

/// <summary>Many reports of one category in a short time, and the incident that gathers them.</summary>
[NotInEvents("Since when many similar reports come in; the incident that gathers them is in events.")]
internal sealed record Burst
{
    public required string Id { get; init; }

    public required string Category { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Id of the incident.</summary>
    public string? Incident { get; init; }
}

/// <summary>When many reports are one incident: a rule without I/O.</summary>
internal static class Gathering
{
    /// <summary>So long after the last one it is over.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(30);

    /// <summary>What becomes of a category's burst, by what came in the window; null: nothing changes.</summary>
    /// <param name="open">The burst that goes on, if there is one.</param>
    /// <param name="newId">The id of a new one.</param>
    public static Burst? Next(Burst? open, string category, int count, DateTimeOffset? first, DateTimeOffset? last, int threshold, DateTimeOffset now, string newId) => open switch
    {
        null when count >= threshold && first is { } began && last is { } newest => new Burst { Id = newId, Category = category, StartedAt = began, LastAt = newest },
        null => null,
        _ when last > open.LastAt => open with { LastAt = last.Value },
        _ when now - open.LastAt > Quiet => open with { EndedAt = open.LastAt },
        _ => null,
    };
}
