using System.Diagnostics;
using System.Net.Http.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class MailHost : ChannelsHost
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["SmartCity:Channels:Email:PollEvery"] = "00:00:00.500",
        ["SmartCity:Channels:Email:IdleFor"] = "00:00:01",
    };
}

/// <summary>Asks for mail once an hour: what comes before that, the server has said by itself. Large mails are small here.</summary>
public sealed class PatientMailHost : ChannelsHost
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["SmartCity:Channels:Email:PollEvery"] = "01:00:00",
        ["SmartCity:Channels:Email:MostBytes"] = "200000",
    };
}

public sealed class A_mailbox_that_says_when_mail_comes(PatientMailHost host) : IClassFixture<PatientMailHost>
{
    [Fact]
    public async Task is_read_at_once_by_one_of_several_hosts_and_what_is_too_large_stays_there()
    {
        Assert.SkipUnless(A_real_mail_server.MailServers.AreInstalled, "No mail server is installed: apt-get install dovecot-imapd python3-aiosmtpd (dovecot, aiosmtpd).");
        await using var servers = await A_real_mail_server.MailServers.Start(A_real_mail_server.Ours, A_real_mail_server.Password);
        _ = host.Another();
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "email", servers.Account);
        await servers.Brings(new MimeMessage { MessageId = "satu@warga.example", Subject = "Jalan rusak di Balapulang", Body = new TextPart("plain") { Text = "Depan pasar, lubang besar." } });
        await servers.Sent(1);

        await servers.Brings(new MimeMessage { MessageId = "dua@warga.example", Subject = "Lampu mati di Slawi", Body = new TextPart("plain") { Text = "Sejak kemarin, depan masjid." } });
        await servers.Sent(2);
        var body = new BodyBuilder { TextBody = "Foto terlampir." };
        body.Attachments.Add("foto.jpg", new byte[300_000]);
        await servers.Brings(new MimeMessage { MessageId = "tiga@warga.example", Subject = "Foto jembatan", Body = body.ToMessageBody() });

        var told = (await servers.Sent(3))[2];
        told.InReplyTo.ShouldBe("tiga@warga.example");
        told.TextBody!.ShouldContain("195 kB");
        // It holds up nothing that comes after it.
        await servers.Brings(new MimeMessage { MessageId = "empat@warga.example", Subject = "Sampah menumpuk di Adiwerna", Body = new TextPart("plain") { Text = "Depan balai desa." } });
        (await servers.Sent(4))[3].InReplyTo.ShouldBe("empat@warga.example");
        var reports = (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/reports?limit=1000"))).GetProperty("reports").EnumerateArray();
        reports.Count(r => r.GetProperty("channel").GetString() == "email").ShouldBe(3);
        var health = await (await host.SignIn("33.28", "dispatcher")).GetStringAsync("/api/v1/regencies/33.28/channel-health");
        health.ShouldContain("mail.too_large");
        health.ShouldNotContain("warga.example");
    }
}

/// <summary>Against Dovecot (IMAP) and aiosmtpd (SMTP), from Debian's packages dovecot-imapd and python3-aiosmtpd.</summary>
public sealed class A_real_mail_server(MailHost host) : IClassFixture<MailHost>
{
    internal const string Ours = "lapor@tegalkab.example", Password = "rahasia-surat";

    [Fact]
    public async Task brings_mails_with_photos_and_takes_the_answers_into_their_thread()
    {
        Assert.SkipUnless(MailServers.AreInstalled, "No mail server is installed: apt-get install dovecot-imapd python3-aiosmtpd (dovecot, aiosmtpd).");
        await using var servers = await MailServers.Start(Ours, Password);
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "email", servers.Account);
        var first = new MimeMessage { MessageId = "satu@warga.example", Subject = "Jalan rusak di Balapulang" };
        var body = new BodyBuilder { TextBody = "Lubangnya besar, depan pasar.\n\n-- \nWarga" };
        body.Attachments.Add("foto.jpg", Pictures.Jpeg(5));
        first.Body = body.ToMessageBody();

        await servers.Brings(first);

        var acknowledgement = (await servers.Sent(1))[0];
        acknowledgement.InReplyTo.ShouldBe("satu@warga.example");
        acknowledgement.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-replied");
        acknowledgement.To.Mailboxes.Single().Address.ShouldBe("warga@warga.example");
        var ticket = SmsHost.Ticket(acknowledgement.Subject!);
        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("description").GetString().ShouldBe("Jalan rusak di Balapulang\nLubangnya besar, depan pasar.");
        report.GetProperty("photos").GetArrayLength().ShouldBe(1);
        report.GetProperty("channel").GetString().ShouldBe("email");

        // An answer in the thread belongs to the report; an absence note is nothing.
        var second = new MimeMessage { MessageId = "dua@warga.example", Subject = $"Re: {acknowledgement.Subject}", InReplyTo = acknowledgement.MessageId, Body = new TextPart("plain") { Text = "Kemarin ada yang jatuh.\n\nPada Sab, 28 Nov 2026 Lapor <lapor@x.id> menulis:\n> Laporan Anda" } };
        var away = new MimeMessage { MessageId = "tiga@warga.example", Subject = "Sedang cuti", InReplyTo = acknowledgement.MessageId, Body = new TextPart("plain") { Text = "Saya cuti." } };
        away.Headers.Add(HeaderId.AutoSubmitted, "auto-replied");
        await servers.Brings(away);
        await servers.Brings(second);

        (await servers.Sent(2))[1].TextBody!.ShouldContain(ticket);
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(1);
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        (await servers.Sent(3))[2].TextBody!.ShouldContain("Sudah ditambal.");

        // Numbered anew, every mail is looked at again, and none is taken twice.
        await servers.NumbersAnew();
        await servers.Brings(new MimeMessage { MessageId = "empat@warga.example", Subject = "Lampu mati di Slawi", Body = new TextPart("plain") { Text = "Sejak kemarin, depan masjid." } });
        SmsHost.Ticket((await servers.Sent(4))[3].Subject!).ShouldNotBe(ticket);
        var reports = (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/reports?limit=1000"))).GetProperty("reports").EnumerateArray();
        reports.Count(r => r.GetProperty("channel").GetString() == "email").ShouldBe(2);
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(1);
        (await servers.Sent(4)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task that_says_nothing_by_itself_is_asked()
    {
        Assert.SkipUnless(MailServers.AreInstalled, "No mail server is installed: apt-get install dovecot-imapd python3-aiosmtpd (dovecot, aiosmtpd).");
        await using var servers = await MailServers.Start(Ours, Password, canIdle: false);
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.76", "email", servers.Account);

        for (var count = 1; count <= 2; count++)
        {
            await servers.Brings(new MimeMessage { MessageId = $"kota{count}@warga.example", Subject = "Jalan rusak di Panggung", Body = new TextPart("plain") { Text = $"Depan sekolah, sudah {count} minggu." } });
            await servers.Sent(count);
        }
    }

    /// <summary>An IMAP server, an SMTP server before it, and one that takes what we send; in a folder of their own.</summary>
    internal sealed class MailServers : IAsyncDisposable
    {
        private const string Dovecot = "/usr/sbin/dovecot", Smtp = "/usr/bin/aiosmtpd", Nobody = "65534";

        private readonly string _directory = Directory.CreateTempSubdirectory("smartcity-mail-").FullName;
        private readonly List<Process> _processes = [];
        private int _inPort;
        private string _user = Ours, _password = Password;

        public static bool AreInstalled => File.Exists(Dovecot) && File.Exists(Smtp);

        private static bool IsRoot => Environment.UserName == "root";

        public int ImapPort { get; private set; }

        public int OutPort { get; private set; }

        private string Inbox => Path.Combine(_directory, "inbox");

        private string Outbox => Path.Combine(_directory, "outbox");

        /// <summary>As an operator enters it.</summary>
        public object Account => new
        {
            address = _user,
            name = "Lapor Tegal",
            imapHost = "127.0.0.1",
            imapPort = $"{ImapPort}",
            imapPassword = _password,
            imapSecurity = "none",
            smtpHost = "127.0.0.1",
            smtpPort = $"{OutPort}",
            smtpSecurity = "none",
        };

        /// <param name="canIdle">The server says by itself that mail has come.</param>
        public static async Task<MailServers> Start(string user, string password, bool canIdle = true)
        {
            var servers = new MailServers { _user = user, _password = password };
            var ports = LoopbackPorts.Free(3);
            (servers.ImapPort, servers._inPort, servers.OutPort) = (ports[0], ports[1], ports[2]);
            await servers.Configure(user, password, canIdle);
            if (IsRoot)
            {
                // Dovecot lets nobody read mail as root.
                await Run("chown", "-R", $"{Nobody}:{Nobody}", servers._directory);
            }

            servers.Keep(Dovecot, "-F", "-c", Path.Combine(servers._directory, "dovecot.conf"));
            servers.Keep(Smtp, "-n", "-l", $"127.0.0.1:{servers._inPort}", "-c", "aiosmtpd.handlers.Mailbox", servers.Inbox);
            servers.Keep(Smtp, "-n", "-l", $"127.0.0.1:{servers.OutPort}", "-c", "aiosmtpd.handlers.Mailbox", servers.Outbox);
            foreach (var port in ports)
            {
                await LoopbackPorts.Answers(port);
            }

            return servers;
        }

        /// <summary>A citizen sends a mail.</summary>
        public async Task Brings(MimeMessage mail)
        {
            mail.From.Add(new MailboxAddress("Warga Surat", "warga@warga.example"));
            mail.To.Add(new MailboxAddress("", _user));
            using var client = new SmtpClient();
            await client.ConnectAsync("127.0.0.1", _inPort, SecureSocketOptions.None);
            await client.SendAsync(mail);
            await client.DisconnectAsync(true);
        }

        /// <summary>Waits until so many mails have been sent, oldest first.</summary>
        public Task<IReadOnlyList<MimeMessage>> Sent(int count) => SmartCityHost.Until(async () =>
        {
            var folder = Path.Combine(Outbox, "new");
            var files = Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles().OrderBy(f => f.LastWriteTimeUtc).ToArray() : [];
            if (files.Length < count)
            {
                return null;
            }

            var mails = new List<MimeMessage>();
            foreach (var file in files)
            {
                mails.Add(await MimeMessage.LoadAsync(file.FullName));
            }

            return (IReadOnlyList<MimeMessage>?)mails;
        }, $"{count} mails sent");

        /// <summary>As after a mailbox was restored: the server gives its mails new numbers.</summary>
        public async Task NumbersAnew()
        {
            var list = Path.Combine(Inbox, "dovecot-uidlist");
            var text = await File.ReadAllTextAsync(list);
            File.Delete(list);
            foreach (var index in Directory.GetFiles(Inbox, "dovecot.index*"))
            {
                File.Delete(index);
            }

            text.ShouldNotBeEmpty();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var process in Enumerable.Reverse(_processes))
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                    await process.WaitForExitAsync();
                }

                process.Dispose();
            }

            Directory.Delete(_directory, recursive: true);
        }

        private async Task Configure(string user, string password, bool canIdle)
        {
            foreach (var box in (string[])[Inbox, Outbox])
            {
                foreach (var part in (string[])["new", "cur", "tmp"])
                {
                    Directory.CreateDirectory(Path.Combine(box, part));
                }
            }

            var (name, group, uid, gid) = IsRoot ? ("nobody", "nogroup", Nobody, Nobody) : (await Output("id", "-un"), await Output("id", "-gn"), await Output("id", "-u"), await Output("id", "-g"));
            await File.WriteAllTextAsync(Path.Combine(_directory, "users"), $"{user}:{{PLAIN}}{password}\n");
            await File.WriteAllTextAsync(Path.Combine(_directory, "dovecot.conf"), $$"""
                base_dir = {{_directory}}/run
                state_dir = {{_directory}}/state
                log_path = {{_directory}}/dovecot.log
                protocols = imap
                {{(canIdle ? "" : "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS")}}
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                default_login_user = {{name}}
                default_internal_user = {{name}}
                default_internal_group = {{group}}
                first_valid_uid = 1
                mail_location = maildir:{{Inbox}}
                passdb {
                  driver = passwd-file
                  args = {{_directory}}/users
                }
                userdb {
                  driver = static
                  args = uid={{uid}} gid={{gid}} home={{_directory}}
                }
                service anvil {
                  chroot =
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = {{ImapPort}}
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service stats {
                  chroot =
                }

                """);
        }

        private void Keep(string program, params string[] arguments)
        {
            var start = IsRoot ? new ProcessStartInfo("setpriv", [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", program, .. arguments]) : new ProcessStartInfo(program, arguments);
            start.RedirectStandardOutput = start.RedirectStandardError = true;
            start.WorkingDirectory = _directory;
            var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _processes.Add(process);
        }

        private static async Task Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0);
        }

        private static async Task<string> Output(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            return (await process.StandardOutput.ReadToEndAsync()).Trim();
        }
    }
}
