using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using Marten.Linq.MatchesSql;
using MediatR;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Conversing;

// What happens in a talk with somebody on a channel. Its stream is talk-CHANNEL-RANDOM, which leads to nobody; a message is named by its stream, an album by a
// keyed hash. What was said is in the messages, sealed.

/// <summary>Somebody wrote on a channel, for the first time or after a while.</summary>
internal sealed record TalkBegan(string Channel);

/// <summary>The message is kept as a draft of a report, and what is missing was asked for.</summary>
internal sealed record TalkAsked(string Message, Missing What, string? Album);

/// <summary>The message, another picture, is kept in the draft.</summary>
internal sealed record TalkKept(string Message, string? Album);

/// <summary>A report was made of the draft and the message.</summary>
/// <param name="Message">Null: nothing more was said in time.</param>
/// <param name="Category">What the words were taken for.</param>
/// <param name="Places">Codes of the districts that they name.</param>
internal sealed record TalkFiled(string? Message, string Ticket, string? Category, IReadOnlyList<string> Places, string? Album);

/// <summary>The message was added to a report.</summary>
/// <param name="IsReporter">It is that report's reporter who wrote.</param>
internal sealed record TalkAdded(string Message, string Ticket, bool IsReporter, string? Album);

/// <summary>The message was replied to, and nothing else came of it.</summary>
/// <param name="Kind"><c>greeting</c>, <c>thanks</c>, or <c>closed</c>: the report that it would add to is done with.</param>
internal sealed record TalkReplied(string Message, string Kind, string? Album);

/// <summary>The message waits for a person.</summary>
internal sealed record TalkHeld(string Message, string? Album);

/// <summary>The draft was dropped: its author asked for it, or nothing could be made of it.</summary>
/// <param name="Message">Null: nothing more was said in time.</param>
internal sealed record TalkDropped(string? Message, string? Album);

/// <summary>A talk with somebody on a channel, as its events make it. What was said is in the messages, sealed; here is only which they are.</summary>
internal sealed record Talk
{
    private const int Remembered = 30;

    /// <summary>The stream.</summary>
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

    /// <summary>When something last happened in it.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>
    /// Whether what is said now belongs to it. Later, when nothing that was said before counts any more, a new talk begins: so no name in the history tells
    /// for ever which reports are of the same person.
    /// </summary>
    public bool GoesOn(DateTimeOffset now) => Draft.Count > 0 || now - LastAt <= Conversation.Together;

    /// <summary>The stream of a new talk.</summary>
    public static string NewId(string channel) => $"talk-{channel}-{Guid.NewGuid():N}";

    /// <summary>The talk after one more event.</summary>
    public static Talk? After(Talk? talk, string id, IEvent @event) => Moved(talk, id, @event) is { } moved ? moved with { LastAt = @event.Timestamp } : null;

    private static Talk? Moved(Talk? talk, string id, IEvent @event) => (talk, @event.Data) switch
    {
        (null, TalkBegan began) => new Talk { Id = id, Channel = began.Channel },
        ({ } known, TalkAsked asked) => known.With(asked.Message, asked.Album).Drafted(asked.Message, asked.What, @event.Timestamp),
        ({ } known, TalkKept kept) => known.With(kept.Message, kept.Album).Drafted(kept.Message, null, @event.Timestamp),
        ({ } known, TalkFiled filed) => (filed.Message is { } last ? known.With(last, filed.Album) : known).Dropped() with
        {
            Ticket = filed.Ticket,
            TicketAt = @event.Timestamp,
            Category = filed.Category,
            Places = filed.Places,
        },
        ({ } known, TalkAdded { IsReporter: true } added) => known.With(added.Message, added.Album) with { Ticket = added.Ticket, TicketAt = @event.Timestamp },
        ({ } known, TalkAdded added) => known.With(added.Message, added.Album),
        ({ } known, TalkReplied replied) => known.With(replied.Message, replied.Album),
        ({ } known, TalkHeld held) => known.With(held.Message, held.Album),
        ({ } known, TalkDropped dropped) => (dropped.Message is { } last ? known.With(last, dropped.Album) : known).Dropped(),
        _ => talk,
    };

    private Talk With(string message, string? album) => this with { Handled = [.. Handled.Append(message).TakeLast(Remembered)], Album = album };

    private Talk Dropped() => this with { Draft = [], Asked = [], DraftAt = null, DraftDueAt = null };

    private Talk Drafted(string message, Missing? asked, DateTimeOffset at) => this with
    {
        Draft = [.. Draft, message],
        Asked = asked is { } what ? [.. Asked, what] : Asked,
        DraftAt = at,
        DraftDueAt = at + Conversation.DraftWaits,
    };
}

/// <summary>Keeps <see cref="Talk"/> in step with its stream, in the same transaction.</summary>
internal sealed class TalkProjection : SingleStreamProjection<Talk, string>
{
    public override Talk? Evolve(Talk? snapshot, string id, IEvent e) => Talk.After(snapshot, id, e);
}

/// <summary>Which talk is somebody's now. Gone when the person is erased: the talk then leads to nobody, and who writes again begins a new one.</summary>
[NotInEvents("Which conversation is whose, by keyed hash: personal, so it is kept beside the events, where it can be erased. The conversations are events.")]
internal sealed record TalkOf
{
    /// <summary>Keyed hash of channel and account.</summary>
    public required string Id { get; init; }

    /// <summary>Stream of the talk.</summary>
    public required string Talk { get; init; }

    public static string IdOf(PersonalData personal, string regency, string channel, string account) => personal.PersonId(regency, $"talk {channel}:{account}");
}

/// <summary>Forgets whose talk it was in which an erased person spoke last.</summary>
internal sealed class ForgetTalks(RegencySessions sessions) : INotificationHandler<PersonForgotten>
{
    public async Task Handle(PersonForgotten forgotten, CancellationToken cancel)
    {
        var messages = forgotten.Keys.Select(k => k.Stream).Where(s => s?.StartsWith("message-", StringComparison.Ordinal) == true).OfType<string>().ToArray();
        if (messages.Length == 0)
        {
            return;
        }

        await using var session = sessions.Open(forgotten.Regency);
        var talks = (await session.Query<Talk>().Where(t => t.MatchesSql("exists (select from jsonb_array_elements_text(d.data -> 'Handled') m where m = any(?))", (object)messages)).Select(t => t.Id).ToListAsync(cancel)).ToArray();
        session.DeleteWhere<TalkOf>(t => t.Talk.IsOneOf(talks));
        await session.SaveChangesAsync(cancel);
    }
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
