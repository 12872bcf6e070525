using Marten;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Bursts;

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
        var told = new HashSet<string>();
        foreach (var some in said.Tickets.Chunk(AtOnce))
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
