using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Reopening;

/// <summary>Body of a reopening.</summary>
internal sealed record ReopenReportBody : ReportBody
{
    /// <summary>What is still wrong.</summary>
    public string? Reason { get; init; }
}

/// <summary>A report is to be handled again: its reporter objects, or staff find that it is not done. One that was merged stands by itself again.</summary>
internal sealed class ReopenReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<ReopenReportBody>("reopenings", "Have a report handled again: its reporter (X-Report-Secret), or staff", (body, report) =>
            new ReopenReport(report.Regency, report.Ticket, body.Reason, report.ExpectedVersion, report.Secret));
}

internal sealed class ReopenReportHandler(ReportStreams reports) : IRequestHandler<ReopenReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(ReopenReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Reopen, (report, act, change) => LeavingMain.Also(report, Decide(report, command, act), change, cancel), cancel);

    public static Decision Decide(Report report, ReopenReport command, Act act) =>
        Typed.Text(command.Reason, "reason", "Write what is still wrong.", "Tulis apa yang belum beres.") is { } fault ? Decision.Refused(fault)
        : report.Parts.Count > 0 ? Decision.Refused("report.has_parts",
            $"The report was split: reopen the part concerned ({string.Join(", ", report.Parts.Select(p => p.Ticket))}).",
            $"Laporan ini dibagi: buka kembali bagiannya ({string.Join(", ", report.Parts.Select(p => p.Ticket))}).", kind: RefusalKind.Conflict)
        : Decision.Happens(new ReportReopened(act.Seal(command.Reason)));
}

/// <summary>What goes with a reopening or a withdrawal.</summary>
internal static class LeavingMain
{
    /// <summary>One that was merged leaves its main report in the same moment, so that the links never contradict each other.</summary>
    public static async Task<Decision> Also(Report report, Decision decision, ReportChange change, CancellationToken cancel)
    {
        if (decision.Events is not null && report.MergedInto is { } main && await change.Find(main, cancel) is { } known && known.Merged.Contains(report.Id))
        {
            change.Append(main, new ReportLeft(report.Id));
        }

        return decision;
    }
}
