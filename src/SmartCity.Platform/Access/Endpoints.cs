using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Access;

/// <summary>Says of an endpoint how it finds its regency. Every endpoint has one; a test proves it.</summary>
/// <param name="RouteValue">The route value that carries the code, or null when the endpoint has none.</param>
/// <param name="Why">Why it has none, or how it finds it otherwise.</param>
public sealed record RegencyScope(string? RouteValue, string? Why = null);

/// <summary>The only roles that an endpoint serves.</summary>
public sealed record RequiredRoles(IReadOnlyList<Role> Roles, string? Scope = null);

/// <summary>An endpoint that is sent something and changes nothing of a regency, so that an auditor may call it too.</summary>
public sealed record OpenToAuditors(string Why);

/// <summary>How endpoints say whose they are and who may call them.</summary>
public static class EndpointAccess
{
    /// <summary>Routes of the native API below <c>/api/v1/regencies/{code}/</c>.</summary>
    public static RouteGroupBuilder MapRegencyApi(this IEndpointRouteBuilder app, string prefix = "") =>
        app.MapGroup("/api/v1/regencies/{code}" + prefix).InRegency();

    /// <summary>The endpoint works in the regency whose code is in the route.</summary>
    public static T InRegency<T>(this T endpoint, string routeValue = "code") where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RegencyScope(routeValue));

    /// <summary>The endpoint finds its regency in another way, or touches no regency's data.</summary>
    public static T OutsideRegencies<T>(this T endpoint, string why) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RegencyScope(null, why));

    /// <summary>Only for these roles, in the regency of the route; others get 401 or 403.</summary>
    public static T RequireRole<T>(this T endpoint, params Role[] roles) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredRoles(roles));

    /// <summary>As <see cref="RequireRole{T}"/>, and an integrator's key needs the scope.</summary>
    public static T RequireScope<T>(this T endpoint, string scope, params Role[] roles) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredRoles([.. roles, Role.Integrator], scope));

    /// <summary>Whoever has signed in as an auditor may send nothing anywhere (<see cref="AccessMiddleware"/>), but here.</summary>
    public static T OpenToAuditors<T>(this T endpoint, string why) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new OpenToAuditors(why));

    /// <summary>The regency that the request is about.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is not <see cref="InRegency{T}"/>.</exception>
    public static Regency Regency(this HttpContext http) => http.Features.Get<Regency>()
        ?? throw new InvalidOperationException("This endpoint is not in a regency.");

    /// <summary>Puts the request into a regency that was found other than by its route.</summary>
    public static void Enter(this HttpContext http, Regency regency) => http.Features.Set(regency);

    /// <summary>The signed-in actor, or a citizen.</summary>
    public static Actor Actor(this HttpContext http) => Claims.Actor(http.User);
}
