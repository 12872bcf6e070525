using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Classifying;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Filing;

/// <summary>Checks a report and hands it to the intake queue, which commits it.</summary>
internal sealed class FileReportHandler(ISender sender, IntakeQueue intake, PersonalData personal, FilesOptions files, ReporterSecrets secrets, CallContext call) : IRequestHandler<FileReport, Outcome<FiledReport>>
{
    public async Task<Outcome<FiledReport>> Handle(FileReport command, CancellationToken cancel)
    {
        var taken = string.IsNullOrWhiteSpace(command.Description) ? null
            : await sender.Send(new ClassifyText(command.Regency, command.Description, command.AddressedDepartment), cancel);
        var category = command.Category ?? taken?.Category;
        var known = category is null ? null : (await sender.Send(new GetCategories(command.Regency), cancel)).FirstOrDefault(c => c.Code == category);
        var refusals = Filing.Check(command, known, files.Photos.Count);
        if (refusals.Count > 0)
        {
            return Outcome<FiledReport>.Refused(refusals);
        }

        var assessment = taken is null ? null : Filing.Assess(command, taken, call.Actor);
        var outcome = await intake.File(new Filing(command with { Cause = Cause(command) }, known, EventOrigin.Of(call)) { Assessment = assessment }, cancel);
        return outcome.Value is { } filed ? Outcome<FiledReport>.Done(filed with { Secret = secrets.Of(command.Regency, filed.Ticket) }) : outcome;
    }

    // Senders choose it, and may have put a name or an address into it.
    private string? Cause(FileReport command) => string.IsNullOrEmpty(command.Cause) ? null : personal.PersonId(command.Regency, $"cause {command.Channel} {command.Cause}");
}

/// <summary>A checked report on its way to disk.</summary>
/// <param name="Command">What was sent.</param>
/// <param name="Category">Its category, if known.</param>
/// <param name="Origin">Who sent it.</param>
internal sealed record Filing(FileReport Command, Category? Category, EventOrigin Origin)
{
    public const int MaxDescription = 4000;
    private const int MaxLink = 2000;

    /// <summary>What its words were taken for.</summary>
    public ReportAssessment? Assessment { get; init; }

    /// <summary>Nobody but those who must: as chosen, and whenever it may be on the conduct of officials.</summary>
    public bool IsConfidential => Command.IsConfidential || Class == ReportClasses.Oversight || (Category is null && Assessment is { MayBeOversight: true });

    /// <summary>Nobody but the words made it confidential; a person who decides otherwise makes it public.</summary>
    public bool IsHiddenByGuess => IsConfidential && !Command.IsConfidential && Command.Category is null && Command.Class != ReportClasses.Oversight;

    /// <summary>Its class: as chosen, else as the category has it.</summary>
    public string Class => Classes.Of(Command.Class, Category);

    /// <summary>What follows from how the words were taken: where the category was not chosen, the words may say the department too.</summary>
    public static ReportAssessment Assess(FileReport command, TextClassification taken, Actor actor)
    {
        var (category, department) = (taken.Categories.FirstOrDefault(), taken.Departments.FirstOrDefault());
        var isByStaff = actor.Role is Role.Dispatcher or Role.Officer or Role.Regent;
        return new ReportAssessment(
            category?.Code, category?.Confidence ?? 0, department?.Code, department?.Confidence ?? 0, taken.Urgency.Code, taken.Kind.Code, taken.Model,
            command.Category is null ? taken.Department : null, taken.IsSuspicious && !isByStaff)
        {
            MayBeOversight = taken.MayBeOversight,
            IsGuess = command.Category is null,
        };
    }

    /// <summary>All that is wrong with a report; nothing when it can be filed.</summary>
    public static IReadOnlyList<Refusal> Check(FileReport command, Category? category, int mostPhotos)
    {
        var refusals = new List<Refusal>();
        if (command.Category is not null && category is null)
        {
            refusals.Add(new("category.unknown", $"There is no category '{command.Category}' here.", $"Kategori '{command.Category}' tidak ada di sini.", "category", RefusalKind.NotFound));
        }

        if (Classes.Check(command.Class) is { } unknown)
        {
            refusals.Add(unknown);
        }

        if (string.IsNullOrWhiteSpace(command.Description) && command.Category is null)
        {
            refusals.Add(new("description.missing", "Say what is wrong, in a sentence.", "Tulis apa masalahnya, satu kalimat saja.", "description"));
        }

        if (command.Description?.Length > MaxDescription)
        {
            refusals.Add(new("description.too_long", $"At most {MaxDescription} characters; this has {command.Description.Length}.",
                $"Paling banyak {MaxDescription} huruf; ini {command.Description.Length}.", "description"));
        }

        CheckPlace(command, refusals);
        if (!Links(command).All(IsLink))
        {
            refusals.Add(new("mediaUrl.invalid", "Send a full http or https address.", "Kirim alamat lengkap yang diawali http atau https.", "mediaUrl"));
        }

        if (command.Photos.Count > mostPhotos || Links(command).Count > mostPhotos)
        {
            refusals.Add(new("photos.too_many", $"At most {mostPhotos} photos.", $"Paling banyak {mostPhotos} foto.", command.Photos.Count > mostPhotos ? "photos" : "mediaUrl"));
        }

        return refusals;
    }

    /// <summary>How the reporter is known.</summary>
    public static PersonIdentity Identity(ReporterDetails reporter) => new(reporter.Identity, reporter.Email, reporter.Phone);

    /// <summary>Every link to a picture elsewhere, once.</summary>
    public static IReadOnlyList<string> Links(FileReport command) =>
        command.MediaUrl is null && command.MediaUrls is null ? [] : [.. (command.MediaUrls ?? []).Prepend(command.MediaUrl).OfType<string>().Distinct(StringComparer.Ordinal)];

    // They are kept one a line.
    internal static bool IsLink(string text) =>
        text.Length <= MaxLink && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static void CheckPlace(FileReport command, List<Refusal> refusals)
    {
        var (latitude, longitude) = (command.Place.Latitude, command.Place.Longitude);
        if (latitude is null != longitude is null)
        {
            refusals.Add(latitude is null
                ? new("latitude.missing", "A longitude needs its latitude.", "Bujur harus disertai lintang.", "latitude")
                : new("longitude.missing", "A latitude needs its longitude.", "Lintang harus disertai bujur.", "longitude"));
        }
        else if (latitude is null && string.IsNullOrWhiteSpace(command.Place.Address) && string.IsNullOrWhiteSpace(command.Place.AddressId) && !command.PlaceIsOptional)
        {
            refusals.Add(new("place.missing", "Say where it is: coordinates, or the place in words.", "Tulis di mana: titik di peta, atau nama tempatnya.", "place"));
        }

        if (latitude is { } north && !(Math.Abs(north) <= 90))
        {
            refusals.Add(new("latitude.invalid", "Degrees between -90 and 90.", "Derajat antara -90 dan 90.", "latitude"));
        }

        if (longitude is { } east && !(Math.Abs(east) <= 180))
        {
            refusals.Add(new("longitude.invalid", "Degrees between -180 and 180.", "Derajat antara -180 dan 180.", "longitude"));
        }
    }
}
