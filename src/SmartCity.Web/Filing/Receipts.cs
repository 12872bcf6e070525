using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;

namespace SmartCity.Web.Filing;

/// <summary>
/// Remembers in the reporter's own browser, for an hour, which report it has just filed: a confidential one has no public
/// page, but its reporter must learn the number.
/// </summary>
internal sealed class Receipts(IDataProtectionProvider protection, TimeProvider time)
{
    private const string Cookie = "smartcity.kiriman";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly IDataProtector _protector = protection.CreateProtector("SmartCity.Web.Receipts");

    public void Give(HttpContext http, string ticket) => http.Response.Cookies.Append(
        Cookie, _protector.Protect($"{http.Regency().Id} {ticket} {(time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}"),
        new CookieOptions { HttpOnly = true, IsEssential = true, MaxAge = Lifetime, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = $"/{http.Regency().Id}" });

    public bool Has(HttpContext http, string ticket)
    {
        try
        {
            return http.Request.Cookies[Cookie] is { } cookie && _protector.Unprotect(cookie).Split(' ') is [var regency, var filed, var until]
                && regency == http.Regency().Id && filed == ticket && long.Parse(until, System.Globalization.CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
