using Marten;
using MediatR;
using SmartCity.Channels.Quiet;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Subscribing;

/// <summary>
/// Notes for whom a new report or planned work is news, as soon as it is known where it lies and what it is about. A report that is not for everybody
/// is news for nobody; one that becomes public later is then.
/// </summary>
internal sealed class NoteNews(RegencySessions sessions, RegencyRegistry regencies, PersonalData personal, ISender sender, TimeProvider time, CallContext call) :
    INotificationHandler<Committed<ReportAssigned>>, INotificationHandler<Committed<ReportQueued>>, INotificationHandler<Committed<ReportReleased>>,
    INotificationHandler<Committed<ReportClassified>>, INotificationHandler<Committed<ReportForwarded>>, INotificationHandler<Committed<PlannedWorkPlanned>>
{
    private static readonly TimeOnly Morning = new(7, 0);

    public Task Handle(Committed<ReportAssigned> committed, CancellationToken cancel) => OfReport(committed.Envelope, cancel);

    public Task Handle(Committed<ReportQueued> committed, CancellationToken cancel) => OfReport(committed.Envelope, cancel);

    public Task Handle(Committed<ReportReleased> committed, CancellationToken cancel) => OfReport(committed.Envelope, cancel);

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) => OfReport(committed.Envelope, cancel);

    public Task Handle(Committed<ReportForwarded> committed, CancellationToken cancel) => OfReport(committed.Envelope, cancel);

    public async Task Handle(Committed<PlannedWorkPlanned> committed, CancellationToken cancel)
    {
        var (regency, districts) = (committed.Envelope.Regency.Value, committed.Event.Terms.Districts);
        await using var session = sessions.Open(regency);
        var subscriptions = await session.Query<Subscription>().Where(s => s.Works && s.ConfirmedAt != null).ToListAsync(cancel);
        var reader = await personal.Reader(session, subscriptions.SelectMany(s => new[] { s.Around, s.Email }), cancel);
        var wanted = new List<Subscription>();
        foreach (var subscription in subscriptions.Where(s => s.ConfirmedAt <= committed.Envelope.At))
        {
            var wish = KeepSubscriptions.WishOf(subscription, reader);
            var here = wish is { Latitude: { } latitude, Longitude: { } longitude } ? (await sender.Send(new FindPlace(regency, latitude, longitude), cancel))?.District?.Code : null;
            if (Matching.WantsWork(wish, here, districts))
            {
                wanted.Add(subscription);
            }
        }

        await Note(session, regency, committed.Envelope.Stream, isWork: true, wanted, reader, cancel);
    }

    private async Task OfReport(EventEnvelope envelope, CancellationToken cancel)
    {
        var (regency, ticket) = (envelope.Regency.Value, envelope.Stream);
        await using var session = sessions.Open(regency);
        // Most regencies' reports interest nobody by e-mail: one cheap question first.
        if (!await session.Query<Subscription>().AnyAsync(s => s.Reports && s.ConfirmedAt != null, cancel))
        {
            return;
        }

        call.Actor = Actor.System("subscriptions");
        if (await sender.Send(new GetReport(regency, ticket), cancel) is not { IsConfidential: false } report)
        {
            return;
        }

        var (district, category) = (report.District, report.Category);
        var subscriptions = await session.Query<Subscription>()
            .Where(s => s.Reports && s.ConfirmedAt != null && (s.District == null || s.District == district) && (s.Category == null || s.Category == category)).ToListAsync(cancel);
        var reader = await personal.Reader(session, subscriptions.SelectMany(s => new[] { s.Around, s.Email }), cancel);
        await Note(session, regency, ticket, isWork: false,
            [.. subscriptions.Where(s => Matching.Wants(KeepSubscriptions.WishOf(s, reader), s.ConfirmedAt!.Value, district, category, report.Place.Latitude, report.Place.Longitude, report.FiledAt))], reader, cancel);
    }

    private async Task Note(IDocumentSession session, string regency, string matter, bool isWork, IReadOnlyList<Subscription> wanted, PersonalReader reader, CancellationToken cancel)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var zone = (await regencies.Find(RegencyCode.Parse(regency), cancel))!.Zone;
        var quiet = (await session.LoadAsync<ChannelPolicyDocument>(ChannelPolicyDocument.Only, cancel))?.Quiet;
        // Who has two subscriptions hears by the one that tells sooner.
        var news = wanted.Where(s => reader.CanOpen(s.Email)).OrderBy(s => s.Daily).ThenBy(s => s.Id, StringComparer.Ordinal).Select(s => new SubscriptionNews
        {
            Id = personal.PersonId(regency, $"news {reader.Open(s.Email)!.ToLowerInvariant()} {matter}"),
            Subscription = s.Id,
            Matter = matter,
            IsWork = isWork,
            DueAt = DueAt(time.GetUtcNow(), s.Daily, zone, quiet),
        }).DistinctBy(n => n.Id).ToArray();
        var known = (await session.LoadManyAsync<SubscriptionNews>(cancel, [.. news.Select(n => n.Id)])).Select(n => n.Id).ToHashSet();
        session.Insert(news.Where(n => !known.Contains(n.Id)).ToArray());
        await session.SaveChangesAsync(cancel);
    }

    /// <summary>When somebody is told: now or in the next morning by the clock of the place, and not in quiet hours.</summary>
    internal static DateTimeOffset DueAt(DateTimeOffset now, bool daily, TimeZoneInfo zone, QuietHours? quiet)
    {
        var at = now;
        if (daily)
        {
            var here = TimeZoneInfo.ConvertTime(now, zone).DateTime;
            var morning = here.Date + Morning.ToTimeSpan();
            morning = morning > here ? morning : morning.AddDays(1);
            at = new DateTimeOffset(morning, zone.GetUtcOffset(morning)).ToUniversalTime();
        }

        return quiet?.Until(at, zone) ?? at;
    }
}
