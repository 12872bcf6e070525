using Microsoft.Extensions.Configuration;

namespace SmartCity.Web.Shared;

/// <summary>Where the background of maps comes from: <c>SmartCity:Map:TileUrl</c> and <c>SmartCity:Map:Attribution</c>; an empty address shows maps without one.</summary>
/// <param name="Url">With <c>{z}</c>, <c>{x}</c>, <c>{y}</c>, perhaps <c>{s}</c>; empty: none.</param>
/// <param name="Attribution">Whom to name on the map, HTML.</param>
public sealed record MapTiles(string Url, string Attribution)
{
    /// <summary>The server of the tiles as a source of a content security policy.</summary>
    public string Source { get; } = ToSource(Url);

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="InvalidOperationException">The address is wrong.</exception>
    public static MapTiles Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("SmartCity:Map");
        return new MapTiles(section["TileUrl"] ?? "https://tile.openstreetmap.org/{z}/{x}/{y}.png", section["Attribution"] ?? """© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>""");
    }

    private static string ToSource(string url)
    {
        if (url.Length == 0 || url.StartsWith('/'))
        {
            return "";
        }

        return Uri.TryCreate(url.Replace("{s}", "s"), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? $"{address.Scheme}://{(url.Contains("//{s}.") ? "*" + address.Authority[1..] : address.Authority)}"
            : throw new InvalidOperationException("Configuration SmartCity:Map:TileUrl must be an address such as https://tile.example.go.id/{z}/{x}/{y}.png, or empty.");
    }
}
