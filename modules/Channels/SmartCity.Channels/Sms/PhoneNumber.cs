namespace SmartCity.Channels.Sms;

/// <summary>Telephone numbers as Indonesia writes them.</summary>
internal static class PhoneNumber
{
    /// <summary>In E.164 (<c>+6281234567890</c>), or null: a short code, a name, or nothing one can answer.</summary>
    public static string? Normalised(string written)
    {
        var text = string.Concat(written.Where(c => c is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00A0')));
        var (plus, digits) = text.StartsWith('+') ? (true, text[1..]) : (false, text);
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return null;
        }

        var international = digits switch
        {
            _ when plus => digits,
            ['0', '0', .. var abroad] => abroad,
            ['0', .. var local] => $"62{local}",
            ['6', '2', ..] when digits.Length >= 10 => digits,
            // Some gateways leave the 0 out.
            ['8', ..] when digits.Length is >= 9 and <= 12 => $"62{digits}",
            _ => "",
        };
        // +62 0812… is written often, and wrong.
        international = international.StartsWith("620", StringComparison.Ordinal) ? $"62{international[3..]}" : international;
        return international.Length is >= 9 and <= 15 && international[0] != '0' ? $"+{international}" : null;
    }
}
