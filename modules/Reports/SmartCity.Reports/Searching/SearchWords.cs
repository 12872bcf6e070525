using System.Text.RegularExpressions;

namespace SmartCity.Reports.Searching;

/// <summary>A word of a search, or several that stand beside each other.</summary>
/// <param name="Words">Letters and digits in lower case.</param>
/// <param name="IsExcluded">Must not be there.</param>
/// <param name="IsBeginning">Anything that begins so.</param>
internal sealed record SearchTerm(IReadOnlyList<string> Words, bool IsExcluded, bool IsBeginning)
{
    /// <summary>The term as <c>to_tsquery</c> reads it.</summary>
    /// <param name="used">Words that are looked for besides the one that was written.</param>
    public string ToQuery(IReadOnlyList<string> used)
    {
        var words = Words is [var only] && used.Count > 0 ? $"({string.Join(" | ", used.Prepend(only).Distinct())})" : string.Join(" <-> ", Words);
        return (IsExcluded ? "!" : "") + (Words.Count > 1 ? $"({words})" : words) + (IsBeginning ? ":*" : "");
    }
}

/// <summary>Reads what people type into a search box: words, "words beside each other", -without, beginning*. Nothing is a mistake.</summary>
internal static partial class SearchWords
{
    /// <summary>Longer searches are refused.</summary>
    public const int MostCharacters = 200;

    private const int MostTerms = 16, LongestWord = 40, LeastBeginning = 3;

    /// <summary>The terms of a search.</summary>
    public static IReadOnlyList<SearchTerm> Parse(string? text)
    {
        var terms = new List<SearchTerm>();
        foreach (Match match in Term().Matches(text ?? ""))
        {
            var isExcluded = match.Groups["minus"].Success;
            var words = Tokens(match.Groups["phrase"].Success ? match.Groups["phrase"].Value : match.Groups["word"].Value);
            if (words.Count > 0 && terms.Count < MostTerms)
            {
                var isBeginning = match.Groups["word"].Value.EndsWith('*') && words is [{ Length: >= LeastBeginning }];
                terms.Add(new SearchTerm([.. words.Take(MostTerms)], isExcluded, isBeginning));
            }
        }

        return terms;
    }

    /// <summary>A text as it is searched: its words in lower case with blanks between them, without what stands for masked numbers.</summary>
    public static string Normal(string text) => string.Join(' ', Tokens(Masked().Replace(text, " ")));

    /// <summary>The words of a normal text that a mistyped one may have meant.</summary>
    public static IReadOnlyList<string> Vocabulary(string normal) =>
        [.. normal.Split(' ').Where(IsWord).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether it is written with letters only, and long enough to tell a typing error from another word.</summary>
    public static bool IsWord(string token) => token.Length >= 4 && token.All(char.IsLetter);

    /// <summary>Those of the candidates that differ from what was written in one or two places, the closest first.</summary>
    public static IReadOnlyList<string> Closest(string written, IEnumerable<string> candidates)
    {
        var most = written.Length < 6 ? 1 : 2;
        return [.. candidates.Select(word => (Word: word, Distance: Distance(written, word))).Where(found => found.Distance <= most)
            .OrderBy(found => found.Distance).Take(3).Select(found => found.Word)];
    }

    /// <summary>In how many places two words differ: a letter more, less, another, or two neighbours swapped.</summary>
    public static int Distance(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[one.Length, other.Length];
    }

    private static IReadOnlyList<string> Tokens(string text) =>
        [.. Token().Matches(text).Select(match => match.Value.ToLowerInvariant()).Select(token => token.Length > LongestWord ? token[..LongestWord] : token)];

    [GeneratedRegex("""(?<![\p{L}\p{Nd}])(?<minus>-)?("(?<phrase>[^"]*)"?|(?<word>[^\s"]+))""", RegexOptions.ExplicitCapture)]
    private static partial Regex Term();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"\[(e-mail|NIK|telepon)\]")]
    private static partial Regex Masked();
}
