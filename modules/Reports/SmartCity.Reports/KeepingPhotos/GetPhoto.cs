using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.KeepingPhotos;

/// <summary>A photo of a report, or its small copy.</summary>
internal sealed class GetPhotoEndpoint : ICarterModule
{
    // A number's photo never changes, but it can be erased, and a report be withdrawn from the public: browsers ask again after an hour, shared caches keep nothing.
    private const string Public = "private, max-age=3600", Hidden = "private, no-cache";

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapMethods("photos/{number:int}", [HttpMethods.Get, HttpMethods.Head], Get)
        .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
        .WithTags("Reports").WithSummary("A photo of a report; ?size=small for the thumbnail");

    private static async Task<IResult> Get(string id, int number, string? size, HttpContext http, ISender sender, CancellationToken cancel)
    {
        if (size is not (null or "" or "small"))
        {
            return Problem.BadRequest(new Fault("size.unknown", "Leave it out for the whole picture, or send size=small.", "size"));
        }

        var photo = await sender.Send(new GetPhoto(http.Regency().Id, id, number, size == "small", http.ReportSecret()), cancel);
        var tag = new EntityTagHeaderValue($"\"{photo?.Id}\"");
        if (photo is not null && http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            Describe(http, photo);
            http.Response.Headers.ETag = tag.ToString();
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        if (photo is null || await photo.Open(cancel) is not { } content)
        {
            return Problem.NotFound("photo.unknown", $"There is no photo {number} of a public report {id} here.", "number");
        }

        Describe(http, photo);
        return Results.Stream(content, "image/jpeg", entityTag: tag);
    }

    private static void Describe(HttpContext http, PhotoFile photo)
    {
        http.Response.Headers.CacheControl = photo.IsPublic ? Public : Hidden;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
    }
}

internal sealed class GetPhotoHandler(RegencySessions sessions, IFileStore files, Viewers viewers, CallContext call) : IRequestHandler<GetPhoto, PhotoFile?>
{
    public async Task<PhotoFile?> Handle(GetPhoto query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var report = Ticket.Read(query.Ticket) is { } ticket ? await session.LoadAsync<Report>(ticket, cancel) : null;
        var viewer = await viewers.Current(query.Regency, query.Secret, cancel);
        if (report is null || !viewer.MaySee(report) || report.PhotoAt(query.Number) is not { } photo
            || (report.HiddenPhotos.ContainsKey(query.Number) && !viewer.Handles(report) && !viewer.Owns(report))
            || (report.SenderOf(query.Number) is { } sender && await session.LoadAsync<PersonalKey>(sender, cancel) is { Wrapped: null }))
        {
            return null;
        }

        var isPublic = report.IsPublic && !report.HiddenPhotos.ContainsKey(query.Number);
        // As with its words: whoever of the staff is shown what not everybody may see is written down first.
        if (!isPublic && viewer.Handles(report))
        {
            await session.Record(call, [new DataRead(report.Id, report.Version, $"photo-{query.Number}")], cancel);
        }

        var id = query.Thumbnail ? photo.Thumbnail : photo.Id;
        return new PhotoFile(id, isPublic, stop => files.Open(query.Regency, id, stop));
    }
}
