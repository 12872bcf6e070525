using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;

namespace SmartCity.Web.Shared;

/// <summary>Styles and scripts, embedded in the assembly. Their address changes with their content, so browsers keep them for good.</summary>
internal static class WebAssets
{
    private const string Prefix = "assets/";
    private static readonly FrozenDictionary<string, Asset> All = typeof(WebAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

    /// <summary>The address of an asset.</summary>
    public static string Address(string name) => $"/assets/{All[name].Version}/{name}";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/assets/{version}/{name}", (string version, string name, HttpContext http) =>
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = version == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br"))
        {
            return Results.Bytes(asset.Content, asset.Type);
        }

        http.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(asset.Brotli, asset.Type);
    }).OutsideRegencies("Styles and scripts, the same for all.").ExcludeFromDescription();

    private static Asset Read(string resource)
    {
        using var stream = typeof(WebAssets).Assembly.GetManifestResourceStream(resource)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(content.GetBuffer(), 0, (int)content.Length);
        }

        var bytes = content.ToArray();
        return new Asset(bytes, compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(bytes))[..12], Path.GetExtension(resource) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        });
    }

    private sealed record Asset(byte[] Content, byte[] Brotli, string Version, string Type);
}
