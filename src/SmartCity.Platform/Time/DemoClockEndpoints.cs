using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform.Time;

/// <summary>How far to move the demo clock.</summary>
/// <param name="Hours">More than 0, at most a year.</param>
public sealed record AdvanceBody(double Hours);

/// <summary>Shows and moves the demo clock; only there in development.</summary>
public sealed class DemoClockEndpoints : ICarterModule
{
    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<DemoClock>() is not { } clock)
        {
            return;
        }

        const string path = "/api/v1/demo/clock", why = "One clock for all regencies.";
        app.MapGet(path, (TimeProvider time) => new { now = time.GetUtcNow() }).OutsideRegencies(why).WithTags("Demo").WithSummary("The time that the platform believes in");
        app.MapPost(path, (AdvanceBody body) => body.Hours is > 0 and <= 366 * 24
                ? Results.Ok(new { now = clock.Advance(TimeSpan.FromHours(body.Hours)) })
                : Problem.BadRequest(new Fault("hours.invalid", "Move the clock forward by more than 0 hours and at most a year.", "hours")))
            .OutsideRegencies(why).RequireRole(Role.Operator).WithTags("Demo").WithSummary("Move the clock forward");
    }
}
