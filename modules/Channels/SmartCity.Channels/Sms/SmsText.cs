namespace SmartCity.Channels.Sms;

/// <summary>How a text is counted: <paramref name="Units"/> septets of GSM-7 or UTF-16 units of UCS-2, in so many parts.</summary>
internal sealed record SmsLength(bool IsUnicode, int Units, int Segments);

/// <summary>Segments of an SMS (3GPP TS 23.038): 160 septets or 70 units alone, 153 or 67 when joined; nothing that takes two is split.</summary>
internal static class SmsText
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "^{}\\[~]|€\f";

    /// <summary>What has a plain twin, which costs half.</summary>
    private static readonly Dictionary<char, string> Twins = new()
    {
        ['“'] = "\"",
        ['”'] = "\"",
        ['„'] = "\"",
        ['‘'] = "'",
        ['’'] = "'",
        ['`'] = "'",
        ['–'] = "-",
        ['—'] = "-",
        ['…'] = "...",
        ['\u00A0'] = " ",
        ['\u202F'] = " ",
        ['•'] = "-",
        ['\t'] = " ",
    };

    /// <summary>With plain quotes, dashes and blanks.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => Twins.TryGetValue(c, out var twin) ? twin : c.ToString()));

    public static bool IsGsm(string text) => text.All(c => Basic.Contains(c) || Extended.Contains(c));

    public static SmsLength Of(string text)
    {
        var isUnicode = !IsGsm(text);
        var (alone, joined) = isUnicode ? (70, 67) : (160, 153);
        int units = 0, segments = 1, inSegment = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = isUnicode && char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            var cost = isPair || (!isUnicode && Extended.Contains(text[i])) ? 2 : 1;
            i += isPair ? 1 : 0;
            units += cost;
            if (inSegment + cost > joined)
            {
                segments++;
                inSegment = 0;
            }

            inSegment += cost;
        }

        return new SmsLength(isUnicode, units, text.Length == 0 ? 0 : units <= alone ? 1 : segments);
    }

    /// <summary>The text in at most so many segments; what is cut ends with where to read on.</summary>
    public static string Fit(string text, int segments, string more)
    {
        var plain = Plain(text);
        if (Of(plain).Segments <= segments)
        {
            return plain;
        }

        var ending = Plain($"... {more}");
        // The longest beginning that fits: more letters never take fewer segments, except that a cut may leave the last letter that is not GSM-7 behind.
        int low = 0, high = plain.Length;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Of(Cut(plain, middle) + ending).Segments <= segments)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        var kept = Cut(plain, low);
        var word = kept.LastIndexOf(' ');
        return (word > kept.Length / 2 ? kept[..word] : kept).TrimEnd(' ', ',', '.', '/') + ending;
    }

    private static string Cut(string text, int length) => text[..(length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
