using System.Globalization;
using SmartCity.Platform.Regencies;

namespace SmartCity.Web.Shared;

/// <summary>Instants as people read them, on the clock of the place.</summary>
internal static class Dates
{
    private static readonly CultureInfo Indonesian = CultureInfo.GetCultureInfo("id-ID"), English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary><c>Senin, 3 November 2025 pukul 10.15 WIB</c></summary>
    public static string DateAndTime(DateTimeOffset at, TimeZoneInfo zone, Language language)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return language == Language.English
            ? local.ToString($"dddd, d MMMM yyyy, HH:mm '{Regency.ClockOf(local)}'", English)
            : local.ToString($"dddd, d MMMM yyyy 'pukul' HH.mm '{Regency.ClockOf(local)}'", Indonesian);
    }

    /// <summary><c>Senin, 3 November 2025</c></summary>
    public static string Day(DateTimeOffset at, TimeZoneInfo zone, Language language) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("dddd, d MMMM yyyy", language == Language.English ? English : Indonesian);

    /// <summary><c>3 November 2025</c></summary>
    public static string Day(DateOnly day, Language language) => day.ToString("d MMMM yyyy", language == Language.English ? English : Indonesian);

    /// <summary><c>3 jam lalu</c></summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now, Language language)
    {
        var age = now - at;
        var (count, one, many, indonesian) = age switch
        {
            { TotalMinutes: < 1 } => (0, "", "", ""),
            { TotalHours: < 1 } => ((int)age.TotalMinutes, "minute", "minutes", "menit"),
            { TotalDays: < 1 } => ((int)age.TotalHours, "hour", "hours", "jam"),
            { TotalDays: < 30 } => ((int)age.TotalDays, "day", "days", "hari"),
            { TotalDays: < 365 } => ((int)(age.TotalDays / 30), "month", "months", "bulan"),
            _ => ((int)(age.TotalDays / 365), "year", "years", "tahun"),
        };
        return (count, language) switch
        {
            (0, Language.English) => "just now",
            (0, _) => "baru saja",
            (_, Language.English) => $"{count} {(count == 1 ? one : many)} ago",
            _ => $"{count} {indonesian} lalu",
        };
    }
}
