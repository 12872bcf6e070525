using System.Text.RegularExpressions;

namespace SmartCity.Platform.Personal;

/// <summary>What may be shown to everybody of a text that a citizen wrote.</summary>
public static partial class PublicText
{
    /// <summary>Masks e-mail addresses, telephone numbers and identity numbers (NIK, 16 digits).</summary>
    public static string Mask(string text) => Numbers().Replace(Email().Replace(text, "[e-mail]"), static found =>
    {
        var digits = found.Value.Count(char.IsAsciiDigit);
        return digits == 16 ? "[NIK]" : digits is >= 9 and <= 15 && !Ticket().IsMatch(found.Value) ? "[telepon]" : found.Value;
    });

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+")]
    private static partial Regex Email();

    // A report's number is public, and long enough to look like a telephone's.
    [GeneratedRegex(@"^20\d\d-\d{6,}$")]
    private static partial Regex Ticket();

    // Digits may be grouped: 0812-3456-7890, +62 812 3456 7890, 3328 0101 0180 0001.
    [GeneratedRegex(@"(?<![\w])\+?\(?\d(?:[ .()-]?\d){8,17}(?![\w])")]
    private static partial Regex Numbers();
}
