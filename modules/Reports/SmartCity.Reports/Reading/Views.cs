using System.Text.Json;
using Marten;
using SmartCity.Platform.Access;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Following;

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
        var reader = await personal.Reader(session, reports.Select(r => $"s1.{r.Filed.Reporter}."), cancel);
        var followers = await FollowCounts.Of(session, [.. reports.Select(r => r.Id)], cancel);
        return [.. reports.Select(report => Open(report, reader, actor) with { Followers = followers.GetValueOrDefault(report.Id) })];
    }

    private static ReportDetails Open(Report report, PersonalReader reader, Actor actor)
    {
        var (filed, handles) = (report.Filed, actor.Handles(report));
        string? Text(string? value) => reader.Open(value) is { } text ? handles ? text : PublicText.Mask(text) : null;
        return new ReportDetails(
            report.Id, report.Version, report.State, filed.Channel, report.Category, Text(filed.Description), filed.Place with { Address = Text(filed.Place.Address) },
            report.Department, report.District, report.FiledAt, report.UpdatedAt, report.PhotosOfReporter(reader, handles), report.LinksLeft(reader),
            handles ? Read<Dictionary<string, IReadOnlyList<string>>>(reader.Open(filed.Attributes)) : null,
            handles && (!filed.IsAnonymous || actor.Role == Role.Auditor) ? Read<ReporterDetails>(reader.Open(filed.Contact)) : null,
            !report.IsPublic,
            [.. report.Timeline.Where(entry => handles || (entry.What != Report.PhotoMissed && (entry.What != "assigned" || entry.Text is null)))
                .Select(entry => entry with { Text = Text(entry.Text), Photos = report.PhotosOf(entry, reader, handles) })]);
    }

    private static T? Read<T>(string? json) where T : class => json is null or PersonalReader.Erased ? null : JsonSerializer.Deserialize<T>(json);
}
