namespace SmartCity.Reports;

/// <summary>How far places are from each other.</summary>
internal static class Near
{
    private const double EarthRadius = 6_371_000;

    /// <summary>Metres between two points (haversine), or null when one of them is not known.</summary>
    public static double? Metres(double? latitude, double? longitude, double? otherLatitude, double? otherLongitude) =>
        latitude is { } north && longitude is { } east && otherLatitude is { } otherNorth && otherLongitude is { } otherEast
            ? Metres(north, east, otherNorth, otherEast) : null;

    private static double Metres(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var (north, otherNorth) = (double.DegreesToRadians(latitude), double.DegreesToRadians(otherLatitude));
        var (up, across) = (Math.Sin((otherNorth - north) / 2), Math.Sin(double.DegreesToRadians(otherLongitude - longitude) / 2));
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt((up * up) + (Math.Cos(north) * Math.Cos(otherNorth) * across * across))));
    }
}
