using MediatR;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reopening;

namespace SmartCity.Reports.Merging;

/// <summary>
/// Tells in the thread of every merged report what its main report's reporter is told: each word once, because the merged report
/// remembers how far it has heard. When the main report is taken back or hidden, those merged into it stand by themselves again.
/// </summary>
internal sealed class TellMerged(ReportStreams reports, RegencySessions sessions, PersonalData personal) :
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<ReportForwarded>>,
    INotificationHandler<Committed<ForwardFollowedUp>>, INotificationHandler<Committed<NeighbourSaid>>, INotificationHandler<Committed<PartsSettled>>,
    INotificationHandler<Committed<MainReportAnswered>>, INotificationHandler<Committed<ReportMerged>>,
    INotificationHandler<Committed<ReportWithdrawn>>, INotificationHandler<Committed<ReportProtected>>, INotificationHandler<Committed<ReportClassified>>
{
    private const string Part = "merging";

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ForwardFollowedUp> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<NeighbourSaid> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<PartsSettled> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    // One that others had been merged into before it was merged itself passes on what it hears.
    public Task Handle(Committed<MainReportAnswered> committed, CancellationToken cancel) => TellAll(committed.Envelope, committed.Event, cancel);

    public async Task Handle(Committed<ReportMerged> committed, CancellationToken cancel)
    {
        // What was answered before the merge is news to this reporter.
        var (regency, main) = (committed.Envelope.Regency.Value, committed.Event.Into);
        await using var session = sessions.Query(regency);
        var last = (await session.Events.FetchStreamAsync(main, token: cancel)).LastOrDefault(e => Word(e.Data) is not null);
        if (last is not null && await session.LoadAsync<Report>(main, cancel) is { IsPublic: true })
        {
            await Tell(regency, committed.Envelope.Stream, main, last.Version, Word(last.Data)!, cancel);
        }
    }

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => LetGo(committed.Envelope, cancel);

    public Task Handle(Committed<ReportProtected> committed, CancellationToken cancel) => committed.Event.IsConfidential ? LetGo(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) => committed.Event.IsOversight ? LetGo(committed.Envelope, cancel) : Task.CompletedTask;

    /// <summary>What the reporter of a main report is told by an event; null when nothing.</summary>
    internal static MainReportAnswered? Word(object @event) => @event switch
    {
        ReportAnswered answered => new("", 0, "answered", answered.Department, answered.Text, answered.IsSettled, answered.Outcome),
        ReportRejected rejected => new("", 0, "rejected", null, rejected.Reason, true),
        ReportForwarded forwarded => new("", 0, "forwarded", forwarded.Body, forwarded.Note, false),
        ForwardFollowedUp { IsTold: true } asked => new("", 0, "followedUp", asked.Body, asked.Said, false),
        NeighbourSaid { What: "answered" } said => new("", 0, "answered", said.There.RegencyName, said.Text, said.IsSettled),
        NeighbourSaid { What: "forwarded" } said => new("", 0, "followedUp", said.There.RegencyName, said.Text, false),
        PartsSettled => new("", 0, "partsSettled", null, null, true),
        MainReportAnswered heard => heard,
        _ => null,
    };

    /// <summary>What a merged report hears; nothing the second time.</summary>
    internal static Decision Decide(Report report, string main, long version, MainReportAnswered word, string? sealedText) =>
        report.MergedInto != main || report.Heard >= version ? Decision.Nothing
        : Decision.Happens(word with { Main = main, Version = version, Text = sealedText });

    private async Task TellAll(EventEnvelope envelope, object @event, CancellationToken cancel)
    {
        if (Word(@event) is not { } word)
        {
            return;
        }

        await using var session = sessions.Query(envelope.Regency.Value);
        // What is answered to a hidden report is for its own reporter alone.
        foreach (var ticket in await session.LoadAsync<Report>(envelope.Stream, cancel) is { IsPublic: true } main ? main.Merged : [])
        {
            await Tell(envelope.Regency.Value, ticket, envelope.Stream, envelope.Version, word, cancel);
        }
    }

    private async Task LetGo(EventEnvelope envelope, CancellationToken cancel)
    {
        var (regency, main) = (envelope.Regency.Value, envelope.Stream);
        await using var session = sessions.Query(regency);
        foreach (var ticket in (await session.LoadAsync<Report>(main, cancel))?.Merged ?? [])
        {
            await reports.ByItself(regency, ticket, Part, Move.Reopen, async (report, _, change) => report.MergedInto != main ? Decision.Nothing
                : await LeavingMain.Also(report, Decision.Happens(new ReportReopened(null)), change, cancel), cancel);
        }
    }

    private async Task Tell(string regency, string ticket, string main, long version, MainReportAnswered word, CancellationToken cancel)
    {
        string? text;
        await using (var session = sessions.Query(regency))
        {
            text = (await personal.Reader(session, [word.Text], cancel)).Open(word.Text);
        }

        // Sealed again, with this reporter's key: erasing one person takes nothing from the other.
        await reports.ByItself(regency, ticket, Part, Move.Follow, (report, act) => Decide(report, main, version, word, act.Seal(text)), cancel);
    }
}
