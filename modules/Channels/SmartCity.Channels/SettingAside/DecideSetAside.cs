using Carter;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.SettingAside;

/// <summary>Why a message is discarded, for the staff.</summary>
internal sealed record DiscardMessageBody(string? Reason);

/// <summary>What a dispatcher decides about a message that was set aside: it becomes a report after all, or never.</summary>
internal sealed class DecideSetAsideEndpoints : ICarterModule
{
    private const int LongestReason = 4000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var message = app.MapRegencyApi("/messages/{id}").RequireRole(Role.Dispatcher).WithTags("Channels");
        message.MapPost("releases", (string id, HttpContext http, RegencySessions sessions, PersonalData personal, CancellationToken cancel) =>
            Decide(id, null, http, sessions, personal, cancel)).WithSummary("Say that a message set aside as spam is none: it becomes a report");
        message.MapPost("discards", async (string id, DiscardMessageBody body, HttpContext http, RegencySessions sessions, PersonalData personal, CancellationToken cancel) =>
            body.Reason is not { } reason || string.IsNullOrWhiteSpace(reason) ? Problem.BadRequest(new Fault("reason.missing", "Say why, for the other staff.", "reason"))
            : reason.Length > LongestReason ? Problem.BadRequest(new Fault("reason.too_long", $"At most {LongestReason} characters.", "reason"))
            : await Decide(id, reason.Trim(), http, sessions, personal, cancel)).WithSummary("Leave a message that was set aside without a report; its sender is not answered");
    }

    private static async Task<IResult> Decide(string id, string? reason, HttpContext http, RegencySessions sessions, PersonalData personal, CancellationToken cancel)
    {
        await using var session = sessions.Open(http.Regency().Id);
        var stream = await session.Events.FetchForWriting<Message>(id, cancel);
        if (stream.Aggregate is not { SetAside: { } why } message)
        {
            return Problem.NotFound("message.unknown", $"There is no message '{id}' here that was set aside.", "id");
        }

        if (message.SetAsideAt is null)
        {
            return Problem.Conflict("message.decided", "Somebody has decided about this message already.");
        }

        if (reason is null && why.Code != MessageSetAside.SuspectedSpam)
        {
            return Problem.Conflict("message.no_report", $"No report can be made of it: {why.English}");
        }

        stream.AppendOne(reason is null ? new MessageReleased() : new MessageDiscarded((await personal.SealFor(session, message.Received.Person, cancel)).Seal(reason)!));
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (Receiving.ReceiveMessage.IsRace(failure))
        {
            return Problem.Conflict("message.decided", "Somebody has decided about this message already.");
        }

        return Results.NoContent();
    }
}
