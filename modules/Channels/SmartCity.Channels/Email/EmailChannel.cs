using System.Globalization;
using System.Net;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;

namespace SmartCity.Channels.Email;

/// <summary>A regency's mailbox: read by IMAP, answered by SMTP.</summary>
internal sealed class EmailChannel(EmailSender sender, ChannelAccounts accounts, MailLimit limit) : IChannel
{
    public const string Name = "email";

    // A mailbox is a department's own with all that belongs to it: nothing of the regency's counts for it.
    private static readonly IReadOnlyList<AccountSetting> Settings =
    [
        new("address", "the address that citizens write to, such as lapor@tegalkab.go.id", "alamat yang ditulisi warga, misalnya lapor@tegalkab.go.id"),
        new("name", "the name that stands beside the address in answers", "nama di samping alamat dalam jawaban", IsRequired: false),
        new("imapHost", "the IMAP server's name", "nama server IMAP", IsRequired: false),
        new("imapPort", "its port; default 993", "portnya; biasanya 993", IsRequired: false),
        new("imapUser", "the user's name there; default the address", "nama pengguna di sana; bila kosong, alamat di atas", IsRequired: false),
        new("imapPassword", "the password there", "kata sandi di sana", IsSecret: true, IsRequired: false),
        new("imapSecurity", "tls, starttls, or none (on this machine only); default tls", "tls, starttls, atau none (hanya di mesin ini); biasanya tls", IsRequired: false),
        new("smtpHost", "the SMTP server's name, for answers", "nama server SMTP, untuk jawaban", IsRequired: false),
        new("smtpPort", "its port; default 587", "portnya; biasanya 587", IsRequired: false),
        new("smtpUser", "the user's name there; none: without signing in", "nama pengguna di sana; kosong: tanpa masuk", IsRequired: false),
        new("smtpPassword", "the password there", "kata sandi di sana", IsSecret: true, IsRequired: false),
        new("smtpSecurity", "tls, starttls, or none (on this machine only); default starttls", "tls, starttls, atau none (hanya di mesin ini); biasanya starttls", IsRequired: false),
    ];

    public static AccountForm Form { get; } = new("email", Settings) { OfDepartment = Settings, SendsBy = "smtpHost" };

    public string Code => Name;

    public IChannelSender Sender => sender;

    public IReadOnlyList<AccountForm> Accounts => [Form];

    public async ValueTask<string?> From(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        Answering.From(await accounts.Able(regency, Accounts, cancel), addressed, department)?.Name;

    public async ValueTask<bool> CanSend(string regency, CancellationToken cancel) => (await accounts.Able(regency, Accounts, cancel)).Count > 0;

    public async Task<(bool Works, string Detail)?> Test(string regency, string name, CancellationToken cancel)
    {
        if (await accounts.Named(regency, Form, name, cancel) is not { Settings: var account })
        {
            return null;
        }

        var tried = new List<string>();
        try
        {
            if (MailServer.Of(account, "imap", 993, "tls") is { } imap)
            {
                using var client = new ImapClient { Timeout = 15_000 };
                await client.ConnectAsync(imap.Host, imap.Port, imap.Security, cancel);
                await client.AuthenticateAsync(imap.User ?? account["address"], imap.Password ?? "", cancel);
                await client.DisconnectAsync(quit: true, cancel);
                tried.Add("IMAP");
            }

            if (MailServer.Of(account, "smtp", 587, "starttls") is { } smtp)
            {
                using var client = new SmtpClient { Timeout = 15_000 };
                await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security, cancel);
                if (smtp.User is { } user)
                {
                    await client.AuthenticateAsync(user, smtp.Password ?? "", cancel);
                }

                await client.DisconnectAsync(quit: true, cancel);
                tried.Add("SMTP");
            }
        }
        catch (AuthenticationException)
        {
            return (false, $"{(tried.Count == 0 ? "The IMAP" : "The SMTP")} server does not take the user's name and password.");
        }

        return tried.Count > 0 ? (true, $"{string.Join(" and ", tried)} work.") : (false, "Set imapHost, smtpHost or both.");
    }

    public async Task<IReadOnlyList<ChannelNote>> Notes(IQuerySession session, CancellationToken cancel) =>
    [
        .. (await session.Query<MailboxRead>().Where(m => m.TooLarge > 0).ToListAsync(cancel)).Select(m => new ChannelNote("mail.too_large",
            string.Create(CultureInfo.InvariantCulture, $"{m.TooLarge} surel lebih besar dari {limit} dibiarkan di kotak surat; terakhir {m.TooLargeAt:yyyy-MM-dd}."),
            string.Create(CultureInfo.InvariantCulture, $"{m.TooLarge} mails larger than {limit} were left in the mailbox; the last on {m.TooLargeAt:yyyy-MM-dd}."))),
    ];

    public Interpretation Interpret(IncomingMessage message) =>
        // Answering a machine can go on for ever.
        message.IsAutomatic ? new Interpretation.Unclear(new MessageSetAside("mail.automatic",
            "A machine wrote this (a list, an absence note, a delivery failure); it is never answered.", "Ditulis oleh mesin (milis, balasan otomatis, gagal kirim); tidak pernah dijawab."))
        : message.IsTooLarge ? new Interpretation.Tell(
            $"Surel Anda lebih besar dari {limit} sehingga tidak dapat kami baca. Mohon kirim lagi dengan lampiran yang lebih kecil. / Your mail is larger than {limit}, so we cannot read it. Please send it again with smaller attachments.")
        : Keyword.Read(message.Text) is { } keyword ? new Interpretation.Asks(keyword)
        : new Interpretation.Report(message.Text.Trim());
}

/// <summary>Where a mail server is, and how it is spoken to.</summary>
internal sealed record MailServer(string Host, int Port, string? User, string? Password, SecureSocketOptions Security)
{
    /// <param name="prefix"><c>imap</c> or <c>smtp</c>.</param>
    public static MailServer? Of(IReadOnlyDictionary<string, string> account, string prefix, int port, string security)
    {
        if (account.GetValueOrDefault($"{prefix}Host") is not { } host)
        {
            return null;
        }

        var isHere = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return new MailServer(host, int.TryParse(account.GetValueOrDefault($"{prefix}Port"), out var given) && given is > 0 and < 65536 ? given : port,
            account.GetValueOrDefault($"{prefix}User"), account.GetValueOrDefault($"{prefix}Password"), (account.GetValueOrDefault($"{prefix}Security") ?? security).ToLowerInvariant() switch
            {
                // A password never goes over a network in the clear.
                "none" when isHere => SecureSocketOptions.None,
                "starttls" => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.SslOnConnect,
            });
    }
}

internal sealed class EmailSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(MailLimit.Read(configuration));
        services.AddSingleton<EmailSender>();
        services.AddSingleton<IChannel, EmailChannel>();
        services.AddScoped<ReceiveMail>();
        services.AddHostedService<ReadMailboxes>();
    }

    public void ConfigureStore(StoreOptions store) => store.Schema.For<MailboxRead>().DatabaseSchemaName("channels");
}
