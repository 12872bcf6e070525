using System.Text.RegularExpressions;
using MediatR;
using SmartCity.Departments.Boundaries;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;

namespace SmartCity.Departments.RoutingReports;

internal sealed class RouteReportHandler(RegencyDirectories directories, RegencyBoundaries boundaries, RegencySessions sessions) : IRequestHandler<RouteReport, Responsibility>
{
    public async Task<Responsibility> Handle(RouteReport request, CancellationToken cancel)
    {
        var directory = await directories.Of(request.Regency, sessions, cancel);
        var place = request is { Latitude: { } latitude, Longitude: { } longitude } ? (await boundaries.Of(request.Regency, sessions, cancel)).Find(latitude, longitude) : null;
        return Routing.Decide(directory.Categories, directory.Departments, directory.Districts, request, place);
    }
}

/// <summary>Who is responsible for a report, and in which district it lies.</summary>
internal static class Routing
{
    private const double NearbyKilometres = 12, KilometresPerDegree = 111.32;

    /// <summary>
    /// For the conduct of officials always the oversight body, whichever account was written to. Else the department of the category that
    /// somebody chose, else the one whose account was written to. Only where neither is known, the one that the words surely mean. Else a
    /// dispatcher. An account of an office to which no category belongs, such as public relations, says the least: it hears of everything.
    /// </summary>
    public static Responsibility Decide(
        IReadOnlyList<Category> categories, IReadOnlyList<Department> departments, IReadOnlyList<District> districts, RouteReport request, FoundPlace? place = null)
    {
        // A neighbour's district is none of ours, whatever the address says.
        var district = place?.Regency is { } regency ? regency.Code != request.Regency ? null : place.District?.Code ?? DistrictOf(districts, request)?.Code
            : DistrictOf(districts, request)?.Code;
        var category = request.Category is null ? null : categories.FirstOrDefault(c => c.Code == request.Category);
        if (request.IsOversight || category?.IsOversight == true)
        {
            // Without an oversight body nobody but the regent sees it: better than the accused department.
            var oversight = departments.Where(d => d.Kind == DepartmentKind.Oversight).OrderBy(d => d.Code != category?.Department).FirstOrDefault();
            return new Responsibility(oversight?.Code, oversight is null ? RoutingGround.Dispatcher : RoutingGround.Category, district);
        }

        var addressed = Known(request.AddressedDepartment);
        // What may concern officials without being surely so is for a person to look at first.
        var meant = Known(request.Suggested) is { } code && departments.First(d => d.Code == code).Kind != DepartmentKind.Oversight ? code : null;
        return (request.IsGuess ? null : Known(category?.Department)) is { } chosen ? new Responsibility(There(chosen), RoutingGround.Category, district)
            : addressed is not null && categories.Any(c => c.Department == addressed) ? new Responsibility(addressed, RoutingGround.Account, district)
            : (meant ?? Known(category?.Department)) is { } likely ? new Responsibility(There(likely), RoutingGround.Words, district)
            : addressed is not null ? new Responsibility(addressed, RoutingGround.Account, district)
            : new Responsibility(null, RoutingGround.Dispatcher, district);

        string? Known(string? code) => departments.Any(d => d.Code == code) ? code : null;

        // A unit of the department that answers for the district, where there is one.
        string There(string code) => district is null ? code
            : departments.FirstOrDefault(d => d.Parent == code && d.MergedInto is null && d.Districts?.Contains(district) == true)?.Code ?? code;
    }

    /// <summary>
    /// Where it lies, as far as no imported boundary says it: the district that the address names as a whole word (after "kec." before
    /// elsewhere, then the longest name, then the first), else the one with the nearest middle, if that is near.
    /// </summary>
    public static District? DistrictOf(IReadOnlyList<District> districts, RouteReport request) =>
        NamedIn(districts, request.Address) ?? Nearest(districts, request.Latitude, request.Longitude);

    private static District? NamedIn(IReadOnlyList<District> districts, string? address) => string.IsNullOrWhiteSpace(address) ? null : districts
        .SelectMany(district => Mentions(address, district.Name).Select(mention => (District: district, Mention: mention)))
        .OrderByDescending(found => found.Mention.Groups["office"].Success)
        .ThenByDescending(found => found.District.Name.Length)
        .ThenBy(found => found.Mention.Index)
        .FirstOrDefault().District;

    private static MatchCollection Mentions(string address, string name) => Regex.Matches(
        address, $@"(?<!\w)(?<office>kec(?:amatan)?(?:\.\s*|\s+))?(?<!\w){Regex.Escape(name).Replace(@"\ ", @"\s+")}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static District? Nearest(IReadOnlyList<District> districts, double? latitude, double? longitude)
    {
        if (latitude is not { } north || longitude is not { } east)
        {
            return null;
        }

        var nearest = districts.MinBy(Distance);
        return nearest is not null && Distance(nearest) <= NearbyKilometres ? nearest : null;

        double Distance(District district)
        {
            var x = (district.Longitude - east) * Math.Cos(double.DegreesToRadians(north));
            var y = district.Latitude - north;
            return Math.Sqrt(x * x + y * y) * KilometresPerDegree;
        }
    }
}
