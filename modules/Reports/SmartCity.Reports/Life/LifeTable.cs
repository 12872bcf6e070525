using SmartCity.Reports.Contracts;
using static SmartCity.Reports.Contracts.ReportState;
using static SmartCity.Reports.Life.Party;

namespace SmartCity.Reports.Life;

/// <summary>What can be done to a report.</summary>
internal enum Move
{
    Route,
    Queue,
    Verify,
    Reject,
    Release,
    Discard,
    Assign,
    Start,
    Answer,
    Close,
    Lapse,
    Judge,
    Reopen,
    Return,
    HandOver,
    Merge,
    Join,
    Leave,
    Follow,
    Split,
    SettleParts,
    Forward,
    Ask,
    Supplement,
    Note,
    KeepPhoto,
    Withdraw,
    Classify,
    Protect,
    Stage,
    Plan,
    Unplan,
    TellPlan,
    Place,
    FollowUp,
    Offer,
    Decline,
    Receive,
    Hear,
    WriteNote,
    Take,
    HidePhoto,
    ShowPhoto,
    HideWords,
    ShowWords,
}

/// <summary>Where an event leads: one state, or a rule that chooses among several.</summary>
/// <param name="Rule">As people read it.</param>
/// <param name="Possible">Every state it may lead to.</param>
/// <param name="MayStay">The report may stay where it is.</param>
internal sealed record Target(string Rule, IReadOnlyList<ReportState> Possible, bool MayStay, Func<Report, object, ReportState> Of)
{
    public static Target To(ReportState state) => new(state.Name(), [state], false, (_, _) => state);

    public static Target Same { get; } = new("as it is", [], true, (report, _) => report.State);

    public static Target Answer { get; } = new("settled if the matter is done, else answered; a forwarded report stays forwarded meanwhile", [Answered, Settled, Forwarded], false,
        (report, @event) => @event is ReportAnswered { IsSettled: true } ? Settled : report.State == Forwarded ? Forwarded : Answered);

    public static Target Reopening { get; } = new("split if it has parts; else assigned to the department that had it, forwarded if a body had it; queued when nobody had it or it was rejected",
        [ReportState.Split, Assigned, Forwarded, Queued], false, (report, _) => report switch
        {
            { Parts.Count: > 0 } => ReportState.Split,
            { State: Rejected } => Queued,
            { Department: not null } => Assigned,
            { ForwardedTo: not null } => Forwarded,
            _ => Queued,
        });

    public static Target Supplement { get; } = new("where it stood before it waited; else as it is", [Filed, Queued, Verified, Assigned, InProgress, Answered, Forwarded], true,
        (report, _) => report.State == WaitingForReporter ? report.Before ?? Queued : report.State);

    public static Target Hearing { get; } = new("settled when it is done there, queued when it was not taken up there, forwarded when it is open there again; else as it is", [Settled, Queued, Forwarded], true,
        (report, @event) => @event switch
        {
            NeighbourSaid { IsSettled: true } => Settled,
            NeighbourSaid { What: "rejected" } => Queued,
            NeighbourSaid { What: "reopened" } => Forwarded,
            _ => report.State,
        });

    public static Target Classification { get; } = new("queued when it turns into an oversight report or back (then the Inspectorate gets it); else as it is", [Queued], true,
        (report, @event) => @event is ReportClassified classified && classified.IsOversight != report.Filed.IsOversight ? Queued : report.State);
}

/// <summary>A row of the table.</summary>
/// <param name="Move">What is done.</param>
/// <param name="From">In which states it can be done.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Who">Who can do it.</param>
/// <param name="Event">What happens then.</param>
internal sealed record Transition(Move Move, IReadOnlyList<ReportState> From, Target To, Party Who, Type Event);

/// <summary>
/// The life of a report: every move there is. Decisions refuse by it, the projection moves by it, callers are told by it what they can
/// do, and docs/report-life.md is written from it.
/// </summary>
internal static class LifeTable
{
    private static readonly ReportState[]
        All = Enum.GetValues<ReportState>(),
        Undecided = [Filed, Queued, Verified],
        WithDepartment = [Assigned, InProgress, Answered, WaitingForReporter],
        Open = [.. Undecided, .. WithDepartment, Forwarded];

    /// <summary>In which a body outside can have it: forwarded there, or with a partner that works here.</summary>
    public static readonly ReportState[] Outside = [Forwarded, Assigned, InProgress, Answered];

    /// <summary>The table.</summary>
    public static IReadOnlyList<Transition> Rows { get; } =
    [
        new(Move.Route, [Filed], Target.To(Assigned), Party.System, typeof(ReportAssigned)),
        new(Move.Queue, [Filed], Target.To(Queued), Party.System, typeof(ReportQueued)),
        new(Move.Verify, [Filed, Queued], Target.To(Verified), Desk, typeof(ReportVerified)),
        new(Move.Reject, [.. Undecided, Assigned, InProgress, WaitingForReporter], Target.To(Rejected), Desk, typeof(ReportRejected)),
        new(Move.Release, Open, Target.Same, Desk, typeof(ReportReleased)),
        new(Move.Discard, Undecided, Target.To(Rejected), Desk, typeof(ReportDiscarded)),
        new(Move.Assign, Open, Target.To(Assigned), Desk | Regent, typeof(ReportAssigned)),
        new(Move.Start, [Assigned, Answered, WaitingForReporter], Target.To(InProgress), Officer, typeof(WorkStarted)),
        new(Move.Answer, WithDepartment, Target.Answer, Officer, typeof(ReportAnswered)),
        new(Move.Answer, [Forwarded], Target.Answer, Desk, typeof(ReportAnswered)),
        new(Move.Return, WithDepartment, Target.To(Queued), Officer, typeof(ReportReturned)),
        new(Move.HandOver, WithDepartment, Target.To(Assigned), Officer | Party.System, typeof(ReportHandedOver)),
        new(Move.Forward, Open, Target.To(Forwarded), Desk | Officer | Party.System, typeof(ReportForwarded)),
        new(Move.Ask, [.. Open.Except([WaitingForReporter])], Target.To(WaitingForReporter), Desk | Officer, typeof(ReporterAsked)),
        new(Move.Supplement, [.. Open, ReportState.Split, Settled, Merged], Target.Supplement, Reporter | Integrator | Desk | Officer | Party.System, typeof(ReportSupplemented)),
        // What a partner passes on, and what a link turns out to show, may come late: also to a report that is done.
        new(Move.Note, All, Target.Supplement, Integrator, typeof(ReportUpdateReceived)),
        new(Move.KeepPhoto, All, Target.Same, Party.System, typeof(ReportPhotoFetched)),
        new(Move.KeepPhoto, All, Target.Same, Party.System, typeof(ReportPhotoMissed)),
        new(Move.Merge, Open, Target.To(Merged), Desk | Officer, typeof(ReportMerged)),
        new(Move.Join, [.. Open, ReportState.Split, Settled], Target.Same, Desk | Officer, typeof(ReportJoined)),
        new(Move.Leave, All, Target.Same, Desk | Party.System, typeof(ReportLeft)),
        new(Move.Follow, [Merged], Target.Same, Party.System, typeof(MainReportAnswered)),
        new(Move.Split, [.. Undecided, .. WithDepartment], Target.To(ReportState.Split), Desk, typeof(ReportSplit)),
        new(Move.SettleParts, [ReportState.Split], Target.To(Settled), Party.System, typeof(PartsSettled)),
        new(Move.Close, [Answered, Settled], Target.To(Closed), Reporter | Desk, typeof(ReportClosed)),
        new(Move.Lapse, [Settled, WaitingForReporter], Target.To(Closed), Party.System, typeof(ReportClosed)),
        new(Move.Judge, [Answered, Settled, Closed], Target.Same, Reporter | Desk, typeof(ReportJudged)),
        new(Move.Reopen, [Settled, Closed, Rejected, Withdrawn], Target.Reopening, Reporter | Desk | Officer | Regent | Party.System, typeof(ReportReopened)),
        new(Move.Reopen, [Merged], Target.Reopening, Desk | Party.System, typeof(ReportReopened)),
        new(Move.Withdraw, [.. Open, ReportState.Split], Target.To(Withdrawn), Reporter | Desk | Party.System, typeof(ReportWithdrawn)),
        new(Move.Withdraw, [Merged], Target.To(Withdrawn), Reporter | Desk, typeof(ReportWithdrawn)),
        new(Move.Classify, Open, Target.Classification, Desk, typeof(ReportClassified)),
        new(Move.Protect, All, Target.Same, Reporter | Desk | Party.System, typeof(ReportProtected)),
        new(Move.Stage, Open, Target.Same, Desk | Officer | Party.System, typeof(ProposalStaged)),
        new(Move.Plan, [.. Open, ReportState.Split, Settled], Target.Same, Desk | Officer | Regent, typeof(ReportPlanned)),
        new(Move.Unplan, [.. Open, ReportState.Split, Settled], Target.Same, Desk | Officer | Regent, typeof(ReportUnplanned)),
        // Also who agreed to close a report was told of a year, and hears when it changes; not who took it back.
        new(Move.TellPlan, [.. Open, ReportState.Split, Settled, Closed, Merged], Target.Same, Party.System, typeof(ReportPlanChanged)),
        new(Move.Place, Open, Target.Same, Desk | Party.System, typeof(ReportJurisdictionDecided)),
        new(Move.FollowUp, Outside, Target.Same, Desk, typeof(ForwardFollowedUp)),
        new(Move.Offer, [.. Undecided, .. WithDepartment], Target.Same, Party.System, typeof(HandoverOffered)),
        new(Move.Decline, Open, Target.Same, Party.System, typeof(HandoverDeclined)),
        new(Move.Receive, [.. Open, ReportState.Split, Settled], Target.Same, Party.System, typeof(ReportReceived)),
        new(Move.Hear, [Forwarded, WaitingForReporter, Settled], Target.Hearing, Party.System, typeof(NeighbourSaid)),
        new(Move.WriteNote, All, Target.Same, Desk | Officer | Regent, typeof(StaffNoted)),
        new(Move.Take, WithDepartment, Target.Same, Officer, typeof(HandlerChanged)),
        new(Move.HidePhoto, All, Target.Same, Desk, typeof(PhotoHidden)),
        new(Move.ShowPhoto, All, Target.Same, Desk, typeof(PhotoShown)),
        new(Move.HideWords, All, Target.Same, Desk, typeof(WordsHidden)),
        new(Move.ShowWords, All, Target.Same, Desk, typeof(WordsShown)),
    ];

    private static readonly Dictionary<Type, Target> Targets = Rows.GroupBy(row => row.Event).ToDictionary(rows => rows.Key, rows => rows.Select(row => row.To).DistinctBy(to => to.Rule).Single());

    private static readonly ILookup<Move, Transition> ByMove = Rows.ToLookup(row => row.Move);

    /// <summary>Where a report stands after an event; null when the table does not know it.</summary>
    public static ReportState? StateAfter(Report report, object @event) => Targets.TryGetValue(@event.GetType(), out var target) ? target.Of(report, @event) : null;

    /// <summary>Why somebody cannot make a move now; null when they can.</summary>
    public static Refusal? Check(Report report, Move move, Party by)
    {
        var rows = ByMove[move].ToArray();
        var here = rows.Where(row => row.From.Contains(report.State)).ToArray();
        if (here.Any(row => (row.Who & by) != 0))
        {
            return null;
        }

        if (here.Length > 0 || rows.All(row => (row.Who & by) == 0))
        {
            var who = (here.Length > 0 ? here : rows).Aggregate(default(Party), (all, row) => all | row.Who);
            return new Refusal("report.not_yours", $"Only {who.InEnglish()} can do this.", $"Hanya {who.InIndonesian()} yang dapat melakukannya.", Kind: RefusalKind.Forbidden);
        }

        var from = rows.Where(row => (row.Who & by) != 0).SelectMany(row => row.From).Distinct().Select(state => state.Name()).ToArray();
        return new Refusal("report.state",
            $"Not possible: the report is {report.State.Name()}. It must be {string.Join(", ", from)}.{(report.State.IsDone() ? " Reopen it first." : "")}",
            $"Tidak bisa: laporan berstatus {report.State.Name()}. Statusnya harus {string.Join(", ", from)}.{(report.State.IsDone() ? " Buka kembali dahulu." : "")}",
            Kind: RefusalKind.Conflict, Version: report.Version);
    }

    /// <summary>What somebody can do to a report now.</summary>
    public static IReadOnlyList<Move> Allowed(Report report, Party by) =>
        [.. ByMove.Select(rows => rows.Key).Where(move => move is not (Move.Join or Move.Leave or Move.Note or Move.KeepPhoto) && Check(report, move, by) is null && Suits(report, move))];

    /// <summary>The name of a move on the wire: camel case.</summary>
    public static string Name(this Move move) => move.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    // What depends on more than the state, so that nobody is offered a button that always refuses. The rules themselves check it again.
    private static bool Suits(Report report, Move move) => move switch
    {
        Move.Release or Move.Discard => report.IsHeld,
        Move.Stage => report.Class == ReportClasses.Proposal,
        Move.Unplan => report.PlannedWork is not null,
        Move.HidePhoto => report.HiddenPhotos.Count < report.Filed.Photos.Count + report.LaterPhotos.Count,
        Move.ShowPhoto => report.HiddenPhotos.Count > 0,
        Move.ShowWords => report.HiddenWords.Count > 0,
        // A department here is watched by its deadlines; a partner outside that works here is asked, as any body outside.
        Move.FollowUp => report is { State: Forwarded } or { AskAgainAt: not null },
        Move.Split => report.PartOf is null && !report.Filed.IsOversight,
        Move.Reopen => report.Parts.Count == 0,
        Move.Place or Move.Forward or Move.HandOver or Move.Merge or Move.Return => !report.Filed.IsOversight,
        Move.Protect => report.Filed is not { IsAnonymous: true, IsConfidential: true, IsHiddenByGuess: false },
        _ => true,
    };
}
