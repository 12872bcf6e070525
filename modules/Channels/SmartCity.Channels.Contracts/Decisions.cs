using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>A person decides on a message to a citizen that was given up.</summary>
/// <param name="Message">The message in the outbox.</param>
/// <param name="IsRetried">It is tried again; else it is not to be sent.</param>
public sealed record DecideOnOutgoing(string Regency, Guid Message, bool IsRetried) : IRequest<DecisionOutcome>;

/// <summary>A person decides not to answer a message that came in.</summary>
/// <param name="Message">The message's stream.</param>
/// <param name="Reason">Why, for the staff.</param>
public sealed record LeaveUnanswered(string Regency, string Message, string Reason) : IRequest<DecisionOutcome>
{
    /// <summary>Longest reason.</summary>
    public const int LongestReason = 4000;
}

/// <summary>What came of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>It is written down.</summary>
    Done,

    /// <summary>There is no such message here, or not for the caller.</summary>
    Unknown,

    /// <summary>There is nothing to decide: it left, was answered, or was decided before.</summary>
    Closed,

    /// <summary>No reason was given, or one that is too long.</summary>
    NoReason,
}

/// <summary>Messages that came in and wait for a person, oldest first. For dispatchers.</summary>
public sealed record GetHeldMessages(string Regency, int Limit = 100) : IRequest<IReadOnlyList<HeldMessage>>;

/// <summary>A message that came in, of which no report was made.</summary>
/// <param name="Id">Its stream.</param>
/// <param name="Channel">Channel code.</param>
/// <param name="Text">What was written.</param>
/// <param name="Indonesian">Why a person must look, Indonesian.</param>
/// <param name="English">The same, English.</param>
public sealed record HeldMessage(string Id, string Channel, DateTimeOffset ReceivedAt, string Text, string Indonesian, string English);

/// <summary>How many messages to citizens have not left, by channel.</summary>
public sealed record GetOutboxCounts(string Regency) : IRequest<IReadOnlyList<OutboxCount>>;

/// <summary>Messages on their way.</summary>
/// <param name="Channel">Channel code.</param>
/// <param name="Waiting">Those that wait and have not failed.</param>
/// <param name="Failing">Those that have failed, or are held back, and are tried again.</param>
/// <param name="GivenUp">Those that a person must decide on.</param>
/// <param name="OldestAt">When the oldest of them was owed.</param>
public sealed record OutboxCount(string Channel, int Waiting, int Failing, int GivenUp, DateTimeOffset OldestAt);
