using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Forwarding;

/// <summary>Body of a follow-up.</summary>
internal sealed record FollowUpBody : ReportBody
{
    /// <summary>What the body said; nothing: it was asked again.</summary>
    public string? Text { get; init; }

    /// <summary>The reporter is to read it.</summary>
    public bool TellReporter { get; init; }
}

/// <summary>
/// What is with a body outside is not forgotten: after the policy's working days the dispatcher is to ask again, writes down what was said, and is
/// reminded again until the matter is done.
/// </summary>
internal sealed class FollowUpForwardEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<FollowUpBody>("follow-ups", "Note that the body outside was asked again, and what it said; tellReporter sends it to the reporter", (body, report) =>
            new FollowUpForward(report.Regency, report.Ticket, body.Text, body.TellReporter, report.ExpectedVersion))
        .RequireRole(Role.Dispatcher);
}

internal sealed class FollowUpForwardHandler(ISender sender, ReportStreams reports, TimeProvider time) : IRequestHandler<FollowUpForward, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(FollowUpForward command, CancellationToken cancel)
    {
        var askAgainAt = await sender.AskAgainAt(command.Regency, time.GetUtcNow(), cancel);
        var departments = await sender.Send(new GetDepartments(command.Regency), cancel);
        return await reports.Decide(command, Move.FollowUp, (report, act) => Decide(report, command, askAgainAt, act, departments.FirstOrDefault(d => d.Code == report.Department)?.Name), cancel);
    }

    /// <param name="partner">Name of the department that has it.</param>
    public static Decision Decide(Report report, FollowUpForward command, DateTimeOffset? askAgainAt, Act act, string? partner = null) =>
        report is { State: not ReportState.Forwarded, AskAgainAt: null }
            ? Decision.Refused("report.inside", "The report is with a department here, whose deadlines run.", "Laporan ada di OPD di sini, yang tenggatnya berjalan.", kind: RefusalKind.Conflict)
        : Typed.Text(command.Said, "text", command.TellReporter ? "Write what the body said; the reporter will read it." : null, "Tulis apa kata instansi itu; pelapor akan membacanya.") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ForwardFollowedUp(report.ForwardedTo ?? partner ?? report.Department ?? "", act.Seal(command.Said), command.TellReporter, report.HandedOverTo is null ? askAgainAt : null));
}

internal static class FollowUps
{
    /// <summary>When a body that was asked now is to be asked again: after the policy's working days of the regency.</summary>
    public static async Task<DateTimeOffset?> AskAgainAt(this ISender sender, string regency, DateTimeOffset now, CancellationToken cancel)
    {
        var policy = await sender.Send(new GetReportPolicy(regency), cancel);
        return (await sender.Send(new GetWorkingDeadline(regency, now, policy.FollowUpWorkingDays), cancel)).At.ToUniversalTime();
    }

    /// <summary>The same for whoever gets a report here; null: a department of the regency, whose deadlines run.</summary>
    public static async Task<DateTimeOffset?> AskAgainAt(this ISender sender, string regency, string? department, DateTimeOffset now, CancellationToken cancel) =>
        (await sender.Send(new GetDepartments(regency), cancel)).Any(d => d.Code == department && d.Kind == DepartmentKind.Outside) ? await sender.AskAgainAt(regency, now, cancel) : null;
}
