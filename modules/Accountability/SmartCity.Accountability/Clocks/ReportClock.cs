using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Clocks;

/// <summary>The deadlines of a report and how they were kept.</summary>
internal sealed record ReportClock
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required ReportClass Class { get; init; }

    /// <summary>On the conduct of officials: dispatchers and other departments must not learn of it.</summary>
    public required bool IsOversight { get; init; }

    /// <summary>Who owes the next step; null: a dispatcher.</summary>
    public string? Department { get; init; }

    public required IReadOnlyList<Deadline> Deadlines { get; init; }

    /// <summary>From when its days count; null in clocks older than this.</summary>
    public DateTimeOffset? FiledAt { get; init; }

    public IReadOnlyList<DeadlineMet> Met { get; init; } = [];

    /// <summary>Since when everybody waits for the reporter.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why nothing is owed any more, other than that all was done.</summary>
    public string? EndedWhy { get; init; }

    /// <summary>Events of the report that have stopped, ended or restarted the clock: each does so once.</summary>
    public IReadOnlyList<Guid> Causes { get; init; } = [];

    /// <summary>When the next step is due; null: nothing is owed any more, or not while the clock stands still.</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    public static string Stream(string ticket) => $"deadlines-{ticket}";

    /// <summary>The step that is owed next.</summary>
    public Deadline? Next() => IsMet(Step.Settle) || EndedWhy is not null ? null : Deadlines.FirstOrDefault(d => !IsMet(d.Step));

    public Deadline DueFor(Step step) => Deadlines.First(d => d.Step == step);

    public bool IsOverdue(DateTimeOffset now) => NextDueAt <= now;

    /// <summary>The event of meeting a deadline, or null when that was met before.</summary>
    public DeadlineMet? Meet(Step step, DateTimeOffset at, Guid cause) => IsMet(step) ? null : new DeadlineMet(step, at, at >= DueFor(step).DueAt, cause);

    public bool IsMet(Step step) => Met.Any(m => m.Step == step);

    /// <summary>The clock after one more event.</summary>
    public static ReportClock? After(ReportClock? clock, string id, object @event)
    {
        var after = (clock, @event) switch
        {
            (_, DeadlinesSet set) => new ReportClock
            {
                Id = id,
                Ticket = set.Ticket,
                Class = set.Class,
                IsOversight = set.Class == ReportClass.Oversight,
                Department = clock?.Department,
                Deadlines = set.Deadlines,
                Met = clock?.Met ?? [],
                FiledAt = set.From,
                StoppedAt = clock?.StoppedAt,
                EndedWhy = clock?.EndedWhy,
                Causes = clock?.Causes ?? [],
            },
            ({ } known, DeadlinesOwed owed) => known with { Department = owed.Department },
            ({ } known, ClockStopped stopped) => known with { StoppedAt = stopped.At, Causes = [.. known.Causes, stopped.Event] },
            ({ } known, ClockResumed resumed) => known with { StoppedAt = null, Deadlines = resumed.Deadlines },
            ({ } known, ClockEnded ended) => known with { EndedWhy = ended.Why, StoppedAt = null, Causes = [.. known.Causes, ended.Event] },
            ({ } known, ClockRestarted restarted) => known with
            {
                EndedWhy = null,
                StoppedAt = null,
                Deadlines = restarted.Deadlines,
                Met = [.. known.Met.Where(m => m.Step == Step.Assign)],
                Causes = [.. known.Causes, restarted.Event],
            },
            ({ } known, AnswerDueSet set) => known with { Deadlines = set.Deadlines },
            ({ } known, DeadlineMet met) => known with { Met = [.. known.Met, met] },
            _ => clock,
        };
        // PostgreSQL keeps instants, not offsets.
        return after is null ? null : after with { NextDueAt = after.StoppedAt is null ? after.Next()?.DueAt.ToUniversalTime() : null };
    }
}

/// <summary>Keeps <see cref="ReportClock"/> in step with its stream, in the same transaction.</summary>
internal sealed class ReportClockProjection : SingleStreamProjection<ReportClock, string>
{
    public ReportClockProjection()
    {
        IncludeType<DeadlinesSet>();
        IncludeType<DeadlinesOwed>();
        IncludeType<DeadlineMet>();
        IncludeType<ClockStopped>();
        IncludeType<ClockResumed>();
        IncludeType<ClockEnded>();
        IncludeType<ClockRestarted>();
        IncludeType<AnswerDueSet>();
    }

    public override ReportClock? Evolve(ReportClock? snapshot, string id, IEvent e) => ReportClock.After(snapshot, id, e.Data);
}
