using JasperFx.Events;
using Marten;
using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Resembling;

/// <summary>Which other reports one resembled when it came, or a picture of it. Its stream is <c>alike-TICKET</c>: which they are depends on what was open then, so it is an event of its own.</summary>
internal sealed record ReportResembles(string Ticket, IReadOnlyList<Resemblance> Others);

/// <summary>How much, and why.</summary>
internal sealed record Resemblance(string Other, double Score, IReadOnlyList<string> Reasons, double? Metres);

/// <summary>That one report may be about the same as another, mostly an earlier one.</summary>
internal sealed record SimilarPair : IFollowStream<SimilarPair>
{
    private const string Prefix = "alike-";

    public static IReadOnlyList<Type> Follows { get; } = [typeof(ReportResembles)];

    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required string Other { get; init; }

    public required double Score { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    public double? Metres { get; init; }

    public static string StreamFor(string ticket) => Prefix + ticket;

    public static string StreamOf(string id) => Prefix + id[..id.IndexOf('/', StringComparison.Ordinal)];

    public static IEnumerable<SimilarPair> Of(string stream, IReadOnlyList<IEvent> events) =>
        events.Select(e => e.Data).OfType<ReportResembles>().SelectMany(Of).GroupBy(pair => pair.Id).Select(same => same.Last());

    public static IEnumerable<SimilarPair> Of(ReportResembles found) => found.Others.Select(other => new SimilarPair
    {
        Id = $"{found.Ticket}/{other.Other}",
        Ticket = found.Ticket,
        Other = other.Other,
        Score = other.Score,
        Reasons = other.Reasons,
        Metres = other.Metres,
    });
}

/// <summary>
/// When a report or a picture of it has arrived, notes the report's own clues and which others it resembles, for staff. A repeated
/// notification writes the same again.
/// </summary>
internal sealed class NoteSimilar(RegencySessions sessions, SimilarReports similar, PersonalData personal, CallContext call) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportPhotoFetched>>
{
    private const int Most = 5;

    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var filed = committed.Event;
        if (filed.Place.Latitude is null && filed.Photos.All(photo => photo.Look is null))
        {
            return;
        }

        await using var session = Open(committed.Envelope);
        var text = (await personal.Reader(session, [filed.Description], cancel)).Open(filed.Description);
        await Note(session, Clue.Of(filed.Ticket, [filed], committed.Envelope.At), filed.Ticket, new Matter(
            filed.Category, filed.Place.Latitude, filed.Place.Longitude, committed.Envelope.At, text is PersonalReader.Erased ? null : text, [.. filed.Photos.Select(photo => photo.Look).OfType<string>()]), cancel);
    }

    public async Task Handle(Committed<ReportPhotoFetched> committed, CancellationToken cancel)
    {
        if (committed.Event.Photo.Look is null)
        {
            return;
        }

        await using var session = Open(committed.Envelope);
        if (await session.LoadAsync<Report>(committed.Envelope.Stream, cancel) is { } report)
        {
            var events = await session.Events.FetchStreamAsync(report.Id, committed.Envelope.Version, token: cancel);
            await Note(session, Clue.Of(report.Id, events), report.Id, SimilarReports.MatterOf(report, await personal.Reader(session, [report.Filed.Description], cancel)), cancel);
        }
    }

    private IDocumentSession Open(EventEnvelope envelope)
    {
        call.Actor = Actor.System("likeness");
        return sessions.Open(envelope.Regency.Value);
    }

    private async Task Note(IDocumentSession session, IEnumerable<Clue> clues, string ticket, Matter matter, CancellationToken cancel)
    {
        // Committed before it looks for others: of two that come at the same moment, at least one finds the other.
        session.Store(clues.ToArray());
        await session.SaveChangesAsync(cancel);
        var found = new ReportResembles(ticket, [.. (await similar.Find(session, matter, ticket, cancel)).Take(Most)
            .Select(other => new Resemblance(other.Report.Id, Math.Round(other.Likeness.Score, 3), other.Likeness.Reasons, other.Likeness.Metres is { } metres ? Math.Round(metres) : null))]);
        var noted = found.Others.Count == 0 ? [] : (await session.Query<SimilarPair>().Where(pair => pair.Ticket == ticket).ToListAsync(cancel)).ToDictionary(pair => pair.Other);
        // Said again only when it is another.
        if (found.Others.Any(other => !(noted.GetValueOrDefault(other.Other) is { } known && known.Score == other.Score)))
        {
            session.Events.Append(SimilarPair.StreamFor(ticket), found);
            session.Store(SimilarPair.Of(found).ToArray());
            await session.SaveChangesAsync(cancel);
        }
    }
}
