using JasperFx.Events;
using MediatR;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>That somebody is owed an answer on a report, and who must give it.</summary>
internal sealed record AnswerOwed : IFollowStream<AnswerOwed>
{
    public static IReadOnlyList<Type> Follows { get; } =
    [
        typeof(ReportFiled), typeof(ReportReleased), typeof(ReportAssigned), typeof(ReportHandedOver), typeof(ReportAnswered), typeof(ReportRejected), typeof(ReportDiscarded),
        typeof(ReportWithdrawn), typeof(ReportMerged), typeof(ReportClosed), typeof(ReportReopened),
    ];

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

    public static IEnumerable<AnswerOwed> Of(string stream, IReadOnlyList<IEvent> events) =>
        events.Count > 0 && events[0].Data is ReportFiled filed && events.Aggregate((AnswerOwed?)null, (owed, e) => After(owed, filed, e.Data, e.Timestamp)) is { } all ? [all] : [];

    /// <summary>
    /// When something happens to a report. Of its parts the reporter hears when the report is split; who filed it in a neighbouring regency is answered there; what is
    /// held back is owed an answer only after its release.
    /// </summary>
    public static AnswerOwed? After(AnswerOwed? owed, ReportFiled? filed, object happened, DateTimeOffset at) => happened switch
    {
        ReportFiled { PartOf: null, Channel: not HandoverChannel.Code, Assessment: not { IsHeld: true } } now => New(now, at, now.AddressedDepartment, now.Category ?? now.Assessment?.Category),
        ReportReleased when filed is { Channel: not HandoverChannel.Code } => New(filed, at, null, null),
        _ when owed is null => null,
        ReportAssigned assigned => owed with { Department = assigned.Department },
        ReportHandedOver handed => owed with { Department = handed.Department },
        ReportAnswered answered => owed with { AnsweredAt = at, AnsweredBy = answered.Department, DoneAt = owed.DoneAt ?? at },
        ReportRejected or ReportDiscarded or ReportWithdrawn or ReportMerged or ReportClosed => owed with { DoneAt = owed.DoneAt ?? at },
        ReportReopened when !(owed.DoneAt > at) => owed with { DoneAt = null, Since = at },
        _ => owed,
    };

    private static AnswerOwed New(ReportFiled filed, DateTimeOffset since, string? addressed, string? category) =>
        new() { Id = filed.Ticket, Category = category, Channel = filed.Channel == XPosts.DirectMessages ? XPosts.Channel : filed.Channel, Addressed = addressed, Since = since };
}

/// <summary>Follows whose turn it is, and who answered. The same notification twice changes nothing; that an answer is owed is written with the acknowledgement.</summary>
internal sealed class FollowAnswers(RegencySessions sessions, CallContext call) :
    INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportHandedOver>>, INotificationHandler<Committed<ReportAnswered>>,
    INotificationHandler<Committed<ReportRejected>>, INotificationHandler<Committed<ReportDiscarded>>, INotificationHandler<Committed<ReportWithdrawn>>,
    INotificationHandler<Committed<ReportMerged>>, INotificationHandler<Committed<ReportClosed>>, INotificationHandler<Committed<ReportReopened>>
{
    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportHandedOver> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportRejected> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportWithdrawn> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportMerged> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportClosed> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    public Task Handle(Committed<ReportReopened> committed, CancellationToken cancel) => Change(committed.Envelope, committed.Event, cancel);

    private async Task Change(EventEnvelope envelope, object happened, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(envelope.Regency.Value);
        if (await session.LoadAsync<AnswerOwed>(envelope.Stream, cancel) is { } owed && AnswerOwed.After(owed, null, happened, envelope.At) is { } after && after != owed)
        {
            session.Update(after);
            await session.SaveChangesAsync(cancel);
        }
    }
}
