using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>Whoever follows a report on a channel hears there of each answer, and of what becomes of the planned work that it asks for, once.</summary>
internal sealed class TellFollowers(OutboxStore outbox, ISender sender, TimeProvider time, CallContext call) :
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportPlanChanged>>
{
    private const int AtOnce = 200;

    public Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel) =>
        Tell(committed.Envelope, OutboundMessage.FollowedAnswer, committed.Event.Text, PlanWording.Outcome(committed.Event.Outcome), cancel);

    public Task Handle(Committed<ReportPlanChanged> committed, CancellationToken cancel) => Tell(
        committed.Envelope, OutboundMessage.FollowedPlan, PlanWording.News(committed.Envelope.Stream, committed.Event.Plan, committed.Event.Former, committed.Event.Reason), null, cancel);

    private async Task Tell(EventEnvelope envelope, string kind, string text, string? about, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        var followers = await sender.Send(new GetFollowers(envelope.Regency.Value, envelope.Stream), cancel);
        foreach (var some in followers.Chunk(AtOnce))
        {
            await outbox.Owe(envelope.Regency.Value, [.. some.Select(follower => Message(envelope, kind, text, about, follower))], cancel);
        }
    }

    private OutboundMessage Message(EventEnvelope envelope, string kind, string text, string? about, Follower follower) =>
        OutboundMessage.Because(envelope, kind, time.GetUtcNow(), $"{kind} {follower.Person}") with
        {
            Channel = follower.Channel,
            Conversation = follower.Conversation,
            Text = text,
            About = about,
        };
}
