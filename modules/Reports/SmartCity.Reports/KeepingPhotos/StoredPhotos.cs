using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.KeepingPhotos;

/// <summary>A photo that came after the report was filed.</summary>
/// <param name="Kind">As in <see cref="PhotoDetails"/>.</param>
/// <param name="Event">The event it came with.</param>
/// <param name="Person">Id of the key of who sent it; null: one of the staff.</param>
internal sealed record LaterPhoto(ReportPhoto Photo, string Kind, Guid Event, string? Person = null);

internal static class StoredPhotos
{
    /// <summary>A stored photo as reports hold it; its evidence is still in the clear.</summary>
    public static ReportPhoto ToReportPhoto(this Photo photo) => new(photo.Id, photo.Thumbnail, photo.Width, photo.Height, photo.Look, photo.Evidence);
}

/// <summary>Seals what the photos of an answer say of their place and time, with the key of the report's reporter.</summary>
internal sealed class PhotoEvidenceSeal(RegencySessions sessions, PersonalData personal)
{
    public async Task<IReadOnlyList<AnswerPhoto>?> Seal(string regency, string ticket, IReadOnlyList<AnswerPhoto>? photos, CancellationToken cancel)
    {
        if (photos is null or { Count: 0 } || photos.All(photo => photo.Photo.Evidence is null))
        {
            return photos is { Count: > 0 } ? photos : null;
        }

        await using var session = sessions.Query(regency);
        var seal = await session.LoadAsync<Report>(ticket, cancel) is { } report && await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is { } key ? personal.SealOf(key) : null;
        return [.. photos.Select(photo => photo with { Photo = photo.Photo with { Evidence = seal?.Seal(photo.Photo.Evidence) } })];
    }
}
