using System.Security.Cryptography;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Following;

/// <summary>One tap to follow a report instead of filing the same again, and one to leave it.</summary>
internal static class FollowPages
{
    public static async Task<IResult> Follow(string ticket, HttpContext http, ISender sender, FollowerCookie cookie, CancellationToken cancel) =>
        (await FollowAs(ticket, new ReporterDetails(), http, sender, cookie, cancel)).Value is { } followed ? Pages.SeeOther($"/{http.Regency().Id}/laporan/{followed.Ticket}?ikut=1#ikuti")
        : Pages.Error(StatusCodes.Status404NotFound, "report");

    public static async Task<IResult> Unfollow(string ticket, HttpContext http, ISender sender, FollowerCookie cookie, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        if (await sender.Send(new GetFollowing(regency, ticket, cookie.Read(http).People), cancel) is { } person)
        {
            await sender.Send(new UnfollowReport(regency, ticket, person), cancel);
        }

        return Pages.SeeOther($"/{regency}/laporan/{Uri.EscapeDataString(ticket)}#ikuti");
    }

    /// <summary>Follows as whoever gave an e-mail address or a telephone number, else as this browser.</summary>
    public static async Task<Outcome<FollowedReport>> FollowAs(
        string ticket, ReporterDetails contact, HttpContext http, ISender sender, FollowerCookie cookie, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        // Twice by one person, first as this browser and then with a contact, counts once.
        if (await sender.Send(new GetFollowing(regency, ticket, cookie.Read(http).People), cancel) is { } person)
        {
            return Outcome<FollowedReport>.Done(new FollowedReport(ticket, person, 0, IsNew: false));
        }

        var (browser, _) = cookie.Read(http);
        var outcome = await sender.Send(new FollowReport(regency, ticket, contact.Email is null && contact.Phone is null ? contact with { Identity = $"web:{browser}" } : contact, "web"), cancel);
        if (outcome.Value is { } followed)
        {
            cookie.Remember(http, browser, followed.Person);
        }

        return outcome;
    }
}

/// <summary>Remembers in a browser as whom it follows reports: as a contact that was given here, or as itself. Only we can read it.</summary>
internal sealed class FollowerCookie(IDataProtectionProvider protection)
{
    private const string Cookie = "smartcity.pengikut";
    private const int Most = 4;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly IDataProtector _protector = protection.CreateProtector("SmartCity.Web.Followers");

    /// <summary>The browser's own id, a new one when it has none yet, and the ids of the people as whom it has followed in this regency.</summary>
    public (string Browser, IReadOnlyList<string> People) Read(HttpContext http)
    {
        try
        {
            if (http.Request.Cookies[Cookie] is { } cookie && _protector.Unprotect(cookie).Split(' ') is [var regency, var browser, .. var people] && regency == http.Regency().Id)
            {
                return (browser, people);
            }
        }
        catch (CryptographicException)
        {
            // Not of ours.
        }

        return (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), []);
    }

    public void Remember(HttpContext http, string browser, string person) => http.Response.Cookies.Append(
        Cookie, _protector.Protect(string.Join(' ', Read(http).People.Where(other => other != person).Prepend(person).Take(Most).Prepend(browser).Prepend(http.Regency().Id))),
        new CookieOptions { HttpOnly = true, IsEssential = true, MaxAge = Lifetime, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = $"/{http.Regency().Id}" });
}
