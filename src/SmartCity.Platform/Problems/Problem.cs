using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;

namespace SmartCity.Platform.Problems;

/// <summary>One thing that is wrong with what was sent.</summary>
/// <param name="Code">Stable, for programs: <c>place.missing</c>.</param>
/// <param name="Detail">A sentence that says what to change.</param>
/// <param name="Field">The field, as the caller spelled it.</param>
public sealed record Fault(string Code, string Detail, string? Field = null);

/// <summary>Problem details (RFC 9457) with a stable <c>code</c> and the fields at fault in <c>errors</c>.</summary>
public static class Problem
{
    /// <summary>400: what was sent cannot be used.</summary>
    public static IResult BadRequest(params IReadOnlyList<Fault> faults) => From(StatusCodes.Status400BadRequest, faults);

    /// <summary>401: nobody has signed in.</summary>
    public static IResult Unauthorized() => From(StatusCodes.Status401Unauthorized,
        new Fault("access.unknown", "Sign in, or send an API key as 'Authorization: Bearer KEY'."));

    /// <summary>403: signed in, but not allowed.</summary>
    internal static IResult Forbidden(RequiredRoles required) => From(StatusCodes.Status403Forbidden,
        new Fault("access.denied", $"Only for {string.Join(", ", required.Roles.Select(r => r.ToString().ToLowerInvariant()))}" +
            $"{(required.Scope is null ? "" : $" (a key needs the scope {required.Scope})")} of this regency."));

    /// <summary>404: it does not exist, or not for this caller.</summary>
    public static IResult NotFound(string code, string detail, string? field = null) => From(StatusCodes.Status404NotFound, new Fault(code, detail, field));

    /// <summary>409: somebody else was faster.</summary>
    public static IResult Conflict(string code, string detail) => From(StatusCodes.Status409Conflict, new Fault(code, detail));

    /// <summary>Any status.</summary>
    public static IResult From(int status, params IReadOnlyList<Fault> faults) => From(status, faults, new Dictionary<string, object?>());

    /// <summary>Any status, with members of its own.</summary>
    public static IResult From(int status, IReadOnlyList<Fault> faults, IReadOnlyDictionary<string, object?> more) => Results.Problem(
        statusCode: status,
        title: faults.Count == 1 ? faults[0].Detail : $"{faults.Count} things are wrong with the request.",
        extensions: new Dictionary<string, object?>(more)
        {
            ["code"] = faults[0].Code,
            ["errors"] = faults.Select(f => new { field = f.Field, code = f.Code, detail = f.Detail }).ToArray(),
        });
}
