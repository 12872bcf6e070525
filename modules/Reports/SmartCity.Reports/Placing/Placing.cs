using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Placing;

/// <summary>What is known for a decision on whose business a report is.</summary>
/// <param name="Regency">Code of the regency that has the report.</param>
/// <param name="RegencyName">Its name: <c>Kabupaten Tegal</c>.</param>
/// <param name="Category">The report's category.</param>
/// <param name="Place">Where it lies by imported boundaries; null: there are none, or it has no coordinates.</param>
/// <param name="RoadClass">Level of the road it is about, if that was said.</param>
/// <param name="IsOversight">On the conduct of officials.</param>
/// <param name="Departments">To name bodies by their codes.</param>
internal sealed record PlacingFacts(
    string Regency, string RegencyName, Category? Category, FoundPlace? Place, string? RoadClass, bool IsOversight, IReadOnlyList<Department> Departments);

/// <summary>Whose business a report is: no I/O, so that every case is a line in a test.</summary>
internal static class Placing
{
    /// <summary>What stands for the ground when boundaries are known and none of them holds the point.</summary>
    public const string Outside = "outside";

    // A road's class in answers to questions, as the category's own question or a sender calls it.
    private static readonly string[] RoadClassCodes = ["kelas-jalan", "kelas_jalan", "status-jalan", "status_jalan", "road-class", "road_class", "roadclass"];

    /// <summary>
    /// The conduct of its officials is always the regency's own business. Else the road's class, which decides wherever the road lies; else what
    /// such things usually are, where that is none of a regency's; else the regency that the point lies in; else what is usual.
    /// </summary>
    public static Jurisdiction Decide(PlacingFacts facts)
    {
        var (place, usual) = (facts.Place, facts.Category?.Jurisdiction);
        var isNeighbour = place?.Regency is { } regency && regency.Code != facts.Regency;
        var (level, ground, restsOn) = facts switch
        {
            { IsOversight: true } => (JurisdictionLevels.Regency, JurisdictionGrounds.Category, facts.Category?.Code),
            { RoadClass: JurisdictionLevels.National or JurisdictionLevels.Province } => (facts.RoadClass, JurisdictionGrounds.RoadClass, facts.RoadClass),
            _ when usual is not null && IsAbove(usual.Level) => (usual.Level.Name(), JurisdictionGrounds.Category, facts.Category?.Code),
            _ when isNeighbour => (JurisdictionLevels.Regency, JurisdictionGrounds.Boundary, place!.Code),
            { RoadClass: { } road } => (road, JurisdictionGrounds.RoadClass, road),
            _ when usual is { Level: JurisdictionLevel.Village } => (JurisdictionLevels.Village, JurisdictionGrounds.Category, facts.Category?.Code),
            _ when place?.Regency is not null => (JurisdictionLevels.Regency, JurisdictionGrounds.Boundary, place.Code),
            _ when usual is not null => (JurisdictionLevels.Regency, JurisdictionGrounds.Category, facts.Category?.Code),
            _ => (JurisdictionLevels.Regency, JurisdictionGrounds.None, place is null ? null : Outside),
        };
        // The conduct of officials stays here wherever they were seen.
        var whose = level == JurisdictionLevels.Regency && isNeighbour && !facts.IsOversight ? place!.Regency! : new PlaceArea(facts.Regency, facts.RegencyName);
        var (body, code) = BodyAt(level, facts, whose);
        return new Jurisdiction(level, body, code, ground, restsOn, facts.IsOversight ? facts.Regency : place?.Regency?.Code, place?.District?.Code, place?.District?.Name, place?.Village?.Code, place?.Village?.Name);
    }

    /// <summary>A person's decision on the same facts: the level and the body as they say, the place as it is known.</summary>
    /// <param name="body">Code of an outside partner, a regency's code, a name, or null.</param>
    /// <param name="regencies">Names of regencies by code, to know one by its code.</param>
    public static Jurisdiction ByPerson(PlacingFacts facts, string level, string? body, IReadOnlyDictionary<string, string> regencies)
    {
        var place = facts.Place;
        var other = level == JurisdictionLevels.Regency && body is not null && regencies.TryGetValue(body, out var name) ? new PlaceArea(body, name) : null;
        var isNamed = body is not null && other is null;
        var (known, code) = isNamed ? Named(body!, facts.Departments) : BodyAt(level, facts, other ?? new PlaceArea(facts.Regency, facts.RegencyName));
        var whose = level switch
        {
            JurisdictionLevels.Village => facts.Regency,
            // A regency in words that is not known by a code is another one; where the point lies does not matter then.
            JurisdictionLevels.Regency => isNamed ? code ?? "?" : other?.Code ?? facts.Regency,
            _ => place?.Regency?.Code,
        };
        return new Jurisdiction(level, known, code, JurisdictionGrounds.Person, null, whose, place?.District?.Code, place?.District?.Name, place?.Village?.Code, place?.Village?.Name);
    }

    /// <summary>Whether a dispatcher must look before a department gets it: it lies elsewhere, or the road is somebody else's.</summary>
    public static bool NeedsDispatcher(Jurisdiction jurisdiction, string regency) =>
        jurisdiction.Ground is JurisdictionGrounds.Boundary or JurisdictionGrounds.RoadClass && jurisdiction.IsOutside(regency);

    /// <summary>The level of a road in the answers that came with a report.</summary>
    public static string? RoadClassIn(IReadOnlyDictionary<string, IReadOnlyList<string>>? answers) => answers?
        .Where(answer => RoadClassCodes.Contains(answer.Key.ToLowerInvariant())).SelectMany(answer => answer.Value).Select(ReadRoadClass).FirstOrDefault(level => level is not null);

    /// <summary>The name of a level on the wire: camel case.</summary>
    public static string Name(this JurisdictionLevel level) => level.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";

    private static string? ReadRoadClass(string text) => text.Trim().ToLowerInvariant().Replace("jalan ", "", StringComparison.Ordinal) switch
    {
        "nasional" or "national" or "negara" => JurisdictionLevels.National,
        "provinsi" or "propinsi" or "province" or "provincial" => JurisdictionLevels.Province,
        "kabupaten" or "kota" or "kabupaten/kota" or "regency" or "city" => JurisdictionLevels.Regency,
        "desa" or "kelurahan" or "lingkungan" or "village" => JurisdictionLevels.Village,
        _ => null,
    };

    private static bool IsAbove(JurisdictionLevel level) => level is not (JurisdictionLevel.Village or JurisdictionLevel.Regency);

    private static (string Body, string? Code) BodyAt(string level, PlacingFacts facts, PlaceArea regency) =>
        level == JurisdictionLevels.Regency ? ($"Pemerintah {regency.Name}", regency.Code)
        : facts.Category?.Jurisdiction?.Bodies?.GetValueOrDefault(level) is { } body ? Named(body, facts.Departments)
        : (level switch
        {
            // Kemendagri codes of wards begin with 1, those of villages with 2.
            JurisdictionLevels.Village => facts.Place?.Village is { } village ? $"{(village.Code.Split('.')[^1][0] == '1' ? "Kelurahan" : "Pemerintah Desa")} {village.Name}" : "Pemerintah desa atau kelurahan",
            JurisdictionLevels.Province => "Pemerintah provinsi",
            JurisdictionLevels.National => "Pemerintah pusat",
            JurisdictionLevels.StateCompany => "BUMN",
            _ => "Pemilik atau pihak swasta",
        }, null);

    private static (string Body, string? Code) Named(string body, IReadOnlyList<Department> departments) =>
        departments.FirstOrDefault(d => d.Code == body) is { } known ? (known.Name, known.Code) : (body, null);
}
