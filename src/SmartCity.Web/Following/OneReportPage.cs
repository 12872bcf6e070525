using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Contracts;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Filing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Following;

/// <summary>What staff typed into a report's form and why it was not taken.</summary>
/// <param name="Department">Department to send it to.</param>
/// <param name="Text">Note or answer.</param>
/// <param name="IsSettled">The matter is done.</param>
/// <param name="Refusals">Why not.</param>
public sealed record StaffDraft(string? Department, string? Text, bool IsSettled, IReadOnlyList<Refusal> Refusals);

/// <summary>One report: what was written, what became of it, and for staff what they can do about it.</summary>
internal static class OneReportPage
{
    public static Task<IResult> Show(string ticket, HttpContext http, ISender sender, Receipts receipts, CancellationToken cancel) =>
        Show(ticket, null, StatusCodes.Status200OK, http, sender, receipts, cancel);

    public static async Task<IResult> Assign(string ticket, HttpContext http, ISender sender, Receipts receipts, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var (department, note) = (form.Text("opd"), form.TextOrNull("catatan"));
        var outcome = await sender.Send(new AssignReport(http.Regency().Id, ticket, department, note, SeenVersion(form)), cancel);
        return await Done(outcome, "diteruskan", new StaffDraft(department, note, false, outcome.Refusals), ticket, http, sender, receipts, cancel);
    }

    public static async Task<IResult> Answer(string ticket, HttpContext http, ISender sender, Receipts receipts, Photos photos, CancellationToken cancel)
    {
        const string before = "sebelum", after = "sesudah";
        var form = http.Request.Form;
        var (text, isSettled) = (form.TextOrNull("jawaban"), form.IsTicked("selesai"));
        var uploads = form.Photos(before, after);
        var (stored, faults) = await photos.Store(http.Regency().Id, uploads, cancel);
        var outcome = faults.Count > 0
            ? Outcome<ReportVersion>.Refused([.. faults.Select(f => new Refusal(f.Code, FormPhotos.Named(f, f.English), FormPhotos.Named(f, f.Indonesian), f.Field))])
            : await sender.Send(new AnswerReport(http.Regency().Id, ticket, text, isSettled, SeenVersion(form),
                [.. stored.Zip(uploads, (photo, upload) => new AnswerPhoto(upload.Field == before ? AnswerPhoto.Before : AnswerPhoto.After, FormPhotos.ToReportPhoto(photo)))]), cancel);
        return await Done(outcome, "dijawab", new StaffDraft(null, text, isSettled, outcome.Refusals), ticket, http, sender, receipts, cancel);
    }

    // The version the page was made from; a later one means that somebody else was faster.
    private static long? SeenVersion(IFormCollection form) => long.TryParse(form.Text("versi"), out var version) ? version : null;

    private static async Task<IResult> Done(
        Outcome<ReportVersion> outcome, string what, StaffDraft draft, string ticket, HttpContext http, ISender sender, Receipts receipts, CancellationToken cancel) =>
        outcome.Value is { } version ? Pages.SeeOther($"/{http.Regency().Id}/meja?{what}={version.Ticket}")
        : await Show(ticket, draft, outcome.Refusals[0].Kind switch
        {
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        }, http, sender, receipts, cancel);

    private static async Task<IResult> Show(
        string ticket, StaffDraft? draft, int status, HttpContext http, ISender sender, Receipts receipts, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var isNew = http.Request.Query.ContainsKey("baru");
        if (await sender.Send(new GetReport(regency, ticket), cancel) is not { } report)
        {
            return isNew && receipts.Has(http, ticket) ? Pages.Show<HiddenReceipt>(new { Ticket = ticket }) : Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        var deadlines = await sender.Send(new GetDeadlines(regency, [report.Ticket]), cancel);
        var isStaff = http.RequestServices.GetRequiredService<CallContext>().Actor.Role is Role.Officer or Role.Dispatcher or Role.Regent or Role.Auditor;
        return Pages.Show<OneReport>(new
        {
            Report = report,
            Names = await Names.Of(regency, sender, cancel),
            Deadlines = deadlines.GetValueOrDefault(report.Ticket),
            Messages = report.Channel == "web" ? await sender.Send(new GetOutbox(regency, "web", report.Ticket), cancel) : [],
            IsNew = isNew && receipts.Has(http, report.Ticket),
            Draft = draft,
            Similar = isStaff ? await sender.Send(new GetSimilar(regency, report.Ticket), cancel) ?? [] : [],
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
