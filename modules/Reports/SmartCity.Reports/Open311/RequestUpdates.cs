using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>
/// What happened to reports between two instants, oldest first: the extension by which FixMyStreet fetches news. Without dates, the last day.
/// </summary>
internal static class RequestUpdates
{
    private const int MostPages = 10;

    public static async Task<Answer> Get(HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var errors = new List<Open311Error>();
        var (start, end) = RequestQuery.Window(http.Request.Query, time.GetUtcNow().AddDays(-1), errors);
        if (errors.Count > 0)
        {
            return Answer.Refused(errors);
        }

        var regency = http.Regency().Id;
        var filter = new ReportFilter(UpdatedAfter: start);
        var updates = new List<(string Ticket, TimelineEntry Entry)>();
        string? cursor = null;
        for (var pages = 0; pages == 0 || cursor is not null; pages++)
        {
            if (pages == MostPages)
            {
                return Answer.Refused(Open311Error.Of(400, "Too many updates; ask for a shorter time.", "Terlalu banyak kabar; minta waktu yang lebih pendek.", "start_date"));
            }

            var page = await sender.Send(new ListReports(regency, filter, cursor, RequestQuery.MaxSize), cancel);
            updates.AddRange(from report in page.Reports from entry in report.Timeline where IsUpdate(entry, start, end) select (report.Ticket, entry));
            cursor = page.Next;
        }

        var departments = (await sender.Send(new GetDepartments(regency), cancel)).ToDictionary(d => d.Code);
        return Answer.Of(writer =>
        {
            writer.BeginList("service_request_updates");
            foreach (var (ticket, entry) in updates.OrderBy(u => u.Entry.At))
            {
                writer.BeginItem("request_update");
                writer.Text("update_id", entry.Id.ToString());
                writer.Text("service_request_id", ticket);
                writer.Text("status", Status(entry.State));
                writer.Date("updated_datetime", entry.At);
                writer.Text("description", Describe(entry, departments));
                writer.Text("media_url", null);
                writer.Text("external_status_code", entry.State.Name());
                writer.EndItem();
            }

            writer.EndList();
        });
    }

    // That a report was filed is no news to who fetches reports.
    private static bool IsUpdate(TimelineEntry entry, DateTimeOffset? from, DateTimeOffset? until) =>
        entry.What != "filed" && !(entry.At < from) && !(entry.At > until);

    private static string Status(ReportState state) => state switch
    {
        ReportState.Queued or ReportState.Verified => "for_triage",
        ReportState.Assigned or ReportState.Split or ReportState.Forwarded => "investigating",
        ReportState.InProgress or ReportState.Answered => "in_progress",
        ReportState.Settled or ReportState.Closed or ReportState.Withdrawn => "closed",
        ReportState.Rejected => "no_further_action",
        ReportState.Merged => "duplicate",
        _ => "open",
    };

    private static string? Describe(TimelineEntry entry, Dictionary<string, Department> departments)
    {
        var department = entry.Department is { } code ? departments.GetValueOrDefault(code) : null;
        return (entry.Text, entry.What) switch
        {
            ({ } text, _) => text,
            (_, "assigned") => $"Diteruskan kepada {department?.Name ?? entry.Department}. / Sent to {department?.EnglishName ?? entry.Department}.",
            (_, "started") => "Sedang dikerjakan. / Work has begun.",
            (_, "asked") => "Menunggu keterangan dari pelapor. / Waiting for the reporter.",
            (_, "forwarded") => $"Diteruskan ke {department?.Name ?? entry.Department}. / Forwarded to {department?.EnglishName ?? entry.Department}.",
            (_, "handedOver") => $"Dialihkan kepada {department?.Name ?? entry.Department}. / Handed over to {department?.EnglishName ?? entry.Department}.",
            (_, "merged") => $"Dijawab bersama laporan {entry.Tickets?[0]}. / Answered with report {entry.Tickets?[0]}.",
            (_, "split") => "Dibagi ke beberapa OPD. / Given to several departments in parts.",
            (_, "closed") => "Ditutup. / Closed.",
            (_, "reopened") => "Dibuka kembali. / Reopened.",
            (_, "withdrawn") => "Dicabut pelapor. / Taken back by the reporter.",
            (_, "queued") => "Menunggu penentuan OPD yang bertanggung jawab. / It is being decided which department is responsible.",
            _ => null,
        };
    }
}
