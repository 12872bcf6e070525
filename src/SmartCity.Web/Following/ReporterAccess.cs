using MediatR;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Following;

/// <summary>
/// Keeps in the reporter's own browser what proves to be the reporter: set when a report is filed here, or when its key is typed in. The key never
/// stands in an address, so no log has it.
/// </summary>
internal static class ReporterAccess
{
    private const string Cookie = "smartcity.pelapor.";

    // A hidden report must not be found by the next person at the same computer.
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90), OfHidden = TimeSpan.FromHours(1);

    /// <summary>The key of a report in this browser, or null.</summary>
    public static string? Secret(HttpContext http, string ticket) => http.Request.Cookies[Cookie + ticket] is { Length: > 0 and <= 64 } secret ? secret : null;

    public static void Keep(HttpContext http, string ticket, string secret, bool isHidden) =>
        http.Response.Cookies.Append(Cookie + ticket, secret, Options(http, isHidden ? OfHidden : Usual));

    /// <summary>The reader leaves this device to others.</summary>
    public static IResult Forget(string ticket, HttpContext http)
    {
        http.Response.Cookies.Delete(Cookie + ticket, Options(http, null));
        return Pages.SeeOther($"/{http.Regency().Id}");
    }

    /// <summary>A report as this browser may see it: with its own key, or with that of the report that it is a part of.</summary>
    public static async Task<(ReportDetails? Report, string? Secret)> Find(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, secret) = (http.Regency().Id, Secret(http, ticket));
        var report = await sender.Send(new GetReport(regency, ticket, Secret: secret), cancel);
        if (report is { IsOwn: false, PartOf: { } whole } && Secret(http, whole) is { } ofWhole)
        {
            return (await sender.Send(new GetReport(regency, ticket, Secret: ofWhole), cancel), ofWhole);
        }

        return (report, secret);
    }

    /// <summary>Takes a key that was typed in.</summary>
    public static async Task<IResult> Enter(HttpContext http, ISender sender, CancellationToken cancel)
    {
        var (regency, form) = (http.Regency().Id, http.Request.Form);
        var (number, secret) = (form.Text("nomor"), form.Text("kunci"));
        if (secret.Length is 0 or > 64 || number.Length > 60 || await sender.Send(new GetReport(regency, number, Secret: secret), cancel) is not { IsOwn: true } report)
        {
            return Pages.Show<ReporterEntrance>(new { Number = number, IsRefused = true }, StatusCodes.Status403Forbidden);
        }

        Keep(http, report.Ticket, secret, report.IsConfidential);
        return Pages.SeeOther($"/{regency}/laporan/{report.Ticket}");
    }

    private static CookieOptions Options(HttpContext http, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = lifetime,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = $"/{http.Regency().Id}/",
    };

    public static IResult Show(HttpContext http) =>
        Pages.Show<ReporterEntrance>(new { Number = http.Request.Query["nomor"].FirstOrDefault() is { Length: <= 60 } number ? number : null, IsRefused = false });
}

/// <summary>Number and key of a report.</summary>
public partial class ReporterEntrance;
