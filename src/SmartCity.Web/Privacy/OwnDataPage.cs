using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Following;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Privacy;

/// <summary>What reporters can do with their own data by themselves, when their browser has the report's key.</summary>
internal static class OwnDataPage
{
    public static async Task<IResult> Copy(string ticket, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(ticket, http, sender, cancel) is not { } key)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(await traces.Copy(http.Regency().Id, [key], IdentityProof.Secret, null, cancel), "application/zip", "data-pribadi.zip");
    }

    public static async Task<IResult> Erase(string ticket, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(ticket, http, sender, cancel) is not { } key)
        {
            return Pages.Error(StatusCodes.Status404NotFound, "report");
        }

        if (http.Request.Form.IsTicked("yakin"))
        {
            await traces.Erase(http.Regency().Id, [key], ErasureGround.Request, IdentityProof.Secret, null, cancel);
        }

        return Pages.SeeOther($"/{http.Regency().Id}/laporan/{ticket}#data-saya");
    }

    private static async Task<string?> Key(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (_, secret) = await ReporterAccess.Find(ticket, http, sender, cancel);
        return (await sender.Send(new GetReporterKey(http.Regency().Id, ticket, secret), cancel)).Key;
    }
}

/// <summary>A copy of one's own data, and erasing it.</summary>
public partial class OwnData;
