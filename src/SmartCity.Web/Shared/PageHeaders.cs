using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCity.Web.Shared;

/// <summary>Headers of every page: what browsers may load and who may frame it.</summary>
internal static class PageHeaders
{
    /// <param name="isFramed">Other sites may show it.</param>
    public static void Write(HttpContext http, bool isFramed = false)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {(isFramed ? "*" : "'none'")}; " +
            $"img-src 'self' data: blob: {http.RequestServices.GetRequiredService<MapTiles>().Source}";
        headers.XContentTypeOptions = "nosniff";
        // Tile servers ask for the origin of the page; nobody gets its path.
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()";
        headers.XFrameOptions = isFramed ? default : "DENY";
        headers.Vary = "Cookie, Accept-Language";
        // A page with a form says itself that it must not be kept.
        http.Response.OnStarting(() =>
        {
            headers.CacheControl = headers.CacheControl.Count > 0 ? headers.CacheControl : "no-cache";
            return Task.CompletedTask;
        });
    }
}
