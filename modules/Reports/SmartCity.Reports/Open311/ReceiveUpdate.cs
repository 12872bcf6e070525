using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Open311;

/// <summary>Appends what a partner's user says about a report. It moves nothing: where the report stands, the regency decides.</summary>
internal sealed class ReceiveReportUpdateHandler(RegencySessions sessions, PersonalData personal, Viewers viewers, CallContext call, TimeProvider time)
    : IRequestHandler<ReceiveReportUpdate, Outcome<ReceivedUpdate>>
{
    private const int Attempts = 5;

    public async Task<Outcome<ReceivedUpdate>> Handle(ReceiveReportUpdate command, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(command.Regency);
            var stream = Ticket.Read(command.Ticket) is { } ticket ? await session.Events.FetchForWriting<Report>(ticket, cancel) : null;
            var id = IdOf(call.Actor, command.UpdateId, stream?.Aggregate?.Id);
            if (Refuse(stream?.Aggregate, await viewers.Current(command.Regency, null, cancel), command, id) is { } refusal)
            {
                return Outcome<ReceivedUpdate>.Refused(refusal);
            }

            // Who does not say who he is, is taken for the reporter: then the text is gone when the reporter is erased.
            var author = Filing.Filing.Identity(command.Author);
            var seal = author == new PersonIdentity() ? await personal.SealFor(session, stream!.Aggregate!.Filed.Reporter, cancel)
                : personal.NewSeal(session, command.Regency, stream!.Aggregate!.Id, author, time.GetUtcNow());
            var @event = session.Events.BuildEvent(Event(command, personal.PersonId(command.Regency, $"update {call.Actor.Id} {command.UpdateId}"), seal));
            @event.Id = id;
            stream.AppendOne(@event);
            try
            {
                await session.SaveChangesAsync(cancel);
                return Outcome<ReceivedUpdate>.Done(new ReceivedUpdate(id));
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // Something else happened to the report, or to its author, at the same moment.
            }
        }
    }

    public static Refusal? Refuse(Report? report, Viewer viewer, ReceiveReportUpdate command, Guid id) => report switch
    {
        null => ReportStreams.NotFound(command.Ticket),
        _ when !viewer.MaySee(report) => ReportStreams.NotFound(command.Ticket),
        _ when report.Timeline.Any(entry => entry.Id == id) => new("update.exists",
            $"Update {command.UpdateId} already exists here, as {id}.", $"Kabar {command.UpdateId} sudah ada di sini, sebagai {id}.", "update_id", RefusalKind.Conflict),
        _ when command.Text?.Length > Filing.Filing.MaxDescription => new("description.too_long",
            $"At most {Filing.Filing.MaxDescription} characters.", $"Paling banyak {Filing.Filing.MaxDescription} huruf.", "description"),
        _ => null,
    };

    /// <summary>One id for one update of a sender (a version 8 UUID of a SHA-256).</summary>
    private static Guid IdOf(Actor actor, string update, string? ticket)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{ticket}\n{actor.Id}\n{update}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static ReportUpdateReceived Event(ReceiveReportUpdate command, string update, PersonSeal seal) => new(
        update, command.Status, command.SentAt, seal.Person, seal.Seal(command.Text),
        command.Author == new ReporterDetails() ? null : seal.Seal(JsonSerializer.Serialize(command.Author)),
        [.. command.Photos.Select(photo => photo with { Evidence = seal.Seal(photo.Evidence) })], [.. command.Links.Select(link => seal.Seal(link)!)]);
}
