using System.Globalization;
using Microsoft.AspNetCore.Http;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Files;
using SmartCity.Reports.Contracts;
using SmartCity.Web.Shared;

namespace SmartCity.Web.Filing;

/// <summary>A report as it was typed into the form.</summary>
/// <param name="Submission">Made with the empty form: the same one sent twice makes one report.</param>
/// <param name="Photos">Photos that are stored already, as <see cref="KeptPhotos"/> writes them.</param>
/// <param name="PhotoCount">How many.</param>
/// <param name="Area">Village and district, chosen by name.</param>
public sealed record ReportDraft(
    string Submission, string? Category = null, string? Description = null, string? Latitude = null, string? Longitude = null, string? Address = null,
    string? Name = null, string? Phone = null, string? Email = null, bool IsAnonymous = false, bool IsConfidential = false,
    string? Class = null, string? Photos = null, int PhotoCount = 0, string? Area = null)
{
    /// <summary>Answers to the category's own questions, by code.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Name of the field that holds the answer to a question.</summary>
    internal static string FieldOf(string category, string attribute) => $"tanya.{category}.{attribute}";

    /// <summary>Longest description.</summary>
    public const int MaxDescription = 4000;

    internal static ReportDraft New() => new(Guid.NewGuid().ToString("N"));

    internal static ReportDraft Read(IFormCollection form) => new(
        Guid.TryParseExact(form.Text("kiriman"), "N", out var submission) ? submission.ToString("N") : Guid.NewGuid().ToString("N"),
        form.TextOrNull("kategori"), form.TextOrNull("uraian"), form.TextOrNull("lintang"), form.TextOrNull("bujur"), form.TextOrNull("alamat"),
        form.TextOrNull("nama"), form.TextOrNull("telepon"), form.TextOrNull("surel"), form.IsTicked("anonim"), form.IsTicked("rahasia"), form.TextOrNull("jenis"), form.TextOrNull("fotosimpan"),
        Area: form.TextOrNull("wilayah") is { Length: <= 100 } area ? area : null)
    {
        Answers = ReadAnswers(form, form.Text("kategori")),
    };

    /// <summary>What is wrong with the answers to the category's questions.</summary>
    internal IEnumerable<DraftFault> Faults(Category category) => CategoryAnswers.Check(category, Answers).Select(fault =>
    {
        var question = category.Attributes.First(a => a.Code == fault.Attribute).Description;
        return new DraftFault(FieldOf(category.Code, fault.Attribute), $"{question} {fault.Indonesian}",
            fault.English.Contains(question, StringComparison.Ordinal) ? fault.English : $"{question} {fault.English}");
    });

    // Only those to the questions of the category that was chosen.
    private static Dictionary<string, IReadOnlyList<string>> ReadAnswers(IFormCollection form, string category)
    {
        var prefix = FieldOf(category, "");
        return form.Where(field => category.Length > 0 && field.Key.StartsWith(prefix, StringComparison.Ordinal) && field.Key.Length > prefix.Length)
            .Select(field => (Code: field.Key[prefix.Length..], Values: (IReadOnlyList<string>)[.. field.Value.OfType<string>().Select(v => v.Trim()).Where(v => v.Length > 0).Distinct()]))
            .Where(field => field.Values.Count > 0)
            .ToDictionary(field => field.Code, field => field.Values);
    }

    // A point says better where it is than the middle of a village would: a chosen village stands in words.
    internal ReportPlace Place => new(Degrees(Latitude), Degrees(Longitude),
        Area is null || Degrees(Latitude) is not null || Address?.Contains(Area, StringComparison.OrdinalIgnoreCase) == true ? Address : Address is null ? Area : $"{Address}, {Area}");

    internal ReporterDetails Reporter => new(FirstName: Name, Email: Email, Phone: Phone);

    /// <summary>What the form itself knows to be wrong, before any photo is kept.</summary>
    internal IReadOnlyList<DraftFault> Faults()
    {
        var faults = new List<DraftFault>();
        if (Description is null)
        {
            faults.Add(new("uraian", "Tulis apa masalahnya, satu kalimat saja sudah cukup.", "Say what is wrong; one sentence is enough."));
        }
        else if (Description.Length > MaxDescription)
        {
            faults.Add(new("uraian", $"Paling banyak {MaxDescription} huruf; tulisan ini {Description.Length} huruf.", $"At most {MaxDescription} characters; this has {Description.Length}."));
        }

        if ((Latitude is not null || Longitude is not null) && (Degrees(Latitude) is null || Degrees(Longitude) is null))
        {
            faults.Add(new("alamat", "Titik di peta tidak terbaca. Ketuk lagi petanya, atau tulis nama tempatnya.", "The point on the map cannot be read. Tap the map again, or write the place."));
        }
        else if (Latitude is null && Address is null && Area is null)
        {
            faults.Add(new("alamat", "Di mana? Ketuk peta, pakai lokasi Anda, pilih desanya, atau tulis nama tempatnya.", "Where? Tap the map, use your location, choose the village, or write the place."));
        }

        if (Email is not null && (Email.IndexOf('@') < 1 || Email.EndsWith('@') || Email.Contains(' ')))
        {
            faults.Add(new("surel", "Alamat surel ini belum benar; contohnya nama@contoh.id.", "This is no e-mail address yet; one looks like name@example.id."));
        }

        if (Phone is not null && Phone.Count(char.IsAsciiDigit) is < 8 or > 15)
        {
            faults.Add(new("telepon", "Nomor telepon terdiri dari 8 sampai 15 angka.", "A telephone number has 8 to 15 digits."));
        }

        return faults;
    }

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees) ? degrees : null;
}

/// <summary>What is wrong with a field of the form.</summary>
/// <param name="Field">Name of the field.</param>
public sealed record DraftFault(string Field, string Indonesian, string English)
{
    internal static DraftFault Of(Refusal refusal) => new(refusal.Field switch
    {
        "category" => "kategori",
        "place" or "latitude" or "longitude" => "alamat",
        "photos" => "foto",
        "description" => "uraian",
        "class" => "jenis",
        _ => "",
    }, refusal.Indonesian, refusal.English);

    internal static DraftFault Of(PhotoFault fault) => new("foto", FormPhotos.Named(fault, fault.Indonesian), FormPhotos.Named(fault, fault.English));
}
