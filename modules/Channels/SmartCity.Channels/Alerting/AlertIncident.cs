using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Alerting;

/// <summary>When an emergency is opened, everybody on duty hears of it on their channel, once, through the outbox like every other message.</summary>
internal sealed class AlertIncident(OutboxStore outbox, ISender sender, AlertOptions options, TimeProvider time) : INotificationHandler<Committed<IncidentOpened>>
{
    public async Task Handle(Committed<IncidentOpened> committed, CancellationToken cancel)
    {
        var (incident, envelope) = committed;
        var regency = envelope.Regency.Value;
        var district = (await sender.Send(new GetDistricts(regency), cancel)).FirstOrDefault(d => d.Code == incident.District)?.Name;
        var count = incident.Tickets.Count == 0 ? "" : $" ({incident.Tickets.Count} laporan / reports)";
        // Departments too: whoever is named for the regency is on duty.
        foreach (var recipient in options.All(regency))
        {
            await outbox.Owe(regency, [OutboundMessage.Because(envelope, OutboundMessage.Alert, time.GetUtcNow(), $"{OutboundMessage.Alert} {recipient.Name}") with
            {
                Channel = recipient.Channel,
                Conversation = recipient.To,
                Text = $"{incident.Title}{count}",
                Recipient = recipient.Name,
                About = district is null ? recipient.Name : $"Kec. {district}, {recipient.Name}",
            }], cancel);
        }
    }
}
