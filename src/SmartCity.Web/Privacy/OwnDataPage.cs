using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Filing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Privacy;

/// <summary>What reporters can do with their own data by themselves, as long as their browser proves that they filed the report. Of this report only: anybody could have typed their telephone into another.</summary>
internal static class OwnDataPage
{
    public static async Task<IResult> Copy(string ticket, HttpContext http, ISender sender, Receipts receipts, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(ticket, http, sender, receipts, cancel) is not { } key)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(await traces.Copy(http.Regency().Id, [key], IdentityProof.Secret, null, cancel), "application/zip", "data-pribadi.zip");
    }

    public static async Task<IResult> Erase(string ticket, HttpContext http, ISender sender, Receipts receipts, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(ticket, http, sender, receipts, cancel) is not { } key)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        if (http.Request.Form.IsTicked("yakin"))
        {
            await traces.Erase(http.Regency().Id, [key], ErasureGround.Request, IdentityProof.Secret, null, cancel);
        }

        return Pages.SeeOther($"/{http.Regency().Id}/laporan/{ticket}?baru=1");
    }

    private static async Task<string?> Key(string ticket, HttpContext http, ISender sender, Receipts receipts, CancellationToken cancel) =>
        receipts.Has(http, ticket) ? (await sender.Send(new GetReporterKey(http.Regency().Id, ticket), cancel)).Key : null;
}
