using System.Security.Cryptography;
using System.Text;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Boundaries;

/// <summary>Boundaries for maps, and where a point lies.</summary>
internal sealed class ReadBoundariesEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/boundaries").MapGet("", List)
            .WithTags("Departments").WithSummary("Boundaries as GeoJSON; ?level=regency|district|village, of=CODE (only inside of it)");
        app.MapRegencyApi("/places").MapGet("", Place)
            .WithTags("Departments").WithSummary("In which village, district and regency a point lies; ?latitude=, longitude=");
    }

    private static async Task<IResult> List(string? level, string? of, HttpContext http, RegencyBoundaries boundaries, RegencySessions sessions, CancellationToken cancel)
    {
        BoundaryLevel? wanted = null;
        if (level is not null)
        {
            if (!Enum.TryParse<BoundaryLevel>(level, ignoreCase: true, out var known) || !Enum.IsDefined(known) || char.IsAsciiDigit(level[0]))
            {
                return Problem.BadRequest(new Fault("level.unknown", $"'{level}' is no level; use regency, district or village.", "level"));
            }

            wanted = known;
        }

        var index = await boundaries.Of(http.Regency().Id, sessions, cancel);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{index.Version} {wanted} {of}")).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "public, max-age=60";
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',').Any(known => known.Trim() is "*" || known.Trim() == tag))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        return Results.Json(new
        {
            type = "FeatureCollection",
            features = index.Sets.Where(set => wanted is null || set.Level == wanted).OrderBy(set => set.Level).ThenBy(set => set.Of, StringComparer.Ordinal)
                .SelectMany(set => set.Areas.Where(area => of is null || area.Code == of || area.Code.StartsWith($"{of}.", StringComparison.Ordinal)).Select(area => new
                {
                    type = "Feature",
                    properties = new { area.Code, area.Name, level = set.Level },
                    geometry = new { type = "MultiPolygon", coordinates = area.Polygons },
                })),
        }, contentType: "application/geo+json");
    }

    private static async Task<IResult> Place(double? latitude, double? longitude, HttpContext http, ISender sender, CancellationToken cancel)
    {
        if (latitude is not { } north || longitude is not { } east || !(Math.Abs(north) <= 90) || !(Math.Abs(east) <= 180))
        {
            return Problem.BadRequest(new Fault("place.invalid", "Give latitude and longitude in degrees WGS 84.", latitude is null ? "latitude" : "longitude"));
        }

        return await sender.Send(new FindPlace(http.Regency().Id, north, east), cancel) is { } place ? Results.Ok(place)
            : Problem.NotFound("boundaries.none", "No boundaries are imported here yet: PUT them to …/boundaries.");
    }
}

internal sealed class FindPlaceHandler(RegencyBoundaries boundaries, RegencySessions sessions) : IRequestHandler<FindPlace, FoundPlace?>
{
    public async Task<FoundPlace?> Handle(FindPlace query, CancellationToken cancel) =>
        await boundaries.Of(query.Regency, sessions, cancel) is { IsEmpty: false } index ? index.Find(query.Latitude, query.Longitude) : null;
}
