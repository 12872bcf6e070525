using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;

namespace SmartCity.Reports.Filing;

/// <summary>A report as an integrator sends it.</summary>
/// <param name="Category">Category code; without it the words decide.</param>
/// <param name="Description">What is wrong.</param>
/// <param name="Place">Where.</param>
/// <param name="Reporter">Who, as far as known.</param>
/// <param name="MediaUrl">A link to a picture.</param>
/// <param name="MediaUrls">More of them.</param>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
/// <param name="Class">complaint, aspiration, information, proposal or oversight; without it as the category has it.</param>
internal sealed record FileReportBody(
    string? Category, string? Description, ReportPlace? Place, ReporterDetails? Reporter, string? MediaUrl, bool IsAnonymous, bool IsConfidential,
    string? Class = null, IReadOnlyList<string>? MediaUrls = null);

/// <summary>The native way in for integrators; an <c>Idempotency-Key</c> makes a repeated call safe.</summary>
internal sealed class FileReportEndpoint : ICarterModule
{
    private const string Part = "report", Field = "photos";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var reports = app.MapRegencyApi("/reports").RequireScope(Scopes.Write).WithTags("Reports");
        reports.MapPost("", (FileReportBody body, HttpContext http, ISender sender, CancellationToken cancel) => File(body, [], http, sender, cancel))
            .WithSummary("File a report; send an Idempotency-Key to be able to repeat the call. The secret in the answer is for the reporter alone");
        reports.MapPost("", WithPhotos).Accepts<FileReportBody>("multipart/form-data")
            .WithSummary($"File a report with photos: multipart with the JSON in the part '{Part}', photos in '{Field}'");
    }

    private static async Task<IResult> WithPhotos(HttpContext http, ISender sender, Photos photos, CancellationToken cancel)
    {
        var form = await PhotoForm<FileReportBody>.Read(http, Part, [Field], cancel);
        if (form.Body is not { } body)
        {
            return form.Refusal!;
        }

        var (stored, faults) = await photos.Store(http.Regency().Id, form.Uploads, cancel);
        return faults.Count > 0 ? PhotoForm.Refused(faults) : await File(body, [.. stored.Select(photo => photo.ToReportPhoto())], http, sender, cancel);
    }

    private static async Task<IResult> File(FileReportBody body, IReadOnlyList<ReportPhoto> photos, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var outcome = await sender.Send(new FileReport(
            regency, "api", key is null ? null : $"{http.Actor().Id}/{key}", null, body.Category, body.Description, body.Place ?? new(null, null, null),
            body.Reporter ?? new(), photos, body.MediaUrl, IsAnonymous: body.IsAnonymous, IsConfidential: body.IsConfidential, Class: body.Class, MediaUrls: body.MediaUrls), cancel);
        return outcome.Value is not { } filed ? outcome.Refusals.ToProblem(http)
            : filed.WasFiledBefore ? Results.Ok(filed) : Results.Created($"/api/v1/regencies/{regency}/reports/{filed.Ticket}", filed);
    }
}
