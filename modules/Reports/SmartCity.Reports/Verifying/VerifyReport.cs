using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Verifying;

/// <summary>Body of a verification.</summary>
internal sealed record VerifyReportBody : ReportBody
{
    public string? Note { get; init; }
}

/// <summary>A dispatcher has looked at a report: it can be handled. An assignment, also that of routing, says so too.</summary>
internal sealed class VerifyReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<VerifyReportBody>("verifications", "Say that a report can be handled", (body, report) =>
            new VerifyReport(report.Regency, report.Ticket, body.Note, report.ExpectedVersion))
        .RequireRole(Role.Dispatcher, Role.Officer);
}

internal sealed class VerifyReportHandler(ReportStreams reports) : IRequestHandler<VerifyReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(VerifyReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Verify, (_, act) => Decide(command, act), cancel);

    public static Decision Decide(VerifyReport command, Act act) =>
        Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault) : Decision.Happens(new ReportVerified(act.Seal(command.Note)));
}
