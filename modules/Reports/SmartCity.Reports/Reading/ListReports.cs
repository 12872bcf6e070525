using System.Globalization;
using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Searching;

namespace SmartCity.Reports.Reading;

/// <summary>The list of reports, page by page.</summary>
internal sealed class ListReportsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports")
        .MapGet("", List).WithTags("Reports").WithSummary("Reports, newest first; ?q=WORDS, category=, state=, department=, district=, class=, plannedWork=, handler=me|nobody|NAME (staff: who has it in hand), due=late|today, from=, until=, bbox=WEST,SOUTH,EAST,NORTH, hasPhoto=, urgency=emergency, held=true, followUpDue=true (bodies outside to be asked again), sort=deadline, after=CURSOR, limit=; as a file: reports/export.csv");

    private static async Task<IResult> List([AsParameters] FilterQuery query, string? after, int? limit, TimeProvider time, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var filter = query.Read(http, time.GetUtcNow(), faults);
        if (limit is < 1 or > 1000)
        {
            faults.Add(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        if (after is not null && !long.TryParse(after, CultureInfo.InvariantCulture, out _))
        {
            faults.Add(new Fault("after.invalid", "Use the value of 'next' of the page before.", "after"));
        }

        return faults.Count > 0 ? Problem.BadRequest(faults) : Results.Ok(await sender.Send(new ListReports(http.Regency().Id, filter, after, limit ?? 50, MayLag: http.Actor().Role == Role.Citizen, ByDeadline: query.ByDeadline), cancel));
    }
}

/// <summary>Conditions that few reports meet, written alike in queries and in the indexes that answer them.</summary>
internal static class ReportIndexes
{
    public const string IsEmergency = "(d.data -> 'Filed' -> 'Assessment' ->> 'Urgency') = 'emergency'", IsHeld = "(d.data ->> 'IsHeld') = 'true'",
        IsNotHeld = "(d.data ->> 'IsHeld') is distinct from 'true'";

    /// <summary>The condition as an index has it.</summary>
    public static string Of(string condition) => condition.Replace("d.data", "data", StringComparison.Ordinal);
}

internal sealed class ListReportsHandler(ISender sender, RegencySessions sessions, SearchReports search, ReportViews views, Viewers viewers) : IRequestHandler<ListReports, ReportPage>
{
    public async Task<ReportPage> Handle(ListReports query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var (filter, limit) = (query.Filter, Math.Clamp(query.Limit, 1, 1000));
        var viewer = await viewers.Current(query.Regency, null, cancel);
        IReadOnlyList<DueReport> due = [];
        if (query.ByDeadline || filter is { DueAfter: not null } or { DueBefore: not null })
        {
            due = await sender.Send(new GetDueReports(query.Regency, filter.DueAfter, filter.DueBefore), cancel);
            filter = filter with { Tickets = [.. due.Select(d => d.Ticket).Where(ticket => filter.Tickets?.Contains(ticket) != false)] };
            query = query with { Filter = filter };
        }

        if (SearchReports.Takes(query))
        {
            return await search.Page(session, query, limit, viewer, cancel);
        }

        var found = session.Query<Report>().VisibleTo(viewer);
        if (filter.Tickets is { } tickets)
        {
            var known = tickets.Select(Ticket.Read).OfType<string>().ToArray();
            found = found.Where(r => r.Id.IsOneOf(known));
        }

        if (filter.Categories is { } categories)
        {
            var codes = categories.ToArray();
            found = found.Where(r => r.Category.IsOneOf(codes));
        }

        if (filter.States is { } states)
        {
            var any = states.ToArray();
            found = found.Where(r => r.State.IsOneOf(any));
        }

        if (filter.Department is { } department)
        {
            found = found.Where(r => r.Department == department);
        }

        if (filter.District is { } district)
        {
            found = found.Where(r => r.District == district);
        }

        if (filter.Handler is { } handler)
        {
            // Who has what in hand is told to those who handle it.
            found = found.HandledBy(viewer);
            found = handler == HandleReport.Nobody ? found.Where(r => r.Handler == null && r.Department != null) : found.Where(r => r.Handler == handler);
        }

        if (filter.OnlyEmergencies)
        {
            found = found.Where(r => r.MatchesSql(ReportIndexes.IsEmergency));
        }

        if (filter.Held is { } held)
        {
            found = found.Where(r => r.MatchesSql(held ? ReportIndexes.IsHeld : ReportIndexes.IsNotHeld));
        }

        if (filter.Class is { } @class)
        {
            found = found.Where(r => r.Filed.Class == @class);
        }

        if (filter.PlannedWork is { } work)
        {
            found = found.Where(r => r.PlannedWork == work);
        }

        if (filter.From is { } from)
        {
            found = found.Where(r => r.FiledAt >= from);
        }

        if (filter.Until is { } until)
        {
            found = found.Where(r => r.FiledAt <= until);
        }

        if (filter.UpdatedAfter is { } updatedAfter)
        {
            found = found.Where(r => r.UpdatedAt >= updatedAfter);
        }

        if (filter.UpdatedBefore is { } updatedBefore)
        {
            found = found.Where(r => r.UpdatedAt <= updatedBefore);
        }

        if (filter.AskAgainBefore is { } askAgain)
        {
            found = found.Where(r => r.State.IsOneOf(LifeTable.Outside) && r.AskAgainAt <= askAgain);
        }

        if (filter.Near is { } near)
        {
            var band = near.Metres / MetresADegree;
            found = found.Where(r => r.MatchesSql(Within, near.Latitude - band, near.Latitude + band, near.Latitude, near.Latitude, near.Longitude, near.Metres));
        }

        if (query.ByDeadline)
        {
            return await ByDeadline(session, found, due, query, limit, viewer, cancel);
        }

        if (long.TryParse(query.After, CultureInfo.InvariantCulture, out var after))
        {
            found = found.Where(r => r.Number < after);
        }

        var reports = await found.OrderByDescending(r => r.Number).Skip(query.Skip).Take(limit + 1).ToListAsync(cancel);
        var page = reports.Take(limit).ToArray();
        return new ReportPage(
            await views.Open(session, page, viewer, cancel),
            reports.Count > limit ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    // As many as something is owed for: they are few beside those that are done.
    private async Task<ReportPage> ByDeadline(
        IQuerySession session, IQueryable<Report> found, IReadOnlyList<DueReport> due, ListReports query, int limit, Viewer viewer, CancellationToken cancel)
    {
        var all = (await found.Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
        var skip = query.Skip + (int.TryParse(query.After, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0);
        string[] rest = [.. due.Select(d => d.Ticket).Where(all.Contains).Skip(skip)], page = [.. rest.Take(limit)];
        var reports = (await session.LoadManyAsync<Report>(cancel, page)).ToDictionary(r => r.Id);
        return new ReportPage(
            await views.Open(session, [.. page.Select(ticket => reports.GetValueOrDefault(ticket)).OfType<Report>()], viewer, cancel),
            rest.Length > page.Length ? (skip + page.Length).ToString(CultureInfo.InvariantCulture) : null);
    }

    private const double MetresADegree = 111_194;

    // First the band of latitudes, which costs little; then the great circle (haversine).
    private const string Within =
        $"{Latitude} between ? and ? and 2 * 6371008.8 * asin(least(1, sqrt(power(sin(radians({Latitude} - ?) / 2), 2) " +
        $"+ cos(radians(?)) * cos(radians({Latitude})) * power(sin(radians({Longitude} - ?) / 2), 2)))) <= ?";

    private const string Latitude = "(d.data -> 'Filed' -> 'Place' ->> 'Latitude')::float8", Longitude = "(d.data -> 'Filed' -> 'Place' ->> 'Longitude')::float8";
}
