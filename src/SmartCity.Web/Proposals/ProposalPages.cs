using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Proposals;

/// <summary>What became of proposals, and how long answers take.</summary>
internal static class ProposalPages
{
    private const int Shown = 100;

    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var day = DateOnly.TryParseExact(http.Request.Query["tanggal"].FirstOrDefault(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Year is > 1900 and < 2200 ? read : (DateOnly?)null;
        return Pages.Show<ProposalList>(new
        {
            Figures = await sender.Send(new GetProposalFigures(regency, day), cancel),
            Proposals = await sender.Send(new ListProposals(regency, day, After: http.Request.Query["setelah"].FirstOrDefault() is { Length: > 0 and < 30 } after ? after : null, Limit: Shown), cancel),
            Names = await Names.Of(regency, sender, cancel),
        });
    }
}

/// <summary>Figures and the proposals.</summary>
public partial class ProposalList;
