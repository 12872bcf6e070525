using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Channels.Contracts;

namespace SmartCity.Channels;

/// <summary>A message that came in, as its events make it; texts are sealed.</summary>
internal sealed record Message
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required MessageReceived Received { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The regency's account that it came to, where there can be several.</summary>
    public string? Account { get; init; }

    /// <summary>Why no report was made of it.</summary>
    public MessageSetAside? SetAside { get; init; }

    public DateTimeOffset? SetAsideAt { get; init; }

    /// <summary>Since when its author waits for a first answer; null: there was one, or a person decided to give none.</summary>
    public DateTimeOffset? UnansweredSince { get; init; }

    /// <summary>A person decided not to answer.</summary>
    public bool IsDismissed { get; init; }

    /// <summary>The message after one more event.</summary>
    public static Message? After(Message? message, string id, IEvent @event) => (message, @event.Data) switch
    {
        // The raw form is read from history when it is needed.
        (null, MessageReceived received) => new Message { Id = id, Received = received with { Raw = null }, ReceivedAt = @event.Timestamp, Account = received.Account, UnansweredSince = @event.Timestamp },
        ({ } known, MessageSetAside aside) => known with { SetAside = aside, SetAsideAt = @event.Timestamp },
        ({ } known, MessageSent or MessageActedOn) => known with { UnansweredSince = null },
        ({ } known, MessageDismissed) => known with { UnansweredSince = null, IsDismissed = true },
        _ => message,
    };
}

/// <summary>Keeps <see cref="Message"/> in step with its stream, in the same transaction.</summary>
internal sealed class MessageProjection : SingleStreamProjection<Message, string>
{
    public override Message? Evolve(Message? snapshot, string id, IEvent e) => Message.After(snapshot, id, e);
}
