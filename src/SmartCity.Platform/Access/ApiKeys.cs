using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Marten;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Access;

/// <summary>Looks up integrators' keys. A key that was found is remembered for seconds; a revoked one stops within that time.</summary>
public sealed class ApiKeys(IDocumentStore store, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string Regency, string Hash), (ApiKey Key, DateTimeOffset Until)> _recent = new();

    /// <summary>The principal of a key's secret in a regency, or null when it is unknown there or revoked.</summary>
    public async ValueTask<ClaimsPrincipal?> Find(Regency regency, string secret, CancellationToken cancel)
    {
        var hash = ApiKey.Hash(secret);
        var now = time.GetUtcNow();
        if (!_recent.TryGetValue((regency.Id, hash), out var found) || found.Until < now)
        {
            await using var session = store.QuerySession(regency.Code.TenantId);
            if (await session.LoadAsync<ApiKey>(hash, cancel) is not { } key || key.RevokedAt <= now)
            {
                _recent.TryRemove((regency.Id, hash), out _);
                return null;
            }

            found = (key, now + Remembered);
            _recent[(regency.Id, hash)] = found;
        }

        return Claims.Principal(new Actor($"key:{found.Key.Name}", Role.Integrator, regency.Id), ApiKeyAuthentication.Scheme, found.Key.Name, scopes: found.Key.Scopes);
    }

    /// <summary>Whether the regency has the key, also a revoked one.</summary>
    public async Task<bool> Has(RegencyCode regency, string secret, CancellationToken cancel)
    {
        await using var session = store.QuerySession(regency.TenantId);
        return await session.LoadAsync<ApiKey>(ApiKey.Hash(secret), cancel) is not null;
    }

    /// <summary>Adds or replaces a key.</summary>
    public async Task Save(RegencyCode regency, ApiKey key, CancellationToken cancel)
    {
        await using var session = store.LightweightSession(regency.TenantId);
        session.Store(key);
        await session.SaveChangesAsync(cancel);
    }
}

/// <summary>Signs a caller in who sends <c>Authorization: Bearer KEY</c> to a route of a regency.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiKeys keys, RegencyRegistry regencies)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public new const string Scheme = "ApiKey";
    private const string Prefix = "Bearer ";

    public static bool IsSentIn(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var scope = Context.GetEndpoint()?.Metadata.GetMetadata<RegencyScope>();
        if (!IsSentIn(Request) || scope?.RouteValue is null ||
            !RegencyCode.TryParse(Context.GetRouteValue(scope.RouteValue) as string, out var code) ||
            await regencies.Find(code, Context.RequestAborted) is not { } regency)
        {
            return AuthenticateResult.NoResult();
        }

        var secret = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        return await keys.Find(regency, secret, Context.RequestAborted) is { } principal
            ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme))
            : AuthenticateResult.Fail("Unknown API key.");
    }
}
