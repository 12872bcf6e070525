using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;

namespace SmartCity.Departments.Boundaries;

// One stream for each regency and level: boundaries-33.28-village. Every import stays in it, so what held at any time can be read again.

/// <summary>The boundaries of one level in one regency are these now. Name on the wire: <c>boundaries.imported.v1</c>.</summary>
/// <param name="Of">Code of the regency that the areas lie in.</param>
/// <param name="Level">Level of the areas.</param>
/// <param name="Areas">All of them, by code.</param>
internal sealed record BoundariesImported(string Of, BoundaryLevel Level, IReadOnlyList<BoundaryArea> Areas);

/// <summary>An area.</summary>
/// <param name="Polygons">Coordinates of a GeoJSON MultiPolygon: polygons, rings, points, [longitude, latitude].</param>
internal sealed record BoundaryArea(string Code, string Name, double[][][][] Polygons);

/// <summary>The boundaries of one level in one regency.</summary>
internal sealed record BoundarySet
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public required string Of { get; init; }

    public required BoundaryLevel Level { get; init; }

    public required IReadOnlyList<BoundaryArea> Areas { get; init; }

    public static string Stream(string of, BoundaryLevel level) => $"boundaries-{of}-{level.ToString().ToLowerInvariant()}";
}

/// <summary>Keeps <see cref="BoundarySet"/> in step with its stream, in the same transaction.</summary>
internal sealed class BoundaryProjection : SingleStreamProjection<BoundarySet, string>
{
    public BoundaryProjection() => IncludeType<BoundariesImported>();

    public override BoundarySet? Evolve(BoundarySet? snapshot, string id, IEvent e) => e.Data is BoundariesImported imported
        ? new BoundarySet { Id = id, Of = imported.Of, Level = imported.Level, Areas = imported.Areas } : snapshot;
}
