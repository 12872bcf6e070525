using Marten;
using MediatR;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Forgetting;

/// <summary>Adds to the copy of somebody's data what was said, or is to be said, to the person.</summary>
internal sealed class CopyMessages(RegencySessions sessions, ChannelList channels) : INotificationHandler<PersonalDataCopy>
{
    public Task Handle(PersonalDataCopy copy, CancellationToken cancel)
    {
        copy.Add("messagesToYou", stop => Messages(copy, stop));
        return Task.CompletedTask;
    }

    private async Task<object> Messages(PersonalDataCopy copy, CancellationToken cancel)
    {
        await using var session = sessions.Query(copy.Regency);
        var tickets = copy.Streams.ToArray();
        var messages = await session.Query<OutboundMessage>().Where(m => m.Ticket.IsOneOf(tickets) || (m.Ticket == "" && m.Conversation.IsOneOf(tickets))).OrderBy(m => m.QueuedAt).ToListAsync(cancel);
        return messages.Where(m => !m.IsForOfficials && copy.Reader.CanOpen(m.Text)).Select(m => new
        {
            m.Ticket,
            m.Channel,
            m.Kind,
            Text = Wording.Of(m, copy.Reader.Open(m.Text)!, copy.Regency, channels.Find(m.Channel)),
            m.State,
            m.QueuedAt,
            m.SentAt,
        }).ToArray();
    }
}
