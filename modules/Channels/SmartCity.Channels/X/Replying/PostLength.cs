using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmartCity.Channels.X.Replying;

/// <summary>How long a post is as X counts: 280 weighted characters after normalisation (twitter-text, configuration 3).</summary>
internal static partial class PostLength
{
    public const int Limit = 280;

    private const int UrlLength = 23;
    private const string More = "…";

    /// <summary>Letters of most scripts count 1, all others 2, an emoji sequence 2 in all, an address 23. In doubt more, never less.</summary>
    public static int Of(string text)
    {
        var normal = text.Normalize(NormalizationForm.FormC);
        var (length, at) = (0, 0);
        foreach (var url in Urls().EnumerateMatches(normal))
        {
            var plain = Plain(normal.AsSpan(url.Index, url.Length));
            // Without http:// it is an address only when its end is a top-level domain.
            length += Plain(normal.AsSpan(at, url.Index - at)) + (normal.AsSpan(url.Index).StartsWith("http", StringComparison.OrdinalIgnoreCase) && normal.AsSpan(url.Index, url.Length).Contains("://", StringComparison.Ordinal) ? UrlLength : Math.Max(UrlLength, plain));
            at = url.Index + url.Length;
        }

        return length + Plain(normal.AsSpan(at));
    }

    /// <summary>The text, cut at a word with "…" when it is too long for a post.</summary>
    public static string Cut(string text)
    {
        if (Of(text) <= Limit)
        {
            return text;
        }

        return text[..Fits(text, Limit - Of(More))].TrimEnd() + More;
    }

    /// <summary>How much of a text that is too long fits, up to the end of a word; a single long word is cut anywhere.</summary>
    public static int Fits(string text, int limit)
    {
        var (fits, word) = (0, 0);
        foreach (var start in StringInfo.ParseCombiningCharacters(text))
        {
            if (Of(text[..start]) > limit)
            {
                break;
            }

            fits = start;
            word = char.IsWhiteSpace(text[start]) ? start : word;
        }

        return word > 0 ? word : fits;
    }

    /// <summary>The text without addresses, for accounts that do not pay for posts with links.</summary>
    public static string WithoutLinks(string text) => Urls().Replace(text, match =>
        match.Value.Contains("://", StringComparison.Ordinal) || TopLevel().IsMatch(match.Value) ? "[tautan/link]" : match.Value);

    private static int Plain(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (!text.IsEmpty)
        {
            var cluster = text[..StringInfo.GetNextTextElementLength(text)];
            length += IsEmoji(cluster) ? 2 : Sum(cluster);
            text = text[cluster.Length..];
        }

        return length;
    }

    private static int Sum(ReadOnlySpan<char> cluster)
    {
        var sum = 0;
        foreach (var rune in cluster.EnumerateRunes())
        {
            sum += rune.Value is <= 0x10FF or (>= 0x2000 and <= 0x200D) or (>= 0x2010 and <= 0x201F) or (>= 0x2032 and <= 0x2037) ? 1 : 2;
        }

        return sum;
    }

    /// <summary>Several code points that are drawn as one picture: joined, coloured, a flag, a keycap.</summary>
    private static bool IsEmoji(ReadOnlySpan<char> cluster)
    {
        if (Rune.DecodeFromUtf16(cluster, out var first, out var used) != System.Buffers.OperationStatus.Done || used == cluster.Length)
        {
            return false;
        }

        var keycap = cluster.Contains('\u20E3') && (char.IsAsciiDigit(cluster[0]) || cluster[0] is '#' or '*');
        var joined = false;
        foreach (var rune in cluster[used..].EnumerateRunes())
        {
            joined |= rune.Value is 0x200D or 0xFE0F or (>= 0x1F3FB and <= 0x1F3FF) or (>= 0x1F1E6 and <= 0x1F1FF) or (>= 0xE0020 and <= 0xE007F);
        }

        return keycap || (joined && (first.Value is >= 0x203C or 0xA9 or 0xAE));
    }

    [GeneratedRegex(@"https?://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9/=#_\-]|(?<![@\w.\-])(?:[a-z0-9\-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9/=#_\-])?", RegexOptions.IgnoreCase)]
    private static partial Regex Urls();

    // X makes a link of what ends in a top-level domain, of a country's with a single name before it only where a path follows:
    // "rusak.di" without a blank is none.
    [GeneratedRegex(@"\.(?:id|com|org|net|info|gov|edu|mil|int|biz|name|io|co|tv|ai|app|me|ly|gl|gle|be|cc|gg|dev|link|page|site|web|website|space|store|shop|tech|cloud|blog|news|live|fun|asia|top|club|xyz|online)(?:/|$)|\.[a-z]{2}/|\.[^./]+\.[a-z]{2}$", RegexOptions.IgnoreCase)]
    private static partial Regex TopLevel();
}
