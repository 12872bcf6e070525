using System.Security.Cryptography;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Moving;

/// <summary>Counts who supports a proposal on the page: a browser counts once, known by a signed random number that says nothing about anybody.</summary>
internal sealed class Supporting(IDataProtectionProvider protection)
{
    private const string Cookie = "smartcity.dukungan";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly IDataProtector _protector = protection.CreateProtector("SmartCity.Web.Supporting");

    public async Task<IResult> Send(string ticket, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var outcome = await sender.Send(new SupportProposal(regency, ticket, $"web/{Browser(http)}"), cancel);
        return outcome.Value is { } support ? Pages.SeeOther($"/{regency}/laporan/{support.Ticket}#usulan")
            : outcome.Refusals[0].Kind == RefusalKind.NotFound ? Pages.Error(StatusCodes.Status404NotFound, "report")
            : Pages.Error(StatusCodes.Status409Conflict);
    }

    private string Browser(HttpContext http)
    {
        try
        {
            if (http.Request.Cookies[Cookie] is { } cookie)
            {
                return _protector.Unprotect(cookie);
            }
        }
        catch (CryptographicException)
        {
            // Not ours: counted as somebody new.
        }

        var number = RandomNumberGenerator.GetHexString(32, lowercase: true);
        http.Response.Cookies.Append(Cookie, _protector.Protect(number), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = Lifetime,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = $"/{http.Regency().Id}/",
        });
        return number;
    }
}
