using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Registering;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Reading;

/// <summary>Who does what in a regency, for everybody.</summary>
internal sealed class ReadDirectoryEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var regency = app.MapRegencyApi().WithTags("Departments");
        regency.MapGet("departments", Departments).WithSummary("All departments and outside partners, with their official accounts; ?asOf=2026-06-30 from history");
        regency.MapGet("departments/{department}", async (string department, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new GetDepartments(http.Regency().Id), cancel)).FirstOrDefault(d => d.Code == department) is { } found
                ? Results.Ok(found)
                : Problem.NotFound("department.unknown", $"There is no department '{department}' here.", "department")).WithSummary("One department");
        regency.MapGet("categories", (HttpContext http, ISender sender, CancellationToken cancel) =>
            sender.Send(new GetCategories(http.Regency().Id), cancel)).WithSummary("What a report can be about");
        regency.MapGet("districts", (HttpContext http, ISender sender, CancellationToken cancel) =>
            sender.Send(new GetDistricts(http.Regency().Id), cancel)).WithSummary("All districts (kecamatan)");
    }

    private static async Task<IResult> Departments([AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, _) = days.Read(faults);
        return faults.Count > 0 ? Problem.BadRequest(faults)
            : Results.Ok(await sender.Send(new GetDepartments(http.Regency().Id, asOf is { } day ? http.Regency().EndOf(day) : null), cancel));
    }
}

internal sealed class DirectoryQueries(RegencyDirectories directories, RegencySessions sessions) :
    IRequestHandler<GetDepartments, IReadOnlyList<Department>>,
    IRequestHandler<GetCategories, IReadOnlyList<Category>>,
    IRequestHandler<GetCategoriesChange, LastChange>,
    IRequestHandler<GetDistricts, IReadOnlyList<District>>,
    IRequestHandler<FindDepartmentByAccount, Department?>
{
    public async Task<IReadOnlyList<Department>> Handle(GetDepartments query, CancellationToken cancel)
    {
        if (query.Before is not { } instant)
        {
            return (await directories.Of(query.Regency, sessions, cancel)).Departments;
        }

        await using var session = sessions.Query(query.Regency);
        var streams = (await session.Query<DepartmentRecord>().Select(d => d.Id).ToListAsync(cancel)).ToArray();
        var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(streams) && e.Timestamp < instant).OrderBy(e => e.Sequence).ToListAsync(cancel);
        return [.. events.GroupBy(e => e.StreamKey!).Select(s => s.Aggregate((DepartmentRecord?)null, (known, e) => DepartmentRecord.After(known, s.Key, e.Data))?.Department)
            .OfType<Department>().OrderBy(d => d.Code, StringComparer.Ordinal)];
    }

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
