using Marten;
using MediatR;
using SmartCity.Channels.Bursts;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Alerting;

/// <summary>
/// As soon as a report of people in danger is on disk, those who must know hear of it, through the outbox like every other message; and a
/// department as soon as it is theirs. Each hears once of a report, however often it is published or sent to and fro.
/// </summary>
internal sealed class AlertEmergency(RegencySessions sessions, OutboxStore outbox, ISender sender, AlertOptions options, TimeProvider time) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportHandedOver>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var filed = committed.Event;
        if (filed.Assessment is { Urgency: ReportAssessment.Emergency, IsHeld: false } assessment && filed is { PartOf: null, IsOversight: false, Description: { } text })
        {
            // What is on the conduct of officials is for the Inspectorate alone.
            var category = filed.Category ?? assessment.Category;
            var recipients = await General(committed.Envelope.Regency.Value, cancel);
            // Of an incident that goes on they have heard; the dispatcher sees every one.
            await Alert(committed.Envelope, await IsGathered(committed.Envelope.Regency.Value, category, cancel) ? [.. recipients.Where(r => r.Name == "dispatcher")] : recipients, text, category, isOversight: false, cancel);
        }
    }

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => AlertDepartment(committed.Envelope, committed.Event.Department, cancel);

    public Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) => AlertDepartment(committed.Envelope, committed.Event.Department, cancel);

    private async Task AlertDepartment(EventEnvelope envelope, string department, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        if (await sender.Send(new GetAssessed(regency, envelope.Stream), cancel) is { Assessment.Urgency: ReportAssessment.Emergency, Description: { } text } report)
        {
            var recipient = options.Of(regency)?.FirstOrDefault(r => r.Name == department) ?? new AlertRecipient(department, AlertOptions.Desk, null);
            await Alert(envelope, [recipient], text, report.Category, report.IsOversight, cancel);
        }
    }

    private async Task<bool> IsGathered(string regency, string? category, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return category is not null && await session.Query<Burst>().AnyAsync(b => b.Category == category && b.EndedAt == null, cancel);
    }

    // Those that bear a department's code hear of what is their department's only.
    private async Task<IReadOnlyList<AlertRecipient>> General(string regency, CancellationToken cancel)
    {
        var departments = (await sender.Send(new GetDepartments(regency), cancel)).Select(d => d.Code).ToHashSet();
        return [.. options.All(regency).Where(r => !departments.Contains(r.Name))];
    }

    private async Task Alert(EventEnvelope envelope, IReadOnlyList<AlertRecipient> recipients, string text, string? category, bool isOversight, CancellationToken cancel)
    {
        var (regency, ticket) = (envelope.Regency.Value, envelope.Stream);
        var about = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == category)?.Name;
        foreach (var recipient in recipients)
        {
            await outbox.Owe(regency, [OutboundMessage.Because(envelope, OutboundMessage.Alert, time.GetUtcNow()) with
            {
                Id = OutboundMessage.IdOf(Guid.Empty, $"{OutboundMessage.Alert} {regency} {ticket} {recipient.Name}"),
                Channel = recipient.Channel,
                Conversation = recipient.To,
                Text = text,
                About = $"{about ?? "?"}, {recipient.Name}",
                Recipient = recipient.Name,
                IsOversight = isOversight,
            }], cancel);
        }
    }
}
