using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;

namespace SmartCity.Reports.Open311;

/// <summary>
/// Files a report. Checked in this order: format, jurisdiction, key, service; then everything else, and all that is wrong is said at once.
/// An <c>Idempotency-Key</c> makes a repeated call safe; without one every call is a new report.
/// </summary>
internal static class PostRequest
{
    private const int MaxKey = 200, MaxShort = 1000;

    public static async Task<Answer> Post(HttpContext http, ISender sender, ApiKeys keys, Photos photos, CallContext call, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (await Authenticate(http, form, keys, call, cancel) is { } denied)
        {
            return Answer.Refused(denied);
        }

        if (Field(form, "service_code") is not { } service)
        {
            return Answer.Refused(Open311Error.Of(400, "Say what it is about: a code of services.", "Sebutkan tentang apa: sebuah kode dari services.", "service_code"));
        }

        var regency = http.Regency().Id;
        var category = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == service);
        if (category is null)
        {
            return Answer.Refused(ServiceDefinition.Unknown(service));
        }

        var errors = new List<Open311Error>();
        var command = Read(regency, category, form, errors) with { Cause = Cause(http, call.Actor, errors) };
        var uploads = form.Files.Where(IsPhoto).Select(file => new PhotoUpload(file.Name, file.FileName, file.OpenReadStream)).ToArray();
        if (uploads.Length > photos.Limits.Count)
        {
            errors.Add(Error(photos.TooMany(uploads.Length, "media")));
        }

        // The command's own rules are asked too, so that the sender hears of everything at once; and before any photo is kept.
        if (errors.Count > 0 || uploads.Length > 0)
        {
            errors.AddRange(Filing.Filing.Check(command, category, photos.Limits.Count).Select(Error));
        }

        if (errors.Count > 0)
        {
            return Answer.Refused(errors);
        }

        var (stored, faults) = await photos.Store(regency, uploads, cancel);
        if (faults.Count > 0)
        {
            return Answer.Refused([.. faults.Select(Error)]);
        }

        command = command with { Photos = [.. stored.Select(photo => photo.ToReportPhoto())] };

        var outcome = await sender.Send(command, cancel);
        return outcome.Value is { } filed ? Answer.Of(writer => Write(writer, category, filed)) : Answer.Refused([.. outcome.Refusals.Select(Error)]);
    }

    /// <summary>The report that a form describes; what cannot be read is added to the errors.</summary>
    public static FileReport Read(string regency, Category category, IFormCollection form, List<Open311Error> errors)
    {
        var attributes = RequestAttributes.Read(form);
        RequestAttributes.Check(category, attributes, errors);
        var media = Media(form);
        string? Short(string name)
        {
            var value = Field(form, name);
            if (value?.Length > MaxShort)
            {
                errors.Add(Open311Error.Of(400, $"At most {MaxShort} characters.", $"Paling banyak {MaxShort} huruf.", name));
            }

            return value;
        }

        var place = new ReportPlace(Degrees(form, "lat"), Degrees(form, "long"), Short("address_string"), Short("address_id") is { } id && id != "#NOTPINPOINTED#" ? id : null);
        var reporter = new ReporterDetails(null, Short("first_name"), Short("last_name"), Short("email"), Short("phone"), Short("account_id"), Short("device_id") ?? Short("deviceid"));
        return new FileReport(regency, "open311", null, null, category.Code, Field(form, "description"), place, reporter, [], Attributes: attributes, MediaUrls: media);
    }

    private static Open311Error Error(PhotoFault fault) => Open311Error.Of(StatusCodes.Status400BadRequest, fault.English, fault.Indonesian, fault.Field);

    /// <summary>A refusal of the command in the words of Open311.</summary>
    public static Open311Error Error(Refusal refusal) => Open311Error.Of(
        refusal.Kind switch
        {
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        },
        refusal.English, refusal.Indonesian, refusal.Field switch
        {
            "latitude" => "lat",
            "longitude" => "long",
            "place" => "lat, long, address_string or address_id",
            "mediaUrl" => "media_url",
            "category" => "service_code",
            "photos" => "media",
            var same => same,
        });

    private static void Write(AnswerWriter writer, Category category, FiledReport filed)
    {
        writer.BeginList("service_requests");
        writer.BeginItem("request");
        if (category.Delivery == ServiceDelivery.Realtime)
        {
            writer.Text("service_request_id", filed.Ticket);
        }
        else if (category.Delivery == ServiceDelivery.Batch)
        {
            writer.Text("token", TokenOfRequest.Of(filed.Ticket));
        }

        // Empty, but there: some clients misread a request with a single child.
        writer.Text("service_notice", null);
        writer.Text("account_id", null);
        writer.EndItem();
        writer.EndList();
    }

    private static async ValueTask<Open311Error?> Authenticate(HttpContext http, IFormCollection form, ApiKeys keys, CallContext call, CancellationToken cancel)
    {
        const string bearer = "Bearer ";
        var authorization = http.Request.Headers.Authorization.ToString();
        var secret = authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..].Trim()
            : First(http.Request.Query["api_key"]) ?? Field(form, "api_key");
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

    // Two integrators may use the same key for different messages.
    private static string? Cause(HttpContext http, Actor actor, List<Open311Error> errors)
    {
        if (First(http.Request.Headers["Idempotency-Key"]) is not { } key)
        {
            return null;
        }

        if (key.Length > MaxKey)
        {
            errors.Add(Open311Error.Of(400, $"At most {MaxKey} characters.", $"Paling banyak {MaxKey} huruf.", "Idempotency-Key"));
        }

        return $"{actor.Id}/{key}";
    }

    // Each is checked with the report.
    private static IReadOnlyList<string> Media(IFormCollection form) =>
        [.. StringValues.Concat(form["media_url"], form["media_url[]"]).Select(u => u?.Trim()).OfType<string>().Where(u => u.Length > 0)];

    // What is no number becomes one that is out of range, so that it is refused with the same words.
    private static double? Degrees(IFormCollection form, string name) => Field(form, name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN;

    private static bool IsPhoto(IFormFile file) =>
        (file.Name is "media" or "media[]" || (file.Name.StartsWith("photo", StringComparison.Ordinal) && file.Name.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0))
        // A browser sends an empty file for an input that was left empty.
        && (file.Length > 0 || file.FileName.Length > 0);

    private static string? Field(IFormCollection form, string name) => First(form[name]);

    // A parameter that is empty counts as one that is absent.
    private static string? First(StringValues values)
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
}
