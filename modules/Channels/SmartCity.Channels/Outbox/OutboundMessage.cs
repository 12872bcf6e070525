using System.Security.Cryptography;
using System.Text;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Telemetry;

namespace SmartCity.Channels.Outbox;

/// <summary>A message owed to a citizen.</summary>
[NotInEvents("Messages on their way with tries and errors; that one was sent is an event (message.sent.v1).")]
internal sealed record OutboundMessage
{
    public const string Acknowledgement = "acknowledgement", Answer = "answer", FollowedAnswer = "followed-answer", Rejection = "rejection", Question = "question",
        Forwarding = "forwarding", FollowUp = "follow-up", Stage = "stage", Plan = "plan", FollowedPlan = "followed-plan", Alert = "alert", Reply = "reply", Extension = "extension", LadderWarning = "ladder-warning", Ladder = "ladder",
        Confirmation = "subscription-confirmation", News = "subscription-news";

    /// <summary>Kinds whose text somebody wrote about the matter.</summary>
    private static readonly string[] Written = [Answer, FollowedAnswer, Rejection, Question, Forwarding, FollowUp, Stage, Plan, FollowedPlan, Alert, Extension];

    /// <summary>After so many tries, over about ten hours, a person must look.</summary>
    public const int MaxAttempts = 20;

    /// <summary>No try takes longer; who holds a message beyond it has crashed. <c>SmartCity:Channels:Lease</c> says otherwise.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>A message that is owed because of an event, about the report in whose stream it stands; to whom, and with what words, is still to be said.</summary>
    /// <param name="cause">Tells it from others that the same event owes; null: its kind does.</param>
    public static OutboundMessage Because(EventEnvelope envelope, string kind, DateTimeOffset now, string? cause = null) => new()
    {
        Id = IdOf(envelope.Id, cause ?? kind),
        Ticket = envelope.Stream,
        Kind = kind,
        Channel = "",
        Text = "",
        QueuedAt = now,
        DueAt = now,
        Cause = envelope.Id,
        CorrelationId = envelope.CorrelationId,
        TraceParent = Traces.TraceParent,
    };

    /// <summary>Made from what caused it: see <see cref="IdOf"/>.</summary>
    public required Guid Id { get; init; }

    public required string Ticket { get; init; }

    public required string Channel { get; init; }

    /// <summary>The regency's account that it was last tried from, where there are several: <c>x.DPU</c>.</summary>
    public string? Account { get; init; }

    /// <summary>The channel's id of the conversation to answer in.</summary>
    public string? Conversation { get; init; }

    public required string Kind { get; init; }

    /// <summary>An acknowledgement as it is sent; what the department wrote, sealed.</summary>
    public required string Text { get; init; }

    /// <summary>What belongs to the text: what an answer comes to, the body a report was forwarded to, the stage of a proposal.</summary>
    public string? About { get; init; }

    /// <summary>Of an alert: whom it is for, <c>humas</c>, <c>bupati</c> or a department's code.</summary>
    public string? Recipient { get; init; }

    /// <summary>Where it goes when it answers nobody, sealed: a subscriber's address.</summary>
    public string? To { get; init; }

    /// <summary>Where its recipient says to want no more, sealed.</summary>
    public string? Unsubscribe { get; init; }

    /// <summary>It is for a subscriber, and about no report alone.</summary>
    public bool IsForSubscriber => Kind is Confirmation or News;

    /// <summary>The report that this one is a part of.</summary>
    public string? PartOf { get; init; }

    /// <summary>The report is not public.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Its text is what somebody wrote about the matter, not only what the platform says.</summary>
    public bool IsWritten => Written.Contains(Kind);

    /// <summary>It answers what somebody has just written or done, or warns: it is sent at any hour.</summary>
    public bool IsUrgent => Kind is Acknowledgement or Reply or Alert or Confirmation or "closing" or "reopening" or "withdrawal";

    /// <summary>It is for officials, not for the person whose report it is about.</summary>
    public bool IsForOfficials => Kind is Alert or LadderWarning or Ladder;

    /// <summary>The report is on the conduct of officials.</summary>
    public bool IsOversight { get; init; }

    public OutboundState State { get; init; }

    public int Attempts { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>When somebody must look at it next; null when there is nothing left to do.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Who holds it for a try; changes with every claim.</summary>
    public Guid? Claim { get; init; }

    /// <summary>When the last try began.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>Names the last try.</summary>
    public Guid? Try { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public string? Receipt { get; init; }

    /// <summary>Receipts of the parts that have left, of a message that takes several.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Receipts of earlier tries that went wrong: a person had it tried again.</summary>
    public IReadOnlyList<string> Former { get; init; } = [];

    /// <summary>Channels that would not take it before it was given to this one.</summary>
    public IReadOnlyList<string> RefusedBy { get; init; } = [];

    /// <summary>What the provider said last became of it, once that is final.</summary>
    public ReceiptKind? Outcome { get; init; }

    /// <summary>The provider took it, and says now that the citizen will not get it.</summary>
    public bool IsUndelivered => Outcome == ReceiptKind.Undelivered;

    /// <summary>When it reached the citizen, as the provider says.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    public string? Error { get; init; }

    /// <summary>A person must look.</summary>
    public bool IsGivenUp => State == OutboundState.Failed;

    /// <summary>The event that caused it.</summary>
    public required Guid Cause { get; init; }

    public string? TraceParent { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>The stream in whose history it stands that the message left.</summary>
    public string Stream => Conversation is { } conversation && (IsForSubscriber || conversation.StartsWith("message-", StringComparison.Ordinal)) ? conversation : $"outbox-{Ticket}";

    /// <summary>One id for one cause, so that a repeated notification queues nothing (a version 8 UUID of a SHA-256).</summary>
    public static Guid IdOf(Guid cause, string kind)
    {
        var hash = SHA256.HashData([.. cause.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(kind)]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>
    /// Held for one try, which is on disk before the provider is called. A message that is held already was held by a host that
    /// crashed: whether it left is not known, and must be found out before anything else.
    /// </summary>
    public OutboundMessage Claimed(DateTimeOffset now, TimeSpan? lease = null) => this with
    {
        State = State == OutboundState.Waiting ? OutboundState.Sending : OutboundState.Unresolved,
        Attempts = Attempts + 1,
        Claim = Guid.NewGuid(),
        Try = State == OutboundState.Waiting ? Guid.NewGuid() : Try,
        AttemptedAt = State == OutboundState.Waiting ? now : AttemptedAt,
        DueAt = now + (lease ?? Lease),
    };

    /// <summary>After a try.</summary>
    /// <param name="jitter">Between 0 and 1.</param>
    public OutboundMessage After(Delivery delivery, DateTimeOffset now, double jitter)
    {
        var next = this with { Claim = null };
        return delivery switch
        {
            Delivery.Sent sent => next with { State = OutboundState.Sent, DueAt = null, SentAt = now, Receipt = sent.Receipt, Error = null },
            Delivery.PartSent part => next with { State = OutboundState.Waiting, Attempts = 0, DueAt = now, Parts = [.. Parts, part.Receipt], Error = null },
            Delivery.Held held => next with { State = OutboundState.Waiting, Attempts = Attempts - 1, DueAt = held.NotBefore + (TimeSpan.FromSeconds(2) * jitter), Error = held.Error },
            Delivery.Withheld withheld => next with { State = OutboundState.Withheld, DueAt = null, Error = withheld.Why },
            Delivery.Later later when Attempts < MaxAttempts => next with { State = OutboundState.Waiting, DueAt = Backoff.Next(now, Attempts, jitter, later.NotBefore), Error = later.Error },
            Delivery.Unknown { LookAt: { } at } unknown when Attempts < MaxAttempts => next with { State = OutboundState.Unresolved, DueAt = at, Error = unknown.Error },
            Delivery.Unknown unknown => next with { State = OutboundState.Failed, DueAt = null, Error = $"Outcome unknown, so it is not sent again: {unknown.Error}" },
            _ => next with { State = OutboundState.Failed, DueAt = null, Error = delivery.Problem },
        };
    }

    /// <summary>Given to another channel on which the same person can be reached, because this one will never take it.</summary>
    public OutboundMessage On(string channel, DateTimeOffset now, string? error) => this with
    {
        Channel = channel,
        RefusedBy = [.. RefusedBy, Channel],
        State = OutboundState.Waiting,
        Attempts = 0,
        Claim = null,
        DueAt = now,
        Parts = [],
        Account = null,
        Outcome = null,
        SentAt = null,
        Receipt = null,
        Former = Receipt is { } former ? [.. Former, former] : Former,
        Error = error,
    };

    /// <summary>To be tried again, as a person decided. What is said yet of the tries before is not about this one.</summary>
    public OutboundMessage Again(DateTimeOffset now) => this with
    {
        State = OutboundState.Waiting,
        Attempts = 0,
        DueAt = now,
        Outcome = null,
        Receipt = null,
        SentAt = null,
        Former = Receipt is { } former ? [.. Former, former] : Former,
    };

    /// <summary>After the provider's own word on it, which may come often, late and in any order; a final one stays.</summary>
    public OutboundMessage After(Receipt receipt, DateTimeOffset now) => (receipt.Kind, State) switch
    {
        _ when Outcome is not null || (receipt.Id is { } id && Former.Contains(id)) || (receipt.Try is { } tried && tried != Try) => this,
        // Another channel may reach the person; else it is given up.
        (ReceiptKind.Undelivered, _) => this with
        {
            State = OutboundState.Waiting,
            Outcome = receipt.Kind,
            DueAt = now,
            Claim = null,
            Receipt = Receipt ?? receipt.Id,
            Error = receipt.Error ?? "It could not be delivered.",
        },
        (ReceiptKind.Delivered, OutboundState.Sent) => this with { Outcome = receipt.Kind, DeliveredAt = now },
        (ReceiptKind.Delivered, _) => Taken(receipt, now) with { Outcome = receipt.Kind, DeliveredAt = now },
        (_, OutboundState.Sending or OutboundState.Unresolved) => Taken(receipt, now),
        // It was taken after all, though the search for it found nothing: it must not go out again.
        (_, OutboundState.Failed) when Receipt is null => Taken(receipt, now),
        _ => this,
    };

    private OutboundMessage Taken(Receipt receipt, DateTimeOffset now) =>
        this with { State = OutboundState.Sent, SentAt = SentAt ?? now, DueAt = null, Claim = null, Receipt = Receipt ?? receipt.Id ?? "taken", Error = null };

    /// <summary>That it left.</summary>
    public MessageSent Sent() => new(Id, Ticket, Channel, Kind, Text, Receipt!, Attempts) { Account = Account };

    /// <summary>As others see it.</summary>
    /// <param name="text">In the clear, as it is sent.</param>
    public OutgoingMessage Shown(string text) => new(Id, Channel, Ticket, Kind, text, State switch
    {
        OutboundState.Sent => OutgoingState.Sent,
        OutboundState.Failed => OutgoingState.Failed,
        OutboundState.Withheld => OutgoingState.Withheld,
        _ => OutgoingState.Waiting,
    }, Attempts, QueuedAt, SentAt, Receipt, Error, DeliveredAt);
}

/// <summary>Where an outgoing message stands.</summary>
internal enum OutboundState
{
    /// <summary>For its next try.</summary>
    Waiting,

    /// <summary>A host is trying.</summary>
    Sending,

    /// <summary>A try ended, and nobody knows how: it must be looked up.</summary>
    Unresolved,

    /// <summary>The provider took it.</summary>
    Sent,

    /// <summary>Given up; a person must look.</summary>
    Failed,

    /// <summary>Not to be sent: the recipient asked for no more, or a person decided so.</summary>
    Withheld,
}

/// <summary>When to try again: twice as long each time, with jitter, never before the provider allows.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromHours(1);

    /// <param name="attempts">Tries so far, from 1.</param>
    /// <param name="jitter">Between 0 and 1: how much of the second half of the pause.</param>
    public static DateTimeOffset Next(DateTimeOffset now, int attempts, double jitter, DateTimeOffset? notBefore)
    {
        var pause = First * Math.Min(Math.Pow(2, Math.Max(attempts, 1) - 1), Longest / First);
        var next = now + (pause / 2) + (pause / 2 * jitter);
        // Spread over a few seconds, or all that waited for the same moment come at once.
        return notBefore is { } allowed && allowed > next ? allowed + (First * jitter) : next;
    }
}

/// <summary>What a provider says of a message that it took.</summary>
/// <param name="Id">The provider's id of it.</param>
/// <param name="Error">Why it did not arrive.</param>
internal sealed record Receipt(ReceiptKind Kind, string? Id = null, string? Error = null)
{
    /// <summary>The try that it is about; null: the provider does not tell tries apart.</summary>
    public Guid? Try { get; init; }
}

internal enum ReceiptKind
{
    /// <summary>The provider has it; what becomes of it is not known yet.</summary>
    Taken,

    /// <summary>The citizen has it.</summary>
    Delivered,

    /// <summary>The citizen will not get it.</summary>
    Undelivered,
}
