using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Channels.Alerting;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Escalating;

/// <summary>
/// Whoever must act on a late report hears of it on the channel they use, or sees it on the desk; the reporter hears why a deadline was put off.
/// One message for one event, however often that is published. Officials are told the number only, never what a citizen wrote.
/// </summary>
internal sealed class TellOffices(
    OutboxStore outbox, ISender sender, AlertOptions options, RegencyRegistry regencies, TimeProvider time) :
    INotificationHandler<Committed<LadderWarned>>, INotificationHandler<Committed<LadderClimbed>>, INotificationHandler<Committed<DeadlineExtended>>,
    INotificationHandler<Committed<CaseOpened>>, INotificationHandler<Committed<CaseDecided>>, INotificationHandler<Committed<DigestMade>>
{
    public async Task Handle(Committed<LadderWarned> committed, CancellationToken cancel)
    {
        var (warned, envelope) = committed;
        await Tell(envelope, OutboundMessage.LadderWarning, warned.Ticket, Officers(envelope, warned.Department),
            EscalationWording.Warning(warned, await Day(envelope, warned.DueAt, cancel)), warned.IsOversight, cancel);
    }

    public async Task Handle(Committed<LadderClimbed> committed, CancellationToken cancel)
    {
        var (climbed, envelope) = committed;
        var text = EscalationWording.Climbed(climbed, await Day(envelope, climbed.DueAt, cancel));
        await Tell(envelope, OutboundMessage.Ladder, climbed.Ticket, await Holder(envelope, climbed.Office, cancel), text, climbed.IsOversight, cancel);
    }

    public async Task Handle(Committed<DeadlineExtended> committed, CancellationToken cancel)
    {
        var (extended, envelope) = committed;
        if (await sender.Send(new GetReplyAddress(envelope.Regency.Value, extended.Ticket), cancel) is { } address)
        {
            await outbox.Owe(envelope.Regency.Value, [OutboundMessage.Because(envelope, OutboundMessage.Extension, time.GetUtcNow()) with
            {
                Ticket = extended.Ticket,
                Channel = address.Channel,
                Conversation = address.Conversation,
                Text = extended.Reason,
                About = await Day(envelope, extended.DueAt, cancel),
                PartOf = address.PartOf,
                IsHidden = address.IsHidden,
                IsOversight = address.IsOversight,
            }], cancel);
        }
    }

    // A case is confidential: its head is told that there is one, and no more.
    public async Task Handle(Committed<CaseOpened> committed, CancellationToken cancel)
    {
        var (opened, envelope) = committed;
        await Tell(envelope, "case-opened", envelope.Stream, await Person(envelope, opened.Term, cancel), EscalationWording.CaseOpened(opened), isOversight: true, cancel);
    }

    public async Task Handle(Committed<CaseDecided> committed, CancellationToken cancel)
    {
        var (decided, envelope) = committed;
        await Tell(envelope, "case-decided", envelope.Stream, await Person(envelope, decided.Term, cancel), EscalationWording.CaseDecided(decided), isOversight: true, cancel);
    }

    public async Task Handle(Committed<DigestMade> committed, CancellationToken cancel)
    {
        var (digest, envelope) = committed;
        foreach (var of in digest.Departments)
        {
            await Tell(envelope, $"digest {of.Department}", envelope.Stream, Officers(envelope, of.Department), EscalationWording.Digest(digest, of), of.IsOversight, cancel);
            if (of.HasHead)
            {
                var office = Offices.HeadOf(of.Department);
                await Tell(envelope, $"digest {office}", envelope.Stream, await Holder(envelope, office, cancel), EscalationWording.Digest(digest, of), of.IsOversight, cancel);
            }
        }
    }

    private AlertRecipient Officers(EventEnvelope envelope, string? department)
    {
        var name = department ?? "dispatcher";
        return options.Of(envelope.Regency.Value)?.FirstOrDefault(r => r.Name == name) ?? new AlertRecipient(name, AlertOptions.Desk, null);
    }

    private async Task<AlertRecipient> Holder(EventEnvelope envelope, string office, CancellationToken cancel)
    {
        var today = await Today(envelope, cancel);
        var term = (await sender.Send(new GetOfficeTerms(envelope.Regency.Value, office), cancel)).FirstOrDefault(t => t.Holds(today));
        return Recipient(office, term);
    }

    // Also after the term: a case is against the person.
    private async Task<AlertRecipient> Person(EventEnvelope envelope, string term, CancellationToken cancel)
    {
        var terms = await sender.Send(new GetOfficeTerms(envelope.Regency.Value), cancel);
        return Recipient(term, terms.FirstOrDefault(t => t.Id == term));
    }

    private static AlertRecipient Recipient(string name, OfficeTerm? term) =>
        new(name, term?.Contact?.Channel ?? AlertOptions.Desk, term?.Contact is { Channel: not AlertOptions.Desk } contact ? contact.To : null);

    private async Task<DateOnly> Today(EventEnvelope envelope, CancellationToken cancel) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), await Zone(envelope, cancel)).Date);

    // The last day on which it is in time.
    private async Task<string> Day(EventEnvelope envelope, DateTimeOffset dueAt, CancellationToken cancel) =>
        TimeZoneInfo.ConvertTime(dueAt.AddTicks(-1), await Zone(envelope, cancel)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async ValueTask<TimeZoneInfo> Zone(EventEnvelope envelope, CancellationToken cancel) => (await regencies.Find(envelope.Regency, cancel))?.Zone ?? TimeZoneInfo.Utc;

    private Task Tell(EventEnvelope envelope, string cause, string ticket, AlertRecipient recipient, string text, bool isOversight, CancellationToken cancel) =>
        outbox.Owe(envelope.Regency.Value, [OutboundMessage.Because(envelope, cause.Split(' ')[0], time.GetUtcNow(), $"{cause} {recipient.Name}") with
        {
            Ticket = ticket,
            Channel = recipient.Channel,
            Conversation = recipient.To,
            Text = text,
            About = recipient.Name,
            IsOversight = isOversight,
        }], cancel);
}
