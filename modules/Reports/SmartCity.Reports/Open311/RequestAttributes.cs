using Microsoft.Extensions.Primitives;
using SmartCity.Departments.Contracts;

namespace SmartCity.Reports.Open311;

/// <summary>Answers to the questions of a service: how they stand in a form, and whether they fit.</summary>
internal static class RequestAttributes
{
    private const string Prefix = "attribute[", EncodedPrefix = "attribute%5B";

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

    /// <summary>All that is wrong with the answers, by the names of their fields.</summary>
    public static void Check(Category category, IReadOnlyDictionary<string, IReadOnlyList<string>>? answers, List<Open311Error> errors) =>
        errors.AddRange(CategoryAnswers.Check(category, answers).Select(f => Open311Error.Of(400, f.English, f.Indonesian, $"attribute[{f.Attribute}]")));

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
