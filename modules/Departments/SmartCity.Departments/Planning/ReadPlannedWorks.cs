using System.Globalization;
using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Departments.Planning;

/// <summary>What is planned when and for how much, for everybody.</summary>
internal sealed class ReadPlannedWorksEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var works = app.MapRegencyApi("/planned-works").WithTags("Planned works");
        works.MapGet("", List).WithSummary("Planned works by year; ?district=, fiscalYear=, state=, department=, after=CURSOR, limit=");
        works.MapGet("by-district", async (int? fiscalYear, HttpContext http, ISender sender, CancellationToken cancel) =>
            Results.Ok(await sender.Send(new GetPlannedWorkTotals(http.Regency().Id, fiscalYear), cancel)))
            .WithSummary("Number and cost of planned works per district and year; ?fiscalYear=");
        works.MapGet("{id}", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
        {
            if (await sender.Send(new GetPlannedWork(http.Regency().Id, id), cancel) is not { } work)
            {
                return Problem.NotFound("plannedWork.unknown", $"There is no planned work {id} here.", "id");
            }

            http.Response.Headers.ETag = $"\"{work.Version}\"";
            return Results.Ok(work);
        }).WithSummary("One planned work, with the number of public reports that ask for it");
    }

    private static async Task<IResult> List(
        string? district, int? fiscalYear, string? state, string? department, string? after, int? limit, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        PlannedWorkState? only = null;
        if (state is not null)
        {
            only = Enum.TryParse<PlannedWorkState>(state, ignoreCase: true, out var read) && Enum.IsDefined(read) && !char.IsAsciiDigit(state[0]) ? read : null;
            if (only is null)
            {
                faults.Add(new Fault("state.unknown", $"'{state}' is no state; use planned, started, done or cancelled.", "state"));
            }
        }

        if (limit is < 1 or > 1000)
        {
            faults.Add(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        if (after is not null && PlannedWorkCursor.Read(after) is null)
        {
            faults.Add(new Fault("after.invalid", "Use the value of 'next' of the page before.", "after"));
        }

        return faults.Count > 0 ? Problem.BadRequest(faults)
            : Results.Ok(await sender.Send(new ListPlannedWorks(http.Regency().Id, new PlannedWorkFilter(district, fiscalYear, only, department), after, limit ?? 50), cancel));
    }
}

/// <summary>Where a page of the list ends.</summary>
internal static class PlannedWorkCursor
{
    public static string Write(PlannedWorkRecord last) => $"{last.FiscalYear.ToString(CultureInfo.InvariantCulture)}.{last.Id}";

    public static (int Year, string Id)? Read(string? text) =>
        text?.Split('.', 2) is [var year, { Length: > 0 and <= 64 } id] && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, id) : null;
}

internal sealed class ReadPlannedWorksHandler(RegencySessions sessions, ISender sender) :
    IRequestHandler<GetPlannedWork, PlannedWork?>, IRequestHandler<ListPlannedWorks, PlannedWorkPage>, IRequestHandler<GetPlannedWorkTotals, PlannedWorkTotals>
{
    public async Task<PlannedWork?> Handle(GetPlannedWork query, CancellationToken cancel)
    {
        if (query.Id.Length is 0 or > 64)
        {
            return null;
        }

        await using var session = sessions.Query(query.Regency);
        if (query.Version is { } version)
        {
            PlannedWorkRecord? then = null;
            foreach (var @event in await session.Events.FetchStreamAsync(query.Id, version, token: cancel))
            {
                then = PlannedWorkRecord.After(then, query.Id, @event);
                then?.Version = @event.Version;
            }

            return then?.Shown();
        }

        return await session.LoadAsync<PlannedWorkRecord>(query.Id, cancel) is { } work
            ? work.Shown((await sender.Send(new CountPlannedReports(query.Regency, [work.Id]), cancel)).GetValueOrDefault(work.Id)) : null;
    }

    public async Task<PlannedWorkPage> Handle(ListPlannedWorks query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var (filter, limit) = (query.Filter, Math.Clamp(query.Limit, 1, 1000));
        IQueryable<PlannedWorkRecord> found = session.Query<PlannedWorkRecord>();
        if (filter.FiscalYear is { } year)
        {
            found = found.Where(w => w.FiscalYear == year);
        }

        if (filter.Department is { } department)
        {
            found = found.Where(w => w.Department == department);
        }

        if (filter.State is { } state)
        {
            found = found.Where(w => w.State == state);
        }

        if (filter.District is { } district)
        {
            found = found.Where(w => w.MatchesSql("jsonb_exists(d.data -> 'Terms' -> 'Districts', ?)", district));
        }

        if (PlannedWorkCursor.Read(query.After) is var (afterYear, afterId))
        {
            found = found.Where(w => w.MatchesSql("(d.fiscal_year, d.id) > (?, ?)", afterYear, afterId));
        }

        var works = await found.OrderBy(w => w.FiscalYear).ThenBy(w => w.Id).Take(limit + 1).ToListAsync(cancel);
        var page = works.Take(limit).ToArray();
        var reports = await sender.Send(new CountPlannedReports(query.Regency, [.. page.Select(w => w.Id)]), cancel);
        return new PlannedWorkPage([.. page.Select(w => w.Shown(reports.GetValueOrDefault(w.Id)))], works.Count > limit ? PlannedWorkCursor.Write(page[^1]) : null);
    }

    public async Task<PlannedWorkTotals> Handle(GetPlannedWorkTotals query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        IQueryable<PlannedWorkRecord> found = session.Query<PlannedWorkRecord>().Where(w => w.State != PlannedWorkState.Cancelled);
        if (query.FiscalYear is { } year)
        {
            found = found.Where(w => w.FiscalYear == year);
        }

        var works = await found.ToListAsync(cancel);
        return Total(works, await sender.Send(new CountPlannedReports(query.Regency, [.. works.Select(w => w.Id)]), cancel));
    }

    /// <summary>Adds up.</summary>
    public static PlannedWorkTotals Total(IReadOnlyList<PlannedWorkRecord> works, IReadOnlyDictionary<string, int> reports)
    {
        PlannedWorkTotal Of(string? district, int year, IEnumerable<PlannedWorkRecord> group)
        {
            var all = group.ToArray();
            return new(district, year, all.Length, all.Sum(w => w.Terms.Cost), all.Count(w => w.State == PlannedWorkState.Done), all.Sum(w => reports.GetValueOrDefault(w.Id)));
        }

        var counted = works.Where(w => w.State != PlannedWorkState.Cancelled).ToArray();
        return new PlannedWorkTotals(
            [.. from work in counted
                from district in work.Terms.Districts.Count > 0 ? work.Terms.Districts.Distinct().Cast<string?>() : [null]
                group work by (District: district, work.FiscalYear) into one
                orderby one.Key.District is null, one.Key.District, one.Key.FiscalYear
                select Of(one.Key.District, one.Key.FiscalYear, one)],
            [.. counted.GroupBy(w => w.FiscalYear).OrderBy(g => g.Key).Select(g => Of(null, g.Key, g))]);
    }
}
