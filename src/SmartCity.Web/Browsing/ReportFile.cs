using System.Globalization;
using Microsoft.AspNetCore.Http;
using SmartCity.Reports.Contracts;

namespace SmartCity.Web.Browsing;

/// <summary>Where the API gives a list of reports as a file.</summary>
internal static class ReportFile
{
    /// <param name="format"><c>csv</c>, <c>geojson</c>, <c>ndjson</c>.</param>
    public static string Address(string regency, string format, ReportFilter filter, bool byDeadline = false) => $"/api/v1/regencies/{regency}/reports/export.{format}" + QueryString.Create(
    [
        .. (filter.States ?? []).Select(state => new KeyValuePair<string, string?>("state", state.Name())),
        .. (filter.Categories ?? []).Select(category => new KeyValuePair<string, string?>("category", category)),
        .. new KeyValuePair<string, string?>[]
        {
            new("department", filter.Department), new("district", filter.District), new("class", filter.Class), new("q", filter.Words),
            new("held", filter.Held?.ToString().ToLowerInvariant()), new("handler", filter.Handler),
            new("due", filter.DueAfter is not null ? "today" : filter.DueBefore is not null ? "late" : null),
            new("from", Instant(filter.From)), new("until", Instant(filter.Until)), new("hasPhoto", filter.HasPhoto?.ToString().ToLowerInvariant()),
            new("bbox", filter.Box is { } box ? string.Create(CultureInfo.InvariantCulture, $"{box.West},{box.South},{box.East},{box.North}") : null),
            new("sort", byDeadline ? "deadline" : null),
        }.Where(p => p.Value is not null),
    ]);

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
