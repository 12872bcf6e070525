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
        // A number that ends in many zeros is an amount that somebody wrote without dots.
        : found.Groups["phone"].Success && !found.Value.EndsWith("00000", StringComparison.Ordinal) ? "[telepon]"
        : found.Value);

    // Between the digits of one number: a blank, a dash of any kind, a dot, a bracket, or two of them: ") ", " - ".
    private const string Gap = @"[ \u00A0.()\u2010-\u2015-]{0,3}";

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
        @"|(?<phone>(?<![0-9])(\+" + Gap + @"62|62(?=" + Gap + @"8[1-9]|" + Gap + @"[2-79][0-9])|0062)" + Gap + @"(0" + Gap + @")?[1-9](" + Gap + @"[0-9]){6,11}(?![0-9]))" +
        // Other countries.
        @"|(?<phone>(?<![0-9])\+" + Gap + @"[1-9](" + Gap + @"[0-9]){7,14}(?![0-9]))" +
        // 0812-3456-7890, and digit by digit.
        @"|(?<phone>(?<![0-9]|[0-9][.,])\(?08[1-9][0-9](" + Gap + @"[0-9]){5,10}(?![0-9]))" +
        @"|(?<phone>(?<![0-9]|[0-9][.,])0([ .-][0-9]){8,12}(?![0-9]))" +
        // (0283) 491234, 0283-491234, 021 1234567.
        @"|(?<phone>(?<![0-9]|[0-9][.,])\(?0[2-79][0-9]{1,2}(" + Gap + @"[0-9]){5,8}(?![0-9]))" +
        // 81234567890: the 0 was left out.
        @"|(?<phone>(?<![0-9]|[0-9][.,])8[1-9][0-9]([ -]?[0-9]){7,9}(?![0-9]|[.,][0-9]))";

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Found();
}
