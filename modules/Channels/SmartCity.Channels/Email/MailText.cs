using System.Net;
using System.Text.RegularExpressions;

namespace SmartCity.Channels.Email;

/// <summary>What somebody wrote in a mail, without what they answered to and without their signature.</summary>
internal static partial class MailText
{
    /// <summary>The text above the quoted one.</summary>
    public static string Own(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        var end = lines.FindIndex(line => Introduces().IsMatch(line) || line is "-- " or "--");
        // Some programs break the line that introduces a quotation.
        var broken = Enumerable.Range(0, Math.Max(0, lines.Count - 1)).FirstOrDefault(i => Begins().IsMatch(lines[i]) && Ends().IsMatch(lines[i + 1]), -1);
        var cut = Math.Min(end < 0 ? lines.Count : end, broken < 0 ? lines.Count : broken);
        var own = lines.Take(cut).Where(line => !line.StartsWith('>')).ToList();
        return Blank().Replace(string.Join('\n', own.Select(line => line.TrimEnd())), "\n\n").Trim();
    }

    /// <summary>The words of a page, one line a block.</summary>
    public static string OfHtml(string html) =>
        Blank().Replace(WebUtility.HtmlDecode(Tags().Replace(Breaks().Replace(Hidden().Replace(html, ""), "\n"), "")).Replace('\u00A0', ' '), "\n\n").Trim();

    /// <summary>A subject that says something, or null.</summary>
    public static string? Subject(string? subject) =>
        Prefixes().Replace(subject ?? "", "").Trim() is { Length: > 2 } own && !Empty().IsMatch(own) ? own : null;

    /// <summary>A ticket that stands in a subject as our answers write it.</summary>
    public static string? Ticket(string? subject) => TicketMark().Match(subject ?? "") is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\s*(On .{5,200} wrote:|Pada .{5,200}(menulis|wrote|tulis):|.{3,100}<[^<>@\s]+@[^<>\s]+>\s*(menulis|wrote):|-{2,}\s*(Original Message|Pesan Asli|Forwarded message|Pesan (yang )?diteruskan)\s*-{2,}|_{20,}|(From|Dari):\s.+@.+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Introduces();

    [GeneratedRegex(@"^\s*(On|Pada)\s.{5,200}$", RegexOptions.IgnoreCase)]
    private static partial Regex Begins();

    [GeneratedRegex(@"^.{0,200}(wrote|menulis|tulis):\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Ends();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex Blank();

    [GeneratedRegex(@"<(script|style|head|blockquote)\b.*?</\1>|<div class=""gmail_quote.*$|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Breaks();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"^(\s*(re|fw|fwd|bls|trs)\s*:\s*|\s*\[#\d{4}-\d{4,12}\]\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Prefixes();

    [GeneratedRegex(@"^(laporan|lapor|aduan|pengaduan|keluhan|report|no subject|tanpa subjek|\(.*\))$", RegexOptions.IgnoreCase)]
    private static partial Regex Empty();

    [GeneratedRegex(@"\[#(\d{4}-\d{4,12})\]")]
    private static partial Regex TicketMark();
}
