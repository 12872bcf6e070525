using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Merging;

/// <summary>Body of a merge.</summary>
internal sealed record MergeReportBody : ReportBody
{
    /// <summary>The main report.</summary>
    public string? Into { get; init; }

    public string? Note { get; init; }
}

/// <summary>A report is about the same as another and is answered with it. Its reporter keeps this thread. Reopening undoes it.</summary>
internal sealed class MergeReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<MergeReportBody>("merges", "Answer a report with another about the same; each reporter keeps their thread", (body, report) =>
            new MergeReport(report.Regency, report.Ticket, body.Into ?? "", body.Note, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher);
}

internal sealed class MergeReportHandler(ReportStreams reports) : IRequestHandler<MergeReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(MergeReport command, CancellationToken cancel) =>
        reports.Decide(command, Move.Merge, async (report, act, change) =>
        {
            var main = Ticket.Read(command.Into) is { } into && into != report.Id ? await change.Find(into, cancel) : null;
            var decision = Decide(report, main, command, act, main is null ? Party.None : change.Viewer.To(main), main is not null && change.Viewer.MaySee(main));
            if (decision.Events is not null)
            {
                change.Append(main!.Id, new ReportJoined(report.Id));
            }

            return decision;
        }, cancel);

    /// <param name="toMain">What the caller is to the main report.</param>
    /// <param name="seesMain">Whether it exists for the caller.</param>
    public static Decision Decide(Report report, Report? main, MergeReport command, Act act, Party toMain, bool seesMain) =>
        Ticket.Read(command.Into) == report.Id ? Decision.Refused("into.itself", "Name another report.", "Sebutkan laporan lain.", "into")
        : main is null || !seesMain ? Decision.Refused("into.unknown", $"There is no report '{command.Into}' here.", $"Tidak ada laporan '{command.Into}' di sini.", "into")
        : main.MergedInto is { } other && main.State == ReportState.Merged ? Decision.Refused("into.merged",
            $"{main.Id} is merged itself: merge into {other}.", $"{main.Id} sendiri sudah digabung: gabungkan ke {other}.", "into", RefusalKind.Conflict)
        : main.Filed.IsOversight != report.Filed.IsOversight || !main.IsPublic ? Decision.Refused("into.hidden",
            "What is answered to a hidden report is for its reporter alone, so nothing is merged into it.",
            "Jawaban laporan rahasia hanya untuk pelapornya, jadi laporan lain tidak digabungkan ke sana.", "into", RefusalKind.Conflict)
        : LifeTable.Check(main, Move.Join, toMain) is { } refused ? Decision.Refused(refused with { Field = "into", Version = null })
        : Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportMerged(main.Id, act.Seal(command.Note)));
}
