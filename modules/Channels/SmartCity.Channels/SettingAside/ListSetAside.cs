using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.SettingAside;

/// <summary>Messages of which no report could be made, for a person to look at.</summary>
internal sealed class ListSetAsideEndpoint : ICarterModule
{
    private const string SetAside = "set-aside";

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/messages").MapGet("", List)
        .RequireRole(Role.Dispatcher)
        .WithTags("Channels").WithSummary("Messages of which no report could be made, newest first; ?state=set-aside, limit=");

    private static async Task<IResult> List(string? state, int? limit, HttpContext http, RegencySessions sessions, CallContext call, PersonalData personal, CancellationToken cancel)
    {
        if (state is not (null or SetAside))
        {
            return Problem.BadRequest(new Fault("state.unknown", $"'{state}' is no state; use {SetAside}.", "state"));
        }

        if (limit is < 1 or > 1000)
        {
            return Problem.BadRequest(new Fault("limit.invalid", "Between 1 and 1000.", "limit"));
        }

        await using var session = sessions.Query(http.Regency().Id);
        var messages = await session.Query<Message>().Where(m => m.SetAsideAt != null).OrderByDescending(m => m.SetAsideAt).Take(limit ?? 100).ToListAsync(cancel);
        // What citizens wrote: whoever of the staff is shown it is written down first. What a message says never changes.
        await session.Record(call, [.. messages.Select(m => new DataRead(m.Id, 1, "message"))], cancel);
        var reader = await personal.Reader(session, messages.Select(m => m.Received.Text), cancel);
        return Results.Ok(messages.Select(m => new
        {
            m.Id,
            m.Received.Channel,
            MessageId = reader.Open(m.Received.MessageId),
            m.ReceivedAt,
            Text = reader.Open(m.Received.Text),
            State = SetAside,
            Reason = m.SetAside,
        }));
    }
}

internal sealed class GetHeldMessagesHandler(RegencySessions sessions, PersonalData personal, CallContext call) : IRequestHandler<GetHeldMessages, IReadOnlyList<HeldMessage>>
{
    public async Task<IReadOnlyList<HeldMessage>> Handle(GetHeldMessages query, CancellationToken cancel)
    {
        if (!call.Actor.Is(query.Regency, Role.Dispatcher))
        {
            return [];
        }

        await using var session = sessions.Query(query.Regency);
        var messages = await session.Query<Message>().Where(m => m.SetAsideAt != null && m.UnansweredSince != null).OrderBy(m => m.SetAsideAt).Take(query.Limit).ToListAsync(cancel);
        await session.Record(call, [.. messages.Select(m => new DataRead(m.Id, 1, "message"))], cancel);
        var reader = await personal.Reader(session, messages.Select(m => m.Received.Text), cancel);
        return [.. messages.Select(m => new HeldMessage(m.Id, m.Received.Channel, m.ReceivedAt, reader.Open(m.Received.Text) ?? "", m.SetAside!.Indonesian, m.SetAside.English))];
    }
}
