using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports;

/// <summary>A report as its events make it: what decisions are taken on, and what is read. Texts are sealed, as in the events.</summary>
internal sealed partial record Report
{
    /// <summary>The ticket.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>Sorts reports by age; see <see cref="Ticket.Order"/>.</summary>
    public required long Number { get; init; }

    /// <summary>What was filed, with what has been added and put right since: photos, category and class, protection.</summary>
    public required ReportFiled Filed { get; init; }

    public required ReportState State { get; init; }

    public string? Category { get; init; }

    public string? Department { get; init; }

    public string? District { get; init; }

    /// <summary>Whether everybody may see it.</summary>
    public required bool IsPublic { get; init; }

    /// <summary>Whether it looks like spam or abuse, and no person has said that it is not.</summary>
    public bool IsHeld { get; init; }

    public required DateTimeOffset FiledAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>The body outside that has it.</summary>
    public string? ForwardedTo { get; init; }

    /// <summary>When the body outside is to be asked again. PostgreSQL keeps instants, not offsets.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>Whose business it is.</summary>
    public Jurisdiction? Jurisdiction { get; init; }

    /// <summary>To whom it was offered, the latest last.</summary>
    public IReadOnlyList<ReportOffer> Offers { get; init; } = [];

    /// <summary>Code of the regency that has not decided on an offer.</summary>
    public string? OfferedTo { get; init; }

    /// <summary>What it became in another regency.</summary>
    public ReportElsewhere? HandedOverTo { get; init; }

    /// <summary>What it was in another regency.</summary>
    public ReportElsewhere? ReceivedFrom { get; init; }

    /// <summary>Version of the last event of the report in the other regency that was told here.</summary>
    public long HeardThere { get; init; }

    /// <summary>Where it stood before it waited for the reporter.</summary>
    public ReportState? Before { get; init; }

    /// <summary>What the reporter was asked, while it waits for that.</summary>
    public string? Question { get; init; }

    /// <summary>When it closes by itself. PostgreSQL keeps instants, not offsets.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The report that it is answered with.</summary>
    public string? MergedInto { get; init; }

    /// <summary>Version of the last event of the main report that was told here.</summary>
    public long Heard { get; init; }

    /// <summary>Reports that are answered with it.</summary>
    public IReadOnlyList<string> Merged { get; init; } = [];

    public IReadOnlyList<ReportPart> Parts { get; init; } = [];

    /// <summary>Senders' own ids of additions.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>How far a proposal has come.</summary>
    public string? Stage { get; init; }

    /// <summary>By when a proposal must be answered.</summary>
    public DateTimeOffset? AnswerDue { get; init; }

    /// <summary>What the last answer that said so came to.</summary>
    public AnswerOutcome? Outcome { get; init; }

    /// <summary>The planned work that it asks for, as its reporter was last told of it.</summary>
    public ReportPlan? Plan { get; init; }

    /// <summary>Id of that work.</summary>
    public string? PlannedWork { get; init; }

    /// <summary>Up to which version its reporter was told of each planned work, also through the report that it is merged into.</summary>
    public IReadOnlyDictionary<string, long> PlansHeard { get; init; } = new Dictionary<string, long>();

    /// <summary>Id of the account that has it in hand.</summary>
    public string? Handler { get; init; }

    /// <summary>Id of the key that seals what staff note on it.</summary>
    public string? NoteKey { get; init; }

    /// <summary>The report that it is a part of.</summary>
    public string? PartOf => Filed.PartOf;

    /// <summary>Its class.</summary>
    public string Class => Filed.Class ?? (Filed.IsOversight ? ReportClasses.Oversight : ReportClasses.Complaint);

    /// <summary>The last offer.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ReportOffer? Offer => Offers is [.., var last] ? last : null;

    /// <summary>The report after one more event.</summary>
    public static Report? After(Report? report, IEvent @event) => (report, @event.Data) switch
    {
        (null, ReportFiled filed) => new Report
        {
            Id = filed.Ticket,
            Number = Ticket.Order(filed.Ticket),
            Filed = filed,
            State = ReportState.Filed,
            Category = filed.Category,
            IsPublic = !filed.IsConfidential && !filed.IsOversight && filed.Assessment is not { IsHeld: true },
            IsHeld = filed.Assessment is { IsHeld: true },
            FiledAt = @event.Timestamp,
            UpdatedAt = @event.Timestamp,
            Timeline = [new TimelineEntry(@event.Timestamp, "filed", null, null, ReportState.Filed, @event.Id) { Tickets = filed.PartOf is { } whole ? [whole] : null }],
        },
        // What the reporter's own links show was sent with the report: no news, and no entry of its own.
        ({ } known, ReportPhotoFetched or ReportPhotoMissed) => known.WithPhotosOf(@event),
        ({ } known, var data) when LifeTable.StateAfter(known, data) is { } state => (known.Changed(data).Leaving(known.Department).WithOffers(data) with
        {
            State = state,
            // What only staff learn of is not told by the time either.
            UpdatedAt = data is StaffNoted or HandlerChanged ? known.UpdatedAt : @event.Timestamp,
            Before = state != ReportState.WaitingForReporter ? null : known.State == ReportState.WaitingForReporter ? known.Before : known.State,
            Question = state != ReportState.WaitingForReporter ? null : data is ReporterAsked question ? question.Question : known.Question,
            DueAt = data switch
            {
                ReportAnswered { IsSettled: true } answered => answered.ClosesAt?.ToUniversalTime(),
                PartsSettled settled => settled.ClosesAt?.ToUniversalTime(),
                NeighbourSaid { IsSettled: true } said => said.ClosesAt?.ToUniversalTime(),
                ReporterAsked asked => asked.AnswerBy?.ToUniversalTime(),
                _ => state == known.State ? known.DueAt : null,
            },
            AskAgainAt = data switch
            {
                ReportForwarded forwarded => forwarded.AskAgainAt?.ToUniversalTime(),
                ForwardFollowedUp asked => asked.AskAgainAt?.ToUniversalTime(),
                ReportAssigned assigned => assigned.AskAgainAt?.ToUniversalTime(),
                ReportHandedOver handed => handed.AskAgainAt?.ToUniversalTime(),
                ReportReopened when state == ReportState.Forwarded && known.HandedOverTo is null => @event.Timestamp.ToUniversalTime(),
                // What a partner outside has, it has again when it is reopened.
                _ => state is ReportState.Forwarded or ReportState.WaitingForReporter || (known.ForwardedTo is null && state != ReportState.Queued) ? known.AskAgainAt : null,
            },
            Timeline = [.. known.Timeline, Entry(data) with { At = @event.Timestamp, State = state, Id = @event.Id }],
        }).WithPhotosOf(@event),
        _ => report,
    };

    // What does not move the report, but stands in its timeline.
    private Report Noted(IEvent @event, string what, string? text) => this with
    {
        UpdatedAt = @event.Timestamp,
        Timeline = [.. Timeline, new TimelineEntry(@event.Timestamp, what, null, text, State, @event.Id)],
    };

    /// <summary>What an event changes besides where the report stands.</summary>
    private Report Changed(object @event) => @event switch
    {
        ReportQueued queued => this with { District = queued.District },
        ReportReleased => this with { IsHeld = false, IsPublic = !Filed.IsConfidential && !Filed.IsOversight },
        ReportAssigned assigned => this with { Department = assigned.Department, District = assigned.District ?? District, ForwardedTo = null, HandedOverTo = null },
        ReportHandedOver handed => this with { Department = handed.Department },
        ReportReturned => this with { Department = null },
        ReportForwarded forwarded => this with
        {
            Department = null,
            ForwardedTo = forwarded.Body,
            HandedOverTo = forwarded is { Regency: { } there, Reference: { } number } ? new ReportElsewhere(there, forwarded.Body, number) : null,
            HeardThere = 0,
        },
        ReportReceived received => this with { ReceivedFrom = received.From },
        NeighbourSaid { What: "rejected" } => this with { HandedOverTo = null, ForwardedTo = null },
        NeighbourSaid said => this with { HeardThere = said.Version },
        ReportJurisdictionDecided decided => this with { Jurisdiction = decided.Jurisdiction, District = decided.Jurisdiction.District ?? District },
        ReportMerged merged => this with { MergedInto = merged.Into, Heard = 0 },
        ReportWithdrawn => this with { MergedInto = null },
        ReportReopened => this with { MergedInto = null, Department = State == ReportState.Rejected ? null : Department },
        ReportJoined joined => this with { Merged = [.. Merged, joined.Ticket] },
        ReportLeft left => this with { Merged = [.. Merged.Where(ticket => ticket != left.Ticket)] },
        ReportAnswered { Outcome: { } outcome } => Asks(outcome.Plan) with { Outcome = outcome },
        MainReportAnswered heard => (heard.Outcome?.Plan is { } told ? Told(told) : this) with { Heard = heard.Version },
        ReportPlanned planned => Asks(planned.Plan),
        ReportUnplanned unplanned when unplanned.Work == PlannedWork => this with { Plan = null, PlannedWork = null },
        ReportPlanChanged changed => Told(changed.Plan) with { Plan = changed.Plan.Work == PlannedWork ? changed.Plan : Plan },
        ReportSplit split => this with { Department = null, Parts = split.Parts },
        ReportSupplemented more => this with
        {
            Causes = more.Cause is null ? Causes : [.. Causes, more.Cause],
        },
        ReportClassified classified => this with
        {
            Category = classified.Category,
            Department = classified.IsOversight == Filed.IsOversight ? Department : null,
            ForwardedTo = classified.IsOversight == Filed.IsOversight ? ForwardedTo : null,
            // What was confidential as an oversight report stays so: it was written under that promise. Where only its words had been taken for
            // one, nobody had promised or asked for anything.
            Filed = Filed with
            {
                Category = classified.Category,
                Class = classified.Class,
                IsOversight = classified.IsOversight,
                IsConfidential = (Filed.IsConfidential && !Filed.IsHiddenByGuess) || classified.IsOversight,
                IsHiddenByGuess = false,
            },
            IsPublic = (IsPublic || (Filed.IsHiddenByGuess && !IsHeld)) && !classified.IsOversight,
        },
        ReportProtected @protected => this with
        {
            Filed = Filed with
            {
                IsAnonymous = Filed.IsAnonymous || @protected.IsAnonymous,
                IsConfidential = Filed.IsConfidential || @protected.IsConfidential,
                IsHiddenByGuess = Filed.IsHiddenByGuess && !@protected.IsConfidential,
            },
            IsPublic = IsPublic && !@protected.IsConfidential,
        },
        StaffNoted noted => this with { NoteKey = noted.Key },
        HandlerChanged changed => this with { Handler = changed.Handler },
        PhotoHidden or PhotoShown or WordsHidden or WordsShown => Moderated(@event),
        ProposalStaged staged => this with { Stage = staged.Stage, AnswerDue = staged.AnswerDue.ToUniversalTime() },
        _ => this,
    };

    // Nobody of another department has it in hand.
    private Report Leaving(string? department) => Department == department ? this : this with { Handler = null };

    private Report Told(ReportPlan plan) => this with
    {
        PlansHeard = new Dictionary<string, long>(PlansHeard) { [plan.Work] = Math.Max(plan.Version, PlansHeard.GetValueOrDefault(plan.Work)) },
    };

    // Another outcome than a planned work leaves the report with the work that it asked for.
    private Report Asks(ReportPlan? plan) => plan is null ? this : Told(plan) with { Plan = plan, PlannedWork = plan.Work };

    /// <summary>An offer is open until the neighbour has decided, or the report goes another way here.</summary>
    private Report WithOffers(object @event)
    {
        IReadOnlyList<ReportOffer> offers = @event is HandoverOffered offered ? [.. Offers, new ReportOffer(offered.Handover, offered.To, offered.ToName, true)]
            : Offer is { IsOpen: true } open && (State.IsDone() || @event is HandoverDeclined or ReportAssigned or ReportForwarded or ReportRejected or ReportWithdrawn or ReportClosed or ReportMerged or ReportSplit
                or ReportProtected { IsConfidential: true } or ReportClassified { IsOversight: true } || (@event is ReportJurisdictionDecided decided && decided.Jurisdiction.Regency != open.To))
                ? [.. Offers.SkipLast(1), open with { IsOpen = false }] : Offers;
        return this with { Offers = offers, OfferedTo = offers is [.., { IsOpen: true } last] ? last.To : null };
    }

    /// <summary>How an event stands in the timeline; its words are in docs/report-life.md too.</summary>
    internal static TimelineEntry Entry(object @event)
    {
        static TimelineEntry Of(string what, string? department = null, string? text = null) => new(default, what, department, text, default, default);
        return @event switch
        {
            ReportQueued queued => Of("queued") with { Detail = queued.Reason },
            ReportReleased => Of("released"),
            ReportDiscarded discarded => Of("discarded", text: discarded.Reason),
            ReportVerified verified => Of("verified", text: verified.Note),
            ReportRejected rejected => Of("rejected", text: rejected.Reason),
            ReportAssigned assigned => Of("assigned", assigned.Department, assigned.Note),
            WorkStarted started => Of("started", started.Department, started.Note),
            ReportAnswered answered => Of("answered", answered.Department, answered.Text) with { Outcome = answered.Outcome },
            ReportClosed closed => Of("closed", text: closed.Note) with { Detail = closed.Ground },
            ReportJudged judged => Of("judged", text: judged.Reason) with { Detail = judged.IsSatisfied ? "satisfied" : "notSatisfied" },
            ReportReopened reopened => Of("reopened", text: reopened.Reason) with { Tickets = reopened.Part is { } part ? [part] : null },
            ReportReturned returned => Of("returned", returned.Department, returned.Reason),
            ReportHandedOver handed => Of("handedOver", handed.Department, handed.Reason),
            ReportMerged merged => Of("merged", text: merged.Note) with { Tickets = [merged.Into] },
            ReportJoined joined => Of("joined") with { Tickets = [joined.Ticket] },
            ReportLeft left => Of("left") with { Tickets = [left.Ticket] },
            MainReportAnswered main => Of("followed", main.Department, main.Text) with { Tickets = [main.Main], Detail = main.What, Outcome = main.Outcome },
            ReportSplit split => Of("split") with { Tickets = [.. split.Parts.Select(p => p.Ticket)] },
            PartsSettled => Of("partsSettled"),
            ReportForwarded forwarded => Of("forwarded", forwarded.Body, forwarded.Note) with { Detail = forwarded.Reference },
            ReporterAsked asked => Of("asked", asked.Department, asked.Question),
            ReportSupplemented more => Of("supplemented", text: more.Text) with { Detail = more.By },
            ReportUpdateReceived update => Of("updated", text: update.Text) with { Links = update.Links is { Count: > 0 } links ? links : null },
            ReportWithdrawn withdrawn => Of("withdrawn", text: withdrawn.Reason) with { Detail = withdrawn.By },
            ReportClassified classified => Of("classified") with { Detail = classified.Category },
            ReportProtected => Of("protected"),
            ReportJurisdictionDecided decided => Of("placed", decided.Jurisdiction?.Body, decided.Reason) with { Detail = decided.Jurisdiction?.Level },
            HandoverOffered offered => Of("offered", offered.ToName),
            HandoverDeclined declined => Of("declined", declined.ToName, declined.Reason),
            ReportReceived received => Of("received", received.From?.RegencyName) with { Detail = received.From?.Ticket },
            NeighbourSaid said => Of("neighbour", said.There?.RegencyName, said.Text) with { Detail = said.What },
            ForwardFollowedUp asked => Of("followedUp", asked.Body, asked.Said) with { Detail = asked.IsTold ? "told" : null },
            ProposalStaged staged => Of("staged", text: staged.Note) with { Detail = staged.Stage },
            StaffNoted noted => Of(NotedEntry, text: noted.Text) with { Detail = noted.By },
            HandlerChanged changed => Of(HandlerEntry) with { Detail = changed.Handler },
            PhotoHidden hidden => Of("photoHidden", text: hidden.Note) with { Detail = hidden.Reason },
            PhotoShown shown => Of("photoShown", text: shown.Note),
            WordsHidden hidden => Of("wordsHidden", text: hidden.Note) with { Detail = hidden.Reason },
            WordsShown shown => Of("wordsShown", text: shown.Note),
            ReportPlanned planned => Of("planned") with { Plan = planned.Plan },
            ReportUnplanned => Of("unplanned"),
            ReportPlanChanged changed => Of("planChanged") with { Plan = changed.Plan, FormerPlan = changed.Former, Detail = changed.Reason },
            _ => throw new InvalidOperationException($"{@event.GetType().Name} has no place in the timeline."),
        };
    }
}

/// <summary>An offer of a report to a neighbouring regency.</summary>
internal sealed record ReportOffer(string Handover, string To, string ToName, bool IsOpen);

/// <summary>Keeps <see cref="Report"/> in step with its stream, in the same transaction.</summary>
internal sealed class ReportProjection : SingleStreamProjection<Report, string>
{
    public override Report? Evolve(Report? snapshot, string id, IEvent e) => Report.After(snapshot, e);
}

internal static class ReportRows
{
    /// <summary>Adds what <see cref="ReportProjection"/> makes of new streams to what <paramref name="rows"/> will commit, all in one statement.</summary>
    public static void InsertReports(this NewRows rows, IReadOnlyList<Report> reports) => rows.Insert(
        "reports.mt_doc_report", [.. reports.Select(r => (r.Id, r with { Version = 1 }))],
        ("mt_version", reports.Select(_ => 1L).ToArray()), ("number", reports.Select(r => r.Number).ToArray()),
        ("filed_at", reports.Select(r => r.FiledAt.ToUniversalTime()).ToArray()));
}
