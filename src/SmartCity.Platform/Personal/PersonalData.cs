using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Marten;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Personal;

/// <summary>
/// Seals what identifies a person with a key of that person (AES-256-GCM), so that it can be forgotten without touching
/// history (UU 27/2022 art. 43, 44). A sealed value is text, <c>s1.PERSON.BYTES</c>, and can stand anywhere.
/// </summary>
public sealed class PersonalData
{
    private const int KeySize = 32;
    private readonly byte[] _wrapping;
    private readonly byte[] _master;

    /// <summary>Works with a master key of 32 bytes that is kept outside the database.</summary>
    public PersonalData(byte[] master)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(master.Length, KeySize);
        _master = master;
        _wrapping = Derive("wrap personal keys");
    }

    /// <summary>
    /// A keyed hash of a text in a regency: always the same, and of no use to find the text without the master key. Stands where what
    /// others call a person or a message must be found again but not be known.
    /// </summary>
    public string PersonId(string regency, string text) =>
        "p" + Convert.ToHexStringLower(HMACSHA256.HashData(Derive($"person id {regency}"), Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>The id of a new key.</summary>
    public static string UnknownPersonId() => "p" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A new key; store the document in the same transaction as what it seals.</summary>
    public (PersonalKey Document, PersonSeal Seal) NewKey(string id)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        return (new PersonalKey { Id = id, Wrapped = Sealing.Seal(_wrapping, key, id) }, new PersonSeal(id, key));
    }

    /// <summary>A seal for what somebody says in a stream, with a new key that <paramref name="session"/> will store.</summary>
    /// <param name="stream">A ticket, or a message.</param>
    /// <param name="who">How the person can be found again.</param>
    /// <param name="origin">The message that a report is made of.</param>
    public PersonSeal NewSeal(IDocumentSession session, string regency, string stream, PersonIdentity who, DateTimeOffset now, string? origin = null)
    {
        var (document, seal) = NewKey(regency, stream, who, now, origin);
        session.Insert(document);
        return seal;
    }

    /// <summary>As <see cref="NewSeal"/>, with the key for the caller to store.</summary>
    public (PersonalKey Document, PersonSeal Seal) NewKey(string regency, string stream, PersonIdentity who, DateTimeOffset now, string? origin = null)
    {
        var (document, seal) = NewKey(UnknownPersonId());
        return (Named(document, regency, who) with { Stream = stream, Origin = origin, CreatedAt = now.ToUniversalTime() }, seal);
    }

    /// <summary>The keyed hashes by which somebody's keys are found.</summary>
    public PersonalKey Named(PersonalKey key, string regency, PersonIdentity who) => key with
    {
        Account = who.AccountName is { } account ? PersonId(regency, account) : null,
        Email = who.EmailName is { } email ? PersonId(regency, email) : null,
        Phone = who.PhoneName is { } phone ? PersonId(regency, phone) : null,
    };

    /// <summary>Whether a key is of somebody who is known by any of these.</summary>
    public bool IsOf(PersonalKey key, string regency, PersonIdentity who)
    {
        var named = Named(new PersonalKey { Id = "" }, regency, who);
        return (named.Account is not null && named.Account == key.Account) || (named.Email is not null && named.Email == key.Email) || (named.Phone is not null && named.Phone == key.Phone);
    }

    /// <summary>The seal of a stored key, or null when it was destroyed.</summary>
    public PersonSeal? SealOf(PersonalKey key) => key.Wrapped is { } wrapped ? new PersonSeal(key.Id, Sealing.Open(_wrapping, wrapped, key.Id)) : null;

    /// <summary>
    /// A seal with a stored key, or with a new one that <paramref name="session"/> will store when there is none or it was destroyed:
    /// what is said after an erasure is somebody new's.
    /// </summary>
    /// <param name="id">The key's id; <see cref="PersonSeal.Person"/> says which it became.</param>
    public async Task<PersonSeal> SealFor(IDocumentSession session, string id, CancellationToken cancel)
    {
        var known = await session.LoadAsync<PersonalKey>(id, cancel);
        if (known is not null && SealOf(known) is { } open)
        {
            return open;
        }

        var (document, seal) = NewKey(known is null ? id : UnknownPersonId());
        session.Insert(document with { Stream = known?.Stream, CreatedAt = known?.CreatedAt });
        return seal;
    }

    /// <summary>Loads what is needed to open these sealed values in one query.</summary>
    public async Task<PersonalReader> Reader(IQuerySession session, IEnumerable<string?> sealedValues, CancellationToken cancel)
    {
        var people = sealedValues.Select(PersonSeal.PersonOf).OfType<string>().Distinct().ToArray();
        var keys = people.Length == 0 ? [] : await session.LoadManyAsync<PersonalKey>(cancel, people);
        return ReaderOf(keys);
    }

    /// <summary>Opens what these keys seal.</summary>
    internal PersonalReader ReaderOf(IEnumerable<PersonalKey> keys)
    {
        var (seals, erased) = (new Dictionary<string, PersonSeal>(), new Dictionary<string, PersonalKey>());
        foreach (var key in keys)
        {
            if (SealOf(key) is { } seal)
            {
                seals[key.Id] = seal;
            }
            else
            {
                erased[key.Id] = key;
            }
        }

        return new PersonalReader(seals, erased);
    }

    private byte[] Derive(string purpose) => Sealing.Key(_master, purpose);
}

/// <summary>Seals and opens one person's values.</summary>
public sealed class PersonSeal
{
    private const string Mark = "s1.";
    private readonly byte[] _key;

    internal PersonSeal(string person, byte[] key) => (Person, _key) = (person, key);

    /// <summary>Whose.</summary>
    public string Person { get; }

    /// <summary>Seals a value; null stays null.</summary>
    public string? Seal(string? value) =>
        value is null ? null : $"{Mark}{Person}.{Base64Url.EncodeToString(Sealing.Seal(_key, Encoding.UTF8.GetBytes(value), Person))}";

    internal string Open(string value) =>
        Encoding.UTF8.GetString(Sealing.Open(_key, Base64Url.DecodeFromChars(value.AsSpan(value.LastIndexOf('.') + 1)), Person));

    internal static string? PersonOf(string? value) =>
        value is not null && value.StartsWith(Mark, StringComparison.Ordinal) && value.IndexOf('.', Mark.Length) is > 0 and var end ? value[Mark.Length..end] : null;
}

/// <summary>Opens sealed values with the keys it was given.</summary>
/// <param name="seals">By key id.</param>
/// <param name="erased">Keys that were destroyed, by id.</param>
public sealed class PersonalReader(IReadOnlyDictionary<string, PersonSeal> seals, IReadOnlyDictionary<string, PersonalKey>? erased = null)
{
    /// <summary>What stands for a value whose key was destroyed.</summary>
    public const string Erased = "[dihapus / erased]";

    /// <summary>The value in the clear; <see cref="Erased"/> when its key is gone; a value that was never sealed stays as it is.</summary>
    public string? Open(string? value) => PersonSeal.PersonOf(value) is not { } person ? value :
        seals.TryGetValue(person, out var seal) ? seal.Open(value!) : Erased;

    /// <summary>Whether there is a key for a value; it is not sealed, or can be opened.</summary>
    public bool CanOpen(string? value) => PersonSeal.PersonOf(value) is not { } person || seals.ContainsKey(person);

    /// <summary>Something that stands for all that a key seals, to ask for a reader of it.</summary>
    public static string? Of(string? key) => key is null ? null : $"s1.{key}.";

    /// <summary>Whether there is such a key, or was.</summary>
    public bool Knows(string key) => seals.ContainsKey(key) || erased?.ContainsKey(key) == true;

    /// <summary>What is left of a key that was destroyed: when, by whom and why.</summary>
    public PersonalKey? ErasureOf(string key) => erased?.GetValueOrDefault(key);
}

/// <summary>Keys of many people at once.</summary>
public static class PersonalKeyRows
{
    /// <summary>Adds new keys to what <paramref name="rows"/> will commit, all in one statement.</summary>
    public static void InsertKeys(this NewRows rows, IReadOnlyList<PersonalKey> keys) =>
        rows.Insert(
            "platform.mt_doc_personalkey", [.. keys.Select(key => (key.Id, key))],
            ("stream", Column(keys, k => k.Stream)), ("origin", Column(keys, k => k.Origin)), ("account", Column(keys, k => k.Account)),
            ("email", Column(keys, k => k.Email)), ("phone", Column(keys, k => k.Phone)), ("created_at", Column(keys, k => k.CreatedAt ?? throw new ArgumentException("A key says when it was made.", nameof(keys)))));

    private static T[] Column<T>(IReadOnlyList<PersonalKey> keys, Func<PersonalKey, T> of) => [.. keys.Select(of)];
}
