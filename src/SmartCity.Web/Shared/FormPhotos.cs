using Microsoft.AspNetCore.Http;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;

namespace SmartCity.Web.Shared;

/// <summary>Photos in a form.</summary>
internal static class FormPhotos
{
    /// <summary>The files of some fields, in the order of the fields; a browser sends an empty file for a field that was left empty.</summary>
    public static IReadOnlyList<PhotoUpload> Photos(this IFormCollection form, params IReadOnlyList<string> fields) =>
        [.. fields.SelectMany(field => form.Files.Where(f => f.Name == field && (f.Length > 0 || f.FileName.Length > 0)).Select(f => new PhotoUpload(field, Path.GetFileName(f.FileName), f.OpenReadStream)))];

    public static ReportPhoto ToReportPhoto(Photo photo) => new(photo.Id, photo.Thumbnail, photo.Width, photo.Height, photo.Look, photo.Evidence);

    /// <summary>What is wrong, with the file's name in front.</summary>
    public static string Named(PhotoFault fault, string text) => string.IsNullOrEmpty(fault.Name) ? text : $"“{fault.Name}”: {text}";
}
