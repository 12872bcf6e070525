namespace SmartCity.Accountability.Contracts;

/// <summary>Why something was not done, in words a person can act on.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Kind">What sort.</param>
public sealed record Denial(string Code, string English, string Indonesian, string? Field = null, DenialKind Kind = DenialKind.Invalid);

/// <summary>What sort of denial; decides the HTTP status.</summary>
public enum DenialKind
{
    /// <summary>What was sent cannot be used (400).</summary>
    Invalid,

    /// <summary>It does not exist, or not for this caller (404).</summary>
    NotFound,

    /// <summary>Not by this caller (403).</summary>
    Forbidden,

    /// <summary>Not now (409).</summary>
    Conflict,
}

/// <summary>What came of a command: how it stands now, or why not.</summary>
public sealed record Decided<T>(T? Value, Denial? Denial) where T : class
{
    /// <summary>Done.</summary>
    public static Decided<T> Done(T value) => new(value, null);

    /// <summary>Denied.</summary>
    public static Decided<T> Denied(Denial denial) => new(null, denial);
}
