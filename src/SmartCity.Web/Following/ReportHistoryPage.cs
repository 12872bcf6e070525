using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Following;

/// <summary>Every event of a report, for auditors.</summary>
internal static class ReportHistoryPage
{
    public static async Task<IResult> Show(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        // The report first: it reads the number as people write it.
        return await sender.Send(new GetReport(regency, ticket), cancel) is { } report
            ? Pages.Show<ReportHistory>(new { report.Ticket, Entries = await sender.Send(new GetReportHistory(regency, report.Ticket), cancel) })
            : Pages.Error(StatusCodes.Status404NotFound, "report");
    }
}

/// <summary>The events of a report as a table.</summary>
public partial class ReportHistory;
