using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartCity.Reports.Open311;

/// <summary>Dates as GeoReport has them (W3C NOTE-datetime): whole seconds and always a time zone going out, a little more freely coming in.</summary>
internal static partial class Dates
{
    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a date with its time zone, from 1970 to 2999. Also fractions of a second, and a '+' that came as a space because the caller did not encode it.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        return Written().Match(text.Trim()) is { Success: true } match
            && DateTimeOffset.TryParse($"{match.Groups[1]}T{match.Groups[2]}{match.Groups[3].Value.Replace(' ', '+')}", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant)
            && instant.Year is >= 1970 and < 3000;
    }

    /// <summary>What to say of a date that cannot be read.</summary>
    public static Open311Error Wrong(string field) => Open311Error.Of(400, "A date with its time zone, such as 2026-10-31T09:00:00Z or 2026-10-31T16:00:00+07:00.",
        "Tanggal dengan zona waktu, misalnya 2026-10-31T09:00:00Z atau 2026-10-31T16:00:00+07:00.", field);

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)([Zz]|[ +-]\d\d:\d\d)$")]
    private static partial Regex Written();
}
