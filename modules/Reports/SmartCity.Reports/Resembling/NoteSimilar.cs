using Marten;
using MediatR;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Resembling;

/// <summary>That one report may be about the same as another; kept from both sides.</summary>
[NotInEvents("Which open reports were alike when one came: it depends on what was open at that moment, and serves staff as a hint only.")]
internal sealed record SimilarPair
{
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required string Other { get; init; }

    public required double Score { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    public double? Metres { get; init; }

    public static SimilarPair Of(string ticket, string other, Likeness likeness) => new()
    {
        Id = $"{ticket}/{other}",
        Ticket = ticket,
        Other = other,
        Score = Math.Round(likeness.Score, 3),
        Reasons = likeness.Reasons,
        Metres = likeness.Metres is { } metres ? Math.Round(metres) : null,
    };
}

/// <summary>
/// When a report or a picture of it has arrived, notes the report's own clues and which earlier ones it resembles, for staff. A repeated
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
        await Note(session, filed.Ticket, new Matter(
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
            await Note(session, report.Id, SimilarReports.MatterOf(report, await personal.Reader(session, [report.Filed.Description], cancel)), cancel);
        }
    }

    private IDocumentSession Open(EventEnvelope envelope)
    {
        call.Actor = Actor.System("likeness");
        return sessions.Open(envelope.Regency.Value);
    }

    private async Task Note(IDocumentSession session, string ticket, Matter matter, CancellationToken cancel)
    {
        var found = await similar.Find(session, matter, ticket, cancel);
        session.Store(Clue.Of(ticket, matter).ToArray());
        session.Store(found.Take(Most).SelectMany(other => new[] { SimilarPair.Of(ticket, other.Report.Id, other.Likeness), SimilarPair.Of(other.Report.Id, ticket, other.Likeness) }).ToArray());
        await session.SaveChangesAsync(cancel);
    }
}
