using MediatR;
using SmartCity.Departments.Contracts;

namespace SmartCity.Web.Shared;

/// <summary>The regency's own words for the codes in reports.</summary>
/// <param name="Categories">By code.</param>
/// <param name="Departments">By code.</param>
/// <param name="Districts">By code.</param>
public sealed record Names(
    IReadOnlyDictionary<string, Category> Categories, IReadOnlyDictionary<string, Department> Departments, IReadOnlyDictionary<string, District> Districts)
{
    /// <summary>Asks the departments module.</summary>
    public static async Task<Names> Of(string regency, ISender sender, CancellationToken cancel) => new(
        (await sender.Send(new GetCategories(regency), cancel)).ToDictionary(c => c.Code),
        (await sender.Send(new GetDepartments(regency), cancel)).ToDictionary(d => d.Code),
        (await sender.Send(new GetDistricts(regency), cancel)).ToDictionary(d => d.Code));

    /// <summary>Name of a category, or that there is none yet.</summary>
    public string Category(string? code, Language language) =>
        code is null ? language == Language.English ? "Not sorted yet" : "Belum dikategorikan"
        : Categories.TryGetValue(code, out var category) ? language == Language.English ? category.EnglishName : category.Name
        : code;

    /// <summary>Name of a department.</summary>
    public string Department(string code, Language language) =>
        Departments.TryGetValue(code, out var department) ? language == Language.English ? department.EnglishName : department.Name : code;

    /// <summary>Name of a district, or null.</summary>
    public string? District(string? code, Language language) =>
        code is null ? null : !Districts.TryGetValue(code, out var district) ? code : language == Language.English ? $"{district.Name} District" : $"Kec. {district.Name}";
}
