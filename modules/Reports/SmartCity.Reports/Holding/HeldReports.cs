using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Forwarding;
using SmartCity.Reports.Life;
using SmartCity.Reports.Routing;

namespace SmartCity.Reports.Holding;

/// <summary>Body of a release.</summary>
internal sealed record ReleaseReportBody : ReportBody;

/// <summary>Body of a discarding.</summary>
internal sealed record DiscardReportBody : ReportBody
{
    /// <summary>For the staff.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a dispatcher decides about a report that looked like spam or abuse; <c>GET reports?held=true</c> lists them.</summary>
internal sealed class HeldReportEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapReportCommand<ReleaseReportBody>("releases", "Say that a held report is no spam: it becomes public and is handled", (_, report) =>
            new ReleaseReport(report.Regency, report.Ticket, report.ExpectedVersion)).RequireRole(Role.Dispatcher, Role.Officer);
        app.MapReportCommand<DiscardReportBody>("discards", "Say that a held report is spam or abuse; its sender is not answered", (body, report) =>
            new DiscardReport(report.Regency, report.Ticket, body.Reason, report.ExpectedVersion)).RequireRole(Role.Dispatcher, Role.Officer);
    }
}

internal sealed class HeldReportHandler(ISender sender, ReportStreams reports, Responsible responsibles, TimeProvider time) :
    IRequestHandler<ReleaseReport, Outcome<ReportVersion>>, IRequestHandler<DiscardReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(ReleaseReport command, CancellationToken cancel) =>
        await reports.Decide(command, Move.Release, async (report, _, _) =>
        {
            var responsible = await responsibles.For(command.Regency, report.Filed, report.Category, cancel);
            return Decide(command.Regency, report, responsible, await sender.AskAgainAt(command.Regency, responsible.Department, time.GetUtcNow(), cancel));
        }, cancel);

    public Task<Outcome<ReportVersion>> Handle(DiscardReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Discard, (report, act) => Decide(report, command, act), cancel);

    /// <summary>It goes on as if it had never been held.</summary>
    public static Decision Decide(string regency, Report report, Responsibility responsible, DateTimeOffset? askAgainAt) =>
        !report.IsHeld ? NotHeld
        : responsible.Department is { } department && !(report.Jurisdiction is { } jurisdiction && Placing.Placing.NeedsDispatcher(jurisdiction, regency))
            ? Decision.Happens(new ReportReleased(), new ReportAssigned(department, responsible.Ground.ToString().ToLowerInvariant(), responsible.District, null, askAgainAt))
            : Decision.Happens(new ReportReleased());

    public static Decision Decide(Report report, DiscardReport command, Act act) =>
        !report.IsHeld ? NotHeld
        : Typed.Text(command.Reason, "reason", "Say why, for the other staff.", "Tulis alasannya, untuk petugas lain.") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportDiscarded(act.Seal(command.Reason)!));

    private static Decision NotHeld => Decision.Refused(
        "report.not_held", "The report is not held back as spam or abuse.", "Laporan ini tidak ditahan sebagai spam.", kind: RefusalKind.Conflict);
}
