using System.Text.Json;
using MediatR;
using SmartCity.Channels.Keywords;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Receiving;

/// <summary>Does what a message that is on disk asks for: makes a report of it, answers a keyword, or sets it aside for a person.</summary>
internal sealed class InterpretMessage(ISender sender, RegencySessions sessions, PersonalData personal, ChannelList channels, AnswerKeyword keywords, CallContext call)
    : INotificationHandler<Committed<MessageReceived>>
{
    public async Task Handle(Committed<MessageReceived> committed, CancellationToken cancel)
    {
        var (received, regency, stream) = (committed.Event, committed.Envelope.Regency.Value, committed.Envelope.Stream);
        if (channels.Find(received.Channel) is not { } channel || await Open(regency, received, cancel) is not { } message)
        {
            return;
        }

        switch (channel.Interpret(message))
        {
            case Interpretation.Report report:
                await File(regency, stream, message, report, cancel);
                break;
            case Interpretation.Asks asks:
                await keywords.Handle(committed.Envelope, message, asks.Keyword, cancel);
                break;
            case Interpretation.Unclear unclear:
                await SetAside(regency, stream, unclear.Why, cancel);
                break;
        }
    }

    private async Task File(string regency, string stream, IncomingMessage message, Interpretation.Report report, CancellationToken cancel)
    {
        call.Actor = Actor.Citizen;
        var outcome = await sender.Send(
            new FileReport(
                regency, message.Channel, Cause: stream, Conversation: stream, Category: null, report.Text,
                new ReportPlace(message.Latitude, message.Longitude, message.Place),
                new ReporterDetails(ReceiveMessage.Identity(message.Channel, message.Author), message.Author.Name, Phone: report.Phone, AccountId: message.Author.Handle),
                Photos: [], AddressedDepartment: await Department(regency, message, cancel), PlaceIsOptional: true, MediaUrls: message.Media),
            cancel);
        if (outcome.Refusals.FirstOrDefault(r => r.Kind == RefusalKind.Busy) is { } busy)
        {
            throw new InvalidOperationException($"Refused for now: {busy.Code}.");
        }

        if (outcome.Refusals is [var refusal, ..])
        {
            await SetAside(regency, stream, new MessageSetAside(refusal.Code, refusal.English, refusal.Indonesian), cancel);
        }
    }

    /// <summary>Null when the author has been erased since.</summary>
    private async Task<IncomingMessage?> Open(string regency, MessageReceived received, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var reader = await personal.Reader(session, [received.Text], cancel);
        T Json<T>(string? value) => JsonSerializer.Deserialize<T>(reader.Open(value)!)!;
        return reader.Open(received.Text) is { } text and not PersonalReader.Erased
            ? new IncomingMessage(
                received.Channel, reader.Open(received.MessageId)!, reader.Open(received.Conversation)!, reader.Open(received.InReplyTo), Json<MessageAuthor>(received.Author), text,
                Json<string[]>(received.Media), received.Latitude, received.Longitude, reader.Open(received.Place), Json<string[]>(received.Addressed), received.SentAt, Raw: "")
            : null;
    }

    /// <summary>The first department among those addressed.</summary>
    private async Task<string?> Department(string regency, IncomingMessage message, CancellationToken cancel)
    {
        foreach (var account in message.Addressed)
        {
            if (await sender.Send(new FindDepartmentByAccount(regency, message.Channel, account), cancel) is { } department)
            {
                return department.Code;
            }
        }

        return null;
    }

    private async Task SetAside(string regency, string stream, MessageSetAside why, CancellationToken cancel)
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
}
