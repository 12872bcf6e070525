namespace SmartCity.Channels;

// What happens to a message on a channel. Its stream is message-CHANNEL-HASH, a keyed hash of the provider's id; answers that belong to no message go to outbox-TICKET.
// Members marked "sealed" are encrypted with the author's own key: erasing the author leaves the event and takes the text.

/// <summary>A citizen's message has come in.</summary>
/// <param name="Channel">Channel code: <c>x</c>.</param>
/// <param name="MessageId">The provider's id of it, sealed: it leads to the author.</param>
/// <param name="Conversation">The provider's id of the conversation it belongs to, sealed.</param>
/// <param name="InReplyTo">The provider's id of the message it answers, sealed.</param>
/// <param name="Person">Id of the author's key for this message; says nothing about the person.</param>
/// <param name="Text">As written, sealed.</param>
/// <param name="Author"><see cref="Receiving.MessageAuthor"/> as JSON, sealed.</param>
/// <param name="Media">Addresses of pictures, photos first, as JSON, sealed.</param>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="Place">Place in words, sealed.</param>
/// <param name="Addressed">Ids and handles of the accounts written to, in order, as JSON, sealed: private people may be among them.</param>
/// <param name="SentAt">When the author sent it, by the provider's clock.</param>
/// <param name="Raw">All that the provider sent for it, sealed.</param>
internal sealed record MessageReceived(
    string Channel, string MessageId, string Conversation, string? InReplyTo, string Person, string? Text, string? Author, string? Media,
    double? Latitude, double? Longitude, string? Place, string? Addressed, DateTimeOffset SentAt, string? Raw)
{
    /// <summary>Name of the regency's account that it came to, where there can be several: <c>telegram.DPU</c>.</summary>
    public string? Account { get; init; }

    /// <summary>It did not name our account, so its channel takes no public answer to it.</summary>
    public bool IsUnsummoned { get; init; }

    /// <summary>A machine wrote it.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>It is larger than is taken: only who wrote it, and about what, is known.</summary>
    public bool IsTooLarge { get; init; }
}

/// <summary>No report could be made of the message: a person must look at it.</summary>
/// <param name="Code">Stable code of the reason.</param>
/// <param name="English">The reason, English.</param>
/// <param name="Indonesian">The reason, Indonesian.</param>
internal sealed record MessageSetAside(string Code, string English, string Indonesian);

/// <summary>The message moved a report of its author; what became of that is told as news of the report.</summary>
/// <param name="Ticket">The report.</param>
internal sealed record MessageActedOn(string Ticket);

/// <summary>A named person has decided not to answer the message.</summary>
/// <param name="Reason">Why, for the staff, sealed.</param>
internal sealed record MessageDismissed(string? Reason);
