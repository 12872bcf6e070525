using JasperFx;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Alerting;

/// <summary>As soon as a report of people in danger is on disk, those who must know hear of it, through the outbox like every other message.</summary>
internal sealed class AlertEmergency(RegencySessions sessions, ISender sender, AlertOptions options, OutboxSignal signal, TimeProvider time, CallContext call) :
    INotificationHandler<Committed<ReportFiled>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, envelope) = (committed.Event, committed.Envelope);
        if (filed.Assessment is not { Urgency: ReportAssessment.Emergency, IsHeld: false } assessment || filed.PartOf is not null || filed.Description is not { } text)
        {
            return;
        }

        var (regency, now) = (envelope.Regency.Value, time.GetUtcNow());
        var category = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == (filed.Category ?? assessment.Category));
        call.Actor = Actor.System("channels");
        foreach (var recipient in options.Of(regency))
        {
            var kind = $"{OutboundMessage.Alert} {recipient.Name}";
            await Queue(regency, new OutboundMessage
            {
                Id = OutboundMessage.IdOf(envelope.Id, kind),
                Ticket = filed.Ticket,
                Kind = OutboundMessage.Alert,
                Channel = recipient.Channel,
                Conversation = recipient.To,
                Text = text,
                About = $"{category?.Name ?? "?"}, {recipient.Name}",
                IsOversight = filed.IsOversight,
                QueuedAt = now,
                DueAt = now,
                Cause = envelope.Id,
                CorrelationId = envelope.CorrelationId,
                TraceParent = Traces.TraceParent,
            }, cancel);
        }

        signal.Raise();
    }

    private async Task Queue(string regency, OutboundMessage message, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        session.Insert(message);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (DocumentAlreadyExistsException)
        {
            // The notification was published before.
        }
    }
}
