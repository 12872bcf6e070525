using System.Text.Json;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Reading;

/// <summary>Who may see which report, and how much of it.</summary>
internal static class Visibility
{
    /// <summary>Whether the report exists for this caller.</summary>
    public static bool MaySee(this Actor actor, Report report) => report.IsPublic || actor.Role switch
    {
        Role.Regent or Role.Auditor => true,
        Role.Dispatcher => !report.Filed.IsOversight,
        Role.Officer => report.Department is not null && report.Department == actor.Department,
        _ => false,
    };

    /// <summary>Whether the caller handles the report, and so reads it as it was written.</summary>
    public static bool Handles(this Actor actor, Report report) => actor.Role switch
    {
        Role.Regent or Role.Dispatcher or Role.Auditor => true,
        Role.Officer => report.Department is not null && report.Department == actor.Department,
        _ => false,
    };
}

/// <summary>Opens reports for a caller: one query for the keys of a whole page.</summary>
internal sealed class ReportViews(PersonalData personal)
{
    public async Task<IReadOnlyList<ReportDetails>> Open(IQuerySession session, IReadOnlyList<Report> reports, Actor actor, CancellationToken cancel)
    {
        // What somebody else said about a report is sealed with his own key.
        var reader = await personal.Reader(session, reports.SelectMany(r => r.Timeline.Select(entry => entry.Text)
            .Concat(r.LaterPhotos.Select(photo => photo.Person).Append(r.Filed.Reporter).Select(PersonalReader.Of))), cancel);
        return [.. reports.Select(report => Open(report, reader, actor))];
    }

    private static ReportDetails Open(Report report, PersonalReader reader, Actor actor)
    {
        var (filed, handles) = (report.Filed, actor.Handles(report));
        string? Text(string? value) => reader.Open(value) is { } text ? handles ? text : PublicText.Mask(text) : null;
        string? Link(string? value) => reader.Open(value) is { } link and not PersonalReader.Erased ? link : null;
        return new ReportDetails(
            report.Id, report.Version, report.State, filed.Channel, report.Category, Text(filed.Description), filed.Place with { Address = Text(filed.Place.Address), AddressId = reader.Open(filed.Place.AddressId) },
            report.Department, report.District, report.FiledAt, report.UpdatedAt, report.PhotosOfReporter(reader, handles), report.LinksLeft(reader),
            handles ? Read<Dictionary<string, IReadOnlyList<string>>>(reader.Open(filed.Attributes)) : null,
            handles && (!filed.IsAnonymous || actor.Role == Role.Auditor) ? Read<ReporterDetails>(reader.Open(filed.Contact)) : null,
            !report.IsPublic,
            [.. report.Timeline.Where(entry => handles || (entry.What != Report.PhotoMissed && (entry.What != "assigned" || entry.Text is null)))
                .Select(entry => entry with
                {
                    Text = Text(entry.Text),
                    Photos = report.PhotosOf(entry, reader, handles),
                    Links = entry.Links is { } links ? [.. links.Select(Link).OfType<string>()] : null,
                })])
        {
            Erased = reader.ErasureOf(filed.Reporter) is { DestroyedAt: { } at, Ground: { } ground } erasure
                ? new ErasureNote(at, ground.ToString()[..1].ToLowerInvariant() + ground.ToString()[1..], handles ? erasure.DestroyedBy : null) : null,
        };
    }

    private static T? Read<T>(string? json) where T : class => json is null or PersonalReader.Erased ? null : JsonSerializer.Deserialize<T>(json);
}
