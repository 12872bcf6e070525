namespace SmartCity.Platform.Access;

/// <summary>Who does something: written beside every event.</summary>
/// <param name="Id">Stable and without personal data: <c>staff:dpu</c>, <c>key:portal</c>, <c>citizen</c>, <c>system:routing</c>.</param>
/// <param name="Role">In which role.</param>
/// <param name="Regency">The only regency in which the role holds; null for the platform's own parts and operators.</param>
/// <param name="Department">The officer's department code.</param>
public sealed record Actor(string Id, Role Role, string? Regency = null, string? Department = null)
{
    private const string SystemPrefix = "system:";

    /// <summary>Somebody who has not signed in.</summary>
    public static Actor Citizen { get; } = new("citizen", Role.Citizen);

    /// <summary>A part of the platform itself, such as the routing of new reports.</summary>
    public static Actor System(string part) => new($"{SystemPrefix}{part}", Role.Operator);

    /// <summary>Whether an actor's id, as it stands in the history, is that of a part of the platform.</summary>
    public static bool IsSystem(string? id) => id?.StartsWith(SystemPrefix, StringComparison.Ordinal) == true;

    /// <summary>Whether the actor holds one of the roles in a regency.</summary>
    public bool Is(string regency, params ReadOnlySpan<Role> roles) => roles.Contains(Role) && (Regency is null || Regency == regency);
}

/// <summary>Who calls and why, for the length of one request or one handled event. Scoped.</summary>
public sealed class CallContext
{
    /// <summary>Who.</summary>
    public Actor Actor { get; set; } = Actor.Citizen;

    /// <summary>For whom, when that is somebody else: a desk officer files for a caller, an integrator for its user.</summary>
    public string? OnBehalfOf { get; set; }

    /// <summary>Shared by everything that follows from one request: the trace id, unless the caller gave one.</summary>
    public string CorrelationId { get; set; } = Guid.CreateVersion7().ToString("N");

    /// <summary>The event or request that led to this.</summary>
    public string? CausationId { get; set; }
}
