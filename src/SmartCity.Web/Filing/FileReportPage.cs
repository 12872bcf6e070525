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

    public static async Task<IResult> Send(HttpContext http, ISender sender, Photos photos, KeptPhotos kept, Receipts receipts, FollowerCookie follower, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var draft = ReportDraft.Read(form);
        if (form.TextOrNull("ikuti") is { } same)
        {
            var followed = await FollowPages.FollowAs(same, draft.Reporter, http, sender, follower, cancel);
            return followed.Value is { } report ? Pages.SeeOther($"/{regency}/laporan/{report.Ticket}?ikut=1#ikuti")
                : await Form(http, sender, draft, [.. followed.Refusals.Select(DraftFault.Of)], StatusCodes.Status400BadRequest, cancel);
        }

        var faults = new List<DraftFault>(draft.Faults());
        if (draft.Category is { } code && (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == code) is { } category)
        {
            faults.AddRange(draft.Faults(category));
        }

        // Photos come last: of a form that goes back to be completed, nothing is kept.
        var before = kept.Read(http, draft.Photos);
        IReadOnlyList<Photo> stored = [];
        if (faults.Count == 0)
        {
            var uploads = form.Photos("foto");
            (stored, var unusable) = before.Count + uploads.Count > photos.Limits.Count ? ([], [photos.TooMany(before.Count + uploads.Count, "foto")]) : await photos.Store(regency, uploads, cancel);
            faults.AddRange(unusable.Select(DraftFault.Of));
        }

        if (faults.Count > 0)
        {
            return await Form(http, sender, draft, faults, StatusCodes.Status400BadRequest, cancel);
        }

        IReadOnlyList<ReportPhoto> all = [.. before, .. stored.Select(FormPhotos.ToReportPhoto)];
        draft = draft with { Photos = kept.Write(http, all), PhotoCount = all.Count };
        // Asked once, and never of what must stay confidential.
        if (!form.IsTicked("tetap") && !draft.IsConfidential)
        {
            var similar = await sender.Send(new FindSimilar(regency, draft.Category, draft.Description, draft.Place, [.. all.Select(photo => photo.Look).OfType<string>()], Limit: 3), cancel);
            if (similar.Count > 0)
            {
                return await Form(http, sender, draft, [], StatusCodes.Status200OK, cancel, similar);
            }
        }

        var outcome = await sender.Send(new FileReport(
            regency, "web", draft.Submission, null, draft.Category, draft.Description, draft.Place, draft.Reporter, all,
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

    private static async Task<IResult> Form(
        HttpContext http, ISender sender, ReportDraft draft, IReadOnlyList<DraftFault> faults, int status, CancellationToken cancel, IReadOnlyList<SimilarReport>? similar = null) =>
        Pages.Show<ReportForm>(new { Draft = draft, Faults = faults, Similar = similar ?? [], Names = await Names.Of(http.Regency().Id, sender, cancel), Areas = await sender.Send(new GetAreas(http.Regency().Id), cancel) }, status);
}

/// <summary>What is wrong, where, photos, who.</summary>
public partial class ReportForm;

/// <summary>The questions of a category.</summary>
public partial class Questions;

/// <summary>Reports that may be about the same.</summary>
public partial class SimilarList;
