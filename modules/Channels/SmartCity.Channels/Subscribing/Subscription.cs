using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Subscribing;

// A subscription's life, in a stream of its own. Its address, and the point that may be somebody's home, are sealed with a key of its own, which ends with it.

/// <summary>Somebody asked to hear of what is new.</summary>
/// <param name="Person">Id of the key.</param>
/// <param name="Email">Where to, sealed.</param>
/// <param name="Around">Latitude, longitude and metres as JSON, sealed.</param>
internal sealed record SubscriptionAsked(string Person, string Email, string? District, string? Category, string? Around, bool Reports, bool Works, bool Daily);

/// <summary>The link in the mail was followed.</summary>
internal sealed record SubscriptionConfirmed;

/// <summary>It is over, and its key destroyed.</summary>
/// <param name="Ground">Why: <c>consentWithdrawn</c>: unsubscribed; <c>retention</c>: never confirmed; or as the person was erased.</param>
internal sealed record SubscriptionEnded(string Ground);

/// <summary>A subscription that is asked for or confirmed; gone when it has ended.</summary>
internal sealed record Subscription
{
    private const string Prefix = "subscription-";

    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required string Person { get; init; }

    public required string Email { get; init; }

    public string? District { get; init; }

    public string? Category { get; init; }

    public string? Around { get; init; }

    public bool Reports { get; init; }

    public bool Works { get; init; }

    public bool Daily { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public static string StreamOf(string id) => Prefix + id;

    public static bool IsStream(string? stream) => stream?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>As it stands in an address.</summary>
    public string Name => Id[Prefix.Length..];

    public static Subscription? After(Subscription? subscription, string id, object @event, DateTimeOffset at) => (subscription, @event) switch
    {
        (_, SubscriptionAsked asked) => new Subscription
        {
            Id = id,
            Person = asked.Person,
            Email = asked.Email,
            District = asked.District,
            Category = asked.Category,
            Around = asked.Around,
            Reports = asked.Reports,
            Works = asked.Works,
            Daily = asked.Daily,
            AskedAt = at,
        },
        ({ } known, SubscriptionConfirmed) => known with { ConfirmedAt = known.ConfirmedAt ?? at },
        (_, SubscriptionEnded) => null,
        _ => subscription,
    };
}

/// <summary>Keeps <see cref="Subscription"/> in step with its stream, in the same transaction.</summary>
internal sealed class SubscriptionProjection : SingleStreamProjection<Subscription, string>
{
    public SubscriptionProjection()
    {
        // Mails that left stand in the stream too.
        IncludeType<SubscriptionAsked>();
        IncludeType<SubscriptionConfirmed>();
        IncludeType<SubscriptionEnded>();
    }

    public override Subscription? Evolve(Subscription? snapshot, string id, IEvent e) => Subscription.After(snapshot, id, e.Data, e.Timestamp);
}

/// <summary>Something new that a subscriber is to hear of, or has heard of: one row for a person and a matter, so nobody hears twice of it.</summary>
[NotInEvents("What subscribers are still to be told, and were; that a mail left is an event (message.sent.v1).")]
internal sealed record SubscriptionNews
{
    /// <summary>The person and the matter.</summary>
    public required string Id { get; init; }

    public required string Subscription { get; init; }

    /// <summary>A ticket, or a planned work.</summary>
    public required string Matter { get; init; }

    public bool IsWork { get; init; }

    /// <summary>When it is to be told; null: it was.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>Which subscriptions a piece of news is for.</summary>
internal static class Matching
{
    private const double EarthRadius = 6_371_000;

    /// <summary>Whether a new report is what somebody wants to hear of. What was filed before the subscription was confirmed is not new to it.</summary>
    public static bool Wants(SubscriptionWish wish, DateTimeOffset confirmedAt, string? district, string? category, double? latitude, double? longitude, DateTimeOffset filedAt) =>
        wish.Reports && filedAt >= confirmedAt && (wish.Category is null || wish.Category == category) && (wish.District is null || wish.District == district)
        && (wish.Metres is not { } metres || (latitude is { } north && longitude is { } east && Metres(wish.Latitude!.Value, wish.Longitude!.Value, north, east) <= metres));

    /// <summary>Whether a new planned work is. A work has no point: whoever gave one hears of its district, and of works for the whole regency.</summary>
    /// <param name="districtOfPoint">Where the wish's point lies.</param>
    public static bool WantsWork(SubscriptionWish wish, string? districtOfPoint, IReadOnlyList<string> districts) =>
        wish.Works && (districts.Count == 0 || (wish.District ?? districtOfPoint) is not { } here ? wish.Metres is null || districts.Count == 0 : districts.Contains(here));

    private static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var (north, otherNorth) = (double.DegreesToRadians(latitude), double.DegreesToRadians(otherLatitude));
        var (up, across) = (Math.Sin((otherNorth - north) / 2), Math.Sin(double.DegreesToRadians(otherLongitude - longitude) / 2));
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt((up * up) + (Math.Cos(north) * Math.Cos(otherNorth) * across * across))));
    }
}
