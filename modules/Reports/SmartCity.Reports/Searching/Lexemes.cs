using System.Globalization;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Searching;

/// <summary>
/// What a report can be filtered by, as lexemes beside its words, so that words and filters are one question to one index. No word of a text
/// begins with '#'.
/// </summary>
internal static class Lexemes
{
    public const string Public = "#public", Oversight = "#oversight", Photo = "#photo";

    private const long BucketSize = 16384;
    private const int MostCells = 16;

    // Sides of the cells of the map, in degrees, the largest first: 10 degrees to 440 metres.
    private static readonly double[] Sides = [10, 1, 0.1, 0.02, 0.004];

    public static string[] Of(string tenant, Report report) =>
    [
        Tenant(tenant), string.Create(CultureInfo.InvariantCulture, $"#b:{tenant}:{report.Number / BucketSize}"), State(report.State), Class(report.Class),
        .. Optional("#c:", report.Category), .. Optional("#o:", report.Department), .. Optional("#d:", report.District),
        .. report.PublicPhotosOfReporterCount > 0 ? [Photo] : Array.Empty<string>(),
        .. report.IsPublic ? [Public] : Array.Empty<string>(),
        .. report.Filed.IsOversight ? [Oversight] : Array.Empty<string>(),
        .. report.Filed.Place is { Latitude: { } latitude, Longitude: { } longitude }
            ? Sides.Select((side, level) => Cell(level, (long)Math.Floor(longitude / side), (long)Math.Floor(latitude / side))) : [],
    ];

    /// <summary>The filters as a tsquery, if there are any; words, and what the viewer may see, come besides.</summary>
    public static string? Query(ReportFilter filter)
    {
        var parts = new List<string>();
        void Any(IEnumerable<string>? lexemes)
        {
            if (lexemes is not null)
            {
                parts.Add($"({string.Join(" | ", lexemes.Select(Quote))})");
            }
        }

        Any(filter.Categories?.Select(code => $"#c:{code}"));
        Any(filter.States?.Select(State));
        Any(filter.Department is { } department ? [$"#o:{department}"] : null);
        Any(filter.District is { } district ? [$"#d:{district}"] : null);
        Any(filter.Class is { } @class ? [Class(@class)] : null);
        if (filter.HasPhoto is { } hasPhoto)
        {
            parts.Add((hasPhoto ? "" : "!") + Quote(Photo));
        }

        return parts.Count > 0 ? string.Join(" & ", parts) : null;
    }

    /// <summary>
    /// Which reports a search may find at all, as a tsquery. Not asked where a word has to be there: only public reports have words, and the
    /// regency is a column besides. The index would read from end to end what nearly every report has.
    /// </summary>
    public static string Within(string tenant, Viewer viewer) => Visible(viewer) is { } visible ? $"{Quote(Tenant(tenant))} & {visible}" : Quote(Tenant(tenant));

    /// <summary>The cells that cover a box, of the smallest size of which few do, as a tsquery; every place in the box lies in one of them.</summary>
    public static string Cells(Box box)
    {
        for (var level = Sides.Length - 1; ; level--)
        {
            var side = Sides[level];
            var (west, south, east, north) = ((long)Math.Floor(box.West / side), (long)Math.Floor(box.South / side), (long)Math.Floor(box.East / side), (long)Math.Floor(box.North / side));
            if (level == 0 || (east - west + 1) * (north - south + 1) <= MostCells)
            {
                return string.Join(" | ", from x in Range(west, east) from y in Range(south, north) select Quote(Cell(level, x, y)));
            }
        }
    }

    /// <summary>As it is written within a tsquery.</summary>
    public static string Quote(string lexeme) => $"'{lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    // The same rule as Visibility.VisibleTo; what was found is checked again when it is opened.
    private static string? Visible(Viewer viewer) => (viewer.Actor.Is(viewer.Regency, viewer.Actor.Role) ? viewer.Actor : Actor.Citizen) switch
    {
        { Role: Role.Regent or Role.Auditor } => null,
        { Role: Role.Dispatcher } => $"!{Quote(Oversight)}",
        { Role: Role.Officer, Department: { } own } => viewer.IsInspectorate
            ? $"({Quote(Public)} | {Quote(Oversight)} | {Quote($"#o:{own}")})"
            : $"({Quote(Public)} | ({Quote($"#o:{own}")} & !{Quote(Oversight)}))",
        _ => Quote(Public),
    };

    public static string Tenant(string tenant) => $"#t:{tenant}";

    private static string State(ReportState state) => $"#s:{state}";

    private static string Class(string name) => $"#k:{name}";

    private static string[] Optional(string kind, string? code) => code is null ? [] : [kind + code];

    private static string Cell(int level, long x, long y) => string.Create(CultureInfo.InvariantCulture, $"#g{level}:{x}:{y}");

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var at = from; at <= to; at++)
        {
            yield return at;
        }
    }
}
