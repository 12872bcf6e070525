using SmartCity.Platform.History;
using SmartCity.Reports.Publishing;

namespace SmartCity.Reports.Subscribing;

/// <summary>Something was done to a webhook. Name on the wire: <c>webhook.changed.v1</c>. Its stream is <c>webhook-ID</c>.</summary>
/// <param name="What"><c>registered</c>, <c>changed</c>, <c>enabled</c>, <c>disabled</c>, <c>secret-rotated</c>, <c>deleted</c>.</param>
/// <param name="Host">Where to, without the path, which may be a secret.</param>
/// <param name="Reason">Why, where the platform did it by itself.</param>
internal sealed record WebhookChanged(string Webhook, string What, string? Host, string? Reason = null);

/// <summary>An address that hears what happens to public reports.</summary>
[NotInEvents("Addresses and secrets of integrators, and how far they have been told; that one was changed, and by whom, is an event (webhook.changed.v1).")]
internal sealed record Webhook
{
    /// <summary>After so long without one success it is disabled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    /// <summary>So long the secret before signs too.</summary>
    public static readonly TimeSpan FormerSecretHolds = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(10);

    public required string Id { get; init; }

    /// <summary>Who registered it: sees it, besides operators.</summary>
    public required string Owner { get; init; }

    public required string Url { get; init; }

    /// <summary>See <see cref="PublicEventTypes.All"/>; empty: all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public string? Description { get; init; }

    /// <summary>What signs, sealed for this regency and webhook.</summary>
    public required byte[] Secret { get; init; }

    public byte[]? FormerSecret { get; init; }

    public DateTimeOffset? FormerUntil { get; init; }

    /// <summary>Up to where the history was turned into deliveries.</summary>
    public required long Position { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledBecause { get; init; }

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>It is left alone until then.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    public bool IsReady(DateTimeOffset now) => DisabledAt is null && !(PausedUntil > now);

    /// <summary>After a try with one of its deliveries.</summary>
    /// <param name="jitter">Between 0 and 1.</param>
    public Webhook After(Attempt attempt, DateTimeOffset now, double jitter)
    {
        if (attempt.IsDelivered)
        {
            return this with { Failures = 0, FailingSince = null, PausedUntil = null };
        }

        var (failures, since) = (Failures + 1, FailingSince ?? now);
        var pause = FirstPause * Math.Min(Math.Pow(2, failures - 1), LongestPause / FirstPause) * (0.75 + (0.5 * jitter));
        var failed = this with { Failures = failures, FailingSince = since, PausedUntil = attempt.NotBefore is { } told && told > now + pause ? told : now + pause };
        return attempt.IsGone ? failed.Disabled("The receiver answered 410: it wants no more.", now)
            : now - since >= Patience ? failed.Disabled($"Nothing was taken for {Patience.TotalDays:0} days; last: {attempt.Problem}", now) : failed;
    }

    /// <summary>Works again from where it stopped: what happened meanwhile is still told.</summary>
    public Webhook Enabled() => this with { DisabledAt = null, DisabledBecause = null, Failures = 0, FailingSince = null, PausedUntil = null };

    public Webhook Disabled(string because, DateTimeOffset now) => DisabledAt is not null ? this : this with { DisabledAt = now, DisabledBecause = because };
}

/// <summary>What becomes of a delivery.</summary>
internal enum DeliveryState
{
    /// <summary>To be sent, or to be sent again.</summary>
    Waiting,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not sent: the report was hidden before it left.</summary>
    Withheld,
}

/// <summary>What came of a try.</summary>
/// <param name="Status">What was answered; null: nothing.</param>
/// <param name="Problem">What went wrong; nothing of what the receiver wrote.</param>
/// <param name="NotBefore">When the receiver wants to be asked again.</param>
internal sealed record Attempt(int? Status, string? Problem = null, DateTimeOffset? NotBefore = null)
{
    public bool IsDelivered => Status is >= 200 and < 300;

    public bool IsGone => Status == 410;
}

/// <summary>One event for one webhook. The body is made anew at each try, as everybody may see it then; nothing that somebody wrote is kept here.</summary>
[NotInEvents("Deliveries to webhooks with tries and errors, kept for a month; what they tell of is in the history.")]
internal sealed record WebhookDelivery
{
    /// <summary>The pauses of the Standard Webhooks specification: over about three days.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>No try takes longer; who holds a delivery beyond it has crashed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public const string Test = "webhook.test.v1";

    /// <summary>Webhook and event: an event is one delivery, however often the history is read.</summary>
    public required string Id { get; init; }

    public required string Webhook { get; init; }

    /// <summary>The event: <c>webhook-id</c> at each try.</summary>
    public required Guid Event { get; init; }

    public required string Type { get; init; }

    /// <summary>The report; null: of a test.</summary>
    public string? Ticket { get; init; }

    /// <summary>Place in the history; a test comes first.</summary>
    public required long Position { get; init; }

    public DeliveryState State { get; init; }

    public int Attempts { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>When somebody must try it next; null: nothing is left to do.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Who holds it for a try; changes with every claim.</summary>
    public Guid? Claim { get; init; }

    public DateTimeOffset? AttemptedAt { get; init; }

    public int? Status { get; init; }

    public string? Error { get; init; }

    public static WebhookDelivery Of(Webhook webhook, PublicEvent @event, DateTimeOffset now) => new()
    {
        Id = $"{webhook.Id}-{@event.Id:N}",
        Webhook = webhook.Id,
        Event = @event.Id,
        Type = @event.Type,
        Ticket = @event.Ticket,
        Position = @event.Position,
        QueuedAt = now,
        DueAt = now,
    };

    /// <summary>Held for one try.</summary>
    public WebhookDelivery Claimed(DateTimeOffset now) => this with { Attempts = Attempts + 1, Claim = Guid.NewGuid(), AttemptedAt = now, DueAt = now + Lease };

    /// <summary>After a try.</summary>
    /// <param name="attempt">Null: there was nothing left to tell.</param>
    /// <param name="jitter">Between 0 and 1.</param>
    public WebhookDelivery After(Attempt? attempt, DateTimeOffset now, double jitter)
    {
        var next = this with { Claim = null, Status = attempt?.Status, Error = attempt?.Problem };
        if (attempt is null)
        {
            return next with { State = DeliveryState.Withheld, DueAt = null };
        }

        if (attempt.IsDelivered)
        {
            return next with { State = DeliveryState.Delivered, DueAt = null };
        }

        if (attempt.IsGone || Attempts > Pauses.Count)
        {
            return next with { State = DeliveryState.Failed, DueAt = null };
        }

        var again = now + (Pauses[Math.Max(Attempts, 1) - 1] * (0.75 + (0.5 * jitter)));
        return next with { State = DeliveryState.Waiting, DueAt = attempt.NotBefore is { } told && told > again ? told : again };
    }

    /// <summary>To be sent once more, as somebody asked; with the same id, so that a receiver that has it can tell.</summary>
    public WebhookDelivery Again(DateTimeOffset now) => this with { State = DeliveryState.Waiting, Attempts = 0, DueAt = now, Claim = null };
}
