using MediatR;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.HandingOver;

/// <summary>What the regency that took a report over says and does, is told where it was filed: there the reporter hears it, on the reporter's own channel.</summary>
internal sealed class TellOrigin(ReportStreams reports, RegencySessions sessions, RegencyRegistry regencies, PersonalData personal, ISender sender, TimeProvider time) :
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<MainReportAnswered>>, INotificationHandler<Committed<ReportRejected>>,
    INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportReopened>>, INotificationHandler<Committed<ReporterAsked>>,
    INotificationHandler<Committed<ReportForwarded>>, INotificationHandler<Committed<PartsSettled>>
{
    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Tell(committed.Envelope, "answered", committed.Event.Text, committed.Event.IsSettled, cancel);

    public Task Handle(Committed<MainReportAnswered> committed, CancellationToken cancel) =>
        Tell(committed.Envelope, committed.Event.What, committed.Event.Text ?? committed.Event.Department, committed.Event.IsSettled, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => Tell(committed.Envelope, "rejected", committed.Event.Reason, false, cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => Tell(committed.Envelope, "closed", null, true, cancel);

    public Task Handle(Committed<PartsSettled> committed, CancellationToken cancel) => Tell(committed.Envelope, "closed", null, true, cancel);

    public Task Handle(Committed<ReportReopened> committed, CancellationToken cancel) => Tell(committed.Envelope, "reopened", null, false, cancel);

    public Task Handle(Committed<ReporterAsked> committed, CancellationToken cancel) => Tell(committed.Envelope, "asked", committed.Event.Question, false, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) => Tell(committed.Envelope, "forwarded", committed.Event.Body, false, cancel);

    /// <summary>Each word is told once; what changes nothing here is not told at all.</summary>
    internal static Decision Decide(Report report, NeighbourSaid said) =>
        report.HandedOverTo is not { } there || there.Regency != said.There.Regency || there.Ticket != said.There.Ticket || said.Version <= report.HeardThere
        || (said.What == "closed" && report.State == ReportState.Settled) || (said.What == "reopened" && report.State != ReportState.Settled)
            ? Decision.Nothing : Decision.Happens(said);

    private async Task Tell(EventEnvelope envelope, string what, string? word, bool isSettled, CancellationToken cancel)
    {
        var here = envelope.Regency.Value;
        await using var session = sessions.Query(here);
        if (await session.LoadAsync<Report>(envelope.Stream, cancel) is not { ReceivedFrom: { } origin })
        {
            return;
        }

        var text = (await personal.Reader(session, [word], cancel)).Open(word);
        var there = new ReportElsewhere(here, (await regencies.Find(envelope.Regency, cancel))?.Name ?? here, envelope.Stream);
        var policy = await sender.Send(new GetReportPolicy(origin.Regency), cancel);
        await reports.ByItself(origin.Regency, origin.Ticket, "handovers", Move.Hear, (report, act) => Decide(report, new NeighbourSaid(
            there, envelope.Version, what, act.Seal(text), isSettled, isSettled ? time.GetUtcNow().AddDays(policy.CloseAfterDays) : null)), cancel);
    }
}

/// <summary>
/// What happens where a report was filed is told to the regency that has it: its reporter adds something, objects, takes it back, or it must not be
/// public any more. An offer that is not decided yet is taken back when the report goes another way.
/// </summary>
internal sealed class TellTaker(ReportStreams reports, HandoverStreams handovers, RegencySessions sessions, PersonalData personal, CarryPhotos photos) :
    INotificationHandler<Committed<ReportSupplemented>>, INotificationHandler<Committed<ReportReopened>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ReportProtected>>, INotificationHandler<Committed<ReportClassified>>, INotificationHandler<Committed<ReportAssigned>>,
    INotificationHandler<Committed<ReportForwarded>>, INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<ReportClosed>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportSplit>>, INotificationHandler<Committed<ReportJurisdictionDecided>>
{
    private const string Part = "handovers";

    public async Task Handle(Committed<ReportSupplemented> committed, CancellationToken cancel)
    {
        if (committed.Event.By != Elsewhere.Origin && await Load(committed.Envelope, cancel) is { HandedOverTo: { } there })
        {
            var regency = committed.Envelope.Regency.Value;
            await photos.Carry(regency, committed.Event.Photos, there, await Open(regency, committed.Event.Text, cancel), committed.Envelope.Id.ToString("N"), cancel);
        }
    }

    public async Task Handle(Committed<ReportReopened> committed, CancellationToken cancel)
    {
        if (await Load(committed.Envelope, cancel) is { HandedOverTo: { } there })
        {
            var reason = await Open(committed.Envelope.Regency.Value, committed.Event.Reason, cancel);
            await reports.ByItself(there.Regency, there.Ticket, Part, Move.Reopen, (report, act) =>
                report.State is ReportState.Settled or ReportState.Closed ? Decision.Happens(new ReportReopened(act.Seal(reason))) : Decision.Nothing, cancel);
        }
    }

    public async Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel)
    {
        if (await Load(committed.Envelope, cancel) is { HandedOverTo: { } there })
        {
            await reports.ByItself(there.Regency, there.Ticket, Part, Move.Withdraw, (_, _) => Decision.Happens(new ReportWithdrawn(null, Elsewhere.Origin)), cancel);
        }

        await TakeBack(committed.Envelope, cancel);
    }

    public Task Handle(Committed<ReportProtected> committed, CancellationToken cancel) => committed.Event.IsConfidential ? Hide(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) => committed.Event.IsOversight ? Hide(committed.Envelope, cancel) : Task.CompletedTask;

    // What routing assigns was never offered.
    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => committed.Event.Ground is "dispatcher" or "regent" ? TakeBack(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) => committed.Event.Regency is null ? TakeBack(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => TakeBack(committed.Envelope, cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => TakeBack(committed.Envelope, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => TakeBack(committed.Envelope, cancel);

    public Task Handle(Committed<ReportSplit> committed, CancellationToken cancel) => TakeBack(committed.Envelope, cancel);

    public Task Handle(Committed<ReportJurisdictionDecided> committed, CancellationToken cancel) =>
        committed.Event.Jurisdiction.Ground == JurisdictionGrounds.Person ? TakeBack(committed.Envelope, cancel) : Task.CompletedTask;

    private async Task Hide(EventEnvelope envelope, CancellationToken cancel)
    {
        if (await Load(envelope, cancel) is { HandedOverTo: { } there })
        {
            await reports.ByItself(there.Regency, there.Ticket, Part, Move.Protect, (report, _) =>
                report.Filed is { IsConfidential: true, IsHiddenByGuess: false } ? Decision.Nothing : Decision.Happens(new ReportProtected(report.Filed.IsAnonymous, true)), cancel);
        }

        await TakeBack(envelope, cancel);
    }

    /// <summary>An offer that is not open any more is withdrawn there; a report that came of it is, when it is with somebody else here now.</summary>
    private async Task TakeBack(EventEnvelope envelope, CancellationToken cancel)
    {
        if (await Load(envelope, cancel) is not { Offer: { IsOpen: false } offer } report)
        {
            return;
        }

        var there = await handovers.ByItself(offer.To, offer.Handover, known => known is { State: HandoverState.Pending } ? new HandoverWithdrawn(offer.Handover) : null, cancel);
        if (there is { Ticket: { } ticket } && report is { HandedOverTo: null, State: not ReportState.Queued })
        {
            await reports.ByItself(offer.To, ticket, Part, Move.Withdraw, (_, _) => Decision.Happens(new ReportWithdrawn(null, Elsewhere.Origin)), cancel);
        }
    }

    private async Task<Report?> Load(EventEnvelope envelope, CancellationToken cancel)
    {
        await using var session = sessions.Query(envelope.Regency.Value);
        return await session.LoadAsync<Report>(envelope.Stream, cancel);
    }

    private async Task<string?> Open(string regency, string? text, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return (await personal.Reader(session, [text], cancel)).Open(text) is { } opened and not PersonalReader.Erased ? opened : null;
    }
}

/// <summary>Who is erased where a report was filed is erased where it went.</summary>
internal sealed class EraseElsewhere(HandoverStreams handovers, RegencySessions sessions, PersonalTraces traces) : INotificationHandler<PersonForgotten>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        await using var session = sessions.Query(forgotten.Regency);
        var known = await session.LoadManyAsync<Report>(cancel, forgotten.Keys.Select(k => k.Stream).OfType<string>().Distinct().ToArray());
        foreach (var report in known)
        {
            if (forgotten.Keys.FirstOrDefault(key => key.Id == report.Filed.Reporter) is { } key)
            {
                await There(report, key, cancel);
            }
        }
    }

    public async Task There(Report report, PersonalKey key, CancellationToken cancel)
    {
        foreach (var offer in report.Offers)
        {
            var handover = await handovers.Find(offer.To, offer.Handover, cancel);
            var keys = new List<string>();
            foreach (var stream in new[] { Handover.Stream(offer.Handover), handover?.Ticket }.OfType<string>())
            {
                keys.AddRange((await traces.Find(offer.To, stream, new PersonIdentity(), cancel)).Where(trace => trace.ErasedAt is null && trace.Stream == stream).Select(trace => trace.Id));
            }

            if (keys.Count > 0)
            {
                await traces.Erase(offer.To, keys, key.Ground ?? ErasureGround.Request, null, null, cancel);
            }
        }
    }
}
