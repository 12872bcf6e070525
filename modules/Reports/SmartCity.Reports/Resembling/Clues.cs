using System.Globalization;
using JasperFx.Events;
using Marten;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Resembling;

/// <summary>
/// Something by which reports that may be about the same are found: the square of the map where one lies, or a quarter of how its photo
/// looks. Says nothing of what was written.
/// </summary>
internal sealed record Clue : IFollowStream<Clue>
{
    public static IReadOnlyList<Type> Follows { get; } = [typeof(ReportFiled), typeof(ReportPhotoFetched)];

    // A side of a square is a little more than what counts as near, so that all that is near lies in a square and its eight neighbours.
    private const double SquareSide = 0.0028;
    private const int QuarterLength = 4;

    public required string Id { get; init; }

    public required string Key { get; init; }

    public required string Ticket { get; init; }

    /// <summary>Sorts by age; see <see cref="SmartCity.Reports.Ticket.Order"/>.</summary>
    public required long Number { get; init; }

    /// <summary>The one that it was filed in.</summary>
    public string? Category { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public string? Look { get; init; }

    public required DateTimeOffset FiledAt { get; init; }

    public static string StreamOf(string id) => id[(id.LastIndexOf('/') + 1)..];

    public static IEnumerable<Clue> Of(string stream, IReadOnlyList<IEvent> events) => events.Count > 0 ? Of(stream, [.. events.Select(e => e.Data)], events[0].Timestamp) : [];

    /// <summary>The clues that a report gives by where it lies and how the pictures look that its reporter sent with it.</summary>
    /// <param name="events">From the first on.</param>
    public static IEnumerable<Clue> Of(string ticket, IReadOnlyList<object> events, DateTimeOffset filedAt) => events is [ReportFiled filed, ..]
        ? Of(ticket, new Matter(
            filed.Category, filed.Place.Latitude, filed.Place.Longitude, filedAt, null,
            [.. filed.Photos.Concat(events.OfType<ReportPhotoFetched>().Select(fetched => fetched.Photo)).Select(photo => photo.Look).OfType<string>()])) : [];

    public static IReadOnlyList<Clue> Of(string ticket, Matter matter)
    {
        Clue Named(string key) => new()
        {
            Id = $"{key}/{ticket}",
            Key = key,
            Ticket = ticket,
            Number = SmartCity.Reports.Ticket.Order(ticket),
            Category = matter.Category,
            Latitude = matter.Latitude,
            Longitude = matter.Longitude,
            FiledAt = matter.At,
        };

        var places = Square(matter) is var (north, east) ? new[] { Named(PlaceKey(north, east)) } : [];
        var looks = matter.Looks.SelectMany(look => Quarters(look).Select(key => Named(key) with { Look = look }));
        return [.. places.Concat(looks).DistinctBy(clue => clue.Id)];
    }

    /// <summary>Keys under which clues of similar reports are: the square and its neighbours, and the quarters of each look.</summary>
    public static string[] KeysNear(Matter matter) =>
    [
        .. Square(matter) is var (north, east) ? from up in new[] { -1, 0, 1 } from right in new[] { -1, 0, 1 } select PlaceKey(north + up, east + right) : [],
        .. matter.Looks.SelectMany(Quarters).Distinct(),
    ];

    private static (long North, long East)? Square(Matter matter) => matter is { Latitude: { } latitude, Longitude: { } longitude }
        ? ((long)Math.Floor(latitude / SquareSide), (long)Math.Floor(longitude / SquareSide)) : null;

    private static string PlaceKey(long north, long east) => string.Create(CultureInfo.InvariantCulture, $"place {north} {east}");

    // Two looks that differ in three places or fewer have one of four quarters in common.
    private static IEnumerable<string> Quarters(string look) => Enumerable.Range(0, look.Length / QuarterLength).Select(n => $"look {n} {look.Substring(n * QuarterLength, QuarterLength)}");
}

/// <summary>Finds reports that may be about the same, however many there are: by clues first, and only the most promising are opened and read.</summary>
internal sealed class SimilarReports(PersonalData personal)
{
    private const int NewestOfAKey = 12, MostOpened = 12;

    // Of each key the newest few, straight from the index: a crowded square costs no more than an empty one.
    internal const string Newest = """
        select d.data from unnest(?::text[]) as wanted
        cross join lateral (
            select c.data from reports.mt_doc_clue c
            where c.tenant_id = ? and c.data ->> 'Key' = wanted
            order by CAST(c.data ->> 'Number' as bigint) desc limit ?) d
        """;

    /// <summary>The reports with how alike they are, most alike first; only those that are worth a suggestion.</summary>
    public async Task<IReadOnlyList<(Report Report, Likeness Likeness)>> Find(IQuerySession session, Matter matter, string? except, CancellationToken cancel)
    {
        var keys = Clue.KeysNear(matter);
        if (keys.Length == 0)
        {
            return [];
        }

        var clues = await session.QueryAsync<Clue>(Newest, cancel, keys, session.TenantId, NewestOfAKey);
        var promising = clues.Where(clue => clue.Ticket != except && (matter.At - clue.FiledAt).Duration() <= Likeness.Memory)
            .GroupBy(clue => clue.Ticket).Select(found => (Ticket: found.Key, Most: found.Max(clue => AtMost(matter, clue))))
            .Where(found => found.Most >= Likeness.Suggested).OrderByDescending(found => found.Most).Take(MostOpened).Select(found => found.Ticket).ToArray();
        if (promising.Length == 0)
        {
            return [];
        }

        var reports = await session.LoadManyAsync<Report>(cancel, promising);
        var reader = await personal.Reader(session, reports.Select(report => report.Filed.Description), cancel);
        return [.. reports.Select(report => (Report: report, Likeness: Likeness.Of(matter, MatterOf(report, reader))))
            .Where(found => found.Likeness.Score >= Likeness.Suggested).OrderByDescending(found => found.Likeness.Score)];
    }

    public static Matter MatterOf(Report report, PersonalReader reader) => new(
        report.Category, report.Filed.Place.Latitude, report.Filed.Place.Longitude, report.FiledAt,
        reader.Open(report.Filed.Description) is { } text and not PersonalReader.Erased ? text : null, [.. report.LooksOfReporter]);

    // As if the words were the same.
    private static double AtMost(Matter matter, Clue clue) => new Likeness(
        Near.Metres(matter.Latitude, matter.Longitude, clue.Latitude, clue.Longitude), 1, matter.Category is null || clue.Category is null ? null : matter.Category == clue.Category,
        clue.Look is null ? null : matter.Looks.Select(look => PhotoLook.Distance(look, clue.Look)).Min(), (matter.At - clue.FiledAt).Duration()).Score;
}
