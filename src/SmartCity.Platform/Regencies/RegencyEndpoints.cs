using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform.Regencies;

/// <summary>A regency as an operator describes it.</summary>
public sealed record RegencyBody(string? Name, double? Latitude, double? Longitude, string? TimeZone, string? Contact);

/// <summary>The regencies that are served, and how an operator adds one while the platform runs.</summary>
public sealed class RegencyEndpoints : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/regencies", async (RegencyRegistry regencies, CancellationToken cancel) =>
                (await regencies.All(cancel)).Select(r => new { code = r.Id, r.Name, r.Latitude, r.Longitude, r.TimeZone, r.Contact }))
            .OutsideRegencies("The list of regencies itself.").WithTags("Regencies").WithSummary("The regencies served here");
        app.MapPut("/api/v1/regencies/{code}", Put)
            .OutsideRegencies("Makes the regency.").RequireRole(Role.Operator).WithTags("Regencies").WithSummary("Add or change a regency; no restart is needed");
    }

    private static async Task<IResult> Put(string code, RegencyBody body, RegencyRegistry regencies, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        Check(RegencyCode.TryParse(code, out _), "code", "A Kemendagri code such as 33.28.");
        Check(body.Name?.Trim().Length is >= 3 and <= 100, "name", "The full name, 3 to 100 characters.");
        Check(body.Latitude is >= -90 and <= 90, "latitude", "Degrees between -90 and 90.");
        Check(body.Longitude is >= -180 and <= 180, "longitude", "Degrees between -180 and 180.");
        Check(body.TimeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(body.TimeZone, out _), "timeZone", "An IANA time zone such as Asia/Jakarta.");
        Check(!string.IsNullOrWhiteSpace(body.Contact), "contact", "Whom integrators may ask.");
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await regencies.Save(new Regency(code, body.Name!.Trim(), body.Latitude!.Value, body.Longitude!.Value, body.TimeZone!, body.Contact!.Trim()), cancel);
        return Results.NoContent();

        void Check(bool isRight, string field, string expected)
        {
            if (!isRight)
            {
                faults.Add(new Fault($"{field}.invalid", expected, field));
            }
        }
    }
}
