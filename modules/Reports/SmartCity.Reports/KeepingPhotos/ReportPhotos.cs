using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx.Events;
using SmartCity.Platform.Files;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.KeepingPhotos;

namespace SmartCity.Reports;

/// <content>Its photos: those it was filed with, then those that came later, each with a number that stays.</content>
internal sealed partial record Report
{
    /// <summary>Entry of the timeline, for staff: a linked picture could not be had.</summary>
    public const string PhotoMissed = "photo-missed";

    /// <summary>Kind of a photo that came with an update.</summary>
    public const string OfUpdate = "update";

    private const string OfReporter = "report";

    public IReadOnlyList<LaterPhoto> LaterPhotos { get; init; } = [];

    /// <summary>Links of which it is known whether their picture could be had, and which could.</summary>
    public IReadOnlyDictionary<int, bool> LinksTried { get; init; } = new Dictionary<int, bool>();

    [JsonIgnore]
    public int PhotosOfReporterCount => Filed.Photos.Count + LaterPhotos.Count(photo => photo.Kind == OfReporter);

    /// <summary>How the reporter's photos look.</summary>
    [JsonIgnore]
    public IEnumerable<string> LooksOfReporter =>
        Filed.Photos.Concat(LaterPhotos.Where(photo => photo.Kind == OfReporter).Select(photo => photo.Photo)).Select(photo => photo.Look).OfType<string>();

    /// <summary>The report with the photos that an event brings.</summary>
    public Report WithPhotosOf(IEvent @event) => @event.Data switch
    {
        ReportPhotoFetched fetched => this with
        {
            UpdatedAt = @event.Timestamp,
            LaterPhotos = [.. LaterPhotos, new LaterPhoto(fetched.Photo, OfReporter, @event.Id, Filed.Reporter)],
            LinksTried = new Dictionary<int, bool>(LinksTried) { [fetched.Link] = true },
        },
        ReportPhotoMissed missed => Noted(@event, PhotoMissed, FetchReasons.Words(missed.Reason)) with
        {
            LinksTried = new Dictionary<int, bool>(LinksTried) { [missed.Link] = false },
        },
        ReportUpdateReceived { Photos: { Count: > 0 } photos } update => this with
        {
            LaterPhotos = [.. LaterPhotos, .. photos.Select(photo => new LaterPhoto(photo, OfUpdate, @event.Id, update.Author))],
        },
        ReportSupplemented { Photos: { Count: > 0 } photos } => this with
        {
            LaterPhotos = [.. LaterPhotos, .. photos.Select(photo => new LaterPhoto(photo, OfUpdate, @event.Id, Filed.Reporter))],
        },
        ReportAnswered { Photos: { Count: > 0 } photos } => this with
        {
            LaterPhotos = [.. LaterPhotos, .. photos.Select(photo => new LaterPhoto(photo.Photo, photo.Kind, @event.Id))],
        },
        _ => this,
    };

    /// <summary>Photos that the person with a key sent, each with its number.</summary>
    public IEnumerable<(int Number, ReportPhoto Photo)> PhotosSentBy(string key) =>
    [
        .. Filed.Photos.Select((photo, index) => (index + 1, photo)).Where(_ => Filed.Reporter == key),
        .. LaterPhotos.Select((photo, index) => (Filed.Photos.Count + index + 1, photo)).Where(later => later.photo.Person == key).Select(later => (later.Item1, later.photo.Photo)),
    ];

    /// <summary>Id of the key of who sent a photo; null: one of the staff.</summary>
    public string? SenderOf(int number) => number <= Filed.Photos.Count ? Filed.Reporter : LaterPhotos[number - Filed.Photos.Count - 1].Person;

    /// <summary>The photo of a number, or null.</summary>
    public ReportPhoto? PhotoAt(int number) => number < 1 || number > Filed.Photos.Count + LaterPhotos.Count ? null
        : number <= Filed.Photos.Count ? Filed.Photos[number - 1] : LaterPhotos[number - Filed.Photos.Count - 1].Photo;

    public IReadOnlyList<PhotoDetails> PhotosOfReporter(PersonalReader reader, bool handles, bool seesAll) =>
        reader.ErasureOf(Filed.Reporter) is not null ? [] :
    [
        .. Filed.Photos.Select((photo, index) => Details(photo, OfReporter, index + 1, reader, handles)).Where(photo => seesAll || photo.HiddenFor is null),
        .. Later(photo => photo.Kind == OfReporter, reader, handles, seesAll),
    ];

    /// <summary>Photos that came with an entry of the timeline, such as an answer; null when none did.</summary>
    public IReadOnlyList<PhotoDetails>? PhotosOf(TimelineEntry entry, PersonalReader reader, bool handles, bool seesAll) =>
        Later(photo => photo.Event == entry.Id && photo.Kind != OfReporter, reader, handles, seesAll).ToArray() is { Length: > 0 } photos ? photos : null;

    /// <summary>Links whose pictures are not among the photos.</summary>
    public IReadOnlyList<string> LinksLeft(PersonalReader reader) =>
        reader.Open(Filed.MediaUrl) is null or PersonalReader.Erased ? [] : [.. FetchLinks.Links(reader.Open(Filed.MediaUrl)).Where((_, index) => !LinksTried.GetValueOrDefault(index + 1))];

    private IEnumerable<PhotoDetails> Later(Func<LaterPhoto, bool> which, PersonalReader reader, bool handles, bool seesAll) => LaterPhotos
        .Select((photo, index) => (Photo: photo, Number: Filed.Photos.Count + index + 1))
        .Where(numbered => which(numbered.Photo) && (numbered.Photo.Person is not { } person || reader.ErasureOf(person) is null))
        .Select(numbered => Details(numbered.Photo.Photo, numbered.Photo.Kind, numbered.Number, reader, handles)).Where(photo => seesAll || photo.HiddenFor is null);

    private PhotoDetails Details(ReportPhoto photo, string kind, int number, PersonalReader reader, bool handles) =>
        new(number, kind, photo.Width, photo.Height, handles ? Evidence(reader.Open(photo.Evidence)) : null) { HiddenFor = HiddenPhotos.GetValueOrDefault(number) };

    private PhotoEvidence? Evidence(string? json) => json is null or PersonalReader.Erased || JsonSerializer.Deserialize<PhotoTaken>(json) is not { } taken ? null
        : new PhotoEvidence(taken.Latitude, taken.Longitude, taken.At, Near.Metres(Filed.Place.Latitude, Filed.Place.Longitude, taken.Latitude, taken.Longitude) is { } metres ? Math.Round(metres) : null);
}
