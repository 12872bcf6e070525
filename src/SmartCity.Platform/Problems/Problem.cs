using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;

namespace SmartCity.Platform.Problems;

/// <summary>One thing that is wrong with what was sent.</summary>
/// <param name="Code">Stable, for programs: <c>place.missing</c>.</param>
/// <param name="Detail">A sentence that says what to change.</param>
/// <param name="Field">The field, as the caller spelled it.</param>
public sealed record Fault(string Code, string Detail, string? Field = null);

/// <summary>Problem details (RFC 9457) with a stable <c>code</c> and the fields at fault in <c>errors</c>.</summary>
public static partial class Problem
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
        extensions: new Dictionary<string, object?>(more) { ["code"] = faults[0].Code, ["errors"] = Errors(faults) });

    /// <summary>Says of a request that could not be read at all what is wrong with it.</summary>
    internal static void SayWhatCannotBeRead(ProblemDetailsContext context)
    {
        if (context.Exception is BadHttpRequestException bad)
        {
            var fault = Unreadable(bad);
            context.ProblemDetails.Title = fault.Detail;
            context.ProblemDetails.Extensions["code"] = fault.Code;
            context.ProblemDetails.Extensions["errors"] = Errors([fault]);
        }
    }

    private static object Errors(IReadOnlyList<Fault> faults) => faults.Select(f => new { field = f.Field, code = f.Code, detail = f.Detail }).ToArray();

    private static Fault Unreadable(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => new("body.too_large", "The body is larger than is taken here."),
        { InnerException: JsonException { Path: ['$', '.', .. var field] } } => new("field.malformed", $"'{field}' is not what is expected there.", field),
        { InnerException: JsonException json } => new("body.malformed", $"The body is not the JSON object that is expected here (line {(json.LineNumber ?? 0) + 1})."),
        _ when Parameter().Match(bad.Message) is { Success: true } match => new($"{match.Groups[1].Value}.malformed", $"'{match.Groups[1].Value}' cannot be read.", match.Groups[1].Value),
        _ => new("body.malformed", "A body in JSON is expected here."),
    };

    [GeneratedRegex("^Failed to bind parameter \"[^\"]* ([A-Za-z]+)\"")]
    private static partial Regex Parameter();
}
