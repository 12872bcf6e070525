using MediatR;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Searching;

/// <summary>Keeps the index in step with reports, once what happened is committed; and removes what erased people wrote.</summary>
internal sealed class KeepSearch(RegencySessions sessions, SearchRows rows) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportQueued>>, INotificationHandler<Committed<ReportAssigned>>,
    INotificationHandler<Committed<ReportVerified>>, INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<WorkStarted>>,
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportReopened>>,
    INotificationHandler<Committed<ReportReturned>>, INotificationHandler<Committed<ReportHandedOver>>, INotificationHandler<Committed<ReportMerged>>,
    INotificationHandler<Committed<ReportSplit>>, INotificationHandler<Committed<PartsSettled>>, INotificationHandler<Committed<ReportForwarded>>,
    INotificationHandler<Committed<ReporterAsked>>, INotificationHandler<Committed<ReportSupplemented>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ReportClassified>>, INotificationHandler<Committed<ReportProtected>>, INotificationHandler<Committed<ReportPhotoFetched>>,
    INotificationHandler<Committed<ReportReleased>>, INotificationHandler<Committed<ReportDiscarded>>, INotificationHandler<Committed<ReportJurisdictionDecided>>,
    INotificationHandler<Committed<NeighbourSaid>>, INotificationHandler<Committed<PhotoHidden>>, INotificationHandler<Committed<PhotoShown>>,
    INotificationHandler<Committed<WordsHidden>>, INotificationHandler<Committed<WordsShown>>, INotificationHandler<Committed<ReportUpdateReceived>>, INotificationHandler<PersonForgotten>
{
    public Task Handle(Committed<ReportFiled> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportQueued> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportVerified> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<WorkStarted> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportReopened> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportReturned> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportSplit> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<PartsSettled> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReporterAsked> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportSupplemented> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportProtected> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportPhotoFetched> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportReleased> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportJurisdictionDecided> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<NeighbourSaid> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<ReportUpdateReceived> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<PhotoHidden> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<PhotoShown> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<WordsHidden> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public Task Handle(Committed<WordsShown> committed, CancellationToken cancel) => Write(committed.Envelope, cancel);

    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        await using var session = sessions.Open(forgotten.Regency);
        var wholes = await session.LoadManyAsync<Report>(cancel, forgotten.Keys.Select(key => key.Stream).OfType<string>().Distinct().ToArray());
        await rows.Write(session, [.. wholes.Select(report => report.Id), .. wholes.SelectMany(report => report.Parts).Select(part => part.Ticket)], cancel);
    }

    private async Task Write(EventEnvelope envelope, CancellationToken cancel)
    {
        await using var session = sessions.Open(envelope.Regency.Value);
        await rows.Write(session, [envelope.Stream], cancel);
    }
}
