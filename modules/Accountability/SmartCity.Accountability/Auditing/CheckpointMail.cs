using System.Collections.Concurrent;
using System.Globalization;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace SmartCity.Accountability.Auditing;

/// <summary>How checkpoints go to auditors by e-mail, from configuration section <c>SmartCity:Audit:Mail</c>.</summary>
/// <param name="To">Addresses by regency; those under an empty code get the checkpoints of all.</param>
/// <param name="Every">At most one message in this time; it has the latest checkpoint.</param>
internal sealed record AuditMailOptions(string Host, int Port, SecureSocketOptions Security, string? UserName, string? Password, MailboxAddress From, IReadOnlyDictionary<string, InternetAddressList> To, TimeSpan Every)
{
    /// <summary>Null: nothing is sent.</summary>
    /// <exception cref="InvalidOperationException">A value is wrong.</exception>
    public static AuditMailOptions? Read(IConfigurationSection section)
    {
        if (section["Host"] is not { Length: > 0 } host)
        {
            return null;
        }

        if (!int.TryParse(section["Port"] ?? "587", NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            throw Wrong("Port", "the port of the mail server, such as 587");
        }

        if (!Enum.TryParse<SecureSocketOptions>(section["Security"] ?? nameof(SecureSocketOptions.StartTls), ignoreCase: true, out var security))
        {
            throw Wrong("Security", "startTls, sslOnConnect or none");
        }

        if (!MailboxAddress.TryParse(section["From"], out var from) || !IsFull(from))
        {
            throw Wrong("From", "an e-mail address");
        }

        if (!double.TryParse(section["Minutes"] ?? "60", CultureInfo.InvariantCulture, out var minutes) || minutes is < 0 or > 10_080)
        {
            throw Wrong("Minutes", "the least time between two messages, 0 to 10080");
        }

        var to = new Dictionary<string, InternetAddressList>();
        // To: all regencies; To:33.28: one.
        foreach (var (code, text) in section.GetSection("To").GetChildren().Select(c => (c.Key, c.Value)).Append(("", section["To"])).Where(t => !string.IsNullOrWhiteSpace(t.Item2)))
        {
            to[code] = InternetAddressList.TryParse(text, out var list) && list.All(IsFull) ? list : throw Wrong(code.Length == 0 ? "To" : $"To:{code}", "e-mail addresses, parted by commas");
        }

        return to.Count > 0 ? new AuditMailOptions(host, port, security, section["UserName"], section["Password"], from, to, TimeSpan.FromMinutes(minutes)) : throw Wrong("To", "e-mail addresses, parted by commas");
    }

    public IEnumerable<InternetAddress> Of(string regency) => To.Where(t => t.Key.Length == 0 || t.Key == regency).SelectMany(t => t.Value).DistinctBy(a => a.ToString());

    private static bool IsFull(InternetAddress address) => address is MailboxAddress mailbox && mailbox.Address.Contains('@', StringComparison.Ordinal);

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration SmartCity:Audit:Mail:{name} must be {expected}.");
}

/// <summary>Sends auditors the latest checkpoint, so that they hold one without having asked. What could not be sent is sent with the next try.</summary>
internal sealed partial class CheckpointMail(AuditOptions options, ILogger<CheckpointMail> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, SignedNote> _waiting = new();
    private readonly ConcurrentDictionary<string, (long Since, TimeSpan For)> _resting = new();

    /// <summary>A newer checkpoint takes the place of one that was not sent yet.</summary>
    public void Offer(string regency, SignedNote note)
    {
        if (options.Mail?.Of(regency).Any() == true)
        {
            _waiting[regency] = note;
        }
    }

    /// <summary>Sends what is due.</summary>
    public async Task SendDue(CancellationToken cancel)
    {
        foreach (var (regency, note) in _waiting)
        {
            if (_resting.TryGetValue(regency, out var rest) && TimeProvider.System.GetElapsedTime(rest.Since) < rest.For)
            {
                continue;
            }

            var isSent = await Send(regency, note, cancel);
            _resting[regency] = (TimeProvider.System.GetTimestamp(), isSent ? options.Mail!.Every : Pause);
            if (isSent)
            {
                _waiting.TryRemove(KeyValuePair.Create(regency, note));
            }
        }
    }

    private async Task<bool> Send(string regency, SignedNote note, CancellationToken cancel)
    {
        var mail = options.Mail!;
        using var message = new MimeMessage();
        message.From.Add(mail.From);
        message.To.AddRange(mail.Of(regency));
        message.Subject = $"{options.OriginOf(regency)}: {Checkpoint.Read(note.Text)?.Size}";
        message.Body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = "Simpan lampiran ini: dengannya Anda dapat membuktikan bahwa riwayat sampai saat ini tidak diubah (smartcity audit verify ARSIP --checkpoint LAMPIRAN --key KUNCI).\n\n"
                + "Keep the attachment: with it you can prove that the history up to now was not changed (smartcity audit verify ARCHIVE --checkpoint ATTACHMENT --key KEYS).\n" },
            new MimePart("text", "plain") { Content = new MimeContent(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(note.ToString()))), FileName = $"{regency}.checkpoint", ContentTransferEncoding = ContentEncoding.Base64 },
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new SmtpClient();
            await client.ConnectAsync(mail.Host, mail.Port, mail.Security, patience.Token);
            if (mail.UserName is { Length: > 0 })
            {
                await client.AuthenticateAsync(mail.UserName, mail.Password ?? "", patience.Token);
            }

            await client.SendAsync(message, patience.Token);
            await client.DisconnectAsync(true, patience.Token);
            return true;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogNotSent(failure, regency);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of {Regency} could not be sent by e-mail; it is tried again.")]
    private partial void LogNotSent(Exception failure, string regency);
}
