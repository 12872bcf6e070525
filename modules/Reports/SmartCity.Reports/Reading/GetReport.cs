using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Reading;

/// <summary>One report: as it is, or for auditors as it was.</summary>
internal sealed class GetReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapGet("", Get).WithTags("Reports").WithSummary("One report; ?asOf=INSTANT as it was then (auditors)");

    private static async Task<IResult> Get(string id, string? asOf, HttpContext http, ISender sender, CallContext call, CancellationToken cancel)
    {
        DateTimeOffset? instant = null;
        if (asOf is not null)
        {
            if (!call.Actor.Is(http.Regency().Id, Role.Auditor))
            {
                return call.Actor.Role == Role.Citizen ? Problem.Unauthorized()
                    : Problem.From(StatusCodes.Status403Forbidden, new Fault("access.denied", "Only auditors see a report as it was.", "asOf"));
            }

            // A '+' in a query string arrives as a space when the caller does not encode it.
            if (!DateTimeOffset.TryParse(asOf.Replace(' ', '+'), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var read))
            {
                return Problem.BadRequest(new Fault("asOf.invalid", "Send an instant such as 2026-10-31T09:00:00+07:00.", "asOf"));
            }

            instant = read;
        }

        if (await sender.Send(new GetReport(http.Regency().Id, id, instant), cancel) is not { } report)
        {
            return Problem.NotFound("report.unknown", instant is null ? $"There is no public report {id} here." : $"There was no report {id} at that instant.", "id");
        }

        http.Response.Headers.ETag = $"\"{report.Version}\"";
        return Results.Ok(report);
    }
}

internal sealed class GetReportHandler(RegencySessions sessions, ReportViews views, CallContext call) : IRequestHandler<GetReport, ReportDetails?>
{
    public async Task<ReportDetails?> Handle(GetReport query, CancellationToken cancel)
    {
        if (Ticket.Read(query.Ticket) is not { } ticket)
        {
            return null;
        }

        await using var session = sessions.Query(query.Regency);
        Report? report = null;
        if (query.AsOf is { } instant)
        {
            foreach (var @event in await session.Events.FetchStreamAsync(ticket, timestamp: instant, token: cancel))
            {
                report = Report.After(report, @event);
                report?.Version = @event.Version;
            }
        }
        else
        {
            report = await session.LoadAsync<Report>(ticket, cancel);
        }

        return report is null || !call.Actor.MaySee(report) ? null : (await views.Open(session, [report], call.Actor, cancel))[0];
    }
}
