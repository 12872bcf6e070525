using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Planning;

/// <summary>What of the plan is shown; kept in the address.</summary>
/// <param name="FiscalYear">Budget year.</param>
/// <param name="District">District code.</param>
/// <param name="State">How far the works are.</param>
/// <param name="Department">Department code.</param>
/// <param name="After">Cursor of a later page.</param>
public sealed record PlanFilter(int? FiscalYear, string? District, PlannedWorkState? State, string? Department, string? After)
{
    /// <summary>Anything but everything.</summary>
    public bool IsSet => this with { After = null } != new PlanFilter(null, null, null, null, null);

    internal static PlanFilter Read(IQueryCollection query) => new(
        int.TryParse(Value(query, "tahun"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null, Value(query, "kecamatan"),
        Enum.TryParse<PlannedWorkState>(Value(query, "status"), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null, Value(query, "opd"), Value(query, "setelah"));

    internal string Address(string path, string? after = null) => path + QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("tahun", FiscalYear?.ToString(CultureInfo.InvariantCulture)), new("kecamatan", District), new("status", State?.ToString().ToLowerInvariant()), new("opd", Department), new("setelah", after),
    }.Where(p => p.Value is not null));

    private static string? Value(IQueryCollection query, string name) => query[name].FirstOrDefault() is { Length: > 0 and <= 100 } value ? value : null;
}

/// <summary>What somebody typed about a planned work and why it was not taken.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Fields">What was typed, by the field's name.</param>
/// <param name="Faults">Why not.</param>
public sealed record PlanDraft(string Form, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<PlanFault> Faults)
{
    /// <summary>What was typed into a field of a form.</summary>
    public string? Of(string form, string field) => form == Form ? Fields.GetValueOrDefault(field) : null;
}

/// <summary>What is planned when and for how much, for everybody; and the forms of those who plan.</summary>
internal static class PlanPages
{
    private const int PageSize = 100, Shown = 50;

    public static async Task<IResult> List(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, filter) = (http.Regency().Id, PlanFilter.Read(http.Request.Query));
        return Pages.Show<PlanList>(new
        {
            Filter = filter,
            Totals = await sender.Send(new GetPlannedWorkTotals(regency, filter.FiscalYear), cancel),
            Works = await sender.Send(new ListPlannedWorks(regency, new PlannedWorkFilter(filter.District, filter.FiscalYear, filter.State, filter.Department), filter.After, PageSize), cancel),
            Names = await Names.Of(regency, sender, cancel),
        });
    }

    public static Task<IResult> Show(string id, HttpContext http, ISender sender, CancellationToken cancel) => One(id, null, StatusCodes.Status200OK, http, sender, cancel);

    public static Task<IResult> New(HttpContext http, ISender sender, CancellationToken cancel) => Form(null, StatusCodes.Status200OK, http, sender, cancel);

    public static async Task<IResult> Plan(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var terms = Read(form);
        var outcome = await sender.Send(new PlanWork(regency, terms), cancel);
        return outcome.IsDone ? Pages.SeeOther($"/{regency}/rencana/{outcome.Work!.Id}?tersimpan=1") : await Form(Draft("new", form, outcome), Status(outcome), http, sender, cancel);
    }

    public static async Task<IResult> Change(string id, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var terms = Read(form);
        var outcome = await sender.Send(new ChangePlannedWork(
            regency, id, terms.Name, terms.Department, terms.Districts, terms.FiscalYear, terms.Cost, terms.Source, form.TextOrNull("alasan"), SeenVersion(form)), cancel);
        return await Next(id, "change", outcome, form, http, sender, cancel);
    }

    public static async Task<IResult> Move(string id, string step, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (!Enum.TryParse<PlannedWorkState>(step, ignoreCase: true, out var to) || !Enum.IsDefined(to) || to == PlannedWorkState.Planned)
        {
            return Pages.NotFound();
        }

        return await Next(id, step, await sender.Send(new MovePlannedWork(http.Regency().Id, id, to, form.TextOrNull("alasan"), SeenVersion(form)), cancel), form, http, sender, cancel);
    }

    /// <summary>Whether somebody may plan for a department.</summary>
    public static bool MayPlan(Actor actor, string department) => actor.Role is Role.Dispatcher or Role.Regent || (actor.Role == Role.Officer && actor.Department == department);

    private static PlannedWorkTerms Read(IFormCollection form) => new(
        form.Text("nama"), form.Text("opd"), [.. form["kecamatan"].OfType<string>().Where(code => code.Length > 0)],
        int.TryParse(form.Text("tahun"), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : 0, Rupiah.Read(form.Text("biaya")) ?? -1, form.Text("sumber"));

    private static long? SeenVersion(IFormCollection form) => long.TryParse(form.Text("versi"), CultureInfo.InvariantCulture, out var version) ? version : null;

    private static PlanDraft Draft(string name, IFormCollection form, PlannedWorkOutcome outcome) => new(name, form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Faults);

    private static int Status(PlannedWorkOutcome outcome) => outcome.Kind switch
    {
        PlanFaultKind.NotFound => StatusCodes.Status404NotFound,
        PlanFaultKind.Conflict => StatusCodes.Status409Conflict,
        PlanFaultKind.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private static async Task<IResult> Next(string id, string name, PlannedWorkOutcome outcome, IFormCollection form, HttpContext http, ISender sender, CancellationToken cancel) =>
        outcome.IsDone ? Pages.SeeOther($"/{http.Regency().Id}/rencana/{outcome.Work!.Id}?tersimpan=1") : await One(id, Draft(name, form, outcome), Status(outcome), http, sender, cancel);

    private static async Task<IResult> One(string id, PlanDraft? draft, int status, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return await sender.Send(new GetPlannedWork(regency, id), cancel) is not { } work ? Pages.NotFound() : Pages.Show<PlanView>(new
        {
            Work = work,
            Reports = (await sender.Send(new ListReports(regency, new ReportFilter(PlannedWork: work.Id), Limit: Shown), cancel)).Reports,
            Names = await Names.Of(regency, sender, cancel),
            Draft = draft,
        }, status);
    }

    private static async Task<IResult> Form(PlanDraft? draft, int status, HttpContext http, ISender sender, CancellationToken cancel) =>
        Pages.Show<PlanNew>(new { Draft = draft, Names = await Names.Of(http.Regency().Id, sender, cancel) }, status);
}

/// <summary>Planned works in words.</summary>
internal static class PlanWords
{
    public static (string Indonesian, string English) Of(PlannedWorkState state) => state switch
    {
        PlannedWorkState.Planned => ("Direncanakan", "Planned"),
        PlannedWorkState.Started => ("Sedang dikerjakan", "Under way"),
        PlannedWorkState.Done => ("Selesai", "Done"),
        _ => ("Dibatalkan", "Cancelled"),
    };

    /// <summary>The class that gives a badge its colour.</summary>
    public static string Tone(PlannedWorkState state) => state switch
    {
        PlannedWorkState.Planned => "queued",
        PlannedWorkState.Started => "inprogress",
        PlannedWorkState.Done => "settled",
        _ => "withdrawn",
    };

    public static PlannedWorkState State(string state) => Enum.TryParse<PlannedWorkState>(state, ignoreCase: true, out var read) ? read : PlannedWorkState.Planned;

    public static (string Indonesian, string English) OfOutcome(string? kind) => kind switch
    {
        AnswerOutcomes.Done => ("Selesai", "Done"),
        AnswerOutcomes.Scheduled => ("Dijadwalkan", "Scheduled"),
        AnswerOutcomes.NeedsBudget => ("Perlu anggaran", "Needs budget"),
        AnswerOutcomes.NotPossible => ("Tidak dapat dilaksanakan", "Not possible"),
        _ => ("", ""),
    };
}

/// <summary>Totals per district and year, and the works.</summary>
public partial class PlanList;

/// <summary>One planned work, who asks for it, and its forms.</summary>
public partial class PlanView;

/// <summary>The form of a new work.</summary>
public partial class PlanNew;

/// <summary>Fields of a work.</summary>
public partial class PlanFields;

/// <summary>Where the money for what a report asks for stands.</summary>
public partial class FundingView;
