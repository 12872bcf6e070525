using System.Text.Json;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Supplementing;

/// <summary>Body of an addition.</summary>
internal sealed record SupplementReportBody : ReportBody
{
    public string? Text { get; init; }
}

/// <summary>More is said or shown about a report: JSON, or a form with <c>text</c> and photos as <c>media</c>. An <c>Idempotency-Key</c> makes a repeated call safe.</summary>
internal sealed class SupplementReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapPost("supplements", Post)
        .Accepts<SupplementReportBody>("application/json", "multipart/form-data")
        .WithTags("Reports").WithSummary("Add to a report: its reporter (X-Report-Secret), an integrator, or staff for the reporter; photos as multipart media");

    private static async Task<IResult> Post(string id, HttpContext http, ISender sender, Photos photos, IOptions<JsonOptions> json, CancellationToken cancel)
    {
        var (body, uploads, unreadable) = await Read(http, json.Value.SerializerOptions, cancel);
        if (unreadable is not null)
        {
            return Problem.BadRequest(unreadable);
        }

        if (!http.TryReadAddress(id, body.ExpectedVersion, out var report, out var fault))
        {
            return Problem.BadRequest(fault);
        }

        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var command = new SupplementReport(report.Regency, report.Ticket, body.Text, [], key is null ? null : $"{http.Actor().Id}/{key}", report.ExpectedVersion, report.Secret);
        if (uploads.Count > 0)
        {
            // Asked before anything is kept: who may not add keeps no file here.
            if (await sender.Send(new GetReport(report.Regency, report.Ticket, Secret: report.Secret), cancel) is null)
            {
                return ((IReadOnlyList<Refusal>)[ReportStreams.NotFound(report.Ticket)]).ToProblem(http);
            }

            var (stored, faults) = await photos.Store(report.Regency, uploads, cancel);
            if (faults.Count > 0)
            {
                return PhotoForm.Refused(faults);
            }

            command = command with { Photos = [.. stored.Select(photo => photo.ToReportPhoto())] };
        }

        return (await sender.Send(command, cancel)).ToResult(http);
    }

    private static async Task<(SupplementReportBody Body, IReadOnlyList<PhotoUpload> Uploads, Fault? Fault)> Read(HttpContext http, JsonSerializerOptions json, CancellationToken cancel)
    {
        try
        {
            if (http.Request.HasFormContentType)
            {
                var form = await http.Request.ReadFormAsync(cancel);
                return (new SupplementReportBody { Text = form["text"] }, [.. form.Files.Where(f => f.Name is "media" or "media[]").Select(f => new PhotoUpload("media", f.FileName, f.OpenReadStream))], null);
            }

            return (await JsonSerializer.DeserializeAsync<SupplementReportBody>(http.Request.Body, json, cancel) ?? new(), [], null);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (new(), [], new Fault("body.unreadable", "Send JSON such as {\"text\":\"…\"}, or a form with text and photos as media.", "text"));
        }
    }
}

internal sealed class SupplementReportHandler(ReportStreams reports, PersonalData personal) : IRequestHandler<SupplementReport, Outcome<ReportVersion>>
{
    public Task<Outcome<ReportVersion>> Handle(SupplementReport command, CancellationToken cancel)
    {
        // Senders choose it, and may have put a name or an address into it.
        var hidden = Typed.Line(command.Cause, "Idempotency-Key") is null && command.Cause is { } cause
            ? command with { Cause = personal.PersonId(command.Regency, $"supplement {cause}") } : command;
        return reports.Decide(command, Move.Supplement, (report, act) => Decide(report, hidden, act), cancel);
    }

    public static Decision Decide(Report report, SupplementReport command, Act act) =>
        command.Cause is not null && report.Causes.Contains(command.Cause) ? Decision.Nothing
        : string.IsNullOrWhiteSpace(command.Text) && command.Photos.Count == 0
            ? Decision.Refused("text.missing", "Write what is to be added, or send a photo.", "Tulis tambahannya, atau kirim foto.", "text")
        : (Typed.Text(command.Text, "text") ?? Typed.Line(command.Cause, "Idempotency-Key")) is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportSupplemented(act.Seal(command.Text), [.. command.Photos.Select(photo => photo with { Evidence = act.Seal(photo.Evidence) })],
            act.By.HasFlag(Party.Reporter) ? "reporter" : act.By.HasFlag(Party.Integrator) ? "integrator" : "staff", command.Cause));
}
