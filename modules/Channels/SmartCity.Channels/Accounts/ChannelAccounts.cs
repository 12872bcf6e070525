using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;

namespace SmartCity.Channels.Accounts;

/// <summary>What an operator enters of an account at a provider.</summary>
/// <param name="Name">Of the account in addresses: <c>sms-kannel</c>.</param>
internal sealed record AccountForm(string Name, params IReadOnlyList<AccountSetting> Settings)
{
    /// <summary>What a department's own account takes; it is named <c>x.DPU</c>. What is not listed here is as in the regency's. Empty: departments have none of their own.</summary>
    public IReadOnlyList<AccountSetting> OfDepartment { get; init; } = [];

    /// <summary>The setting without which messages only come in; null: every account sends.</summary>
    public string? SendsBy { get; init; }

    /// <summary>Name of a department's own account.</summary>
    public string Of(string department) => $"{Name}.{department}";

    /// <summary>What the account of this name takes.</summary>
    public IReadOnlyList<AccountSetting> SettingsOf(string account) => account == Name ? Settings : OfDepartment;

    /// <summary>The department whose account has this name; null: it is none of this form.</summary>
    public string? DepartmentOf(string account) =>
        OfDepartment.Count > 0 && account.StartsWith($"{Name}.", StringComparison.Ordinal) ? account[(Name.Length + 1)..] : null;

    /// <summary>A department's settings with what they share with the regency's; null: something is missing.</summary>
    public IReadOnlyDictionary<string, string>? OfDepartmentIn(IReadOnlyDictionary<string, string> department, IReadOnlyDictionary<string, string>? regency)
    {
        var all = new Dictionary<string, string>(department);
        foreach (var (name, value) in regency ?? new Dictionary<string, string>())
        {
            if (OfDepartment.FirstOrDefault(s => s.Name == name) is null or { IsShared: true })
            {
                all.TryAdd(name, value);
            }
        }

        return Settings.All(s => !s.IsRequired || all.ContainsKey(s.Name)) ? all : null;
    }
}

/// <summary>One value of an account.</summary>
/// <param name="Help">What it must be, for whoever entered it wrong.</param>
/// <param name="Indonesian">The same in Indonesian, for the form on the page.</param>
/// <param name="IsSecret">Never shown again.</param>
/// <param name="IsAddress">An absolute http or https address.</param>
/// <param name="IsShared">Of a department's: the regency's counts where it is left out.</param>
internal sealed record AccountSetting(string Name, string Help, string? Indonesian = null, bool IsSecret = false, bool IsRequired = true, bool IsAddress = false, bool IsShared = false);

/// <summary>One of a regency's accounts on a channel.</summary>
internal interface IOwnAccount
{
    /// <summary>As an operator knows it: <c>x</c>, or <c>x.DPU</c>, a department's own.</summary>
    string Name { get; }

    /// <summary>Whose it is; null: the regency's.</summary>
    string? Department { get; }

    /// <summary>What a message names that is written to it, besides its name; null: nothing.</summary>
    string? Address { get; }
}

/// <summary>An account with all that is needed to use it.</summary>
internal sealed record OwnAccount(string Name, string? Department, IReadOnlyDictionary<string, string> Settings) : IOwnAccount
{
    public string? Address => null;

    public string this[string setting] => Settings[setting];

    public string? Get(string setting) => Settings.GetValueOrDefault(setting);
}

/// <summary>From which account somebody is answered: a rule without I/O.</summary>
internal static class Answering
{
    /// <summary>
    /// From one that was written to; of several, the answering department's. Where none of them can, from the regency's own.
    /// </summary>
    /// <param name="able">The accounts that can send, the regency's own first.</param>
    /// <param name="addressed">Names or addresses of the accounts that were written to, in order.</param>
    /// <param name="department">Whose answer it is.</param>
    public static T? From<T>(IReadOnlyList<T> able, IEnumerable<string> addressed, string? department) where T : class, IOwnAccount
    {
        var named = addressed.SelectMany(to => able.Where(a => a.Name == to || a.Address == to)).ToArray();
        return named.FirstOrDefault(a => a.Department is not null && a.Department == department) ?? named.FirstOrDefault()
            ?? able.FirstOrDefault(a => a.Department is null) ?? able.FirstOrDefault(a => a.Department == department) ?? able.FirstOrDefault();
    }
}

/// <summary>A regency's account at a provider.</summary>
[NotInEvents("Secrets of accounts at providers; that one was changed, and by whom, is an event (channel-account.changed.v1).")]
internal sealed record ChannelAccount
{
    /// <summary>Name of its form.</summary>
    public required string Id { get; init; }

    /// <summary>Its settings as JSON, sealed with a key of this regency.</summary>
    public required byte[] Sealed { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>The accounts as the senders and webhooks use them. Another host's change is seen within seconds.</summary>
internal sealed class ChannelAccounts(IServiceScopeFactory scopes, AccountSeal seal)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Regency, string Name), (IReadOnlyDictionary<string, string>? Settings, long ReadAt)> _known = new();
    private readonly ConcurrentDictionary<string, (IReadOnlyList<string> Names, long ReadAt)> _names = new();

    /// <summary>The departments that have an account of their own of this form.</summary>
    public async ValueTask<IReadOnlyList<string>> Departments(string regency, AccountForm form, CancellationToken cancel)
    {
        if (!_names.TryGetValue(regency, out var known) || TimeProvider.System.GetElapsedTime(known.ReadAt) >= Freshness)
        {
            await using var scope = scopes.CreateAsyncScope();
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
            known = (await session.Query<ChannelAccount>().Select(a => a.Id).ToListAsync(cancel), TimeProvider.System.GetTimestamp());
            _names[regency] = known;
        }

        return [.. known.Names.Select(form.DepartmentOf).OfType<string>().Order(StringComparer.Ordinal)];
    }

    /// <summary>The settings by name, or null: the regency has no such account.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>?> Find(string regency, string name, CancellationToken cancel)
    {
        if (_known.TryGetValue((regency, name), out var known) && TimeProvider.System.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Settings;
        }

        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        var settings = await session.LoadAsync<ChannelAccount>(name, cancel) is { } account ? seal.Open(regency, account) : null;
        _known[(regency, name)] = (settings, TimeProvider.System.GetTimestamp());
        return settings;
    }

    /// <summary>An account by its name, a department's with what it shares with the regency's; null: there is none, or it is not complete.</summary>
    /// <param name="name">Null: the regency's own.</param>
    public async ValueTask<OwnAccount?> Named(string regency, AccountForm form, string? name, CancellationToken cancel)
    {
        var own = await Find(regency, form.Name, cancel);
        return name is null || name == form.Name ? own is null ? null : new OwnAccount(form.Name, null, own)
            : form.DepartmentOf(name) is { } department && await Find(regency, name, cancel) is { } settings && form.OfDepartmentIn(settings, own) is { } all
                ? new OwnAccount(name, department, all) : null;
    }

    /// <summary>An account's own settings with what it shares with the regency's, as far as there is any.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> Whole(string regency, AccountForm form, string name, IReadOnlyDictionary<string, string> own, CancellationToken cancel) =>
        form.DepartmentOf(name) is not null && form.OfDepartmentIn(own, await Find(regency, form.Name, cancel)) is { } whole ? whole : own;

    /// <summary>The accounts of these forms: of each the regency's own, then the departments'.</summary>
    public async ValueTask<IReadOnlyList<OwnAccount>> All(string regency, IEnumerable<AccountForm> forms, CancellationToken cancel)
    {
        var all = new List<OwnAccount>();
        foreach (var form in forms)
        {
            foreach (var name in (await Departments(regency, form, cancel)).Select(form.Of).Prepend(form.Name))
            {
                if (await Named(regency, form, name, cancel) is { } account)
                {
                    all.Add(account);
                }
            }
        }

        return all;
    }

    /// <summary>Those that messages can leave from.</summary>
    public async ValueTask<IReadOnlyList<OwnAccount>> Able(string regency, IReadOnlyList<AccountForm> forms, CancellationToken cancel) =>
        [.. (await All(regency, forms, cancel)).Where(a => forms.First(f => f.Name == a.Name || f.DepartmentOf(a.Name) is not null).SendsBy is not { } needed || a.Settings.ContainsKey(needed))];

    /// <summary>The settings as they were read last, or null: there are none, or nobody has asked yet.</summary>
    public IReadOnlyDictionary<string, string>? Known(string regency, string name) => _known.GetValueOrDefault((regency, name)).Settings;

    public void Forget(string regency, string name)
    {
        _known.TryRemove((regency, name), out _);
        _names.TryRemove(regency, out _);
    }
}

/// <summary>Seals accounts with a key that is derived for each regency from the master key, bound to the account's name: what is copied elsewhere does not open.</summary>
internal sealed class AccountSeal(PlatformOptions options)
{
    public byte[] Seal(string regency, string name, IReadOnlyDictionary<string, string> settings) => Sealing.Seal(Key(regency), JsonSerializer.SerializeToUtf8Bytes(settings), name);

    /// <exception cref="CryptographicException">It was sealed for another regency or name.</exception>
    public IReadOnlyDictionary<string, string> Open(string regency, ChannelAccount account) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Sealing.Open(Key(regency), account.Sealed, account.Id))!;

    private byte[] Key(string regency) => Sealing.Key(options.MasterKey, $"channel accounts {regency}");
}
