using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Reading;

/// <summary>A list of reports as CSV, with what the caller may see and nothing else.</summary>
internal static class ReportCsv
{
    /// <summary>So many rows at most; then the filters must find fewer.</summary>
    public const int MostRows = 5000;

    private const int Page = 500;

    private static readonly string[] Columns =
    [
        "ticket", "state", "class", "urgency", "category", "department", "district", "filedAt", "updatedAt", "dueAt", "handler", "isConfidential", "channel",
        "latitude", "longitude", "address", "description",
    ];

    public static async Task<IResult> Of(ListReports query, ISender sender, CancellationToken cancel)
    {
        var rows = new List<IReadOnlyList<object?>>();
        for (var (left, after) = (query.Limit, query.After); left > 0;)
        {
            var page = await sender.Send(query with { After = after, Limit = Math.Min(Page, left) }, cancel);
            var due = (await sender.Send(new GetDueReports(query.Regency, Tickets: [.. page.Reports.Select(r => r.Ticket)]), cancel)).ToDictionary(d => d.Ticket, d => d.DueAt);
            rows.AddRange(page.Reports.Select(r => (IReadOnlyList<object?>)
            [
                r.Ticket, r.State, r.Class, r.Urgency, r.Category, r.Department, r.District, r.FiledAt, r.UpdatedAt, due.TryGetValue(r.Ticket, out var at) ? at : null, r.Handler?.Account, r.IsConfidential,
                r.Channel, r.Place.Latitude, r.Place.Longitude, r.Place.Address, r.Description,
            ]));
            (left, after) = (left - page.Reports.Count, page.Next);
            if (after is null)
            {
                break;
            }
        }

        return Results.Text(Csv.Write(Columns, rows), "text/csv; charset=utf-8");
    }
}
