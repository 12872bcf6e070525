using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>Whoever follows a report on a channel hears of each answer there, once.</summary>
internal sealed class TellFollowers(ISender sender, RegencySessions sessions, OutboxSignal signal, TimeProvider time, CallContext call) : INotificationHandler<Committed<ReportAnswered>>
{
    private const int AtOnce = 200;

    public async Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel)
    {
        var (envelope, answered) = (committed.Envelope, committed.Event);
        call.Actor = Actor.System("channels");
        var followers = await sender.Send(new GetFollowers(envelope.Regency.Value, envelope.Stream), cancel);
        foreach (var some in followers.Chunk(AtOnce))
        {
            await using var session = sessions.Open(envelope.Regency.Value);
            var owed = some.Select(follower => Message(envelope, answered, follower)).ToArray();
            // What the notification queued before, when it was published the first time, stays as it is.
            var known = (await session.LoadManyAsync<OutboundMessage>(cancel, [.. owed.Select(message => message.Id)])).Select(message => message.Id).ToHashSet();
            session.Insert(owed.Where(message => !known.Contains(message.Id)).ToArray());
            await session.SaveChangesAsync(cancel);
            signal.Raise();
        }
    }

    private OutboundMessage Message(EventEnvelope envelope, ReportAnswered answered, Follower follower)
    {
        var now = time.GetUtcNow();
        return new OutboundMessage
        {
            Id = OutboundMessage.IdOf(envelope.Id, $"{OutboundMessage.FollowedAnswer} {follower.Person}"),
            Ticket = envelope.Stream,
            Kind = OutboundMessage.FollowedAnswer,
            Channel = follower.Channel,
            Conversation = follower.Conversation,
            Text = answered.Text,
            QueuedAt = now,
            DueAt = now,
            Cause = envelope.Id,
            CorrelationId = envelope.CorrelationId,
            TraceParent = Traces.TraceParent,
        };
    }
}
