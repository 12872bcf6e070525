using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Official;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Bursts;

/// <summary>Body of what is told to all.</summary>
internal sealed record BroadcastBody(string? Text);

/// <summary>Incidents, and what is told to all who reported one.</summary>
internal sealed class IncidentEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var incidents = app.MapRegencyApi("/incidents").WithTags("Channels");
        incidents.MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetIncidents(http.Regency().Id), cancel))
            .RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor).WithSummary("Bursts of similar reports, newest first");
        incidents.MapPost("/{id}/broadcasts", Send).RequireRole(Role.Dispatcher, Role.Regent)
            .WithSummary("Tell something to all who reported an incident, once each");
    }

    private static async Task<IResult> Send(string id, BroadcastBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new BroadcastToIncident(http.Regency().Id, id, body.Text), cancel) switch
        {
            BroadcastOutcome.Done => Results.Accepted(),
            BroadcastOutcome.BadText => Problem.BadRequest(new Fault("text.invalid", $"Write what all are to hear, in at most {Incidents.Longest} characters.", "text")),
            _ => Problem.NotFound("incident.unknown", $"There is no incident {id} here.", "id"),
        };
}

internal sealed class Incidents(RegencySessions sessions, CallContext call, TimeProvider time) : IRequestHandler<GetIncidents, IReadOnlyList<Incident>>, IRequestHandler<BroadcastToIncident, BroadcastOutcome>
{
    public const int Longest = 1000;

    public async Task<IReadOnlyList<Incident>> Handle(GetIncidents query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var incidents = new List<Incident>();
        foreach (var burst in await session.Query<Burst>().OrderByDescending(b => b.StartedAt).Take(100).ToListAsync(cancel))
        {
            var (category, from, to) = (burst.Category, burst.StartedAt, burst.EndedAt ?? time.GetUtcNow());
            var count = await session.Query<AnswerOwed>().Where(a => a.Category == category && a.Since >= from && a.Since <= to).CountAsync(cancel);
            incidents.Add(new Incident(burst.Id, burst.Category, burst.StartedAt, burst.LastAt, burst.EndedAt, count, burst.Broadcasts));
        }

        return incidents;
    }

    public async Task<BroadcastOutcome> Handle(BroadcastToIncident command, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(command.Text) || command.Text.Length > Longest)
        {
            return BroadcastOutcome.BadText;
        }

        await using var session = sessions.Open(command.Regency);
        if (!call.Actor.Is(command.Regency, Role.Dispatcher, Role.Regent) || await session.LoadAsync<Burst>(command.Incident, cancel) is not { } burst)
        {
            return BroadcastOutcome.Unknown;
        }

        var (now, text) = (time.GetUtcNow(), command.Text.Trim());
        session.Store(burst with { Broadcasts = [.. burst.Broadcasts, new IncidentBroadcastNote(now, text, call.Actor.Id)] });
        session.Events.Append(burst.Stream, new IncidentBroadcast(burst.Id, burst.Category, burst.StartedAt, burst.EndedAt ?? now, text));
        await session.SaveChangesAsync(cancel);
        return BroadcastOutcome.Done;
    }
}

/// <summary>Queues what is told to all, once for each person: whoever reported twice hears it once. The same notification twice queues nothing more.</summary>
internal sealed class QueueBroadcast(RegencySessions sessions, ISender sender, OutboxSignal signal, TimeProvider time, CallContext call) : INotificationHandler<Committed<IncidentBroadcast>>
{
    private const int AtOnce = 200;

    public async Task Handle(Committed<IncidentBroadcast> committed, CancellationToken cancel)
    {
        var (said, envelope) = committed;
        var regency = envelope.Regency.Value;
        call.Actor = Actor.System("channels");
        await using var reading = sessions.Query(regency);
        var (category, from, to) = (said.Category, said.From, said.To);
        var tickets = await reading.Query<AnswerOwed>().Where(a => a.Category == category && a.Since >= from && a.Since <= to).OrderBy(a => a.Since).Select(a => a.Id).ToListAsync(cancel);
        var told = new HashSet<string>();
        foreach (var some in tickets.Chunk(AtOnce))
        {
            var people = (await reading.Query<PersonalKey>().Where(k => k.Stream!.IsOneOf(some) && k.Account != null).ToListAsync(cancel)).ToLookup(k => k.Stream!, k => k.Account!);
            var owed = new List<OutboundMessage>();
            foreach (var ticket in some.Where(t => people[t].FirstOrDefault() is not { } person || told.Add(person)))
            {
                if (await sender.Send(new GetReplyAddress(regency, ticket), cancel) is { } address)
                {
                    owed.Add(Message(envelope, said, ticket, address));
                }
            }

            await using var session = sessions.Open(regency);
            var known = (await session.LoadManyAsync<OutboundMessage>(cancel, [.. owed.Select(m => m.Id)])).Select(m => m.Id).ToHashSet();
            session.Insert(owed.Where(m => !known.Contains(m.Id)).ToArray());
            await session.SaveChangesAsync(cancel);
            signal.Raise();
        }
    }

    private OutboundMessage Message(EventEnvelope envelope, IncidentBroadcast said, string ticket, ReplyAddress address)
    {
        var now = time.GetUtcNow();
        return new OutboundMessage
        {
            Id = OutboundMessage.IdOf(envelope.Id, $"broadcast {ticket}"),
            Ticket = ticket,
            Kind = "broadcast",
            Channel = address.Channel,
            Conversation = address.Conversation,
            Text = said.Text,
            IsOversight = address.IsOversight,
            QueuedAt = now,
            DueAt = now,
            Cause = envelope.Id,
            CorrelationId = envelope.CorrelationId,
            TraceParent = Traces.TraceParent,
        };
    }
}
