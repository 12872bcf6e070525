using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Reading;

/// <summary>Who does what in a regency, for everybody.</summary>
internal sealed class ReadDirectoryEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var regency = app.MapRegencyApi().WithTags("Departments");
        regency.MapGet("departments", (HttpContext http, ISender sender, CancellationToken cancel) =>
            sender.Send(new GetDepartments(http.Regency().Id), cancel)).WithSummary("All departments and outside partners, with their official accounts");
        regency.MapGet("departments/{department}", async (string department, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new GetDepartments(http.Regency().Id), cancel)).FirstOrDefault(d => d.Code == department) is { } found
                ? Results.Ok(found)
                : Problem.NotFound("department.unknown", $"There is no department '{department}' here.", "department")).WithSummary("One department");
        regency.MapGet("categories", (HttpContext http, ISender sender, CancellationToken cancel) =>
            sender.Send(new GetCategories(http.Regency().Id), cancel)).WithSummary("What a report can be about");
        regency.MapGet("districts", (HttpContext http, ISender sender, CancellationToken cancel) =>
            sender.Send(new GetDistricts(http.Regency().Id), cancel)).WithSummary("All districts (kecamatan)");
    }
}

internal sealed class DirectoryQueries(RegencyDirectories directories, RegencySessions sessions) :
    IRequestHandler<GetDepartments, IReadOnlyList<Department>>,
    IRequestHandler<GetCategories, IReadOnlyList<Category>>,
    IRequestHandler<GetCategoriesChange, LastChange>,
    IRequestHandler<GetDistricts, IReadOnlyList<District>>,
    IRequestHandler<FindDepartmentByAccount, Department?>
{
    public async Task<IReadOnlyList<Department>> Handle(GetDepartments query, CancellationToken cancel) =>
        (await directories.Of(query.Regency, sessions, cancel)).Departments;

    public async Task<IReadOnlyList<Category>> Handle(GetCategories query, CancellationToken cancel) =>
        (await directories.Of(query.Regency, sessions, cancel)).Categories;

    public async Task<LastChange> Handle(GetCategoriesChange query, CancellationToken cancel) =>
        new((await directories.Of(query.Regency, sessions, cancel)).CategoriesChangedAt);

    public async Task<IReadOnlyList<District>> Handle(GetDistricts query, CancellationToken cancel) =>
        (await directories.Of(query.Regency, sessions, cancel)).Districts;

    public async Task<Department?> Handle(FindDepartmentByAccount query, CancellationToken cancel) =>
        Find((await directories.Of(query.Regency, sessions, cancel)).Departments, query.Channel, query.Account);

    public static Department? Find(IReadOnlyList<Department> departments, string channel, string account)
    {
        var wanted = account.Trim().TrimStart('@');
        bool Is(OfficialAccount a) => a.Channel == channel && (a.AccountId == wanted || a.Handle.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        var found = wanted.Length == 0 ? null : departments.FirstOrDefault(d => d.Accounts.Any(Is));
        // Whoever writes to the account of a department that is part of another by now is heard there.
        for (var steps = 0; found?.MergedInto is { } into && steps < departments.Count; steps++)
        {
            found = departments.FirstOrDefault(d => d.Code == into);
        }

        return found;
    }
}
