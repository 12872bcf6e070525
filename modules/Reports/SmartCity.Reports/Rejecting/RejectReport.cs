using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Rejecting;

/// <summary>Body of a rejection.</summary>
internal sealed record RejectReportBody : ReportBody
{
    /// <summary>What the reporter is told.</summary>
    public string? Reason { get; init; }
}

/// <summary>A report is not taken up, and its reporter is told why.</summary>
internal sealed class RejectReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<RejectReportBody>("rejections", "Do not take a report up; the reporter is told the reason", (body, report) =>
            new RejectReport(report.Regency, report.Ticket, body.Reason, report.ExpectedVersion))
        .RequireRole(Role.Dispatcher, Role.Officer);
}

internal sealed class RejectReportHandler(ReportStreams reports) : IRequestHandler<RejectReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(RejectReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Reject, (_, act) => Decide(command, act), cancel);

    public static Decision Decide(RejectReport command, Act act) =>
        Typed.Text(command.Reason, "reason", "Write the reason that the reporter will read.", "Tulis alasan yang akan dibaca pelapor.") is { } fault
            ? Decision.Refused(fault) : Decision.Happens(new ReportRejected(act.Seal(command.Reason)!));
}
