using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reopening;

namespace SmartCity.Reports.Withdrawing;

/// <summary>Body of a withdrawal.</summary>
internal sealed record WithdrawReportBody : ReportBody
{
    public string? Reason { get; init; }
}

/// <summary>The reporter takes the report back, or a dispatcher does so on the reporter's behalf.</summary>
internal sealed class WithdrawReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<WithdrawReportBody>("withdrawals", "Take a report back: its reporter (X-Report-Secret), or a dispatcher on the reporter's behalf", (body, report) =>
            new WithdrawReport(report.Regency, report.Ticket, body.Reason, report.ExpectedVersion, report.Secret));
}

internal sealed class WithdrawReportHandler(ReportStreams reports) : IRequestHandler<WithdrawReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(WithdrawReport command, CancellationToken cancel) =>
        // The main report and those who sent the same are not touched by it.
        reports.Decide(command, Move.Withdraw, (report, act, change) => LeavingMain.Also(report, Decide(command, act), change, cancel), cancel);

    public static Decision Decide(WithdrawReport command, Act act) =>
        Typed.Text(command.Reason, "reason") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportWithdrawn(act.Seal(command.Reason), act.By.HasFlag(Party.Reporter) ? "reporter" : "staff"));
}
