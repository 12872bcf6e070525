using System.Globalization;
using System.Text.RegularExpressions;

namespace SmartCity.Departments.Contracts;

/// <summary>What is wrong with the answer to a question of a category.</summary>
/// <param name="Attribute">Code of the question.</param>
/// <param name="English">What to change, English.</param>
/// <param name="Indonesian">What to change, Indonesian.</param>
public sealed record AnswerFault(string Attribute, string English, string Indonesian);

/// <summary>Whether answers fit the questions of a category. Whoever asks them (a form, Open311) checks by the same rule.</summary>
public static partial class CategoryAnswers
{
    /// <summary>Longest answer.</summary>
    public const int MaxLength = 4000;

    private static readonly Dictionary<string, IReadOnlyList<string>> None = [];

    /// <summary>All that is wrong. Codes that the category does not know are no fault: senders have their own beside.</summary>
    public static IReadOnlyList<AnswerFault> Check(Category category, IReadOnlyDictionary<string, IReadOnlyList<string>>? answers)
    {
        var faults = new List<AnswerFault>();
        foreach (var attribute in category.Attributes.Where(a => a.IsVariable))
        {
            Check(attribute, answers?.GetValueOrDefault(attribute.Code) ?? [], faults);
        }

        foreach (var (code, _) in (answers ?? None).Where(a => a.Value.Any(v => v.Length > MaxLength)))
        {
            faults.Add(new(code, $"At most {MaxLength} characters.", $"Paling banyak {MaxLength} huruf."));
        }

        return faults;
    }

    /// <summary>Whether an answer of datatype datetime is one; a date alone, or the place's own clock, will do.</summary>
    public static bool IsDateTime(string text) =>
        WrittenDate().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static void Check(ServiceAttribute attribute, IReadOnlyList<string> values, List<AnswerFault> faults)
    {
        void Fault(string english, string indonesian) => faults.Add(new(attribute.Code, english, indonesian));
        if (values.Count == 0)
        {
            if (attribute.IsRequired)
            {
                Fault($"This must be answered: {attribute.Description}", "Wajib diisi.");
            }

            return;
        }

        if (values.Count > 1 && attribute.Datatype != AttributeDatatype.MultiValueList)
        {
            Fault("Only one answer.", "Hanya satu jawaban.");
            return;
        }

        switch (attribute.Datatype)
        {
            case AttributeDatatype.Number when !double.TryParse(values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number):
                Fault("A number, with a point before decimals: 2.5", "Sebuah angka, dengan titik sebelum desimal: 2.5");
                break;
            case AttributeDatatype.Datetime when !IsDateTime(values[0]):
                Fault("A date and time such as 2026-10-31T09:00:00+07:00.", "Tanggal dan jam, misalnya 2026-10-31T09:00:00+07:00.");
                break;
            case AttributeDatatype.SingleValueList or AttributeDatatype.MultiValueList when values.Any(v => attribute.Values.All(known => known.Key != v)):
                var keys = string.Join(", ", attribute.Values.Select(v => v.Key));
                Fault($"Choose from: {keys}.", $"Pilih dari: {keys}.");
                break;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+-]\d\d:\d\d)?)?$")]
    private static partial Regex WrittenDate();
}
