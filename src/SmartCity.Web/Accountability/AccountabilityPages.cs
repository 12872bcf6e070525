using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Accountability;

/// <summary>What is late and with whom, cases against heads, and how departments have done.</summary>
internal static class AccountabilityPages
{
    public static Task<IResult> Ladder(HttpContext http, ISender sender, CancellationToken cancel) => DrawLadder(null, http, sender, cancel);

    public static async Task<IResult> Extend(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var days = int.TryParse(http.Request.Form.Text("hari"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        return await Next(await sender.Send(new ExtendDeadline(http.Regency().Id, ticket, days, http.Request.Form.TextOrNull("alasan")), cancel), "diperpanjang", ticket, http, sender, cancel);
    }

    public static async Task<IResult> TakeOver(string ticket, HttpContext http, ISender sender, CancellationToken cancel) =>
        await Next(await sender.Send(new TakeOverReport(http.Regency().Id, ticket), cancel), "diambil", ticket, http, sender, cancel);

    public static async Task<IResult> OpenCase(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var opened = await sender.Send(new OpenCase(http.Regency().Id, http.Request.Form.TextOrNull("opd"), [ticket], null, http.Request.Form.TextOrNull("alasan")), cancel);
        return opened.Value is { } one ? Pages.SeeOther($"/{http.Regency().Id}/meja/perkara#{one.Id}") : await DrawLadder(opened.Denial, http, sender, cancel);
    }

    public static Task<IResult> Cases(HttpContext http, ISender sender, CancellationToken cancel) => DrawCases(null, http, sender, cancel);

    public static async Task<IResult> MoveCase(string id, string move, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        IRequest<Decided<CaseDetails>>? command = move switch
        {
            "add" => new AddToCase(regency, id, form.TextOrNull("laporan")),
            "state" => new StateInCase(regency, id, form.TextOrNull("isi")),
            "decide" => new DecideCase(regency, id, form.TextOrNull("putusan"), form.TextOrNull("isi")),
            "close" => new CloseCase(regency, id, form.TextOrNull("isi")),
            _ => null,
        };
        if (command is null)
        {
            return Pages.NotFound();
        }

        var decided = await sender.Send(command, cancel);
        return decided.Value is not null ? Pages.SeeOther($"/{regency}/meja/perkara#{id}") : await DrawCases(decided.Denial, http, sender, cancel);
    }

    public static async Task<IResult> Scoreboard(HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency();
        var (from, until) = Period(http, regency, time);
        return Pages.Show<ScoreboardView>(new { Board = await sender.Send(new GetScoreboard(regency.Id, from, until), cancel) });
    }

    public static async Task<IResult> SideBySide(HttpContext http, ISender sender, RegencyRegistry regencies, TimeProvider time, CancellationToken cancel)
    {
        var boards = new List<Scoreboard>();
        foreach (var regency in await regencies.All(cancel))
        {
            var (from, until) = Period(http, regency, time);
            boards.Add(await sender.Send(new GetScoreboard(regency.Id, from, until), cancel));
        }

        return Pages.Show<SideBySideView>(new { Boards = boards });
    }

    // A period that makes no sense is this year's: a page has no error for a date in its address.
    private static (DateOnly From, DateOnly Until) Period(HttpContext http, Regency regency, TimeProvider time)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone).Date);
        DateOnly Day(string name, DateOnly otherwise) => DateOnly.TryParseExact(http.Request.Query[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? day : otherwise;
        var until = Day("sampai", today) is var last && last <= today ? last : today;
        var from = Day("dari", new DateOnly(until.Year, 1, 1));
        return from <= until && until.DayNumber - from.DayNumber < 366 ? (from, until) : (new DateOnly(until.Year, 1, 1), until);
    }

    private static async Task<IResult> Next(Decided<LadderPlace> decided, string done, string ticket, HttpContext http, ISender sender, CancellationToken cancel) => decided.Value is not null
        ? Pages.SeeOther($"/{http.Regency().Id}/meja/tangga?{done}={Uri.EscapeDataString(ticket)}") : await DrawLadder(decided.Denial, http, sender, cancel);

    private static async Task<IResult> DrawLadder(Denial? denial, HttpContext http, ISender sender, CancellationToken cancel) => Pages.Show<LadderPage>(new
    {
        Shown = ShownDay.Read(http),
        View = await sender.Send(new GetLadder(http.Regency().Id, http.Request.Query["jabatan"].FirstOrDefault() is { Length: > 0 and <= 64 } office ? office : null, ShownDay.Read(http).Day), cancel),
        Names = await Names.Of(http.Regency().Id, sender, cancel),
        Denial = denial,
    }, Status(denial));

    private static async Task<IResult> DrawCases(Denial? denial, HttpContext http, ISender sender, CancellationToken cancel) => Pages.Show<CasesView>(new
    {
        Shown = ShownDay.Read(http),
        Cases = await sender.Send(new GetCases(http.Regency().Id, ShownDay.Read(http).Day), cancel),
        Names = await Names.Of(http.Regency().Id, sender, cancel),
        Denial = denial,
    }, Status(denial));

    private static int Status(Denial? denial) => denial?.Kind switch
    {
        null => StatusCodes.Status200OK,
        DenialKind.NotFound => StatusCodes.Status404NotFound,
        DenialKind.Forbidden => StatusCodes.Status403Forbidden,
        DenialKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };
}

/// <summary>Words of the ladder and of cases.</summary>
internal static class LadderWords
{
    public static (string Indonesian, string English) Of(string office, Names names, Language language) => office switch
    {
        "regent" => ("Bupati/Wali Kota", "Regent/Mayor"),
        "secretary" => ("Sekretaris Daerah", "Regional secretary"),
        _ when SmartCity.Departments.Contracts.Offices.DepartmentOf(office) is { } code => ($"Kepala {names.Department(code, language)}", $"Head of {names.Department(code, language)}"),
        _ => (office, office),
    };

    public static (string Indonesian, string English) Of(Step step) => step switch
    {
        Step.Acknowledge => ("pemberitahuan diterima", "acknowledgement"),
        Step.Assign => ("verifikasi dan disposisi", "verification and assignment"),
        Step.Answer => ("tindak lanjut pertama", "first answer"),
        _ => ("penyelesaian", "settlement"),
    };

    public static (string Indonesian, string English) Of(CaseState state) => state switch
    {
        CaseState.Open => ("menunggu keterangan kepala OPD", "waits for the head's statement"),
        CaseState.Stated => ("keterangan sudah ada, menunggu putusan", "statement given, waits for the decision"),
        CaseState.Decided => ("sudah diputus", "decided"),
        _ => ("ditutup", "closed"),
    };

    public static (string Indonesian, string English) Of(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Explained => ("penjelasan diterima", "explained"),
        CaseOutcome.Reminder => ("teguran lisan", "reminder"),
        CaseOutcome.WrittenWarning => ("teguran tertulis", "written warning"),
        _ => ("diserahkan ke Inspektorat", "referred to the Inspectorate"),
    };

    public static (string Indonesian, string English) OfClass(string name) => name switch
    {
        "complaint" => ("Pengaduan", "Complaints"),
        "oversight" => ("Pengaduan berkadar pengawasan", "Complaints with oversight content"),
        "aspiration" => ("Aspirasi", "Aspirations"),
        "information" => ("Permintaan informasi", "Information requests"),
        "proposal" => ("Usulan", "Proposals"),
        _ => (name, name),
    };
}

/// <summary>What stands on which rung.</summary>
public partial class LadderPage;

/// <summary>Cases against heads of departments.</summary>
public partial class CasesView;

/// <summary>How the departments of a regency have done.</summary>
public partial class ScoreboardView;

/// <summary>How regencies have done, side by side.</summary>
public partial class SideBySideView;

/// <summary>One row of numbers.</summary>
public partial class ScoreCells;
