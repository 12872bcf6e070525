using System.Globalization;

namespace SmartCity.Web.Shared;

/// <summary>How far things are apart, in words.</summary>
internal static class Distances
{
    public static string Words(double metres, Language language) => metres < 1000 ? $"{metres:0} m"
        : (metres / 1000).ToString("0.# km", language == Language.English ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo("id-ID"));
}
