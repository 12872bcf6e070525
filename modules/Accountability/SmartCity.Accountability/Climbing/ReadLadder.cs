using System.Text;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Climbing;

/// <summary>What stands on which rung, each for whom it stands there and for those above.</summary>
internal sealed class LadderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var ladder = app.MapRegencyApi("/ladder").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor).WithTags("Accountability");
        ladder.MapGet("", List)
            .WithSummary("Late reports on the ladder, longest first; ?office=secretary, asOf=2026-06-30, format=csv. A head sees the own department, the secretary all but oversight, the regent all");
        ladder.MapGet("summary", Summary).WithSummary("How often what happened on the ladder; ?from=&to=, format=csv");
    }

    private static async Task<IResult> List(string? office, string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, from) = days.Read(faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (office is { Length: > 64 })
        {
            faults.Add(new Fault("office.invalid", "An office is regent, secretary or head-CODE.", "office"));
        }

        if (from is not null)
        {
            faults.Add(new Fault("from.unused", "What stands on the ladder is asked for a day: asOf. For a period ask ladder/summary.", "from"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var view = await sender.Send(new GetLadder(http.Regency().Id, office, asOf), cancel);
        return !isCsv ? Results.Ok(view) : Results.Text(Csv.Write(
            ["ticket", "class", "department", "rung", "office", "holder", "reason", "since", "step", "dueAt", "rule", "nextAt", "takenOver", "extended"],
            view.Reports.Select(r => (IReadOnlyList<object?>)
                [r.Ticket, r.Class, r.Department, r.Rung, r.Office, r.Holder, r.Reason, r.Since, r.Step, r.DueAt, r.Rule, r.NextAt, r.IsTakenOver, r.IsExtended])), "text/csv; charset=utf-8", Encoding.UTF8);
    }

    private static async Task<IResult> Summary(string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (to, from) = days.Read(faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var figures = await sender.Send(new GetLadderFigures(http.Regency().Id, from, to), cancel);
        return !isCsv ? Results.Ok(figures) : Results.Text(Csv.Write(
            ["department", "warned", "missed", "silent", "toHead", "toSecretary", "toRegent", "reports"],
            figures.Departments.Append(figures.Total with { Department = "all" }).Select(d => (IReadOnlyList<object?>)
                [d.Department, d.Warned, d.Missed, d.Silent, d.ToHead, d.ToSecretary, d.ToRegent, d.Reports])), "text/csv; charset=utf-8", Encoding.UTF8);
    }
}

internal sealed class GetLadderHandler(RegencySessions sessions, OfficesHeld held, RegencyRegistry regencies, CallContext call, TimeProvider time) :
    IRequestHandler<GetLadder, LadderView>, IRequestHandler<GetLadderFigures, LadderFigures>
{
    private const int Most = 500, AtOnce = 500;

    public async Task<LadderView> Handle(GetLadder query, CancellationToken cancel)
    {
        var (offices, terms) = await held.By(call.Actor, query.Regency, cancel);
        await using var session = sessions.Query(query.Regency);
        if (query.AsOf is { } day)
        {
            return await Then(session, query, day, offices, cancel);
        }

        var clocks = VisibleTo(session.Query<ReportClock>().Where(c => c.Office != null && c.NextDueAt != null), call.Actor, query.Regency, offices);
        if (query.Office is { } office)
        {
            clocks = clocks.Where(c => c.Office == office);
        }

        var found = await clocks.OrderBy(c => c.OnRungSince).ThenBy(c => c.Id).Take(Most).ToListAsync(cancel);
        await session.RecordDeadlines(call, found, cancel);
        return new LadderView([.. offices.Order(StringComparer.Ordinal)], [.. found.Select(c => View(c, terms))]);
    }

    public async Task<LadderFigures> Handle(GetLadderFigures query, CancellationToken cancel)
    {
        var regency = await Regency(query.Regency, cancel);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone).Date);
        var (offices, _) = await held.By(call.Actor, query.Regency, cancel);
        var sees = Sees(call.Actor, query.Regency, offices);
        var (begin, end) = (query.From is { } from ? regency.EndOf(from.AddDays(-1)) : DateTimeOffset.MinValue, regency.EndOf(query.To ?? today));
        await using var session = sessions.Query(query.Regency);
        var hidden = await Oversight(session, cancel);
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => (e.EventTypeName == LadderEvents.Warned || e.EventTypeName == LadderEvents.Climbed) && e.Timestamp >= begin && e.Timestamp < end).ToListAsync(cancel);
        var (warned, climbed) = (
            events.Select(e => e.Data).OfType<LadderWarned>().Where(w => sees(w.Department, w.IsOversight, hidden.Contains(w.Ticket))).ToArray(),
            events.Select(e => e.Data).OfType<LadderClimbed>().Where(c => sees(c.Department, c.IsOversight, hidden.Contains(c.Ticket))).ToArray());
        LadderCount Count(string? department, IEnumerable<LadderWarned> warnings, IReadOnlyCollection<LadderClimbed> climbs) => new(
            department, warnings.Count(), climbs.Count(c => c.Reason == LadderReason.Missed), climbs.Count(c => c.Reason == LadderReason.Silent),
            climbs.Count(c => c.To == Rung.Head), climbs.Count(c => c.To == Rung.Secretary), climbs.Count(c => c.To == Rung.Regent), climbs.Select(c => c.Ticket).Distinct().Count());
        return new LadderFigures(query.From, query.To ?? today, Count(null, warned, climbed),
        [
            .. warned.Select(w => w.Department).Concat(climbed.Select(c => c.Department)).Distinct().Order(StringComparer.Ordinal)
                .Select(code => Count(code, warned.Where(w => w.Department == code), [.. climbed.Where(c => c.Department == code)])),
        ]);
    }

    // From the events alone: which reports had climbed by then, and what each clock said then.
    private async Task<LadderView> Then(IQuerySession session, GetLadder query, DateOnly day, IReadOnlyCollection<string> offices, CancellationToken cancel)
    {
        var regency = await Regency(query.Regency, cancel);
        var (end, sees, hidden) = (regency.EndOf(day), Sees(call.Actor, query.Regency, offices), await Oversight(session, cancel));
        var streams = (await session.Events.QueryAllRawEvents().Where(e => e.EventTypeName == LadderEvents.Climbed && e.Timestamp < end).Select(e => e.StreamKey!).ToListAsync(cancel)).Distinct();
        var terms = await held.On(query.Regency, day, cancel);
        var found = new List<ReportClock>();
        foreach (var some in streams.Order(StringComparer.Ordinal).Chunk(AtOnce))
        {
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some) && e.Timestamp < end).OrderBy(e => e.Sequence).ToListAsync(cancel);
            found.AddRange(events.GroupBy(e => e.StreamKey!).Select(s => s.Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, s.Key, e))).OfType<ReportClock>()
                .Where(c => c is { Office: not null, NextDueAt: not null } && (query.Office is null || c.Office == query.Office) && sees(c.Department, c.IsOversight, hidden.Contains(c.Ticket))));
        }

        ReportClock[] shown = [.. found.OrderBy(c => c.OnRungSince).ThenBy(c => c.Id, StringComparer.Ordinal).Take(Most)];
        await session.RecordDeadlines(call, shown, cancel);
        return new LadderView([.. offices.Order(StringComparer.Ordinal)], [.. shown.Select(c => View(c, terms))]);
    }

    private async Task<Regency> Regency(string regency, CancellationToken cancel) =>
        await regencies.Find(RegencyCode.Parse(regency), cancel) ?? throw new InvalidOperationException($"No regency {regency} is served here.");

    // What is on the conduct of officials by now is not shown as what it was taken for before.
    public static async Task<IReadOnlySet<string>> Oversight(IQuerySession session, CancellationToken cancel) =>
        (await session.Query<ReportClock>().Where(c => c.IsOversight).Select(c => c.Ticket).ToListAsync(cancel)).ToHashSet();

    // The same rule as below, for what was: whose it was, whether it was on the conduct of officials then, and whether it is now.
    private static Func<string?, bool, bool, bool> Sees(Actor actor, string regency, IReadOnlyCollection<string> offices)
    {
        if (offices.Contains(Offices.Regent) || actor.Is(regency, Role.Regent, Role.Auditor))
        {
            return (_, _, _) => true;
        }

        if (offices.Contains(Offices.Secretary) || actor.Is(regency, Role.Dispatcher))
        {
            return (_, was, now) => !was && !now;
        }

        var own = Departments(actor, regency, offices);
        return (department, was, now) => own.Contains(department) && (was || !now);
    }

    private static string[] Departments(Actor actor, string regency, IReadOnlyCollection<string> offices) =>
        [.. offices.Select(Offices.DepartmentOf).Append(actor.Is(regency, Role.Officer) ? actor.Department : null).OfType<string>().Distinct()];

    // As everywhere: to a dispatcher an oversight report does not exist, to an officer only those of the own department.
    private static IQueryable<ReportClock> VisibleTo(IQueryable<ReportClock> clocks, Actor actor, string regency, IReadOnlyCollection<string> offices)
    {
        if (offices.Contains(Offices.Regent) || actor.Is(regency, Role.Regent, Role.Auditor))
        {
            return clocks;
        }

        if (offices.Contains(Offices.Secretary) || actor.Is(regency, Role.Dispatcher))
        {
            return clocks.Where(c => !c.IsOversight);
        }

        var departments = Departments(actor, regency, offices);
        return clocks.Where(c => c.Department!.IsOneOf(departments));
    }

    private static OnLadder View(ReportClock clock, IReadOnlyList<OfficeTerm> today)
    {
        var next = clock.Next()!;
        return new OnLadder(
            clock.Ticket, clock.Class.ToString().ToLowerInvariant(), clock.Department, clock.Rung, clock.Office!, today.FirstOrDefault(t => t.Office == clock.Office)?.Name,
            clock.Climbed?.Reason, clock.OnRungSince ?? default, next.Step, next.DueAt, clock.Climbed?.Rule ?? next.Rule, clock.LookAt, clock.TakenOverBy is not null, clock.Extended is not null);
    }
}

/// <summary>Names of the ladder's events on the wire, as the module gives them.</summary>
internal static class LadderEvents
{
    public const string Warned = "ladder.warned.v1", Climbed = "ladder.climbed.v1";
}

/// <summary>Which offices somebody holds today.</summary>
internal sealed class OfficesHeld(ISender sender, RegencyRegistry regencies, TimeProvider time)
{
    /// <summary>Everybody who held an office on a day.</summary>
    public async Task<IReadOnlyList<OfficeTerm>> On(string regency, DateOnly day, CancellationToken cancel) =>
        [.. (await sender.Send(new GetOfficeTerms(regency), cancel)).Where(t => t.Holds(day))];

    /// <summary>The offices that an account holds, and everybody who holds one today. An account of the regent holds that office.</summary>
    public async Task<(IReadOnlyCollection<string> Offices, IReadOnlyList<OfficeTerm> Today)> By(Actor actor, string regency, CancellationToken cancel)
    {
        var zone = (await regencies.Find(RegencyCode.Parse(regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).Date);
        var today = (await sender.Send(new GetOfficeTerms(regency), cancel)).Where(t => t.Holds(day)).ToArray();
        if (actor.Role is Role.Citizen or Role.Integrator or Role.Operator || !actor.Is(regency, actor.Role))
        {
            return ([], today);
        }

        var offices = today.Where(t => t.User == actor.Id).Select(t => t.Office).ToHashSet();
        if (actor.Role == Role.Regent)
        {
            offices.Add(Offices.Regent);
        }

        return (offices, today);
    }
}
