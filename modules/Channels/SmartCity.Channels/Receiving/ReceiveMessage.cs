using System.Diagnostics.Metrics;
using System.Text.Json;
using Marten;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Telemetry;

namespace SmartCity.Channels.Receiving;

/// <summary>A message as a channel understood it.</summary>
/// <param name="Media">Addresses of pictures, photos first.</param>
/// <param name="Addressed">Ids and handles of the accounts written to, in order.</param>
/// <param name="Raw">All that the provider sent for it.</param>
internal sealed record IncomingMessage(
    string Channel, string Id, string Conversation, string? InReplyTo, MessageAuthor Author, string Text, IReadOnlyList<string> Media,
    double? Latitude, double? Longitude, string? Place, IReadOnlyList<string> Addressed, DateTimeOffset SentAt, string Raw)
{
    /// <summary>Name of the regency's account that it came to, where there can be several: <c>telegram.DPU</c>.</summary>
    public string? Account { get; init; }

    /// <summary>It does not name our account, so its channel takes no public answer to it.</summary>
    public bool IsUnsummoned { get; init; }

    /// <summary>A machine wrote it.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>It is larger than is taken: only who wrote it, and about what, is known.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>The message's own stream: one for each message of the provider, however often it is delivered. The provider's id would lead to the author.</summary>
    public string StreamIn(string regency, PersonalData personal) => StreamOf(Channel, Id, regency, personal);

    /// <summary>The stream of a message by the provider's id.</summary>
    public static string StreamOf(string channel, string id, string regency, PersonalData personal) => $"message-{channel}-{personal.PersonId(regency, $"message {channel} {id}")}";
}

/// <summary>Who wrote a message.</summary>
/// <param name="Id">The provider's id of the account.</param>
/// <param name="Handle">As the public writes it, without @.</param>
/// <param name="Name">Display name.</param>
internal sealed record MessageAuthor(string Id, string? Handle, string? Name);

/// <summary>Keeps a message before anybody hears that it has arrived.</summary>
internal sealed class ReceiveMessage(RegencySessions sessions, PersonalData personal, TimeProvider time)
{
    private const int Attempts = 5;

    private static readonly Counter<long> Received = Meters.Meter.CreateCounter<long>("smartcity.messages.received", description: "Messages of citizens committed.");

    /// <summary>Commits the message; one that is there already stays as it is.</summary>
    public async Task Handle(string regency, IncomingMessage message, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            if (!await Append(session, regency, message, cancel))
            {
                return;
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                Count(regency, message.Channel);
                return;
            }
            catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
            {
                // The same message was committed in between.
            }
        }
    }

    /// <summary>Adds the message to what a session will commit; false: it is there already.</summary>
    public async Task<bool> Append(IDocumentSession session, string regency, IncomingMessage message, CancellationToken cancel)
    {
        var id = message.StreamIn(regency, personal);
        // Starting a stream does not refuse one that exists when events are partitioned by tenant; writing at an expected version does.
        var stream = await session.Events.FetchForWriting<Message>(id, cancel);
        if (stream.Aggregate is not null)
        {
            return false;
        }

        var who = new PersonIdentity(Identity(message.Channel, message.Author));
        stream.AppendOne(Event(message, personal.NewSeal(session, regency, id, who, time.GetUtcNow())));
        return true;
    }

    public static void Count(string regency, string channel) =>
        Received.Add(1, new KeyValuePair<string, object?>("regency", regency), new KeyValuePair<string, object?>("channel", channel));

    /// <summary>How the author is known, for a person id.</summary>
    public static string Identity(string channel, MessageAuthor author) => $"{channel}:{author.Id}";

    private static MessageReceived Event(IncomingMessage message, PersonSeal seal) => new(
        message.Channel, seal.Seal(message.Id)!, seal.Seal(message.Conversation)!, seal.Seal(message.InReplyTo), seal.Person, seal.Seal(message.Text),
        seal.Seal(JsonSerializer.Serialize(message.Author)), seal.Seal(JsonSerializer.Serialize(message.Media)), message.Latitude, message.Longitude,
        seal.Seal(message.Place), seal.Seal(JsonSerializer.Serialize(message.Addressed)), message.SentAt, seal.Seal(message.Raw))
    {
        Account = message.Account,
        IsUnsummoned = message.IsUnsummoned,
        IsAutomatic = message.IsAutomatic,
        IsTooLarge = message.IsTooLarge,
    };
}
