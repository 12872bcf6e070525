using Carter;
using MediatR;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Proposals;

/// <summary>Body of a stage.</summary>
internal sealed record AdvanceProposalBody : ReportBody
{
    public string? Stage { get; init; }

    /// <summary>By when it must be answered; without it as the budget cycle has it.</summary>
    public DateOnly? AnswerDue { get; init; }

    /// <summary>For the reporter.</summary>
    public string? Note { get; init; }
}

/// <summary>A proposal has reached a stage of the planning meetings (Musrenbang): village, district, regency, province.</summary>
internal sealed class AdvanceProposalEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapReportCommand<AdvanceProposalBody>("stages", "Say which stage of the planning meetings a proposal has reached", (body, report) =>
            new AdvanceProposal(report.Regency, report.Ticket, body.Stage, body.AnswerDue, body.Note, report.ExpectedVersion))
        .RequireRole(Role.Officer, Role.Dispatcher);
}

internal sealed class AdvanceProposalHandler(ReportStreams reports, RegencyRegistry regencies) : IRequestHandler<AdvanceProposal, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AdvanceProposal command, CancellationToken cancel)
    {
        var zone = (await regencies.Find(RegencyCode.Parse(command.Regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        return await reports.Decide(command, Move.Stage, (report, act) => Decide(report, command, zone, act), cancel);
    }

    public static Decision Decide(Report report, AdvanceProposal command, TimeZoneInfo zone, Act act)
    {
        var (now, then) = (Place(report.Stage), Place(command.Stage));
        var due = command.AnswerDue is { } day ? Musrenbang.EndOf(day, zone) : report.AnswerDue ?? Musrenbang.AnswerDue(report.FiledAt, zone);
        return report.Class != ReportClasses.Proposal
                ? Decision.Refused("report.no_proposal", "Only a proposal goes through the planning meetings; classify the report as one first.", "Hanya usulan yang melalui Musrenbang; ubah dahulu jenisnya.", kind: RefusalKind.Conflict)
            : then < 0 ? Decision.Refused("stage.unknown", $"Use one of {string.Join(", ", ProposalStages.InOrder)}.", $"Pakai salah satu: {string.Join(", ", ProposalStages.InOrder)}.", "stage")
            : then < now ? Decision.Refused("stage.back", $"It has reached {report.Stage} already.", $"Usulan sudah sampai tahap {report.Stage}.", "stage", RefusalKind.Conflict)
            : due <= act.Now ? Decision.Refused("answerDue.past", "A day that is still to come.", "Tanggal yang belum lewat.", "answerDue")
            : Typed.Text(command.Note, "note") is { } fault ? Decision.Refused(fault)
            : then == now && due == report.AnswerDue && string.IsNullOrWhiteSpace(command.Note) ? Decision.Nothing
            : Decision.Happens(new ProposalStaged(command.Stage!, due, act.Seal(command.Note)));
    }

    private static int Place(string? stage) => stage is null ? -1 : ProposalStages.InOrder.ToList().IndexOf(stage);
}

/// <summary>A new proposal starts at the village, and it is said by when it will be answered. The second time it finds it started.</summary>
internal sealed class StartProposal(ReportStreams reports, RegencyRegistry regencies) :
    INotificationHandler<Committed<ReportFiled>>, INotificationHandler<Committed<ReportClassified>>
{
    public Task Handle(Committed<ReportFiled> committed, CancellationToken cancel) =>
        committed.Event.Class == ReportClasses.Proposal ? Start(committed.Envelope, cancel) : Task.CompletedTask;

    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) =>
        committed.Event.Class == ReportClasses.Proposal ? Start(committed.Envelope, cancel) : Task.CompletedTask;

    private async Task Start(EventEnvelope envelope, CancellationToken cancel)
    {
        var zone = (await regencies.Find(envelope.Regency, cancel))?.Zone ?? TimeZoneInfo.Utc;
        await reports.ByItself(envelope.Regency.Value, envelope.Stream, "proposals", Move.Stage, (report, _) =>
            report is { Class: ReportClasses.Proposal, Stage: null }
                ? Decision.Happens(new ProposalStaged(ProposalStages.InOrder[0], Musrenbang.AnswerDue(report.FiledAt, zone), null)) : Decision.Nothing, cancel);
    }
}

/// <summary>The calendar of the planning meetings.</summary>
internal static class Musrenbang
{
    /// <summary>The month in which each stage meets (Permendagri 86/2017), and in which the yearly work plan that answers is fixed.</summary>
    public static IReadOnlyList<StageMonth> Months { get; } = [new("village", 1), new("district", 2), new("regency", 3), new("province", 4), new("workPlan", 6)];

    /// <summary>
    /// When a proposal is answered at the latest: with the yearly work plan (RKPD), which is fixed by the end of June, of the year in whose
    /// village meeting (January) it can still be heard.
    /// </summary>
    public static DateTimeOffset AnswerDue(DateTimeOffset filedAt, TimeZoneInfo zone)
    {
        var filed = TimeZoneInfo.ConvertTime(filedAt, zone);
        return EndOf(new DateOnly(filed.Month == 1 ? filed.Year : filed.Year + 1, 6, 30), zone);
    }

    /// <summary>The first instant after a day.</summary>
    public static DateTimeOffset EndOf(DateOnly day, TimeZoneInfo zone)
    {
        var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
