using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Desk;

/// <summary>What an operator enters of what somebody said.</summary>
/// <param name="How">One of <see cref="DeskWay.All"/>.</param>
/// <param name="Phone">Where the answer goes by SMS, if the regency sends any.</param>
/// <param name="Email">Where the answer goes by mail, if the regency sends any.</param>
internal sealed record EnterMessageBody(
    string? How, string? Text, string? Category, string? Address, double? Latitude, double? Longitude, string? Name, string? Phone, string? Email, bool IsAnonymous = false, bool IsConfidential = false);

/// <summary>An operator enters what came by telephone, letter, radio or in person, and says when somebody was told.</summary>
internal sealed class EnterMessageEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/desk-messages").MapPost("", Enter).RequireRole(Role.Dispatcher)
            .WithTags("Channels").WithSummary("Enter what somebody said by telephone, letter, radio or in person; an Idempotency-Key makes a repeated call safe");
        app.MapRegencyApi("/outbox/{id:guid}/told").MapPost("", Told).RequireRole(Role.Dispatcher, Role.Regent)
            .WithTags("Channels").WithSummary("Say that somebody was told what no channel could bring");
    }

    private static async Task<IResult> Enter(EnterMessageBody body, HttpContext http, ISender sender, CallContext call, CancellationToken cancel)
    {
        if (DeskWay.All.All(way => way.Code != body.How))
        {
            return Problem.BadRequest(new Fault("how.unknown", $"One of {string.Join(", ", DeskWay.All.Select(way => way.Code))}.", "how"));
        }

        // Somebody else's words: the history says whose hand wrote them.
        call.OnBehalfOf = "citizen";
        var key = http.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var outcome = await sender.Send(new FileReport(
            http.Regency().Id, body.How!, key is null ? null : $"{http.Actor().Id}/{key}", null, body.Category, body.Text, new ReportPlace(body.Latitude, body.Longitude, body.Address),
            new ReporterDetails(FirstName: body.Name, Phone: body.Phone, Email: body.Email), [], IsAnonymous: body.IsAnonymous, IsConfidential: body.IsConfidential), cancel);
        return outcome.Value is { } filed
            ? Results.Json(new { filed.Ticket, filed.FiledAt }, statusCode: filed.WasFiledBefore ? StatusCodes.Status200OK : StatusCodes.Status201Created)
            : Problem.From(outcome.Refusals[0].Kind switch
            {
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status400BadRequest,
            }, [.. outcome.Refusals.Select(r => new Fault(r.Code, r.English, r.Field))]);
    }

    private static async Task<IResult> Told(Guid id, HttpContext http, ISender sender, CancellationToken cancel) => await sender.Send(new RecordTold(http.Regency().Id, id), cancel) switch
    {
        ToldOutcome.Done => Results.NoContent(),
        ToldOutcome.NotToBeTold => Problem.Conflict("message.not_to_be_told", "Only a message that no channel could bring is told."),
        _ => Problem.NotFound("message.unknown", $"There is no message {id} here.", "id"),
    };
}

internal sealed class RecordToldHandler(OutboxStore outbox, CallContext call, TimeProvider time) : IRequestHandler<RecordTold, ToldOutcome>
{
    public async Task<ToldOutcome> Handle(RecordTold command, CancellationToken cancel)
    {
        var outcome = ToldOutcome.NotToBeTold;
        var after = await outbox.Decide(command.Regency, command.Message, message =>
        {
            if (!call.Actor.Is(command.Regency, Role.Dispatcher, Role.Regent) || (message.IsOversight && !call.Actor.Is(command.Regency, Role.Regent)))
            {
                return null;
            }

            if (message.State != OutboundState.Failed)
            {
                return message;
            }

            outcome = ToldOutcome.Done;
            return message with { State = OutboundState.Sent, SentAt = time.GetUtcNow(), Receipt = $"told by {call.Actor.Id}", Error = null };
        }, cancel);
        return after is null ? ToldOutcome.Unknown : outcome;
    }
}
