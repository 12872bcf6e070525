using System.Globalization;
using MediatR;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Findings;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;

namespace SmartCity.Accountability.Repayments;

/// <summary>Takes over lists of obligations and of deposits: every bad line is named, and with one of them nothing is written.</summary>
internal sealed class ImportListsHandler(ObligationStreams obligations, MoneyRoles roles, FindingReads findings, ISender sender) :
    IRequestHandler<ImportObligations, MoneyOutcome<ListImport>>, IRequestHandler<ImportDeposits, MoneyOutcome<ListImport>>
{
    public const int MaxRows = 10_000, MaxFaults = 100;
    private const int Attempts = 3;

    public async Task<MoneyOutcome<ListImport>> Handle(ImportObligations command, CancellationToken cancel)
    {
        var regency = command.Regency;
        if (!(await roles.Of(regency, cancel)).Registers)
        {
            return MoneyRoles.Refused<ListImport>();
        }

        var (rows, faults) = CsvList.Read(command.Csv, MaxRows, ["reference", "kind", "name", "department", "year", "amount", "on"], Terms);
        var departments = (await sender.Send(new GetDepartments(regency), cancel)).Select(d => d.Code).ToHashSet();
        var (known, today) = (await findings.Ids(regency, cancel), await obligations.Today(regency, cancel));
        foreach (var (line, terms) in rows)
        {
            faults.AddRange(ObligationRules.Faults(terms, departments, today).Select(fault => CsvList.In(line, fault)));
            if (terms.Finding is { } finding && !known.Contains(finding))
            {
                faults.Add(CsvList.In(line, new("finding.unknown", $"There is no finding '{finding}' here.", $"Tidak ada temuan '{finding}' di sini.", "finding")));
            }
        }

        return faults.Count > 0 ? Bad(faults) : await Write(command.Regency, command.IsDryRun, rows, terms => ObligationRecord.IdOf(terms.Reference), terms => terms.Amount,
            async (record, terms, pen) => ObligationRules.Register(record, await WriteRepaymentsHandler.Registered(terms, pen, cancel)), cancel);
    }

    public async Task<MoneyOutcome<ListImport>> Handle(ImportDeposits command, CancellationToken cancel)
    {
        var access = await roles.Of(command.Regency, cancel);
        if (!access.Confirms)
        {
            return MoneyRoles.Refused<ListImport>();
        }

        var today = await obligations.Today(command.Regency, cancel);
        var (rows, faults) = CsvList.Read(command.Csv, MaxRows, ["reference", "on", "document", "amount"], row => new ListedDeposit(row.Text("reference"), row.Day("on"), row.Text("document"), row.Amount("amount")));
        return faults.Count > 0 ? Bad(faults) : await Write(command.Regency, command.IsDryRun, rows, deposit => ObligationRecord.IdOf(deposit.Reference), deposit => deposit.Amount,
            (record, deposit, _) => Task.FromResult(record is null
                ? MoneyDecision.Refused(new MoneyFault("reference.unknown", $"There is no obligation {deposit.Reference} here.", $"Tidak ada kewajiban {deposit.Reference} di sini.", "reference"))
                : ObligationRules.Deposit(record, deposit.On, deposit.Document, deposit.Amount, isConfirmed: true, today, roles.Eyes(access, mayWait: true))), cancel);
    }

    /// <summary>Decides line after line on what the lines before have made, and commits all of it at once.</summary>
    private async Task<MoneyOutcome<ListImport>> Write<TRow>(
        string regency, bool isDryRun, IReadOnlyList<(int Line, TRow Row)> rows, Func<TRow, string> idOf, Func<TRow, decimal> amountOf,
        Func<ObligationRecord?, TRow, Pen, Task<MoneyDecision>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var batch = obligations.Open(regency);
            await batch.Prepare([.. rows.Select(r => idOf(r.Row)).Distinct()], cancel);
            var (faults, added, unchanged, total) = (new List<MoneyFault>(), 0, 0, 0m);
            foreach (var (line, row) in rows)
            {
                var decision = await decide(batch.Now(idOf(row)), row, batch.Pen);
                faults.AddRange(decision.Faults.Select(fault => CsvList.In(line, fault)));
                batch.Append(idOf(row), decision.Events);
                (added, unchanged, total) = decision.Events.Count > 0 ? (added + 1, unchanged, total + amountOf(row)) : (added, unchanged + 1, total);
            }

            if (faults.Count > 0)
            {
                return Bad(faults);
            }

            if (isDryRun || await batch.Commit(isLast: attempt == Attempts, cancel))
            {
                return new MoneyOutcome<ListImport>(new ListImport(added, unchanged, total, isDryRun), []);
            }
        }
    }

    private static MoneyOutcome<ListImport> Bad(List<MoneyFault> faults) => new(null, [.. faults.Take(MaxFaults)]);

    private static ObligationTerms Terms(CsvRow row) => WriteRepaymentsHandler.Tidy(new ObligationTerms(
        row.Text("reference"), row.Name<ObligorKind>("kind"), row.Text("name"), row.Text("department"), row.Number("year"), row.Amount("amount"), row.Day("on"),
        row.Has("instrument") ? row.Name<ObligationInstrument>("instrument") : ObligationInstrument.AuditReport,
        row.Has("cause") ? row.Name<ObligationCause>("cause") : ObligationCause.Overpayment, row.Text("finding")));

    private sealed record ListedDeposit(string Reference, DateOnly On, string Document, decimal Amount);
}

/// <summary>A list with a first line of names.</summary>
internal static class CsvList
{
    /// <summary>Reads rows, and says of every field that cannot be read where it stands and what to write there.</summary>
    public static (IReadOnlyList<(int Line, TRow Row)> Rows, List<MoneyFault> Faults) Read<TRow>(string csv, int maxRows, IReadOnlyList<string> needed, Func<CsvRow, TRow> read)
    {
        var (rows, faults) = (new List<(int, TRow)>(), new List<MoneyFault>());
        var records = Csv.Read(csv.TrimStart('\uFEFF'));
        var names = records.Count == 0 ? [] : records[0].Select(name => name.Trim().ToLowerInvariant()).ToList();
        if (needed.Where(name => !names.Contains(name)).ToArray() is { Length: > 0 } missing)
        {
            faults.Add(new("csv.header", $"The first line names the columns; missing: {string.Join(", ", missing)}.", $"Baris pertama berisi nama kolom; belum ada: {string.Join(", ", missing)}.", "csv"));
            return (rows, faults);
        }

        if (records.Count - 1 > maxRows)
        {
            faults.Add(new("csv.too_long", $"At most {maxRows} lines at once.", $"Paling banyak {maxRows} baris sekaligus.", "csv"));
            return (rows, faults);
        }

        for (var i = 1; i < records.Count; i++)
        {
            if (records[i].All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            var row = new CsvRow(names, records[i]);
            var value = read(row);
            faults.AddRange(row.Faults.Select(fault => In(i + 1, fault)));
            if (row.Faults.Count == 0)
            {
                rows.Add((i + 1, value));
            }
        }

        return (rows, faults);
    }

    /// <summary>A fault of a line.</summary>
    public static MoneyFault In(int line, MoneyFault fault) => fault with { Field = $"line {line.ToString(CultureInfo.InvariantCulture)}.{fault.Field}" };
}

/// <summary>A line of a list; what cannot be read is noted.</summary>
internal sealed class CsvRow(IReadOnlyList<string> names, IReadOnlyList<string> record)
{
    public List<MoneyFault> Faults { get; } = [];

    public bool Has(string name) => Text(name).Length > 0;

    public string Text(string name) => IndexOf(name) is >= 0 and var at && at < record.Count ? record[at].Trim() : "";

    public int Number(string name) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Bad<int>(name, "a whole number", "bilangan bulat");

    public decimal Amount(string name) => Contracts.Amount.Read(Text(name)) is { } amount ? amount
        : Bad<decimal>(name, "an amount in rupiah: 1250000, 1.250.000 or 1.250.000,50", "jumlah rupiah: 1250000, 1.250.000, atau 1.250.000,50");

    public DateOnly Day(string name) => DateOnly.TryParseExact(Text(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : Bad<DateOnly>(name, "a date as 2016-10-31", "tanggal seperti 2016-10-31");

    public T Name<T>(string name) where T : struct, Enum =>
        Text(name) is var text && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value
            : Bad<T>(name, $"one of {string.Join(", ", Choices<T>())}", $"salah satu dari {string.Join(", ", Choices<T>())}");

    private static IEnumerable<string> Choices<T>() where T : struct, Enum => Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName);

    private int IndexOf(string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private T Bad<T>(string name, string english, string indonesian) where T : struct
    {
        Faults.Add(new($"{name}.invalid", $"'{Text(name)}' cannot be read; write {english}.", $"'{Text(name)}' tidak terbaca; tulis {indonesian}.", name));
        return default;
    }
}
