using System.Globalization;
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

/// <summary>Where something is, by name: districts and villages that the regency has.</summary>
internal sealed class FindAreasEndpoint : ICarterModule
{
    private const int Most = 50, LongestQuery = 100;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/places/search").MapGet("", Search)
        .WithTags("Departments").WithSummary("Districts and villages by the beginning of their words, each with a point inside; ?q=, limit=");

    private static async Task<IResult> Search(string? q, int? limit, HttpContext http, ISender sender, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(q) || q.Length > LongestQuery)
        {
            return Problem.BadRequest(new Fault("q.invalid", $"Give the beginning of a name, at most {LongestQuery} characters.", "q"));
        }

        if (limit is < 1 or > Most)
        {
            return Problem.BadRequest(new Fault("limit.invalid", $"Between 1 and {Most}.", "limit"));
        }

        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Ok(NamedAreas.Find(await sender.Send(new GetAreas(http.Regency().Id), cancel), q, limit ?? 10));
    }
}

internal sealed class GetAreasHandler(RegencyDirectories directories, RegencyBoundaries boundaries, RegencySessions sessions) : IRequestHandler<GetAreas, IReadOnlyList<NamedDistrict>>
{
    public async Task<IReadOnlyList<NamedDistrict>> Handle(GetAreas query, CancellationToken cancel)
    {
        var directory = await directories.Of(query.Regency, sessions, cancel);
        return NamedAreas.Of(query.Regency, directory.Districts, (await boundaries.Of(query.Regency, sessions, cancel)).Middles);
    }
}

/// <summary>An area as it is found by name.</summary>
/// <param name="Words">As it is written in an address.</param>
internal sealed record FoundArea(string Code, string Name, string Words, double Latitude, double Longitude);

/// <summary>The areas of a regency.</summary>
internal static class NamedAreas
{
    /// <summary>The districts that the regency has named, and those that only its boundaries know, each with the villages in it.</summary>
    public static IReadOnlyList<NamedDistrict> Of(string regency, IReadOnlyList<District> districts, IReadOnlyDictionary<string, NamedArea> known)
    {
        var here = known.Values.Where(area => area.Code.StartsWith($"{regency}.", StringComparison.Ordinal)).ToArray();
        var villages = here.Where(area => area.Code.Length > 8).ToLookup(area => area.Code[..8]);
        return
        [
            .. districts.Select(d => new NamedArea(d.Code, d.Name, d.Latitude, d.Longitude)).Concat(here.Where(area => area.Code.Length == 8)).DistinctBy(area => area.Code)
                .OrderBy(area => area.Name, StringComparer.OrdinalIgnoreCase)
                .Select(d => new NamedDistrict(d.Code, d.Name, d.Latitude, d.Longitude, [.. villages[d.Code].OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase)])),
        ];
    }

    /// <summary>Those in which every typed word begins a word of the name; names that begin so first, districts before villages. Capitals and accents do not matter.</summary>
    public static IReadOnlyList<FoundArea> Find(IReadOnlyList<NamedDistrict> districts, string query, int limit)
    {
        var wanted = Words(query).Where(word => word is not ("kec" or "kecamatan" or "desa" or "kelurahan" or "kel" or "ds")).ToArray();
        return wanted.Length == 0 ? [] :
        [
            .. districts.SelectMany(d => d.Villages.Select(v => (Level: 1, Found: new FoundArea(v.Code, v.Name, $"{v.Name}, Kec. {d.Name}", v.Latitude, v.Longitude)))
                    .Prepend((Level: 0, Found: new FoundArea(d.Code, d.Name, $"Kec. {d.Name}", d.Latitude, d.Longitude))))
                .Where(area => wanted.All(word => Words(area.Found.Words).Any(known => known.StartsWith(word, StringComparison.Ordinal))))
                .OrderByDescending(area => Words(area.Found.Name).FirstOrDefault()?.StartsWith(wanted[0], StringComparison.Ordinal) == true).ThenBy(area => area.Level)
                .ThenBy(area => area.Found.Words, StringComparer.Ordinal)
                .Select(area => area.Found).Take(limit),
        ];
    }

    private static string[] Words(string text) => string.Concat(string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
        .Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
