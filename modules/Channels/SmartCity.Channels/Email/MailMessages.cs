using System.Security.Cryptography;
using MimeKit;
using MimeKit.Tnef;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Email;

/// <summary>What a mail is.</summary>
internal abstract record Mail
{
    /// <summary>Somebody wrote it, or a machine that did not answer us.</summary>
    public sealed record Written(IncomingMessage Message, IReadOnlyList<MimePart> Pictures) : Mail;

    /// <summary>A server says that a message of ours did not arrive.</summary>
    public sealed record Bounced(string MessageId, string Status) : Mail;

    /// <summary>Our own, or a machine's answer to a message of ours.</summary>
    public sealed record Nothing : Mail;
}

/// <summary>Reads mails.</summary>
internal static class MailMessages
{
    /// <summary>Stands in every message of ours.</summary>
    public const string Mark = "X-SmartCity";

    private const int Longest = 4000, MostPictures = 10, SmallestPicture = 5 * 1024;

    /// <param name="ours">Our own address.</param>
    public static Mail Read(MimeMessage mail, byte[] raw, string ours, DateTimeOffset now)
    {
        if (Bounce(mail) is { } bounced)
        {
            return bounced;
        }

        var from = mail.From.Mailboxes.FirstOrDefault()?.Address.ToLowerInvariant() ?? "";
        var isAutomatic = IsAutomatic(mail, from);
        var domain = ours[(ours.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var answers = mail.InReplyTo is { Length: > 0 } direct ? [.. mail.References.Reverse().Prepend(direct)] : mail.References.Reverse().ToArray();
        var answered = answers.FirstOrDefault(id => IsOurs(id, domain)) ?? answers.FirstOrDefault();
        if (mail.Headers.Contains(Mark) || from == ours.ToLowerInvariant() || (isAutomatic && answered is not null && IsOurs(answered, domain)))
        {
            return new Mail.Nothing();
        }

        var id = mail.MessageId is { Length: > 0 and < 500 } given ? given : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(raw))}";
        var body = MailText.Own(mail.TextBody ?? (mail.HtmlBody is { } html ? MailText.OfHtml(html) : ""));
        var text = answered is null && MailText.Subject(mail.Subject) is { } subject && !body.StartsWith(subject, StringComparison.OrdinalIgnoreCase) ? $"{subject}\n{body}".Trim() : body;
        // Without references the ticket in the subject says which report it is about.
        answered ??= MailText.Ticket(mail.Subject) is { } ticket ? $"{ReportReference}{ticket}" : null;
        return new Mail.Written(new IncomingMessage(
            EmailChannel.Name, id, mail.References.FirstOrDefault() ?? answered ?? id, answered, new MessageAuthor(from, null, mail.From.Mailboxes.FirstOrDefault()?.Name is { Length: > 0 } name ? name : null),
            text.Length <= Longest ? text : text[..Longest], [], null, null, null, [.. mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Select(m => m.Address.ToLowerInvariant()).Distinct()],
            mail.Date == default ? now : mail.Date, "")
        {
            IsAutomatic = isAutomatic || from.Length == 0,
        }, [.. Pictures(mail)]);
    }

    /// <summary>What stands for a message when only its report is known.</summary>
    public const string ReportReference = "report:";

    /// <summary>Whether a machine wrote it (RFC 3834, and what programs do besides).</summary>
    public static bool IsAutomatic(MimeMessage mail, string from)
    {
        string Header(string name) => mail.Headers[name]?.Trim().ToLowerInvariant() ?? "";
        var user = from.Split('@')[0];
        return Header("Auto-Submitted") is { Length: > 0 } submitted && !submitted.StartsWith("no", StringComparison.Ordinal)
            || Header("Precedence") is "bulk" or "list" or "junk" or "auto_reply"
            || mail.Headers.Contains("List-Id") || mail.Headers.Contains("List-Unsubscribe")
            || mail.Headers.Contains("X-Autoreply") || mail.Headers.Contains("X-Autorespond") || mail.Headers.Contains("X-Auto-Response-Suppress")
            || Header("Return-Path") == "<>"
            || user is "mailer-daemon" or "postmaster" or "noreply" or "no-reply" or "donotreply";
    }

    private static bool IsOurs(string id, string domain) =>
        id.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(id.Split('@')[0], "N", out _);

    /// <summary>A delivery report (RFC 3464) on a message of ours.</summary>
    private static Mail? Bounce(MimeMessage mail)
    {
        if (mail.Body is not MultipartReport report || report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status)
        {
            return null;
        }

        var groups = status.StatusGroups;
        var failed = groups.FirstOrDefault(g => g["Action"]?.Trim().Equals("failed", StringComparison.OrdinalIgnoreCase) == true);
        var id = report.OfType<MessagePart>().Select(p => p.Message?.MessageId).FirstOrDefault(i => i is not null)
            ?? report.OfType<TextRfc822Headers>().Select(p => p.Message?.MessageId).FirstOrDefault(i => i is not null);
        return failed is null || id is null ? new Mail.Nothing() : new Mail.Bounced(id, failed["Status"]?.Trim() is { Length: > 0 and <= 12 } code ? code : "5.0.0");
    }

    private static IEnumerable<MimePart> Pictures(MimeMessage mail) => mail.BodyParts
        .SelectMany(part => part is TnefPart tnef ? tnef.ExtractAttachments() : [part]).OfType<MimePart>()
        .Where(part => part.ContentType.MediaType.Equals("image", StringComparison.OrdinalIgnoreCase)
            || (part.IsAttachment && Path.GetExtension(part.FileName ?? "").ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp"))
        // A letterhead's logo is no photo.
        .Where(part => part.Content?.Stream is { Length: 0 or >= SmallestPicture }).Take(MostPictures);
}
