using MediatR;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Splitting;

/// <summary>The whole is settled when all its parts are done, open again when one of them is, and takes its parts along when it is taken back.</summary>
internal sealed class FollowParts(ReportStreams reports, RegencySessions sessions, ISender sender) :
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportRejected>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportReopened>>, INotificationHandler<Committed<ReportWithdrawn>>
{
    private const string Part = "splitting";

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) =>
        committed.Event.IsSettled ? WhenDone(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => WhenDone(committed.Envelope, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => WhenDone(committed.Envelope, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => WhenDone(committed.Envelope, cancel);

    public async Task Handle(Committed<ReportReopened> committed, CancellationToken cancel)
    {
        var (regency, ticket) = (committed.Envelope.Regency.Value, committed.Envelope.Stream);
        if ((await Load(regency, ticket, cancel)) is not { PartOf: { } whole } part || part.State.IsDone())
        {
            return;
        }

        await reports.ByItself(regency, whole, Part, Move.Reopen, (report, _) =>
            report.State is ReportState.Settled or ReportState.Closed ? Decision.Happens(new ReportReopened(null, ticket)) : Decision.Nothing, cancel);
    }

    public async Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel)
    {
        var (regency, ticket) = (committed.Envelope.Regency.Value, committed.Envelope.Stream);
        foreach (var part in (await Load(regency, ticket, cancel))?.Parts ?? [])
        {
            await reports.ByItself(regency, part.Ticket, Part, Move.Withdraw, (_, _) => Decision.Happens(new ReportWithdrawn(null, "whole")), cancel);
        }

        await WhenDone(committed.Envelope, cancel);
    }

    /// <summary>The whole is done when every part is.</summary>
    internal static Decision Decide(Report whole, IReadOnlyList<Report> parts, ReportPolicy policy, Act act) =>
        whole.Parts.Count > 0 && parts.Count == whole.Parts.Count && parts.All(part => part.State.IsDone())
            ? Decision.Happens(new PartsSettled(act.Now.AddDays(policy.CloseAfterDays))) : Decision.Nothing;

    private async Task WhenDone(EventEnvelope envelope, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        if ((await Load(regency, envelope.Stream, cancel))?.PartOf is not { } whole)
        {
            return;
        }

        var policy = await sender.Send(new GetReportPolicy(regency), cancel);
        await reports.ByItself(regency, whole, Part, Move.SettleParts, async (report, act, change) =>
            Decide(report, [.. await change.Session.LoadManyAsync<Report>(cancel, report.Parts.Select(part => part.Ticket))], policy, act), cancel);
    }

    private async Task<Report?> Load(string regency, string ticket, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadAsync<Report>(ticket, cancel);
    }
}
