using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Browsing;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Embedding;

/// <summary>A small page that other sites may show: the latest reports, or how many there are. Nothing in it knows who looks.</summary>
internal static class EmbedPages
{
    private const int Latest = 5;

    /// <summary>What to copy.</summary>
    public static async Task<IResult> Show(HttpContext http, ISender sender, PlatformOptions options, CancellationToken cancel)
    {
        var regency = http.Regency();
        var root = options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
        return Pages.Show<EmbedHelp>(new
        {
            Filter = ReportListFilter.Read(http.Request.Query),
            IsCount = http.Request.Query["isi"] == "angka",
            Root = root,
            Names = await Names.Of(regency.Id, sender, cancel),
        });
    }

    /// <summary>What is shown elsewhere: <c>?isi=angka</c> for numbers, with the list's own filters.</summary>
    public static async Task<IResult> Content(HttpContext http, ISender sender, CallContext call, CancellationToken cancel)
    {
        // Also who has signed in here sees in a frame what everybody sees.
        call.Actor = Actor.Citizen;
        var regency = http.Regency();
        var filter = ReportListFilter.Read(http.Request.Query) with { After = null };
        var asked = filter.ToFilter(regency.Zone);
        var isCount = http.Request.Query["isi"] == "angka";
        http.Response.Headers.CacheControl = "public, max-age=60";
        return Pages.Framed<EmbedView>(new
        {
            Filter = filter,
            IsCount = isCount,
            Reports = isCount ? [] : (IReadOnlyList<ReportDetails>)[.. (await sender.Send(new ListReports(regency.Id, asked, Limit: Latest, MayLag: true), cancel)).Reports.Where(r => !r.IsConfidential)],
            Counts = isCount ? await sender.Send(new CountReports(regency.Id, asked), cancel) : null,
            Names = await Names.Of(regency.Id, sender, cancel),
        });
    }
}

/// <summary>How to show reports on another site.</summary>
public partial class EmbedHelp;

/// <summary>What another site shows.</summary>
public partial class EmbedView;
