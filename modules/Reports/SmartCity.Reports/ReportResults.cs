using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports;

/// <summary>Between outcomes of commands and HTTP.</summary>
internal static class ReportResults
{
    /// <summary>200 with the report's new version as ETag, or problem details.</summary>
    public static IResult ToResult(this Outcome<ReportVersion> outcome, HttpContext http)
    {
        if (outcome.Value is not { } version)
        {
            return outcome.Refusals.ToProblem(http);
        }

        http.Response.Headers.ETag = $"\"{version.Version}\"";
        return Results.Ok(version);
    }

    /// <summary>Problem details of refusals; the first decides the status. A conflict names the report's version, also as ETag.</summary>
    public static IResult ToProblem(this IReadOnlyList<Refusal> refusals, HttpContext http)
    {
        var status = refusals[0].Kind switch
        {
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "2";
        }

        Fault[] faults = [.. refusals.Select(r => new Fault(r.Code, r.English, r.Field))];
        if (refusals[0].Version is not { } version)
        {
            return Problem.From(status, faults);
        }

        http.Response.Headers.ETag = $"\"{version}\"";
        return Problem.From(status, faults, new Dictionary<string, object?> { ["version"] = version });
    }
}
