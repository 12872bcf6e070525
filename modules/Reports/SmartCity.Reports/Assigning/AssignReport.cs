using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Assigning;

/// <summary>Body of an assignment.</summary>
internal sealed record AssignReportBody(string? Department, string? Note);

/// <summary>A dispatcher sends a report to the department that must act on it (<i>disposisi</i>).</summary>
internal sealed class AssignReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapPost("assignments", async (string id, AssignReportBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new AssignReport(http.Regency().Id, id, body.Department ?? "", body.Note, http.ExpectedVersion()), cancel)).ToResult(http))
        .RequireRole(Role.Dispatcher)
        .WithTags("Reports").WithSummary("Send a report to a department");
}

internal sealed class AssignReportHandler(ISender sender, ReportStreams reports, CallContext call) : IRequestHandler<AssignReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AssignReport command, CancellationToken cancel)
    {
        var department = (await sender.Send(new GetDepartments(command.Regency), cancel)).FirstOrDefault(d => d.Code == command.Department);
        return await reports.Decide(command.Regency, command.Ticket, command.ExpectedVersion, command.Note,
            (report, note) => Decide(report, department, command, call.Actor, note), cancel);
    }

    public static Decision Decide(Report report, Department? department, AssignReport command, Actor actor, string? sealedNote) => report switch
    {
        _ when !actor.Is(command.Regency, Role.Dispatcher) => Decision.Refused("report.not_dispatcher", "Only a dispatcher assigns reports.", "Hanya petugas disposisi yang meneruskan laporan.", kind: RefusalKind.Forbidden),
        // To a dispatcher an oversight report does not exist.
        { Filed.IsOversight: true } => new Decision(null, ReportStreams.NotFound(command.Ticket)),
        _ when department is null => Decision.Refused("department.unknown", $"There is no department '{command.Department}' here.", $"Tidak ada OPD '{command.Department}' di sini.", "department"),
        { State: ReportState.Settled } => Decision.Refused("report.settled", "A settled report is not assigned any more.", "Laporan yang sudah selesai tidak diteruskan lagi.", kind: RefusalKind.Conflict),
        { State: ReportState.Assigned } when report.Department == department.Code => Decision.Nothing,
        _ => Decision.Happens(new ReportAssigned(department.Code, "dispatcher", null, sealedNote)),
    };
}
