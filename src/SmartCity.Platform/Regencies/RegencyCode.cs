using System.Text.RegularExpressions;

namespace SmartCity.Platform.Regencies;

/// <summary>The Kemendagri code of a regency or city, such as <c>33.28</c>: the tenant of everything.</summary>
public readonly partial record struct RegencyCode
{
    private RegencyCode(string value) => Value = value;

    /// <summary>
    /// Not a regency: where the platform keeps what belongs to no regency (the list of regencies, operators' accounts).
    /// </summary>
    public static RegencyCode Platform { get; } = new("platform");

    /// <summary>The code with its dot.</summary>
    public string Value { get; }

    /// <summary>The store's tenant id: it names partitions and sequences, so it has no dot.</summary>
    public string TenantId => Value.Replace('.', '_');

    /// <summary>Reads a code of two digits, a dot, two digits (province, regency).</summary>
    public static bool TryParse(string? text, out RegencyCode code)
    {
        var ok = text is not null && Pattern().IsMatch(text);
        code = ok ? new RegencyCode(text!) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">The text is no code.</exception>
    public static RegencyCode Parse(string text) => text == Platform.Value ? Platform :
        TryParse(text, out var code) ? code : throw new FormatException($"'{text}' is no regency code; one looks like 33.28.");

    /// <summary>The code of a store's tenant id.</summary>
    public static RegencyCode OfTenant(string tenantId) => Parse(tenantId.Replace('_', '.'));

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"^[1-9][0-9]\.[0-9]{2}$")]
    private static partial Regex Pattern();
}
