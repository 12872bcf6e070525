namespace SmartCity.Reports.Contracts;

/// <summary>Whose business a report is (<i>kewenangan</i>).</summary>
/// <param name="Level">See <see cref="JurisdictionLevels"/>.</param>
/// <param name="Body">Name of the body, as people read it.</param>
/// <param name="BodyCode">Its code: of a registered outside partner, or of a regency.</param>
/// <param name="Ground">Why; see <see cref="JurisdictionGrounds"/>.</param>
/// <param name="RestsOn">What the ground is: code of the area that holds the point, the road's class, the category's code.</param>
/// <param name="Regency">Code of the regency where it lies or whose it is, if known.</param>
/// <param name="District">Code of the district where it lies, if known.</param>
/// <param name="DistrictName">Its name.</param>
/// <param name="Village">Code of the village where it lies, if known.</param>
/// <param name="VillageName">Its name.</param>
public sealed record Jurisdiction(
    string Level, string Body, string? BodyCode, string Ground, string? RestsOn = null,
    string? Regency = null, string? District = null, string? DistrictName = null, string? Village = null, string? VillageName = null)
{
    /// <summary>Whether it is not the business of a regency. A village's is: the regency stays responsible for it.</summary>
    public bool IsOutside(string regency) => Level switch
    {
        JurisdictionLevels.Village or JurisdictionLevels.Regency => Regency is not null && Regency != regency,
        _ => true,
    };
}

/// <summary>Levels of jurisdiction.</summary>
public static class JurisdictionLevels
{
    /// <summary>Desa or kelurahan; the regency stays responsible.</summary>
    public const string Village = "village";

    /// <summary>Kabupaten or kota: this one, or a neighbour.</summary>
    public const string Regency = "regency";

    /// <summary>Provinsi.</summary>
    public const string Province = "province";

    /// <summary>Pemerintah pusat.</summary>
    public const string National = "national";

    /// <summary>BUMN such as PLN or KAI.</summary>
    public const string StateCompany = "stateCompany";

    /// <summary>Nobody's public duty: an owner, a company.</summary>
    public const string Private = "private";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Village, Regency, Province, National, StateCompany, Private];
}

/// <summary>Why a report is somebody's business.</summary>
public static class JurisdictionGrounds
{
    /// <summary>It lies within imported boundaries.</summary>
    public const string Boundary = "boundary";

    /// <summary>The road's class, which decides wherever the road lies (UU 38/2004).</summary>
    public const string RoadClass = "roadClass";

    /// <summary>What such things usually are, by its category.</summary>
    public const string Category = "category";

    /// <summary>A person decided.</summary>
    public const string Person = "person";

    /// <summary>Nothing is known: the regency sees to it that it gets where it belongs.</summary>
    public const string None = "none";
}

/// <summary>It was decided whose business the report is.</summary>
/// <param name="Jurisdiction">The decision and what it rests on: boundaries that change later do not change it.</param>
/// <param name="Reason">Why, when a person decided; for staff, sealed.</param>
public sealed record ReportJurisdictionDecided(Jurisdiction Jurisdiction, string? Reason);

/// <summary>A dispatcher decides whose business a report is.</summary>
/// <param name="Level">See <see cref="JurisdictionLevels"/>.</param>
/// <param name="Body">Code of a registered outside partner, code of another regency, or a name; null: as is usual at that level.</param>
/// <param name="Reason">Why.</param>
public sealed record DecideJurisdiction(string Regency, string Ticket, string? Level, string? Body, string? Reason, long? ExpectedVersion = null) : IReportCommand;

/// <summary>A dispatcher has asked the body outside how a forwarded report stands, or heard from it.</summary>
/// <param name="Said">What the body said; null: it has been asked again and has not answered.</param>
/// <param name="TellReporter">The reporter is to read what it said.</param>
public sealed record FollowUpForward(string Regency, string Ticket, string? Said, bool TellReporter, long? ExpectedVersion = null) : IReportCommand;

/// <summary>The body outside was asked how the forwarded report stands, or was heard.</summary>
/// <param name="Body">Name of the body.</param>
/// <param name="Said">What it said, sealed; null: nothing yet.</param>
/// <param name="IsTold">The reporter reads it too.</param>
/// <param name="AskAgainAt">When it is to be asked again, unless the matter is done by then.</param>
public sealed record ForwardFollowedUp(string Body, string? Said, bool IsTold, DateTimeOffset? AskAgainAt);
