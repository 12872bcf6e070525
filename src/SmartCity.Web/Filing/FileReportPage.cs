using MediatR;
using Microsoft.AspNetCore.Http;
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
        var files = http.Request.Form.Files.Where(f => f.Name == "foto" && f.Length > 0).ToArray();
        if (files.Length > Photos.MaxCount)
        {
            faults.Add(new("foto", $"Paling banyak {Photos.MaxCount} foto; ini {files.Length}.", $"At most {Photos.MaxCount} photos; these are {files.Length}."));
        }

        // Photos come last: of a form that goes back to be completed, nothing is kept.
        var stored = new List<ReportPhoto>();
        foreach (var file in faults.Count == 0 ? files : [])
        {
            await using var upload = file.OpenReadStream();
            var (photo, fault) = await photos.Store(regency, upload, "foto", cancel);
            if (photo is null)
            {
                faults.Add(DraftFault.OfPhoto(Path.GetFileName(file.FileName), fault!.Code));
                continue;
            }

            stored.Add(new ReportPhoto(photo.Id, photo.Thumbnail, photo.Width, photo.Height));
        }

        if (faults.Count > 0)
        {
            return await Form(http, sender, draft, faults, StatusCodes.Status400BadRequest, cancel);
        }

        var outcome = await sender.Send(new FileReport(
            regency, "web", draft.Submission, null, draft.Category, draft.Description, draft.Place, draft.Reporter, stored,
            IsAnonymous: draft.IsAnonymous, IsConfidential: draft.IsConfidential, Class: draft.Class), cancel);
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
