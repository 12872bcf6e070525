using SmartCity.Departments.Contracts;

namespace SmartCity.Departments.Suggesting;

/// <summary>Recognises categories by their keywords.</summary>
internal sealed class KeywordIndex
{
    /// <summary>So many other words may stand between two words of a keyword: "jalan raya slawi rusak" has "jalan rusak".</summary>
    private const int Gap = 4;

    private readonly ILookup<string, Keyword> _byFirstWord;

    private sealed record Keyword(string Category, IReadOnlyList<string> Words)
    {
        // Two words together say more than two alone.
        public int Weight => 2 * Words.Count - 1;
    }

    public KeywordIndex(IEnumerable<Category> categories) => _byFirstWord = categories
        .SelectMany(category => category.Keywords.Select(keyword => new Keyword(category.Code, Words.Of(keyword))).Where(k => k.Words.Count > 0)
            .DistinctBy(k => string.Join(' ', k.Words)))
        .ToLookup(keyword => keyword.Words[0]);

    /// <summary>To which categories words point, and how strongly.</summary>
    public IEnumerable<(string Category, int Weight)> Count(string text) =>
        Found(Words.Of(text)).GroupBy(keyword => keyword.Category, (category, found) => (category, found.Sum(k => k.Weight)));

    private HashSet<Keyword> Found(IReadOnlyList<string> words)
    {
        var text = words.Select(Words.Stems).ToArray();
        var found = new HashSet<Keyword>(ReferenceEqualityComparer.Instance);
        for (var at = 0; at < text.Length; at++)
        {
            if (at > 0 && Words.IsBeforePlace(words[at - 1]))
            {
                continue;
            }

            foreach (var keyword in text[at].SelectMany(stem => _byFirstWord[stem]))
            {
                if (Follows(text, at, keyword.Words))
                {
                    found.Add(keyword);
                }
            }
        }

        return found;
    }

    private static bool Follows(string[][] text, int at, IReadOnlyList<string> words)
    {
        foreach (var word in words.Skip(1))
        {
            var next = at + 1;
            while (next < text.Length && !text[next].Contains(word))
            {
                next++;
            }

            if (next >= text.Length || next - at - 1 > Gap)
            {
                return false;
            }

            at = next;
        }

        return true;
    }
}
