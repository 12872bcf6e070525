using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using MimeKit;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Email;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Subscribing;

/// <summary>What stands in a subscription's mails and proves that its caller reads them: derived from its id and the master key, so nothing is kept of it.</summary>
internal sealed class SubscriptionKeys(PlatformOptions options)
{
    private readonly byte[] _key = Sealing.Key(options.MasterKey, "keys of subscriptions");

    public string Of(string regency, string id) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{regency} {id}")).AsSpan(0, 16));

    public bool Is(string regency, string id, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Of(regency, id)));
}

/// <summary>How often somebody may ask from one place, on this host. <c>SmartCity:Channels:SubscriptionsAnHour</c> says otherwise.</summary>
internal sealed class AskLimit(IConfiguration configuration) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = Make(configuration.GetValue("SmartCity:Channels:SubscriptionsAnHour", 20));

    public bool Takes(string source)
    {
        using var lease = _limiter.AttemptAcquire(Place(source));
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<string> Make(int most) => PartitionedRateLimiter.Create<string, string>(place => RateLimitPartition.GetFixedWindowLimiter(
        place, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = TimeSpan.FromHours(1), QueueLimit = 0 }));

    // A house has a whole /64 of addresses.
    private static string Place(string source) => !IPAddress.TryParse(source, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6
        ? source : Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));

    public void Dispose() => _limiter.Dispose();
}

internal sealed class AskForNews(
    RegencySessions sessions, PersonalData personal, AskLimit limit, SubscriptionLinks links, OutboxSignal signal, ISender sender, TimeProvider time, CallContext call) : IRequestHandler<Subscribe, SubscribeOutcome>
{
    /// <summary>An address gets no more first mails than this in a day, whoever asks.</summary>
    public const int MostAsksADay = 3;

    /// <summary>An address has no more subscriptions than this.</summary>
    public const int Most = 10;

    public async Task<SubscribeOutcome> Handle(Subscribe command, CancellationToken cancel)
    {
        var wish = command.Wish;
        var faults = Faults(command.Email, wish,
            (await sender.Send(new GetDistricts(command.Regency), cancel)).Any(d => d.Code == wish.District),
            (await sender.Send(new GetCategories(command.Regency), cancel)).Any(c => c.Code == wish.Category && !c.IsOversight));
        if (faults.Count > 0)
        {
            return new SubscribeOutcome(faults);
        }

        if (links.Root is null)
        {
            return new SubscribeOutcome([new("subscription.unavailable", "News by e-mail is not offered here yet: the platform does not know its public address.", "Kabar lewat surel belum tersedia di sini.", "email")]);
        }

        if (!limit.Takes(command.Source))
        {
            return new SubscribeOutcome([], IsTooMuch: true);
        }

        var (email, now) = (command.Email!.Trim(), time.GetUtcNow());
        var who = new PersonIdentity(Email: email);
        await using var session = sessions.Open(command.Regency);
        if (await IsEnough(session, command.Regency, who, now, cancel))
        {
            // Nobody learns by asking whether an address is known here.
            return new SubscribeOutcome([]);
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var stream = Subscription.StreamOf(id);
        var seal = personal.NewSeal(session, command.Regency, stream, who, now);
        var around = wish.Metres is { } metres ? JsonSerializer.Serialize(new Circle(wish.Latitude!.Value, wish.Longitude!.Value, metres)) : null;
        session.Events.StartStream(stream, new SubscriptionAsked(seal.Person, seal.Seal(email)!, wish.District, wish.Category, seal.Seal(around), wish.Reports, wish.Works, wish.Daily));
        var link = links.Page(command.Regency, id);
        var text = $"""
            Anda (atau seseorang dengan alamat ini) meminta kabar lewat surel. Buka tautan ini dan tekan "Ya, kirimi saya kabar":
            {link}
            Kalau bukan Anda, abaikan saja: tanpa itu tidak ada kabar yang dikirim, dan alamat ini dihapus dalam 48 jam.

            You (or somebody with this address) asked for news by e-mail. Open this link and press "Yes, send me news":
            {link}
            If it was not you, do nothing: without that no news is sent, and this address is erased within 48 hours.
            """;
        session.Insert(new OutboundMessage
        {
            Id = OutboundMessage.IdOf(Guid.Empty, $"{OutboundMessage.Confirmation} {command.Regency} {id}"),
            Ticket = "",
            Channel = EmailChannel.Name,
            Conversation = stream,
            Kind = OutboundMessage.Confirmation,
            Text = seal.Seal(text)!,
            To = seal.Seal(email),
            QueuedAt = now,
            DueAt = now,
            Cause = Guid.Empty,
            CorrelationId = call.CorrelationId,
        });
        await session.SaveChangesAsync(cancel);
        signal.Raise();
        return new SubscribeOutcome([]);
    }

    private async Task<bool> IsEnough(IQuerySession session, string regency, PersonIdentity who, DateTimeOffset now, CancellationToken cancel)
    {
        var name = personal.Named(new PersonalKey { Id = "" }, regency, who).Email;
        var streams = (await session.Query<PersonalKey>().Where(k => k.Email == name).Take(1000).ToListAsync(cancel)).Where(k => Subscription.IsStream(k.Stream)).ToArray();
        return streams.Length >= Most || streams.Count(k => k.CreatedAt > now.AddDays(-1)) >= MostAsksADay;
    }

    /// <summary>What is wrong with a wish.</summary>
    public static IReadOnlyList<SubscriptionFault> Faults(string? email, SubscriptionWish wish, bool isDistrict, bool isCategory)
    {
        var faults = new List<SubscriptionFault>();
        if (email is null || email.Length > 200 || !MailboxAddress.TryParse(email.Trim(), out var mailbox) || mailbox.Address != email.Trim() || mailbox.Address.IndexOf('@') < 1)
        {
            faults.Add(new("email.invalid", "Give an e-mail address such as name@example.id.", "Tulis alamat surel, contohnya nama@contoh.id.", "email"));
        }

        if (!wish.Reports && !wish.Works)
        {
            faults.Add(new("subscription.empty", "Choose reports, planned works, or both.", "Pilih laporan, rencana pekerjaan, atau keduanya.", "reports"));
        }

        if (wish.District is not null && !isDistrict)
        {
            faults.Add(new("district.unknown", "Choose a district of this regency.", "Pilih kecamatan di daerah ini.", "district"));
        }

        if (wish.Category is not null && !isCategory)
        {
            faults.Add(new("category.unknown", "Choose a category of public reports.", "Pilih kategori laporan umum.", "category"));
        }

        var given = new object?[] { wish.Latitude, wish.Longitude, wish.Metres }.Count(part => part is not null);
        if (given is not (0 or 3) || (given == 3 && !(Math.Abs(wish.Latitude!.Value) <= 90 && Math.Abs(wish.Longitude!.Value) <= 180)))
        {
            faults.Add(new("place.invalid", "Give latitude, longitude and metres together, in degrees WGS 84.", "Tandai satu titik di peta dan pilih jaraknya.", "latitude"));
        }
        else if (wish.Metres is < SubscriptionWish.LeastMetres or > SubscriptionWish.MostMetres)
        {
            faults.Add(new("metres.invalid", string.Create(CultureInfo.InvariantCulture, $"Between {SubscriptionWish.LeastMetres} and {SubscriptionWish.MostMetres} metres."),
                string.Create(CultureInfo.InvariantCulture, $"Antara {SubscriptionWish.LeastMetres} dan {SubscriptionWish.MostMetres} meter."), "metres"));
        }

        return faults;
    }
}

/// <summary>The surroundings of a point, as they stand sealed in an event.</summary>
internal sealed record Circle(double Latitude, double Longitude, int Metres);

/// <summary>Addresses that stand in mails: below <c>SmartCity:PublicUrl</c>, never what a caller says; in development where the host listens.</summary>
internal sealed class SubscriptionLinks(PlatformOptions options, SubscriptionKeys keys, IHostEnvironment environment, IServer server)
{
    /// <summary>Where pages begin; null: nobody has said it, so no mail can lead back.</summary>
    public string? Root => options.PublicUrl?.AbsoluteUri.TrimEnd('/')
        ?? (environment.IsDevelopment() ? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/') ?? "http://localhost" : null);

    public string Page(string regency, string id) => $"{Root}/{regency}/langganan/{id}?kunci={keys.Of(regency, id)}";

    /// <summary>Where a mail program unsubscribes with one call (RFC 8058).</summary>
    public string Unsubscribe(string regency, string id) => $"{Root}/api/v1/regencies/{regency}/subscriptions/{id}/unsubscribe?key={keys.Of(regency, id)}";
}
