using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Filing;

/// <summary>A report as an integrator sends it.</summary>
/// <param name="Category">Category code; without it the words decide.</param>
/// <param name="Description">What is wrong.</param>
/// <param name="Place">Where.</param>
/// <param name="Reporter">Who, as far as known.</param>
/// <param name="MediaUrl">A link to a picture.</param>
/// <param name="IsAnonymous">The department does not learn who it was.</param>
/// <param name="IsConfidential">Not public.</param>
/// <param name="Class">complaint, aspiration, information, proposal or oversight; without it as the category has it.</param>
internal sealed record FileReportBody(
    string? Category, string? Description, ReportPlace? Place, ReporterDetails? Reporter, string? MediaUrl, bool IsAnonymous, bool IsConfidential, string? Class = null);

/// <summary>The native way in for integrators; an <c>Idempotency-Key</c> makes a repeated call safe.</summary>
internal sealed class FileReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports")
        .MapPost("", async (FileReportBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
        {
            var regency = http.Regency().Id;
            var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
            var outcome = await sender.Send(new FileReport(
                regency, "api", key is null ? null : $"{http.Actor().Id}/{key}", null, body.Category, body.Description, body.Place ?? new(null, null, null),
                body.Reporter ?? new(), [], body.MediaUrl, IsAnonymous: body.IsAnonymous, IsConfidential: body.IsConfidential, Class: body.Class), cancel);
            return outcome.Value is not { } filed ? outcome.Refusals.ToProblem(http)
                : filed.WasFiledBefore ? Results.Ok(filed) : Results.Created($"/api/v1/regencies/{regency}/reports/{filed.Ticket}", filed);
        })
        .RequireScope(Scopes.Write)
        .WithTags("Reports").WithSummary("File a report; send an Idempotency-Key to be able to repeat the call. The secret in the answer is for the reporter alone");
}
