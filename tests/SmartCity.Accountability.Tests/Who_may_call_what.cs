using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

/// <summary>Every endpoint of a regency that is for some roles, as the host really has it: nobody has to remember to test a new one.</summary>
public sealed class Who_may_call_what(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private static readonly (string Name, Role Role)[] Staff =
        [("dispatcher", Role.Dispatcher), ("officer.dishub", Role.Officer), ("regent", Role.Regent), ("auditor", Role.Auditor), ("bpkad", Role.Treasurer), ("pdp", Role.DataProtection),
            ("humas", Role.PublicRelations), ("operator", Role.Operator)];

    private (RouteEndpoint Endpoint, string Method, Role[] Roles)[] ForRoles =>
    [
        .. from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.RoutePattern.RawText?.Contains("{code}", StringComparison.Ordinal) == true && endpoint.Metadata.GetMetadata<RequiredRoles>() is { } required && !required.Roles.Contains(Role.Citizen)
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           select (endpoint, method, endpoint.Metadata.GetMetadata<RequiredRoles>()!.Roles.ToArray()),
    ];

    [Fact]
    // An operator runs the whole deployment; Kota Tegal has no treasurer in the sample.
    public async Task nothing_of_a_neighbour_whatever_their_role()
    {
        foreach (var (name, _) in Staff.Where(s => s.Role is not (Role.Operator or Role.Treasurer)))
        {
            using var neighbour = await host.SignIn("33.76", name);
            (await Refused(neighbour, ForRoles)).ShouldBeEmpty($"{name} of 33.76");
        }
    }

    [Fact]
    public async Task nothing_without_an_account_or_with_a_role_that_it_is_not_for()
    {
        ForRoles.Length.ShouldBeGreaterThan(100);
        (await Refused(host.Http, ForRoles)).ShouldBeEmpty("nobody");
        foreach (var (name, role) in Staff)
        {
            using var here = await host.SignIn("33.28", name);
            (await Refused(here, ForRoles.Where(e => !e.Roles.Contains(role)))).ShouldBeEmpty(name);
        }
    }

    /// <summary>What was not refused.</summary>
    private static async Task<IReadOnlyList<string>> Refused(HttpClient caller, IEnumerable<(RouteEndpoint Endpoint, string Method, Role[] Roles)> endpoints)
    {
        var open = new List<string>();
        foreach (var (endpoint, method, _) in endpoints)
        {
            var path = Path(endpoint.RoutePattern);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method is not ("GET" or "HEAD"))
            {
                // What is sent in another form is refused before anybody asks who sends it.
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.FirstOrDefault() ?? "application/json");
            }

            using var answer = await caller.SendAsync(request);
            var isPage = !path.StartsWith("/api/", StringComparison.Ordinal);
            // A page sends whoever is not signed in to sign in.
            if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                && !(isPage && answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther && answer.Headers.Location!.ToString().Contains("masuk", StringComparison.Ordinal)))
            {
                open.Add($"{method} {path}: {(int)answer.StatusCode}");
            }
        }

        return open;
    }

    private static string Path(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { Name: "code" } => "33.28",
        RoutePatternParameterPart { ParameterPolicies: [{ Content: "guid" }, ..] } => "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        RoutePatternParameterPart { ParameterPolicies: [{ Content: "int" }, ..] } => "1",
        RoutePatternParameterPart parameter => parameter.Name,
        _ => "",
    }))));
}
