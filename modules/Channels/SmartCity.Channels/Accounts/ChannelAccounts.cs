using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Accounts;

/// <summary>What an operator enters of an account at a provider.</summary>
/// <param name="Name">Of the account in addresses: <c>sms-kannel</c>.</param>
internal sealed record AccountForm(string Name, params IReadOnlyList<AccountSetting> Settings)
{
    /// <summary>What a department's own account takes, besides the regency's; it is named <c>x.DPU</c>. Empty: departments have none of their own.</summary>
    public IReadOnlyList<AccountSetting> OfDepartment { get; init; } = [];

    /// <summary>Name of a department's own account.</summary>
    public string Of(string department) => $"{Name}.{department}";

    /// <summary>What the account of this name takes.</summary>
    public IReadOnlyList<AccountSetting> SettingsOf(string account) => account == Name ? Settings : OfDepartment;

    /// <summary>The department whose account has this name; null: it is none of this form.</summary>
    public string? DepartmentOf(string account) =>
        OfDepartment.Count > 0 && account.StartsWith($"{Name}.", StringComparison.Ordinal) ? account[(Name.Length + 1)..] : null;
}

/// <summary>One value of an account.</summary>
/// <param name="Help">What it must be, for whoever entered it wrong.</param>
/// <param name="IsSecret">Never shown again.</param>
/// <param name="IsAddress">An absolute http or https address.</param>
internal sealed record AccountSetting(string Name, string Help, bool IsSecret = false, bool IsRequired = true, bool IsAddress = false);

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
    private const int NonceSize = 12, TagSize = 16;

    public byte[] Seal(string regency, string name, IReadOnlyDictionary<string, string> settings)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(settings);
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(Key(regency), TagSize);
        aes.Encrypt(bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(name));
        return bytes;
    }

    /// <exception cref="CryptographicException">It was sealed for another regency or name.</exception>
    public IReadOnlyDictionary<string, string> Open(string regency, ChannelAccount account)
    {
        var bytes = account.Sealed;
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(Key(regency), TagSize);
        aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(account.Id));
        return JsonSerializer.Deserialize<Dictionary<string, string>>(plain)!;
    }

    private byte[] Key(string regency) => HKDF.DeriveKey(HashAlgorithmName.SHA256, options.MasterKey, 32, info: Encoding.UTF8.GetBytes($"channel accounts {regency}"));
}
