using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.SettingAside;

/// <summary>Body of a decision not to answer.</summary>
internal sealed record DismissBody(string? Reason);

/// <summary>What no program can settle a person does: an answer that was given up is tried again or dropped, a message is left unanswered on purpose.</summary>
internal sealed class DecideOnMessageEndpoints : ICarterModule
{
    private const int Longest = 4000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/outbox/{id:guid}/retries").MapPost("", Retry).RequireRole(Role.Dispatcher, Role.Regent)
            .WithTags("Channels").WithSummary("Try a message again that was given up");
        app.MapRegencyApi("/outbox/{id:guid}/dismissals").MapPost("", Drop).RequireRole(Role.Dispatcher, Role.Regent)
            .WithTags("Channels").WithSummary("Decide that a message that was given up is not to be sent");
        app.MapRegencyApi("/messages/{id}/dismissals").MapPost("", Dismiss).RequireRole(Role.Dispatcher)
            .WithTags("Channels").WithSummary("Decide not to answer a message that came in");
    }

    private static Task<IResult> Retry(Guid id, HttpContext http, OutboxStore outbox, OutboxSignal signal, TimeProvider time, CancellationToken cancel) =>
        Decide(id, http, outbox, signal, message => message with { State = OutboundState.Waiting, Attempts = 0, DueAt = time.GetUtcNow(), Outcome = null, Receipt = null, SentAt = null }, cancel);

    private static Task<IResult> Drop(Guid id, HttpContext http, OutboxStore outbox, OutboxSignal signal, CancellationToken cancel) =>
        Decide(id, http, outbox, signal, message => message with { State = OutboundState.Withheld, DueAt = null, Error = $"Not to be sent, decided {http.Actor().Id}. {message.Error}" }, cancel);

    private static async Task<IResult> Decide(Guid id, HttpContext http, OutboxStore outbox, OutboxSignal signal, Func<OutboundMessage, OutboundMessage> change, CancellationToken cancel)
    {
        var (regency, isFailed) = (http.Regency().Id, false);
        var after = await outbox.Decide(regency, id, message =>
        {
            // What concerns the conduct of officials is not for dispatchers.
            if (message.IsOversight && !http.Actor().Is(regency, Role.Regent))
            {
                return null;
            }

            isFailed = message.State == OutboundState.Failed;
            return isFailed ? change(message) : message;
        }, cancel);
        if (after is null)
        {
            return Problem.NotFound("message.unknown", $"There is no message {id} here.", "id");
        }

        if (!isFailed)
        {
            return Problem.Conflict("message.not_failed", "Only a message that was given up is decided on.");
        }

        signal.Raise();
        return Results.Ok(new { after.Id, State = after.Shown("").State });
    }

    private static async Task<IResult> Dismiss(string id, DismissBody body, HttpContext http, RegencySessions sessions, PersonalData personal, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > Longest)
        {
            return Problem.BadRequest(new Fault("reason.missing", $"Say why, in at most {Longest} characters.", "reason"));
        }

        await using var session = sessions.Open(http.Regency().Id);
        var stream = await session.Events.FetchForWriting<Message>(id, cancel);
        if (stream.Aggregate is not { } message)
        {
            return Problem.NotFound("message.unknown", $"There is no message {id} here.", "id");
        }

        if (message.UnansweredSince is null)
        {
            return Problem.Conflict("message.answered", "The message was answered, or it was decided before.");
        }

        stream.AppendOne(new MessageDismissed((await personal.SealFor(session, message.Received.Person, cancel)).Seal(body.Reason.Trim())));
        await session.SaveChangesAsync(cancel);
        return Results.NoContent();
    }
}

/// <summary>Whoever discards a report as spam has decided that its message gets no answer.</summary>
internal sealed class DismissDiscarded(RegencySessions sessions, ISender sender, CallContext call) : INotificationHandler<Committed<ReportDiscarded>>
{
    public async Task Handle(Committed<ReportDiscarded> committed, CancellationToken cancel)
    {
        var regency = committed.Envelope.Regency.Value;
        if ((await sender.Send(new GetReplyAddress(regency, committed.Envelope.Stream), cancel))?.Conversation is not { } conversation
            || !conversation.StartsWith("message-", StringComparison.Ordinal))
        {
            return;
        }

        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<Message>(conversation, cancel);
        if (stream.Aggregate is { UnansweredSince: not null })
        {
            stream.AppendOne(new MessageDismissed(null));
            await session.SaveChangesAsync(cancel);
        }
    }
}
