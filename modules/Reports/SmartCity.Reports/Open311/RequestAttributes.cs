using System.Globalization;
using Microsoft.Extensions.Primitives;
using SmartCity.Departments.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>Answers to the questions of a service: how they stand in a form, and whether they fit.</summary>
internal static class RequestAttributes
{
    private const string Prefix = "attribute[", EncodedPrefix = "attribute%5B";
    private const int MaxLength = 4000;

    /// <summary>Reads <c>attribute[CODE]</c>, <c>attribute[CODE][]</c> and <c>attribute[CODE][0]</c>, each once or repeated; empty ones count as not sent.</summary>
    /// <returns>The values by code, each once, or null when there are none.</returns>
    public static Dictionary<string, IReadOnlyList<string>>? Read(IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        Dictionary<string, IReadOnlyList<string>>? answers = null;
        foreach (var (name, values) in form)
        {
            if (Code(name) is not { Length: > 0 } code)
            {
                continue;
            }

            foreach (var value in values)
            {
                if (string.IsNullOrWhiteSpace(value))
                {
                    continue;
                }

                answers ??= new(StringComparer.Ordinal);
                if (!answers.TryGetValue(code, out var known))
                {
                    answers[code] = known = new List<string>(1);
                }

                if (!known.Contains(value))
                {
                    ((List<string>)known).Add(value);
                }
            }
        }

        return answers;
    }

    /// <summary>All that is wrong with the answers. Codes that the service does not know are no fault: clients send their own beside.</summary>
    public static void Check(Category category, IReadOnlyDictionary<string, IReadOnlyList<string>>? answers, List<Open311Error> errors)
    {
        foreach (var attribute in category.Attributes)
        {
            if (attribute.IsVariable)
            {
                Check(attribute, answers?.GetValueOrDefault(attribute.Code) ?? [], errors);
            }
        }

        foreach (var (code, values) in answers ?? EmptyAnswers)
        {
            if (values.Any(v => v.Length > MaxLength))
            {
                errors.Add(Open311Error.Of(400, $"At most {MaxLength} characters.", $"Paling banyak {MaxLength} huruf.", $"attribute[{code}]"));
            }
        }
    }

    private static readonly Dictionary<string, IReadOnlyList<string>> EmptyAnswers = [];

    private static void Check(ServiceAttribute attribute, IReadOnlyList<string> values, List<Open311Error> errors)
    {
        void Fault(string english, string indonesian) => errors.Add(Open311Error.Of(400, english, indonesian, $"attribute[{attribute.Code}]"));
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
            case AttributeDatatype.Datetime when !Dates.IsDateTime(values[0]):
                Fault("A date and time such as 2026-10-31T09:00:00+07:00.", "Tanggal dan jam, misalnya 2026-10-31T09:00:00+07:00.");
                break;
            case AttributeDatatype.SingleValueList or AttributeDatatype.MultiValueList when values.Any(v => attribute.Values.All(known => known.Key != v)):
                var keys = string.Join(", ", attribute.Values.Select(v => v.Key));
                Fault($"Choose from: {keys}.", $"Pilih dari: {keys}.");
                break;
        }
    }

    private static string? Code(string name)
    {
        if (name.StartsWith(EncodedPrefix, StringComparison.OrdinalIgnoreCase))
        {
            // In multipart nobody decodes names, and some clients encode them all the same.
            name = Uri.UnescapeDataString(name);
        }

        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.IndexOf(']', Prefix.Length) is > 0 and var end ? XmlText.Clean(name[Prefix.Length..end]).Trim() : null;
    }
}
