using System.Text.RegularExpressions;

namespace SmartCity.Platform.Personal;

/// <summary>What may be shown to everybody of a text that a citizen wrote.</summary>
public static partial class PublicText
{
    /// <summary>
    /// Masks e-mail addresses, telephone numbers as Indonesians write them, and identity numbers (NIK, 16 digits). Numbers that mean
    /// something else stay: rupiah, years, dates, times, coordinates, tickets, codes.
    /// </summary>
    public static string Mask(string text) => Found().Replace(text, static found =>
        found.Groups["email"].Success ? "[e-mail]"
        : found.Groups["nik"].Success ? "[NIK]"
        // A number that ends in many zeros is an amount that somebody wrote without dots; no amount begins with 0 or a plus.
        : found.Groups["phone"].Success && !(found.Value[0] is '6' or '8' && found.Value.EndsWith("00000", StringComparison.Ordinal)) ? "[telepon]"
        : found.Value);

    // Between the digits of one number: a blank or a new line, a dash of any kind, a dot, a bracket, or two of them: ") ", " - "; and what cannot be
    // seen, as some keyboards and applications put it in. A slash only in mobile numbers: letters are numbered 027/123/2026.
    private const string Between = @"\s.()_\u00AD\u200B-\u200F\u2010-\u2015\u202A-\u202E\u2060\uFEFF-", Gap = "[" + Between + "]{0,3}", Slashed = "[/" + Between + "]{0,3}";

    // Digit by digit in words: nol delapan satu dua …
    private const string Spoken = "(nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)", Pause = @"[\s,.\u2010-\u2015-]{1,3}";

    // Read from left to right, and what stays comes first, so that a part of it is not taken for something else.
    private const string Pattern =
        // Tickets (2026-000017) and their lists.
        @"(?<keep>(?<![0-9])20[0-9]{2}-[0-9]{6,9}(?![0-9]))" +
        // Codes of places: 33.28.10, 33.28.10.1001.
        @"|(?<keep>(?<![0-9.])[1-9][0-9]\.[0-9]{2}\.[0-9]{2}(\.[0-9]{4})?(?![0-9]|[.-][0-9]))" +
        // Rupiah: Rp 1.250.000,00, Rp1250000; and what is grouped by thousands.
        @"|(?<keep>\b[Rr][Pp]\.?\s?[0-9][0-9.,]*)" +
        @"|(?<keep>(?<![0-9.,])[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?(?![0-9]|[.-][0-9]))" +
        // Dates: 31-12-2026, 31/12/26, 2026-12-31; two years or more: 2025-2026, 2024, 2025.
        @"|(?<keep>(?<![0-9])(0?[1-9]|[12][0-9]|3[01])[-/.](0?[1-9]|1[0-2])[-/.]((19|20)[0-9]{2}|[0-9]{2})(?![0-9]|[-.][0-9]))" +
        @"|(?<keep>(?<![0-9])(19|20)[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])(?![0-9]|[-.][0-9]))" +
        @"|(?<keep>(?<![0-9])(19|20)[0-9]{2}([ ,/-]{1,3}(19|20)[0-9]{2})+(?![0-9]|[ .-][0-9]))" +
        // Coordinates and other decimals; 62.8… may be a telephone.
        @"|(?<keep>(?<![0-9])-?(?!62\.8|0[0-9])[0-9]{1,3}[.,][0-9]{4,}(?![0-9]|[.-][0-9]))" +
        @"|(?<email>[\w.+-]+(@|\s?[\[(](at|@)[\])]\s?)[\w-]+(\.[\w-]+)+)" +
        @"|(?<nik>(?<![0-9])[0-9](" + Gap + @"[0-9]){15}(?!" + Gap + @"[0-9]))" +
        // +62 812-3456-7890, 62812…, +62 (0)283 491234; 62 without a plus only before what a telephone goes on with.
        @"|(?<phone>(?<![0-9])(\+" + Gap + @"62|62(?=" + Gap + @"8[1-9]|" + Gap + @"[2-79][0-9])|0062)" + Gap + @"(0" + Gap + @")?[1-9](" + Slashed + @"[0-9]){6,11}(?![0-9]))" +
        // Other countries.
        @"|(?<phone>(?<![0-9])\+" + Gap + @"[1-9](" + Gap + @"[0-9]){7,14}(?![0-9]))" +
        // 0812-3456-7890, and digit by digit.
        @"|(?<phone>(?<![0-9]|[0-9][.,])\(?08[1-9][0-9](" + Slashed + @"[0-9]){5,10}(?![0-9]))" +
        @"|(?<phone>(?<![0-9]|[0-9][.,])0([\s._-][0-9]){8,12}(?![0-9]))" +
        // (0283) 491234, 0283-491234, 021 1234567.
        @"|(?<phone>(?<![0-9]|[0-9][.,])\(?0[2-79][0-9]{1,2}(" + Gap + @"[0-9]){5,8}(?![0-9]))" +
        // 81234567890: the 0 was left out.
        @"|(?<phone>(?<![0-9]|[0-9][.,])8[1-9][0-9]([ -]?[0-9]){7,9}(?![0-9]|[.,][0-9]))" +
        @"|(?<nik>(?i:\b" + Spoken + "(" + Pause + Spoken + @"){15}\b))" +
        @"|(?<phone>(?i:\b(nol|kosong)(" + Pause + Spoken + @"){7,13}\b))";

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Found();
}
