using JasperFx;
using MediatR;
using SmartCity.Channels.Official;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>
/// Whoever files a report hears its number on the channel it came from; of what looks like spam only once a person has said that it is none,
/// for an answer tells the sender that the address is read.
/// </summary>
internal sealed class QueueReplies(RegencySessions sessions, OutboxSignal signal, TimeProvider time, CallContext call, ISender sender) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportReleased>>
{
    public Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var filed = committed.Event;
        return AnswerOwed.After(null, filed, filed, committed.Envelope.At) is not { } owed ? Task.CompletedTask : Queue(committed.Envelope, OutboundMessage.Because(committed.Envelope, OutboundMessage.Acknowledgement, time.GetUtcNow()) with
        {
            Channel = filed.Channel,
            Conversation = filed.Conversation,
            Text = Wording.Acknowledgement(filed.Ticket),
            IsOversight = filed.IsOversight,
        }, owed, cancel);
    }

    public async Task Handle(Committed<ReportReleased> committed, CancellationToken cancel)
    {
        var envelope = committed.Envelope;
        await using var reading = sessions.Query(envelope.Regency.Value);
        if (AnswerOwed.Of(envelope.Stream, await reading.Events.FetchStreamAsync(envelope.Stream, envelope.Version, token: cancel)).FirstOrDefault() is not { } owed)
        {
            return;
        }

        if (await sender.Send(new GetReplyAddress(envelope.Regency.Value, envelope.Stream), cancel) is { } address)
        {
            await Queue(envelope, OutboundMessage.Because(envelope, OutboundMessage.Acknowledgement, time.GetUtcNow()) with
            {
                Channel = address.Channel,
                Conversation = address.Conversation,
                Text = Wording.Acknowledgement(envelope.Stream),
                IsOversight = address.IsOversight,
            }, owed, cancel);
            return;
        }

        // Nobody can be told any more; that an answer is owed stays so.
        await using var session = sessions.Open(envelope.Regency.Value);
        session.Store(owed);
        await session.SaveChangesAsync(cancel);
    }

    private async Task Queue(EventEnvelope envelope, OutboundMessage message, AnswerOwed owed, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(envelope.Regency.Value);
        // The message is new, or nothing of this is written.
        session.Insert(message);
        session.Store(owed);
        try
        {
            await session.SaveChangesAsync(cancel);
            signal.Raise();
        }
        catch (DocumentAlreadyExistsException)
        {
            // The notification was published before.
        }
    }
}

/// <summary>Says on this host that something is in the outbox.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0);

    public void Raise()
    {
        if (_raised.CurrentCount == 0)
        {
            _raised.Release();
        }
    }

    /// <summary>Waits until it is raised, at most so long.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancel) => _raised.WaitAsync(atMost, cancel);

    public void Dispose() => _raised.Dispose();
}
