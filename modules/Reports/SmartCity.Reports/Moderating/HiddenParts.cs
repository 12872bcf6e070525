using System.Text.Json.Serialization;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports;

/// <content>What of it everybody sees, where that is not all that was written and sent.</content>
internal sealed partial record Report
{
    /// <summary>Photos that not everybody sees, and why.</summary>
    public IReadOnlyDictionary<int, string> HiddenPhotos { get; init; } = new Dictionary<int, string>();

    /// <summary>Words that not everybody reads, by <see cref="Contracts.PublicWords"/>.</summary>
    public IReadOnlyDictionary<string, HiddenWords> HiddenWords { get; init; } = new Dictionary<string, HiddenWords>();

    [JsonIgnore]
    public bool IsPartlyHidden => HiddenPhotos.Count > 0 || HiddenWords.Count > 0;

    /// <summary>Photos of the reporter that everybody sees.</summary>
    [JsonIgnore]
    public int PublicPhotosOfReporterCount => Enumerable.Range(1, Filed.Photos.Count + LaterPhotos.Count)
        .Count(number => !HiddenPhotos.ContainsKey(number) && (number <= Filed.Photos.Count || LaterPhotos[number - Filed.Photos.Count - 1].Kind == OfReporter));

    /// <summary>What everybody reads in place of sealed words, sealed.</summary>
    public string? PublicWordsOf(string which, string? words) => words is not null && HiddenWords.TryGetValue(which, out var hidden) ? hidden.Instead : words;

    /// <summary>The report as everybody may have it, to be passed on: hidden words and photos are not in it.</summary>
    [JsonIgnore]
    public ReportFiled PublicFiled => Filed with
    {
        Description = PublicWordsOf(PublicWords.Description, Filed.Description),
        Place = Filed.Place with { Address = PublicWordsOf(PublicWords.Address, Filed.Place.Address), AddressId = PublicWordsOf(PublicWords.Address, Filed.Place.AddressId) },
        MediaUrl = PublicWordsOf(PublicWords.Links, Filed.MediaUrl),
    };

    /// <summary>Whether there are such words that somebody besides staff may read.</summary>
    public bool HasWords(string which) => which switch
    {
        PublicWords.Description => Filed.Description is not null,
        PublicWords.Address => Filed.Place.Address is not null,
        PublicWords.Links => Filed.MediaUrl is not null,
        _ => Guid.TryParse(which, out var id) && id.ToString() == which && Timeline.Any(entry => entry.Id == id && (entry.Text is not null || entry.Links is not null) && !IsOfStaff(entry.What)),
    };

    private const string NotedEntry = "noted", HandlerEntry = "handler";

    /// <summary>Entries of which only staff know at all.</summary>
    public static bool IsOfStaff(string what) => what is NotedEntry or HandlerEntry;

    /// <summary>Entries that say nothing new about the matter.</summary>
    public static bool IsNoWord(string what) => IsOfStaff(what) || what is "photoHidden" or "photoShown" or "wordsHidden" or "wordsShown";

    /// <summary>What a part of it must hide too: it has the same photos, and the same words unless it has its own.</summary>
    public IEnumerable<object> HiddenInPart(ReportFiled part) =>
    [
        .. HiddenPhotos.Where(hidden => hidden.Key <= part.Photos.Count).Select(hidden => new PhotoHidden(hidden.Key, hidden.Value, null)),
        .. HiddenWords.Where(hidden => hidden.Key is PublicWords.Address or PublicWords.Links || (hidden.Key == PublicWords.Description && part.Description == Filed.Description))
            .Select(hidden => new WordsHidden(hidden.Key, hidden.Value.Instead, hidden.Value.Reason, null)),
    ];

    /// <summary>What is hidden, as a viewer may know it.</summary>
    /// <param name="seesAll">The viewer sees what is hidden.</param>
    public IReadOnlyList<HiddenPart>? HiddenParts(PersonalReader reader, bool seesAll) => !IsPartlyHidden ? null :
    [
        .. HiddenWords.OrderBy(hidden => hidden.Key, StringComparer.Ordinal).Select(hidden => new HiddenPart(hidden.Key, null, hidden.Value.Reason, seesAll ? reader.Open(hidden.Value.Instead) : null)),
        .. HiddenPhotos.OrderBy(hidden => hidden.Key).Select(hidden => new HiddenPart(null, hidden.Key, hidden.Value, null)),
    ];

    private Report Moderated(object @event) => @event switch
    {
        PhotoHidden hidden => this with { HiddenPhotos = new Dictionary<int, string>(HiddenPhotos) { [hidden.Number] = hidden.Reason } },
        PhotoShown shown => this with { HiddenPhotos = HiddenPhotos.Where(photo => photo.Key != shown.Number).ToDictionary() },
        WordsHidden hidden => this with { HiddenWords = new Dictionary<string, HiddenWords>(HiddenWords) { [hidden.Of] = new(hidden.Instead, hidden.Reason) } },
        WordsShown shown => this with { HiddenWords = HiddenWords.Where(words => words.Key != shown.Of).ToDictionary() },
        _ => this,
    };
}

/// <summary>Words that not everybody reads.</summary>
/// <param name="Instead">What everybody reads instead, sealed.</param>
/// <param name="Reason">Why.</param>
internal sealed record HiddenWords(string? Instead, string Reason);
