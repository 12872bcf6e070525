using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SmartCity.Reports.Open311;

/// <summary>What is wrong, as a client shows it to its user.</summary>
/// <param name="Code">As the HTTP status.</param>
/// <param name="Description">English and Indonesian, with the field's Open311 name in front.</param>
internal sealed record Open311Error(int Code, string Description)
{
    public static Open311Error Of(int code, string english, string indonesian, string? field = null) =>
        new(code, field is null ? $"{english} / {indonesian}" : $"{field}: {english} / {indonesian}");
}

/// <summary>The two formats; the path's suffix chooses, and where it does not it is XML, which every client reads.</summary>
internal static class AnswerFormat
{
    private const string Json = ".json", Xml = ".xml";

    public static bool IsJson(PathString path) => path.Value!.EndsWith(Json, StringComparison.OrdinalIgnoreCase);

    public static bool IsKnown(PathString path) => IsJson(path) || path.Value!.EndsWith(Xml, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An answer in whichever format was asked for. Written whole before it is sent, so that a failure half way is an error, not half an answer.</summary>
internal sealed class Answer(int status, Action<AnswerWriter> write) : IResult
{
    public int Status => status;

    public static Answer Of(Action<AnswerWriter> write) => new(StatusCodes.Status200OK, write);

    /// <summary>All that is wrong; the first decides the status.</summary>
    public static Answer Refused(params IReadOnlyList<Open311Error> errors) => new(errors[0].Code, writer =>
    {
        writer.BeginList("errors");
        foreach (var error in errors)
        {
            writer.BeginItem("error");
            writer.Whole("code", error.Code);
            writer.Text("description", error.Description);
            writer.EndItem();
        }

        writer.EndList();
    });

    public string ToText(bool json)
    {
        var buffer = Write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public async Task ExecuteAsync(HttpContext http)
    {
        var json = AnswerFormat.IsJson(http.Request.Path);
        var buffer = Write(json);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        response.Headers.XContentTypeOptions = "nosniff";
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (isRead)
        {
            response.Headers.AccessControlAllowOrigin = "*";
        }

        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "2";
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
        }
    }

    private ArrayBufferWriter<byte> Write(bool json)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (AnswerWriter writer = json ? new JsonAnswerWriter(buffer) : new XmlAnswerWriter(buffer))
        {
            write(writer);
        }

        return buffer;
    }
}
