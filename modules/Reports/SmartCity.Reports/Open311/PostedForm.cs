using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>What both posted forms, requests and updates, have in common. An empty field counts as one that is absent.</summary>
internal static class PostedForm
{
    private const int MaxShort = 1000;

    /// <summary>Makes the caller the integrator whose key stands in the query, the form or the header; or says why not.</summary>
    public static async ValueTask<Open311Error?> Authenticate(HttpContext http, ApiKeys keys, CallContext call, CancellationToken cancel)
    {
        const string bearer = "Bearer ";
        var authorization = http.Request.Headers.Authorization.ToString();
        var secret = authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..].Trim()
            : First(http.Request.Query["api_key"]) ?? http.Request.Form.Field("api_key");
        if (string.IsNullOrEmpty(secret))
        {
            return Open311Error.Of(403, "A key is needed; the discovery document says how to get one.", "Perlu kunci API; dokumen discovery menyebut cara memintanya.", "api_key");
        }

        if (await keys.Find(http.Regency(), secret, cancel) is not { } principal)
        {
            return Open311Error.Of(403, "This key is not known in this regency, or was revoked.", "Kunci ini tidak dikenal di kabupaten atau kota ini, atau sudah dicabut.", "api_key");
        }

        if (!principal.HasScope(Scopes.Write))
        {
            return Open311Error.Of(403, $"This key may not file reports: it lacks the scope {Scopes.Write}.", $"Kunci ini tidak boleh mengirim laporan: tanpa izin {Scopes.Write}.", "api_key");
        }

        http.User = principal;
        call.Actor = http.Actor();
        return null;
    }

    /// <summary>The first value of a field that says something.</summary>
    public static string? Field(this IFormCollection form, string name) => First(form[name]);

    /// <summary>As <see cref="Field"/>, of a field that holds a line.</summary>
    public static string? Short(this IFormCollection form, string name, List<Open311Error> errors)
    {
        var value = form.Field(name);
        if (value?.Length > MaxShort)
        {
            errors.Add(Open311Error.Of(400, $"At most {MaxShort} characters.", $"Paling banyak {MaxShort} huruf.", name));
        }

        return value;
    }

    /// <summary>Who sends, as far as the form says.</summary>
    public static ReporterDetails Person(this IFormCollection form, List<Open311Error> errors) => new(
        null, form.Short("first_name", errors), form.Short("last_name", errors), form.Short("email", errors), form.Short("phone", errors),
        form.Short("account_id", errors), form.Short("device_id", errors) ?? form.Short("deviceid", errors));

    /// <summary>The addresses in <c>media_url</c>; whether they can be used is checked with what they come with.</summary>
    public static IReadOnlyList<string> Media(this IFormCollection form) =>
        [.. StringValues.Concat(form["media_url"], form["media_url[]"]).Select(u => u?.Trim()).OfType<string>().Where(u => u.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The photos of a multipart form.</summary>
    public static IReadOnlyList<PhotoUpload> Uploads(this IFormCollection form, Photos photos, List<Open311Error> errors)
    {
        var uploads = form.Files.Where(IsPhoto).Select(file => new PhotoUpload(file.Name, file.FileName, file.OpenReadStream)).ToArray();
        if (uploads.Length > photos.Limits.Count)
        {
            errors.Add(Error(photos.TooMany(uploads.Length, "media")));
        }

        return uploads;
    }

    /// <summary>What is wrong with a photo in the words of Open311.</summary>
    public static Open311Error Error(PhotoFault fault) => Open311Error.Of(StatusCodes.Status400BadRequest, fault.English, fault.Indonesian, fault.Field);

    /// <summary>The first value that says something, without characters that XML forbids.</summary>
    public static string? First(StringValues values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrWhiteSpace(value) && XmlText.Clean(value).Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    private static bool IsPhoto(IFormFile file) =>
        (file.Name is "media" or "media[]" || (file.Name.StartsWith("photo", StringComparison.Ordinal) && file.Name.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0))
        // A browser sends an empty file for an input that was left empty.
        && (file.Length > 0 || file.FileName.Length > 0);
}
