using System.Globalization;
using System.Text.Json;
using SmartCity.Platform;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Publishing;

/// <summary>The public face of a report in a few flat members: in events, in CSV and GeoJSON.</summary>
/// <param name="Url">Its page; below the platform's public address when that is configured.</param>
/// <param name="Photos">How many there are: <c>GET reports/{id}/photos/{n}</c>.</param>
/// <param name="IsPublic">Everybody may see it.</param>
internal sealed record ReportSummary(
    string Ticket, ReportState State, string Class, string? Category, string? Description, string? Address, double? Latitude, double? Longitude, string? District, string? Department,
    string? ForwardedTo, string? MergedInto, string Channel, string Urgency, int Followers, int Photos, bool IsPublic, DateTimeOffset FiledAt, DateTimeOffset UpdatedAt, long Version, string Url)
{
    public static ReportSummary Of(ReportDetails report, string regency, PlatformOptions options) => new(
        report.Ticket, report.State, report.Class, report.Category, report.Description, report.Place.Address, report.Place.Latitude, report.Place.Longitude, report.District, report.Department,
        report.ForwardedTo, report.MergedInto, report.Channel, report.Urgency, report.Followers, report.Photos.Count(photo => photo.Kind == "report"), !report.IsConfidential, report.FiledAt, report.UpdatedAt,
        report.Version, $"{PublicUrls.Root(options)}/{regency}/laporan/{report.Ticket}");
}

/// <summary>Something that happened to a report, as everybody may hear it.</summary>
/// <param name="Id">Of the event in the history: the same however often it is told.</param>
/// <param name="Position">Its place among all events of the regency.</param>
/// <param name="Type">One of <see cref="PublicEventTypes.All"/>.</param>
/// <param name="Report">How the report stands now; null: it is hidden.</param>
/// <param name="Happened">The line in its timeline; null: it is hidden.</param>
internal sealed record PublicEvent(Guid Id, long Position, string Type, string Ticket, DateTimeOffset At, ReportSummary? Report, TimelineEntry? Happened);

/// <summary>What an event carries.</summary>
internal sealed record PublicEventData(string Ticket, ReportSummary? Report, TimelineEntry? Happened);

/// <summary>An event in the envelope of CloudEvents 1.0, structured JSON.</summary>
/// <param name="Sequence">Orders the events of a source (a documented extension); also where a stream goes on.</param>
internal sealed record CloudEvent(
    string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Datacontenttype, string? Sequence, object Data)
{
    public const string MediaType = "application/cloudevents+json", BatchMediaType = "application/cloudevents-batch+json";

    /// <summary>How everything for integrators is written: as the API does.</summary>
    public static JsonSerializerOptions Json { get; } = Configured();

    public static CloudEvent Of(PublicEvent @event, string regency, PlatformOptions options) => new(
        "1.0", @event.Id.ToString("N"), SourceOf(regency, options), @event.Type, @event.Ticket, @event.At.ToUniversalTime(), "application/json",
        @event.Position.ToString("D12", CultureInfo.InvariantCulture), new PublicEventData(@event.Ticket, @event.Report, @event.Happened));

    public static string SourceOf(string regency, PlatformOptions options) => $"{PublicUrls.Root(options)}/api/v1/regencies/{regency}";

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        PlatformSetup.ConfigureJson(json);
        return json;
    }
}

internal static class PublicUrls
{
    /// <summary>Where addresses begin; nothing when that is not configured.</summary>
    public static string Root(PlatformOptions options) => options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? "";
}
