using Marten;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Conversing;

/// <summary>A talk with somebody on a channel. What was said is in the messages, sealed; here is only which they are.</summary>
[NotInEvents("Which messages belong to one talk; the messages are events.")]
internal sealed record Talk
{
    private const int Remembered = 30;

    /// <summary>Keyed hash of channel and account.</summary>
    public required string Id { get; init; }

    public required string Channel { get; init; }

    /// <summary>Messages of a report that is not made yet, in order.</summary>
    public IReadOnlyList<string> Draft { get; init; } = [];

    public IReadOnlyList<Missing> Asked { get; init; } = [];

    public DateTimeOffset? DraftAt { get; init; }

    /// <summary>When the draft becomes a report as it is.</summary>
    public DateTimeOffset? DraftDueAt { get; init; }

    public string? Ticket { get; init; }

    public DateTimeOffset? TicketAt { get; init; }

    public string? Category { get; init; }

    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Keyed hash of the provider's id of the album that came last.</summary>
    public string? Album { get; init; }

    /// <summary>Messages that were dealt with, the last ones: a notification may come again.</summary>
    public IReadOnlyList<string> Handled { get; init; } = [];

    public static string IdOf(PersonalData personal, string regency, string channel, string account) => personal.PersonId(regency, $"talk {channel}:{account}");

    /// <summary>After a message was dealt with.</summary>
    public Talk With(string message) => this with { Handled = [.. Handled.Append(message).TakeLast(Remembered)] };

    /// <summary>After a report was made or added to.</summary>
    public Talk On(string ticket, DateTimeOffset now) => this with { Draft = [], Asked = [], DraftAt = null, DraftDueAt = null, Ticket = ticket, TicketAt = now };

    /// <summary>Without a draft.</summary>
    public Talk Dropped() => this with { Draft = [], Asked = [], DraftAt = null, DraftDueAt = null };

    /// <summary>With one more message in the draft.</summary>
    public Talk Drafted(string message, Missing? asked, DateTimeOffset now) => this with
    {
        Draft = [.. Draft, message],
        Asked = asked is { } what ? [.. Asked, what] : Asked,
        DraftAt = now,
        DraftDueAt = now + Conversation.DraftWaits,
    };
}

/// <summary>In whose thread a message stands.</summary>
internal static class Threads
{
    /// <summary>The report whose message it answers, or null. A thread that a report came from counts for its author only.</summary>
    public static async Task<(string Ticket, bool IsDirect)?> Of(IQuerySession session, PersonalData personal, string regency, IncomingMessage message, CancellationToken cancel)
    {
        var channel = message.Channel;
        if (message.InReplyTo is { } answered)
        {
            if (answered.StartsWith(Email.MailMessages.ReportReference, StringComparison.Ordinal))
            {
                return (answered[Email.MailMessages.ReportReference.Length..], false);
            }

            if (await session.Query<Outbox.OutboundMessage>().Where(m => m.Receipt == answered && m.Channel == channel && m.Ticket != "").FirstOrDefaultAsync(cancel) is { } ours)
            {
                return (ours.Ticket, true);
            }

            if (await InStream(session, IncomingMessage.StreamOf(channel, answered, regency, personal), cancel) is { } own)
            {
                return (own, false);
            }
        }

        return message.Conversation == message.Id || message.Conversation == message.Author.Id ? null
            : await InStream(session, IncomingMessage.StreamOf(channel, message.Conversation, regency, personal), cancel) is { } ticket ? (ticket, false) : null;
    }

    private static async Task<string?> InStream(IQuerySession session, string stream, CancellationToken cancel) =>
        (await session.Query<Outbox.OutboundMessage>().Where(m => m.Conversation == stream && m.Ticket != "").OrderBy(m => m.QueuedAt).FirstOrDefaultAsync(cancel))?.Ticket;
}

/// <summary>Lets one message of a talk be dealt with at a time. Only the host that publishes events deals with messages, so a lock in memory is enough.</summary>
internal sealed class TalkLocks
{
    // A few talks share a lock, so that there is not one for everybody who ever wrote.
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> Enter(string talk, CancellationToken cancel)
    {
        var one = _locks[(uint)StringComparer.Ordinal.GetHashCode(talk) % _locks.Length];
        await one.WaitAsync(cancel);
        return new Held(one);
    }

    private sealed class Held(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
