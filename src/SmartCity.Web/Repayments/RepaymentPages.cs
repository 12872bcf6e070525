using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Repayments;

/// <summary>Of which day and period the figures on a page are; kept in the address.</summary>
/// <param name="Time">As asked, or today.</param>
/// <param name="Fault">What could not be read.</param>
public sealed record ShownTime(FigureTime Time, string? Fault)
{
    internal static ShownTime Read(IQueryCollection query, DateOnly today)
    {
        var (asOf, from) = (Day(query, "tanggal"), Day(query, "dari"));
        var fault = asOf.IsWrong ? "tanggal" : from.IsWrong || from.Day > (asOf.Day ?? today) ? "dari" : null;
        return new ShownTime(new FigureTime(asOf.Day ?? today, fault is null ? from.Day : null), fault);
    }

    internal string Query => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("tanggal", Iso(Time.AsOf)), new("dari", Time.From is { } from ? Iso(from) : null),
    }.Where(p => p.Value is not null)).ToString();

    internal static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static (DateOnly? Day, bool IsWrong) Day(IQueryCollection query, string name) => query[name].FirstOrDefault() is not { Length: > 0 } text ? (null, false)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? (day, false) : (null, true);
}

/// <summary>What was typed about a deposit and why it was not taken.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Fields">What was typed.</param>
/// <param name="Faults">Why not.</param>
public sealed record RepaymentDraft(string Form, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<MoneyFault> Faults)
{
    /// <summary>What was typed into a field of a form.</summary>
    public string? Of(string form, string field) => form == Form ? Fields.GetValueOrDefault(field) : null;
}

/// <summary>Money to be paid back: sums for everybody, names and ledgers for those who may read them, letters of the treasury.</summary>
internal static class RepaymentPages
{
    public static async Task<IResult> Overview(HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var shown = ShownTime.Read(http.Request.Query, Today(http, time));
        var access = await sender.Send(new GetMoneyAccess(regency), cancel);
        var none = new ObligationFilter();
        return Pages.Show<RepaymentOverview>(new
        {
            Shown = shown,
            Access = access,
            Summary = await sender.Send(new GetRepaymentSummary(regency, shown.Time), cancel),
            Ages = await sender.Send(new GetRepaymentAgeing(regency, shown.Time), cancel),
            Years = await sender.Send(new GetRepaymentGroups(regency, RepaymentGrouping.Year, shown.Time, none), cancel),
            Departments = await sender.Send(new GetRepaymentGroups(regency, RepaymentGrouping.Department, shown.Time, none), cancel),
            Contractors = access.ReadsAny ? await sender.Send(new GetRepaymentGroups(regency, RepaymentGrouping.Contractor, shown.Time, none), cancel) : [],
            Names = await Names.Of(regency, sender, cancel),
        });
    }

    public static Task<IResult> Findings(HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) => Findings(null, StatusCodes.Status200OK, http, sender, time, cancel);

    /// <summary>Officials propose, the auditor decides.</summary>
    public static async Task<IResult> FollowUp(string id, int number, string step, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var state = Enum.TryParse<FollowUpState>(form.Text("status"), ignoreCase: true, out var read) && Enum.IsDefined(read) ? read : (FollowUpState)(-1);
        IRequest<MoneyOutcome<AuditReport>>? command = step switch
        {
            "usul" => new ProposeFollowUp(regency, id, number, state, form.Text("dokumen"), form.TextOrNull("penjelasan")),
            "putus" => new DecideFollowUp(regency, id, number, state, form.Text("dokumen"), form.TextOrNull("penjelasan")),
            _ => null,
        };
        if (command is null)
        {
            return Pages.NotFound();
        }

        var outcome = await sender.Send(command, cancel);
        return outcome.IsDone ? Pages.SeeOther($"/{regency}/pengembalian/temuan?tersimpan=1")
            : await Findings(new RepaymentDraft($"{id}.{number}.{step}", form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Faults), Status(outcome.Kind), http, sender, time, cancel);
    }

    private static async Task<IResult> Findings(RepaymentDraft? draft, int status, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var shown = ShownTime.Read(http.Request.Query, Today(http, time));
        var access = await sender.Send(new GetMoneyAccess(regency), cancel);
        return !access.ReadsAny ? Pages.Error(StatusCodes.Status403Forbidden) : Pages.Show<FindingList>(new
        {
            Shown = shown,
            Access = access,
            Draft = draft,
            Summary = await sender.Send(new GetFollowUpSummary(regency, shown.Time.AsOf), cancel),
            Reports = (await sender.Send(new ListAuditReports(regency, shown.Time.AsOf, null, int.MaxValue), cancel)).Reports,
            Names = await Names.Of(regency, sender, cancel),
        }, status);
    }

    public static Task<IResult> One(string id, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) => Ledger(id, null, StatusCodes.Status200OK, http, sender, time, cancel);

    /// <summary>The next letter as it would be; nothing is written until it is issued.</summary>
    public static Task<IResult> DraftLetter(string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        Draft(id, http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), null, StatusCodes.Status200OK, http, sender, cancel);

    public static async Task<IResult> IssueLetter(string id, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var typed = form.ToDictionary(f => f.Key, f => f.Value.ToString());
        var outcome = await sender.Send(new IssueLetter(
            regency, id, form.Text("nomor"), LetterDay(typed), LetterDays(typed), form.Text("penandatangan"), form.TextOrNull("jabatan")), cancel);
        return outcome.IsDone ? Pages.SeeOther($"/{regency}/pengembalian/rekanan/{id}/surat/{outcome.Value!.Id[(outcome.Value.Id.LastIndexOf('.') + 1)..]}")
            : await Draft(id, typed, outcome.Faults, Status(outcome.Kind), http, sender, cancel);
    }

    /// <summary>A letter as it was issued, to be printed again.</summary>
    public static async Task<IResult> IssuedLetter(string id, int number, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var key = $"{id}.{number.ToString(CultureInfo.InvariantCulture)}";
        return (await sender.Send(new GetLetters(regency, id), cancel)).FirstOrDefault(l => l.Id == key) is not { } letter ? Pages.NotFound()
            : Pages.Show<LetterView>(new { Letter = letter, Access = await sender.Send(new GetMoneyAccess(regency), cancel) });
    }

    private static async Task<IResult> Draft(
        string id, Dictionary<string, string> typed, IReadOnlyList<MoneyFault>? faults, int status, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        string? Text(string name) => typed.GetValueOrDefault(name)?.Trim() is { Length: > 0 and <= 200 } text ? text : null;
        return await sender.Send(new DraftLetter(regency, id, Text("nomor"), LetterDay(typed), LetterDays(typed), Text("penandatangan"), Text("jabatan")), cancel) is not { } letter ? Pages.NotFound()
            : Pages.Show<LetterView>(new { Letter = letter, Access = await sender.Send(new GetMoneyAccess(regency), cancel), Faults = faults ?? [] }, status);
    }

    private static DateOnly? LetterDay(Dictionary<string, string> typed) =>
        DateOnly.TryParseExact(typed.GetValueOrDefault("tanggal"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? day : null;

    private static int? LetterDays(Dictionary<string, string> typed) => int.TryParse(typed.GetValueOrDefault("hari"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;

    /// <summary>Agrees on instalments: one a line, or so many equal ones a month apart.</summary>
    public static async Task<IResult> Agree(string id, string obligation, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var faults = new List<MoneyFault>();
        var instalments = form.TextOrNull("angsuran") is { } text ? InstalmentText.Read(text, faults)
            : int.TryParse(form.Text("kali"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is > 0 and <= 240
                && DateOnly.TryParseExact(form.Text("mulai"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1900 and < 2200
                && await sender.Send(new GetObligation(regency, obligation, new FigureTime(Today(http, time))), cancel) is { } known
                ? InstalmentText.Equal(known.Balance.Owed, times, first) : [];
        return await Next(id, $"jadwal-{obligation}", faults.Count > 0 ? new MoneyOutcome<Obligation>(null, faults)
            : await sender.Send(new AgreeInstalments(regency, obligation, instalments, form.Text("dokumen")), cancel), http, sender, time, cancel);
    }

    public static async Task<IResult> Deposit(string id, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var isDay = DateOnly.TryParseExact(form.Text("tanggal"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on);
        return await Next(id, "setoran", await sender.Send(new RecordDeposit(
            regency, form.Text("kewajiban"), isDay ? on : default, form.Text("dokumen"), Amount.Read(form.Text("jumlah")) ?? 0, form.IsTicked("konfirmasi")), cancel), http, sender, time, cancel);
    }

    public static async Task<IResult> Confirm(string id, string obligation, int entry, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) =>
        await Next(id, "konfirmasi", await sender.Send(new ConfirmDeposit(http.Regency().Id, obligation, entry), cancel), http, sender, time, cancel);

    public static async Task<IResult> Reverse(string id, string obligation, int entry, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) =>
        await Next(id, $"{obligation}.{entry}", await sender.Send(new ReverseEntry(http.Regency().Id, obligation, entry, http.Request.Form.Text("alasan")), cancel), http, sender, time, cancel);

    private static async Task<IResult> Next(string id, string form, MoneyOutcome<Obligation> outcome, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel) =>
        outcome.IsDone ? Pages.SeeOther($"/{http.Regency().Id}/pengembalian/rekanan/{id}?tersimpan=1")
            : await Ledger(id, new RepaymentDraft(form, http.Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Faults), Status(outcome.Kind), http, sender, time, cancel);

    private static int Status(MoneyFaultKind kind) => kind switch
    {
        MoneyFaultKind.NotFound => StatusCodes.Status404NotFound,
        MoneyFaultKind.Conflict => StatusCodes.Status409Conflict,
        MoneyFaultKind.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private static async Task<IResult> Ledger(string id, RepaymentDraft? draft, int status, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var shown = ShownTime.Read(http.Request.Query, Today(http, time));
        var found = await sender.Send(new ListObligations(regency, new ObligationFilter(Obligor: id), shown.Time with { From = null }, null, int.MaxValue), cancel);
        return found.Obligations.Count == 0 ? Pages.NotFound() : Pages.Show<ContractorLedger>(new
        {
            Shown = shown,
            Access = await sender.Send(new GetMoneyAccess(regency), cancel),
            Obligations = found.Obligations.OrderBy(o => o.On).ThenBy(o => o.Reference, StringComparer.Ordinal).ToList(),
            Draft = draft,
            Letters = await sender.Send(new GetLetters(regency, id, AsOf: shown.Time.AsOf), cancel),
            Names = await Names.Of(regency, sender, cancel),
        }, status);
    }

    private static DateOnly Today(HttpContext http, TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), http.Regency().Zone).Date);
}

/// <summary>Instalments as they are typed, and how each of them stands.</summary>
internal static class InstalmentText
{
    private static readonly string[] Days = ["yyyy-MM-dd", "d/M/yyyy", "d-M-yyyy"];

    /// <summary>A date and an amount a line; what cannot be read is named by its line.</summary>
    public static IReadOnlyList<Instalment> Read(string text, List<MoneyFault> faults)
    {
        var found = new List<Instalment>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var parts = lines[i].Trim().Split([' ', '\t', ';'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 0)
            {
                continue;
            }

            if (DateOnly.TryParseExact(parts[0], Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && parts.Length == 2 && Amount.Read(parts[1]) is { } amount)
            {
                found.Add(new Instalment(day, amount));
            }
            else
            {
                faults.Add(new("instalments.line", $"Line {i + 1}: write a date and an amount, such as 2027-01-31 1.250.000.", $"Baris {i + 1}: tulis tanggal dan jumlah, misalnya 2027-01-31 1.250.000.", "instalments"));
            }
        }

        return found;
    }

    /// <summary>So many equal instalments of whole rupiah, a month apart; the last takes what is left over.</summary>
    public static IReadOnlyList<Instalment> Equal(decimal owed, int times, DateOnly first)
    {
        var each = decimal.Floor(owed / times);
        return [.. Enumerable.Range(0, times).Select(i => new Instalment(first.AddMonths(i), i == times - 1 ? owed - (each * (times - 1)) : each))];
    }

    /// <summary>Each instalment with what has been paid of it: deposits pay the oldest first.</summary>
    public static IEnumerable<(Instalment Instalment, decimal Paid, bool IsLate)> Paid(Obligation obligation, DateOnly asOf)
    {
        var left = obligation.Balance.Deposited;
        foreach (var instalment in obligation.Schedule)
        {
            var paid = Math.Min(left, instalment.Amount);
            left -= paid;
            yield return (instalment, paid, instalment.DueOn < asOf && paid < instalment.Amount);
        }
    }
}

/// <summary>Repayments in words.</summary>
internal static class RepaymentWords
{
    /// <summary><c>31 Oktober 2016</c></summary>
    public static string Day(DateOnly day, Language language) => Dates.Day(day, language);

    public static (string Indonesian, string English) Of(Letter letter) => letter.Kind == LetterKind.Demand ? ("Surat tagihan", "Letter of demand")
        : letter.Level == 2 ? ("Surat teguran (penagihan kedua)", "Reminder (second letter)") : ("Surat teguran (penagihan ketiga dan terakhir)", "Reminder (third and last letter)");

    public static (string Indonesian, string English) OfBand(string band) => band switch
    {
        "under1" => ("Kurang dari 1 tahun", "Under 1 year"),
        "from1to3" => ("1 sampai 3 tahun", "1 to 3 years"),
        "from3to5" => ("3 sampai 5 tahun", "3 to 5 years"),
        _ => ("Lebih dari 5 tahun", "Over 5 years"),
    };

    public static (string Indonesian, string English) Of(FollowUpState state) => state switch
    {
        FollowUpState.Settled => ("Sesuai", "Settled"),
        FollowUpState.InProgress => ("Belum sesuai", "In progress"),
        FollowUpState.NotFollowedUp => ("Belum ditindaklanjuti", "Not followed up"),
        _ => ("Tidak dapat ditindaklanjuti", "Cannot be followed up"),
    };

    public static string Tone(FollowUpState state) => state switch
    {
        FollowUpState.Settled => "settled",
        FollowUpState.InProgress => "inprogress",
        FollowUpState.NotFollowedUp => "queued",
        _ => "withdrawn",
    };

    public static (string Indonesian, string English) Of(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Obligation => ("Kewajiban", "Obligation"),
        LedgerEntryKind.Deposit => ("Setoran", "Deposit"),
        _ => ("Pembalik", "Reversal"),
    };

    public static (string Indonesian, string English) Of(ObligorKind kind) => kind switch
    {
        ObligorKind.Contractor => ("Rekanan", "Contractor"),
        ObligorKind.Official => ("Pegawai", "Official"),
        ObligorKind.Treasurer => ("Bendahara", "Treasurer"),
        _ => ("Lainnya", "Other"),
    };
}

/// <summary>Sums, ages, and per contractor.</summary>
public partial class RepaymentOverview;

/// <summary>Audit reports with their findings and where each recommendation stands.</summary>
public partial class FindingList;

/// <summary>All that one obligor owes and has paid, and the forms of the treasury.</summary>
public partial class ContractorLedger;

/// <summary>A letter to print.</summary>
public partial class LetterView;

/// <summary>Chooses the day of the figures.</summary>
public partial class TimeFilter;
