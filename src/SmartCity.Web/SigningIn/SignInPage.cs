using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Access;
using SmartCity.Web.Shared;

namespace SmartCity.Web.SigningIn;

/// <summary>Signs staff in and out: with a local account, or at the regency's identity provider where there is one.</summary>
internal static class SignInPage
{
    public static async Task<IResult> Show(HttpContext http, IAuthenticationSchemeProvider schemes) => await Form(http, schemes, ReturnPath(http, http.Request.Query["kembali"]), null, false, StatusCodes.Status200OK);

    public static async Task<IResult> SignIn(HttpContext http, StaffSignIn staff, IAuthenticationSchemeProvider schemes, CancellationToken cancel)
    {
        var form = http.Request.Form;
        var (name, password, back) = (form.Text("nama"), form["sandi"].ToString(), ReturnPath(http, form["kembali"]));
        if (name.Length == 0 || password.Length == 0 || await staff.Try(http.Regency(), name, password, cancel) is not { } principal)
        {
            return await Form(http, schemes, back, name, true, StatusCodes.Status401Unauthorized);
        }

        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, principal);
        return Pages.SeeOther(back);
    }

    public static async Task<IResult> SignInElsewhere(HttpContext http, IAuthenticationSchemeProvider schemes) =>
        await schemes.GetSchemeAsync(OpenIdConnectDefaults.AuthenticationScheme) is null ? Pages.NotFound()
        : Results.Challenge(new AuthenticationProperties { RedirectUri = ReturnPath(http, http.Request.Query["kembali"]) }, [OpenIdConnectDefaults.AuthenticationScheme]);

    public static IResult ShowSignOut() => Pages.Show<SignOutForm>();

    public static async Task<IResult> SignOut(HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Pages.SeeOther($"/{http.Regency().Id}");
    }

    private static async Task<IResult> Form(HttpContext http, IAuthenticationSchemeProvider schemes, string back, string? name, bool isRefused, int status) =>
        Pages.Show<SignInForm>(new
        {
            Back = back,
            Name = name,
            IsRefused = isRefused,
            HasProvider = await schemes.GetSchemeAsync(OpenIdConnectDefaults.AuthenticationScheme) is not null,
        }, status);

    // Only to a page of this regency: never to an address that somebody put into a link.
    private static string ReturnPath(HttpContext http, string? path) =>
        path is not null && path.StartsWith($"/{http.Regency().Id}/", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl) ? path : $"/{http.Regency().Id}/meja";
}

/// <summary>Name and password.</summary>
public partial class SignInForm;

/// <summary>One button.</summary>
public partial class SignOutForm;
