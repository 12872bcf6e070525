using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>What both posted forms, requests and updates, have in common. An empty field counts as one that is absent.</summary>
internal static class PostedForm
{
    private const int MaxShort = 1000, MaxUrl = 2000;

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

    /// <summary>The addresses in <c>media_url</c>, each once; none when one cannot be used.</summary>
    public static IReadOnlyList<string> Media(this IFormCollection form, List<Open311Error> errors)
    {
        StringValues sent = StringValues.Concat(form["media_url"], form["media_url[]"]);
        var urls = sent.Count == 0 ? [] : sent.Select(u => u?.Trim()).OfType<string>().Where(u => u.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        if (urls.Any(u => u.Length > MaxUrl))
        {
            errors.Add(Open311Error.Of(400, $"At most {MaxUrl} characters.", $"Paling banyak {MaxUrl} huruf.", "media_url"));
            return [];
        }

        if (urls.Length > Photos.MaxCount || urls.Any(u => !Uri.TryCreate(u, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
        {
            errors.Add(Open311Error.Of(400, $"Send full http or https addresses, at most {Photos.MaxCount}.", $"Kirim alamat lengkap yang diawali http atau https, paling banyak {Photos.MaxCount}.", "media_url"));
            return [];
        }

        return urls;
    }

    /// <summary>The photos of a multipart form.</summary>
    public static IReadOnlyList<IFormFile> Uploads(this IFormCollection form, List<Open311Error> errors)
    {
        var uploads = form.Files.Where(IsPhoto).ToArray();
        if (uploads.Length > Photos.MaxCount)
        {
            errors.Add(Open311Error.Of(400, $"At most {Photos.MaxCount} photos.", $"Paling banyak {Photos.MaxCount} foto.", "media"));
        }

        return uploads;
    }

    /// <summary>Stores all photos, or none when something is wrong with one.</summary>
    public static async Task<(IReadOnlyList<ReportPhoto> Stored, IReadOnlyList<Open311Error> Errors)> Store(
        string regency, IReadOnlyList<IFormFile> uploads, Photos photos, CancellationToken cancel)
    {
        var (stored, unreadable) = await photos.StoreAll(regency, uploads.Select(u => (u.Name, (Func<Stream>)u.OpenReadStream)), cancel);
        return (
            [.. stored.Select(p => new ReportPhoto(p.Id, p.Thumbnail, p.Width, p.Height))],
            [.. unreadable.Select(f => Open311Error.Of(400, f.Detail,
                f.Code == "photo.too_large" ? $"Foto paling besar {Photos.MaxBytes / 1024 / 1024} MB." : "Berkas ini bukan gambar yang dapat dibaca. Kirim foto JPEG, PNG, atau WebP.", f.Field))]);
    }

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
