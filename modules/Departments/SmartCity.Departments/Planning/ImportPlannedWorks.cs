using System.Globalization;
using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;

namespace SmartCity.Departments.Planning;

/// <summary>Takes over a list of an annual budget document, all of it or nothing.</summary>
internal sealed class ImportPlannedWorksHandler(PlannedWorkStreams works, CallContext call) : IRequestHandler<ImportPlannedWorks, PlannedWorkImport>
{
    public const int MaxBytes = 4 * 1024 * 1024, MaxRows = 5000, MaxFaults = 50;

    public async Task<PlannedWorkImport> Handle(ImportPlannedWorks command, CancellationToken cancel)
    {
        var (rows, faults) = Read(command.Csv);
        foreach (var row in rows.TakeWhile(_ => faults.Count < MaxFaults))
        {
            if (PlannedWorkRules.Check(call.Actor, command.Regency, row.Terms.Department) is { } foreign)
            {
                return new PlannedWorkImport(0, 0, 0, [In(row, foreign)], IsForbidden: true);
            }

            faults.AddRange((await works.Faults(command.Regency, row.Terms, cancel)).Select(fault => In(row, fault)));
        }

        if (faults.Count > 0)
        {
            return new PlannedWorkImport(0, 0, 0, faults);
        }

        var (planned, changed, unchanged) = (0, 0, 0);
        foreach (var row in rows)
        {
            var outcome = await works.Plan(new PlanWork(command.Regency, row.Terms, row.Code), cancel);
            if (outcome is { IsDone: false, Kind: PlanFaultKind.Conflict, Work: { } there })
            {
                // It was imported before, and the document says something else now.
                var before = there.Version;
                outcome = await works.Decide(command.Regency, there.Id, null, known => [known.Department, row.Terms.Department],
                    (known, _) => Task.FromResult(PlannedWorkRules.Change(known, row.Terms, "Sesuai dokumen anggaran / as in the budget document")), cancel);
                if (outcome.IsDone)
                {
                    (changed, unchanged) = outcome.Work!.Version > before ? (changed + 1, unchanged) : (changed, unchanged + 1);
                    continue;
                }
            }

            if (!outcome.IsDone)
            {
                // What stands before it in the list is taken over; the same list again goes on from here.
                return new PlannedWorkImport(planned, changed, unchanged, [.. outcome.Faults.Select(fault => In(row, fault))], outcome.Kind == PlanFaultKind.Forbidden);
            }

            (planned, unchanged) = outcome.IsNew ? (planned + 1, unchanged) : (planned, unchanged + 1);
        }

        return new PlannedWorkImport(planned, changed, unchanged, []);
    }

    /// <summary>Reads a list.</summary>
    internal static (IReadOnlyList<ImportedWork> Rows, List<PlanFault> Faults) Read(string csv)
    {
        var faults = new List<PlanFault>();
        var records = Csv.Read(csv.TrimStart('\uFEFF'));
        var names = records.Count == 0 ? [] : records[0].Select(name => name.Trim().ToLowerInvariant()).ToList();
        string[] needed = ["id", "name", "department", "district", "year", "source", "cost"];
        if (needed.Where(name => !names.Contains(name)).ToArray() is { Length: > 0 } missing)
        {
            faults.Add(new PlanFault("csv.header", $"The first line names the columns; missing: {string.Join(", ", missing)}.", $"Baris pertama berisi nama kolom; belum ada: {string.Join(", ", missing)}.", "csv"));
            return ([], faults);
        }

        if (records.Count - 1 > MaxRows)
        {
            faults.Add(new PlanFault("csv.too_long", $"At most {MaxRows} works at once.", $"Paling banyak {MaxRows} pekerjaan sekaligus.", "csv"));
            return ([], faults);
        }

        var (rows, codes) = (new List<ImportedWork>(), new HashSet<(string, int)>());
        for (var i = 1; i < records.Count && faults.Count < MaxFaults; i++)
        {
            var record = records[i];
            if (record.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            string Of(string name) => names.IndexOf(name) is var at && at < record.Count ? record[at].Trim() : "";
            var line = $"line {i + 1}";
            void Fault(string code, string english, string indonesian, string field) => faults.Add(new(code, english, indonesian, $"{line}.{field}"));
            if (Of("id") is not { Length: > 0 and <= PlannedWorkRules.MaxCode } code)
            {
                Fault("id.invalid", $"Give the document's number of the work, at most {PlannedWorkRules.MaxCode} characters.", "Isi nomor pekerjaan dalam dokumen.", "id");
                continue;
            }

            if (!int.TryParse(Of("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            {
                Fault("fiscalYear.invalid", "Give the budget year in four digits.", "Isi tahun anggaran dengan empat angka.", "year");
            }
            else if (!codes.Add((code, year)))
            {
                Fault("id.twice", $"{code} stands twice for {year}.", $"{code} tertulis dua kali untuk {year}.", "id");
            }

            if (Rupiah.Read(Of("cost")) is not { } cost)
            {
                Fault("cost.invalid", "Give the cost in whole rupiah: 1250000 or 1.250.000.", "Isi biaya dalam rupiah bulat: 1250000 atau 1.250.000.", "cost");
                continue;
            }

            rows.Add(new ImportedWork(line, code, PlannedWorkRules.Tidy(new PlannedWorkTerms(
                Of("name"), Of("department"), Of("district").Split([' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries), year, cost, FundingSources.Read(Of("source")) ?? Of("source")))));
        }

        return (rows, faults);
    }

    private static PlanFault In(ImportedWork row, PlanFault fault) => fault with { Field = $"{row.Line}.{fault.Field}" };
}

/// <summary>A line of the list.</summary>
internal sealed record ImportedWork(string Line, string Code, PlannedWorkTerms Terms);
