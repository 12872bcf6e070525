namespace SmartCity.Web.Shared;

/// <summary>A point on a map.</summary>
/// <param name="Title">First line of its pop-up.</param>
/// <param name="Text">Second line.</param>
/// <param name="Address">Where its pop-up leads.</param>
/// <param name="State">Colours it: name of a report's state, lower case.</param>
public sealed record MapPoint(double Latitude, double Longitude, string Title, string? Text, string? Address, string State);

/// <summary>A map of points.</summary>
public partial class MapView;
