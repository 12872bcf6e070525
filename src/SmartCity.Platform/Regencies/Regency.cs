using System.Globalization;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Regencies;

/// <summary>A regency (kabupaten) or city (kota) that the platform serves.</summary>
/// <param name="Id">Kemendagri code.</param>
/// <param name="Name">Full name: <c>Kabupaten Tegal</c>.</param>
/// <param name="Latitude">Of the middle of its map, degrees WGS 84.</param>
/// <param name="Longitude">Of the middle of its map, degrees WGS 84.</param>
/// <param name="TimeZone">IANA name: <c>Asia/Jakarta</c> (WIB), <c>Asia/Makassar</c> (WITA) or <c>Asia/Jayapura</c> (WIT).</param>
/// <param name="Contact">Whom integrators ask, shown in the Open311 discovery document.</param>
[NotInEvents("Settings of the deployment, made by its operator.")]
public sealed record Regency(string Id, string Name, double Latitude, double Longitude, string TimeZone, string Contact)
{
    /// <summary>The code.</summary>
    public RegencyCode Code => RegencyCode.Parse(Id);

    /// <summary>The clock of the place.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The first instant after a day on the clock of the place.</summary>
    public DateTimeOffset EndOf(DateOnly day)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>What people call the clock: <c>WIB</c>. The three clocks of Indonesia have no summer time, so the offset names them.</summary>
    /// <param name="local">An instant on that clock.</param>
    public static string ClockOf(DateTimeOffset local) => local.Offset.TotalHours switch { 7 => "WIB", 8 => "WITA", 9 => "WIT", _ => local.ToString("'UTC'zzz", CultureInfo.InvariantCulture) };

    /// <summary>When it was added, and last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
