using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Asking;

/// <summary>Body of a question.</summary>
internal sealed record AskReporterBody : ReportBody
{
    /// <summary>What the reporter reads.</summary>
    public string? Question { get; init; }
}

/// <summary>The reporter is asked for more. Until it comes the clock stands still; what never comes closes the report after the policy's days.</summary>
internal sealed class AskReporterEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<AskReporterBody>("questions", "Ask the reporter for more and wait", (body, report) =>
            new AskReporter(report.Regency, report.Ticket, body.Question, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher);
}

internal sealed class AskReporterHandler(ISender sender, ReportStreams reports) : IRequestHandler<AskReporter, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AskReporter command, CancellationToken cancel)
    {
        var policy = await sender.Send(new GetReportPolicy(command.Regency), cancel);
        return await reports.Decide(command, Move.Ask, (report, act) => Decide(report, command, policy, act), cancel);
    }

    public static Decision Decide(Report report, AskReporter command, ReportPolicy policy, Act act) =>
        Typed.Text(command.Question, "question", "Write what the reporter is asked.", "Tulis apa yang ditanyakan kepada pelapor.") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReporterAsked(
            act.By.HasFlag(Party.Officer) ? report.Department : null, act.Seal(command.Question)!, act.Now.AddDays(policy.WaitForReporterDays)));
}
