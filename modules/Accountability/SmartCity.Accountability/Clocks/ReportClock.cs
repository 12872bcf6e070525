using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Accountability.Contracts;
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

    /// <summary>Since when the clock stands still.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it stands still, if it does.</summary>
    public StopReason StoppedFor { get; init; }

    /// <summary>A body outside has the report, or had it last.</summary>
    public bool IsOutside { get; init; }

    /// <summary>When it stood still before.</summary>
    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>Why nothing is owed any more, other than that all was done.</summary>
    public string? EndedWhy { get; init; }

    /// <summary>Events of the report that have stopped, ended or restarted the clock: each does so once.</summary>
    public IReadOnlyList<Guid> Causes { get; init; } = [];

    /// <summary>When the next step is due; null: nothing is owed any more, or not while the clock stands still.</summary>
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>When the department has been silent for too long; null: its silence does not count.</summary>
    public DateTimeOffset? SilentAt { get; init; }

    /// <summary>When the department last did something.</summary>
    public DateTimeOffset? ActedAt { get; init; }

    /// <summary>Category that its deadlines were set for.</summary>
    public string? Category { get; init; }

    /// <summary>Who answers for it above the officers.</summary>
    public Rung Rung { get; init; }

    /// <summary>The office that has it on the ladder; null: the officers.</summary>
    public string? Office { get; init; }

    /// <summary>How it got where it stands.</summary>
    public LadderClimbed? Climbed { get; init; }

    /// <summary>When it got there.</summary>
    public DateTimeOffset? OnRungSince { get; init; }

    /// <summary>Who headed the department when its step was missed first: id of the term.</summary>
    public string? AnswersFor { get; init; }

    /// <summary>The office that took it over, if that still has it.</summary>
    public string? TakenOverBy { get; init; }

    /// <summary>What was warned of last.</summary>
    public Owed? Warned { get; init; }

    /// <summary>The missed step for which it climbed last.</summary>
    public Owed? Missed { get; init; }

    /// <summary>How it was put off; that happens once.</summary>
    public DeadlineExtended? Extended { get; init; }

    /// <summary>When the ladder must look at it next; null: not until something happens.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>What the reporter said of the last answer.</summary>
    public bool? IsSatisfied { get; init; }

    /// <summary>Id of the report's event that said so.</summary>
    public Guid? Judged { get; init; }

    /// <summary>A step and when it is due: with another date it is another debt.</summary>
    public sealed record Owed(Step Step, DateTimeOffset DueAt);

    public static string Stream(string ticket) => $"deadlines-{ticket}";

    /// <summary>The step that is owed next. An acknowledgement is the platform's own, and is only counted.</summary>
    public Deadline? Next() => IsMet(Step.Settle) || EndedWhy is not null ? null : Deadlines.FirstOrDefault(d => d.Step != Step.Acknowledge && !IsMet(d.Step));

    public Deadline DueFor(Step step) => Deadlines.First(d => d.Step == step);

    public bool IsOverdue(DateTimeOffset now) => NextDueAt <= now;

    /// <summary>The event of meeting a deadline, or null when that was met before.</summary>
    public DeadlineMet? Meet(Step step, DateTimeOffset at, Guid cause) => IsMet(step) || Deadlines.All(d => d.Step != step) ? null : new DeadlineMet(step, at, at >= DueFor(step).DueAt, cause);

    /// <summary>Since when it stands still without a moment between, whoever it waits for; null while it runs.</summary>
    public DateTimeOffset? StandsStillSince() =>
        StoppedAt is { } since ? Pauses.Reverse().Aggregate(since, (began, pause) => pause.To == began ? pause.From : began) : null;

    public bool IsMet(Step step) => Met.Any(m => m.Step == step);

    /// <summary>The clock after one more event.</summary>
    public static ReportClock? After(ReportClock? clock, string id, object @event)
    {
        var after = (clock, @event) switch
        {
            (null, DeadlinesSet set) => Set(new ReportClock { Id = id, Ticket = set.Ticket, Class = set.Class, IsOversight = false, Deadlines = [] }, set),
            ({ } known, DeadlinesSet set) => Set(known, set),
            ({ } known, DeadlinesOwed owed) => known with { Department = owed.Department, SilentAt = owed.SilentAt, AnswersFor = null, IsOutside = false },
            ({ } known, DepartmentActed acted) => known with { ActedAt = acted.At, SilentAt = acted.SilentAt },
            ({ } known, ClockStopped stopped) => known with
            {
                StoppedAt = stopped.At,
                StoppedFor = stopped.Reason,
                IsOutside = known.IsOutside || stopped.Reason == StopReason.Outside,
                Causes = [.. known.Causes, stopped.Event],
            },
            ({ } known, ClockResumed resumed) => known with
            {
                StoppedAt = null,
                Pauses = known.StoppedAt is { } since ? [.. known.Pauses, new Pause(since, resumed.At, known.StoppedFor)] : known.Pauses,
                Deadlines = resumed.Deadlines,
                SilentAt = resumed.SilentAt,
            },
            ({ } known, ClockEnded ended) => known with { EndedWhy = ended.Why, StoppedAt = null, Causes = [.. known.Causes, ended.Event] },
            ({ } known, ClockRestarted restarted) => known with
            {
                EndedWhy = null,
                StoppedAt = null,
                Deadlines = restarted.Deadlines,
                Met = [.. known.Met.Where(m => m.Step <= Step.Assign)],
                Causes = [.. known.Causes, restarted.Event],
                SilentAt = restarted.SilentAt,
                Rung = Rung.Officer,
                Office = null,
                Climbed = null,
                AnswersFor = null,
                OnRungSince = null,
                TakenOverBy = null,
                Warned = null,
                Missed = null,
                Extended = null,
                IsSatisfied = null,
            },
            ({ } known, AnswerDueSet set) => known with { Deadlines = set.Deadlines },
            ({ } known, DeadlinesRecounted recounted) => known with { Deadlines = recounted.Deadlines, SilentAt = recounted.SilentAt ?? known.SilentAt },
            ({ } known, DeadlineMet met) => known with { Met = [.. known.Met, met], SilentAt = met.Step == Step.Answer ? null : known.SilentAt },
            ({ } known, DeadlineExtended extended) => known with { Deadlines = extended.Deadlines, Extended = extended },
            ({ } known, LadderEntered entered) => known with { SilentAt = entered.SilentAt },
            ({ } known, LadderWarned warned) => known with { Warned = new Owed(warned.Step, warned.DueAt) },
            ({ } known, LadderClimbed climbed) => known with
            {
                Rung = climbed.To,
                Office = climbed.Office,
                Climbed = climbed,
                AnswersFor = climbed.Head,
                TakenOverBy = null,
                Missed = climbed.Reason == LadderReason.Missed ? new Owed(climbed.Step, climbed.DueAt) : known.Missed,
                SilentAt = climbed.NextAt,
            },
            ({ } known, LadderTakenOver taken) => known with { Rung = taken.Rung, Office = taken.Office, TakenOverBy = taken.Office, SilentAt = taken.NextAt },
            ({ } known, AnswerJudged judged) => known with { IsSatisfied = judged.IsSatisfied, Judged = judged.Event },
            _ => clock,
        };
        // PostgreSQL keeps instants, not offsets.
        return after is null ? null : after with
        {
            NextDueAt = after.StoppedAt is null ? after.Next()?.DueAt.ToUniversalTime() : null,
            LookAt = after.NextLook()?.ToUniversalTime(),
        };
    }

    /// <summary>The clock after one more event of its stream.</summary>
    public static ReportClock? After(ReportClock? clock, string id, IEvent e) => After(clock, id, e.Data) is { } after
        ? e.Data is LadderClimbed or LadderTakenOver ? after with { OnRungSince = e.Timestamp.ToUniversalTime() } : after : null;

    private static ReportClock Set(ReportClock known, DeadlinesSet set) => known with
    {
        Class = set.Class,
        IsOversight = set.Class == ReportClass.Oversight,
        Category = set.Category,
        Deadlines = set.Deadlines,
        FiledAt = set.From?.ToUniversalTime(),
        Pauses = set.Pauses ?? known.Pauses,
    };

    /// <summary>Whether it has climbed, or was warned of, for the same debt before.</summary>
    public static bool Is(Owed? known, Deadline deadline) => known is not null && known.Step == deadline.Step && known.DueAt == deadline.DueAt;

    private DateTimeOffset? NextLook()
    {
        // Above the regent there is nobody.
        if (StoppedAt is not null || Rung == Rung.Regent || Next() is not { } next)
        {
            return null;
        }

        DateTimeOffset? due = Is(Missed, next) ? null : Is(Warned, next) ? next.DueAt : next.WarnAt ?? next.DueAt;
        return due is null || SilentAt < due ? SilentAt : due;
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
        IncludeType<DeadlinesRecounted>();
        IncludeType<DepartmentActed>();
        IncludeType<AnswerJudged>();
        IncludeType<DeadlineExtended>();
        IncludeType<LadderEntered>();
        IncludeType<LadderWarned>();
        IncludeType<LadderClimbed>();
        IncludeType<LadderTakenOver>();
    }

    public override ReportClock? Evolve(ReportClock? snapshot, string id, IEvent e) => ReportClock.After(snapshot, id, e);
}
