using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;

namespace SmartCity.Reports.Answering;

/// <summary>Body of an answer.</summary>
/// <param name="Text">What the reporter is told.</param>
/// <param name="IsSettled">The matter is done.</param>
internal sealed record AnswerReportBody(string? Text, bool IsSettled);

/// <summary>An officer answers the reporter; the answer goes out on the channel the report came from.</summary>
internal sealed class AnswerReportEndpoint : ICarterModule
{
    private const string Part = "answer";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var report = app.MapRegencyApi("/reports/{id}").RequireRole(Role.Officer).WithTags("Reports");
        report.MapPost("answers", async (string id, AnswerReportBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
                (await sender.Send(new AnswerReport(http.Regency().Id, id, body.Text, body.IsSettled, http.ExpectedVersion()), cancel)).ToResult(http))
            .WithSummary("Answer the reporter")
            .WithDescription($"With photos: multipart/form-data with this JSON in the part '{Part}' and the photos in '{AnswerPhoto.Before}' and '{AnswerPhoto.After}'.");
        // Another content type of the same operation, which a description can hold but once.
        report.MapPost("answers", WithPhotos).Accepts<AnswerReportBody>("multipart/form-data").ExcludeFromDescription();
    }

    private static async Task<IResult> WithPhotos(string id, HttpContext http, ISender sender, Photos photos, CancellationToken cancel)
    {
        var form = await PhotoForm<AnswerReportBody>.Read(http, Part, [AnswerPhoto.Before, AnswerPhoto.After], cancel);
        if (form.Body is not { } body)
        {
            return form.Refusal!;
        }

        var (stored, faults) = await photos.Store(http.Regency().Id, form.Uploads, cancel);
        return faults.Count > 0 ? PhotoForm.Refused(faults) : (await sender.Send(
            new AnswerReport(http.Regency().Id, id, body.Text, body.IsSettled, http.ExpectedVersion(), [.. stored.Zip(form.Uploads, (photo, upload) => new AnswerPhoto(upload.Field, photo.ToReportPhoto()))]),
            cancel)).ToResult(http);
    }
}

internal sealed class AnswerReportHandler(ReportStreams reports, PhotoEvidenceSeal evidence, CallContext call) : IRequestHandler<AnswerReport, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(AnswerReport command, CancellationToken cancel)
    {
        var photos = await evidence.Seal(command.Regency, command.Ticket, command.Photos, cancel);
        return await reports.Decide(command.Regency, command.Ticket, command.ExpectedVersion, command.Text,
            (report, text) => Decide(report, command with { Photos = photos }, call.Actor, text), cancel);
    }

    public static Decision Decide(Report report, AnswerReport command, Actor actor, string? sealedText) => report switch
    {
        _ when !actor.Is(command.Regency, Role.Officer) => Decision.Refused("report.not_officer", "Only an officer answers reports.", "Hanya petugas OPD yang menjawab laporan.", kind: RefusalKind.Forbidden),
        { Filed.IsOversight: true } when report.Department != actor.Department => new Decision(null, ReportStreams.NotFound(command.Ticket)),
        _ when report.Department != actor.Department => Decision.Refused("report.other_department",
            $"The report is {(report.Department is null ? "not assigned yet" : $"with {report.Department}")}; only that department answers it.",
            $"Laporan ini {(report.Department is null ? "belum diteruskan" : $"ada di {report.Department}")}; hanya OPD itu yang menjawab.", kind: RefusalKind.Forbidden),
        _ when string.IsNullOrWhiteSpace(command.Text) => Decision.Refused("text.missing", "Write the answer that the reporter will read.", "Tulis jawaban yang akan dibaca pelapor.", "text"),
        _ when command.Text.Length > Filing.Filing.MaxDescription => Decision.Refused("text.too_long", $"At most {Filing.Filing.MaxDescription} characters.", $"Paling banyak {Filing.Filing.MaxDescription} huruf.", "text"),
        { State: ReportState.Settled } => Decision.Refused("report.settled", "The report is settled already.", "Laporan sudah selesai.", kind: RefusalKind.Conflict),
        _ => Decision.Happens(new ReportAnswered(report.Department!, sealedText!, command.IsSettled, command.Photos)),
    };
}
