using System.Text;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Defining;
using SmartCity.Departments.Registering;
using SmartCity.Departments.Terms;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Importing;

/// <summary>The departments of a regency as a file, out and in: CSV or JSON, all of it or nothing, and first on trial if one likes.</summary>
internal sealed class ImportDepartmentsEndpoints : ICarterModule
{
    private const int MaxBytes = 1024 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var departments = app.MapRegencyApi("/departments").WithTags("Departments");
        departments.MapGet("export.csv", async (HttpContext http, DepartmentFiles files, CancellationToken cancel) =>
            Results.Text(DepartmentFile.ToCsv(await files.All(http.Regency().Id, IsOperator(http), cancel), IsOperator(http)), "text/csv", Encoding.UTF8))
            .WithSummary("All departments as CSV, as the import takes them; with the names of officers' accounts for the operator");
        departments.MapGet("export.json", async (HttpContext http, DepartmentFiles files, CancellationToken cancel) =>
            Results.Text(DepartmentFile.ToJson(await files.All(http.Regency().Id, IsOperator(http), cancel), IsOperator(http)), "application/json", Encoding.UTF8)).WithSummary("The same as JSON");
        departments.MapPost("import", Import).RequireRole(Role.Operator).Accepts<string>("text/csv", "application/json")
            .WithSummary("Register or change departments from CSV or JSON; ?dryRun=true says what it would do");
    }

    private static bool IsOperator(HttpContext http) => http.Actor().Is(http.Regency().Id, Role.Operator);

    private static async Task<IResult> Import(string? dryRun, HttpContext http, DepartmentFiles files, CancellationToken cancel)
    {
        if (dryRun is not (null or "true" or "false"))
        {
            return Problem.BadRequest(new Fault("dryRun.invalid", "Send true or false.", "dryRun"));
        }

        if (http.Request.ContentLength is not { } length || length > MaxBytes)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("file.too_large", $"A file of at most {MaxBytes / 1024} KB, with its length."));
        }

        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancel);
        var (lines, faults) = http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true ? DepartmentFile.FromJson(text) : DepartmentFile.FromCsv(text);
        var result = await files.Import(http.Regency().Id, lines, faults, dryRun == "true", cancel);
        return result.Faults.Count > 0 ? Results.Json(result, statusCode: StatusCodes.Status422UnprocessableEntity) : Results.Ok(result);
    }
}

/// <summary>Brings departments together with what else is known of them, and takes them over from a file.</summary>
internal sealed class DepartmentFiles(DirectoryStreams streams, OfficeStreams offices, RegencySessions sessions, ISender sender, TimeProvider time, RegencyRegistry regencies)
{
    public async Task<IReadOnlyList<DepartmentLine>> All(string regency, bool withOfficers, CancellationToken cancel)
    {
        var directory = await streams.Directory(regency, cancel);
        var terms = await sender.Send(new GetOfficeTerms(regency), cancel);
        var officers = withOfficers ? await Officers(regency, cancel) : null;
        var today = await Today(regency, cancel);
        return [.. directory.Departments.Select((d, i) => new DepartmentLine(i + 2, d, CategoriesOf(directory, d.Code), HeadOf(terms, d.Code, today), officers is null ? null : [.. officers[d.Code]]))];
    }

    public async Task<DepartmentImport> Import(string regency, IReadOnlyList<DepartmentLine> lines, List<ImportFault> faults, bool isDryRun, CancellationToken cancel)
    {
        var known = await streams.Directory(regency, cancel);
        // Each line may lean on those before it, and on those after it too: a parent, an account that moves.
        var after = known with { Departments = [.. known.Departments.Where(d => lines.All(l => l.Department.Code != d.Code)), .. lines.Select(l => l.Department)] };
        var (terms, officers, today) = (await sender.Send(new GetOfficeTerms(regency), cancel), await Officers(regency, cancel), await Today(regency, cancel));
        foreach (var line in lines)
        {
            faults.AddRange(DepartmentRules.Faults(line.Department, after).Select(f => new ImportFault(line.Line, f.Field ?? "", f.Code, f.Detail)));
            faults.AddRange(HistoryFaults(line, known, after));
            faults.AddRange(CategoryFaults(line, known, after));
            if (Term(line) is { } term && HeadOf(terms, line.Department.Code, today) != line.HeadTerm)
            {
                faults.AddRange((await offices.Faults(regency, term, cancel, after)).Select(f => new ImportFault(line.Line, $"headTerm.{f.Field}", f.Code, f.Detail)));
            }

            if (line.Officers is { } named && named.Except(officers[line.Department.Code]).FirstOrDefault() is { } stranger)
            {
                faults.Add(new ImportFault(line.Line, "officers", "officers.unknown", $"'{stranger}' is no account of this department here; accounts are made with their passwords (account add). Leave the column away."));
            }
        }

        faults.AddRange(lines.GroupBy(l => l.Department.Code).Where(g => g.Count() > 1).Select(g => new ImportFault(g.Last().Line, "code", "code.twice", $"'{g.Key}' stands twice.")));
        faults.AddRange(lines.SelectMany(l => (l.Categories ?? []).Select(c => (l.Line, Category: c))).GroupBy(c => c.Category).Where(g => g.Count() > 1)
            .Select(g => new ImportFault(g.Last().Line, "categories", "category.twice", $"'{g.Key}' is the business of one department.")));
        var decisions = lines.Select(l => (Line: l, Event: RegisterDepartmentHandler.Decide(known.Departments.FirstOrDefault(d => d.Code == l.Department.Code), l.Department))).ToArray();
        bool IsChanged(DepartmentLine line, object? decided) => decided is DepartmentChanged || (decided is null && (MovedCategories(line, lines, known).Any() || (line.HeadTerm is { } head && HeadOf(terms, line.Department.Code, today) != head)));
        var result = new DepartmentImport(
            [.. decisions.Where(d => d.Event is DepartmentRegistered).Select(d => d.Line.Department.Code)], [.. decisions.Where(d => IsChanged(d.Line, d.Event)).Select(d => d.Line.Department.Code)],
            decisions.Count(d => d.Event is null && !IsChanged(d.Line, d.Event)), [.. faults.OrderBy(f => f.Line)], isDryRun);
        if (faults.Count > 0 || isDryRun)
        {
            return result;
        }

        // Whatever others lean on comes first.
        foreach (var (line, _) in decisions.Where(d => d.Event is not null).OrderBy(d => Depth(d.Line.Department, after)))
        {
            await sender.Send(new RegisterDepartment(regency, line.Department), cancel);
        }

        foreach (var line in lines)
        {
            foreach (var category in MovedCategories(line, lines, known))
            {
                await sender.Send(new DefineCategory(regency, category), cancel);
            }

            if (Term(line) is { } term && HeadOf(terms, line.Department.Code, today) != line.HeadTerm)
            {
                await sender.Send(new AppointToOffice(regency, term), cancel);
            }
        }

        return result;
    }

    // A department that is new here brings its past along; that of one that is known is changed by events of its own.
    private static IEnumerable<ImportFault> HistoryFaults(DepartmentLine line, RegencyDirectory known, RegencyDirectory after)
    {
        var department = line.Department;
        if (department.MergedInto is { } into && after.Departments.All(d => d.Code != into))
        {
            yield return new ImportFault(line.Line, "mergedInto", "mergedInto.unknown", $"There is no department '{into}' here.");
        }

        if (known.Departments.FirstOrDefault(d => d.Code == department.Code) is not { } here)
        {
            yield break;
        }

        if (department.FormerNames is { } names && !DirectoryStreams.Same(names, here.FormerNames ?? []))
        {
            yield return new ImportFault(line.Line, "formerNames", "formerNames.history", $"Names are changed by departments/{department.Code}/renamings, which keeps the one before.");
        }

        if (department.MergedInto is { } other && other != here.MergedInto)
        {
            yield return new ImportFault(line.Line, "mergedInto", "mergedInto.history", $"Departments are merged by departments/{department.Code}/mergers, with the open reports.");
        }
    }

    private static IEnumerable<ImportFault> CategoryFaults(DepartmentLine line, RegencyDirectory known, RegencyDirectory after) => (line.Categories ?? []).SelectMany(code =>
        known.Categories.FirstOrDefault(c => c.Code == code) is not { } category
            ? [new ImportFault(line.Line, "categories", "category.unknown", $"There is no category '{code}' here; define it first.")]
            : CategoryRules.Faults(category with { Department = line.Department.Code }, after).Select(f => new ImportFault(line.Line, "categories", f.Code, $"{code}: {f.Detail}")));

    // What the file gives to nobody any more is for a dispatcher to decide.
    private static IEnumerable<Category> MovedCategories(DepartmentLine line, IReadOnlyList<DepartmentLine> lines, RegencyDirectory known) => line.Categories is not { } wanted ? [] :
    [
        .. known.Categories.Where(c => wanted.Contains(c.Code) && c.Department != line.Department.Code).Select(c => c with { Department = line.Department.Code }),
        .. known.Categories.Where(c => c.Department == line.Department.Code && !lines.Any(l => l.Categories?.Contains(c.Code) == true)).Select(c => c with { Department = null }),
    ];

    private static OfficeTerm? Term(DepartmentLine line) => line.HeadTerm is { } head
        ? new OfficeTerm("", Offices.HeadOf(line.Department.Code), head.Name.Trim(), head.IsActing, head.From, head.Until) : null;

    private static string[] CategoriesOf(RegencyDirectory directory, string department) => [.. directory.Categories.Where(c => c.Department == department).Select(c => c.Code)];

    private static HeadOfDepartment? HeadOf(IReadOnlyList<OfficeTerm> terms, string department, DateOnly today) =>
        terms.Where(t => t.Office == Offices.HeadOf(department)).OrderBy(t => t.From).LastOrDefault(t => t.Holds(today)) is { } term
            ? new HeadOfDepartment(term.Name, term.From, term.Until, term.IsActing) : null;

    private async Task<ILookup<string, string>> Officers(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return (await session.Query<StaffAccount>().Where(a => a.Role == Role.Officer && a.Department != null).OrderBy(a => a.Id).ToListAsync(cancel)).ToLookup(a => a.Department!, a => a.Id);
    }

    private async Task<DateOnly> Today(string regency, CancellationToken cancel)
    {
        var place = await regencies.Find(RegencyCode.Parse(regency), cancel) ?? throw new InvalidOperationException($"No regency {regency} is served here.");
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), place.Zone).Date);
    }

    private static int Depth(Department department, RegencyDirectory directory)
    {
        var depth = 0;
        for (var at = department; at?.Parent is { } parent && depth < DepartmentFile.MaxRows; depth++)
        {
            at = directory.Departments.FirstOrDefault(d => d.Code == parent);
        }

        return depth;
    }
}
