using System.Text.Json;
using Marten;
using MediatR;
using SmartCity.Channels.Conversing;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Receiving;

/// <summary>Does what a message that is on disk asks for: goes on with the talk that it belongs to, answers a keyword, or sets it aside for a person.</summary>
internal sealed class InterpretMessage(StoredMessages messages, ChannelList channels, AnswerKeyword keywords, Converse converse, OutboxStore outbox, TimeProvider time) : INotificationHandler<Committed<MessageReceived>>
{
    public async Task Handle(Committed<MessageReceived> committed, CancellationToken cancel)
    {
        var (received, regency, stream) = (committed.Event, committed.Envelope.Regency.Value, committed.Envelope.Stream);
        if (channels.Find(received.Channel) is not { } channel || await messages.Open(regency, received, cancel) is not { } message)
        {
            return;
        }

        switch (channel.Interpret(message))
        {
            case Interpretation.Report report:
                await converse.Handle(committed.Envelope, channel, message, report, cancel);
                break;
            case Interpretation.Asks asks:
                await keywords.Handle(committed.Envelope, message, asks.Keyword, cancel);
                break;
            case Interpretation.Tell tell:
                await outbox.Owe(regency, [OutboundMessage.Because(committed.Envelope, OutboundMessage.Reply, time.GetUtcNow()) with { Ticket = "", Channel = channel.Code, Conversation = stream, Text = tell.Text }], cancel);
                break;
            case Interpretation.Unclear unclear:
                await messages.SetAside(regency, stream, unclear.Why, cancel);
                break;
        }
    }
}

/// <summary>Messages as they are kept.</summary>
internal sealed class StoredMessages(RegencySessions sessions, PersonalData personal, CallContext call)
{
    /// <summary>Null when the author has been erased since.</summary>
    public async Task<IncomingMessage?> Open(string regency, MessageReceived received, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await Open(session, received, cancel);
    }

    /// <summary>Null when there is no such message, or its author has been erased since.</summary>
    public async Task<IncomingMessage?> Load(IQuerySession session, string stream, CancellationToken cancel) =>
        await session.LoadAsync<Message>(stream, cancel) is { } known ? await Open(session, known.Received, cancel) : null;

    public async Task SetAside(string regency, string stream, MessageSetAside why, CancellationToken cancel)
    {
        call.Actor = Actor.System("channels");
        await using var session = sessions.Open(regency);
        var message = await session.Events.FetchForWriting<Message>(stream, cancel);
        if (message.Aggregate is { SetAside: null })
        {
            message.AppendOne(why);
            await session.SaveChangesAsync(cancel);
        }
    }

    private async Task<IncomingMessage?> Open(IQuerySession session, MessageReceived received, CancellationToken cancel)
    {
        var reader = await personal.Reader(session, [received.Text], cancel);
        T Json<T>(string? value) => JsonSerializer.Deserialize<T>(reader.Open(value)!)!;
        return reader.Open(received.Text) is { } text and not PersonalReader.Erased
            ? new IncomingMessage(
                received.Channel, reader.Open(received.MessageId)!, reader.Open(received.Conversation)!, reader.Open(received.InReplyTo), Json<MessageAuthor>(received.Author), text,
                Json<string[]>(received.Media), received.Latitude, received.Longitude, reader.Open(received.Place), Json<string[]>(received.Addressed), received.SentAt, Raw: "")
            {
                Account = received.Account,
                IsUnsummoned = received.IsUnsummoned,
                IsAutomatic = received.IsAutomatic,
                IsTooLarge = received.IsTooLarge,
            }
            : null;
    }
}
