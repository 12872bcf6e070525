using SmartCity.Platform.Files;

namespace SmartCity.Reports.Resembling;

/// <summary>What a report is about, as far as it matters for telling whether another is about the same.</summary>
/// <param name="Text">In the clear.</param>
/// <param name="Looks">How its photos look.</param>
internal sealed record Matter(string? Category, double? Latitude, double? Longitude, DateTimeOffset At, string? Text, IReadOnlyList<string> Looks);

/// <summary>How much two reports are alike. The rule itself: no I/O, the same whichever comes first.</summary>
/// <param name="Metres">How far apart; null: not known.</param>
/// <param name="Words">How alike their words are, 0 to 1.</param>
/// <param name="SameCategory">Null: one has none yet.</param>
/// <param name="LookDistance">In how many of 64 places their most alike photos differ; null: one has none.</param>
/// <param name="Apart">Time between them.</param>
internal sealed record Likeness(double? Metres, double Words, bool? SameCategory, int? LookDistance, TimeSpan Apart)
{
    /// <summary>Beyond it two places are not the same.</summary>
    public const double Reach = 300;

    /// <summary>Older reports are not suggested.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>What is suggested has at least this score.</summary>
    public const double Suggested = 0.4;

    // Where nothing is known of the place, words alone are little evidence: every regency has a hole in the road before a market.
    private const double UnknownPlace = 0.3;

    public static Likeness Of(Matter one, Matter other) => new(
        Near.Metres(one.Latitude, one.Longitude, other.Latitude, other.Longitude), TextLikeness.Of(one.Text, other.Text),
        one.Category is null || other.Category is null ? null : one.Category == other.Category, LeastDistance(one.Looks, other.Looks), (one.At - other.At).Duration());

    /// <summary>0 to 1. Place, words, category and time weaken each other; a look-alike photo speaks for itself.</summary>
    public double Score
    {
        get
        {
            var place = Metres is { } metres ? Math.Max(0, 1 - (metres / Reach)) : UnknownPlace;
            var kind = SameCategory switch { true => 1, null => 0.8, false => 0.5 };
            var time = 1 - (0.5 * Math.Min(1, Apart / Memory));
            var matter = place * (0.45 + (0.55 * Words)) * kind * time;
            var photo = LookDistance is { } distance ? Math.Max(0, 1 - (distance / 16.0)) : 0;
            return 1 - ((1 - matter) * (1 - (0.9 * photo)));
        }
    }

    /// <summary>Why, for people.</summary>
    public IReadOnlyList<string> Reasons =>
    [
        .. new[]
        {
            Metres <= 100 ? "near" : null, SameCategory == true ? "same-category" : null, Words >= 0.35 ? "similar-words" : null,
            LookDistance <= 8 ? "similar-photo" : null, Apart <= TimeSpan.FromDays(7) ? "recent" : null,
        }.OfType<string>(),
    ];

    private static int? LeastDistance(IReadOnlyList<string> looks, IReadOnlyList<string> others) =>
        looks.SelectMany(look => others.Select(other => PhotoLook.Distance(look, other))).Min();
}

/// <summary>How alike two short texts are that people wrote in a hurry: by their words' groups of three letters, which forgive endings and slips.</summary>
internal static class TextLikeness
{
    // Words that say nothing of the matter, and short forms of those that do.
    private static readonly HashSet<string> Empty =
    [
        "yang", "yg", "di", "ke", "dari", "dan", "atau", "tolong", "tulung", "mohon", "pak", "bu", "bapak", "ibu", "bupati", "saya", "sy", "kami", "kita", "ini", "itu", "ada", "sudah",
        "sdh", "udah", "lagi", "juga", "nya", "untuk", "utk", "dengan", "dgn", "pada", "karena", "krn", "kiye", "min", "the", "a", "is", "in", "of", "and", "to",
    ];

    private static readonly Dictionary<string, string> Short = new()
    {
        ["jl"] = "jalan",
        ["jln"] = "jalan",
        ["dpn"] = "depan",
        ["lobang"] = "lubang",
        ["bolong"] = "lubang",
        ["rsk"] = "rusak",
        ["psr"] = "pasar",
        ["lmpu"] = "lampu",
        ["bangjo"] = "lampu",
        ["sklh"] = "sekolah",
        ["jmbtn"] = "jembatan",
        ["blm"] = "belum",
        ["tdk"] = "tidak",
        ["gak"] = "tidak",
        ["ga"] = "tidak",
    };

    /// <summary>0 to 1 (Dice's coefficient); 0 when one says nothing.</summary>
    public static double Of(string? one, string? other)
    {
        var (first, second) = (Groups(one), Groups(other));
        return first.Count == 0 || second.Count == 0 ? 0 : 2.0 * first.Count(second.Contains) / (first.Count + second.Count);
    }

    private static HashSet<string> Groups(string? text)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var written in (text ?? "").ToLowerInvariant().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
        {
            if (written[0] == '@' || written.StartsWith("http", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var part in Letters(written))
            {
                var word = Short.GetValueOrDefault(part, part);
                if (Empty.Contains(word))
                {
                    continue;
                }

                var padded = $"  {word} ";
                for (var at = 0; at + 3 <= padded.Length; at++)
                {
                    groups.Add(padded.Substring(at, 3));
                }
            }
        }

        return groups;
    }

    private static IEnumerable<string> Letters(string written)
    {
        for (var from = 0; from < written.Length; from++)
        {
            if (!char.IsLetterOrDigit(written[from]))
            {
                continue;
            }

            var end = from;
            while (end < written.Length && char.IsLetterOrDigit(written[end]))
            {
                end++;
            }

            yield return written[from..end];
            from = end;
        }
    }
}
