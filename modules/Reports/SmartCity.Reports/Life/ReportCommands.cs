using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Life;

/// <summary>What the body of every move may say.</summary>
internal abstract record ReportBody
{
    /// <summary>The version the caller saw; the same may be said by <c>If-Match</c>.</summary>
    public long? ExpectedVersion { get; init; }
}

/// <summary>Which report a move is about, and who says to be its reporter.</summary>
internal sealed record ReportAddress(string Regency, string Ticket, long? ExpectedVersion, string? Secret);

/// <summary>Endpoints of moves: <c>POST /api/v1/regencies/{code}/reports/{id}/…</c>.</summary>
internal static class ReportCommands
{
    /// <summary>Header in which a reporter proves to be the reporter.</summary>
    public const string SecretHeader = "X-Report-Secret";

    /// <summary>
    /// One move: 200 with the new version; 400 names the field at fault; 403 and 404 by <see cref="LifeTable"/>; 409 with the current version when
    /// the report has moved on or stands elsewhere.
    /// </summary>
    public static RouteHandlerBuilder MapReportCommand<TBody>(this IEndpointRouteBuilder app, string path, string summary, Func<TBody, ReportAddress, IReportCommand> command)
        where TBody : ReportBody, new() => app.MapRegencyApi("/reports/{id}")
            .MapPost(path, async (string id, TBody? body, HttpContext http, ISender sender, CancellationToken cancel) =>
            {
                body ??= new TBody();
                return http.TryReadAddress(id, body.ExpectedVersion, out var report, out var fault)
                    ? (await sender.Send(command(body, report), cancel)).ToResult(http) : Problem.BadRequest(fault);
            })
            .WithTags("Reports").WithSummary(summary);

    /// <summary>The report that a request is about; false when its <c>If-Match</c> makes no sense.</summary>
    public static bool TryReadAddress(this HttpContext http, string ticket, long? bodyVersion, out ReportAddress report, out Fault fault)
    {
        var (header, inHeader) = (http.Request.Headers.IfMatch.ToString().Trim(), (long?)null);
        fault = new Fault("ifMatch.invalid", "Send the report's version as in its ETag, such as \"3\", once: in If-Match or as expectedVersion.", "If-Match");
        if (header is not ("" or "*"))
        {
            var digits = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..].Trim('"') : header.Trim('"');
            inHeader = long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : -1;
        }

        report = new ReportAddress(http.Regency().Id, ticket, inHeader ?? bodyVersion, http.ReportSecret());
        return inHeader is not -1 && (inHeader is null || bodyVersion is null || inHeader == bodyVersion);
    }

    /// <summary>What the caller proves with to be the reporter.</summary>
    public static string? ReportSecret(this HttpContext http) => http.Request.Headers[SecretHeader].FirstOrDefault() is { Length: > 0 and <= 64 } secret ? secret : null;
}
