using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;

namespace SmartCity.Departments.Importing;

/// <summary>Who heads a department, as it stands in a file. Accounts, numbers and addresses of people are in none.</summary>
/// <param name="Name">Name as published.</param>
/// <param name="From">First day in office.</param>
/// <param name="Until">Last day; null: still in office.</param>
/// <param name="IsActing">Acts for an office that is vacant.</param>
internal sealed record HeadOfDepartment(string Name, DateOnly From, DateOnly? Until = null, bool IsActing = false);

/// <summary>A department with all that belongs to it, as files carry it.</summary>
/// <param name="Line">Line of the file, or number of the element, from 1.</param>
/// <param name="Categories">Codes of the categories that are its business; null: the file says nothing of them.</param>
/// <param name="HeadTerm">Who heads it; null: the file says nothing of it.</param>
/// <param name="Officers">Sign-in names of the accounts with its code, for the operator; null: the file says nothing of them.</param>
internal sealed record DepartmentLine(
    int Line, Department Department, IReadOnlyList<string>? Categories = null, HeadOfDepartment? HeadTerm = null, IReadOnlyList<string>? Officers = null);

/// <summary>Departments as CSV and JSON, out and in: each says what the other does.</summary>
internal static class DepartmentFile
{
    public const int MaxRows = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static readonly string[] Columns =
    [
        "code", "name", "englishName", "kind", "isPublicService", "head", "district", "parent", "workingHours", "accounts", "districts",
        "categories", "headName", "headFrom", "headUntil", "headIsActing", "formerNames", "mergedInto", "mergedOn", "officers",
    ];

    /// <param name="withOfficers">Who signs in is for the operator only.</param>
    public static string ToCsv(IEnumerable<DepartmentLine> lines, bool withOfficers) => Csv.Write(withOfficers ? Columns : Columns[..^1], lines.Select(line =>
    {
        var d = line.Department;
        object?[] cells =
        [
            d.Code, d.Name, d.EnglishName, d.Kind.ToString().ToLowerInvariant(), d.IsPublicService, d.Head, d.District, d.Parent, d.WorkingHours,
            Words(d.Accounts.Select(a => $"{(a.IsActive ? "" : "-")}{a.Channel}:{a.Handle}{(a.AccountId is null ? "" : $":{a.AccountId}")}")), Words(d.Districts),
            Words(line.Categories), line.HeadTerm?.Name, line.HeadTerm?.From, line.HeadTerm?.Until, line.HeadTerm?.IsActing,
            d.FormerNames is { Count: > 0 } names ? string.Join('\n', names.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Until:yyyy-MM-dd}|{n.Name}|{n.EnglishName}"))) : null, d.MergedInto, d.MergedOn,
            Words(line.Officers),
        ];
        return (IReadOnlyList<object?>)(withOfficers ? cells : cells[..^1]);
    }));

    /// <summary>The same as an array of departments.</summary>
    public static string ToJson(IEnumerable<DepartmentLine> lines, bool withOfficers) => new JsonArray([.. lines.Select(line =>
    {
        var node = JsonSerializer.SerializeToNode(line.Department, Json)!.AsObject();
        node["categories"] = JsonSerializer.SerializeToNode(line.Categories, Json);
        if (line.HeadTerm is { } head)
        {
            node["headTerm"] = JsonSerializer.SerializeToNode(head, Json);
        }

        if (withOfficers)
        {
            node["officers"] = JsonSerializer.SerializeToNode(line.Officers, Json);
        }

        return (JsonNode?)node;
    })]).ToJsonString(Json);

    public static (List<DepartmentLine> Lines, List<ImportFault> Faults) FromCsv(string csv)
    {
        var (lines, faults) = (new List<DepartmentLine>(), new List<ImportFault>());
        var records = Csv.Read(csv.TrimStart('\uFEFF'));
        var names = records.Count == 0 ? [] : records[0].Select(n => n.Trim()).ToList();
        if (Columns[..4].FirstOrDefault(c => !names.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } missing)
        {
            faults.Add(new ImportFault(1, "csv", "csv.header", $"The first line names the columns ({string.Join(", ", Columns)}); missing: {missing}."));
            return (lines, faults);
        }

        faults.AddRange(names.Where(n => n.Length > 0 && !Columns.Contains(n, StringComparer.OrdinalIgnoreCase))
            .Select(n => new ImportFault(1, n, "column.unknown", $"There is no column '{n}'; use {string.Join(", ", Columns)}.")));
        if (records.Count - 1 > MaxRows)
        {
            faults.Add(TooMany);
        }

        for (var i = 1; i < records.Count && i <= MaxRows; i++)
        {
            if (!records[i].All(string.IsNullOrWhiteSpace))
            {
                var before = faults.Count;
                var line = new Cells(i + 1, names, records[i], faults).Read();
                if (faults.Count == before)
                {
                    lines.Add(line);
                }
            }
        }

        return (lines, faults);
    }

    public static (List<DepartmentLine> Lines, List<ImportFault> Faults) FromJson(string json)
    {
        var (lines, faults) = (new List<DepartmentLine>(), new List<ImportFault>());
        JsonArray? all;
        try
        {
            all = JsonNode.Parse(json) as JsonArray;
        }
        catch (JsonException failure)
        {
            return ([], [new ImportFault((int)(failure.LineNumber ?? 0) + 1, failure.Path ?? "json", "json.invalid", Expected)]);
        }

        if (all is null)
        {
            return ([], [new ImportFault(1, "json", "json.invalid", Expected)]);
        }

        if (all.Count > MaxRows)
        {
            faults.Add(TooMany);
        }

        for (var i = 0; i < Math.Min(all.Count, MaxRows); i++)
        {
            try
            {
                if (all[i].Deserialize<Department>(Json) is not { Code: not null, Name: not null, EnglishName: not null, Accounts: { } accounts } department || accounts.Any(a => a is not { Channel: not null, Handle: not null }))
                {
                    faults.Add(new ImportFault(i + 1, "json", "json.incomplete", "Give code, name, englishName, kind and accounts, each account with channel and handle."));
                    continue;
                }

                var more = all[i].Deserialize<More>(Json)!;
                lines.Add(new DepartmentLine(i + 1, department, more.Categories, more.HeadTerm, more.Officers));
            }
            catch (JsonException failure)
            {
                faults.Add(new ImportFault(i + 1, failure.Path is { } path ? path.TrimStart('$', '.') : "json", "json.invalid", Expected));
            }
        }

        return (lines, faults);
    }

    private const string Expected = "An array of departments, as departments/export.json gives them.";

    private static ImportFault TooMany => new(MaxRows + 1, "file", "file.too_many", $"At most {MaxRows} departments at once.");

    private static string? Words(IEnumerable<string>? words) => words is null ? null : string.Join(' ', words);

    private sealed record More(IReadOnlyList<string>? Categories, HeadOfDepartment? HeadTerm, IReadOnlyList<string>? Officers);

    /// <summary>The cells of one line, by the names of their columns.</summary>
    private sealed class Cells(int line, List<string> names, IReadOnlyList<string> record, List<ImportFault> faults)
    {
        public DepartmentLine Read()
        {
            var kind = default(DepartmentKind);
            if (!Registering.DepartmentRules.TryReadKind(Of("kind"), out kind))
            {
                Fault("kind", "kind.unknown", $"Use {Registering.DepartmentRules.Kinds}.");
            }

            var (headName, headFrom, headUntil) = (Of("headName"), Day("headFrom"), Day("headUntil"));
            if (headName is not null && headFrom is null && Of("headFrom") is null)
            {
                Fault("headFrom", "headFrom.missing", "Give the first day in office, such as 2026-01-05.");
            }

            return new DepartmentLine(line,
                new Department(Of("code") ?? "", Of("name") ?? "", Of("englishName") ?? "", kind, Truth("isPublicService"), Of("head"), Of("district"),
                    [.. (Of("accounts") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Account)])
                {
                    Parent = Of("parent"),
                    WorkingHours = Of("workingHours"),
                    Districts = Of("districts")?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    FormerNames = Of("formerNames")?.Split('\n').Select(Former).ToArray(),
                    MergedInto = Of("mergedInto"),
                    MergedOn = Day("mergedOn"),
                },
                Words("categories"), headName is not null && headFrom is { } from ? new HeadOfDepartment(headName, from, headUntil, Truth("headIsActing")) : null, Words("officers"));
        }

        private string? Of(string name) =>
            names.FindIndex(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at && at < record.Count && record[at].Trim() is { Length: > 0 } value
                // What a spreadsheet would take for a formula is written with an apostrophe before it.
                ? value is ['\'', '-' or '+' or '=' or '@', ..] ? value[1..] : value : null;

        // A column that is not there says nothing; an empty cell says: none.
        private string[]? Words(string name) => !names.Contains(name, StringComparer.OrdinalIgnoreCase) ? null : (Of(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

        private bool Truth(string name)
        {
            switch (Of(name)?.ToLowerInvariant())
            {
                case "true" or "ya" or "yes" or "1":
                    return true;
                case null or "false" or "tidak" or "no" or "0":
                    return false;
                default:
                    Fault(name, $"{name}.invalid", "Write true or false.");
                    return false;
            }
        }

        private DateOnly? Day(string name)
        {
            if (Of(name) is not { } text)
            {
                return null;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return day;
            }

            Fault(name, $"{name}.invalid", "Write a day as 2026-01-31.");
            return null;
        }

        // A line of the cell: last day, name, English name.
        private FormerName Former(string text)
        {
            if (text.Split('|') is [var until, var name, var english] && DateOnly.TryParseExact(until.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return new FormerName(name.Trim(), english.Trim(), day);
            }

            Fault("formerNames", "formerNames.invalid", "A line a name: last day, name and English name, with | between: 2016-12-31|Dinas Pekerjaan Umum|Public Works.");
            return new FormerName("", "", default);
        }

        // channel:handle:id, and a minus before it when the account is silent.
        private static OfficialAccount Account(string text)
        {
            var parts = text.TrimStart('-').Split(':');
            return new OfficialAccount(parts[0], parts.ElementAtOrDefault(1)?.TrimStart('@') ?? "", parts.ElementAtOrDefault(2), !text.StartsWith('-'));
        }

        private void Fault(string field, string code, string detail) => faults.Add(new ImportFault(line, field, code, detail));
    }
}
