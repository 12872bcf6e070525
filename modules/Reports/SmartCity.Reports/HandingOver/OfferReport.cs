using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.HandingOver;

/// <summary>
/// First step: a report that lies in another regency of this deployment is offered to it. Only what is public is offered: never a report on the
/// conduct of officials, never a confidential one, and none that came from a neighbour itself.
/// </summary>
internal sealed class OfferReport(ReportStreams reports, RegencyRegistry regencies) : INotificationHandler<Committed<ReportJurisdictionDecided>>
{
    public async Task Handle(Committed<ReportJurisdictionDecided> committed, CancellationToken cancel)
    {
        var (jurisdiction, envelope) = (committed.Event.Jurisdiction, committed.Envelope);
        var here = envelope.Regency.Value;
        if (!jurisdiction.IsOutside(here) || jurisdiction.Level != JurisdictionLevels.Regency || !RegencyCode.TryParse(jurisdiction.Regency, out var code)
            || await regencies.Find(code, cancel) is not { } there)
        {
            return;
        }

        var handover = $"{here}-{envelope.Stream}-{envelope.Version}";
        await reports.ByItself(here, envelope.Stream, "handovers", Move.Offer, (report, _) => Decide(report, jurisdiction, there, handover), cancel);
    }

    public static Decision Decide(Report report, Jurisdiction jurisdiction, Regency there, string handover) =>
        !report.IsPublic || report.Filed.IsOversight || report.PartOf is not null || report.Filed.Channel == HandoverChannel.Code
        || report.Jurisdiction != jurisdiction || report.Offer?.Handover == handover || report.Offer is { IsOpen: true }
            ? Decision.Nothing : Decision.Happens(new HandoverOffered(there.Id, there.Name, handover));
}

/// <summary>
/// Second step: the offer is written down in the other regency, with what everybody may see of the report, sealed with a new key of that regency.
/// Nothing of the reporter goes along: the reporter is answered from here.
/// </summary>
internal sealed class CarryOffer(HandoverStreams handovers, RegencySessions sessions, RegencyRegistry regencies, PersonalData personal, CallContext call, TimeProvider time)
    : INotificationHandler<Committed<HandoverOffered>>
{
    public async Task Handle(Committed<HandoverOffered> committed, CancellationToken cancel)
    {
        var (offered, envelope) = committed;
        await using var session = sessions.Query(envelope.Regency.Value);
        if (await session.LoadAsync<Report>(envelope.Stream, cancel) is not { IsPublic: true, Offer.IsOpen: true } report || report.Offer?.Handover != offered.Handover)
        {
            return;
        }

        var filed = report.PublicFiled;
        var reader = await personal.Reader(session, [filed.Description, filed.Place.Address], cancel);
        var from = new ReportElsewhere(envelope.Regency.Value, (await regencies.Find(envelope.Regency, cancel))?.Name ?? envelope.Regency.Value, report.Id);
        string? Public(string? value) => reader.Open(value) is { } text and not PersonalReader.Erased ? PublicText.Mask(text) : null;
        call.Actor = Actor.System("handovers");
        await handovers.Change(offered.To, offered.Handover, (known, there) =>
        {
            if (known is not null)
            {
                return Task.FromResult<object?>(null);
            }

            var seal = personal.NewSeal(there, offered.To, Handover.Stream(offered.Handover), new PersonIdentity(), time.GetUtcNow());
            return Task.FromResult<object?>(new HandoverArrived(
                offered.Handover, from, seal.Person, report.Category, report.Class, seal.Seal(Public(filed.Description)),
                new ReportPlace(filed.Place.Latitude, filed.Place.Longitude, seal.Seal(Public(filed.Place.Address))), report.FiledAt));
        }, cancel);
    }
}
