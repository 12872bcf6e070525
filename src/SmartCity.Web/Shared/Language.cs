using Microsoft.AspNetCore.Http;

namespace SmartCity.Web.Shared;

/// <summary>The languages of the pages.</summary>
public enum Language
{
    /// <summary>Bahasa Indonesia, unless something else is asked for.</summary>
    Indonesian,

    /// <summary>English.</summary>
    English,
}

/// <summary>Which language a request is answered in.</summary>
internal static class Languages
{
    public const string Parameter = "lang";

    /// <summary>Asked for in the address, remembered from before, or the first of the browser's that we speak.</summary>
    public static Language Language(this HttpRequest request) =>
        Parse(request.Query[Parameter]) ?? Parse(request.Cookies[Parameter]) ?? Preferred(request.Headers.AcceptLanguage) ?? Shared.Language.Indonesian;

    public static string Code(this Language language) => language == Shared.Language.English ? "en" : "id";

    /// <summary>Remembers a language that was asked for in the address.</summary>
    public static void RememberLanguage(this HttpContext http)
    {
        if (Parse(http.Request.Query[Parameter]) is { } asked)
        {
            http.Response.Cookies.Append(Parameter, asked.Code(), new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            });
        }
    }

    // "in" is the old code of Indonesian, which old telephones still send.
    private static Language? Parse(string? code) => code?.Split('-')[0].ToLowerInvariant() switch
    {
        "id" or "in" or "jv" or "su" => Shared.Language.Indonesian,
        "en" => Shared.Language.English,
        _ => null,
    };

    private static Language? Preferred(string? header) => (header ?? "").Split(',')
        .Select(part => part.Split(';'))
        .Select(part => (Language: Parse(part[0].Trim()), Weight: Weight(part)))
        .Where(choice => choice.Language is not null && choice.Weight > 0)
        .OrderByDescending(choice => choice.Weight)
        .Select(choice => choice.Language)
        .FirstOrDefault();

    private static double Weight(string[] part) =>
        part.Length > 1 && part[1].Trim() is ['q', '=', .. var q] && double.TryParse(q, System.Globalization.CultureInfo.InvariantCulture, out var weight) ? weight : 1;
}
