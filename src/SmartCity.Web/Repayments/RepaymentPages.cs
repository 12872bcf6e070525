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

/// <summary>A letter as the treasury sends it.</summary>
/// <param name="IsReminder">A reminder, not the first demand.</param>
/// <param name="Number">Number in the register of letters; none yet: dots.</param>
/// <param name="On">Date of the letter.</param>
/// <param name="DueOn">By when to pay.</param>
/// <param name="Signatory">Name of who signs.</param>
/// <param name="Position">The office of who signs.</param>
public sealed record LetterDetails(bool IsReminder, string? Number, DateOnly On, DateOnly DueOn, string? Signatory, string Position);

/// <summary>Money to be paid back: sums for everybody, names and ledgers for those who may read them, letters of the treasury.</summary>
internal static class RepaymentPages
{
    private const int DaysToPay = 30;

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

    public static async Task<IResult> Letter(string id, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var (regency, query, today) = (http.Regency(), http.Request.Query, Today(http, time));
        string? Text(string name) => query[name].FirstOrDefault()?.Trim() is { Length: > 0 and <= 200 } text ? text : null;
        var on = ShownTime.Day(query, "tanggal").Day ?? today;
        var found = await sender.Send(new ListObligations(regency.Id, new ObligationFilter(Obligor: id), new FigureTime(on), null, int.MaxValue), cancel);
        var due = ShownTime.Day(query, "batas").Day ?? on.AddDays(DaysToPay);
        return found.Obligations.Count == 0 ? Pages.NotFound() : Pages.Show<LetterView>(new
        {
            Obligations = found.Obligations.Where(o => o.Balance.Outstanding > 0).ToList(),
            found.Obligations[0].Obligor,
            Letter = new LetterDetails(Text("jenis") == "teguran", Text("nomor"), on, due, Text("penandatangan"), Text("jabatan") ?? "Kepala BPKAD"),
            Names = await Names.Of(regency.Id, sender, cancel),
        });
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
            Names = await Names.Of(regency, sender, cancel),
        }, status);
    }

    private static DateOnly Today(HttpContext http, TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), http.Regency().Zone).Date);
}

/// <summary>Repayments in words.</summary>
internal static class RepaymentWords
{
    /// <summary><c>31 Oktober 2016</c></summary>
    public static string Day(DateOnly day, Language language) => Dates.Day(day, language);

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
