using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>Messages that went out or wait to go out in a regency, newest first.</summary>
/// <param name="Channel">Only this channel.</param>
/// <param name="Ticket">Only about this report.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="State">Only in this state.</param>
public sealed record GetOutbox(string Regency, string? Channel = null, string? Ticket = null, int Limit = 100, OutgoingState? State = null) : IRequest<IReadOnlyList<OutgoingMessage>>;

/// <summary>A message to a citizen.</summary>
/// <param name="Id">Made from what caused it, so that one cause sends one message.</param>
/// <param name="Channel">Channel code.</param>
/// <param name="Ticket">Report it is about.</param>
/// <param name="Kind">What it is for: <c>acknowledgement</c>, <c>answer</c>, <c>followed-answer</c>, <c>rejection</c>, <c>question</c>, <c>forwarding</c>, …: docs/report-life.md.</param>
/// <param name="Text">As sent.</param>
/// <param name="State">Whether it left.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="QueuedAt">When it was owed.</param>
/// <param name="SentAt">When the provider took it.</param>
/// <param name="Receipt">The provider's id of it.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="DeliveredAt">When it reached the citizen, as the provider says.</param>
public sealed record OutgoingMessage(
    Guid Id, string Channel, string Ticket, string Kind, string Text, OutgoingState State, int Attempts, DateTimeOffset QueuedAt,
    DateTimeOffset? SentAt, string? Receipt, string? Error, DateTimeOffset? DeliveredAt = null);

/// <summary>Whether an outgoing message left.</summary>
public enum OutgoingState
{
    /// <summary>Waits for its (next) try.</summary>
    Waiting,

    /// <summary>The provider took it.</summary>
    Sent,

    /// <summary>Given up; a person must look.</summary>
    Failed,

    /// <summary>Not to be sent: the recipient asked for no more, or a person decided so.</summary>
    Withheld,
}

/// <summary>A message to the citizen has left.</summary>
/// <param name="Message">Id in the outbox.</param>
/// <param name="Ticket">Report it is about.</param>
/// <param name="Channel">Channel code.</param>
/// <param name="Kind"><c>acknowledgement</c>, <c>answer</c>, <c>rejection</c>, <c>question</c>, …</param>
/// <param name="Text">What was said; what somebody wrote as sealed in its report.</param>
/// <param name="Receipt">The provider's id of it.</param>
/// <param name="Attempts">Tries it took.</param>
public sealed record MessageSent(Guid Message, string Ticket, string Channel, string Kind, string Text, string Receipt, int Attempts)
{
    /// <summary>The account that it left from, where a regency has several: <c>x.DPU</c>, a department's own.</summary>
    public string? Account { get; init; }
}
