using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Searching;

/// <summary>How many reports there are, by what they can be filtered by.</summary>
internal sealed class CountReportsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports").MapGet("counts", Count).WithTags("Reports")
        .WithSummary("How many reports, in all and by state, category, district and department; filters as in the list. Exact up to 100, then isAtLeast: of the newest 100");

    private static async Task<IResult> Count([AsParameters] FilterQuery query, TimeProvider time, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var filter = query.Read(http, time.GetUtcNow(), faults);
        foreach (var (field, isAsked) in new[] { ("plannedWork", query.PlannedWork is not null), ("urgency", query.Urgency is not null), ("held", query.Held is not null), ("followUpDue", query.FollowUpDue is not null), ("handler", query.Handler is not null), ("due", query.Due is not null) })
        {
            if (isAsked)
            {
                faults.Add(new Fault($"{field}.not_counted", "The list has this filter; what it finds is not counted here.", field));
            }
        }

        return faults.Count > 0 ? Problem.BadRequest(faults) : Results.Ok(await sender.Send(new CountReports(http.Regency().Id, filter), cancel));
    }
}

internal sealed class CountReportsHandler(RegencySessions sessions, SearchReports search, Viewers viewers) : IRequestHandler<CountReports, ReportCounts>
{
    public async Task<ReportCounts> Handle(CountReports query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return await search.Count(session, query.Filter, await viewers.Current(query.Regency, null, cancel), cancel);
    }
}
