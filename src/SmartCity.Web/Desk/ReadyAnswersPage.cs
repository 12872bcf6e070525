using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Following;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Desk;

/// <summary>Texts that stand ready: what there is, and forms to write, change and remove them.</summary>
internal static class ReadyAnswersPage
{
    public static Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel) => Draw(null, StatusCodes.Status200OK, http, sender, cancel);

    public static async Task<IResult> Write(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var form = http.Request.Form;
        return await Next(await sender.Send(new WriteReadyAnswer(
            http.Regency().Id, form.TextOrNull("id"), form.Text("judul"), form["isi"].ToString().Trim(), form.TextOrNull("kategori"), form.TextOrNull("untuk"), Version(form)), cancel), form, http, sender, cancel);
    }

    public static async Task<IResult> Remove(string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        await Next(await sender.Send(new RemoveReadyAnswer(http.Regency().Id, id, Version(http.Request.Form)), cancel), http.Request.Form, http, sender, cancel);

    private static long? Version(IFormCollection form) => long.TryParse(form.Text("versi"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static async Task<IResult> Next(Outcome<ReadyAnswer> outcome, IFormCollection form, HttpContext http, ISender sender, CancellationToken cancel) =>
        outcome.IsDone ? Pages.SeeOther($"/{http.Regency().Id}/meja/jawaban-siap?tersimpan=1")
            : await Draw(new MoveDraft(form.TextOrNull("id") ?? "", form.ToDictionary(f => f.Key, f => f.Value.ToString()), outcome.Refusals), outcome.Refusals[0].Kind switch
            {
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                _ => StatusCodes.Status400BadRequest,
            }, http, sender, cancel);

    private static async Task<IResult> Draw(MoveDraft? draft, int status, HttpContext http, ISender sender, CancellationToken cancel) => Pages.Show<ReadyAnswersView>(new
    {
        Answers = await sender.Send(new ListReadyAnswers(http.Regency().Id), cancel),
        Names = await Names.Of(http.Regency().Id, sender, cancel),
        Draft = draft,
    }, status);
}

/// <summary>Texts that stand ready, and their forms.</summary>
public partial class ReadyAnswersView;
