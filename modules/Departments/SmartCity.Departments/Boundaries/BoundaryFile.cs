using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmartCity.Departments.Contracts;

namespace SmartCity.Departments.Boundaries;

/// <summary>Reads a file of boundaries and says of everything that is wrong where it is and what to change.</summary>
internal sealed partial class BoundaryFile
{
    public const int MaxBytes = 16 * 1024 * 1024, MaxFeatures = 5_000, MaxPoints = 1_000_000;

    // Of the whole country, with a margin.
    private const double West = 94, East = 142, South = -12, North = 7;
    private const int MostFaults = 20;

    private readonly List<BoundaryFault> _faults = [];
    private readonly Dictionary<(string Of, BoundaryLevel Level), List<BoundaryArea>> _sets = [];
    private readonly HashSet<string> _codes = [];
    private int _points;

    private BoundaryFile()
    {
    }

    public IReadOnlyList<BoundaryFault> Faults => _faults;

    /// <summary>What the file holds, by regency and level; areas by code.</summary>
    public IReadOnlyList<BoundariesImported> Sets => [.. _sets.OrderBy(s => s.Key.Of, StringComparer.Ordinal).ThenBy(s => s.Key.Level)
        .Select(s => new BoundariesImported(s.Key.Of, s.Key.Level, [.. s.Value.OrderBy(a => a.Code, StringComparer.Ordinal)]))];

    public static BoundaryFile Read(ReadOnlyMemory<byte> json)
    {
        var file = new BoundaryFile();
        if (json.Length > MaxBytes)
        {
            file.Fault("file.too_large", $"At most {MaxBytes / 1024 / 1024} MB; simplify the boundaries, or import each level by itself.");
            return file;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            file.Read(document.RootElement);
        }
        catch (JsonException failure)
        {
            file.Fault("file.not_json", $"This is no JSON: line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}. Send a GeoJSON FeatureCollection.");
        }

        return file;
    }

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "type") != "FeatureCollection" || !root.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
        {
            Fault("file.not_geojson", "Send a GeoJSON object with \"type\": \"FeatureCollection\" and a list \"features\".", "type");
            return;
        }

        if (features.GetArrayLength() is var count && count is 0 or > MaxFeatures)
        {
            Fault(count == 0 ? "features.empty" : "features.too_many", $"Between 1 and {MaxFeatures} features; this has {count}. Import each level by itself.", "features");
            return;
        }

        var i = 0;
        foreach (var feature in features.EnumerateArray())
        {
            if (_faults.Count >= MostFaults)
            {
                Fault("faults.too_many", "And perhaps more: only the first faults are named.");
                return;
            }

            Feature(feature, $"features[{i++}]");
        }
    }

    private void Feature(JsonElement feature, string field)
    {
        if (feature.ValueKind != JsonValueKind.Object || Text(feature, "type") != "Feature")
        {
            Fault("feature.type", "Each feature is an object with \"type\": \"Feature\".", field);
            return;
        }

        var properties = feature.TryGetProperty("properties", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var (code, name, level) = (Text(properties, "code")?.Trim(), Text(properties, "name")?.Trim(), Text(properties, "level")?.Trim());
        if (string.IsNullOrEmpty(code))
        {
            Fault("code.missing", "Give the Kemendagri code in properties.code, such as 33.28.10.", $"{field}.properties.code");
            return;
        }

        if (!AreaCode().IsMatch(code))
        {
            Fault("code.invalid", $"'{code}' is no code: a regency is 33.28, a district 33.28.10, a village 33.28.10.1001.", $"{field}.properties.code");
            return;
        }

        if (!_codes.Add(code))
        {
            Fault("code.twice", $"The code {code} stands in the file twice; put the parts of an area into one MultiPolygon.", $"{field}.properties.code");
            return;
        }

        if (string.IsNullOrEmpty(name) || name.Length > 200)
        {
            Fault("name.missing", "Give the name in properties.name, at most 200 characters.", $"{field}.properties.name");
            return;
        }

        var depth = (BoundaryLevel)(code.Count(c => c == '.') - 1);
        if (level is { Length: > 0 } && Level(level) != depth)
        {
            Fault("level.invalid", $"'{level}' does not fit the code {code}: it is a {depth.ToString().ToLowerInvariant()}. Leave the level out, or use regency, district, village.", $"{field}.properties.level");
            return;
        }

        if (Polygons(feature, $"{field}.geometry") is { } polygons)
        {
            var key = (code[..5], depth);
            (_sets.TryGetValue(key, out var known) ? known : _sets[key] = []).Add(new BoundaryArea(code, name, polygons));
        }
    }

    private static BoundaryLevel? Level(string text) => text.ToLowerInvariant() switch
    {
        "regency" or "city" or "kabupaten/kota" or "kabupaten" or "kota" => BoundaryLevel.Regency,
        "district" or "kecamatan" => BoundaryLevel.District,
        "village" or "ward" or "desa/kelurahan" or "desa" or "kelurahan" => BoundaryLevel.Village,
        _ => null,
    };

    private double[][][][]? Polygons(JsonElement feature, string field)
    {
        var geometry = feature.TryGetProperty("geometry", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var type = Text(geometry, "type");
        if (type is not ("Polygon" or "MultiPolygon") || !geometry.TryGetProperty("coordinates", out var coordinates) || coordinates.ValueKind != JsonValueKind.Array)
        {
            Fault("geometry.type", "The geometry of an area is a Polygon or a MultiPolygon with coordinates.", field);
            return null;
        }

        var at = $"{field}.coordinates";
        if (type == "Polygon")
        {
            return Rings(coordinates, at) is { } rings ? [rings] : null;
        }

        var polygons = new List<double[][][]>();
        foreach (var polygon in coordinates.EnumerateArray())
        {
            if (Rings(polygon, $"{at}[{polygons.Count}]") is not { } rings)
            {
                return null;
            }

            polygons.Add(rings);
        }

        if (polygons.Count == 0)
        {
            Fault("geometry.empty", "An area needs at least one polygon.", at);
            return null;
        }

        return [.. polygons];
    }

    private double[][][]? Rings(JsonElement polygon, string field)
    {
        if (polygon.ValueKind != JsonValueKind.Array || polygon.GetArrayLength() == 0)
        {
            Fault("polygon.empty", "A polygon is a list of rings, the outer one first.", field);
            return null;
        }

        var rings = new List<double[][]>();
        foreach (var ring in polygon.EnumerateArray())
        {
            if (Ring(ring, $"{field}[{rings.Count}]") is not { } points)
            {
                return null;
            }

            rings.Add(points);
        }

        return [.. rings];
    }

    private double[][]? Ring(JsonElement ring, string field)
    {
        if (ring.ValueKind != JsonValueKind.Array || ring.GetArrayLength() < 4)
        {
            Fault("ring.short", "A ring has at least four points, the last one equal to the first.", field);
            return null;
        }

        if ((_points += ring.GetArrayLength()) > MaxPoints)
        {
            Fault("file.too_detailed", $"At most {MaxPoints} points in all; simplify the boundaries (a metre or two is enough), or import each level by itself.", field);
            return null;
        }

        var points = new double[ring.GetArrayLength()][];
        var i = 0;
        foreach (var point in ring.EnumerateArray())
        {
            if (point.ValueKind != JsonValueKind.Array || point.GetArrayLength() is < 2 or > 4 || point.EnumerateArray().Any(n => n.ValueKind != JsonValueKind.Number))
            {
                Fault("point.invalid", "A point is two numbers: [longitude, latitude].", $"{field}[{i}]");
                return null;
            }

            var (x, y) = (point[0].GetDouble(), point[1].GetDouble());
            if (x is not (>= West and <= East) || y is not (>= South and <= North))
            {
                var isSwapped = y is >= West and <= East && x is >= South and <= North;
                Fault(isSwapped ? "point.swapped" : "point.outside",
                    isSwapped ? $"[{Number(x)}, {Number(y)}] has latitude first; GeoJSON puts longitude first: [{Number(y)}, {Number(x)}]."
                        : $"[{Number(x)}, {Number(y)}] lies outside Indonesia; give degrees WGS 84 as [longitude, latitude], such as [109.13, -6.98] (no metres of a map projection).",
                    $"{field}[{i}]");
                return null;
            }

            points[i++] = [x, y];
        }

        if (points[0][0] != points[^1][0] || points[0][1] != points[^1][1])
        {
            Fault("ring.open", "The ring is not closed: repeat its first point as the last.", field);
            return null;
        }

        return points;
    }

    private void Fault(string code, string detail, string? field = null) => _faults.Add(new BoundaryFault(code, detail, field));

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[1-9]\d\.\d\d(\.\d\d(\.\d{4})?)?$", RegexOptions.ECMAScript)]
    private static partial Regex AreaCode();
}
