using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>
/// Takes over boundaries of a regency and its neighbours. What the file says of the areas of one level in one regency replaces what was
/// known of them; the rest stays. The same again changes nothing.
/// </summary>
/// <param name="Regency">Whose boundaries: neighbours' areas are kept for this regency too.</param>
/// <param name="GeoJson">A FeatureCollection of polygons with the properties code, name and, if it likes, level.</param>
public sealed record ImportBoundaries(string Regency, ReadOnlyMemory<byte> GeoJson) : IRequest<BoundariesImport>;

/// <summary>What came of an import: faults, or what there is now.</summary>
/// <param name="Faults">What is wrong; then nothing was taken over.</param>
/// <param name="Sets">What the file held.</param>
public sealed record BoundariesImport(IReadOnlyList<BoundaryFault> Faults, IReadOnlyList<BoundarySetSummary> Sets);

/// <summary>One thing that is wrong with a file of boundaries.</summary>
/// <param name="Code">Stable, for programs: <c>ring.open</c>.</param>
/// <param name="Detail">What to change.</param>
/// <param name="Field">Where: <c>features[3].geometry.coordinates[0][0]</c>.</param>
public sealed record BoundaryFault(string Code, string Detail, string? Field);

/// <summary>The areas of one level in one regency.</summary>
/// <param name="Of">Code of the regency that they lie in.</param>
/// <param name="Level">Their level.</param>
/// <param name="Areas">How many.</param>
/// <param name="IsChanged">Something is different than before.</param>
public sealed record BoundarySetSummary(string Of, BoundaryLevel Level, int Areas, bool IsChanged);

/// <summary>Levels of administration that have boundaries.</summary>
public enum BoundaryLevel
{
    /// <summary>Kabupaten or kota.</summary>
    Regency,

    /// <summary>Kecamatan.</summary>
    District,

    /// <summary>Desa or kelurahan.</summary>
    Village,
}

/// <summary>In which areas a point lies, by the boundaries that a regency has imported; null when it has none.</summary>
public sealed record FindPlace(string Regency, double Latitude, double Longitude) : IRequest<FoundPlace?>;

/// <summary>Where a point lies. The smallest area that holds it decides the larger ones: a point in a village is in its district and regency.</summary>
/// <param name="Regency">The regency, also a neighbour; null: in none that is known.</param>
/// <param name="District">The district.</param>
/// <param name="Village">The village or ward.</param>
public sealed record FoundPlace(PlaceArea? Regency, PlaceArea? District = null, PlaceArea? Village = null)
{
    /// <summary>Code of the smallest area.</summary>
    public string? Code => (Village ?? District ?? Regency)?.Code;
}

/// <summary>An area by code and name.</summary>
/// <param name="Code">Kemendagri code.</param>
/// <param name="Name">Its name; the code, when only a part of it is known.</param>
public sealed record PlaceArea(string Code, string Name);

/// <summary>Districts of a regency with their villages, as far as its boundaries have them, by name: to say where something is without a map.</summary>
public sealed record GetAreas(string Regency) : IRequest<IReadOnlyList<NamedDistrict>>;

/// <summary>An area with a point inside of it.</summary>
/// <param name="Code">Kemendagri code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
public record NamedArea(string Code, string Name, double Latitude, double Longitude);

/// <summary>A district.</summary>
/// <param name="Code">Kemendagri code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="Villages">By name; empty where no boundaries of villages are imported.</param>
public sealed record NamedDistrict(string Code, string Name, double Latitude, double Longitude, IReadOnlyList<NamedArea> Villages) : NamedArea(Code, Name, Latitude, Longitude);
