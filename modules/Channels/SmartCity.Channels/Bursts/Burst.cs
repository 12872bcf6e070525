using JasperFx.Events;
using Marten.Events.Aggregation;

namespace SmartCity.Channels.Bursts;

/// <summary>Many reports of one category in a short time, and the incident that gathers them.</summary>
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

/// <summary>Many similar reports began to come in.</summary>
internal sealed record BurstBegan(string Category, DateTimeOffset StartedAt, DateTimeOffset LastAt, string? Incident);

/// <summary>More came in.</summary>
internal sealed record BurstGrew(DateTimeOffset LastAt, string? Incident);

/// <summary>No more came in, or a person closed the incident.</summary>
internal sealed record BurstEnded(DateTimeOffset EndedAt, DateTimeOffset LastAt, string? Incident);

/// <summary>Keeps <see cref="Burst"/> in step with its stream, in the same transaction.</summary>
internal sealed class BurstProjection : SingleStreamProjection<Burst, string>
{
    public override Burst? Evolve(Burst? snapshot, string id, IEvent e) => (snapshot, e.Data) switch
    {
        (null, BurstBegan began) => new Burst { Id = id, Category = began.Category, StartedAt = began.StartedAt, LastAt = began.LastAt, Incident = began.Incident },
        ({ } known, BurstGrew grew) => known with { LastAt = grew.LastAt, Incident = grew.Incident },
        ({ } known, BurstEnded ended) => known with { LastAt = ended.LastAt, EndedAt = ended.EndedAt, Incident = ended.Incident },
        _ => snapshot,
    };
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
