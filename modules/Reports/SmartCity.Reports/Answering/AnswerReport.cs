using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Life;
using SmartCity.Reports.Planning;

namespace SmartCity.Reports.Answering;

/// <summary>Body of an answer.</summary>
internal sealed record AnswerReportBody : ReportBody
{
    /// <summary>What the reporter is told.</summary>
    public string? Text { get; init; }

    /// <summary>The matter is done.</summary>
    public bool IsSettled { get; init; }

    /// <summary>What it comes to: done, scheduled, needsBudget, notPossible.</summary>
    public OutcomeToGive? Outcome { get; init; }
}

/// <summary>An officer answers the reporter; the answer goes out on the channel the report came from. For a forwarded report a dispatcher says what the body said.</summary>
internal sealed class AnswerReportEndpoint : ICarterModule
{
    private const string Part = "answer";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapReportCommand<AnswerReportBody>("answers", "Answer the reporter; outcome: done, scheduled (when), needsBudget (cost, source, fiscalYear, work or workId) or notPossible (reason)", Command).RequireRole(Role.Officer, Role.Dispatcher);
        app.MapRegencyApi("/reports/{id}").MapPost("answers", WithPhotos).Accepts<AnswerReportBody>("multipart/form-data").RequireRole(Role.Officer, Role.Dispatcher)
            .WithTags("Reports").WithSummary($"Answer the reporter with photos: multipart with the JSON in the part '{Part}', photos in '{AnswerPhoto.Before}' and '{AnswerPhoto.After}'");
    }

    private static AnswerReport Command(AnswerReportBody body, ReportAddress report) => new(report.Regency, report.Ticket, body.Text, body.IsSettled, report.ExpectedVersion, Outcome: body.Outcome);

    private static async Task<IResult> WithPhotos(string id, HttpContext http, ISender sender, Photos photos, CancellationToken cancel)
    {
        var form = await PhotoForm<AnswerReportBody>.Read(http, Part, [AnswerPhoto.Before, AnswerPhoto.After], cancel);
        if (form.Body is not { } body)
        {
            return form.Refusal!;
        }

        if (!http.TryReadAddress(id, body.ExpectedVersion, out var report, out var fault))
        {
            return Problem.BadRequest(fault);
        }

        var (stored, faults) = await photos.Store(report.Regency, form.Uploads, cancel);
        return faults.Count > 0 ? PhotoForm.Refused(faults) : (await sender.Send(
            Command(body, report) with { Photos = [.. stored.Zip(form.Uploads, (photo, upload) => new AnswerPhoto(upload.Field, photo.ToReportPhoto()))] }, cancel)).ToResult(http);
    }
}

internal sealed class AnswerReportHandler(ISender sender, ReportStreams reports, RegencyRegistry regencies) : IRequestHandler<AnswerReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AnswerReport command, CancellationToken cancel)
    {
        var policy = await sender.Send(new GetReportPolicy(command.Regency), cancel);
        var zone = (await regencies.Find(RegencyCode.Parse(command.Regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        PlanWork? toPlan = null;
        var outcome = await reports.Decide(command, Move.Answer, async (report, act, _) =>
        {
            toPlan = null;
            if (command.Outcome is not { } given)
            {
                return Decide(report, command, policy, act);
            }

            // What can be refused is refused before anything is written into a plan.
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(act.Now, zone).DateTime);
            if ((Text(command) ?? Outcomes.Check(given, command.IsSettled, report.Department is null, today)) is { } fault)
            {
                return Decision.Refused(fault);
            }

            toPlan = NewWork(report, given, command.Regency);
            var (plan, refusal) = given.Kind == AnswerOutcomes.NeedsBudget ? await Plan(given, toPlan, command.Regency, act, cancel) : (null, null);
            return refusal is not null ? Decision.Refused(refusal) : Decide(report, command, policy, act, Outcomes.Of(given, plan));
        }, cancel);
        if (outcome.IsDone && toPlan is not null)
        {
            // So that whoever answered finds the work at once; where this fails, it is written when the answer is published (NotePlanNews).
            await sender.Send(toPlan, cancel);
        }

        return outcome;
    }

    public static Decision Decide(Report report, AnswerReport command, ReportPolicy policy, Act act, AnswerOutcome? outcome = null)
    {
        var isSettled = command.IsSettled || outcome?.Kind is AnswerOutcomes.Done or AnswerOutcomes.NotPossible;
        return Text(command) is { } fault ? Decision.Refused(fault)
            : Decision.Happens(new ReportAnswered(
                report.Department ?? report.ForwardedTo!, act.Seal(Said(command))!, isSettled, isSettled ? act.Now.AddDays(policy.CloseAfterDays) : null,
                command.Photos is { Count: > 0 } photos ? [.. photos.Select(photo => photo with { Photo = photo.Photo with { Evidence = act.Seal(photo.Photo.Evidence) } })] : null, outcome));
    }

    // Why something is not possible is part of what the reporter reads.
    private static string? Said(AnswerReport command)
    {
        var (text, reason) = (command.Text?.Trim() ?? "", command.Outcome?.Kind == AnswerOutcomes.NotPossible ? command.Outcome.Reason?.Trim() ?? "" : "");
        return text.Contains(reason, StringComparison.Ordinal) ? text : text.Length == 0 ? reason : $"{text}\n\n{reason}";
    }

    private static Refusal? Text(AnswerReport command) => Typed.Text(Said(command), "text", "Write the answer that the reporter will read.", "Tulis jawaban yang akan dibaca pelapor.");

    /// <summary>The work that an answer names and does not know by its id; null when there is none.</summary>
    private static PlanWork? NewWork(Report report, OutcomeToGive given, string regency) =>
        given.Kind != AnswerOutcomes.NeedsBudget || !string.IsNullOrWhiteSpace(given.WorkId) || string.IsNullOrWhiteSpace(given.Work) ? null
        : new PlanWork(regency, Plans.Terms(report, report.Department!, given.Work, given.FiscalYear!.Value, given.Cost!.Value, FundingSources.Read(given.Source)!), OnlyOpen: true);

    /// <summary>The planned work that the answer names: one that is there, or a new one, which is not written before the answer is.</summary>
    private async Task<(ReportPlan? Plan, Refusal? Refusal)> Plan(OutcomeToGive given, PlanWork? named, string regency, Act act, CancellationToken cancel)
    {
        if (!string.IsNullOrWhiteSpace(given.WorkId))
        {
            var work = await sender.Send(new GetPlannedWork(regency, given.WorkId.Trim()), cancel);
            var refusal = Plans.Check(work, given.WorkId, act, regency, "outcome.workId") ?? Outcomes.CheckSame(given, work!.Terms);
            return refusal is null ? (Plans.Of(work!), null) : (null, refusal);
        }

        if (named is null)
        {
            return (null, null);
        }

        var outcome = await sender.Send(named with { IsTrial = true }, cancel);
        return outcome.IsDone ? (Plans.Of(outcome.Work!), null) : (null, Outcomes.Of(outcome.Faults[0], outcome.Kind));
    }
}
