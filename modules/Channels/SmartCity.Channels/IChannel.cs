using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Files;

namespace SmartCity.Channels;

/// <summary>
/// All that is particular to a channel; the rest (storing, filing, the outbox) is the same for all of them. What receives is an endpoint
/// in the channel's folder that hands an <see cref="IncomingMessage"/> to <see cref="ReceiveMessage"/>. docs/channels.md shows a whole one.
/// </summary>
internal interface IChannel
{
    /// <summary>Stands in every report and message: <c>x</c>, <c>sms</c>.</summary>
    string Code { get; }

    /// <summary>How messages leave.</summary>
    IChannelSender Sender { get; }

    /// <summary>Everybody reads what is said there.</summary>
    bool IsPublic => false;

    /// <summary>People talk there: what is missing is asked for before a report is made.</summary>
    bool Converses => false;

    /// <summary>Fetches a picture that the provider keeps for us, by what stands in a message's media.</summary>
    Task<RemoteFile> Fetch(string regency, string picture, long most, CancellationToken cancel) => Task.FromResult(new RemoteFile(null, "media.unknown"));

    /// <summary>The channel on which the same account of a person is reached where this one will not take a message.</summary>
    string? Instead => null;

    /// <summary>Under which channel's name the departments' official accounts are known.</summary>
    string OfficialChannel => Code;

    /// <summary>What accounts a regency can have, as an operator enters them; none when they are configured elsewhere.</summary>
    IReadOnlyList<AccountForm> Accounts => [];

    /// <summary>From which of the regency's accounts somebody is answered; null: there is only one.</summary>
    /// <param name="addressed">Names and ids of the accounts that were written to, in order.</param>
    /// <param name="department">Whose answer it is.</param>
    ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) => ValueTask.FromResult<string?>(null);

    /// <summary>The regency has an account from which messages really leave.</summary>
    ValueTask<bool> CanSend(string regency, CancellationToken cancel) => ValueTask.FromResult(false);

    /// <summary>Tells the provider what an operator has changed.</summary>
    /// <param name="account">Null: it was removed.</param>
    /// <returns>What the operator should know; null: nothing.</returns>
    Task<string?> AccountChanged(string regency, string name, IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? account, CancellationToken cancel) =>
        Task.FromResult<string?>(null);

    /// <summary>Asks the provider whether an account works, without sending anything to anybody; null: there is no such account.</summary>
    Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel) => Task.FromResult<(bool, string)?>((false, "This account cannot be tested."));

    /// <summary>What else whoever watches over the channel should know.</summary>
    Task<IReadOnlyList<ChannelNote>> Notes(IQuerySession session, CancellationToken cancel) => Task.FromResult<IReadOnlyList<ChannelNote>>([]);

    /// <summary>The text within the channel's limits.</summary>
    string Fit(string text, string regency, string ticket) => text;

    /// <summary>What a message asks for. A rule: no I/O.</summary>
    Interpretation Interpret(IncomingMessage message) => new Interpretation.Report(message.Text);
}

/// <summary>What a channel needs to be there; listed in <see cref="ChannelsModule"/>, which is all that adding one takes outside its folder.</summary>
internal interface IChannelSetup
{
    /// <summary>Registers the <see cref="IChannel"/> and what it needs.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Registers documents of its own.</summary>
    void ConfigureStore(StoreOptions store)
    {
    }
}

/// <summary>What somebody wants with a message.</summary>
internal abstract record Interpretation
{
    /// <summary>To report something.</summary>
    /// <param name="Text">What the citizen says, without what only the channel needs.</param>
    /// <param name="Phone">Telephone number, where the channel knows it.</param>
    public sealed record Report(string Text, string? Phone = null) : Interpretation;

    /// <summary>One of the words that every channel of conversations understands.</summary>
    public sealed record Asks(Keywords.Keyword Keyword) : Interpretation;

    /// <summary>It cannot be taken, and its author is told why.</summary>
    /// <param name="Text">What is said, Indonesian and English.</param>
    public sealed record Tell(string Text) : Interpretation;

    /// <summary>Nothing a program can act on: a person must look.</summary>
    public sealed record Unclear(MessageSetAside Why) : Interpretation;
}

/// <summary>The channels there are.</summary>
internal sealed class ChannelList(IEnumerable<IChannel> channels)
{
    private readonly Dictionary<string, IChannel> _channels = channels.ToDictionary(c => c.Code);

    public IReadOnlyCollection<IChannel> All => _channels.Values;

    public IChannel? Find(string code) => _channels.GetValueOrDefault(code);

    /// <summary>The department whose own account has this name; null: it is none of a department's.</summary>
    public string? DepartmentOf(string? account) => account is not null && OfAccount(account) is { Form: var form } ? form.DepartmentOf(account) : null;

    /// <summary>Whose an account of a name is.</summary>
    public (IChannel Channel, AccountForm Form)? OfAccount(string account) =>
        _channels.Values.SelectMany(c => c.Accounts.Select(form => ((IChannel Channel, AccountForm Form)?)(c, form))).FirstOrDefault(f => f!.Value.Form.Name == account || f.Value.Form.DepartmentOf(account) is not null);
}
