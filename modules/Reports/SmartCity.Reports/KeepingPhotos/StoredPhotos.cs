using SmartCity.Platform.Files;
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
