using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Climbing;

/// <summary>What stands on which rung, each for whom it stands there and for those above.</summary>
internal sealed class LadderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/ladder")
        .MapGet("", async (string? office, HttpContext http, ISender sender, CancellationToken cancel) =>
            office is { Length: > 64 } ? Problem.BadRequest(new Fault("office.invalid", "An office is regent, secretary or head-CODE.", "office"))
                : Results.Ok(await sender.Send(new GetLadder(http.Regency().Id, office), cancel)))
        .RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor)
        .WithTags("Accountability").WithSummary("Late reports on the ladder, longest first; ?office=secretary. A head sees the own department, the secretary all but oversight, the regent all");
}

internal sealed class GetLadderHandler(RegencySessions sessions, OfficesHeld held, CallContext call) : IRequestHandler<GetLadder, LadderView>
{
    private const int Most = 500;

    public async Task<LadderView> Handle(GetLadder query, CancellationToken cancel)
    {
        var (offices, terms) = await held.By(call.Actor, query.Regency, cancel);
        await using var session = sessions.Query(query.Regency);
        var clocks = VisibleTo(session.Query<ReportClock>().Where(c => c.Office != null && c.NextDueAt != null), call.Actor, query.Regency, offices);
        if (query.Office is { } office)
        {
            clocks = clocks.Where(c => c.Office == office);
        }

        var found = await clocks.OrderBy(c => c.OnRungSince).ThenBy(c => c.Id).Take(Most).ToListAsync(cancel);
        await session.RecordDeadlines(call, found, cancel);
        return new LadderView([.. offices.Order(StringComparer.Ordinal)], [.. found.Select(c => View(c, terms))]);
    }

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

        var departments = offices.Select(Offices.DepartmentOf).Append(actor.Is(regency, Role.Officer) ? actor.Department : null).OfType<string>().Distinct().ToArray();
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

/// <summary>Which offices somebody holds today.</summary>
internal sealed class OfficesHeld(ISender sender, RegencyRegistry regencies, TimeProvider time)
{
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
