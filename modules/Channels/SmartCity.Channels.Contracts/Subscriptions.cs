using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>What somebody wants to hear of. Members that are null do not restrict; a place is a district, or the surroundings of a point.</summary>
/// <param name="District">District code.</param>
/// <param name="Category">Category code; planned works have none.</param>
/// <param name="Latitude">Of the point, degrees WGS 84.</param>
/// <param name="Longitude">Of the point, degrees WGS 84.</param>
/// <param name="Metres">How far around the point.</param>
/// <param name="Reports">New reports.</param>
/// <param name="Works">New planned works.</param>
/// <param name="Daily">All of a day in one mail in the morning, instead of at once.</param>
public sealed record SubscriptionWish(
    string? District = null, string? Category = null, double? Latitude = null, double? Longitude = null, int? Metres = null, bool Reports = true, bool Works = false, bool Daily = false)
{
    /// <summary>Smallest circle, in metres.</summary>
    public const int LeastMetres = 100;

    /// <summary>Largest circle, in metres.</summary>
    public const int MostMetres = 10_000;
}

/// <summary>Somebody asks to hear by e-mail of what is new. Nothing comes before the link in a first mail is followed.</summary>
/// <param name="Email">Where to.</param>
/// <param name="Wish">Of what.</param>
/// <param name="Source">Where the call comes from, to bear no flood; it is not kept.</param>
public sealed record Subscribe(string Regency, string? Email, SubscriptionWish Wish, string Source) : IRequest<SubscribeOutcome>;

/// <summary>What came of it. It is the same whether the address is known or not.</summary>
/// <param name="Faults">What is wrong.</param>
/// <param name="IsTooMuch">Too many came from the same place within an hour.</param>
public sealed record SubscribeOutcome(IReadOnlyList<SubscriptionFault> Faults, bool IsTooMuch = false);

/// <summary>Something that is wrong with what was asked for.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
/// <param name="Field">The field at fault, camel case.</param>
public sealed record SubscriptionFault(string Code, string English, string Indonesian, string Field);

/// <summary>A subscription, for whoever has the key from its mails; null: there is none, or the key is another's.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">What stands in its mails.</param>
public sealed record GetSubscription(string Regency, string Id, string? Key) : IRequest<SubscriptionDetails?>;

/// <summary>The link in the first mail was followed: from now on mails come.</summary>
public sealed record ConfirmSubscription(string Regency, string Id, string? Key) : IRequest<bool>;

/// <summary>Nothing is to come any more; the address is erased. True also when that was so before.</summary>
public sealed record EndSubscription(string Regency, string Id, string? Key) : IRequest<bool>;

/// <summary>Id of the key under which a subscription's address is sealed, for its owner to have a copy; null: as <see cref="GetSubscription"/>.</summary>
public sealed record GetSubscriptionSeal(string Regency, string Id, string? Key) : IRequest<string?>;

/// <summary>A subscription.</summary>
/// <param name="Wish">Of what.</param>
/// <param name="IsConfirmed">Mails come.</param>
public sealed record SubscriptionDetails(string Id, SubscriptionWish Wish, bool IsConfirmed);
