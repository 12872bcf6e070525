using JasperFx;
using JasperFx.Events;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports;

/// <summary>Takes a decision on a report and commits what it decides.</summary>
internal sealed class ReportStreams(RegencySessions sessions, PersonalData personal, Viewers viewers, CallContext call, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>
    /// Reads the report, asks the table whether the caller can make the move, decides, and appends what happens. When somebody else was
    /// faster, the outcome is a conflict that names the current version; when that was the platform itself and no version was expected, it is tried again.
    /// </summary>
    public Task<Outcome<ReportVersion>> Decide(IReportCommand command, Move move, Func<Report, Act, Decision> decide, CancellationToken cancel) =>
        Decide(command, move, (report, act, _) => Task.FromResult(decide(report, act)), cancel);

    /// <summary>The same for a decision that concerns other reports too; all of it is committed, or nothing.</summary>
    public async Task<Outcome<ReportVersion>> Decide(IReportCommand command, Move move, Func<Report, Act, ReportChange, Task<Decision>> decide, CancellationToken cancel)
    {
        if (Ticket.Read(command.Ticket) is not { } ticket)
        {
            return Outcome<ReportVersion>.Refused(NotFound(command.Ticket));
        }

        var viewer = await viewers.Current(command.Regency, (command as IReporterCommand)?.Secret, cancel);
        return await Decide(command.Regency, ticket, command.ExpectedVersion, viewer, move, decide, cancel);
    }

    /// <summary>What the platform does by itself; tried again when somebody else was faster. Nothing happens when the move is not possible any more.</summary>
    public async Task ByItself(string regency, string ticket, string part, Move move, Func<Report, Act, ReportChange, Task<Decision>> decide, CancellationToken cancel)
    {
        call.Actor = Actor.System(part);
        var viewer = Viewer.Of(call.Actor, regency);
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await Decide(regency, ticket, null, viewer, move,
                async (report, act, change) => LifeTable.Check(report, move, act.By) is null ? await decide(report, act, change) : Decision.Nothing, cancel, isChecked: true);
            if (outcome.Refusals.All(refusal => refusal.Code != MovedCode))
            {
                return;
            }

            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"Report {ticket} changes too fast.");
            }
        }
    }

    /// <inheritdoc cref="ByItself(string, string, string, Move, Func{Report, Act, ReportChange, Task{Decision}}, CancellationToken)"/>
    public Task ByItself(string regency, string ticket, string part, Move move, Func<Report, Act, Decision> decide, CancellationToken cancel) =>
        ByItself(regency, ticket, part, move, (report, act, _) => Task.FromResult(decide(report, act)), cancel);

    private async Task<Outcome<ReportVersion>> Decide(
        string regency, string ticket, long? expectedVersion, Viewer viewer, Move move, Func<Report, Act, ReportChange, Task<Decision>> decide, CancellationToken cancel,
        bool isChecked = false, int attempt = 1)
    {
        await using var session = sessions.Open(regency);
        var change = new ReportChange(session, viewer);
        if (await change.Find(ticket, cancel) is not { } report || !(isChecked || viewer.MaySee(report)))
        {
            return Outcome<ReportVersion>.Refused(NotFound(ticket));
        }

        var by = viewer.To(report);
        var refused = isChecked ? null : LifeTable.Check(report, move, by);
        if (refused is { Kind: RefusalKind.Forbidden })
        {
            return Outcome<ReportVersion>.Refused(refused);
        }

        if (expectedVersion is { } expected && expected != report.Version)
        {
            return Outcome<ReportVersion>.Refused(Moved(ticket, report.Version));
        }

        if (refused is not null)
        {
            return Outcome<ReportVersion>.Refused(refused);
        }

        var seal = await personal.SealFor(session, report.Filed.Reporter, cancel);
        var decision = await decide(report, new Act(by, viewer.Actor, time.GetUtcNow(), text => string.IsNullOrWhiteSpace(text) ? null : seal.Seal(text.Trim())), change);
        if (decision.Refusal is { } refusal)
        {
            return Outcome<ReportVersion>.Refused(refusal);
        }

        change.Append(ticket, decision.Events ?? []);
        if (!change.HasEvents)
        {
            return Outcome<ReportVersion>.Done(new ReportVersion(ticket, report.Version, report.State.Name()));
        }

        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (failure is EventStreamUnexpectedMaxEventIdException or ConcurrencyException)
        {
            await using var now = sessions.Query(regency);
            // What the platform did meanwhile is nobody's change of mind: who named no version need not decide anew.
            if (expectedVersion is null && !isChecked && attempt < Attempts
                && await now.Events.FetchStreamAsync(ticket, fromVersion: report.Version + 1, token: cancel) is { Count: > 0 } since && since.All(e => Actor.IsSystem(e.UserName)))
            {
                return await Decide(regency, ticket, expectedVersion, viewer, move, decide, cancel, attempt: attempt + 1);
            }

            return Outcome<ReportVersion>.Refused(Moved(ticket, (await now.LoadAsync<Report>(ticket, cancel))?.Version ?? report.Version + 1));
        }

        var after = change.After(ticket);
        return Outcome<ReportVersion>.Done(new ReportVersion(ticket, report.Version + (decision.Events?.Count ?? 0), after.State.Name()));
    }

    private const string MovedCode = "report.moved";

    internal static Refusal NotFound(string ticket, string field = "ticket") =>
        new("report.unknown", $"There is no report {ticket} here.", $"Laporan {ticket} tidak ada di sini.", field, RefusalKind.NotFound);

    private static Refusal Moved(string ticket, long version) => new(MovedCode,
        $"Somebody else changed report {ticket} first; its version is {version} now. Read it again and decide anew.",
        $"Laporan {ticket} sudah diubah orang lain; versinya sekarang {version}. Baca kembali lalu putuskan lagi.", "expectedVersion", RefusalKind.Conflict, version);
}

/// <summary>What is about to be committed together: events of one report, and of others that it concerns.</summary>
internal sealed class ReportChange(IDocumentSession session, Viewer viewer)
{
    private readonly Dictionary<string, (IEventStream<Report> Stream, Report Report)> _reports = [];

    /// <summary>The session, for what is not a report.</summary>
    public IDocumentSession Session => session;

    public Viewer Viewer => viewer;

    public bool HasEvents { get; private set; }

    /// <summary>A report that may be appended to; conflicts with whoever changes it meanwhile.</summary>
    public async Task<Report?> Find(string ticket, CancellationToken cancel)
    {
        if (_reports.TryGetValue(ticket, out var known))
        {
            return known.Report;
        }

        var stream = await session.Events.FetchForWriting<Report>(ticket, cancel);
        if (stream.Aggregate is not { } report)
        {
            return null;
        }

        report.Version = stream.CurrentVersion ?? report.Version;
        _reports[ticket] = (stream, report);
        return report;
    }

    /// <summary>Appends to a report that was found.</summary>
    public void Append(string ticket, params IReadOnlyList<object> events)
    {
        var (stream, report) = _reports[ticket];
        foreach (var @event in events)
        {
            stream.AppendOne(@event);
            report = Report.After(report, session.Events.BuildEvent(@event))!;
            HasEvents = true;
        }

        _reports[ticket] = (stream, report);
    }

    /// <summary>A new report.</summary>
    public void Start(string ticket, params object[] events)
    {
        session.Events.StartStream<Report>(ticket, events);
        HasEvents = true;
    }

    /// <summary>A report as it will be.</summary>
    public Report After(string ticket) => _reports[ticket].Report;
}
