using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmartCity.Channels.Keywords;

/// <summary>A word that asks for something other than a new report.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Ticket">Which report, as the citizen wrote it; null: the last one.</param>
/// <param name="Said">What else was said.</param>
internal sealed record Keyword(KeywordKind Kind, string? Ticket = null, string? Said = null)
{
    /// <summary>
    /// The keyword that a message is, or null. Only a message that is nothing else is one: "stop truk lewat desa" is a report, and so is "bantuan sosial tidak merata".
    /// </summary>
    public static Keyword? Read(string text) => Keywords.Form().Match(Digits(text).Trim()) is not { Success: true } match ? null : match switch
    {
        _ when match.Groups["status"].Success => new(KeywordKind.Status, Number(match)),
        _ when match.Groups["stop"].Success => new(KeywordKind.Stop),
        _ when match.Groups["start"].Success => new(KeywordKind.Start),
        _ when match.Groups["no"].Success => new(KeywordKind.NotSatisfied, Number(match), match.Groups["said"].Value.Trim() is { Length: > 0 } said ? said : null),
        _ when match.Groups["yes"].Success => new(KeywordKind.Satisfied, Number(match)),
        _ => new(KeywordKind.Help),
    };

    /// <summary>The text with plain digits: telephones write Arabic, Javanese and wide ones too.</summary>
    private static string Digits(string text)
    {
        if (text.All(c => c < 128))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var digit = char.IsLowSurrogate(text[i]) ? -1 : CharUnicodeInfo.GetDecimalDigitValue(text, i);
            plain.Append(digit >= 0 ? (char)('0' + digit) : text[i]);
            i += digit >= 0 && char.IsHighSurrogate(text[i]) ? 1 : 0;
        }

        return plain.ToString();
    }

    /// <summary>A ticket from what somebody typed: <c>2026-001234</c>, <c>2026001234</c>, or only <c>1234</c> of this year.</summary>
    public static string TicketOf(string typed, int year)
    {
        var digits = string.Concat(typed.Where(char.IsAsciiDigit));
        return digits.Length <= 6 ? $"{year}-{digits.PadLeft(6, '0')}" : $"{digits[..4]}-{digits[4..].PadLeft(6, '0')}";
    }

    private static string? Number(Match match) => match.Groups["number"] is { Success: true, Value: var number } ? number : null;
}

/// <summary>What a keyword asks for.</summary>
internal enum KeywordKind
{
    /// <summary>How the words are used.</summary>
    Help,

    /// <summary>Where a report stands.</summary>
    Status,

    /// <summary>To get no more messages.</summary>
    Stop,

    /// <summary>To get messages again after a <see cref="Stop"/>.</summary>
    Start,

    /// <summary>The answer is good.</summary>
    Satisfied,

    /// <summary>The answer is not good.</summary>
    NotSatisfied,
}

internal static partial class Keywords
{
    [GeneratedRegex(@"^(?:(?<status>(?:cek\s+)?status|cek)(?:[\s#:]+(?:laporan\s+)?(?:no\.?\s*)?(?<number>[0-9]{4}-[0-9]{4,12}|[0-9]{1,16}))?|(?<stop>stop|berhenti|unsubscribe)|(?<start>start|mulai|lanjut(?:kan)?)|(?<no>(?:tidak|tdk|tak|gak|ga|belum|blm)\s*puas)(?:[\s#:]+(?<number>[0-9]{4}-[0-9]{4,12}|[0-9]{1,16})\b)?(?:[\s,.:!-]+(?<said>[\s\S]*))?|(?<yes>puas)(?:[\s#:]+(?<number>[0-9]{4}-[0-9]{4,12}|[0-9]{1,16}))?|(?<help>bantuan|help|info|menu))[\s.!?]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Form();
}
