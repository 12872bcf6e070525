using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Repayments;

/// <summary>Whether a deposit is confirmed by another person than who entered it. Name on the wire: <c>repayment-policy.set.v1</c>.</summary>
internal sealed record RepaymentPolicySet(bool FourEyes);

/// <summary>Who decides on a deposit, and whether four eyes are asked for.</summary>
/// <param name="By">The person.</param>
/// <param name="Four">Another person than who entered it confirms it.</param>
/// <param name="MayWait">What one person cannot confirm alone is entered, and waits; else it is refused.</param>
internal readonly record struct Eyes(string? By, bool Four, bool MayWait = false);

/// <summary>A switch, as it is sent.</summary>
internal sealed record RepaymentPolicyBody(bool? FourEyes);

/// <summary>The rule of four eyes: it holds until a regency decides otherwise, for what is entered from then on.</summary>
internal sealed class FourEyesEndpoints : ICarterModule
{
    private const string Stream = "repayment-policy";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var policy = app.MapRegencyApi("/repayments/policy").WithTags("Repayments");
        policy.MapGet("", async (HttpContext http, RegencySessions sessions, CancellationToken cancel) => Results.Ok(new RepaymentPolicySet(await Holds(sessions, http.Regency().Id, cancel))))
            .RequireRole([.. MoneyRoles.Readers, Role.Operator]).WithSummary("Whether another person of the treasury confirms a deposit than who entered it");
        policy.MapPut("", Set).RequireRole(Role.Regent, Role.Operator).WithSummary("Ask for four eyes, or not: {\"fourEyes\":true}");
    }

    /// <summary>Whether four eyes are asked for.</summary>
    public static async Task<bool> Holds(RegencySessions sessions, string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return (await session.Events.FetchStreamAsync(Stream, token: cancel)).Select(e => e.Data).OfType<RepaymentPolicySet>().LastOrDefault()?.FourEyes ?? true;
    }

    private static async Task<IResult> Set(RepaymentPolicyBody body, HttpContext http, RegencySessions sessions, CancellationToken cancel)
    {
        if (body.FourEyes is not { } wanted)
        {
            return Problem.BadRequest(new Fault("fourEyes.missing", "Send true or false.", "fourEyes"));
        }

        var set = new RepaymentPolicySet(wanted);
        if (await Holds(sessions, http.Regency().Id, cancel) != wanted)
        {
            await using var session = sessions.Open(http.Regency().Id);
            session.Events.Append(Stream, set);
            await session.SaveChangesAsync(cancel);
        }

        return Results.Ok(set);
    }
}
