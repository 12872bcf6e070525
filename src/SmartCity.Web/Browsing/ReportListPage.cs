using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Browsing;

/// <summary>What of the list is shown; kept in the address.</summary>
/// <param name="Category">Category code.</param>
/// <param name="State">Where the reports stand.</param>
/// <param name="District">District code.</param>
/// <param name="After">Cursor of a later page.</param>
public sealed record ReportListFilter(string? Category, ReportState? State, string? District, string? After)
{
    /// <summary>Anything but everything.</summary>
    public bool IsSet => Category is not null || State is not null || District is not null;

    internal static ReportListFilter Read(IQueryCollection query) => new(
        Value(query, "kategori"),
        Enum.TryParse<ReportState>(Value(query, "status"), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        Value(query, "kecamatan"),
        Value(query, "setelah"));

    internal string Address(string path, string? after) => path + QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("kategori", Category), new("status", State?.ToString().ToLowerInvariant()), new("kecamatan", District), new("setelah", after),
    }.Where(p => p.Value is not null));

    private static string? Value(IQueryCollection query, string name) => query[name].FirstOrDefault() is { Length: > 0 and <= 100 } value ? value : null;
}

/// <summary>The public page of a regency: what was reported, and what became of it.</summary>
internal static class ReportListPage
{
    private const int PageSize = 20;

    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var filter = ReportListFilter.Read(http.Request.Query);
        var page = await sender.Send(new ListReports(regency, new ReportFilter(
            Categories: filter.Category is null ? null : [filter.Category],
            States: filter.State is { } state ? [state] : null,
            District: filter.District), filter.After, PageSize), cancel);
        return Pages.Show<ReportList>(new { Filter = filter, Page = page, Names = await Names.Of(regency, sender, cancel) });
    }
}

/// <summary>Finds a report by its number, however it is written.</summary>
internal static class TicketSearchPage
{
    public static async Task<IResult> Find(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        return http.Request.Query["nomor"].FirstOrDefault() is { Length: > 0 and <= 60 } number && await sender.Send(new GetReport(regency, number), cancel) is { } report
            ? Pages.SeeOther($"/{regency}/laporan/{report.Ticket}")
            : Pages.Error(StatusCodes.Status404NotFound, "report");
    }
}

/// <summary>The reports of a regency as a list and a map.</summary>
public partial class ReportList;

/// <summary>One report in the list.</summary>
public partial class ReportCard;
