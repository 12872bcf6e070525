using MediatR;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>That somebody is owed an answer on a report, and who must give it.</summary>
[NotInEvents("Whose turn it is, for the metric and the list of accounts: follows the events of reports.")]
internal sealed record AnswerOwed
{
    /// <summary>The ticket.</summary>
    public required string Id { get; init; }

    /// <summary>Where it came in; a direct message counts for the account that it came to.</summary>
    public required string Channel { get; init; }

    /// <summary>What it was taken for when it came.</summary>
    public string? Category { get; init; }

    /// <summary>The department whose account was written to.</summary>
    public string? Addressed { get; init; }

    /// <summary>Who has it now.</summary>
    public string? Department { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Nothing is owed any more.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public string? AnsweredBy { get; init; }

    /// <summary>The department whose own account an answer left from last.</summary>
    public string? AnsweredFrom { get; init; }

    /// <summary>When it left.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    public static AnswerOwed Of(string ticket, string channel, string? addressed, DateTimeOffset since, string? category = null) =>
        new() { Id = ticket, Category = category, Channel = channel == XPosts.DirectMessages ? XPosts.Channel : channel, Addressed = addressed, Since = since };
}

/// <summary>Follows whose turn it is, and who answered. The same notification twice changes nothing; that an answer is owed is written with the acknowledgement.</summary>
internal sealed class FollowAnswers(RegencySessions sessions, ChannelList channels, CallContext call) :
    INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportHandedOver>>, INotificationHandler<Committed<ReportAnswered>>,
    INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<ReportDiscarded>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportReopened>>,
    INotificationHandler<Committed<MessageSent>>
{
    public Task Handle(Committed<MessageSent> committed, CancellationToken cancel)
    {
        var (sent, envelope) = committed;
        return sent.Kind == OutboundMessage.Answer && sent.Account is { } account && channels.OfAccount(account) is { } found && found.Form.DepartmentOf(account) is { } department
            ? Change(envelope, sent.Ticket, owed => owed with { AnsweredFrom = department, LeftAt = envelope.At }, cancel) : Task.CompletedTask;
    }

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => Change(committed.Envelope, owed => owed with { Department = committed.Event.Department }, cancel);

    public Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) => Change(committed.Envelope, owed => owed with { Department = committed.Event.Department }, cancel);

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Change(committed.Envelope,
        owed => owed with { AnsweredAt = committed.Envelope.At, AnsweredBy = committed.Event.Department, DoneAt = owed.DoneAt ?? committed.Envelope.At }, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => Done(committed.Envelope, cancel);

    public Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel) => Done(committed.Envelope, cancel);

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => Done(committed.Envelope, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => Done(committed.Envelope, cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => Done(committed.Envelope, cancel);

    public Task Handle(Committed<ReportReopened> committed, CancellationToken cancel) => Change(committed.Envelope,
        owed => owed.DoneAt > committed.Envelope.At ? owed : owed with { DoneAt = null, Since = committed.Envelope.At }, cancel);

    private Task Done(EventEnvelope envelope, CancellationToken cancel) => Change(envelope, owed => owed with { DoneAt = owed.DoneAt ?? envelope.At }, cancel);

    private Task Change(EventEnvelope envelope, Func<AnswerOwed, AnswerOwed> change, CancellationToken cancel) => Change(envelope, envelope.Stream, change, cancel);

    private async Task Change(EventEnvelope envelope, string ticket, Func<AnswerOwed, AnswerOwed> change, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(envelope.Regency.Value);
        await session.BeginTransactionAsync(cancel);
        // Events of the report and of its messages are published side by side.
        var found = await session.QueryAsync<AnswerOwed>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, ticket);
        if (found.SingleOrDefault() is { } owed && change(owed) is var after && after != owed)
        {
            session.Update(after);
            await session.SaveChangesAsync(cancel);
        }
    }
}
