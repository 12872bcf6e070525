using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Reading;

/// <summary>One report: as it is, or for auditors as it was.</summary>
internal sealed class GetReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapGet("", Get).WithTags("Reports").WithSummary("One report, and for staff and its reporter (X-Report-Secret) what they can do about it; ?asOf=INSTANT as it was then (auditors)");

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

        if (await sender.Send(new GetReport(http.Regency().Id, id, instant, http.ReportSecret()), cancel) is not { } report)
        {
            return Problem.NotFound("report.unknown", instant is null ? $"There is no public report {id} here." : $"There was no report {id} at that instant.", "id");
        }

        http.Response.Headers.ETag = $"\"{report.Version}\"";
        return Results.Ok(report);
    }
}

internal sealed class GetReportHandler(RegencySessions sessions, ReportViews views, Viewers viewers) : IRequestHandler<GetReport, ReportDetails?>
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

        var viewer = await viewers.Current(query.Regency, query.Secret, cancel);
        return report is null || !viewer.MaySee(report) || (query.AsOf is not null && !viewer.Actor.Is(query.Regency, Role.Auditor)) ? null
            : (await views.Open(session, [report], viewer, cancel))[0];
    }
}

internal sealed class GetReplyAddressHandler(RegencySessions sessions) : IRequestHandler<GetReplyAddress, ReplyAddress?>
{
    public async Task<ReplyAddress?> Handle(GetReplyAddress query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        // Who filed it in a neighbouring regency is answered there.
        return await session.LoadAsync<Report>(query.Ticket, cancel) is not { Filed.Channel: not HandoverChannel.Code } report
            || await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is { Wrapped: null } ? null
            : new ReplyAddress(report.Filed.Channel, report.Filed.Conversation, !report.IsPublic, report.Filed.IsOversight, report.PartOf);
    }
}

internal sealed class GetHiddenReportsHandler(RegencySessions sessions) : IRequestHandler<GetHiddenReports, IReadOnlySet<string>>
{
    public async Task<IReadOnlySet<string>> Handle(GetHiddenReports query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var tickets = query.Tickets.ToArray();
        return (await session.Query<Report>().Where(r => r.Id.IsOneOf(tickets) && !r.IsPublic).Select(r => r.Id).ToListAsync(cancel)).ToHashSet();
    }
}
