using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Returning;

/// <summary>Body of a return.</summary>
internal sealed record ReturnReportBody : ReportBody
{
    public string? Reason { get; init; }
}

/// <summary>A department sends a report back to the dispatcher: it is not theirs, or not as it is.</summary>
internal sealed class ReturnReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<ReturnReportBody>("returns", "Send a report back to the dispatcher", (body, report) =>
            new ReturnReport(report.Regency, report.Ticket, body.Reason, report.ExpectedVersion))
        .RequireRole(Role.Officer);
}

internal sealed class ReturnReportHandler(ReportStreams reports) : IRequestHandler<ReturnReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(ReturnReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Return, (report, act) => Decide(report, command, act), cancel);

    public static Decision Decide(Report report, ReturnReport command, Act act) =>
        report.Filed.IsOversight ? Decision.Refused("report.oversight", "A report on the conduct of officials stays with the Inspectorate.", "Laporan berkadar pengawasan tetap di Inspektorat.", kind: RefusalKind.Conflict)
        : Typed.Text(command.Reason, "reason", "Write for the dispatcher why it is not yours.", "Tulis untuk petugas disposisi mengapa ini bukan urusan Anda.") is { } fault
            ? Decision.Refused(fault) : Decision.Happens(new ReportReturned(report.Department!, act.Seal(command.Reason)!));
}
