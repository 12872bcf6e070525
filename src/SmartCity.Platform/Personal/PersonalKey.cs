using SmartCity.Platform.History;

namespace SmartCity.Platform.Personal;

/// <summary>
/// The key of what one person said in one place: a report, or a message. Erasing destroys the key; the events that hold the sealed
/// data stay. A person has as many keys as places, so that each can be forgotten when its own time has come.
/// </summary>
[NotInEvents("Keys of people, apart from the history so that they can be destroyed; that one was is an event (person.erased.v1).")]
public sealed record PersonalKey
{
    /// <summary>Random: says nothing about the person, nor which keys are of the same one.</summary>
    public required string Id { get; init; }

    /// <summary>The key, wrapped by the platform's master key; null when destroyed.</summary>
    public byte[]? Wrapped { get; init; }

    /// <summary>The stream in whose events the sealed data stands: a ticket, or a message.</summary>
    public string? Stream { get; init; }

    /// <summary>The message that a report was made of.</summary>
    public string? Origin { get; init; }

    /// <summary>Keyed hash of the account on a channel; null when there is none, or the key is destroyed.</summary>
    public string? Account { get; init; }

    /// <summary>Keyed hash of the e-mail address; null when there is none, or the key is destroyed.</summary>
    public string? Email { get; init; }

    /// <summary>Keyed hash of the telephone number; null when there is none, or the key is destroyed.</summary>
    public string? Phone { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was destroyed.</summary>
    public DateTimeOffset? DestroyedAt { get; init; }

    /// <summary>Id of who had it destroyed.</summary>
    public string? DestroyedBy { get; init; }

    /// <summary>Why it was destroyed.</summary>
    public ErasureGround? Ground { get; init; }
}

/// <summary>How somebody is known, in the clear. Never stored.</summary>
/// <param name="Account">Account on a channel: <c>x:5005</c>.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Phone">Telephone number, as people write it.</param>
public sealed record PersonIdentity(string? Account = null, string? Email = null, string? Phone = null)
{
    internal string? AccountName => string.IsNullOrWhiteSpace(Account) ? null : Account.Trim();

    internal string? EmailName => string.IsNullOrWhiteSpace(Email) ? null : $"mailto:{Email.Trim().ToLowerInvariant()}";

    // 0812… and +62 812… are the same telephone.
    internal string? PhoneName => string.Concat((Phone ?? "").Where(char.IsAsciiDigit)) switch
    {
        "" => null,
        ['0', .. var local] => $"tel:62{local}",
        var digits => $"tel:{digits}",
    };
}

/// <summary>Why somebody's data was erased (UU 27/2022 art. 43 and 44).</summary>
public enum ErasureGround
{
    /// <summary>The person asked for it.</summary>
    Request,

    /// <summary>The person no longer agrees, where agreement was the ground for having it.</summary>
    ConsentWithdrawn,

    /// <summary>It is not needed any more: the time for which it is kept is over.</summary>
    Retention,

    /// <summary>It should never have been had.</summary>
    Unlawful,
}
