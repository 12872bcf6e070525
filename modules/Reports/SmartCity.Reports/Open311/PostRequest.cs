using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Http;
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
    private const int MaxKey = 200;

    public static async Task<Answer> Post(HttpContext http, ISender sender, ApiKeys keys, Photos photos, CallContext call, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (await PostedForm.Authenticate(http, keys, call, cancel) is { } denied)
        {
            return Answer.Refused(denied);
        }

        if (form.Field("service_code") is not { } service)
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
        var uploads = form.Uploads(photos, errors);
        // The command's own rules are asked too, so that the sender hears of everything at once; and before any photo is kept.
        if (errors.Count > 0 || uploads.Count > 0)
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
            return Answer.Refused([.. faults.Select(PostedForm.Error)]);
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
        var address = form.Short("address_id", errors) is { } id && id != "#NOTPINPOINTED#" ? id : null;
        var place = new ReportPlace(Degrees(form, "lat"), Degrees(form, "long"), form.Short("address_string", errors), address);
        return new FileReport(regency, "open311", null, null, category.Code, form.Field("description"), place, form.Person(errors), [], Attributes: attributes, MediaUrls: form.Media());
    }

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

    // Two integrators may use the same key for different messages.
    private static string? Cause(HttpContext http, Actor actor, List<Open311Error> errors)
    {
        if (PostedForm.First(http.Request.Headers["Idempotency-Key"]) is not { } key)
        {
            return null;
        }

        if (key.Length > MaxKey)
        {
            errors.Add(Open311Error.Of(400, $"At most {MaxKey} characters.", $"Paling banyak {MaxKey} huruf.", "Idempotency-Key"));
        }

        return $"{actor.Id}/{key}";
    }

    // What is no number becomes one that is out of range, so that it is refused with the same words.
    private static double? Degrees(IFormCollection form, string name) => form.Field(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : double.NaN;
}
