using JasperFx;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Alerting;

/// <summary>When an emergency is opened, everybody on duty hears of it on their channel, once, through the outbox like every other message.</summary>
internal sealed class AlertIncident(RegencySessions sessions, ISender sender, AlertOptions options, OutboxSignal signal, TimeProvider time, CallContext call) : INotificationHandler<Committed<IncidentOpened>>
{
    public async Task Handle(Committed<IncidentOpened> committed, CancellationToken cancel)
    {
        var (incident, envelope) = committed;
        var (regency, now) = (envelope.Regency.Value, time.GetUtcNow());
        var district = (await sender.Send(new GetDistricts(regency), cancel)).FirstOrDefault(d => d.Code == incident.District)?.Name;
        var count = incident.Tickets.Count == 0 ? "" : $" ({incident.Tickets.Count} laporan / reports)";
        call.Actor = Actor.System("channels");
        // Departments too: whoever is named for the regency is on duty.
        foreach (var recipient in options.Of(regency) is { Count: > 0 } named ? named : AlertOptions.Usual)
        {
            await using var session = sessions.Open(regency);
            session.Insert(new OutboundMessage
            {
                Id = OutboundMessage.IdOf(Guid.Empty, $"{OutboundMessage.Alert} {regency} {envelope.Stream} {recipient.Name}"),
                Ticket = envelope.Stream,
                Kind = OutboundMessage.Alert,
                Channel = recipient.Channel,
                Conversation = recipient.To,
                Text = $"{incident.Title}{count}",
                About = district is null ? recipient.Name : $"Kec. {district}, {recipient.Name}",
                QueuedAt = now,
                DueAt = now,
                Cause = envelope.Id,
                CorrelationId = envelope.CorrelationId,
                TraceParent = Traces.TraceParent,
            });
            try
            {
                await session.SaveChangesAsync(cancel);
            }
            catch (DocumentAlreadyExistsException)
            {
                // They have been told before.
            }
        }

        signal.Raise();
    }
}
