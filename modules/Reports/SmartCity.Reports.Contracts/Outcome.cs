namespace SmartCity.Reports.Contracts;

/// <summary>Why a command was refused, in words a person can act on.</summary>
/// <param name="Code">Stable, for programs: <c>place.missing</c>.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
/// <param name="Field">The field of the command at fault, camel case.</param>
/// <param name="Kind">What sort of refusal.</param>
/// <param name="Version">The report's version now, when somebody else was faster or it stands elsewhere.</param>
public sealed record Refusal(string Code, string English, string Indonesian, string? Field = null, RefusalKind Kind = RefusalKind.Invalid, long? Version = null);

/// <summary>What sort of refusal; decides the HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>What was sent cannot be used (400).</summary>
    Invalid,

    /// <summary>It does not exist, or not for this caller (404).</summary>
    NotFound,

    /// <summary>Not now: the report is in another state, or somebody else was faster (409).</summary>
    Conflict,

    /// <summary>Not by this caller (403).</summary>
    Forbidden,

    /// <summary>Too much at once; try again in a moment (503).</summary>
    Busy,
}

/// <summary>What came of a command: a value, or all reasons why not.</summary>
public sealed record Outcome<T>(T? Value, IReadOnlyList<Refusal> Refusals) where T : class
{
    /// <summary>Whether the command was done.</summary>
    public bool IsDone => Refusals.Count == 0;

    /// <summary>Done.</summary>
    public static Outcome<T> Done(T value) => new(value, []);

    /// <summary>Refused.</summary>
    public static Outcome<T> Refused(params IReadOnlyList<Refusal> refusals) => new(null, refusals);
}
