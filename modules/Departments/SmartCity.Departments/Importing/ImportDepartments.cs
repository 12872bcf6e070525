using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Registering;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Importing;

/// <summary>The departments of a regency as a file, out and in: CSV or JSON, all of it or nothing, and first on trial if one likes.</summary>
internal sealed class ImportDepartmentsEndpoints : ICarterModule
{
    private const int MaxBytes = 1024 * 1024, MaxRows = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private static readonly string[] Columns = ["code", "name", "englishName", "kind", "isPublicService", "head", "district", "parent", "workingHours", "accounts", "districts"];

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var departments = app.MapRegencyApi("/departments").WithTags("Departments");
        departments.MapGet("export.csv", async (HttpContext http, ISender sender, CancellationToken cancel) =>
            Results.Text(Write(await sender.Send(new GetDepartments(http.Regency().Id), cancel)), "text/csv", Encoding.UTF8)).WithSummary("All departments as CSV, as the import takes them");
        departments.MapPost("import", Import).RequireRole(Role.Operator).Accepts<string>("text/csv", "application/json")
            .WithSummary("Register or change departments from CSV or JSON; ?dryRun=true says what it would do");
    }

    private static async Task<IResult> Import(string? dryRun, HttpContext http, DirectoryStreams streams, ISender sender, CancellationToken cancel)
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
        var (rows, faults) = http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true ? ReadJson(text) : ReadCsv(text);
        var regency = http.Regency().Id;
        var known = await streams.Directory(regency, cancel);
        // Each line may lean on those before it, and on those after it too: a parent, an account that moves.
        var after = known with { Departments = [.. known.Departments.Where(d => rows.All(r => r.Department.Code != d.Code)), .. rows.Select(r => r.Department)] };
        foreach (var (line, department) in rows)
        {
            faults.AddRange(DepartmentRules.Faults(department, after).Select(f => new ImportFault(line, f.Field ?? "", f.Code, f.Detail)));
        }

        faults.AddRange(rows.GroupBy(r => r.Department.Code).Where(g => g.Count() > 1).Select(g => new ImportFault(g.Last().Line, "code", "code.twice", $"'{g.Key}' stands twice.")));
        var decisions = rows.Select(r => (r.Department, Event: RegisterDepartmentHandler.Decide(known.Departments.FirstOrDefault(d => d.Code == r.Department.Code), r.Department))).ToArray();
        var result = new DepartmentImport(
            [.. decisions.Where(d => d.Event is DepartmentRegistered).Select(d => d.Department.Code)], [.. decisions.Where(d => d.Event is DepartmentChanged).Select(d => d.Department.Code)],
            decisions.Count(d => d.Event is null), [.. faults.OrderBy(f => f.Line)], dryRun == "true");
        if (faults.Count > 0)
        {
            return Results.Json(result, statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        if (dryRun != "true")
        {
            // Whatever others lean on comes first.
            foreach (var (department, _) in decisions.Where(d => d.Event is not null).OrderBy(d => Depth(d.Department, after)))
            {
                await sender.Send(new RegisterDepartment(regency, department), cancel);
            }
        }

        return Results.Ok(result);
    }

    private static ImportFault TooMany => new(MaxRows + 1, "file", "file.too_many", $"At most {MaxRows} departments at once.");

    private static int Depth(Department department, RegencyDirectory directory)
    {
        var depth = 0;
        for (var at = department; at?.Parent is { } parent && depth < MaxRows; depth++)
        {
            at = directory.Departments.FirstOrDefault(d => d.Code == parent);
        }

        return depth;
    }

    internal static (List<(int Line, Department Department)> Rows, List<ImportFault> Faults) ReadCsv(string csv)
    {
        var (rows, faults) = (new List<(int, Department)>(), new List<ImportFault>());
        var records = Csv.Read(csv.TrimStart('\uFEFF'));
        var names = records.Count == 0 ? [] : records[0].Select(n => n.Trim()).ToList();
        if (Columns[..4].FirstOrDefault(c => !names.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } missing)
        {
            faults.Add(new ImportFault(1, "csv", "csv.header", $"The first line names the columns ({string.Join(", ", Columns)}); missing: {missing}."));
            return (rows, faults);
        }

        if (records.Count - 1 > MaxRows)
        {
            faults.Add(TooMany);
        }

        for (var i = 1; i < records.Count && i <= MaxRows; i++)
        {
            var record = records[i];
            if (record.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            string? Of(string name) => names.FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at && at < record.Count && record[at].Trim() is { Length: > 0 } value ? value : null;
            if (!DepartmentRules.TryReadKind(Of("kind"), out var kind))
            {
                faults.Add(new ImportFault(i + 1, "kind", "kind.unknown", $"Use {DepartmentRules.Kinds}."));
                continue;
            }

            rows.Add((i + 1, new Department(
                Of("code") ?? "", Of("name") ?? "", Of("englishName") ?? "", kind, Of("isPublicService")?.ToLowerInvariant() is "true" or "ya" or "yes" or "1", Of("head"), Of("district"),
                [.. (Of("accounts") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Account)])
            {
                Parent = Of("parent"),
                WorkingHours = Of("workingHours"),
                Districts = Of("districts")?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            }));
        }

        return (rows, faults);
    }

    private static (List<(int Line, Department Department)> Rows, List<ImportFault> Faults) ReadJson(string json)
    {
        try
        {
            var departments = JsonSerializer.Deserialize<List<Department?>>(json, Json) ?? [];
            return departments.Any(d => d is not { Code: not null, Name: not null, EnglishName: not null, Accounts: not null })
                ? ([], [new ImportFault(departments.FindIndex(d => d is not { Code: not null, Name: not null, EnglishName: not null, Accounts: not null }) + 1, "json", "json.incomplete", "Give code, name, englishName, kind and accounts.")])
                : ([.. departments.Take(MaxRows).Select((d, i) => (i + 1, d!))], departments.Count > MaxRows ? [TooMany] : []);
        }
        catch (JsonException failure)
        {
            return ([], [new ImportFault((int)(failure.LineNumber ?? 0) + 1, failure.Path ?? "json", "json.invalid", "An array of departments, as the list of departments gives them.")]);
        }
    }

    // channel:handle:id, and a minus before it when the account is silent.
    private static OfficialAccount Account(string text)
    {
        var parts = text.TrimStart('-').Split(':');
        return new OfficialAccount(parts[0], parts.ElementAtOrDefault(1)?.TrimStart('@') ?? "", parts.ElementAtOrDefault(2), !text.StartsWith('-'));
    }

    internal static string Write(IEnumerable<Department> departments) => string.Concat(departments.Select(d => string.Join(',', new[]
    {
        d.Code, d.Name, d.EnglishName, d.Kind.ToString().ToLowerInvariant(), d.IsPublicService ? "true" : "false", d.Head, d.District, d.Parent, d.WorkingHours,
        string.Join(' ', d.Accounts.Select(a => $"{(a.IsActive ? "" : "-")}{a.Channel}:{a.Handle}{(a.AccountId is null ? "" : $":{a.AccountId}")}")), string.Join(' ', d.Districts ?? []),
    }.Select(Quoted)) + "\r\n").Prepend(string.Join(',', Columns) + "\r\n"));

    private static string Quoted(string? text) => text is null ? "" : text.AsSpan().IndexOfAny(",;\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
