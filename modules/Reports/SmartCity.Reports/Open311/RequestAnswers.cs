using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>Writes reports as Open311 shows them. The sender's name, contacts and ids are never in it.</summary>
/// <param name="photos">Where the addresses of photos begin.</param>
internal sealed class RequestAnswers(
    IReadOnlyDictionary<string, Category> categories, IReadOnlyDictionary<string, Department> departments,
    IReadOnlyDictionary<string, ReportDeadlines> deadlines, string photos, bool extensions)
{
    /// <summary>What stands for the service of a report that nobody has sorted yet: a request must have one.</summary>
    public const string NoService = "belum-dikategorikan";

    /// <summary>Looks up what reports are shown with.</summary>
    public static async Task<Answer> Of(
        IReadOnlyList<ReportDetails> reports, bool extensions, HttpContext http, ISender sender, PlatformOptions options, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var answers = new RequestAnswers(
            (await sender.Send(new GetCategories(regency), cancel)).ToDictionary(c => c.Code),
            (await sender.Send(new GetDepartments(regency), cancel)).ToDictionary(d => d.Code),
            reports.Count == 0 ? new Dictionary<string, ReportDeadlines>() : await sender.Send(new GetDeadlines(regency, [.. reports.Select(r => r.Ticket)]), cancel),
            PhotosBase(options, http), extensions);
        return Answer.Of(writer =>
        {
            writer.BeginList("service_requests");
            foreach (var report in reports)
            {
                answers.Write(writer, report);
            }

            writer.EndList();
        });
    }

    // Every element is always there, empty when unknown: clients differ in what they can do without.
    private void Write(AnswerWriter writer, ReportDetails report)
    {
        var media = Media(report);
        writer.BeginItem("request");
        writer.Text("service_request_id", report.Ticket);
        writer.Text("status", report.State.IsDone() ? "closed" : "open");
        writer.Text("status_notes", Notes(report));
        writer.Text("service_name", report.Category is { } category ? categories.GetValueOrDefault(category)?.Name ?? category : "Belum dikategorikan");
        writer.Text("service_code", report.Category ?? NoService);
        writer.Text("description", report.Description);
        writer.Text("agency_responsible", report.Department is { } department ? departments.GetValueOrDefault(department)?.Name ?? department : null);
        writer.Text("service_notice", null);
        writer.Date("requested_datetime", report.FiledAt);
        writer.Date("updated_datetime", UpdatedAt(report));
        writer.Date("expected_datetime", deadlines.GetValueOrDefault(report.Ticket)?.SettleBy);
        writer.Text("address", report.Place.Address);
        writer.Text("address_id", report.Place.AddressId);
        writer.Text("zipcode", null);
        writer.Number("lat", report.Place.Latitude);
        writer.Number("long", report.Place.Longitude);
        writer.Text("media_url", media.Count > 0 ? media[0] : null);
        if (extensions)
        {
            Extend(writer, report, media);
        }

        writer.EndItem();
    }

    private void Extend(AnswerWriter writer, ReportDetails report, IReadOnlyList<string> media)
    {
        writer.BeginObject("extended_attributes");
        writer.Text("department", report.Department);
        writer.Text("district", report.District);
        writer.Text("channel", report.Channel);
        writer.Text("state", report.State.Name());
        writer.Text("detailed_status", report.State switch
        {
            ReportState.Filed or ReportState.Queued => "RECEIVED",
            _ when report.State.IsDone() => "PROCESSED",
            _ => "IN_PROCESS",
        });
        WriteFunding(writer, report.Funding);
        writer.BeginObject("jurisdiction");
        writer.Text("level", report.Jurisdiction?.Level);
        writer.Text("body", report.Jurisdiction?.Body);
        writer.Text("ground", report.Jurisdiction?.Ground);
        writer.Text("regency", report.Jurisdiction?.Regency);
        writer.Text("district", report.Jurisdiction?.DistrictName);
        writer.Text("village", report.Jurisdiction?.VillageName);
        writer.EndObject();
        writer.BeginList("media_urls");
        foreach (var url in media)
        {
            writer.Value("media_url", url);
        }

        writer.EndList();
        writer.EndObject();
        writer.BeginList("notes");
        foreach (var entry in report.Timeline)
        {
            writer.BeginItem("note");
            writer.Date("datetime", entry.At);
            writer.Text("type", entry.What);
            writer.Text("description", entry.Text ?? (entry.Department is { } code ? departments.GetValueOrDefault(code)?.Name ?? code : null));
            writer.EndItem();
        }

        writer.EndList();
    }

    private static void WriteFunding(AnswerWriter writer, FundingDetails? funding)
    {
        writer.BeginObject("funding");
        writer.Text("outcome", funding?.Outcome);
        writer.Text("scheduled_for", funding?.When);
        writer.Money("cost", funding?.Cost);
        writer.Text("currency", funding?.Cost is null ? null : "IDR");
        writer.Text("source", funding?.Source);
        writer.Number("fiscal_year", funding?.FiscalYear);
        writer.Text("planned_work_id", funding?.Plan?.Work);
        writer.Text("planned_work", funding?.Plan?.Name);
        writer.Text("planned_work_state", funding?.Plan?.State);
        writer.EndObject();
    }

    // Photos come before links that were sent with them and whose pictures are not (yet) among them.
    private List<string> Media(ReportDetails report)
    {
        var urls = report.Photos.Concat(report.Timeline.SelectMany(entry => entry.Photos ?? []).Where(photo => photo.Kind == Report.OfUpdate))
            .Select(photo => $"{photos}{report.Ticket}/photos/{photo.Number}").ToList();
        urls.AddRange(report.MediaUrls.Select(Link).OfType<string>());
        return urls;
    }

    // The last word to the reporter; where nobody said any, why it is where it is.
    private static string? Notes(ReportDetails report)
    {
        var last = report.Timeline.LastOrDefault(entry => entry.What is "answered" or "followed" or "rejected" or "forwarded" or "merged");
        return last?.Text ?? last switch
        {
            { What: "forwarded", Department: { } body } => $"Diteruskan ke {body}. / Forwarded to {body}.",
            { What: "merged", Tickets: [var main] } => $"Dijawab bersama laporan {main}. / Answered with report {main}.",
            _ => null,
        };
    }
    /// <summary>Where the addresses of photos begin.</summary>
    public static string PhotosBase(PlatformOptions options, HttpContext http) => $"{options.PublicBase(http.Request)}/api/v1/regencies/{http.Regency().Id}/reports/";

    /// <summary>An address as a validator wants it; null when it is none.</summary>
    public static string? Link(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" ? link.AbsoluteUri : null;

    // Of a closed request the standard wants to know when it was closed, whatever was said about it since.
    private static DateTimeOffset UpdatedAt(ReportDetails report) => report.State.IsDone()
        && report.Timeline.Reverse().TakeWhile(entry => entry.State.IsDone()).LastOrDefault() is { } closed ? closed.At : report.UpdatedAt;
}
