using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;

namespace SmartCity.Reports.Open311;

/// <summary>Open311 GeoReport v2: what a standard client can ask of a regency. Every answer, errors too, is XML or JSON as the path's suffix says.</summary>
internal sealed class Open311Routes : ICarterModule
{
    public const string Specification = "http://wiki.open311.org/GeoReport_v2";
    public const string Base = "/open311/v2";
    private const string Why = "The regency is named by jurisdiction_id, in the query or in the form.";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(app, "/open311/discovery", "Where the API is and how to get a key", Discovery.Get).WithMetadata(JurisdictionIsOptional.Instance);
        Map(app, $"{Base}/discovery", "Where the API is and how to get a key", Discovery.Get).WithMetadata(JurisdictionIsOptional.Instance);
        Map(app, $"{Base}/services", "What can be reported", ServiceList.Get);
        Map(app, $"{Base}/services/{{service}}", "What is asked with a report of one service", ServiceDefinition.Get);
        Map(app, $"{Base}/requests", "Reports, newest first", RequestList.Get, PostRequest.Post, "File a report (form; photos as multipart)");
        Map(app, $"{Base}/requests/{{ids}}", "One report, or several by a comma list", RequestsById.Get);
        Map(app, $"{Base}/tokens/{{token}}", "The report of a token", TokenOfRequest.Get);
        Map(app, $"{Base}/servicerequestupdates", "What happened to reports (extension of FixMyStreet)", RequestUpdates.Get,
            RequestUpdates.Post, "Add to a report what a user of yours says (form; photos as multipart)");
        foreach (var (path, field) in new[] { ("services", "service_code"), ("requests", "service_request_id"), ("tokens", "token") })
        {
            app.Map($"{Base}/{path}/.{{format}}", () => Answer.Refused(Open311Error.Of(400, "It is missing from the address.", "Tidak ada di alamat.", field)))
                .OutsideRegencies(Why).ExcludeFromDescription();
        }

        app.Map("/open311/{**path}", () => Answer.Refused(Open311Error.Of(404,
                "There is nothing at this address. Start at /open311/discovery.xml; every address ends with .xml or .json.",
                "Tidak ada apa-apa di alamat ini. Mulai dari /open311/discovery.xml; setiap alamat berakhiran .xml atau .json.")))
            .OutsideRegencies(Why).ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder app, string path, string summary, Delegate get, Delegate? post = null, string? postSummary = null)
    {
        var pattern = $"{path}.{{format}}";
        var allowed = post is null ? "GET, HEAD" : "GET, HEAD, POST";
        // Takes whatever method no other endpoint takes, so that also this error has the shape clients expect.
        app.Map(pattern, (HttpContext http) =>
        {
            http.Response.Headers.Allow = allowed;
            return Answer.Refused(Open311Error.Of(405, $"This address answers {allowed}.", $"Alamat ini menjawab {allowed}."));
        }).OutsideRegencies(Why).ExcludeFromDescription();
        if (post is not null)
        {
            Describe(app.MapPost(pattern, post), postSummary!);
        }

        return Describe(app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], get), summary);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string summary) =>
        endpoint.AddEndpointFilter<Open311Frame>().OutsideRegencies(Why).WithTags("Open311").WithSummary(summary);
}

/// <summary>Marks what is answered also without a jurisdiction.</summary>
internal sealed class JurisdictionIsOptional
{
    public static JurisdictionIsOptional Instance { get; } = new();
}
