using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;

namespace SmartCity.Web.Shared;

/// <summary>The past day that a page shows, kept in its address as <c>tanggal</c>.</summary>
/// <param name="Day">Null: now.</param>
/// <param name="IsWrong">What was typed is no day; now is shown.</param>
public sealed record ShownDay(DateOnly? Day, bool IsWrong = false)
{
    internal static ShownDay Read(HttpContext http)
    {
        if (http.Request.Query["tanggal"].FirstOrDefault() is not { Length: > 0 } text)
        {
            return new ShownDay(Day: null);
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is <= 1900 or >= 2200)
        {
            return new ShownDay(Day: null, IsWrong: true);
        }

        // Today is not over: it is shown as it is now, with all that can be done.
        var now = TimeZoneInfo.ConvertTime(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), http.Regency().Zone);
        return new ShownDay(day < DateOnly.FromDateTime(now.Date) ? day : null);
    }

    internal string? Iso => Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Chooses a past day, and leads to the same as CSV and JSON.</summary>
public partial class DayFilter;
