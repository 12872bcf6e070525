using System.Text.Json;
using System.Text.Json.Serialization;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Host.SampleData;

/// <summary>A sample regency as its file has it.</summary>
/// <param name="Categories">Category code to the responsible department's code.</param>
/// <param name="Offices">Who holds which office; the names are invented.</param>
internal sealed record SampleRegency(
    Regency Regency, IReadOnlyList<District> Districts, IReadOnlyList<SampleDepartment> Departments, IReadOnlyDictionary<string, string?> Categories,
    IReadOnlyList<SampleOffice> Offices)
{
    public static IReadOnlyList<SampleRegency> All { get; } = [SampleFile.Read<SampleRegency>("33.28"), SampleFile.Read<SampleRegency>("33.76")];

    /// <summary>All departments: those of the file, and the office of each district.</summary>
    public IEnumerable<Department> WithDistrictOffices() => Departments.Select(d => d.ToDepartment()).Concat(Districts.Select(district => new Department(
        $"KEC-{district.Name.ToUpperInvariant().Replace(' ', '-')}", $"Kecamatan {district.Name}", $"{district.Name} District Office",
        DepartmentKind.District, IsPublicService: true, Head: $"Camat {district.Name}", district.Code, Accounts: [])));

    /// <summary>Its categories, each with its department here.</summary>
    public IEnumerable<Category> WithDepartments(IReadOnlyList<SampleCategory> categories) =>
        categories.Where(c => Categories.ContainsKey(c.Code)).Select(c => c.ToCategory(Categories[c.Code]) with
        {
            // Of the bodies only those that are registered here.
            Jurisdiction = c.Jurisdiction is { } usual ? usual with { Bodies = usual.Bodies?.Where(b => Departments.Any(d => d.Code == b.Value)).ToDictionary() } : null,
        });
}

/// <summary>A department in short.</summary>
/// <param name="X">Handle of its account on X; null: it has none yet.</param>
/// <param name="IsSilent">It has the account, but does not use it.</param>
internal sealed record SampleDepartment(
    string Code, string Name, string EnglishName, bool PublicService, string? Head, string? X, string? XId, bool IsSilent = false, DepartmentKind Kind = DepartmentKind.Regency)
{
    public Department ToDepartment() => new(Code, Name, EnglishName, Kind, PublicService, Head, null, X is null ? [] : [new OfficialAccount("x", X, XId, !IsSilent)]);
}

/// <summary>A term of office in short.</summary>
/// <param name="User">Sign-in name of an account.</param>
internal sealed record SampleOffice(string Office, string Name, DateOnly From, DateOnly? Until = null, string? User = null, bool IsActing = false)
{
    public OfficeTerm ToTerm() => new("", Office, Name, IsActing, From, Until, User is null ? null : $"staff:{User}");
}

/// <summary>A category in short.</summary>
/// <param name="Keywords">Separated by commas.</param>
internal sealed record SampleCategory(
    string Code, string Name, string EnglishName, string Group, string Description, string Keywords, IReadOnlyList<SampleAttribute>? Attributes,
    ReportClass Class = ReportClass.Complaint, ServiceDelivery Delivery = ServiceDelivery.Realtime, CategoryJurisdiction? Jurisdiction = null)
{
    public static IReadOnlyList<SampleCategory> All { get; } = SampleFile.Read<IReadOnlyList<SampleCategory>>("categories");

    public Category ToCategory(string? department) => new(
        Code, Name, EnglishName, Description, Group, Keywords.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), department,
        Class, Delivery, [.. (Attributes ?? []).Select(a => a.ToAttribute())]);
}

/// <summary>A question in short.</summary>
internal sealed record SampleAttribute(
    string Code, AttributeDatatype Datatype, string Description, string? Hint, IReadOnlyDictionary<string, string>? Values, bool IsVariable = true, bool IsRequired = false)
{
    public ServiceAttribute ToAttribute() => new(Code, Datatype, IsVariable, IsRequired, Description, Hint, [.. (Values ?? new Dictionary<string, string>()).Select(v => new AttributeValue(v.Key, v.Value))]);
}

/// <summary>A year's closed dates.</summary>
internal sealed record SampleHolidays(string Source, IReadOnlyList<DateOnly> Dates)
{
    public static IReadOnlyDictionary<string, SampleHolidays> ByYear { get; } = SampleFile.Read<IReadOnlyDictionary<string, SampleHolidays>>("holidays");
}

/// <summary>A planned work of the sample.</summary>
/// <param name="IsStarted">It has begun.</param>
internal sealed record SampleWork(
    string Regency, string Name, string Department, IReadOnlyList<string> Districts, int FiscalYear, decimal Cost, string Source, bool IsStarted = false)
{
    public static IReadOnlyList<SampleWork> All { get; } = SampleFile.Read<IReadOnlyList<SampleWork>>("works");

    public PlanWork ToCommand() => new(Regency, new PlannedWorkTerms(Name, Department, Districts, FiscalYear, Cost, Source));
}

/// <summary>A report of the sample, and what is answered to it.</summary>
/// <param name="Cause">Its own name, so that it is filed once.</param>
/// <param name="Work">Name of the planned work that the answer points to.</param>
internal sealed record SampleReport(
    string Regency, string Cause, string Channel, string? Conversation, string? Category, string Text, double? Latitude, double? Longitude, string? Address,
    string? AddressedDepartment, ReporterDetails? Reporter, string? Answer, bool IsSettled, bool IsAnonymous = false, string? Work = null)
{
    public static IReadOnlyList<SampleReport> All { get; } = SampleFile.Read<IReadOnlyList<SampleReport>>("reports");

    public FileReport ToCommand() => new(
        Regency, Channel, $"sample-{Cause}", Conversation, Category, Text, new ReportPlace(Latitude, Longitude, Address), Reporter ?? new(), [],
        AddressedDepartment: AddressedDepartment, IsAnonymous: IsAnonymous, PlaceIsOptional: true);
}

/// <summary>The files are part of the program.</summary>
internal static class SampleFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static T Read<T>(string name)
    {
        using var file = typeof(SampleFile).Assembly.GetManifestResourceStream($"SampleData/{name}.json")!;
        return JsonSerializer.Deserialize<T>(file, Json)!;
    }
}
