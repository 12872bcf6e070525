using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Retaining;

/// <summary>Days by class; classes that are left out stay as they are.</summary>
internal sealed record RetentionBody(IReadOnlyDictionary<string, int?>? Days);

/// <summary>How long a regency keeps what identifies people, and what is due.</summary>
internal sealed class RetentionEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var retention = app.MapRegencyApi("/retention").WithTags("Personal data");
        retention.MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetRetention(http.Regency().Id), cancel))
            .WithSummary("How many days after closing personal data is kept, by class");
        retention.MapPut("", Put).RequireRole(Role.DataProtection, Role.Regent).WithSummary("Decide how long personal data is kept");
        retention.MapGet("due", Due).RequireRole(Role.DataProtection, Role.Regent)
            .WithSummary("What the next run would erase, the longest overdue first; nothing is erased by asking; ?on=DATE, limit=");
    }

    private static async Task<IResult> Put(RetentionBody body, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var outcome = await sender.Send(new DefineRetention(http.Regency().Id, body.Days), cancel);
        return outcome.Value is { } periods ? Results.Ok(periods) : outcome.Refusals.ToProblem(http);
    }

    private static async Task<IResult> Due(DateTimeOffset? on, int? limit, HttpContext http, ISender sender, CancellationToken cancel) =>
        limit is < 1 or > 1000
            ? Problem.BadRequest(new Fault("limit.invalid", "Between 1 and 1000.", "limit"))
            : Results.Ok(await sender.Send(new GetRetentionDue(http.Regency().Id, on, limit ?? 100), cancel));
}

internal sealed class RetentionQueries(Retention retention, CallContext call) :
    IRequestHandler<GetRetention, RetentionPeriods>, IRequestHandler<DefineRetention, Outcome<RetentionPeriods>>, IRequestHandler<GetRetentionDue, IReadOnlyList<DueErasure>>
{
    public async Task<RetentionPeriods> Handle(GetRetention query, CancellationToken cancel) => new((await retention.Policy(query.Regency, cancel)).Days);

    public async Task<Outcome<RetentionPeriods>> Handle(DefineRetention command, CancellationToken cancel)
    {
        if (!call.Actor.Is(command.Regency, Role.DataProtection, Role.Regent))
        {
            return Outcome<RetentionPeriods>.Refused(new Refusal("retention.not_allowed", "Only who answers for data protection, or the regent, decides this.",
                "Hanya pejabat pelindungan data atau bupati/wali kota yang menetapkannya.", Kind: RefusalKind.Forbidden));
        }

        if (RetentionPolicy.Faults(command.Days) is { Count: > 0 } faults)
        {
            return Outcome<RetentionPeriods>.Refused(faults);
        }

        await retention.Define(command.Regency, command.Days!.ToDictionary(d => d.Key, d => d.Value!.Value), cancel);
        return Outcome<RetentionPeriods>.Done(new RetentionPeriods((await retention.Policy(command.Regency, cancel)).Days));
    }

    public async Task<IReadOnlyList<DueErasure>> Handle(GetRetentionDue query, CancellationToken cancel)
    {
        if (!call.Actor.Is(query.Regency, Role.DataProtection, Role.Regent))
        {
            return [];
        }

        var due = new List<DueErasure>();
        await foreach (var one in retention.Due(query.Regency, query.On, cancel))
        {
            due.Add(one.Erasure);
        }

        return [.. due.DistinctBy(d => d.Stream).OrderBy(d => d.DueAt).Take(Math.Clamp(query.Limit, 1, 1000))];
    }
}
