using System.Globalization;
using System.Text;
using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Departments.Planning;

/// <summary>What is planned when and for how much, for everybody.</summary>
internal sealed class ReadPlannedWorksEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var works = app.MapRegencyApi("/planned-works").WithTags("Planned works");
        works.MapGet("", List).WithSummary("Planned works by year; ?district=, fiscalYear=, state=, department=, asOf=2026-06-30, after=CURSOR, limit=, format=csv");
        works.MapGet("by-district", Totals).WithSummary("Number and cost of planned works per district and year; ?fiscalYear=, asOf=2026-06-30, format=csv");
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
        string? district, int? fiscalYear, string? state, string? department, string? after, int? limit, string? format, [AsParameters] AskedDays days,
        HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var asOf = Day(days, faults);
        var isCsv = Csv.IsWanted(http, format, faults);
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

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var page = await sender.Send(new ListPlannedWorks(http.Regency().Id, new PlannedWorkFilter(district, fiscalYear, only, department), after, limit ?? (isCsv ? 1000 : 50), asOf), cancel);
        return !isCsv ? Results.Ok(page) : Results.Text(Csv.Write(["id", "name", "department", "district", "year", "source", "cost", "state", "code", "plannedAt", "changedAt", "reason", "reports"],
            page.Works.Select(w => (IReadOnlyList<object?>)[w.Id, w.Terms.Name, w.Terms.Department, string.Join(' ', w.Terms.Districts), w.Terms.FiscalYear, w.Terms.Source, w.Terms.Cost, w.State, w.Code,
                w.PlannedAt, w.ChangedAt, w.Reason, w.Reports])), "text/csv; charset=utf-8", Encoding.UTF8);
    }

    private static async Task<IResult> Totals(int? fiscalYear, string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var asOf = Day(days, faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var totals = await sender.Send(new GetPlannedWorkTotals(http.Regency().Id, fiscalYear, asOf), cancel);
        return !isCsv ? Results.Ok(totals) : Results.Text(Csv.Write(["district", "year", "works", "cost", "done", "reports"],
            totals.Districts.Select(t => (t.District ?? "regency", t)).Concat(totals.Years.Select(t => ("all", t)))
                .Select(t => (IReadOnlyList<object?>)[t.Item1, t.t.FiscalYear, t.t.Works, t.t.Cost, t.t.Done, t.t.Reports])), "text/csv; charset=utf-8", Encoding.UTF8);
    }

    // The period of a plan is its budget year.
    private static DateOnly? Day(AskedDays days, List<Fault> faults)
    {
        var (asOf, from) = days.Read(faults);
        if (from is not null)
        {
            faults.Add(new Fault("from.unused", "A plan is asked for a day, asOf; its period is the budget year, fiscalYear.", "from"));
        }

        return asOf;
    }
}

/// <summary>Where a page of the list ends.</summary>
internal static class PlannedWorkCursor
{
    public static string Write(PlannedWorkRecord last) => $"{last.FiscalYear.ToString(CultureInfo.InvariantCulture)}.{last.Id}";

    public static (int Year, string Id)? Read(string? text) =>
        text?.Split('.', 2) is [var year, { Length: > 0 and <= 64 } id] && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, id) : null;
}

internal sealed class ReadPlannedWorksHandler(RegencySessions sessions, RegencyRegistry regencies, ISender sender) :
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
        if (query.AsOf is { } day)
        {
            var end = await EndOf(query.Regency, day, cancel);
            var then = (await Then(session, end, cancel)).Where(w => (filter.FiscalYear ?? w.FiscalYear) == w.FiscalYear && (filter.Department ?? w.Department) == w.Department
                && (filter.State ?? w.State) == w.State && (filter.District is null || w.Terms.Districts.Contains(filter.District)))
                .Where(w => PlannedWorkCursor.Read(query.After) is not var (year_, id_) || w.FiscalYear > year_ || (w.FiscalYear == year_ && string.CompareOrdinal(w.Id, id_) > 0))
                .OrderBy(w => w.FiscalYear).ThenBy(w => w.Id, StringComparer.Ordinal).Take(limit + 1).ToArray();
            var asked = await sender.Send(new CountPlannedReports(query.Regency, [.. then.Take(limit).Select(w => w.Id)], end), cancel);
            return new PlannedWorkPage([.. then.Take(limit).Select(w => w.Shown(asked.GetValueOrDefault(w.Id)))], then.Length > limit ? PlannedWorkCursor.Write(then[limit - 1]) : null);
        }

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
        if (query.AsOf is { } day)
        {
            var end = await EndOf(query.Regency, day, cancel);
            PlannedWorkRecord[] then = [.. (await Then(session, end, cancel)).Where(w => (query.FiscalYear ?? w.FiscalYear) == w.FiscalYear && w.State != PlannedWorkState.Cancelled)];
            return Total(then, await sender.Send(new CountPlannedReports(query.Regency, [.. then.Select(w => w.Id)], end), cancel));
        }

        IQueryable<PlannedWorkRecord> found = session.Query<PlannedWorkRecord>().Where(w => w.State != PlannedWorkState.Cancelled);
        if (query.FiscalYear is { } year)
        {
            found = found.Where(w => w.FiscalYear == year);
        }

        var works = await found.ToListAsync(cancel);
        return Total(works, await sender.Send(new CountPlannedReports(query.Regency, [.. works.Select(w => w.Id)]), cancel));
    }

    private async Task<DateTimeOffset> EndOf(string regency, DateOnly day, CancellationToken cancel) =>
        (await regencies.Find(RegencyCode.Parse(regency), cancel) ?? throw new InvalidOperationException($"No regency {regency} is served here.")).EndOf(day);

    // From the events alone: what is kept of now says only which streams there are.
    private static async Task<IReadOnlyList<PlannedWorkRecord>> Then(IQuerySession session, DateTimeOffset end, CancellationToken cancel)
    {
        var works = new List<PlannedWorkRecord>();
        foreach (var some in (await session.Query<PlannedWorkRecord>().OrderBy(w => w.Id).Select(w => w.Id).ToListAsync(cancel)).Chunk(AtOnce))
        {
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some) && e.Timestamp < end).OrderBy(e => e.Sequence).ToListAsync(cancel);
            foreach (var stream in events.GroupBy(e => e.StreamKey!))
            {
                if (stream.Aggregate((PlannedWorkRecord?)null, (known, e) => PlannedWorkRecord.After(known, stream.Key, e)) is { } work)
                {
                    work.Version = stream.Last().Version;
                    works.Add(work);
                }
            }
        }

        return works;
    }

    private const int AtOnce = 500;

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
