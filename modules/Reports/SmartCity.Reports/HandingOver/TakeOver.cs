using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.HandingOver;

/// <summary>
/// Fourth step: what was accepted is filed in the regency that took it over, once however often this is told, because the handover's id is the
/// cause of the report. What was declined goes back with the reason.
/// </summary>
internal sealed class TakeOver(
    HandoverStreams handovers, ReportStreams reports, RegencySessions sessions, RegencyRegistry regencies, PersonalData personal, ISender sender, CallContext call) :
    INotificationHandler<Committed<HandoverAccepted>>, INotificationHandler<Committed<HandoverRefused>>
{
    public async Task Handle(Committed<HandoverAccepted> committed, CancellationToken cancel)
    {
        var (here, handover) = (committed.Envelope.Regency.Value, committed.Event.Handover);
        if (await handovers.Find(here, handover, cancel) is not { State: HandoverState.Accepted, Arrived: var arrived })
        {
            return;
        }

        call.Actor = Actor.System("handovers");
        var filed = await sender.Send(await Report(here, arrived, cancel), cancel);
        var ticket = filed.Value?.Ticket ?? throw new InvalidOperationException($"Handover {handover} could not be filed: {filed.Refusals[0].Code}.");
        await handovers.ByItself(here, handover, known => known is { Ticket: null } ? new HandoverFiled(handover, ticket) : null, cancel);
        await reports.ByItself(here, ticket, "handovers", Move.Receive, (report, _) =>
            report.ReceivedFrom is null ? Decision.Happens(new ReportReceived(arrived.From, handover, arrived.FiledAt)) : Decision.Nothing, cancel);
    }

    public async Task Handle(Committed<HandoverRefused> committed, CancellationToken cancel)
    {
        var (here, handover) = (committed.Envelope.Regency.Value, committed.Event.Handover);
        if (await handovers.Find(here, handover, cancel) is not { Arrived: var arrived })
        {
            return;
        }

        string? reason;
        await using (var session = sessions.Query(here))
        {
            reason = (await personal.Reader(session, [committed.Event.Reason], cancel)).Open(committed.Event.Reason);
        }

        var name = (await regencies.Find(committed.Envelope.Regency, cancel))?.Name ?? here;
        await reports.ByItself(arrived.From.Regency, arrived.From.Ticket, "handovers", Move.Decline, (report, act) =>
            report.Offer is { IsOpen: true } offer && offer.Handover == handover ? Decision.Happens(new HandoverDeclined(name, handover, act.Seal(reason))) : Decision.Nothing, cancel);
    }

    private async Task<FileReport> Report(string here, HandoverArrived arrived, CancellationToken cancel)
    {
        await using var session = sessions.Query(here);
        var reader = await personal.Reader(session, [PersonalReader.Of(arrived.Person)], cancel);
        var category = (await sender.Send(new GetCategories(here), cancel)).FirstOrDefault(c => c.Code == arrived.Category && !c.IsOversight)?.Code;
        return new FileReport(
            here, HandoverChannel.Code, arrived.Handover, null, category, reader.Open(arrived.Description) ?? $"Laporan {arrived.From.Ticket} dari {arrived.From.RegencyName}",
            arrived.Place with { Address = reader.Open(arrived.Place.Address) }, new ReporterDetails(), [], PlaceIsOptional: true, Class: arrived.Class);
    }
}

/// <summary>
/// Fifth step: the report where it was filed is forwarded to the regency that took it over; its reporter is told. Its photos go along. When it was
/// done with meanwhile, the other one is taken back; when its reporter was erased meanwhile, so is what went along.
/// </summary>
internal sealed class LinkBack(ReportStreams reports, RegencySessions sessions, RegencyRegistry regencies, CarryPhotos photos, EraseElsewhere erase) : INotificationHandler<Committed<ReportReceived>>
{
    public async Task Handle(Committed<ReportReceived> committed, CancellationToken cancel)
    {
        var (received, envelope) = committed;
        var there = new ReportElsewhere(envelope.Regency.Value, (await regencies.Find(envelope.Regency, cancel))?.Name ?? envelope.Regency.Value, envelope.Stream);
        var (origin, ticket) = (received.From.Regency, received.From.Ticket);
        await reports.ByItself(origin, ticket, "handovers", Move.Forward, (report, _) => report.HandedOverTo is not null || report.Filed.IsOversight ? Decision.Nothing
            : Decision.Happens(new ReportForwarded($"Pemerintah {there.RegencyName}", there.Regency, there.Ticket, null, null, there.Regency)), cancel);

        await using var session = sessions.Query(origin);
        if (await session.LoadAsync<Report>(ticket, cancel) is not { } report)
        {
            return;
        }

        if (report.HandedOverTo?.Ticket != there.Ticket)
        {
            await reports.ByItself(there.Regency, there.Ticket, "handovers", Move.Withdraw, (_, _) => Decision.Happens(new ReportWithdrawn(null, Elsewhere.Origin)), cancel);
            return;
        }

        if (await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is { Wrapped: null } erased)
        {
            await erase.There(report, erased, cancel);
            return;
        }

        await photos.Carry(origin, [.. report.PhotosSentBy(report.Filed.Reporter).Where(sent => !report.HiddenPhotos.ContainsKey(sent.Number)).Select(sent => sent.Photo)], there, null, received.Handover, cancel);
    }
}

/// <summary>What is said of a report that came from elsewhere, or went there.</summary>
internal static class Elsewhere
{
    /// <summary>As who adds or takes back: the regency where it was filed.</summary>
    public const string Origin = "origin";
}

/// <summary>Copies photos and words of a reporter to the regency that has the report. What the photos' files said stays here.</summary>
internal sealed class CarryPhotos(ReportStreams reports, IFileStore files)
{
    public async Task Carry(string from, IReadOnlyList<ReportPhoto> photos, ReportElsewhere there, string? text, string cause, CancellationToken cancel)
    {
        var carried = new List<ReportPhoto>();
        foreach (var photo in photos)
        {
            if (await Copy(from, photo.Id, there.Regency, cancel) && await Copy(from, photo.Thumbnail, there.Regency, cancel))
            {
                carried.Add(photo with { Evidence = null });
            }
        }

        if (carried.Count > 0 || text is not null)
        {
            await reports.ByItself(there.Regency, there.Ticket, "handovers", Move.Supplement, (report, act) =>
                report.Causes.Contains(cause) ? Decision.Nothing : Decision.Happens(new ReportSupplemented(act.Seal(text), carried, Elsewhere.Origin, cause)), cancel);
        }
    }

    private async Task<bool> Copy(string from, string file, string to, CancellationToken cancel)
    {
        await using var content = await files.Open(from, file, cancel);
        if (content is null)
        {
            return false;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancel);
        await files.Save(to, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancel);
        return true;
    }
}
