using Carter;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Access;

/// <summary>Name and password of a local account.</summary>
public sealed record SignInBody(string? Name, string? Password);

/// <summary>Signs staff in and out over the API; the page uses the same accounts and the same cookie.</summary>
public sealed class SessionEndpoints : ICarterModule
{
    private const string Own = "It signs in or out.";

    /// <inheritdoc/>
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        // An operator signs in here when there is no regency yet.
        app.MapPost("/api/v1/operators/session", SignIn).OutsideRegencies("Operators belong to no regency.").OpenToAuditors(Own).WithTags("Session").WithSummary("Sign in as an operator");
        var session = app.MapRegencyApi("/session").WithTags("Session");
        session.MapPost("", SignIn).OpenToAuditors(Own).WithSummary("Sign in with a local account; answers with a cookie");
        session.MapGet("", (HttpContext http) => http.Actor()).WithSummary("Who is signed in");
        session.MapDelete("", async (HttpContext http) =>
        {
            await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.NoContent();
        }).OpenToAuditors(Own).WithSummary("Sign out");
    }

    private static async Task<IResult> SignIn(SignInBody body, HttpContext http, StaffSignIn staff, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || string.IsNullOrEmpty(body.Password))
        {
            return Problem.BadRequest(new Fault("session.incomplete", "Send the name and the password.", body.Password is null ? "password" : "name"));
        }

        if (await staff.Try(http.Features.Get<Regency>(), body.Name, body.Password, cancel) is not { } principal)
        {
            return Problem.From(StatusCodes.Status401Unauthorized, new Fault("session.refused",
                $"Name or password is wrong, or the account is locked: after {StaffAccount.Attempts} wrong passwords it stays locked for {StaffAccount.LockedFor.TotalMinutes} minutes."));
        }

        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, principal);
        return Results.Ok(Claims.Actor(principal));
    }
}
