using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Forwarding;

/// <summary>Body of a forwarding.</summary>
internal sealed record ForwardReportBody : ReportBody
{
    /// <summary>The body: the code of a registered outside partner, or a name in words.</summary>
    public string? Body { get; init; }

    /// <summary>The body's own number of it.</summary>
    public string? Reference { get; init; }

    /// <summary>What the reporter is told besides.</summary>
    public string? Note { get; init; }
}

/// <summary>A report is not the regency's business: it goes to a named body outside, and the reporter is told to whom.</summary>
internal sealed class ForwardReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<ForwardReportBody>("forwardings", "Forward a report to a body outside the regency; the reporter is told to whom", (body, report) =>
            new ForwardReport(report.Regency, report.Ticket, body.Body, body.Reference, body.Note, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher);
}

internal sealed class ForwardReportHandler(ISender sender, ReportStreams reports, TimeProvider time) : IRequestHandler<ForwardReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(ForwardReport command, CancellationToken cancel)
    {
        var departments = await sender.Send(new GetDepartments(command.Regency), cancel);
        var askAgainAt = await sender.AskAgainAt(command.Regency, time.GetUtcNow(), cancel);
        return await reports.Decide(command, Move.Forward, (report, act) => Decide(report, departments, command, act, askAgainAt), cancel);
    }

    public static Decision Decide(Report report, IReadOnlyList<Department> departments, ForwardReport command, Act act, DateTimeOffset? askAgainAt = null)
    {
        var registered = departments.FirstOrDefault(d => d.Code == command.Body);
        var name = registered?.Name ?? command.Body?.Trim();
        return report.Filed.IsOversight
            ? Decision.Refused("report.oversight", "A report on the conduct of officials stays with the Inspectorate.", "Laporan berkadar pengawasan tetap di Inspektorat.", kind: RefusalKind.Conflict)
            : string.IsNullOrEmpty(name) ? Decision.Refused("body.missing", "Name the body that it goes to.", "Sebutkan instansi yang dituju.", "body")
            : registered is { Kind: not DepartmentKind.Outside }
                ? Decision.Refused("body.inside", $"{registered.Code} belongs to the regency: assign the report instead.", $"{registered.Code} adalah OPD di sini: teruskan lewat disposisi.", "body")
            : ((registered is null ? Typed.Body(name, "body") : null) ?? Typed.Line(command.Reference, "reference") ?? Typed.Text(command.Note, "note")) is { } fault ? Decision.Refused(fault)
            : report is { State: ReportState.Forwarded } && report.ForwardedTo == name ? Decision.Nothing
            : Decision.Happens(new ReportForwarded(name, registered?.Code, string.IsNullOrWhiteSpace(command.Reference) ? null : command.Reference.Trim(), act.Seal(command.Note), askAgainAt));
    }
}
