using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Cases;

// A case against a head of department, in its own stream case-TERM-NUMBER. Names on the wire are given in the module. All that is said in it is
// sealed with a key of the case.

/// <summary>Another report belongs to it.</summary>
/// <param name="Cause">The event that led to it.</param>
internal sealed record CaseReportAdded(CaseReport Report, Guid? Cause);

/// <summary>The head has said something; of several statements the last one counts, and all stay.</summary>
/// <param name="Text">Sealed.</param>
internal sealed record CaseStatementGiven(string Text);

/// <summary>What was decided is done.</summary>
/// <param name="Note">Sealed.</param>
internal sealed record CaseClosed(string? Note);

/// <summary>A case as its events make it.</summary>
internal sealed record Case
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public long Version { get; set; }

    public required string Term { get; init; }

    public required string Department { get; init; }

    public required string Ground { get; init; }

    public required IReadOnlyList<CaseReport> Reports { get; init; }

    public CaseState State { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset StatementDueAt { get; init; }

    public string? Reason { get; init; }

    public string? Statement { get; init; }

    public CaseOutcome? Outcome { get; init; }

    public string? Decision { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Note { get; init; }

    /// <summary>Events that led to it or added to it: each does so once.</summary>
    public IReadOnlyList<Guid> Causes { get; init; } = [];

    public static string Stream(string term, int number) => $"case-{term}-{number}";

    public static Case? After(Case? known, object @event, DateTimeOffset at) => (known, @event) switch
    {
        (null, CaseOpened opened) => new Case
        {
            Id = opened.Case,
            Term = opened.Term,
            Department = opened.Department,
            Ground = opened.Ground,
            Reports = opened.Reports,
            OpenedAt = at.ToUniversalTime(),
            StatementDueAt = opened.StatementDueAt.ToUniversalTime(),
            Reason = opened.Reason,
            Causes = opened.Cause is { } cause ? [cause] : [],
        },
        ({ } open, CaseReportAdded added) => open with
        {
            Reports = [.. open.Reports, added.Report],
            Causes = added.Cause is { } cause ? [.. open.Causes, cause] : open.Causes,
        },
        ({ } open, CaseStatementGiven given) => open with { State = CaseState.Stated, Statement = given.Text },
        ({ } open, CaseDecided decided) => open with { State = CaseState.Decided, Outcome = decided.Outcome, Decision = decided.Reason, DecidedAt = at.ToUniversalTime() },
        ({ } open, CaseClosed closed) => open with { State = CaseState.Closed, Note = closed.Note },
        _ => known,
    };
}

/// <summary>Keeps <see cref="Case"/> in step with its stream, in the same transaction.</summary>
internal sealed class CaseProjection : SingleStreamProjection<Case, string>
{
    public CaseProjection()
    {
        IncludeType<CaseOpened>();
        IncludeType<CaseReportAdded>();
        IncludeType<CaseStatementGiven>();
        IncludeType<CaseDecided>();
        IncludeType<CaseClosed>();
    }

    public override Case? Evolve(Case? snapshot, string id, IEvent e) => Case.After(snapshot, e.Data, e.Timestamp);
}

/// <summary>What can be done in a case.</summary>
internal enum CaseMove
{
    Add,
    State,
    Decide,
    Close,
}

/// <summary>What somebody is to a case.</summary>
[Flags]
internal enum CaseParty
{
    None = 0,

    /// <summary>The ladder.</summary>
    System = 1,

    /// <summary>The head whom it is about, also after the term.</summary>
    Head = 2,

    Secretary = 4,

    Regent = 8,

    /// <summary>An officer of the oversight body.</summary>
    Inspectorate = 16,

    Auditor = 32,
}

/// <summary>A row of the table.</summary>
/// <param name="To">Where it leads; null: the case stays where it is.</param>
internal sealed record CaseTransition(CaseMove Move, IReadOnlyList<CaseState> From, CaseState? To, CaseParty Who, Type Event);

/// <summary>The life of a case: every move there is; docs/accountability.md is written from it.</summary>
internal static class CaseTable
{
    public static IReadOnlyList<CaseTransition> Rows { get; } =
    [
        new(CaseMove.Add, [CaseState.Open, CaseState.Stated], null, CaseParty.System | CaseParty.Secretary | CaseParty.Regent, typeof(CaseReportAdded)),
        new(CaseMove.State, [CaseState.Open, CaseState.Stated], CaseState.Stated, CaseParty.Head, typeof(CaseStatementGiven)),
        new(CaseMove.Decide, [CaseState.Open, CaseState.Stated], CaseState.Decided, CaseParty.Regent, typeof(CaseDecided)),
        new(CaseMove.Close, [CaseState.Decided], CaseState.Closed, CaseParty.Regent | CaseParty.Inspectorate, typeof(CaseClosed)),
    ];

    /// <summary>Those who see a case before it is decided, and what is said in it.</summary>
    public const CaseParty Concerned = CaseParty.Head | CaseParty.Secretary | CaseParty.Regent | CaseParty.Inspectorate | CaseParty.Auditor;

    /// <summary>Why somebody cannot make a move now; null when they can.</summary>
    public static Denial? Check(Case known, CaseMove move, CaseParty by, DateTimeOffset now)
    {
        var row = Rows.Single(r => r.Move == move);
        if ((row.Who & by) == 0 || (move == CaseMove.Close && by == CaseParty.Inspectorate && known.Outcome is not (null or CaseOutcome.Referred)))
        {
            return new Denial("case.not_yours", $"Only for: {string.Join(", ", Names(row.Who))}.", $"Hanya untuk: {string.Join(", ", Names(row.Who))}.", Kind: DenialKind.Forbidden);
        }

        if (!row.From.Contains(known.State))
        {
            return new Denial("case.state", $"Not possible: the case is {known.State.ToString().ToLowerInvariant()}.", $"Tidak bisa: perkara berstatus {known.State.ToString().ToLowerInvariant()}.", Kind: DenialKind.Conflict);
        }

        // Nobody is judged unheard: the head has time for a statement first.
        return move == CaseMove.Decide && known.State == CaseState.Open && now < known.StatementDueAt
            ? new Denial("case.unheard", "The head has not given a statement yet, and still has time to.", "Kepala OPD belum memberi keterangan dan masih punya waktu.", Kind: DenialKind.Conflict)
            : null;
    }

    /// <summary>What somebody can do now.</summary>
    public static IReadOnlyList<string> Allowed(Case known, CaseParty by, DateTimeOffset now) =>
        [.. Rows.Where(r => Check(known, r.Move, by, now) is null).Select(r => r.Move.ToString().ToLowerInvariant())];

    /// <summary>Parties, for a table.</summary>
    public static IReadOnlyList<string> Names(CaseParty party) =>
        [.. Enum.GetValues<CaseParty>().Where(p => p != CaseParty.None && party.HasFlag(p)).Select(p => p.ToString().ToLowerInvariant())];
}
