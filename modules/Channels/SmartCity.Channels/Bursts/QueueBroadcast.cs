using Marten;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Bursts;

/// <summary>Queues what is told to all, once for each person: whoever reported twice hears it once. The same notification twice queues nothing more.</summary>
internal sealed class QueueBroadcast(RegencySessions sessions, OutboxStore outbox, ISender sender, TimeProvider time) : INotificationHandler<Committed<IncidentBroadcast>>
{
    private const int AtOnce = 200;

    public async Task Handle(Committed<IncidentBroadcast> committed, CancellationToken cancel)
    {
        var (said, envelope) = committed;
        var regency = envelope.Regency.Value;
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
                    owed.Add(OutboundMessage.Because(envelope, "broadcast", time.GetUtcNow(), $"broadcast {ticket}") with
                    {
                        Ticket = ticket,
                        Channel = address.Channel,
                        Conversation = address.Conversation,
                        Text = said.Text,
                        IsOversight = address.IsOversight,
                    });
                }
            }

            await outbox.Owe(regency, owed, cancel);
        }
    }
}
