using System.Text.Json;
using Marten;
using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Placing;

/// <summary>Gathers what is known of a report's place: all of it is in memory, but for the answers that came with the report.</summary>
internal sealed class PlacingFactsReader(ISender sender, RegencyRegistry regencies, PersonalData personal)
{
    public async Task<PlacingFacts> Of(IQuerySession session, string regency, ReportFiled filed, CancellationToken cancel)
    {
        var (category, place) = (filed.Category, filed.Place);
        var known = category is null ? null : (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == category);
        var found = place is { Latitude: { } latitude, Longitude: { } longitude } ? await sender.Send(new FindPlace(regency, latitude, longitude), cancel) : null;
        var answers = filed.Attributes is null ? null : (await personal.Reader(session, [filed.Attributes], cancel)).Open(filed.Attributes);
        return new PlacingFacts(
            regency, (await regencies.Find(RegencyCode.Parse(regency), cancel))?.Name ?? regency, known, found,
            answers is null or PersonalReader.Erased ? null : Placing.RoadClassIn(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(answers)),
            filed.IsOversight, await sender.Send(new GetDepartments(regency), cancel));
    }

    /// <summary>Names of the regencies that are served here, by code.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Served(CancellationToken cancel) => (await regencies.All(cancel)).ToDictionary(r => r.Id, r => r.Name);
}
