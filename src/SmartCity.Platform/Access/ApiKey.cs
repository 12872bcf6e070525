using System.Security.Cryptography;
using System.Text;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Access;

/// <summary>A key of an integrator in one regency. Only its hash is stored.</summary>
[NotInEvents("Hashes of integrators' keys: secrets, kept beside the events.")]
public sealed record ApiKey
{
    /// <summary>SHA-256 of the secret, hexadecimal. The secret is random, so a slow hash would add nothing.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is; part of the actor's id.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: see <see cref="Scopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Refused from then on.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The hash under which a secret is looked up.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>A new secret of 192 random bits.</summary>
    public static string NewSecret() => "sc_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}

/// <summary>What a key may be allowed to do.</summary>
public static class Scopes
{
    /// <summary>File reports.</summary>
    public const string Write = "reports:write";

    /// <summary>Read what is public, and the states of all reports.</summary>
    public const string Read = "reports:read";

    /// <summary>Have what becomes of public reports sent to an address.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>All scopes there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write, Webhooks];
}
