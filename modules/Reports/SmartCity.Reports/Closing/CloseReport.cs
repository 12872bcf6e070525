using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Closing;

/// <summary>Body of a closing.</summary>
internal sealed record CloseReportBody : ReportBody
{
    public string? Note { get; init; }
}

/// <summary>The reporter agrees with the answer, or a dispatcher writes down that the reporter does: nothing more will be done.</summary>
internal sealed class CloseReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<CloseReportBody>("closings", "Agree with the answer: its reporter (X-Report-Secret), or a dispatcher on the reporter's behalf", (body, report) =>
            new CloseReport(report.Regency, report.Ticket, body.Note, report.ExpectedVersion, report.Secret));
}

internal sealed class CloseReportHandler(ReportStreams reports) : IRequestHandler<CloseReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(CloseReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Close, (_, act) => Decide(command, act), cancel);

    public static Decision Decide(CloseReport command, Act act) =>
        Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault) : Decision.Happens(new ReportClosed("consent", act.Seal(command.Note)));
}
