using Microsoft.AspNetCore.Identity;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Access;

/// <summary>A local account of somebody who works here. Kept in the regency it belongs to (operators: in the platform's own place).</summary>
[NotInEvents("Accounts with hashes of passwords: secrets, kept beside the events.")]
public sealed record StaffAccount
{
    /// <summary>Wrong passwords in a row before the account is locked.</summary>
    public const int Attempts = 5;

    /// <summary>How long a locked account stays locked.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Sign-in name, lower case.</summary>
    public required string Id { get; init; }

    /// <summary>As shown to colleagues.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The role.</summary>
    public required Role Role { get; init; }

    /// <summary>Department code of an officer.</summary>
    public string? Department { get; init; }

    /// <summary>PBKDF2 by ASP.NET Core Identity's hasher.</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary>Wrong passwords since the last right one.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Refused until then, whatever the password.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Changed with the password; a cookie of an older one is refused.</summary>
    public string Stamp { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The same account with another password.</summary>
    public StaffAccount WithPassword(string password) => this with
    {
        PasswordHash = Hasher.HashPassword(this, password),
        Stamp = Guid.NewGuid().ToString("N"),
        FailedAttempts = 0,
        LockedUntil = null,
    };

    /// <summary>Tries a password.</summary>
    /// <returns>Whether it opens the account, and the account as it is to be stored after the try.</returns>
    public (bool Opens, StaffAccount After) Try(string password, DateTimeOffset now)
    {
        if (LockedUntil > now)
        {
            return (false, this);
        }

        return Hasher.VerifyHashedPassword(this, PasswordHash, password) switch
        {
            PasswordVerificationResult.Failed when FailedAttempts + 1 >= Attempts => (false, this with { FailedAttempts = 0, LockedUntil = now + LockedFor }),
            PasswordVerificationResult.Failed => (false, this with { FailedAttempts = FailedAttempts + 1 }),
            _ => (true, this with { FailedAttempts = 0, LockedUntil = null }),
        };
    }

    private static PasswordHasher<StaffAccount> Hasher { get; } = new();
}
