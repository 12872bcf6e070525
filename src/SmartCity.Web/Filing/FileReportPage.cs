using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Following;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Filing;

/// <summary>The form in which a citizen reports.</summary>
internal static class FileReportPage
{
    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Form(http, sender, ReportDraft.New(), [], StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Send(HttpContext http, ISender sender, Photos photos, Receipts receipts, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var draft = ReportDraft.Read(http.Request.Form);
        var faults = new List<DraftFault>(draft.Faults());
        if (draft.Category is { } code && (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == code) is { } category)
        {
            faults.AddRange(draft.Faults(category));
        }

        // Photos come last: of a form that goes back to be completed, nothing is kept.
        IReadOnlyList<Photo> stored = [];
        if (faults.Count == 0)
        {
            (stored, var unusable) = await photos.Store(regency, http.Request.Form.Photos("foto"), cancel);
            faults.AddRange(unusable.Select(DraftFault.Of));
        }

        if (faults.Count > 0)
        {
            return await Form(http, sender, draft, faults, StatusCodes.Status400BadRequest, cancel);
        }

        var outcome = await sender.Send(new FileReport(
            regency, "web", draft.Submission, null, draft.Category, draft.Description, draft.Place, draft.Reporter, [.. stored.Select(FormPhotos.ToReportPhoto)],
            Attributes: draft.Answers, IsAnonymous: draft.IsAnonymous, IsConfidential: draft.IsConfidential, Class: draft.Class), cancel);
        if (outcome.Value is not { } filed)
        {
            var busy = outcome.Refusals[0].Kind == RefusalKind.Busy;
            http.Response.Headers.RetryAfter = busy ? "2" : default;
            return await Form(http, sender, draft, [.. outcome.Refusals.Select(DraftFault.Of)],
                busy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest, cancel);
        }

        receipts.Give(http, filed.Ticket);
        var isHidden = await sender.Send(new GetReport(regency, filed.Ticket, Secret: filed.Secret), cancel) is not { IsConfidential: false };
        ReporterAccess.Keep(http, filed.Ticket, filed.Secret!, isHidden);
        return Pages.SeeOther($"/{regency}/laporan/{filed.Ticket}?baru=1");
    }

    private static async Task<IResult> Form(HttpContext http, ISender sender, ReportDraft draft, IReadOnlyList<DraftFault> faults, int status, CancellationToken cancel) =>
        Pages.Show<ReportForm>(new { Draft = draft, Faults = faults, Names = await Names.Of(http.Regency().Id, sender, cancel) }, status);
}

/// <summary>What is wrong, where, photos, who.</summary>
public partial class ReportForm;

/// <summary>The questions of a category.</summary>
public partial class Questions;
