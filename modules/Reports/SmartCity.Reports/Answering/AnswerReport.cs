using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;
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
    private const string Part = "answer";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapReportCommand<AnswerReportBody>("answers", "Answer the reporter", Command).RequireRole(Role.Officer, Role.Dispatcher);
        app.MapRegencyApi("/reports/{id}").MapPost("answers", WithPhotos).Accepts<AnswerReportBody>("multipart/form-data").RequireRole(Role.Officer, Role.Dispatcher)
            .WithTags("Reports").WithSummary($"Answer the reporter with photos: multipart with the JSON in the part '{Part}', photos in '{AnswerPhoto.Before}' and '{AnswerPhoto.After}'");
    }

    private static AnswerReport Command(AnswerReportBody body, ReportAddress report) => new(report.Regency, report.Ticket, body.Text, body.IsSettled, report.ExpectedVersion);

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
            report.Department ?? report.ForwardedTo!, act.Seal(command.Text)!, command.IsSettled, command.IsSettled ? act.Now.AddDays(policy.CloseAfterDays) : null,
            command.Photos is { Count: > 0 } photos ? [.. photos.Select(photo => photo with { Photo = photo.Photo with { Evidence = act.Seal(photo.Photo.Evidence) } })] : null));
}
