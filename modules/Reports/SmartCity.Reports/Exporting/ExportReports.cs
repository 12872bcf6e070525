using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Publishing;
using SmartCity.Reports.Searching;

namespace SmartCity.Reports.Exporting;

/// <summary>Reports as files, however many there are: page after page is read and written, as the caller may see them.</summary>
internal sealed class ExportReportsEndpoint : ICarterModule
{
    private const string Filters = "the filters of the list, and newest first as there";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var exports = app.MapRegencyApi("/reports").WithTags("Integrations");
        Map(exports, "export.geojson", GeoJson.MediaType, () => new GeoJson(), $"All reports that the caller may see, as GeoJSON (RFC 7946); {Filters}");
        Map(exports, "export.csv", "text/csv", () => new CsvFile(), $"The same as CSV (RFC 4180); {Filters}");
        Map(exports, "export.ndjson", "application/x-ndjson", () => new Lines(), $"The same as in the list, a JSON document a line; {Filters}");
        app.MapRegencyApi("/incidents/export.geojson").MapGet("", Incidents).WithTags("Incidents").Produces<string>(StatusCodes.Status200OK, GeoJson.MediaType)
            .WithSummary("Emergencies as GeoJSON, for everybody; ?open=true");
    }

    private static void Map(RouteGroupBuilder exports, string name, string mediaType, Func<ExportFormat> format, string summary) =>
        exports.MapGet(name, ([AsParameters] FilterQuery query, HttpContext http, ISender sender, PlatformOptions options, TimeProvider time) => Export(query, format(), name, http, sender, options, time))
            .Produces<string>(StatusCodes.Status200OK, mediaType).ProducesProblem(StatusCodes.Status400BadRequest).WithSummary(summary);

    private static async Task<IResult> Export(FilterQuery query, ExportFormat format, string name, HttpContext http, ISender sender, PlatformOptions options, TimeProvider time)
    {
        const int pageSize = 200;
        var (faults, cancel, regency) = (new List<Fault>(), http.RequestAborted, http.Regency().Id);
        var filter = query.Read(http, time.GetUtcNow(), faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        // The first page before the first byte: what goes wrong by then is still told as a problem. Later the connection is cut, so that half a file is not taken for a whole one.
        Task<ReportPage> Page(string? after) => sender.Send(new ListReports(regency, filter, after, pageSize, MayLag: http.Actor().Role == Role.Citizen, ByDeadline: query.ByDeadline), cancel);
        var page = await Page(null);
        http.Response.ContentType = format.ContentType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"reports-{regency}{name["export".Length..]}\"";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(format.Head, cancel);
        for (var isFirst = true; ; isFirst = false)
        {
            var due = format is not CsvFile ? new Dictionary<string, DateTimeOffset?>() : (await sender.Send(new GetDueReports(regency, Tickets: [.. page.Reports.Select(r => r.Ticket)]), cancel)).ToDictionary(d => d.Ticket, d => (DateTimeOffset?)d.DueAt);
            await http.Response.WriteAsync(format.Of([.. page.Reports.Select(r => new ExportedReport(r, ReportSummary.Of(r, regency, options), due.GetValueOrDefault(r.Ticket)))], isFirst), cancel);
            if (page.Next is null)
            {
                break;
            }

            page = await Page(page.Next);
        }

        await http.Response.WriteAsync(format.Foot, cancel);
        return Results.Empty;
    }

    private static async Task<IResult> Incidents(bool? open, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var page = await sender.Send(new ListIncidents(http.Regency().Id, IsOpen: open, Limit: int.MaxValue), cancel);
        var features = page.Incidents.Select(i => new Feature(i.Id, GeoJson.Point(i.Latitude, i.Longitude), new { i.Id, i.Title, i.District, i.OpenedAt, i.ClosedAt, i.Reports }));
        return Results.Json(new { Type = "FeatureCollection", Features = features }, CloudEvent.Json, GeoJson.MediaType);
    }
}

/// <param name="Details">As the caller may see it.</param>
/// <param name="DueAt">When its next step is due; null: nothing is.</param>
internal sealed record ExportedReport(ReportDetails Details, ReportSummary Summary, DateTimeOffset? DueAt);

/// <summary>How a file is written.</summary>
internal abstract record ExportFormat(string ContentType, string Head, string Foot)
{
    /// <summary>A page of it.</summary>
    public abstract string Of(IReadOnlyList<ExportedReport> reports, bool isFirst);
}

/// <summary>RFC 7946. A report without a place has no geometry, which the standard provides for.</summary>
internal sealed record GeoJson() : ExportFormat(MediaType, """{"type":"FeatureCollection","features":[""", "\n]}\n")
{
    public const string MediaType = "application/geo+json";

    public override string Of(IReadOnlyList<ExportedReport> reports, bool isFirst)
    {
        var text = new StringBuilder();
        foreach (var report in reports)
        {
            var feature = new Feature(report.Summary.Ticket, Point(report.Summary.Latitude, report.Summary.Longitude), report.Summary);
            text.Append(isFirst && text.Length == 0 ? "\n" : ",\n").Append(JsonSerializer.Serialize(feature, CloudEvent.Json));
        }

        return text.ToString();
    }

    /// <summary>Longitude first, as the standard has it.</summary>
    public static Geometry? Point(double? latitude, double? longitude) => (latitude, longitude) is ({ } north, { } east) ? new Geometry("Point", [east, north]) : null;
}

internal sealed record Geometry(string Type, double[] Coordinates);

// The geometry must be there, also where it is null.
internal sealed record Feature(string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Geometry? Geometry, object Properties)
{
    [JsonPropertyOrder(-1)]
    public string Type => "Feature";
}

/// <summary>RFC 4180; what a spreadsheet would run as a formula is not left so.</summary>
internal sealed record CsvFile() : ExportFormat("text/csv; charset=utf-8", string.Join(',', Names) + "\r\n", "")
{
    private static readonly string[] Names =
    [
        "ticket", "state", "class", "category", "description", "address", "latitude", "longitude", "district", "department", "forwardedTo", "mergedInto", "channel", "urgency",
        "followers", "photos", "isPublic", "filedAt", "updatedAt", "dueAt", "handler", "version", "url",
    ];

    public override string Of(IReadOnlyList<ExportedReport> reports, bool isFirst) => Csv.Lines(reports.Select(Fields));

    private static IReadOnlyList<object?> Fields(ExportedReport report)
    {
        var r = report.Summary;
        return
        [
            r.Ticket, r.State, r.Class, r.Category, r.Description, r.Address, r.Latitude, r.Longitude, r.District, r.Department, r.ForwardedTo, r.MergedInto, r.Channel, r.Urgency,
            r.Followers, r.Photos, r.IsPublic, r.FiledAt, r.UpdatedAt, report.DueAt, report.Details.Handler?.Account, r.Version, r.Url,
        ];
    }
}

/// <summary>A JSON document a line.</summary>
internal sealed record Lines() : ExportFormat("application/x-ndjson", "", "")
{
    public override string Of(IReadOnlyList<ExportedReport> reports, bool isFirst) =>
        string.Concat(reports.Select(report => JsonSerializer.Serialize(report.Details, CloudEvent.Json) + "\n"));
}
