using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Judging;

/// <summary>Body of a judgement.</summary>
internal sealed record JudgeAnswerBody : ReportBody
{
    public bool? IsSatisfied { get; init; }

    /// <summary>Why; needed of whoever is not satisfied.</summary>
    public string? Reason { get; init; }
}

/// <summary>The reporter says what the answer is worth. Who is satisfied with a settled report closes it, who is not has it handled again.</summary>
internal sealed class JudgeAnswerEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<JudgeAnswerBody>("judgements", "Say whether the answer satisfies: its reporter (X-Report-Secret), or a dispatcher on the reporter's behalf", (body, report) =>
            new JudgeAnswer(report.Regency, report.Ticket, body.IsSatisfied, body.Reason, report.ExpectedVersion, report.Secret));
}

internal sealed class JudgeAnswerHandler(ISender sender, ReportStreams reports) : IRequestHandler<JudgeAnswer, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(JudgeAnswer command, CancellationToken cancel)
    {
        var policy = await sender.Send(new GetReportPolicy(command.Regency), cancel);
        return await reports.Decide(command, Move.Judge, (report, act) => Decide(report, command, policy, act), cancel);
    }

    public static Decision Decide(Report report, JudgeAnswer command, ReportPolicy policy, Act act)
    {
        if (command.IsSatisfied is not { } satisfied)
        {
            return Decision.Refused("isSatisfied.missing", "Say whether the answer satisfies: true or false.", "Isi apakah jawabannya memuaskan: true atau false.", "isSatisfied");
        }

        var missing = satisfied ? Typed.Text(command.Reason, "reason") : Typed.Text(command.Reason, "reason", "Write what is still wrong.", "Tulis apa yang belum beres.");
        if (missing is not null)
        {
            return Decision.Refused(missing);
        }

        var judged = new ReportJudged(satisfied, act.Seal(command.Reason));
        return (satisfied, report.State) switch
        {
            (true, ReportState.Answered or ReportState.Settled) => Decision.Happens(judged, new ReportClosed("consent", null)),
            // The parts of a split report are reopened one by one, and after the policy's days the matter is an old one: what was said is kept.
            (false, ReportState.Settled or ReportState.Closed) when report.Parts.Count == 0 && MayReopen(report, policy, act.Now) =>
                Decision.Happens(judged, new ReportReopened(act.Seal(command.Reason))),
            _ => Decision.Happens(judged),
        };
    }

    private static bool MayReopen(Report report, ReportPolicy policy, DateTimeOffset now) =>
        report.Timeline.LastOrDefault(entry => entry.What is "answered" or "partsSettled" or "neighbour" or "followed") is not { At: var at } || now < at.AddDays(policy.ReopenWithinDays);
}
