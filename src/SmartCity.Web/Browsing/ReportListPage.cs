using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Browsing;

/// <summary>What of the list is shown; kept in the address.</summary>
/// <param name="Words">Words of a search.</param>
/// <param name="Category">Category code.</param>
/// <param name="State">Where the reports stand.</param>
/// <param name="District">District code.</param>
/// <param name="Department">Department code.</param>
/// <param name="From">Filed on this day or later.</param>
/// <param name="Until">Filed on this day or before.</param>
/// <param name="HasPhoto">Only with a photo.</param>
/// <param name="Box">The part of the map, west,south,east,north.</param>
/// <param name="After">Cursor of a later page.</param>
public sealed record ReportListFilter(
    string? Words, string? Category, ReportState? State, string? District, string? Department, DateOnly? From, DateOnly? Until, bool HasPhoto, string? Box, string? After)
{
    /// <summary>Anything but everything.</summary>
    public bool IsSet => this with { After = null } != new ReportListFilter(null, null, null, null, null, null, null, false, null, null);

    internal static ReportListFilter Read(IQueryCollection query) => new(
        Value(query, "kata") is { } words && !string.IsNullOrWhiteSpace(words) ? words.Trim() : null,
        Value(query, "kategori"),
        Enum.TryParse<ReportState>(Value(query, "status"), ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null,
        Value(query, "kecamatan"),
        Value(query, "opd"),
        Day(query, "dari"),
        Day(query, "sampai"),
        Value(query, "foto") == "1",
        Value(query, "kotak") is { } box && ReadBox(box) is not null ? box : null,
        Value(query, "setelah"));

    internal string Address(string path, string? after) => path + QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("kata", Words), new("kategori", Category), new("status", State?.ToString().ToLowerInvariant()), new("kecamatan", District), new("opd", Department),
        new("dari", From?.ToString("O", CultureInfo.InvariantCulture)), new("sampai", Until?.ToString("O", CultureInfo.InvariantCulture)), new("foto", HasPhoto ? "1" : null), new("kotak", Box), new("setelah", after),
    }.Where(p => p.Value is not null));

    /// <summary>As the reports module reads it; days are those of the regency.</summary>
    internal ReportFilter ToFilter(TimeZoneInfo zone) => new(
        Categories: Category is null ? null : [Category], States: State is { } state ? [state] : null, Department: Department, District: District,
        From: From is { } from ? Midnight(from, zone) : null, Until: Until is { } until && until < DateOnly.MaxValue ? Midnight(until.AddDays(1), zone).AddTicks(-10) : null,
        Words: Words, Box: ReadBox(Box), HasPhoto: HasPhoto ? true : null);

    /// <summary>The same reports as a file.</summary>
    /// <param name="format"><c>csv</c>, <c>geojson</c>, <c>ndjson</c>.</param>
    internal string Export(string regency, string format, TimeZoneInfo zone) => ReportFile.Address(regency, format, ToFilter(zone));

    internal static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone) =>
        new(day.ToDateTime(TimeOnly.MinValue), zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue)));

    private static DateOnly? Day(IQueryCollection query, string name) =>
        DateOnly.TryParseExact(Value(query, name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9999 ? day : null;

    private static Box? ReadBox(string? text)
    {
        var sides = (text ?? "").Split(',').Select(side => double.TryParse(side, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN).ToArray();
        return sides is [>= -180 and <= 180, >= -90 and <= 90, >= -180 and <= 180, >= -90 and <= 90] && sides[0] <= sides[2] && sides[1] <= sides[3]
            ? new Box(sides[0], sides[1], sides[2], sides[3]) : null;
    }

    private static string? Value(IQueryCollection query, string name) =>
        query[name].FirstOrDefault() is { Length: > 0 and <= 100 } value && !value.Any(char.IsControl) ? value : null;
}

/// <summary>The public page of a regency: what was reported, and what became of it.</summary>
internal static class ReportListPage
{
    private const int PageSize = 20;

    public static async Task<IResult> Show(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency();
        var filter = ReportListFilter.Read(http.Request.Query);
        var asked = filter.ToFilter(regency.Zone);
        var page = await sender.Send(new ListReports(regency.Id, asked, filter.After, PageSize, MayLag: true), cancel);
        var counts = filter.IsSet ? await sender.Send(new CountReports(regency.Id, asked), cancel) : null;
        return Pages.Show<ReportList>(new { Filter = filter, Page = page, Counts = counts, Names = await Names.Of(regency.Id, sender, cancel) });
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
