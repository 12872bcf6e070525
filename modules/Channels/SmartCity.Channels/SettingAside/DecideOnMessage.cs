using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
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
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/outbox/{id:guid}/retries").MapPost("", Retry).RequireRole(Role.Dispatcher, Role.Regent)
            .WithTags("Channels").WithSummary("Try a message again that was given up");
        app.MapRegencyApi("/outbox/{id:guid}/dismissals").MapPost("", Drop).RequireRole(Role.Dispatcher, Role.Regent)
            .WithTags("Channels").WithSummary("Decide that a message that was given up is not to be sent");
        app.MapRegencyApi("/messages/{id}/dismissals").MapPost("", Dismiss).RequireRole(Role.Dispatcher)
            .WithTags("Channels").WithSummary("Decide not to answer a message that came in");
    }

    private static Task<IResult> Retry(Guid id, HttpContext http, ISender sender, CancellationToken cancel) => Decide(id, OutgoingState.Waiting, http, sender, cancel);

    private static Task<IResult> Drop(Guid id, HttpContext http, ISender sender, CancellationToken cancel) => Decide(id, OutgoingState.Withheld, http, sender, cancel);

    private static async Task<IResult> Decide(Guid id, OutgoingState state, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new DecideOnOutgoing(http.Regency().Id, id, IsRetried: state == OutgoingState.Waiting), cancel) switch
        {
            DecisionOutcome.Done => Results.Ok(new { Id = id, State = state }),
            DecisionOutcome.Closed => Problem.Conflict("message.not_failed", "Only a message that was given up is decided on."),
            _ => Problem.NotFound("message.unknown", $"There is no message {id} here.", "id"),
        };

    private static async Task<IResult> Dismiss(string id, DismissBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new LeaveUnanswered(http.Regency().Id, id, body.Reason ?? ""), cancel) switch
        {
            DecisionOutcome.Done => Results.NoContent(),
            DecisionOutcome.Closed => Problem.Conflict("message.answered", "The message was answered, or it was decided before."),
            DecisionOutcome.NoReason => Problem.BadRequest(new Fault("reason.missing", $"Say why, in at most {LeaveUnanswered.LongestReason} characters.", "reason")),
            _ => Problem.NotFound("message.unknown", $"There is no message {id} here.", "id"),
        };
}

internal sealed class DecideOnMessage(RegencySessions sessions, PersonalData personal, OutboxStore outbox, OutboxSignal signal, CallContext call, TimeProvider time) :
    IRequestHandler<DecideOnOutgoing, DecisionOutcome>, IRequestHandler<LeaveUnanswered, DecisionOutcome>
{
    public async Task<DecisionOutcome> Handle(DecideOnOutgoing command, CancellationToken cancel)
    {
        var isFailed = false;
        var after = await outbox.Decide(command.Regency, command.Message, message =>
        {
            // What concerns the conduct of officials is not for dispatchers.
            if (!call.Actor.Is(command.Regency, Role.Dispatcher, Role.Regent) || (message.IsOversight && !call.Actor.Is(command.Regency, Role.Regent)))
            {
                return null;
            }

            isFailed = message.State == OutboundState.Failed;
            return !isFailed ? message : command.IsRetried ? message.Again(time.GetUtcNow())
                : message with { State = OutboundState.Withheld, DueAt = null, Error = $"Not to be sent, decided {call.Actor.Id}. {message.Error}" };
        }, cancel);
        signal.Raise();
        return after is null ? DecisionOutcome.Unknown : isFailed ? DecisionOutcome.Done : DecisionOutcome.Closed;
    }

    public async Task<DecisionOutcome> Handle(LeaveUnanswered command, CancellationToken cancel)
    {
        if (!call.Actor.Is(command.Regency, Role.Dispatcher))
        {
            return DecisionOutcome.Unknown;
        }

        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > LeaveUnanswered.LongestReason)
        {
            return DecisionOutcome.NoReason;
        }

        await using var session = sessions.Open(command.Regency);
        var stream = await session.Events.FetchForWriting<Message>(command.Message, cancel);
        if (stream.Aggregate is not { } message)
        {
            return DecisionOutcome.Unknown;
        }

        if (message.UnansweredSince is null)
        {
            return DecisionOutcome.Closed;
        }

        stream.AppendOne(new MessageDismissed((await personal.SealFor(session, message.Received.Person, cancel)).Seal(command.Reason.Trim())));
        await session.SaveChangesAsync(cancel);
        return DecisionOutcome.Done;
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
