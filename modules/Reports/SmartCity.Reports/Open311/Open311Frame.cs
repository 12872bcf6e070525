using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Regencies;

namespace SmartCity.Reports.Open311;

/// <summary>
/// Around every resource: checks the format, reads the form, enters the jurisdiction, and gives whatever goes wrong the shape of
/// an Open311 error. Nobody is more than a citizen here, whatever cookie the browser sends: what is read is public.
/// </summary>
internal sealed partial class Open311Frame(RegencyRegistry regencies, FilesOptions files, ILogger<Open311Frame> log) : IEndpointFilter
{
    private const long MaxForm = 1024 * 1024;
    private readonly FormOptions _limits = new() { ValueLengthLimit = (int)MaxForm, MultipartBodyLengthLimit = files.Photos.Request };

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            var answer = await Enter(http) ?? (Answer)(await next(context))!;
            await answer.ExecuteAsync(http);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await (bad.StatusCode == 413 ? TooLarge : Malformed).ExecuteAsync(http);
        }
        catch (Exception failure) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailure(failure, http.Request.Method);
            await Answer.Refused(Open311Error.Of(500,
                "Something went wrong on our side. Try again; if it stays so, tell the contact in the discovery document.",
                "Ada yang salah di pihak kami. Coba lagi; bila tetap begitu, hubungi kontak di dokumen discovery.")).ExecuteAsync(http);
        }

        return Results.Empty;
    }

    private async ValueTask<Answer?> Enter(HttpContext http)
    {
        http.RequestServices.GetRequiredService<CallContext>().Actor = Actor.Citizen;
        if (!AnswerFormat.IsKnown(http.Request.Path))
        {
            return Answer.Refused(Open311Error.Of(400, "The address must end with .xml or .json.", "Alamat harus berakhiran .xml atau .json."));
        }

        var form = StringValues.Empty;
        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (await ReadForm(http) is { } refused)
            {
                return refused;
            }

            form = http.Request.Form["jurisdiction_id"];
        }

        var (jurisdiction, refusal) = Jurisdiction(http.Request.Query["jurisdiction_id"], form);
        if (refusal is not null)
        {
            return Answer.Refused(refusal);
        }

        if (jurisdiction is null)
        {
            return http.GetEndpoint()?.Metadata.GetMetadata<JurisdictionIsOptional>() is not null ? null : Answer.Refused(Open311Error.Of(400,
                "Say which regency: its code, such as 33.28.", "Sebutkan kabupaten atau kota mana: kodenya, misalnya 33.28.", "jurisdiction_id"));
        }

        if (!RegencyCode.TryParse(jurisdiction, out var code) || await regencies.Find(code, http.RequestAborted) is not { } regency)
        {
            return Answer.Refused(Open311Error.Of(404, "No such regency is served here; a code looks like 33.28.",
                "Kabupaten atau kota ini tidak dilayani di sini; contoh kode: 33.28.", "jurisdiction_id"));
        }

        http.Enter(regency);
        return null;
    }

    /// <summary>The one jurisdiction that query and form name between them.</summary>
    public static (string? Jurisdiction, Open311Error? Refusal) Jurisdiction(StringValues query, StringValues form)
    {
        string? found = null;
        foreach (var value in (ReadOnlySpan<string?>)[.. query, .. form])
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            if (found is not null && found != value.Trim())
            {
                return (null, Open311Error.Of(400, "Different jurisdictions are named; name one.", "Disebut lebih dari satu; sebutkan satu saja.", "jurisdiction_id"));
            }

            found = value.Trim();
        }

        return (found, null);
    }

    private async ValueTask<Answer?> ReadForm(HttpContext http)
    {
        var request = http.Request;
        if (!request.HasFormContentType)
        {
            if (request.ContentType is { Length: > 0 } || request.ContentLength > 0)
            {
                return Answer.Refused(Open311Error.Of(400, "Send a form: application/x-www-form-urlencoded, or multipart/form-data with photos.",
                    "Kirim formulir: application/x-www-form-urlencoded, atau multipart/form-data bila ada foto."));
            }

            request.Form = FormCollection.Empty;
            return null;
        }

        var limit = request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? files.Photos.Request : MaxForm;
        if (request.ContentLength > limit)
        {
            return TooLarge;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        try
        {
            await request.ReadFormAsync(_limits, http.RequestAborted);
            return null;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return Malformed;
        }
    }

    private Answer TooLarge => Answer.Refused(Open311Error.Of(413,
        $"Too much at once: a form may have 1 MB, with photos {files.Photos.Request / 1024 / 1024} MB.",
        $"Terlalu besar: formulir paling banyak 1 MB, dengan foto {files.Photos.Request / 1024 / 1024} MB."));

    private static Answer Malformed => Answer.Refused(Open311Error.Of(400,
        "The form cannot be read: it is cut off, has too many fields or a null character, or its Content-Type does not fit.",
        "Formulir tidak dapat dibaca: terpotong, terlalu banyak isian atau berisi karakter nol, atau Content-Type tidak cocok."));

    [LoggerMessage(Level = LogLevel.Error, Message = "An Open311 {Method} failed.")]
    private partial void LogFailure(Exception failure, string method);
}
