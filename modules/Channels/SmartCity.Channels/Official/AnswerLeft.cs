using JasperFx.Events;
using MediatR;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Official;

/// <summary>When answers last left from a department's own account, for each conversation.</summary>
internal sealed record AnswerLeft : IFollowStream<AnswerLeft>
{
    public static IReadOnlyList<Type> Follows { get; } = [typeof(MessageSent)];

    /// <summary>The stream of the messages and the department: <c>outbox-2026-000012/DPU</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Of the account; a direct message leaves from the one that posts.</summary>
    public required string Channel { get; init; }

    public required string Department { get; init; }

    public required DateTimeOffset LeftAt { get; init; }

    public static IEnumerable<AnswerLeft> Of(string stream, IReadOnlyList<IEvent> events) => events
        .Select(e => e.Data is MessageSent sent ? Of(stream, sent, e.Timestamp) : null).OfType<AnswerLeft>().GroupBy(left => left.Id).Select(lefts => lefts.Last());

    public static string StreamOf(string id) => id[..id.LastIndexOf('/')];

    // Accounts of departments are named x.DPU (AccountForm.Of).
    public static AnswerLeft? Of(string stream, MessageSent sent, DateTimeOffset at) =>
        sent is { Kind: OutboundMessage.Answer, Account: { } account } && account.Split('.', 2) is [_, var department] ? new AnswerLeft
        {
            Id = $"{stream}/{department}",
            Channel = sent.Channel == XPosts.DirectMessages ? XPosts.Channel : sent.Channel,
            Department = department,
            LeftAt = at,
        } : null;
}

/// <summary>Notes that an answer left. The same notification twice writes the same.</summary>
internal sealed class NoteAnswerLeft(RegencySessions sessions, CallContext call) : INotificationHandler<Committed<MessageSent>>
{
    public async Task Handle(Committed<MessageSent> committed, CancellationToken cancel)
    {
        if (AnswerLeft.Of(committed.Envelope.Stream, committed.Event, committed.Envelope.At) is { } left)
        {
            call.Actor = Actor.System("channels");
            await using var session = sessions.Open(committed.Envelope.Regency.Value);
            session.Store(left);
            await session.SaveChangesAsync(cancel);
        }
    }
}
