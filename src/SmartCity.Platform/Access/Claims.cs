using System.Security.Claims;

namespace SmartCity.Platform.Access;

/// <summary>Between a <see cref="ClaimsPrincipal"/> and an <see cref="Access.Actor"/>.</summary>
public static class Claims
{
    internal const string Id = "sub", Name = "name", RoleName = "role", Regency = "regency", Department = "department", Scope = "scope", Stamp = "stamp";

    /// <summary>The actor that the principal stands for; a citizen when nobody signed in.</summary>
    public static Actor Actor(ClaimsPrincipal? user) =>
        user?.Identity?.IsAuthenticated == true && Enum.TryParse<Role>(user.FindFirstValue(RoleName), out var role)
            ? new Actor(user.FindFirstValue(Id) ?? "staff", role, user.FindFirstValue(Regency), user.FindFirstValue(Department))
            : Access.Actor.Citizen;

    /// <summary>Whether an integrator's key carries a scope.</summary>
    public static bool HasScope(this ClaimsPrincipal user, string scope) => user.HasClaim(Scope, scope);

    /// <summary>The principal of an actor.</summary>
    public static ClaimsPrincipal Principal(Actor actor, string scheme, string? name = null, string? stamp = null, IEnumerable<string>? scopes = null)
    {
        var identity = new ClaimsIdentity(scheme, Name, RoleName);
        Add(Id, actor.Id);
        Add(Name, name);
        Add(RoleName, actor.Role.ToString());
        Add(Regency, actor.Regency);
        Add(Department, actor.Department);
        Add(Stamp, stamp);
        foreach (var scope in scopes ?? [])
        {
            Add(Scope, scope);
        }

        return new ClaimsPrincipal(identity);

        void Add(string type, string? value)
        {
            if (value is not null)
            {
                identity.AddClaim(new Claim(type, value));
            }
        }
    }
}
