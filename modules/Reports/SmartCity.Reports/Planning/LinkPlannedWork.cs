using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Planning;

/// <summary>A report asks for a planned work, or no longer; who asks is told what becomes of it.</summary>
internal sealed class LinkPlannedWorkEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var links = app.MapRegencyApi("/planned-works/{work}/reports").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent).WithTags("Planned works");
        links.MapPut("{id}", (string work, string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(id, address => new LinkPlannedWork(address.Regency, id, work, address.ExpectedVersion), http, sender, cancel)).WithSummary("Put a report with a planned work: its reporter is told what becomes of it");
        links.MapDelete("{id}", (string work, string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            Send(id, address => new UnlinkPlannedWork(address.Regency, id, work, address.ExpectedVersion), http, sender, cancel)).WithSummary("Take a report away from a planned work");
    }

    private static async Task<IResult> Send(string id, Func<ReportAddress, IReportCommand> command, HttpContext http, ISender sender, CancellationToken cancel) =>
        http.TryReadAddress(id, null, out var address, out var fault) ? (await sender.Send(command(address), cancel)).ToResult(http) : Problem.BadRequest(fault);
}

internal sealed class LinkPlannedWorkHandler(ISender sender, ReportStreams reports) :
    IRequestHandler<LinkPlannedWork, Outcome<ReportVersion>>, IRequestHandler<UnlinkPlannedWork, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(LinkPlannedWork command, CancellationToken cancel)
    {
        var work = string.IsNullOrWhiteSpace(command.Work) ? null : await sender.Send(new GetPlannedWork(command.Regency, command.Work.Trim()), cancel);
        return await reports.Decide(command, Move.Plan, (report, act) => Decide(report, work, command, act), cancel);
    }

    public Task<Outcome<ReportVersion>> Handle(UnlinkPlannedWork command, CancellationToken cancel) => reports.Decide(command, Move.Unplan, async (report, act, _) =>
        report.PlannedWork is not { } linked || (command.Work is { } only && only != linked) ? Decision.Nothing
        : act.Actor.Role == Role.Officer && await sender.Send(new GetPlannedWork(command.Regency, linked), cancel) is { } work && Plans.NotYours(work, act, command.Regency, "work") is { } foreign ? Decision.Refused(foreign)
        : Decision.Happens(new ReportUnplanned(linked)), cancel);

    public static Decision Decide(Report report, PlannedWork? work, LinkPlannedWork command, Act act) =>
        work is not null && work.Id == report.PlannedWork ? Decision.Nothing
        : Plans.Check(work, command.Work, act, command.Regency, "work") is { } refusal ? Decision.Refused(refusal)
        : Decision.Happens(new ReportPlanned(Plans.Of(work!)));
}

/// <summary>Planned works as reports know them.</summary>
internal static class Plans
{
    public static ReportPlan Of(PlannedWork work) => new(
        work.Id, work.Version, work.Terms.Name, work.Terms.FiscalYear, work.Terms.Cost, work.Terms.Source, work.State.ToString().ToLowerInvariant());

    /// <summary>A work that an answer brings into the plan: of the department that answers, where the report lies.</summary>
    public static PlannedWorkTerms Terms(Report report, string department, string name, int year, decimal cost, string source) =>
        new(name, department, report.District is { } district ? [district] : [], year, cost, source);

    /// <summary>Whether reporters are told of the difference: year, cost, source or state.</summary>
    public static bool IsNews(ReportPlan one, ReportPlan other) =>
        (one.FiscalYear, one.Cost, one.Source, one.State) != (other.FiscalYear, other.Cost, other.Source, other.State);

    /// <summary>Why a report cannot ask for a work; null when it can.</summary>
    public static Refusal? Check(PlannedWork? work, string? id, Act act, string regency, string field) => work is null
        ? new Refusal("plannedWork.unknown", $"There is no planned work '{id}' here.", $"Tidak ada pekerjaan '{id}' dalam rencana di sini.", field, field == "work" ? RefusalKind.NotFound : RefusalKind.Invalid)
        : NotYours(work, act, regency, field) is { } foreign ? foreign
        : work.State is PlannedWorkState.Done or PlannedWorkState.Cancelled
            ? new Refusal("plannedWork.over", $"“{work.Terms.Name}” is {work.State.ToString().ToLowerInvariant()}: choose a work that is planned or under way.", $"“{work.Terms.Name}” sudah selesai atau dibatalkan: pilih pekerjaan yang masih direncanakan atau dikerjakan.", field, RefusalKind.Conflict)
        : null;

    /// <summary>Officers put reports with works of their own department; a dispatcher and the regent with all.</summary>
    public static Refusal? NotYours(PlannedWork work, Act act, string regency, string field) => act.Actor.Is(regency, Role.Officer) && act.Actor.Department != work.Terms.Department
        ? new Refusal("plannedWork.not_yours", $"This work is planned by {work.Terms.Department}: its officers, a dispatcher or the regent can do this.", $"Pekerjaan ini rencana {work.Terms.Department}: hanya petugasnya, petugas disposisi, atau bupati yang dapat melakukannya.", field, RefusalKind.Forbidden)
        : null;
}

internal sealed class CountPlannedReportsHandler(RegencySessions sessions) : IRequestHandler<CountPlannedReports, IReadOnlyDictionary<string, int>>
{
    // Those merged into a report ask with it. What is not public, or was taken back or not taken up, is not counted: nobody can tell from a number that it is there.
    private const string Count = """
        with asking as materialized (
            select d.planned_work as work, d.id, d.data -> 'Merged' as merged from reports.mt_doc_report d
            where d.tenant_id = ? and d.planned_work = any(?::varchar[]) and (d.data ->> 'IsPublic')::boolean and d.data ->> 'State' not in ('Withdrawn', 'Rejected')
        ), counted as (
            select work, id from asking
            union
            select a.work, m.id from asking a cross join lateral jsonb_array_elements_text(a.merged) as other(id)
            join reports.mt_doc_report m on m.tenant_id = ? and m.id = other.id and (m.data ->> 'IsPublic')::boolean
        )
        select jsonb_build_object('Work', work, 'Count', count(*)) from counted group by work
        """;

    // Reports that have asked for one of the works at some time before an instant.
    private const string Asked = """
        select e.stream_id from history.mt_events e
        where e.tenant_id = ? and e.timestamp < ? and e.type in ('report.planned.v1', 'report.answered.v1')
          and coalesce(e.data -> 'Plan' ->> 'Work', e.data -> 'Outcome' -> 'Plan' ->> 'Work') = any(?::varchar[])
        group by e.stream_id
        """;

    private const int AtOnce = 500;

    public async Task<IReadOnlyDictionary<string, int>> Handle(CountPlannedReports query, CancellationToken cancel)
    {
        if (query.Works.Count == 0)
        {
            return new Dictionary<string, int>();
        }

        await using var session = sessions.Query(query.Regency);
        if (query.Before is { } instant)
        {
            return await Then(session, query.Works, instant, cancel);
        }

        var counts = await session.AdvancedSql.QueryAsync<PlannedCount>(Count, cancel, session.TenantId, query.Works.ToArray(), session.TenantId);
        return counts.ToDictionary(count => count.Work, count => count.Count);
    }

    // From the events alone: who had asked by then, and still asked. What is not public today is not counted for the time when it was.
    private static async Task<IReadOnlyDictionary<string, int>> Then(IQuerySession session, IReadOnlyList<string> works, DateTimeOffset instant, CancellationToken cancel)
    {
        var streams = (await session.AdvancedSql.QueryAsync<string>(Asked, cancel, session.TenantId, instant.ToUniversalTime(), works.ToArray())).ToArray();
        var asking = (await Reports(session, streams, instant, cancel)).Where(r => r is { PlannedWork: not null, IsPublic: true, State: not (ReportState.Withdrawn or ReportState.Rejected) } && works.Contains(r.PlannedWork)).ToArray();
        var merged = (await Reports(session, [.. asking.SelectMany(r => r.Merged).Distinct()], instant, cancel)).Where(r => r.IsPublic).Select(r => r.Id).ToHashSet();
        var counted = asking.SelectMany(r => r.Merged.Where(merged.Contains).Append(r.Id).Select(ticket => (Work: r.PlannedWork!, Ticket: ticket))).Distinct().ToArray();
        var publicNow = new HashSet<string>();
        foreach (var some in counted.Select(c => c.Ticket).Distinct().Chunk(AtOnce))
        {
            publicNow.UnionWith(await session.Query<Report>().Where(r => r.Id.IsOneOf(some) && r.IsPublic).Select(r => r.Id).ToListAsync(cancel));
        }

        return counted.Where(c => publicNow.Contains(c.Ticket)).GroupBy(c => c.Work).ToDictionary(g => g.Key, g => g.Count());
    }

    private static async Task<IReadOnlyList<Report>> Reports(IQuerySession session, IReadOnlyList<string> tickets, DateTimeOffset instant, CancellationToken cancel)
    {
        var reports = new List<Report>();
        foreach (var some in tickets.Chunk(AtOnce))
        {
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some) && e.Timestamp < instant).OrderBy(e => e.Sequence).ToListAsync(cancel);
            reports.AddRange(events.GroupBy(e => e.StreamKey!).Select(s => s.Aggregate((Report?)null, Report.After)).OfType<Report>());
        }

        return reports;
    }
}

/// <summary>A row of <see cref="CountPlannedReportsHandler"/>.</summary>
internal sealed record PlannedCount(string Work, int Count);
