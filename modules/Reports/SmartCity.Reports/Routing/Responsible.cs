using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Routing;

/// <summary>Finds who is responsible for a report that nobody has assigned yet.</summary>
internal sealed class Responsible(ISender sender, RegencySessions sessions, PersonalData personal)
{
    /// <param name="category">Its category now.</param>
    public async Task<Responsibility> For(string regency, ReportFiled filed, string? category, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var (place, taken) = (filed.Place, filed.Assessment);
        var address = (await personal.Reader(session, [place.Address], cancel)).Open(place.Address);
        var responsible = await sender.Send(
            new RouteReport(regency, category, filed.AddressedDepartment, place.Latitude, place.Longitude, address, filed.IsOversight, taken?.Routed, taken is { IsGuess: true } && category == filed.Category), cancel);
        // It may accuse the very department that it would go to: a person looks first.
        return category is null && taken is { MayBeOversight: true } ? responsible with { Department = null, Ground = RoutingGround.Dispatcher } : responsible;
    }
}
