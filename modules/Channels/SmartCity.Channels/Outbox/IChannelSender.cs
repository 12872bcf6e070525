namespace SmartCity.Channels.Outbox;

/// <summary>How messages leave on a channel.</summary>
internal interface IChannelSender
{
    /// <summary>Channel code.</summary>
    string Channel { get; }

    /// <summary>Gives the letter to the provider.</summary>
    Task<Delivery> Send(Letter letter, CancellationToken cancel);

    /// <summary>Finds out whether an earlier <see cref="Send"/>, whose end nobody saw, gave it to the provider. Sends nothing that could be sent twice.</summary>
    Task<Delivery> Find(Letter letter, CancellationToken cancel);
}

/// <summary>A message on its way out, in the clear.</summary>
/// <param name="Message">The provider's id of the message that is answered; null: it came from none.</param>
/// <param name="AttemptedAt">When its last try began.</param>
/// <param name="KnownReceipts">The provider's ids of what has left for the same report.</param>
internal sealed record Letter(string Regency, string? Message, string Text, DateTimeOffset AttemptedAt, IReadOnlyCollection<string> KnownReceipts)
{
    /// <summary>Of the message in the outbox; where a provider takes a word of ours with a message, this is it.</summary>
    public Guid Id { get; init; }

    /// <summary>What it is for, as in the outbox.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The report it is about; empty: none.</summary>
    public string Ticket { get; init; } = "";

    /// <summary>The provider's ids of the parts of this message that have left already, in order; where a message takes several.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The message that is answered named our account, or came to us alone: it may be answered where it stands.</summary>
    public bool MayReply { get; init; } = true;

    /// <summary>The account that it leaves from, where a regency has several; null: there is only one.</summary>
    public string? Account { get; init; }

    /// <summary>Tells this try from those before it, for what the provider says later; null: it began before tries had names.</summary>
    public Guid? Try { get; init; }

    /// <summary>Where its recipient unsubscribes with one call; null: it is no news that somebody subscribed to.</summary>
    public string? Unsubscribe { get; init; }

    /// <summary>The channel's id of the account it goes to.</summary>
    public string? To { get; init; }
}

/// <summary>What came of a try. Errors hold nothing personal.</summary>
internal abstract record Delivery
{
    /// <summary>What went wrong, if anything.</summary>
    public virtual string? Problem => null;

    /// <summary>The provider has it.</summary>
    public sealed record Sent(string Receipt) : Delivery;

    /// <summary>The provider has a part of it; the next one can go.</summary>
    public sealed record PartSent(string Receipt) : Delivery;

    /// <summary>The provider certainly does not have it; it may take it later.</summary>
    public sealed record Later(string Error, DateTimeOffset? NotBefore = null) : Delivery
    {
        public override string Problem => Error;
    }

    /// <summary>Nobody was asked: the provider is left alone for a while. Counts as no try.</summary>
    public sealed record Held(string Error, DateTimeOffset NotBefore) : Delivery
    {
        public override string Problem => Error;
    }

    /// <summary>The recipient asked for no more messages.</summary>
    public sealed record Withheld(string Why) : Delivery;

    /// <summary>It will never take it.</summary>
    public sealed record Refused(string Error) : Delivery
    {
        public override string Problem => Error;
    }

    /// <summary>It may have it or not.</summary>
    /// <param name="LookAt">When to look it up; null: it cannot be found out.</param>
    public sealed record Unknown(string Error, DateTimeOffset? LookAt) : Delivery
    {
        public override string Problem => Error;
    }
}
