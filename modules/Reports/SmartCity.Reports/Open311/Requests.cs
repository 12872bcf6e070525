using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>Reports, newest first.</summary>
internal static class RequestList
{
    public static async Task<Answer> Get(HttpContext http, ISender sender, PlatformOptions options, TimeProvider time, CancellationToken cancel)
    {
        var errors = new List<Open311Error>();
        var query = RequestQuery.Read(http.Request.Query, time.GetUtcNow(), errors);
        if (errors.Count > 0)
        {
            return Answer.Refused(errors);
        }

        var (regency, filter) = (http.Regency().Id, query.Filter);
        if (query.Agency is { } agency)
        {
            var departments = await sender.Send(new GetDepartments(regency), cancel);
            var department = departments.FirstOrDefault(d => string.Equals(d.Code, agency, StringComparison.OrdinalIgnoreCase) || string.Equals(d.Name, agency, StringComparison.OrdinalIgnoreCase));
            if (department is null)
            {
                return await RequestAnswers.Of([], query.Extensions, http, sender, options, cancel);
            }

            filter = filter with { Department = department.Code };
        }

        var page = await sender.Send(new ListReports(regency, filter, Limit: query.PageSize, Skip: ((query.Page ?? 1) - 1) * query.PageSize), cancel);
        if (query.Page is { } number)
        {
            AddPageHeaders(http, options, number, query.PageSize, hasNext: page.Next is not null);
        }

        return await RequestAnswers.Of(page.Reports, query.Extensions, http, sender, options, cancel);
    }

    // As other cities give them beside the standard.
    private static void AddPageHeaders(HttpContext http, PlatformOptions options, int page, int size, bool hasNext)
    {
        string Url(int number) => options.PublicBase(http.Request) + http.Request.Path + QueryString.Create(
            http.Request.Query.Where(q => !q.Key.Equals("page", StringComparison.OrdinalIgnoreCase)).Append(new("page", new StringValues($"{number}"))));
        var headers = http.Response.Headers;
        headers["X-Page-Size"] = $"{size}";
        headers.AccessControlExposeHeaders = "X-Page-Size, X-Next-Page-URL, X-Previous-Page-URL";
        if (hasNext)
        {
            headers["X-Next-Page-URL"] = Url(page + 1);
        }

        if (page > 1)
        {
            headers["X-Previous-Page-URL"] = Url(page - 1);
        }
    }
}

/// <summary>One report, or several by a comma list: those there are.</summary>
internal static class RequestsById
{
    public static async Task<Answer> Get(string ids, HttpContext http, ISender sender, PlatformOptions options, CancellationToken cancel)
    {
        var (regency, tickets) = (http.Regency().Id, RequestQuery.Listed(ids));
        IReadOnlyList<ReportDetails> reports = tickets.Length == 1
            ? await sender.Send(new GetReport(regency, tickets[0]), cancel) is { } report ? [report] : []
            : (await sender.Send(new ListReports(regency, new ReportFilter(Tickets: tickets), Limit: RequestQuery.MaxSize), cancel)).Reports;
        var extensions = RequestQuery.AsksForExtensions(http.Request.Query);
        return reports.Count > 0
            ? await RequestAnswers.Of(reports, extensions, http, sender, options, cancel)
            : Answer.Refused(Unknown(ids));
    }

    public static Open311Error Unknown(string ids) =>
        Open311Error.Of(404, $"There is no public request {ids} in this regency.", $"Tidak ada laporan terbuka {ids} di sini.", "service_request_id");
}

/// <summary>
/// The report of a token. A service of type batch gives the token at once and the number when it has been decided who must act; a token
/// stays good for ever.
/// </summary>
internal static class TokenOfRequest
{
    private const string Prefix = "t-";

    public static string Of(string ticket) => Prefix + ticket;

    public static async Task<Answer> Get(string token, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var report = token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? await sender.Send(new GetReport(http.Regency().Id, token[Prefix.Length..]), cancel) : null;
        return report is null
            ? Answer.Refused(Open311Error.Of(404, $"There is no token {token} in this regency.", $"Tidak ada token {token} di sini.", "token"))
            : Answer.Of(writer =>
            {
                writer.BeginList("service_requests");
                writer.BeginItem("request");
                writer.Text("service_request_id", report.State == ReportState.Filed ? null : report.Ticket);
                writer.Text("token", Of(report.Ticket));
                writer.EndItem();
                writer.EndList();
            });
    }
}
