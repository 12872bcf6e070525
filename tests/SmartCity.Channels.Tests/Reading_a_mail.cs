using System.Text;
using MimeKit;
using SmartCity.Channels.Email;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Tests;

public class Reading_a_mail
{
    private const string Ours = "lapor@tegalkab.example";

    private static readonly string OurId = $"{Guid.Parse("018f2b5c-0000-7000-8000-000000000001"):N}@tegalkab.example";

    private static Mail Read(string headers, string body = "Jalan rusak di Balamoa.")
    {
        var raw = Encoding.UTF8.GetBytes($"From: Warga Uji <Warga@Example.org>\nTo: {Ours}\n{headers}\n\n{body}\n".ReplaceLineEndings("\r\n"));
        return MailMessages.Read(MimeMessage.Load(new MemoryStream(raw)), raw, Ours, new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void finds_who_wrote_what()
    {
        var message = Read("Message-ID: <a1@example.org>\nSubject: Lampu mati di Slawi", "Sudah tiga hari.\n\n-- \nWarga").ShouldBeOfType<Mail.Written>().Message;

        message.Id.ShouldBe("a1@example.org");
        message.Author.ShouldBe(new("warga@example.org", null, "Warga Uji"));
        message.Text.ShouldBe("Lampu mati di Slawi\nSudah tiga hari.");
        message.Addressed.ShouldBe([Ours]);
        message.IsAutomatic.ShouldBeFalse();
    }

    [Fact]
    public void finds_what_it_answers()
    {
        Read($"Message-ID: <a2@example.org>\nSubject: Re: [#2026-000017] Laporan Anda\nIn-Reply-To: <{OurId}>\nReferences: <a1@example.org> <{OurId}>").ShouldBeOfType<Mail.Written>()
            .Message.ShouldSatisfyAllConditions(m => m.InReplyTo.ShouldBe(OurId), m => m.Conversation.ShouldBe("a1@example.org"), m => m.Text.ShouldBe("Jalan rusak di Balamoa."));
        Read("Message-ID: <a3@example.org>\nSubject: Re: [#2026-000017] Laporan Anda").ShouldBeOfType<Mail.Written>().Message.InReplyTo.ShouldBe("report:2026-000017");
    }

    [Fact]
    public void knows_one_without_an_id_by_its_content()
    {
        var one = Read("Subject: satu").ShouldBeOfType<Mail.Written>().Message.Id;

        one.ShouldStartWith("sha256:");
        Read("Subject: satu").ShouldBeOfType<Mail.Written>().Message.Id.ShouldBe(one);
        Read("Subject: dua").ShouldBeOfType<Mail.Written>().Message.Id.ShouldNotBe(one);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("Auto-Submitted: auto-generated; x=y")]
    [InlineData("Precedence: bulk")]
    [InlineData("Precedence: List")]
    [InlineData("List-Id: <warga.example.org>")]
    [InlineData("Return-Path: <>")]
    [InlineData("X-Autoreply: yes")]
    public void knows_what_a_machine_wrote(string header)
    {
        Read($"Message-ID: <a4@example.org>\n{header}").ShouldBeOfType<Mail.Written>().Message.IsAutomatic.ShouldBeTrue();
        // An absence note to an answer of ours is no message at all.
        Read($"Message-ID: <a4@example.org>\nIn-Reply-To: <{OurId}>\n{header}").ShouldBeOfType<Mail.Nothing>();
    }

    [Fact]
    public void takes_a_person_for_a_person() => Read("Message-ID: <a5@example.org>\nAuto-Submitted: no\nReturn-Path: <warga@example.org>").ShouldBeOfType<Mail.Written>().Message.IsAutomatic.ShouldBeFalse();

    [Fact]
    public void does_not_take_our_own_for_somebodys()
    {
        Read("X-SmartCity: 33.28").ShouldBeOfType<Mail.Nothing>();
        var letter = new Letter("33.28", "a1@example.org", "Sudah diterima.", default, []) { Id = Guid.NewGuid(), Ticket = "2026-000017" };
        using var mail = EmailSender.Write(letter, Ours, "Lapor Tegal", new MailboxAddress("", "warga@example.org"));

        mail.InReplyTo.ShouldBe("a1@example.org");
        mail.References.ShouldBe(["a1@example.org"]);
        mail.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-replied");
        mail.MessageId.ShouldBe($"{letter.Id:N}@tegalkab.example");
        mail.Subject!.ShouldContain("[#2026-000017]");
        MailMessages.Read(mail, [], Ours, default).ShouldBeOfType<Mail.Nothing>();
    }

    [Fact]
    public void finds_in_a_delivery_report_what_did_not_arrive()
    {
        var bounced = Read("Auto-Submitted: auto-replied\nReturn-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"", $"""
            --b
            Content-Type: text/plain

            Gagal.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.org

            Final-Recipient: rfc822; warga@example.org
            Action: failed
            Status: 5.1.1

            --b
            Content-Type: text/rfc822-headers

            Message-ID: <{OurId}>
            Subject: x

            --b--
            """).ShouldBeOfType<Mail.Bounced>();

        bounced.ShouldBe(new Mail.Bounced(OurId, "5.1.1"));
    }

    [Theory]
    [InlineData("Masih rusak.\n\nPada Sab, 28 Nov 2026 09.00 Lapor <lapor@x.id> menulis:\n> Sudah kami terima\n", "Masih rusak.")]
    [InlineData("Masih rusak.\nOn Sat, 28 Nov 2026 at 09:00, Lapor Tegal\n<lapor@tegalkab.example> wrote:\n> Sudah", "Masih rusak.")]
    [InlineData("Masih rusak.\n-----Original Message-----\nFrom: lapor", "Masih rusak.")]
    [InlineData("Masih rusak.\n________________________________\nFrom: Lapor <lapor@x.id>", "Masih rusak.")]
    [InlineData("> dikutip\nMasih rusak.\n\n\n\nSekali.", "Masih rusak.\n\nSekali.")]
    [InlineData("Pada hari Senin jalan itu rusak.\nMohon ditambal.", "Pada hari Senin jalan itu rusak.\nMohon ditambal.")]
    public void leaves_out_what_is_quoted(string text, string own) => MailText.Own(text).ShouldBe(own);

    [Fact]
    public void reads_a_page_as_words() =>
        MailText.OfHtml("<html><head><style>p{}</style></head><body><p>Jalan &amp; jembatan<br>rusak</p><blockquote>lama</blockquote></body></html>").ShouldBe("Jalan & jembatan\nrusak");
}
