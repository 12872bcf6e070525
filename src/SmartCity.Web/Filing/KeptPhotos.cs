using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;

namespace SmartCity.Web.Filing;

/// <summary>Carries photos that are stored already through a page that asks something first, so that nobody uploads them twice. Only we can read it.</summary>
internal sealed class KeptPhotos(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("SmartCity.Web.KeptPhotos");

    public string? Write(HttpContext http, IReadOnlyList<ReportPhoto> photos) =>
        photos.Count == 0 ? null : _protector.Protect(JsonSerializer.Serialize(new Kept(http.Regency().Id, photos)));

    public IReadOnlyList<ReportPhoto> Read(HttpContext http, string? text)
    {
        try
        {
            return text is not null && JsonSerializer.Deserialize<Kept>(_protector.Unprotect(text)) is { } kept && kept.Regency == http.Regency().Id ? kept.Photos : [];
        }
        catch (Exception forged) when (forged is CryptographicException or JsonException or FormatException)
        {
            return [];
        }
    }

    private sealed record Kept(string Regency, IReadOnlyList<ReportPhoto> Photos);
}
