namespace SmartCity.Channels.Bursts;

/// <summary>Many similar reports in a short time. Which ones they are follows from category and time.</summary>
internal sealed record Burst
{
    public required string Id { get; init; }

    public required string Category { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public IReadOnlyList<Contracts.IncidentBroadcastNote> Broadcasts { get; init; } = [];

    /// <summary>The stream of its history.</summary>
    public string Stream => $"incident-{Id}";
}

/// <summary>A burst of similar reports has begun: those who must know hear of it.</summary>
internal sealed record IncidentBegan(string Category, DateTimeOffset Since, int Count);

/// <summary>Something is to be told to all who reported an incident.</summary>
/// <param name="Text">In the clear: it is for everybody.</param>
internal sealed record IncidentBroadcast(string Incident, string Category, DateTimeOffset From, DateTimeOffset To, string Text);

/// <summary>When many reports are one incident: a rule without I/O.</summary>
internal static class Gathering
{
    /// <summary>So long after the last one it is over.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(30);

    /// <summary>What becomes of a category's incident, by what came in the window; null: nothing changes.</summary>
    /// <param name="open">The incident that goes on, if there is one.</param>
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
