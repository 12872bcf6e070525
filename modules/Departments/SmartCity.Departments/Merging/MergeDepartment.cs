using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Registering;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Merging;

/// <summary>A new name as it is sent.</summary>
internal sealed record RenameBody(string? Name, string? EnglishName, DateOnly? On);

/// <summary>A merger as it is sent.</summary>
internal sealed record MergeBody(string? Into, DateOnly? On, string? Reason);

/// <summary>
/// A department gets another name, or becomes part of another (as SKPD became OPD in 2017). It is written down when it has come into force: its
/// categories and open reports follow at once, and what was done before stays under the old name.
/// </summary>
internal sealed class MergeDepartmentEndpoints : ICarterModule
{
    private const int MaxText = 200;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var department = app.MapRegencyApi("/departments/{department}").RequireRole(Role.Operator, Role.Regent).WithTags("Departments");
        department.MapPost("renamings", Rename).WithSummary("A department has another name from a day on, today or before; the old one stays known");
        department.MapPost("mergers", Merge).WithSummary("A department is part of another from a day on, today or before; its categories and open reports follow");
    }

    private static async Task<IResult> Rename(string department, RenameBody body, HttpContext http, DirectoryStreams streams, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency();
        if ((await streams.Directory(regency.Id, cancel)).Departments.FirstOrDefault(d => d.Code == department) is not { } known)
        {
            return Unknown(department);
        }

        var faults = new List<Fault>();
        Text(body.Name, "name", faults);
        Text(body.EnglishName, "englishName", faults);
        CheckDay(body.On, regency, time, faults);
        if (known.FormerNames is [.., { Until: var last }] && body.On <= last)
        {
            faults.Add(new("on.before", $"It got its name on {last.AddDays(1):yyyy-MM-dd}: give a later day.", "on"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var renamed = new DepartmentRenamed(body.Name!.Trim(), body.EnglishName!.Trim(), body.On!.Value);
        await streams.Change<DepartmentRecord>(regency.Id, DepartmentRecord.Stream(department),
            record => record!.Department.Name == renamed.Name && record.Department.EnglishName == renamed.EnglishName ? null : renamed, cancel);
        return Results.Ok((await streams.Directory(regency.Id, cancel)).Departments.First(d => d.Code == department));
    }

    private static async Task<IResult> Merge(string department, MergeBody body, HttpContext http, DirectoryStreams streams, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency();
        var directory = await streams.Directory(regency.Id, cancel);
        if (directory.Departments.FirstOrDefault(d => d.Code == department) is not { } known)
        {
            return Unknown(department);
        }

        var faults = new List<Fault>();
        var into = directory.Departments.FirstOrDefault(d => d.Code == body.Into);
        if (into is null || into.Code == department || into.MergedInto is not null)
        {
            faults.Add(new("into.unknown", "Name another department here that is not part of a third one.", "into"));
        }
        else if (into.Kind == DepartmentKind.Outside || known.Kind == DepartmentKind.Outside || into.Kind == DepartmentKind.Oversight != (known.Kind == DepartmentKind.Oversight))
        {
            faults.Add(new("into.kind", "A body outside is not merged here, and the oversight body only with another one.", "into"));
        }

        if (known.MergedInto is { } other && other != body.Into)
        {
            faults.Add(new("department.merged", $"It is part of {other} already.", "into"));
        }

        CheckDay(body.On, regency, time, faults);
        Text(body.Reason, "reason", faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        // First its categories, so that nothing new arrives while its reports follow.
        foreach (var category in directory.Categories.Where(c => c.Department == department))
        {
            await sender.Send(new DefineCategory(regency.Id, category with { Department = into!.Code }), cancel);
        }

        await streams.Change<DepartmentRecord>(regency.Id, DepartmentRecord.Stream(department),
            record => record!.Department.MergedInto is not null ? null : new DepartmentMerged(department, into!.Code, body.On!.Value, body.Reason!.Trim()), cancel);
        return Results.Ok((await streams.Directory(regency.Id, cancel)).Departments.First(d => d.Code == department));
    }

    private static IResult Unknown(string department) => Problem.NotFound("department.unknown", $"There is no department '{department}' here.", "department");

    private static void Text(string? text, string field, List<Fault> faults)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText || text.Any(char.IsControl))
        {
            faults.Add(new($"{field}.invalid", $"One line of at most {MaxText} characters.", field));
        }
    }

    private static void CheckDay(DateOnly? on, Regency regency, TimeProvider time, List<Fault> faults)
    {
        if (on is null || on > DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone).Date))
        {
            faults.Add(new("on.invalid", "Give the day from which it holds, today or before: it is written down when it has come into force.", "on"));
        }
    }
}
