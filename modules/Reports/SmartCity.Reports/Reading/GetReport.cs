using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Reading;

/// <summary>One report: as it is, or for auditors as it was.</summary>
internal sealed class GetReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var report = app.MapRegencyApi("/reports/{id}").WithTags("Reports");
        report.MapGet("", Get).WithSummary("One report, and for staff and its reporter (X-Report-Secret) what they can do about it; ?asOf=INSTANT as it was then (auditors)");
        report.MapGet("photos/{number:int}", Photo).WithSummary("A photo of a report; ?size=small for the thumbnail");
    }

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

    private static async Task<IResult> Photo(string id, int number, string? size, HttpContext http, ISender sender, CancellationToken cancel)
    {
        if (await sender.Send(new GetPhoto(http.Regency().Id, id, number, size == "small", http.ReportSecret()), cancel) is not { } photo)
        {
            return Problem.NotFound("photo.unknown", $"There is no photo {number} of a public report {id} here.", "number");
        }

        http.Response.Headers.CacheControl = "private, max-age=3600";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Stream(photo, "image/jpeg");
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

internal sealed class GetPhotoHandler(RegencySessions sessions, FileStore files, Viewers viewers) : IRequestHandler<GetPhoto, Stream?>
{
    public async Task<Stream?> Handle(GetPhoto query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var report = Ticket.Read(query.Ticket) is { } ticket ? await session.LoadAsync<Report>(ticket, cancel) : null;
        return report is not null && (await viewers.Current(query.Regency, query.Secret, cancel)).MaySee(report) && query.Number >= 1 && query.Number <= report.Filed.Photos.Count
            && report.Filed.Photos[query.Number - 1] is { } photo ? files.Open(query.Regency, query.Thumbnail ? photo.Thumbnail : photo.Id) : null;
    }
}

internal sealed class GetReplyAddressHandler(RegencySessions sessions) : IRequestHandler<GetReplyAddress, ReplyAddress?>
{
    public async Task<ReplyAddress?> Handle(GetReplyAddress query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return await session.LoadAsync<Report>(query.Ticket, cancel) is not { } report
            || await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is { Wrapped: null } ? null
            : new ReplyAddress(report.Filed.Channel, report.Filed.Conversation, !report.IsPublic, report.Filed.IsOversight, report.PartOf);
    }
}
