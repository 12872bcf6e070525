using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Forwarding;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Assigning;

/// <summary>Body of an assignment.</summary>
internal sealed record AssignReportBody : ReportBody
{
    public string? Department { get; init; }

    public string? Note { get; init; }
}

/// <summary>A dispatcher, or the regent, sends a report to the department that must act on it (<i>disposisi</i>).</summary>
internal sealed class AssignReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<AssignReportBody>("assignments", "Send a report to a department", (body, report) =>
            new AssignReport(report.Regency, report.Ticket, body.Department ?? "", body.Note, report.ExpectedVersion))
        .RequireRole(Role.Dispatcher, Role.Officer, Role.Regent);
}

internal sealed class AssignReportHandler(ISender sender, ReportStreams reports, TimeProvider time) : IRequestHandler<AssignReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AssignReport command, CancellationToken cancel)
    {
        var departments = await sender.Send(new GetDepartments(command.Regency), cancel);
        var askAgainAt = await sender.AskAgainAt(command.Regency, command.Department, time.GetUtcNow(), cancel);
        return await reports.Decide(command, Move.Assign, (report, act) => Decide(report, departments, command, act, askAgainAt), cancel);
    }

    public static Decision Decide(Report report, IReadOnlyList<Department> departments, AssignReport command, Act act, DateTimeOffset? askAgainAt = null) =>
        Receivers.Check(report, departments, command.Department, "department") is { } fault ? Decision.Refused(fault)
        : Typed.Text(command.Note, "note") is { } wrong ? Decision.Refused(wrong)
        : report is { State: ReportState.Assigned } && report.Department == command.Department ? Decision.Nothing
        : new ReportAssigned(command.Department, act.By.HasFlag(Party.Regent) ? "regent" : "dispatcher", null, act.Seal(command.Note), askAgainAt) is var assigned && report.IsHeld
            // Whoever sends it on has looked at it.
            ? Decision.Happens(new ReportReleased(), assigned) : Decision.Happens(assigned);
}

/// <summary>Body of a handing over.</summary>
internal sealed record HandOverReportBody : ReportBody
{
    public string? Department { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A department gives a report to another, without the detour over the dispatcher.</summary>
internal sealed class HandOverReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<HandOverReportBody>("handovers", "Give a report to another department", (body, report) =>
            new HandOverReport(report.Regency, report.Ticket, body.Department ?? "", body.Reason, report.ExpectedVersion))
        .RequireRole(Role.Officer);
}

internal sealed class HandOverReportHandler(ISender sender, ReportStreams reports, TimeProvider time) : IRequestHandler<HandOverReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(HandOverReport command, CancellationToken cancel)
    {
        var departments = await sender.Send(new GetDepartments(command.Regency), cancel);
        var askAgainAt = await sender.AskAgainAt(command.Regency, command.Department, time.GetUtcNow(), cancel);
        return await reports.Decide(command, Move.HandOver, (report, act) => Decide(report, departments, command, act, askAgainAt), cancel);
    }

    public static Decision Decide(Report report, IReadOnlyList<Department> departments, HandOverReport command, Act act, DateTimeOffset? askAgainAt = null) =>
        Receivers.Check(report, departments, command.Department, "department") is { } fault ? Decision.Refused(fault)
        : report.Department == command.Department ? Decision.Refused("department.same", "The report is with this department already.", "Laporan sudah ada di OPD ini.", "department")
        : Typed.Text(command.Reason, "reason", "Write why it is theirs.", "Tulis mengapa ini urusan mereka.") is { } missing ? Decision.Refused(missing)
        : Decision.Happens(new ReportHandedOver(report.Department!, command.Department, act.Seal(command.Reason)!, askAgainAt));
}

/// <summary>Which department may get a report.</summary>
internal static class Receivers
{
    /// <summary>A report on the conduct of officials goes to the oversight body only, never to those it is about.</summary>
    public static Refusal? Check(Report report, IReadOnlyList<Department> departments, string code, string field) => departments.FirstOrDefault(d => d.Code == code) switch
    {
        null => new Refusal("department.unknown", $"There is no department '{code}' here.", $"Tidak ada OPD '{code}' di sini.", field),
        { Kind: not DepartmentKind.Oversight } when report.Filed.IsOversight => new Refusal("report.oversight",
            "A report on the conduct of officials goes to the Inspectorate only.", "Laporan berkadar pengawasan hanya untuk Inspektorat.", field),
        _ => null,
    };
}
