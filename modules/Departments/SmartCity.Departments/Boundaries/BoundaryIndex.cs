using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using SmartCity.Departments.Contracts;

namespace SmartCity.Departments.Boundaries;

/// <summary>
/// Finds in memory in which areas a point lies: a tree of the areas' envelopes, then each candidate's own index of edges. The smallest area
/// decides; where two of a level touch or overlap, the first by code, so that the answer is always the same.
/// </summary>
internal sealed class BoundaryIndex
{
    private static readonly GeometryFactory Shapes = new(new PrecisionModel(), 4326);
    private readonly STRtree<Area> _tree = new();
    private readonly Dictionary<string, string> _names = [];
    private readonly Lazy<IReadOnlyDictionary<string, NamedArea>> _middles;

    private sealed record Area(string Code, BoundaryLevel Level, IndexedPointInAreaLocator Inside);

    public BoundaryIndex(IReadOnlyList<BoundarySet> sets, string version = "")
    {
        (Sets, Version) = (sets, version);
        _middles = new(() => Sets.SelectMany(set => set.Areas).DistinctBy(area => area.Code).ToDictionary(area => area.Code, Middle));
        foreach (var (set, area) in sets.SelectMany(set => set.Areas.Select(area => (set, area))))
        {
            var shape = Shape(area);
            var inside = new IndexedPointInAreaLocator(shape);
            // Built now, so that nothing is built by two callers at once.
            _ = inside.Locate(shape.Coordinate);
            _names[area.Code] = area.Name;
            _tree.Insert(shape.EnvelopeInternal, new Area(area.Code, set.Level, inside));
        }

        _tree.Build();
    }

    public IReadOnlyList<BoundarySet> Sets { get; }

    /// <summary>Changes with every import.</summary>
    public string Version { get; }

    public bool IsEmpty => _names.Count == 0;

    /// <summary>Areas by code, each with a point inside of it; found when first asked for.</summary>
    public IReadOnlyDictionary<string, NamedArea> Middles => _middles.Value;

    private static NamedArea Middle(BoundaryArea area)
    {
        var point = Shape(area).InteriorPoint.Coordinate;
        return new NamedArea(area.Code, area.Name, point.Y, point.X);
    }

    public FoundPlace Find(double latitude, double longitude)
    {
        if (!double.IsFinite(latitude) || !double.IsFinite(longitude) || IsEmpty)
        {
            return new FoundPlace(null);
        }

        var point = new Coordinate(longitude, latitude);
        var smallest = _tree.Query(new Envelope(point)).Where(area => area.Inside.Locate(point) != Location.Exterior)
            .OrderByDescending(area => area.Level).ThenBy(area => area.Code, StringComparer.Ordinal).FirstOrDefault();
        return smallest is null ? new FoundPlace(null)
            : new FoundPlace(Named(smallest.Code[..5]), smallest.Level >= BoundaryLevel.District ? Named(smallest.Code[..8]) : null, smallest.Level == BoundaryLevel.Village ? Named(smallest.Code) : null);
    }

    internal static MultiPolygon Shape(BoundaryArea area) => Shapes.CreateMultiPolygon(
        [.. area.Polygons.Select(rings => Shapes.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]))]);

    private static LinearRing Ring(double[][] points) => Shapes.CreateLinearRing([.. points.Select(p => new Coordinate(p[0], p[1]))]);

    private PlaceArea Named(string code) => new(code, _names.GetValueOrDefault(code, code));
}
