using System.Text.Json;
using JasperFx.Events;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Answering;
using SmartCity.Reports.Asking;
using SmartCity.Reports.Assigning;
using SmartCity.Reports.Classifying;
using SmartCity.Reports.Closing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Forwarding;
using SmartCity.Reports.Handling;
using SmartCity.Reports.Holding;
using SmartCity.Reports.Judging;
using SmartCity.Reports.Life;
using SmartCity.Reports.Merging;
using SmartCity.Reports.Moderating;
using SmartCity.Reports.Noting;
using SmartCity.Reports.Placing;
using SmartCity.Reports.Planning;
using SmartCity.Reports.Proposals;
using SmartCity.Reports.Protecting;
using SmartCity.Reports.Reading;
using SmartCity.Reports.Rejecting;
using SmartCity.Reports.Reopening;
using SmartCity.Reports.Returning;
using SmartCity.Reports.Routing;
using SmartCity.Reports.Splitting;
using SmartCity.Reports.Supplementing;
using SmartCity.Reports.Verifying;
using SmartCity.Reports.Withdrawing;
using SmartCity.Reports.Working;
using Rule = SmartCity.Reports.Placing.Placing;

namespace SmartCity.Reports.Tests.Life;

/// <summary>
/// A few reports and everybody who can do something to them, without a database: the same rules, the same table, and what the platform does
/// by itself, each told twice.
/// </summary>
internal sealed class World
{
    public const string Here = "33.28";
    private const int ChosenReports = 4;

    public static readonly Department[] Departments =
    [
        Department("DPU"), Department("DISHUB"), Department("INSPEKTORAT", DepartmentKind.Oversight), Department("PLN", DepartmentKind.Outside),
    ];

    public static readonly Category[] Categories =
    [
        Category("jalan-rusak", "DPU", ReportClass.Complaint), Category("usulan", "DPU", ReportClass.Proposal), Category("pungli", "INSPEKTORAT", ReportClass.Oversight),
    ];

    public static readonly (string Name, Viewer Viewer)[] People =
    [
        ("dispatcher", Viewer.Of(new Actor("staff:dispatcher", Role.Dispatcher, Here), Here)),
        ("officer of DPU", Viewer.Of(new Actor("staff:dpu", Role.Officer, Here, "DPU"), Here)),
        ("officer of DISHUB", Viewer.Of(new Actor("staff:dishub", Role.Officer, Here, "DISHUB"), Here)),
        ("inspector", Viewer.Of(new Actor("staff:inspektorat", Role.Officer, Here, "INSPEKTORAT"), Here, isInspectorate: true)),
        ("regent", Viewer.Of(new Actor("staff:regent", Role.Regent, Here), Here)),
        ("auditor", Viewer.Of(new Actor("staff:auditor", Role.Auditor, Here), Here)),
        ("integrator", Viewer.Of(new Actor("key:demo", Role.Integrator, Here), Here)),
        ("reporter", new Viewer(Actor.Citizen, Here, false, _ => true)),
        ("stranger", Viewer.Of(Actor.Citizen, Here)),
        ("dispatcher of another regency", Viewer.Of(new Actor("staff:dispatcher", Role.Dispatcher, "33.76"), Here)),
        ("operator", Viewer.Of(new Actor("staff:operator", Role.Operator), Here)),
        ("system", Viewer.Of(Actor.System("test"), Here)),
    ];

    private readonly Dictionary<string, List<object>> _streams = [];
    private readonly Dictionary<string, Report> _reports = [];
    private DateTimeOffset _now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);
    private int _serial;

    public World(params IReadOnlyList<(string Category, bool IsConfidential)> reports)
    {
        foreach (var (code, confidential) in reports)
        {
            var category = Categories.First(c => c.Code == code);
            var ticket = Ticket.Of(2026, ++_serial);
            Append(ticket, new ReportFiled(ticket, "web", null, "p1", code, "t", null, new ReportPlace(-6.9, 109.1, null), [], null, null, null, false,
                confidential || category.IsOversight, category.IsOversight, null, Classes.Of(null, category))
            {
                // What is confidential here looks like spam too.
                Assessment = new ReportAssessment(code, 0.9, null, 0, "normal", confidential ? "spam" : "complaint", "test", null, IsHeld: confidential),
            });
        }
    }

    public IReadOnlyDictionary<string, Report> Reports => _reports;

    public IReadOnlyDictionary<string, List<object>> Streams => _streams;

    /// <summary>A planned work that reports ask for.</summary>
    public PlannedWork Work { get; private set; } = new("pw-1", 1, new PlannedWorkTerms("Jalan", "DPU", [], 2027, 1, "apbd"), PlannedWorkState.Planned, null, default, default);

    /// <summary>Every event with where its report stood before and after.</summary>
    public List<(string Ticket, ReportState? Before, object Event, ReportState After)> Log { get; } = [];

    /// <summary>One move of somebody, and what the platform does then.</summary>
    /// <returns>Why it was refused.</returns>
    public Refusal? Try(string ticket, Move move, Viewer viewer, int choice = 0)
    {
        _now = _now.AddHours(1);
        var report = _reports[ticket];
        var by = viewer.To(report);
        var system = by.HasFlag(Party.System);
        if (!system && !viewer.MaySee(report))
        {
            return ReportStreams.NotFound(ticket);
        }

        if (LifeTable.Check(report, move, by) is { } refused)
        {
            return refused;
        }

        var happened = new List<(string, object)>();
        var decision = Decide(report, move, new Act(by, viewer.Actor, _now, text => text), viewer, choice, happened);
        if (decision.Refusal is not null)
        {
            return decision.Refusal;
        }

        foreach (var (stream, @event) in happened.Concat((decision.Events ?? []).Select(e => (ticket, e))))
        {
            Append(stream, @event);
        }

        React();
        return null;
    }

    public Refusal? Try(string ticket, Move move, string who, int choice = 0) => Try(ticket, move, People.First(p => p.Name == who).Viewer, choice);

    /// <summary>A report as its events alone make it.</summary>
    public Report Replayed(string ticket) => _streams[ticket].Aggregate((Report?)null, (report, e) => Report.After(report, Wrapped(e)))!;

    public static string Json(Report report) => JsonSerializer.Serialize(report with
    {
        Timeline = [.. report.Timeline.Select(entry => entry with { Id = default, At = default })],
        FiledAt = default,
        UpdatedAt = default,
    });

    /// <summary>What is wrong with the links between reports.</summary>
    public IEnumerable<string> BrokenLinks()
    {
        foreach (var report in _reports.Values)
        {
            if ((report.State == ReportState.Merged) != (report.MergedInto is not null))
            {
                yield return $"{report.Id} is {report.State} and merged into {report.MergedInto ?? "nothing"}";
            }

            if (report.MergedInto is { } main && !_reports[main].Merged.Contains(report.Id))
            {
                yield return $"{main} does not know that {report.Id} was merged into it";
            }

            foreach (var merged in report.Merged.Where(ticket => _reports[ticket].MergedInto != report.Id))
            {
                yield return $"{report.Id} believes that {merged} was merged into it";
            }

            if (report.PartOf is { } whole && _reports[whole].Parts.All(part => part.Ticket != report.Id))
            {
                yield return $"{whole} does not know its part {report.Id}";
            }

            foreach (var part in report.Parts.Where(part => _reports[part.Ticket].PartOf != report.Id))
            {
                yield return $"{report.Id} believes that {part.Ticket} is its part";
            }
        }
    }

    private Decision Decide(Report report, Move move, Act act, Viewer viewer, int choice, List<(string, object)> happened)
    {
        var (ticket, other) = (report.Id, _reports.Keys.Take(ChosenReports).ElementAt(choice % Math.Min(ChosenReports, _reports.Count)));
        var department = Departments[choice % Departments.Length].Code;
        var policy = new ReportPolicy();
        switch (move)
        {
            case Move.Route or Move.Queue:
                return RouteFiledReport.Decide(new Responsibility(move == Move.Queue ? null : report.Filed.IsOversight ? "INSPEKTORAT" : "DPU", RoutingGround.Category, null), Rule.Decide(Facts(report)));
            case Move.Verify:
                return VerifyReportHandler.Decide(new VerifyReport(Here, ticket, null), act);
            case Move.Reject:
                return RejectReportHandler.Decide(new RejectReport(Here, ticket, "r"), act);
            case Move.Release:
                return HeldReportHandler.Decide(Here, report, new Responsibility(choice % 2 == 0 ? null : report.Filed.IsOversight ? "INSPEKTORAT" : "DPU", RoutingGround.Category, null), null);
            case Move.Discard:
                return HeldReportHandler.Decide(report, new DiscardReport(Here, ticket, "r"), act);
            case Move.Assign:
                return AssignReportHandler.Decide(report, Departments, new AssignReport(Here, ticket, department, null), act);
            case Move.Start:
                return StartWorkHandler.Decide(report, new StartWork(Here, ticket, null), act);
            case Move.Answer:
                return AnswerReportHandler.Decide(report, new AnswerReport(Here, ticket, "a", choice % 2 == 0), policy, act,
                    choice % 2 == 1 && choice % 3 == 0 ? new AnswerOutcome(AnswerOutcomes.NeedsBudget, Plan: Plans.Of(Work)) : null);
            case Move.Close:
                return CloseReportHandler.Decide(new CloseReport(Here, ticket, null), act);
            case Move.Lapse:
                _now = _now.AddDays(choice % 20);
                return CloseByItself.Decide(report, act with { Now = _now });
            case Move.Judge:
                return JudgeAnswerHandler.Decide(report, new JudgeAnswer(Here, ticket, choice % 2 == 0, "r"), policy, act);
            case Move.Reopen:
                return Leaving(ReopenReportHandler.Decide(report, new ReopenReport(Here, ticket, "r"), act));
            case Move.Return:
                return ReturnReportHandler.Decide(report, new ReturnReport(Here, ticket, "r"), act);
            case Move.HandOver:
                return HandOverReportHandler.Decide(report, Departments, new HandOverReport(Here, ticket, department, "r"), act);
            case Move.Merge:
                var into = other == ticket ? null : _reports[other];
                var merged = MergeReportHandler.Decide(report, into, new MergeReport(Here, ticket, other, null), act, into is null ? Party.None : viewer.To(into), into is not null && viewer.MaySee(into));
                if (merged.Events is not null)
                {
                    happened.Add((other, new ReportJoined(ticket)));
                }

                return merged;
            case Move.Split:
                var command = new SplitReport(Here, ticket, [new PartToMake(department, "p"), new PartToMake("DISHUB")]);
                if (SplitReportHandler.Check(report, Departments, Categories, command) is { } fault)
                {
                    return Decision.Refused(fault);
                }

                var (whole, parts) = SplitReportHandler.Decide(report, command, [Ticket.Of(2026, ++_serial), Ticket.Of(2026, ++_serial)], _ => null, act);
                happened.AddRange(parts.SelectMany(p => new (string, object)[] { (p.Filed.Ticket, p.Filed), (p.Filed.Ticket, p.Assigned) }));
                return Decision.Happens(whole);
            case Move.SettleParts:
                return FollowParts.Decide(report, [.. report.Parts.Select(p => _reports[p.Ticket])], policy, act);
            case Move.Forward:
                return ForwardReportHandler.Decide(report, Departments, new ForwardReport(Here, ticket, choice % 2 == 0 ? "PLN" : "Kementerian PU", null, null), act);
            case Move.Ask:
                return AskReporterHandler.Decide(report, new AskReporter(Here, ticket, "q"), policy, act);
            case Move.Supplement:
                return SupplementReportHandler.Decide(report, new SupplementReport(Here, ticket, "s", [], choice % 3 == 0 ? "c" : null), act);
            case Move.Note:
                return Decision.Happens(new ReportUpdateReceived("u", "open", act.Now, "p1", "u", null, [], []));
            case Move.KeepPhoto:
                return Decision.Happens(new ReportPhotoMissed(choice, "photo.too_large"));
            case Move.Withdraw:
                return Leaving(WithdrawReportHandler.Decide(new WithdrawReport(Here, ticket, null), act));
            case Move.Classify:
                return ClassifyReportHandler.Decide(report, Categories, "INSPEKTORAT", new ClassifyReport(Here, ticket, Categories[choice % Categories.Length].Code));
            case Move.Protect:
                return ProtectReportHandler.Decide(report, new ProtectReport(Here, ticket, choice % 2 == 0, choice % 3 == 0));
            case Move.Stage:
                return AdvanceProposalHandler.Decide(report, new AdvanceProposal(Here, ticket, ProposalStages.InOrder[choice % 4], null, null), TimeZoneInfo.Utc, act);
            case Move.Place when act.By.HasFlag(Party.System):
                return DecideAnew.Decide(report, Rule.Decide(Facts(report)));
            case Move.Place:
                return DecideJurisdictionHandler.Decide(report, Facts(report), new Dictionary<string, string> { ["33.76"] = "Kota Tegal" },
                    new DecideJurisdiction(Here, ticket, JurisdictionLevels.All[choice % 6], choice % 2 == 0 ? "33.76" : null, "r"), act);
            case Move.FollowUp:
                return FollowUpForwardHandler.Decide(report, new FollowUpForward(Here, ticket, choice % 2 == 0 ? "s" : null, choice % 3 == 0), act.Now.AddDays(7), act);
            case Move.Follow:
                return Decision.Nothing;
            case Move.WriteNote:
                return WriteStaffNoteHandler.Decide(new WriteStaffNote(Here, ticket, choice % 5 == 0 ? null : "n"), act, "k1", text => text);
            case Move.Take:
                return HandleReportHandler.Decide(report, new HandleReport(Here, ticket, choice % 3 == 0 ? HandleReport.Nobody : choice % 2 == 0 ? HandleReport.Me : "budi"), act, ["budi"]);
            case Move.HidePhoto:
                return ModerationHandler.Decide(report, new HideFromPublic(Here, ticket, 1, null, null, HidingReasons.Personal, null), act);
            case Move.ShowPhoto:
                return ModerationHandler.Decide(report, new ShowToPublic(Here, ticket, 1, null, null), act);
            case Move.HideWords:
                return ModerationHandler.Decide(report, new HideFromPublic(Here, ticket, null, choice % 2 == 0 ? PublicWords.Description : PublicWords.Address, choice % 3 == 0 ? "w" : null, HidingReasons.Abuse, null), act);
            case Move.ShowWords:
                return ModerationHandler.Decide(report, new ShowToPublic(Here, ticket, null, PublicWords.Description, null), act);
            case Move.Plan:
                return LinkPlannedWorkHandler.Decide(report, Work, new LinkPlannedWork(Here, ticket, Work.Id), act);
            case Move.Unplan:
                return report.PlannedWork is { } linked ? Decision.Happens(new ReportUnplanned(linked)) : Decision.Nothing;
            case Move.TellPlan:
                Work = Work with { Version = Work.Version + (choice % 2), Terms = Work.Terms with { FiscalYear = 2026 + choice } };
                return report.PlannedWork is null ? Decision.Nothing : TellOfPlans.Decide(report, Plans.Of(Work), report.Plan, "x");
            default:
                return Decision.Refused("not.alone", "Happens only with another move.", "");
        }

        Decision Leaving(Decision decision)
        {
            if (decision.Events is not null && report.MergedInto is { } main)
            {
                happened.Add((main, new ReportLeft(ticket)));
            }

            return decision;
        }
    }

    /// <summary>What handlers of committed events do; everything is told twice.</summary>
    private void React()
    {
        for (var done = 0; done < Log.Count; done++)
        {
            if (_told.Contains(done))
            {
                continue;
            }

            _told.Add(done);
            for (var times = 0; times < 2; times++)
            {
                React(Log[done].Ticket, Log[done].Event, _streams[Log[done].Ticket].IndexOf(Log[done].Event) + 1);
            }
        }
    }

    private readonly HashSet<int> _told = [];

    private void React(string ticket, object @event, long version)
    {
        var system = new Act(Party.System, Actor.System("test"), _now, text => text);
        var report = _reports[ticket];
        if (TellMerged.Word(@event) is { } word && report.IsPublic)
        {
            foreach (var merged in report.Merged)
            {
                Apply(merged, Move.Follow, r => TellMerged.Decide(r, ticket, version, word, word.Text));
            }
        }

        if (@event is ReportMerged { Into: var into } && _reports[into].IsPublic && _streams[into].FindLastIndex(e => TellMerged.Word(e) is not null) is >= 0 and var last)
        {
            Apply(ticket, Move.Follow, r => TellMerged.Decide(r, into, last + 1, TellMerged.Word(_streams[into][last])!, "t"));
        }

        if (@event is ReportWithdrawn or ReportProtected { IsConfidential: true } or ReportClassified { IsOversight: true })
        {
            foreach (var merged in report.Merged)
            {
                Apply(merged, Move.Reopen, r => r.MergedInto == ticket ? Decision.Happens(new ReportReopened(null)) : Decision.Nothing, () => Append(ticket, new ReportLeft(merged)));
            }
        }

        if (@event is ReportWithdrawn)
        {
            foreach (var part in report.Parts)
            {
                Apply(part.Ticket, Move.Withdraw, _ => Decision.Happens(new ReportWithdrawn(null, "whole")));
            }
        }

        if (report.PartOf is { } whole && report.State.IsDone() && @event is ReportAnswered or ReportClosed or ReportRejected or ReportMerged or ReportWithdrawn)
        {
            if (report.PartOf is not null)
            {
                Apply(report.PartOf, Move.SettleParts, r => FollowParts.Decide(r, [.. r.Parts.Select(p => _reports[p.Ticket])], new ReportPolicy(), system));
            }
        }

        if (@event is ReportReopened && report.PartOf is { } of && !report.State.IsDone())
        {
            Apply(of, Move.Reopen, r => r.State is ReportState.Settled or ReportState.Closed ? Decision.Happens(new ReportReopened(null, ticket)) : Decision.Nothing);
        }

        void Apply(string other, Move move, Func<Report, Decision> decide, Action? also = null)
        {
            if (LifeTable.Check(_reports[other], move, Party.System) is null && decide(_reports[other]).Events is { } events)
            {
                also?.Invoke();
                foreach (var e in events)
                {
                    Append(other, e);
                }
            }
        }
    }

    private void Append(string ticket, object @event)
    {
        var before = _reports.GetValueOrDefault(ticket);
        var after = Report.After(before, Wrapped(@event))!;
        var stream = _streams.TryGetValue(ticket, out var known) ? known : _streams[ticket] = [];
        stream.Add(@event);
        _reports[ticket] = after;
        Log.Add((ticket, before?.State, @event, after.State));
    }

    private static IEvent Wrapped(object data) => (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;

    private static PlacingFacts Facts(Report report) =>
        new(Here, "Kabupaten Tegal", Categories.FirstOrDefault(c => c.Code == report.Category), null, null, report.Filed.IsOversight, Departments);

    private static Department Department(string code, DepartmentKind kind = DepartmentKind.Regency) => new(code, $"Dinas {code}", $"Department {code}", kind, true, null, null, []);

    private static Category Category(string code, string department, ReportClass @class) => new(code, code, code, "", "", [], department, @class, ServiceDelivery.Realtime, []);
}
