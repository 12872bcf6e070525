using MediatR;

namespace SmartCity.Departments.Contracts;

/// <summary>What a report can be about: a service in the words of Open311.</summary>
/// <param name="Code">Unique in the regency: <c>jalan-rusak</c>; no '.', ',' or '/'.</param>
/// <param name="Name">Indonesian.</param>
/// <param name="EnglishName">English.</param>
/// <param name="Description">What belongs here, Indonesian.</param>
/// <param name="Group">Indonesian name of the group it is listed under.</param>
/// <param name="Keywords">Words, also short and dialect ones, by which a text is recognised.</param>
/// <param name="Department">Code of the responsible department, or null when a dispatcher decides.</param>
/// <param name="Class">Which deadlines hold.</param>
/// <param name="Delivery">When the sender learns the report's number.</param>
/// <param name="Attributes">What else is asked.</param>
public sealed record Category(
    string Code, string Name, string EnglishName, string Description, string Group, IReadOnlyList<string> Keywords, string? Department,
    ReportClass Class, ServiceDelivery Delivery, IReadOnlyList<ServiceAttribute> Attributes)
{
    /// <summary>Conduct of officials: seen by the Inspectorate and the regent only, and never public.</summary>
    public bool IsOversight => Class == ReportClass.Oversight;

    /// <summary>Whose business such things usually are; null: the regency's where they lie.</summary>
    public CategoryJurisdiction? Jurisdiction { get; init; }
}

/// <summary>Whose business things of a category usually are.</summary>
/// <param name="Level">The level.</param>
/// <param name="Bodies">Who it is at a level (<c>national</c>, <c>province</c>, <c>stateCompany</c>, …): code of an outside partner, or a name.</param>
public sealed record CategoryJurisdiction(JurisdictionLevel Level, IReadOnlyDictionary<string, string>? Bodies = null);

/// <summary>Levels of jurisdiction.</summary>
public enum JurisdictionLevel
{
    /// <summary>Desa or kelurahan; the regency stays responsible.</summary>
    Village,

    /// <summary>Kabupaten or kota.</summary>
    Regency,

    /// <summary>Provinsi.</summary>
    Province,

    /// <summary>Pemerintah pusat.</summary>
    National,

    /// <summary>BUMN such as PLN or KAI.</summary>
    StateCompany,

    /// <summary>Nobody's public duty.</summary>
    Private,
}

/// <summary>Classes of SP4N-LAPOR!; they decide the deadlines (Peraturan Menteri PANRB 62/2018).</summary>
public enum ReportClass
{
    /// <summary>Pengaduan tidak berkadar pengawasan: settled within 14 working days.</summary>
    Complaint,

    /// <summary>Pengaduan berkadar pengawasan: settled within 60 working days.</summary>
    Oversight,

    /// <summary>Aspirasi.</summary>
    Aspiration,

    /// <summary>Permintaan informasi: answered within 5 working days.</summary>
    Information,

    /// <summary>Usulan for the planning meeting (Musrenbang).</summary>
    Proposal,
}

/// <summary>Type of an Open311 service (GeoReport v2, GET service list).</summary>
public enum ServiceDelivery
{
    /// <summary>The number is given at once.</summary>
    Realtime,

    /// <summary>A token is given at once, the number later.</summary>
    Batch,

    /// <summary>Neither is given.</summary>
    Blackbox,
}

/// <summary>A question asked with a report of a category (GeoReport v2, GET service definition).</summary>
/// <param name="Code">Unique in the category.</param>
/// <param name="Datatype">What an answer looks like.</param>
/// <param name="IsVariable">False: only a text to be shown.</param>
/// <param name="IsRequired">Must be answered.</param>
/// <param name="Description">The question, Indonesian.</param>
/// <param name="Hint">How to answer, Indonesian.</param>
/// <param name="Values">Possible answers of the two list types.</param>
public sealed record ServiceAttribute(
    string Code, AttributeDatatype Datatype, bool IsVariable, bool IsRequired, string Description, string? Hint, IReadOnlyList<AttributeValue> Values);

/// <summary>Datatypes of GeoReport v2.</summary>
public enum AttributeDatatype
{
    /// <summary>One line.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Date and time, ISO 8601.</summary>
    Datetime,

    /// <summary>Several lines.</summary>
    Text,

    /// <summary>One of the values.</summary>
    SingleValueList,

    /// <summary>Any of the values.</summary>
    MultiValueList,
}

/// <summary>A possible answer.</summary>
public sealed record AttributeValue(string Key, string Name);

/// <summary>All categories of a regency, by code.</summary>
public sealed record GetCategories(string Regency) : IRequest<IReadOnlyList<Category>>;

/// <summary>When a regency's categories last changed; null when there are none, or they changed before that was written down.</summary>
public sealed record GetCategoriesChange(string Regency) : IRequest<LastChange>;

/// <summary>When something last changed.</summary>
public sealed record LastChange(DateTimeOffset? At);

/// <summary>Defines a category or changes it; the same again changes nothing.</summary>
public sealed record DefineCategory(string Regency, Category Category) : IRequest;

/// <summary>Who is responsible for a report.</summary>
/// <param name="Category">Category code, if known.</param>
/// <param name="AddressedDepartment">Department whose account the citizen wrote to, if any.</param>
/// <param name="Address">Place in words.</param>
/// <param name="IsOversight">On the conduct of officials, whatever its category.</param>
/// <param name="Suggested">The department that the words surely mean (<see cref="TextClassification.Department"/>), where nobody chose a category.</param>
/// <param name="IsGuess">Nobody chose the category: it is taken from the words.</param>
public sealed record RouteReport(
    string Regency, string? Category, string? AddressedDepartment, double? Latitude, double? Longitude, string? Address, bool IsOversight = false,
    string? Suggested = null, bool IsGuess = false) : IRequest<Responsibility>;

/// <summary>The answer to <see cref="RouteReport"/>.</summary>
/// <param name="Department">The department, or null: a dispatcher decides.</param>
/// <param name="Ground">Why.</param>
/// <param name="District">District code where it lies, if known.</param>
public sealed record Responsibility(string? Department, RoutingGround Ground, string? District);

/// <summary>Why a department is responsible.</summary>
public enum RoutingGround
{
    /// <summary>It answers for the category.</summary>
    Category,

    /// <summary>The citizen wrote to its account.</summary>
    Account,

    /// <summary>The words mean it: a village's lamp, a national road.</summary>
    Words,

    /// <summary>Nothing decides it: a person will.</summary>
    Dispatcher,
}
