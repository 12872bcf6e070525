using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartCity.Reports;

/// <summary>
/// Number of a report: year, dash, serial with a check digit at its end: <c>2026-000017</c> is the first of 2026. Digits only, so it can
/// be read over the telephone; the check digit (Damm) finds every wrong digit and every swap of two neighbours.
/// </summary>
internal static partial class Ticket
{
    private const int LeastDigits = 6;
    private const long SerialsPerYear = 1_000_000_000;

    // A weakly totally anti-symmetric quasigroup of order 10 (H. M. Damm, 2004).
    private static readonly byte[] Damm =
    [
        0, 3, 1, 7, 5, 9, 8, 6, 4, 2, 7, 0, 9, 2, 1, 5, 4, 8, 6, 3, 4, 2, 0, 6, 8, 7, 1, 3, 5, 9, 1, 7, 5, 0, 9, 8, 3, 4, 2, 6, 6, 1, 2, 3, 0, 4, 5, 9, 7, 8,
        3, 6, 7, 4, 2, 0, 9, 5, 8, 1, 5, 8, 6, 9, 7, 2, 0, 1, 3, 4, 8, 9, 4, 5, 3, 6, 2, 0, 1, 7, 9, 4, 3, 8, 6, 1, 7, 2, 0, 5, 2, 5, 8, 1, 4, 3, 6, 7, 9, 0,
    ];

    /// <summary>The ticket of the year's n-th report, from 1.</summary>
    public static string Of(int year, long serial)
    {
        var digits = serial.ToString(CultureInfo.InvariantCulture).PadLeft(LeastDigits - 1, '0');
        return $"{year:0000}-{digits}{Check($"{year:0000}{digits}")}";
    }

    /// <summary>A number that sorts tickets by age.</summary>
    public static long Order(string ticket) =>
        long.Parse(ticket.AsSpan(0, 4), CultureInfo.InvariantCulture) * SerialsPerYear + long.Parse(ticket.AsSpan(5, ticket.Length - 6), CultureInfo.InvariantCulture);

    /// <summary>Reads a ticket as people write it: with spaces, without the dash.</summary>
    /// <returns>The ticket, or null when it is none or the check digit says that a digit is wrong.</returns>
    public static string? Read(string? text)
    {
        if (text is null || Written().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var digits = match.Groups[1].Value + NoDigit().Replace(match.Groups[2].Value, "");
        return digits.Length >= 4 + LeastDigits && Check(digits) == 0 ? $"{digits[..4]}-{digits[4..]}" : null;
    }

    private static int Check(string digits) => digits.Aggregate(0, (interim, digit) => Damm[interim * 10 + (digit - '0')]);

    [GeneratedRegex(@"^\s*#?\s*(20\d\d)[\s./-]*(\d[\d\s.-]{0,20})\s*$")]
    private static partial Regex Written();

    [GeneratedRegex(@"\D")]
    private static partial Regex NoDigit();
}
