using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Marten;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Personal;

/// <summary>The key of one person's data. Erasing a person destroys the key; the events that hold the sealed data stay.</summary>
public sealed record PersonalKey
{
    /// <summary>The person's id, which says nothing about the person.</summary>
    public required string Id { get; init; }

    /// <summary>The key, wrapped by the platform's master key; null when destroyed.</summary>
    public byte[]? Wrapped { get; init; }

    /// <summary>When the key was destroyed.</summary>
    public DateTimeOffset? DestroyedAt { get; init; }
}

/// <summary>
/// Seals what identifies a person with a key of that person (AES-256-GCM), so that it can be forgotten without touching
/// history (UU 27/2022 art. 43, 44). A sealed value is text, <c>s1.PERSON.BYTES</c>, and can stand anywhere.
/// </summary>
public sealed class PersonalData
{
    private const int NonceSize = 12, TagSize = 16, KeySize = 32;
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
    /// The id of whoever is known by an identity such as <c>x:5005</c> or <c>tel:+62…</c> in a regency: always the same, and of no
    /// use to find the identity without the master key.
    /// </summary>
    public string PersonId(string regency, string identity) =>
        "p" + Convert.ToHexStringLower(HMACSHA256.HashData(Derive($"person id {regency}"), Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));

    /// <summary>The id of somebody of whom nothing is known.</summary>
    public static string UnknownPersonId() => "p" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A new key for a person; store the document in the same transaction as what it seals.</summary>
    public (PersonalKey Document, PersonSeal Seal) NewKey(string person)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        return (new PersonalKey { Id = person, Wrapped = Encrypt(_wrapping, key, person) }, new PersonSeal(person, key));
    }

    /// <summary>The seal of a stored key, or null when it was destroyed.</summary>
    public PersonSeal? SealOf(PersonalKey key) => key.Wrapped is { } wrapped ? new PersonSeal(key.Id, Decrypt(_wrapping, wrapped, key.Id)) : null;

    /// <summary>A seal for a person: with the stored key, or with a new one that <paramref name="session"/> will store.</summary>
    /// <exception cref="InvalidOperationException">The person was erased.</exception>
    public async Task<PersonSeal> SealFor(IDocumentSession session, string person, CancellationToken cancel)
    {
        if (await session.LoadAsync<PersonalKey>(person, cancel) is { } known)
        {
            return SealOf(known) ?? throw new InvalidOperationException("The person's data was erased.");
        }

        var (document, seal) = NewKey(person);
        session.Insert(document);
        return seal;
    }

    /// <summary>Loads what is needed to open these sealed values in one query.</summary>
    public async Task<PersonalReader> Reader(IQuerySession session, IEnumerable<string?> sealedValues, CancellationToken cancel)
    {
        var people = sealedValues.Select(PersonSeal.PersonOf).OfType<string>().Distinct().ToArray();
        var keys = people.Length == 0 ? [] : await session.LoadManyAsync<PersonalKey>(cancel, people);
        return new PersonalReader(keys.Select(SealOf).OfType<PersonSeal>().ToDictionary(seal => seal.Person));
    }

    internal static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain, string bound)
    {
        var result = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(result.AsSpan(0, NonceSize), plain, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(bound));
        return result;
    }

    internal static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> bytes, string bound)
    {
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(bytes[..NonceSize], bytes[(NonceSize + TagSize)..], bytes.Slice(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(bound));
        return plain;
    }

    private byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, KeySize, info: Encoding.UTF8.GetBytes(purpose));
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
        value is null ? null : $"{Mark}{Person}.{Base64Url.EncodeToString(PersonalData.Encrypt(_key, Encoding.UTF8.GetBytes(value), Person))}";

    internal string Open(string value) =>
        Encoding.UTF8.GetString(PersonalData.Decrypt(_key, Base64Url.DecodeFromChars(value.AsSpan(value.LastIndexOf('.') + 1)), Person));

    internal static string? PersonOf(string? value) =>
        value is not null && value.StartsWith(Mark, StringComparison.Ordinal) && value.IndexOf('.', Mark.Length) is > 0 and var end ? value[Mark.Length..end] : null;
}

/// <summary>Opens sealed values with the keys it was given.</summary>
public sealed class PersonalReader(IReadOnlyDictionary<string, PersonSeal> seals)
{
    /// <summary>What stands for a value whose key was destroyed.</summary>
    public const string Erased = "[dihapus / erased]";

    /// <summary>The value in the clear; <see cref="Erased"/> when its key is gone; a value that was never sealed stays as it is.</summary>
    public string? Open(string? value) => PersonSeal.PersonOf(value) is not { } person ? value :
        seals.TryGetValue(person, out var seal) ? seal.Open(value!) : Erased;
}

/// <summary>Keys of many people at once.</summary>
public static class PersonalKeyRows
{
    /// <summary>Adds new keys to what <paramref name="session"/> will save, all in one statement.</summary>
    public static void InsertKeys(this IDocumentSession session, IReadOnlyList<PersonalKey> keys) =>
        session.InsertMany("platform.mt_doc_personalkey", [.. keys.Select(key => (key.Id, key))]);
}
