using MediatR;

namespace SmartCity.Channels.Contracts;

/// <summary>Which departments have the official account that the regent ordered, and whether they answer from it; those that serve the public first.</summary>
/// <param name="AsOf">As it stood at the end of this day on the regency's clock, from history; null: now.</param>
/// <param name="From">With what came and was answered from this day on; null: without these numbers.</param>
public sealed record GetOfficialAccounts(string Regency, DateOnly? AsOf = null, DateOnly? From = null) : IRequest<OfficialAccountList>;

/// <summary>The order, and how each department keeps it.</summary>
public sealed record OfficialAccountList(AccountOrder Order, IReadOnlyList<DepartmentAccount> Departments);

/// <summary>What the regent ordered.</summary>
/// <param name="Channel">On which channel a department must have an account.</param>
/// <param name="PublicServiceBy">By when those that serve the public must have it; null: no day was set.</param>
/// <param name="OthersBy">By when the others must have it.</param>
/// <param name="SilentAfterDays">Whoever does not answer for so many days counts as silent.</param>
public sealed record AccountOrder(string Channel = "x", DateOnly? PublicServiceBy = null, DateOnly? OthersBy = null, int SilentAfterDays = 7);

/// <summary>How a department keeps the order.</summary>
/// <param name="Department">Its code.</param>
/// <param name="Name">Its name, Indonesian.</param>
/// <param name="EnglishName">Its name, English.</param>
/// <param name="IsPublicService">It serves the public.</param>
/// <param name="Handle">Its account, without @; null: it has none.</param>
/// <param name="DueOn">By when it must have one.</param>
/// <param name="State">How it stands.</param>
/// <param name="IsLate">It has none though it should by now.</param>
/// <param name="LastAddressedAt">When somebody last wrote to it.</param>
/// <param name="LastAnsweredAt">When it last answered somebody there; from its own account, where answers leave from that.</param>
/// <param name="WaitingSince">Since when the oldest message to it has had no answer there.</param>
/// <param name="SilentDays">For how many days somebody has waited there.</param>
/// <param name="AnswersFromIt">Its answers leave from its own account; else from the regency's.</param>
public sealed record DepartmentAccount(
    string Department, string Name, string EnglishName, bool IsPublicService, string? Handle, DateOnly? DueOn, OfficialAccountState State, bool IsLate,
    DateTimeOffset? LastAddressedAt, DateTimeOffset? LastAnsweredAt, DateTimeOffset? WaitingSince, int? SilentDays, bool AnswersFromIt = false)
{
    /// <summary>How many messages to it became reports in the period that was asked for.</summary>
    public int? Addressed { get; init; }

    /// <summary>How many answers it gave on the channel in the period that was asked for.</summary>
    public int? Answers { get; init; }
}

/// <summary>How an official account stands.</summary>
public enum OfficialAccountState
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is there, but is not answered from.</summary>
    Silent,

    /// <summary>It is there and is answered from.</summary>
    Active,
}

/// <summary>How the regency's accounts at providers do.</summary>
public sealed record GetChannelHealth(string Regency) : IRequest<IReadOnlyList<ChannelHealth>>;

/// <summary>How a channel does.</summary>
/// <param name="Channel">Channel code.</param>
/// <param name="Accounts">Accounts at providers that are set.</param>
/// <param name="LastReceivedAt">When a message last came in.</param>
/// <param name="LastSentAt">When a message last left.</param>
/// <param name="LastErrorAt">When the last message that went wrong was queued.</param>
/// <param name="LastError">What went wrong.</param>
public sealed record ChannelHealth(
    string Channel, IReadOnlyList<string> Accounts, DateTimeOffset? LastReceivedAt, DateTimeOffset? LastSentAt, DateTimeOffset? LastErrorAt, string? LastError)
{
    /// <summary>Whose account it is; null: the regency's.</summary>
    public string? Department { get; init; }

    /// <summary>It failed so often that nothing is sent there until then, as any of the hosts found out.</summary>
    public DateTimeOffset? LeftAloneUntil { get; init; }

    /// <summary>What else is to be known.</summary>
    public IReadOnlyList<ChannelNote> Notes { get; init; } = [];
}

/// <summary>What whoever watches over a channel should know.</summary>
/// <param name="Code">Stable, for programs.</param>
public sealed record ChannelNote(string Code, string Indonesian, string English);

/// <summary>Asks a provider whether an account works; nothing is sent to anybody. For operators.</summary>
public sealed record TestAccount(string Regency, string Account) : IRequest<AccountTest?>;

/// <summary>What the provider said.</summary>
/// <param name="Works">It took the account.</param>
/// <param name="Detail">What it said, in words.</param>
public sealed record AccountTest(bool Works, string Detail);

/// <summary>The accounts at providers that a regency has or can have; what is secret is not in it. For operators.</summary>
public sealed record GetChannelAccounts(string Regency) : IRequest<IReadOnlyList<ChannelAccountSettings>>;

/// <summary>One account, also one that is not set yet; null: there is no channel or no department for it. For operators.</summary>
public sealed record GetChannelAccount(string Regency, string Account) : IRequest<ChannelAccountSettings?>;

/// <summary>Sets an account, or some of its settings: what is left out stays as it is, null removes it. For operators.</summary>
public sealed record SetChannelAccount(string Regency, string Account, IReadOnlyDictionary<string, string?> Settings) : IRequest<ChannelAccountOutcome>;

/// <summary>Removes an account with its secrets; false: there is none. For operators.</summary>
public sealed record RemoveChannelAccount(string Regency, string Account) : IRequest<bool>;

/// <summary>An account at a provider, without its secrets.</summary>
/// <param name="Account">Its name: <c>x</c>, or <c>x.DPU</c>, a department's own.</param>
/// <param name="Department">Whose it is; null: the regency's.</param>
/// <param name="Note">What whoever set it should know.</param>
/// <param name="ForDepartments">Departments can have one of their own.</param>
public sealed record ChannelAccountSettings(
    string Account, string Channel, string? Department, bool IsSet, DateTimeOffset? ChangedAt, string? Note, bool ForDepartments, IReadOnlyList<ChannelAccountSetting> Settings);

/// <summary>One setting of an account.</summary>
/// <param name="Value">What it is; never there where it is secret.</param>
/// <param name="Help">What it must be.</param>
/// <param name="Indonesian">The same in Indonesian.</param>
public sealed record ChannelAccountSetting(string Name, bool IsSecret, bool IsRequired, bool IsSet, string? Value, string Help, string Indonesian);

/// <summary>What came of setting an account.</summary>
/// <param name="Account">As it is now; null: it was not set.</param>
/// <param name="Faults">What was wrong.</param>
public sealed record ChannelAccountOutcome(ChannelAccountSettings? Account, IReadOnlyList<ChannelAccountFault> Faults)
{
    /// <summary>There is no such account to set.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>What is wrong with a setting, and what to give instead.</summary>
/// <param name="Field">The setting.</param>
public sealed record ChannelAccountFault(string Code, string Field, string English, string Indonesian);
