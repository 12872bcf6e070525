using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Contracts;
using SmartCity.Channels.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Filing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Following;

/// <summary>What somebody typed into a form of a report and why it was not taken.</summary>
/// <param name="Move">Which form.</param>
/// <param name="Fields">What was typed, by the field's name.</param>
/// <param name="Refusals">Why not.</param>
public sealed record MoveDraft(string Move, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<Refusal> Refusals)
{
    /// <summary>What was typed into a field of a form.</summary>
    public string? Of(string move, string field) => move == Move ? Fields.GetValueOrDefault(field) : null;
}

/// <summary>One report: what was written, what became of it, and what the reader can do about it.</summary>
internal static class OneReportPage
{
    public static Task<IResult> Show(string ticket, HttpContext http, ISender sender, Receipts receipts, CallContext call, CancellationToken cancel) =>
        Draw(ticket, null, StatusCodes.Status200OK, http, sender, receipts, call, cancel);

    /// <summary>A photo for the reporter of a report that is not public.</summary>
    public static async Task<IResult> Photo(string ticket, int number, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (report, secret) = await ReporterAccess.Find(ticket, http, sender, cancel);
        if (report is null || await sender.Send(new GetPhoto(http.Regency().Id, report.Ticket, number, http.Request.Query["size"] == "small", secret), cancel) is not { } photo
            || await photo.Open(cancel) is not { } content)
        {
            return Pages.NotFound();
        }

        http.Response.Headers.CacheControl = "private, max-age=3600";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Stream(content, "image/jpeg");
    }

    // Of a long plan the form offers the first; the others are named.
    private static async Task<IReadOnlyList<PlannedWork>> Works(string regency, Actor actor, ISender sender, CancellationToken cancel)
    {
        var department = actor.Role == Role.Officer ? actor.Department : null;
        var planned = await sender.Send(new ListPlannedWorks(regency, new PlannedWorkFilter(State: PlannedWorkState.Planned, Department: department), Limit: 200), cancel);
        var started = await sender.Send(new ListPlannedWorks(regency, new PlannedWorkFilter(State: PlannedWorkState.Started, Department: department), Limit: 200), cancel);
        return [.. planned.Works.Concat(started.Works).OrderBy(work => work.Terms.FiscalYear).ThenBy(work => work.Terms.Name, StringComparer.CurrentCulture)];
    }

    internal static async Task<IResult> Draw(
        string ticket, MoveDraft? draft, int status, HttpContext http, ISender sender, Receipts receipts, CallContext call, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var isNew = http.Request.Query.ContainsKey("baru");
        var (report, secret) = await ReporterAccess.Find(ticket, http, sender, cancel);
        if (report is null)
        {
            return isNew && receipts.Has(http, ticket) ? Pages.Show<HiddenReceipt>(new { Ticket = ticket, Secret = ReporterAccess.Secret(http, ticket) })
                : Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        var deadlines = await sender.Send(new GetDeadlines(regency, [report.Ticket]), cancel);
        var isStaff = http.RequestServices.GetRequiredService<CallContext>().Actor.Role is Role.Officer or Role.Dispatcher or Role.Regent or Role.Auditor;
        return Pages.Show<OneReport>(new
        {
            Report = report,
            Names = await Names.Of(regency, sender, cancel),
            Deadlines = deadlines.GetValueOrDefault(report.Ticket),
            Messages = report.Channel == "web" && (report.IsOwn || call.Actor.Role != Role.Citizen) ? await sender.Send(new GetOutbox(regency, "web", report.Ticket), cancel) : [],
            IsNew = isNew && receipts.Has(http, report.Ticket),
            Secret = secret,
            Draft = draft,
            // Anew, so that what was learnt since it was filed counts.
            Suggestions = call.Actor.Role == Role.Dispatcher && report is { Description: { } text, Allowed: { } allowed } && (allowed.Contains("assign") || allowed.Contains("classify"))
                ? await sender.Send(new ClassifyText(regency, text), cancel) : null,
            Similar = isStaff ? await sender.Send(new GetSimilar(regency, report.Ticket), cancel) ?? [] : [],
            Works = report.Allowed?.Any(move => move is "plan" or "answer") == true ? await Works(regency, call.Actor, sender, cancel) : [],
            Colleagues = report.Allowed?.Contains("take") == true ? await sender.Send(new GetColleagues(regency, report.Ticket), cancel) : [],
            ReadyAnswers = report.Allowed?.Any(move => move is "answer" or "ask" or "reject") == true && isStaff ? await sender.Send(new GetReadyAnswers(regency, report.Ticket), cancel) : [],
            IsFollowing = !isStaff && await sender.Send(new GetFollowing(regency, report.Ticket, http.RequestServices.GetRequiredService<FollowerCookie>().Read(http).People), cancel) is not null,
        }, status);
    }
}

/// <summary>One report in full.</summary>
public partial class OneReport;

/// <summary>For the reporter of a report that has no public page.</summary>
public partial class HiddenReceipt;

/// <summary>Photos of a report or an answer.</summary>
public partial class PhotoList;

/// <summary>Thanks, with the number large.</summary>
public partial class Receipt;
