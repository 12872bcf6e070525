using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Utils;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Email;

/// <summary>Sends by SMTP. Each message has an id of its own made from ours, so that what arrives twice is known to be one.</summary>
internal sealed class EmailSender(ChannelAccounts accounts) : IChannelSender
{
    public string Channel => EmailChannel.Name;

    public async Task<Delivery> Send(Letter letter, CancellationToken cancel)
    {
        if (!MailboxAddress.TryParse(letter.To ?? "", out var to) || await accounts.Named(letter.Regency, EmailChannel.Form, letter.Account, cancel) is not { Settings: var account }
            || MailServer.Of(account, "smtp", 587, "starttls") is not { } server)
        {
            return new Delivery.Refused("Not sent: the regency has no SMTP server, or there is no address to write to.");
        }

        var mail = Write(letter, account["address"], account.GetValueOrDefault("name"), to);
        using var client = new SmtpClient { Timeout = 30_000 };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security, cancel);
            if (server.User is { } user)
            {
                await client.AuthenticateAsync(user, server.Password ?? "", cancel);
            }
        }
        catch (AuthenticationException)
        {
            return new Delivery.Later("The SMTP server does not take the account's password.");
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or SslHandshakeException or ProtocolException or CommandException or OperationCanceledException or TimeoutException or NotSupportedException)
        {
            return new Delivery.Later($"The SMTP server cannot be reached: {failure.GetType().Name}.");
        }

        try
        {
            await client.SendAsync(mail, cancel);
        }
        catch (SmtpCommandException refused)
        {
            // Its words may hold the address.
            var error = $"The SMTP server answered {(int)refused.StatusCode}.";
            return (int)refused.StatusCode is >= 400 and < 500 ? new Delivery.Later(error) : new Delivery.Refused(error);
        }
        catch (Exception failure) when (failure is IOException or ProtocolException or ServiceNotConnectedException or OperationCanceledException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return new Delivery.Unknown($"the connection to the SMTP server was lost ({failure.GetType().Name})", null);
        }

        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception failure) when (failure is IOException or ProtocolException or CommandException)
        {
            // It has the mail.
        }

        return new Delivery.Sent(IdOf(letter, account["address"]));
    }

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(new Delivery.Unknown("a mail server cannot be searched for it", null));

    private static string IdOf(Letter letter, string address) => $"{letter.Id:N}@{address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]}";

    internal static MimeMessage Write(Letter letter, string address, string? name, MailboxAddress to)
    {
        var mail = new MimeMessage { MessageId = IdOf(letter, address) };
        mail.From.Add(new MailboxAddress(name ?? "", address));
        mail.To.Add(to);
        mail.Subject = letter.Kind == OutboundMessage.Confirmation ? "Konfirmasi langganan / Confirm your subscription"
            : letter.Kind == OutboundMessage.News ? "Kabar baru / What is new"
            : letter.Ticket.Length > 0 ? $"[#{letter.Ticket}] Laporan Anda / Your report" : "Pesan Anda / Your message";
        if (letter.Message is { Length: > 0 } answered && !answered.StartsWith("sha256:", StringComparison.Ordinal) && MimeUtils.EnumerateReferences($"<{answered}>").FirstOrDefault() is { } id)
        {
            mail.InReplyTo = id;
            mail.References.Add(id);
        }

        if (letter.Unsubscribe is { } unsubscribe)
        {
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        // Nobody's machine is to answer it.
        mail.Headers.Add(HeaderId.AutoSubmitted, letter.Message is null ? "auto-generated" : "auto-replied");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        mail.Headers.Add(MailMessages.Mark, letter.Regency);
        mail.Body = new TextPart("plain") { Text = letter.Text };
        return mail;
    }
}
