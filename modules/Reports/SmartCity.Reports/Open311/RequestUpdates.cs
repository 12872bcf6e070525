using Marten;
using Marten.Events;
using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Open311;

/// <summary>News of reports in both directions: the extension of FixMyStreet.</summary>
internal static class RequestUpdates
{
    private const int MostPages = 10;

    // What a sender may take a report for.
    private static readonly string[] Statuses =
    [
        "open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate", "not_councils_responsibility",
        "no_further_action", "internal_referral", "cancelled", "reopen", "for_triage", "unchanged",
    ];

    /// <summary>
    /// Adds to a report what a user of the sender says. Checked as a posted request is: format, jurisdiction, key, report; then everything
    /// else, and all that is wrong is said at once.
    /// </summary>
    public static async Task<Answer> Post(HttpContext http, ISender sender, ApiKeys keys, Photos photos, CallContext call, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (await PostedForm.Authenticate(http, keys, call, cancel) is { } denied)
        {
            return Answer.Refused(denied);
        }

        if (form.Field("service_request_id") is not { } ticket)
        {
            return Answer.Refused(Open311Error.Of(400, "Say which request this is about.", "Sebutkan laporan yang mana.", "service_request_id"));
        }

        var regency = http.Regency().Id;
        if (await sender.Send(new GetReport(regency, ticket), cancel) is null)
        {
            return Answer.Refused(RequestsById.Unknown(ticket));
        }

        var errors = new List<Open311Error>();
        var command = Read(regency, ticket, form, photos.Limits.Count, errors);
        var uploads = form.Uploads(photos, errors);
        if (command.Text is null && command.Links.Count == 0 && uploads.Count == 0)
        {
            errors.Add(Open311Error.Of(400, "Say what there is to tell, or send a picture.", "Tulis kabarnya, atau kirim gambar.", "description"));
        }

        if (errors.Count > 0)
        {
            return Answer.Refused(errors);
        }

        var (stored, faults) = await photos.Store(regency, uploads, cancel);
        if (faults.Count > 0)
        {
            return Answer.Refused([.. faults.Select(PostedForm.Error)]);
        }

        var outcome = await sender.Send(command with { Photos = [.. stored.Select(photo => photo.ToReportPhoto())] }, cancel);
        return outcome.Value is not { } received ? Answer.Refused([.. outcome.Refusals.Select(PostRequest.Error)]) : Answer.Of(writer =>
        {
            writer.BeginList("service_request_updates");
            writer.BeginItem("request_update");
            writer.Text("update_id", received.Id.ToString());
            // Empty, but there: some clients misread an update with a single child.
            writer.Text("account_id", null);
            writer.EndItem();
            writer.EndList();
        });
    }

    /// <summary>The update that a form describes; what cannot be read is added to the errors.</summary>
    private static ReceiveReportUpdate Read(string regency, string ticket, IFormCollection form, int mostLinks, List<Open311Error> errors)
    {
        // An older name, still sent by one of its users.
        var id = form.Short("update_id", errors) ?? form.Short("update_id_ext", errors);
        if (id is null)
        {
            errors.Add(Open311Error.Of(400, "Your own id of this update.", "Nomor kabar ini pada pengirim.", "update_id"));
        }

        var status = form.Field("status")?.ToLowerInvariant();
        if (status is null || !Statuses.Contains(status))
        {
            var known = string.Join(", ", Statuses).ToUpperInvariant();
            errors.Add(Open311Error.Of(400, $"One of {known}.", $"Salah satu dari {known}.", "status"));
        }

        var at = DateTimeOffset.MinValue;
        if (form.Field("updated_datetime") is not { } sent || !Dates.TryRead(sent, out at))
        {
            errors.Add(Dates.Wrong("updated_datetime"));
        }

        var text = form.Field("description");
        if (text?.Length > Filing.Filing.MaxDescription)
        {
            errors.Add(Open311Error.Of(400, $"At most {Filing.Filing.MaxDescription} characters; this has {text.Length}.",
                $"Paling banyak {Filing.Filing.MaxDescription} huruf; ini {text.Length}.", "description"));
        }

        var links = form.Media();
        if (links.Count > mostLinks || !links.All(Filing.Filing.IsLink))
        {
            errors.Add(Open311Error.Of(400, $"Send full http or https addresses, at most {mostLinks}.", $"Kirim alamat lengkap yang diawali http atau https, paling banyak {mostLinks}.", "media_url"));
        }

        return new ReceiveReportUpdate(regency, ticket, id ?? "", status ?? "", at, text, form.Person(errors), [], links);
    }

    /// <summary>
    /// What happened to reports between two instants, oldest first; without dates, in the last day. Never more than a page: with a start the
    /// first ones, so that a client goes on from the last it got, else the newest.
    /// </summary>
    public static async Task<Answer> Get(HttpContext http, RegencySessions sessions, ISender sender, PlatformOptions options, TimeProvider time, CancellationToken cancel)
    {
        var errors = new List<Open311Error>();
        var (start, end) = RequestQuery.Window(http.Request.Query, time.GetUtcNow().AddDays(-1), errors);
        if (errors.Count > 0)
        {
            return Answer.Refused(errors);
        }

        var regency = http.Regency().Id;
        var updates = await Find(regency, start ?? DateTimeOffset.UnixEpoch, end ?? DateTimeOffset.MaxValue, isOldestFirst: !string.IsNullOrWhiteSpace(http.Request.Query["start_date"]), sessions, sender, cancel);
        var photos = RequestAnswers.PhotosBase(options, http);
        var departments = (await sender.Send(new GetDepartments(regency), cancel)).ToDictionary(d => d.Code);
        return Answer.Of(writer =>
        {
            writer.BeginList("service_request_updates");
            foreach (var (ticket, entry) in updates)
            {
                writer.BeginItem("request_update");
                writer.Text("update_id", entry.Id.ToString());
                writer.Text("service_request_id", ticket);
                writer.Text("status", Status(entry));
                writer.Date("updated_datetime", entry.At);
                writer.Text("description", Describe(entry, departments));
                writer.Text("media_url", entry.Photos is [var first, ..] ? $"{photos}{ticket}/photos/{first.Number}" : RequestAnswers.Link(entry.Links?.FirstOrDefault()));
                writer.Text("external_status_code", entry.State.Name());
                writer.EndItem();
            }

            writer.EndList();
        });
    }

    // By the events, of which there are as many as it takes for a page: a report may have changed again long after the time that is asked for.
    private static async Task<IReadOnlyList<(string Ticket, TimelineEntry Entry)>> Find(
        string regency, DateTimeOffset start, DateTimeOffset end, bool isOldestFirst, RegencySessions sessions, ISender sender, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        // Bounds of an hour more: hosts that write at the same moment do so in any order, each by its own clock.
        var first = (await Around(session, start.AddHours(-1), cancel)).Before;
        var last = end == DateTimeOffset.MaxValue ? long.MaxValue : (await Around(session, end.AddHours(1), cancel)).After;
        var updates = new List<(string Ticket, TimelineEntry Entry)>();
        for (var page = 0; page < MostPages && updates.Count < RequestQuery.MaxSize; page++)
        {
            var events = session.Events.QueryAllRawEvents().Where(e => e.Sequence > first && e.Sequence <= last && e.EventTypesAre(News) && e.Timestamp >= start && e.Timestamp <= end);
            var found = await (isOldestFirst ? events.OrderBy(e => e.Sequence) : events.OrderByDescending(e => e.Sequence)).Take(RequestQuery.MaxSize).Select(e => new { e.Id, e.Sequence, e.StreamKey }).ToListAsync(cancel);
            if (found.Count == 0)
            {
                break;
            }

            var ids = found.Select(e => e.Id).ToHashSet();
            var reports = await sender.Send(new ListReports(regency, new ReportFilter(Tickets: [.. found.Select(e => e.StreamKey!).Distinct()]), Limit: RequestQuery.MaxSize), cancel);
            updates.AddRange(from report in reports.Reports from entry in report.Timeline where ids.Contains(entry.Id) select (report.Ticket, entry));
            (first, last) = isOldestFirst ? (found[^1].Sequence, last) : (first, found[^1].Sequence - 1);
        }

        return [.. updates.OrderBy(u => u.Entry.At)];
    }

    // Events are numbered in the order of time: the numbers around an instant are found by halving.
    private static async Task<(long Before, long After)> Around(IQuerySession session, DateTimeOffset at, CancellationToken cancel)
    {
        var (before, after) = (0L, await session.Events.QueryAllRawEvents().OrderByDescending(e => e.Sequence).Select(e => e.Sequence).FirstOrDefaultAsync(cancel));
        while (after - before > RequestQuery.MaxSize)
        {
            var middle = before + ((after - before) / 2);
            var then = await session.Events.QueryAllRawEvents().Where(e => e.Sequence >= middle).OrderBy(e => e.Sequence).Select(e => e.Timestamp).FirstAsync(cancel);
            (before, after) = then < at ? (middle, after) : (before, middle);
        }

        return (before, after);
    }

    // That a report was filed, and whose business it is taken for, is no news to who fetches reports.
    private static readonly Type[] News = [.. LifeTable.Rows.Select(row => row.Event).Distinct().Except([typeof(ReportJurisdictionDecided), typeof(ReportPhotoFetched), typeof(ReportPhotoMissed),
        typeof(StaffNoted), typeof(HandlerChanged), typeof(PhotoHidden), typeof(PhotoShown), typeof(WordsHidden), typeof(WordsShown)])];

    private static string Status(TimelineEntry entry) => entry.State switch
    {
        ReportState.Answered when entry.Outcome?.Kind == AnswerOutcomes.Scheduled => "action_scheduled",
        ReportState.Answered when entry.Outcome?.Kind == AnswerOutcomes.NeedsBudget => "planned",
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
            (_, "updated") => "Gambar. / A picture.",
            (_, "queued") => "Menunggu penentuan OPD yang bertanggung jawab. / It is being decided which department is responsible.",
            _ => null,
        };
    }
}
