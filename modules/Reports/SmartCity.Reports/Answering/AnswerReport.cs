using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Answering;

/// <summary>Body of an answer.</summary>
internal sealed record AnswerReportBody : ReportBody
{
    /// <summary>What the reporter is told.</summary>
    public string? Text { get; init; }

    /// <summary>The matter is done.</summary>
    public bool IsSettled { get; init; }
}

/// <summary>An officer answers the reporter; the answer goes out on the channel the report came from. For a forwarded report a dispatcher says what the body said.</summary>
internal sealed class AnswerReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<AnswerReportBody>("answers", "Answer the reporter", (body, report) =>
            new AnswerReport(report.Regency, report.Ticket, body.Text, body.IsSettled, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher);
}

internal sealed class AnswerReportHandler(ISender sender, ReportStreams reports) : IRequestHandler<AnswerReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AnswerReport command, CancellationToken cancel)
    {
        var policy = await sender.Send(new GetReportPolicy(command.Regency), cancel);
        return await reports.Decide(command, Move.Answer, (report, act) => Decide(report, command, policy, act), cancel);
    }

    public static Decision Decide(Report report, AnswerReport command, ReportPolicy policy, Act act) =>
        Typed.Text(command.Text, "text", "Write the answer that the reporter will read.", "Tulis jawaban yang akan dibaca pelapor.") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportAnswered(
            report.Department ?? report.ForwardedTo!, act.Seal(command.Text)!, command.IsSettled, command.IsSettled ? act.Now.AddDays(policy.CloseAfterDays) : null));
}
