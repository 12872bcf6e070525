using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Outbox;

/// <summary>What went out or waits to go out, for those who watch over it; in development for everybody.</summary>
internal sealed class ReadOutboxEndpoints : ICarterModule
{
    private const int Most = 1000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/outbox").MapGet("", Outbox).RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor, Role.Operator, Role.PublicRelations)
            .WithTags("Channels").WithSummary("Messages to citizens, newest first; ?channel=, ticket=, state=waiting|sent|failed|withheld, limit=");
        if (app.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            app.MapGet("/dev/outbox.json", DevelopmentOutbox).OutsideRegencies("Shows what every regency would have sent; only there in development.").ExcludeFromDescription();
        }
    }

    private static async Task<IResult> Outbox(string? channel, string? ticket, string? state, int? limit, HttpContext http, ISender sender, CancellationToken cancel) =>
        state is not null && !(Enum.TryParse<OutgoingState>(state, ignoreCase: true, out _) && !char.IsAsciiDigit(state[0]))
            ? Problem.BadRequest(new Fault("state.unknown", "One of waiting, sent, failed, withheld.", "state"))
            : limit is < 1 or > Most
            ? Problem.BadRequest(new Fault("limit.invalid", $"Between 1 and {Most}.", "limit"))
            : Results.Ok(await sender.Send(new GetOutbox(http.Regency().Id, channel, ticket, limit ?? 100, state is null ? null : Enum.Parse<OutgoingState>(state, ignoreCase: true)), cancel));

    private static async Task<IResult> DevelopmentOutbox(
        string? regency, string? channel, string? ticket, RegencyRegistry regencies, ReadOutbox outbox, CancellationToken cancel)
    {
        var all = await regencies.All(cancel);
        var wanted = all.Where(r => regency is null || r.Id == regency).ToArray();
        if (wanted.Length == 0 && regency is not null)
        {
            return Problem.NotFound("regency.unknown", $"No regency '{regency}' is served here. A code looks like 33.28.", "regency");
        }

        var messages = new List<object>();
        foreach (var place in wanted)
        {
            messages.AddRange((await outbox.Read(new GetOutbox(place.Id, channel, ticket, Most), OutboxView.Everything, cancel)).Select(m => new
            {
                Regency = place.Id,
                m.Id,
                m.Channel,
                m.Ticket,
                m.Kind,
                m.Text,
                m.State,
                m.Attempts,
                m.QueuedAt,
                m.SentAt,
                m.Receipt,
                m.Error,
                m.DeliveredAt,
            }));
        }

        return Results.Ok(messages);
    }
}

internal sealed class GetOutboxHandler(ReadOutbox outbox, CallContext call, IHostEnvironment environment) : IRequestHandler<GetOutbox, IReadOnlyList<OutgoingMessage>>
{
    public Task<IReadOnlyList<OutgoingMessage>> Handle(GetOutbox query, CancellationToken cancel) =>
        outbox.Read(query, OutboxViews.Of(call.Actor, query.Regency, environment.IsDevelopment()), cancel);
}

/// <summary>How much somebody sees of a regency's outbox.</summary>
internal enum OutboxView
{
    Nothing,

    /// <summary>Whether messages leave, not what answers say: an operator sees no report.</summary>
    WithoutTexts,

    /// <summary>All but what concerns the conduct of officials.</summary>
    WithoutOversight,

    Everything,
}

internal static class OutboxViews
{
    public static OutboxView Of(Actor actor, string regency, bool development) => actor switch
    {
        _ when actor.Is(regency, Role.Regent, Role.Auditor) => OutboxView.Everything,
        _ when actor.Is(regency, Role.Dispatcher, Role.PublicRelations) => OutboxView.WithoutOversight,
        _ when actor.Is(regency, Role.Operator) => OutboxView.WithoutTexts,
        // In development the outgoing messages take the place of what citizens would get on their telephones.
        _ when development => OutboxView.Everything,
        _ => OutboxView.Nothing,
    };
}

/// <summary>Reads the outbox and opens its texts.</summary>
internal sealed class ReadOutbox(RegencySessions sessions, PersonalData personal, ChannelList channels, CallContext call)
{
    // The links in a subscriber's mail are the subscriber's alone. In development nobody who is not signed in gets mail otherwise.
    private bool IsStandIn => call.Actor.Role == Role.Citizen;

    private const string Withheld = "[tidak ditampilkan / withheld]";

    public async Task<IReadOnlyList<OutgoingMessage>> Read(GetOutbox query, OutboxView view, CancellationToken cancel)
    {
        if (view == OutboxView.Nothing)
        {
            return [];
        }

        await using var session = sessions.Query(query.Regency);
        IQueryable<OutboundMessage> found = session.Query<OutboundMessage>();
        if (query.Channel is { } channel)
        {
            found = found.Where(m => m.Channel == channel);
        }

        if (query.Ticket is { } ticket)
        {
            found = found.Where(m => m.Ticket == ticket);
        }

        found = query.State switch
        {
            null => found,
            OutgoingState.Failed => found.Where(m => m.State == OutboundState.Failed),
            OutgoingState.Sent => found.Where(m => m.State == OutboundState.Sent),
            OutgoingState.Withheld => found.Where(m => m.State == OutboundState.Withheld),
            _ => found.Where(m => m.DueAt != null),
        };
        if (view == OutboxView.WithoutOversight)
        {
            found = found.Where(m => !m.IsOversight);
        }

        var messages = await found.OrderByDescending(m => m.QueuedAt).Take(Math.Clamp(query.Limit, 1, 1000)).ToListAsync(cancel);
        // What is told of a matter of oversight is itself one.
        await session.Record(call, [.. messages.Where(m => m.IsOversight && m.Ticket.Length > 0 && view == OutboxView.Everything).GroupBy(m => m.Ticket).Select(told => new DataRead(told.Key, told.Count(), "outbox"))], cancel);
        var reader = await personal.Reader(session, messages.Select(m => m.Text), cancel);
        return [.. messages.Select(m => m.Shown((view == OutboxView.WithoutTexts && m.IsWritten) || (m.IsForSubscriber && !IsStandIn) ? Withheld : Wording.Of(m, reader.Open(m.Text)!, query.Regency, channels.Find(m.Channel))))];
    }
}
