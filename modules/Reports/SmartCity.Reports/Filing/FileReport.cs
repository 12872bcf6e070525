using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Reports.Classifying;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Filing;

/// <summary>Checks a report and hands it to the intake queue, which commits it.</summary>
internal sealed class FileReportHandler(ISender sender, IntakeQueue intake, ReporterSecrets secrets, CallContext call) : IRequestHandler<FileReport, Outcome<FiledReport>>
{
    public async Task<Outcome<FiledReport>> Handle(FileReport command, CancellationToken cancel)
    {
        var taken = string.IsNullOrWhiteSpace(command.Description) ? null
            : await sender.Send(new ClassifyText(command.Regency, command.Description, command.AddressedDepartment), cancel);
        var category = command.Category ?? taken?.Category;
        var known = category is null ? null : (await sender.Send(new GetCategories(command.Regency), cancel)).FirstOrDefault(c => c.Code == category);
        var refusals = Filing.Check(command, known);
        if (refusals.Count > 0)
        {
            return Outcome<FiledReport>.Refused(refusals);
        }

        var outcome = await intake.File(new Filing(command, known, EventOrigin.Of(call)) { Assessment = taken is null ? null : Filing.Assess(command, taken, call.Actor) }, cancel);
        return outcome.Value is { } filed ? Outcome<FiledReport>.Done(filed with { Secret = secrets.Of(command.Regency, filed.Ticket) }) : outcome;
    }
}

/// <summary>A checked report on its way to disk.</summary>
/// <param name="Command">What was sent.</param>
/// <param name="Category">Its category, if known.</param>
/// <param name="Origin">Who sent it.</param>
internal sealed record Filing(FileReport Command, Category? Category, EventOrigin Origin)
{
    public const int MaxDescription = 4000;

    /// <summary>What its words were taken for.</summary>
    public ReportAssessment? Assessment { get; init; }

    /// <summary>Nobody but those who must: as chosen, and whenever it may be on the conduct of officials.</summary>
    public bool IsConfidential => Command.IsConfidential || Class == ReportClasses.Oversight || (Category is null && Assessment is { MayBeOversight: true });

    /// <summary>Its class: as chosen, else as the category has it.</summary>
    public string Class => Classes.Of(Command.Class, Category);

    /// <summary>What follows from how the words were taken: where the category was not chosen, the words may say the department too.</summary>
    public static ReportAssessment Assess(FileReport command, TextClassification taken, Actor actor)
    {
        var (category, department) = (taken.Categories.FirstOrDefault(), taken.Departments.FirstOrDefault());
        var isByStaff = actor.Role is Role.Dispatcher or Role.Officer or Role.Regent;
        return new ReportAssessment(
            category?.Code, category?.Confidence ?? 0, department?.Code, department?.Confidence ?? 0, taken.Urgency.Code, taken.Kind.Code, taken.Model,
            command.Category is null ? taken.Department : null, taken.IsSuspicious && !command.IsChecked && !isByStaff)
        {
            MayBeOversight = taken.MayBeOversight,
        };
    }

    /// <summary>All that is wrong with a report; nothing when it can be filed.</summary>
    public static IReadOnlyList<Refusal> Check(FileReport command, Category? category)
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
        if (command.MediaUrl is not null && !(Uri.TryCreate(command.MediaUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            refusals.Add(new("mediaUrl.invalid", "Send a full http or https address.", "Kirim alamat lengkap yang diawali http atau https.", "mediaUrl"));
        }

        if (command.Photos.Count > Photos.MaxCount)
        {
            refusals.Add(new("photos.too_many", $"At most {Photos.MaxCount} photos.", $"Paling banyak {Photos.MaxCount} foto.", "photos"));
        }

        return refusals;
    }

    /// <summary>How the reporter is known, as an identity for a person id; null when nothing is known.</summary>
    public static string? Identity(ReporterDetails reporter)
    {
        if (reporter.Identity is { Length: > 0 } known)
        {
            return known;
        }

        if (reporter.Email is { Length: > 0 } email)
        {
            return $"mailto:{email.Trim().ToLowerInvariant()}";
        }

        var digits = string.Concat((reporter.Phone ?? "").Where(char.IsAsciiDigit));
        return digits.Length == 0 ? null : $"tel:{(digits.StartsWith('0') ? $"62{digits[1..]}" : digits)}";
    }

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
