using System.Security.Claims;
using Marten;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Access;

/// <summary>Local accounts: signing in with name and password, and what makes and changes them.</summary>
public sealed class StaffSignIn(IDocumentStore store, TimeProvider time)
{
    // Verified against when the name is unknown, so that the answer takes as long as for a known name.
    private static readonly StaffAccount Nobody = new StaffAccount { Id = "-", DisplayName = "-", Role = Role.Citizen }.WithPassword(Guid.NewGuid().ToString());

    /// <summary>The principal of an account of the regency (or of an operator), or null when name or password is wrong or the account is locked.</summary>
    /// <param name="regency">Null: operators only.</param>
    public async Task<ClaimsPrincipal?> Try(Regency? regency, string name, string password, CancellationToken cancel)
    {
        foreach (var place in regency is null ? [RegencyCode.Platform] : new[] { regency.Code, RegencyCode.Platform })
        {
            await using var session = store.LightweightSession(place.TenantId);
            if (await session.LoadAsync<StaffAccount>(name.Trim().ToLowerInvariant(), cancel) is not { } account)
            {
                continue;
            }

            var (opens, after) = account.Try(password, time.GetUtcNow());
            if (after != account)
            {
                session.Store(after);
                await session.SaveChangesAsync(cancel);
            }

            return opens ? Principal(account, place) : null;
        }

        Nobody.Try(password, time.GetUtcNow());
        return null;
    }

    /// <summary>Whether there is such an account.</summary>
    /// <param name="place">The regency, or <see cref="RegencyCode.Platform"/> for an operator.</param>
    public async Task<bool> Has(RegencyCode place, string name, CancellationToken cancel)
    {
        await using var session = store.QuerySession(place.TenantId);
        return await session.LoadAsync<StaffAccount>(name, cancel) is not null;
    }

    /// <summary>Officers of a department who have an account here, by name. Whoever signs in elsewhere (OpenID Connect) has none.</summary>
    public async Task<IReadOnlyList<StaffName>> Officers(RegencyCode place, string department, CancellationToken cancel)
    {
        await using var session = store.QuerySession(place.TenantId);
        var officers = await session.Query<StaffAccount>().Where(a => a.Role == Role.Officer && a.Department == department).ToListAsync(cancel);
        return [.. officers.Select(a => new StaffName(a.Id, a.DisplayName)).OrderBy(a => a.DisplayName, StringComparer.CurrentCulture)];
    }

    /// <summary>Adds or replaces an account.</summary>
    /// <param name="place">The regency, or <see cref="RegencyCode.Platform"/> for an operator.</param>
    public async Task Save(RegencyCode place, StaffAccount account, CancellationToken cancel)
    {
        await using var session = store.LightweightSession(place.TenantId);
        session.Store(account);
        await session.SaveChangesAsync(cancel);
    }

    internal async Task Validate(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirstValue(Claims.Stamp) is not { } stamp)
        {
            return; // Signed in elsewhere (OpenID Connect): the session's length is the limit.
        }

        var actor = Claims.Actor(context.Principal);
        await using var session = store.QuerySession(RegencyCode.Parse(actor.Regency ?? RegencyCode.Platform.Value).TenantId);
        var account = await session.LoadAsync<StaffAccount>(actor.Id["staff:".Length..], context.HttpContext.RequestAborted);
        if (account?.Stamp == stamp && account.Role == actor.Role && account.Department is not null && actor.Department is not null && account.Department != actor.Department)
        {
            // The account is another department's now, as after a merger: whoever is signed in goes on there.
            context.ReplacePrincipal(Principal(account, RegencyCode.Parse(actor.Regency ?? RegencyCode.Platform.Value)));
            context.ShouldRenew = true;
        }
        else if (account?.Stamp != stamp || account.Role != actor.Role || account.Department != actor.Department)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }

    private static ClaimsPrincipal Principal(StaffAccount account, RegencyCode place) => Claims.Principal(
        new Actor($"staff:{account.Id}", account.Role, place == RegencyCode.Platform ? null : place.Value, account.Department),
        CookieAuthenticationDefaults.AuthenticationScheme, account.DisplayName, account.Stamp);
}

/// <summary>What colleagues know of an account.</summary>
/// <param name="Name">Sign-in name.</param>
/// <param name="DisplayName">As shown to colleagues.</param>
public sealed record StaffName(string Name, string DisplayName);
