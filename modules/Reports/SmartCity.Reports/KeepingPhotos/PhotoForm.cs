using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmartCity.Platform.Files;
using SmartCity.Platform.Problems;

namespace SmartCity.Reports.KeepingPhotos;

/// <summary>A multipart body of the native API: the same JSON as without photos, in a part of its own, and the photos beside it.</summary>
/// <param name="Body">What the JSON says; null when the form is refused.</param>
/// <param name="Uploads">The photos, each with the name of its field.</param>
/// <param name="Refusal">What is wrong with the form.</param>
internal sealed record PhotoForm<TBody>(TBody? Body, IReadOnlyList<PhotoUpload> Uploads, IResult? Refusal) where TBody : class
{
    /// <param name="part">Name of the JSON's part.</param>
    /// <param name="fields">Names of fields that may hold photos.</param>
    public static async Task<PhotoForm<TBody>> Read(HttpContext http, string part, IReadOnlyList<string> fields, CancellationToken cancel)
    {
        // Unlike JSON, a form can be sent from any other site's page with the cookies of whoever looks at it.
        if (http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
        {
            return Refused(Problem.From(StatusCodes.Status403Forbidden, new Fault("form.other_site", "A form is taken from this site's own pages and from programs only.")));
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(cancel);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return Refused(Problem.BadRequest(new Fault("form.malformed", "The form cannot be read: it is cut off or too large, or its Content-Type does not fit.")));
        }

        var json = form[part].FirstOrDefault() ?? (form.Files.GetFile(part) is { } file ? await new StreamReader(file.OpenReadStream()).ReadToEndAsync(cancel) : null);
        if (string.IsNullOrWhiteSpace(json))
        {
            return Refused(Problem.BadRequest(new Fault($"{part}.missing", $"Send the JSON in a part named '{part}'.", part)));
        }

        var uploads = form.Files.Where(f => f.Name != part).Select(f => new PhotoUpload(f.Name.EndsWith("[]", StringComparison.Ordinal) ? f.Name[..^2] : f.Name, f.FileName, f.OpenReadStream)).ToArray();
        if (uploads.FirstOrDefault(upload => !fields.Contains(upload.Field)) is { } other)
        {
            return Refused(Problem.BadRequest(new Fault("field.unknown", $"Send photos in {string.Join(" or ", fields.Select(f => $"'{f}'"))}.", other.Field)));
        }

        try
        {
            var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            return JsonSerializer.Deserialize<TBody>(json, options) is { } body ? new PhotoForm<TBody>(body, uploads, null)
                : Refused(Problem.BadRequest(new Fault($"{part}.missing", $"Send the JSON in a part named '{part}'.", part)));
        }
        catch (JsonException malformed)
        {
            return Refused(Problem.BadRequest(new Fault($"{part}.malformed", $"The JSON cannot be read at {malformed.Path ?? "$"}.", part)));
        }
    }

    private static PhotoForm<TBody> Refused(IResult refusal) => new(null, [], refusal);
}

internal static class PhotoForm
{
    /// <summary>400 with all that is wrong with the photos.</summary>
    public static IResult Refused(IReadOnlyList<PhotoFault> faults) => Problem.BadRequest(
        [.. faults.Select(fault => new Fault(fault.Code, string.IsNullOrEmpty(fault.Name) ? fault.English : $"{fault.Name}: {fault.English}", fault.Field))]);
}
