using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Forgetting;

/// <summary>
/// What reporters can do with their own data by themselves, with the report's secret. Of this report only: anybody could have typed their
/// telephone into another.
/// </summary>
internal sealed class OwnDataEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var own = app.MapRegencyApi("/reports/{id}/personal-data").WithTags("Personal data");
        own.MapPost("copies", Copy).WithSummary("A copy of one's own data in a report as a ZIP file (X-Report-Secret)");
        own.MapPost("erasures", Erase).WithSummary("Erase one's own data in a report for ever (X-Report-Secret); the report stays");
    }

    private static async Task<IResult> Copy(string id, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(id, http, sender, cancel) is not { } key)
        {
            return Unknown(id, http);
        }

        http.Response.Headers.CacheControl = "no-store";
        return Results.File(await traces.Copy(http.Regency().Id, [key], IdentityProof.Secret, null, cancel), "application/zip", "data-pribadi.zip");
    }

    private static async Task<IResult> Erase(string id, HttpContext http, ISender sender, PersonalTraces traces, CancellationToken cancel)
    {
        if (await Key(id, http, sender, cancel) is not { } key)
        {
            return Unknown(id, http);
        }

        await traces.Erase(http.Regency().Id, [key], ErasureGround.Request, IdentityProof.Secret, null, cancel);
        return Results.NoContent();
    }

    private static async Task<string?> Key(string ticket, HttpContext http, ISender sender, CancellationToken cancel) =>
        (await sender.Send(new GetReporterKey(http.Regency().Id, ticket, http.ReportSecret()), cancel)).Key;

    private static IResult Unknown(string ticket, HttpContext http) => ((IReadOnlyList<Refusal>)[ReportStreams.NotFound(ticket)]).ToProblem(http);
}

internal sealed class GetReporterKeyHandler(RegencySessions sessions, Viewers viewers) : IRequestHandler<GetReporterKey, ReporterKey>
{
    public async Task<ReporterKey> Handle(GetReporterKey query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var report = Ticket.Read(query.Ticket) is { } ticket ? await session.LoadAsync<Report>(ticket, cancel) : null;
        return new ReporterKey(report is not null && (await viewers.Current(query.Regency, query.Secret, cancel)).Owns(report) ? report.Filed.Reporter : null);
    }
}
