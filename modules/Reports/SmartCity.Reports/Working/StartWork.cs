using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Working;

/// <summary>Body of a start.</summary>
internal sealed record StartWorkBody : ReportBody
{
    /// <summary>What is being done; the reporter can read it.</summary>
    public string? Note { get; init; }
}

/// <summary>The department begins to work on a report.</summary>
internal sealed class StartWorkEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<StartWorkBody>("starts", "Begin to work on a report", (body, report) =>
            new StartWork(report.Regency, report.Ticket, body.Note, report.ExpectedVersion))
        .RequireRole(Role.Officer);
}

internal sealed class StartWorkHandler(ReportStreams reports) : IRequestHandler<StartWork, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(StartWork command, CancellationToken cancel) =>
        reports.Decide(command, Move.Start, (report, act) => Decide(report, command, act), cancel);

    public static Decision Decide(Report report, StartWork command, Act act) =>
        Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault) : Decision.Happens(new WorkStarted(report.Department!, act.Seal(command.Note)));
}
