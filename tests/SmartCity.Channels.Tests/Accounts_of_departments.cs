using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MimeKit;
using SmartCity.Channels.Accounts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>What is said of a department's own account whatever the channel.</summary>
internal static class OfADepartment
{
    public const string Accounts = "/api/v1/regencies/33.28/channel-accounts";

    /// <summary>The department that a report was addressed to.</summary>
    public static Task<string?> Addressed(this ChannelsHost host, string ticket, string regency = "33.28") => host.Use<RegencySessions, string?>(async sessions =>
    {
        await using var session = sessions.Query(regency);
        return (await session.Events.FetchStreamAsync(ticket)).Select(e => e.Data).OfType<ReportFiled>().Single().AddressedDepartment;
    });

    /// <summary>How an account does.</summary>
    public static async Task<JsonElement> Health(this ChannelsHost host, string account, string regency = "33.28") =>
        (await SmartCityHost.Json(await (await host.SignIn(regency, "humas")).GetAsync($"/api/v1/regencies/{regency}/channel-health"))).EnumerateArray()
            .Single(h => h.TryGetProperty("department", out _) && h.GetProperty("accounts")[0].GetString() == account);

    /// <summary>It is tested with the provider, belongs to its regency alone, and shows nothing that is secret.</summary>
    public static async Task IsKeptWell(this ChannelsHost host, string account, string secret)
    {
        var known = await host.SignIn("33.28", "operator");
        var shown = await known.GetStringAsync(Accounts);
        shown.ShouldContain(account);
        shown.ShouldNotContain(secret);
        (await known.GetStringAsync("/api/v1/regencies/33.76/channel-accounts")).ShouldNotContain($"\"{account}\"");
        (await known.PostAsync($"/api/v1/regencies/33.76/channel-accounts/{account}/tests", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.28", "humas")).GetAsync(Accounts)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var test = await SmartCityHost.Json(await known.PostAsync($"{Accounts}/{account}/tests", null));
        test.GetProperty("works").GetBoolean().ShouldBeTrue(test.GetProperty("detail").GetString());
        var health = await host.Health(account);
        health.TryGetProperty("lastReceivedAt", out _).ShouldBeTrue();
        health.TryGetProperty("lastSentAt", out _).ShouldBeTrue();
    }

    /// <summary>It counts for the order that the regent gave on the channel.</summary>
    public static async Task Counts(this ChannelsHost host, string channel, string department)
    {
        var regent = await host.SignIn("33.28", "regent");
        var list = await SmartCityHost.Json(await regent.PutAsJsonAsync("/api/v1/regencies/33.28/official-accounts/order", new { channel, publicServiceBy = "2026-01-31", silentAfterDays = 7 }));
        JsonElement Of(string code) => list.GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == code);
        Of(department).GetProperty("answersFromIt").GetBoolean().ShouldBeTrue();
        Of(department).GetProperty("state").GetString().ShouldBe("active");
        Of(department).TryGetProperty("lastAddressedAt", out _).ShouldBeTrue();
        Of("DLH").GetProperty("state").GetString().ShouldBe("missing");
    }
}

public sealed class Numbers_of_departments_for_SMS(SmsHost host) : IClassFixture<SmsHost>
{
    [Fact]
    public async Task at_Kannel_bring_what_is_written_to_them_and_answer_it()
    {
        await SmsHost.Set(await host.Operator(), "33.28", "sms-kannel.DISHUB", new { from = "9119" });
        var number = SmsHost.NewNumber();

        (await host.Kannel(number, "jalan rusak parah di Balamoa, lubang besar", to: "9119")).EnsureSuccessStatusCode();

        var acknowledgement = (await host.Sent(number, 1))[0];
        acknowledgement.From.ShouldBe("9119");
        var ticket = SmsHost.Ticket(acknowledgement.Text);
        (await host.Addressed(ticket)).ShouldBe("DISHUB");
        // Who writes to the regency's number besides begins another talk.
        (await host.Kannel(number, "lampu jalan mati di Slawi depan pasar")).EnsureSuccessStatusCode();
        var other = (await host.Sent(number, 2))[1];
        other.From.ShouldBe("9118");
        SmsHost.Ticket(other.Text).ShouldNotBe(ticket);
        (await host.Addressed(SmsHost.Ticket(other.Text))).ShouldBeNull();
        // A long one that comes in parts, too.
        var parted = SmsHost.NewNumber();
        (await host.Kannel(parted, "jalan rusak parah di Balamoa ", to: "9119", more: "&udh=%05%00%03%21%02%01")).EnsureSuccessStatusCode();
        (await host.Kannel(parted, "depan pasar lubang besar", to: "9119", more: "&udh=%05%00%03%21%02%02")).EnsureSuccessStatusCode();
        (await host.Sent(parted, 1))[0].From.ShouldBe("9119");

        await host.IsKeptWell("sms-kannel.DISHUB", "rahasia-kannel");
        await host.Counts("sms", "DISHUB");
        // The other regency has no such number.
        (await host.Kannel(number, "jalan rusak", to: "9119", regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // Where the regency has no Kannel, a number alone is of no use, and the operator is told so.
        var alone = await (await host.Operator()).PutAsJsonAsync("/api/v1/regencies/33.76/channel-accounts/sms-kannel.DISHUB", new { from = "9120" });
        (await SmartCityHost.Json(alone)).GetProperty("note").GetString()!.ShouldContain("as soon as the regency's own account sms-kannel is set");
        (await host.Kannel(number, "jalan rusak", to: "9120", regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Gateways.To(number).Count.ShouldBe(2);
    }

    [Fact]
    public async Task answer_in_the_place_of_another_channel_of_the_same_department()
    {
        await using var whatsapp = new FakeWhatsApp();
        var known = await host.Operator();
        await SmsHost.Set(known, "33.28", "sms-kannel.DISHUB", new { from = "9119" });
        await SmsHost.Set(known, "33.28", "whatsapp", new { appSecret = "rahasia-app", verifyToken = "v", token = FakeWhatsApp.Token, phoneNumberId = "1001", baseUrl = $"{whatsapp.Address}/v25.0" });
        await SmsHost.Set(known, "33.28", "whatsapp.DISHUB", new { phoneNumberId = "1002" });
        async Task<string> From(string phoneNumberId)
        {
            var number = SmsHost.NewNumber();
            whatsapp.Script(number[1..], FakeWhatsApp.Fails(400, 131026));
            var body = JsonSerializer.SerializeToUtf8Bytes(new
            {
                @object = "whatsapp_business_account",
                entry = new[] { new { id = "WABA1", changes = new[] { new { field = "messages", value = new
                {
                    messaging_product = "whatsapp",
                    metadata = new { display_phone_number = "62283491234", phone_number_id = phoneNumberId },
                    contacts = new[] { new { profile = new { name = "Warga" }, wa_id = number[1..] } },
                    messages = new[] { new { from = number[1..], id = $"wamid.{number}", timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), type = "text", text = new { body = "lampu lalu lintas mati di Balamoa depan pasar" } } },
                } } } } },
            });
            using var request = new HttpRequestMessage(HttpMethod.Post, "/channels/33.28/whatsapp/webhook") { Content = new ByteArrayContent(body) };
            request.Headers.Add(WhatsApp.MetaSignature.Header, WhatsApp.MetaSignature.Of("rahasia-app", body));
            (await host.Http.SendAsync(request)).EnsureSuccessStatusCode();
            return (await host.Sent(number, 1))[0].From;
        }

        (await From("1002")).ShouldBe("9119");
        (await From("1001")).ShouldBe("9118");
    }

    [Fact]
    public async Task at_a_gateway_of_the_Twilio_form_sign_and_send_with_a_token_of_their_own()
    {
        await SmsHost.Set(await host.Operator(), "33.76", "sms-twilio.DISHUB", new { from = "+622128888888", accountSid = "ACdishub", authToken = "token-dishub" });
        var (number, other) = (SmsHost.NewNumber(), SmsHost.NewNumber());

        (await host.Twilio(number, "lampu merah mati di perempatan Panggung", "SM" + Guid.NewGuid().ToString("N"), token: "token-dishub", to: "+622128888888")).EnsureSuccessStatusCode();
        (await host.Twilio(other, "lampu merah mati di perempatan Panggung", "SM" + Guid.NewGuid().ToString("N"), to: "+622128888888")).EnsureSuccessStatusCode();

        var sent = (await host.Sent(number, 1))[0];
        (sent.By, sent.From).ShouldBe(("ACdishub", "+622128888888"));
        (await host.Addressed(SmsHost.Ticket(sent.Text), "33.76")).ShouldBe("DISHUB");
        // The regency's token speaks for the regency's number only.
        (sent = (await host.Sent(other, 1))[0]).From.ShouldBe("+622129999999");
        (await host.Addressed(SmsHost.Ticket(sent.Text), "33.76")).ShouldBeNull();
        (await host.Twilio(number, "", sent.Id!, new Uri(host.Gateways.To(number)[0].Callback).PathAndQuery, token: "token-dishub", more: new() { ["MessageStatus"] = "delivered" }, to: "+622128888888")).EnsureSuccessStatusCode();
        (await host.Outgoing(SmsHost.Ticket(host.Gateways.To(number)[0].Text), "acknowledgement", "sent", "33.76")).TryGetProperty("deliveredAt", out _).ShouldBeTrue();
        (await host.Twilio(number, "jalan rusak", "SM3", token: "token-salah", to: "+622128888888")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

public sealed class Numbers_of_departments_on_WhatsApp(WhatsAppHost host) : IClassFixture<WhatsAppHost>
{
    [Fact]
    public async Task bring_what_is_written_to_them_and_answer_it()
    {
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "whatsapp.DISHUB", new { phoneNumberId = "1002" });
        var number = WhatsAppHost.NewNumber();

        (await host.Bring(host.Message(number, new { type = "image", image = new { id = "MEDIA2", mime_type = "image/jpeg", caption = "jalan ambles di Balapulang depan pasar" } }, number: "1002"))).EnsureSuccessStatusCode();
        (await host.Bring(host.Message(number, new { type = "text", text = new { body = "jalan rusak" } }, number: "1003"))).EnsureSuccessStatusCode();

        var acknowledgement = (await host.Sent(number, 1))[0];
        acknowledgement.Number.ShouldBe("1002");
        // The 24 hours are each number's own: here they are open.
        acknowledgement.Type.ShouldBe("text");
        var ticket = SmsHost.Ticket(acknowledgement.Text);
        (await host.Addressed(ticket)).ShouldBe("DISHUB");
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}/photos/1")).IsSuccessStatusCode, "the photo");
        (await host.Bring(WhatsAppHost.Text(host, number, "lampu jalan mati di Slawi depan pasar"))).EnsureSuccessStatusCode();
        var other = (await host.Sent(number, 2))[1];
        other.Number.ShouldBe("1001");
        SmsHost.Ticket(other.Text).ShouldNotBe(ticket);

        await host.Counts("whatsapp", "DISHUB");
        (await host.Bring(host.Message(number, new { type = "text", text = new { body = "jalan rusak" } }, number: "1002"), regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var health = await host.Health("whatsapp.DISHUB");
        health.TryGetProperty("lastReceivedAt", out _).ShouldBeTrue();
        health.TryGetProperty("lastSentAt", out _).ShouldBeTrue();
    }
}

public sealed class Bots_of_departments_on_Telegram(TelegramHost host) : IClassFixture<TelegramHost>
{
    [Fact]
    public async Task bring_what_is_written_to_them_and_answer_it()
    {
        const long Chat = 8181;
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "telegram.DISHUB", new { token = FakeTelegram.OtherBot, secret = "rahasia_dishub" });
        host.Telegram.Webhook.Last().Call.GetProperty("url").GetString().ShouldBe("https://lapor.contoh.id/channels/33.28/telegram/webhook/DISHUB");
        host.Telegram.OnlyOtherBotHasFiles = true;
        var update = host.Photo(Chat, "P21", "jalan ambles di Balapulang depan pasar");

        (await host.Bring(update, bot: "/DISHUB")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Bring(update, secret: "rahasia_dishub")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Bring(update, secret: "rahasia_dishub", bot: "/DPU")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Bring(update, secret: "rahasia_dishub", bot: "/DISHUB", regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Bring(update, secret: "rahasia_dishub", bot: "/DISHUB")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Bring(update, secret: "rahasia_dishub", bot: "/DISHUB")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var acknowledgement = (await host.Sent(Chat, 1))[0];
        acknowledgement.GetProperty("reply_parameters").GetProperty("message_id").GetInt64().ShouldBeGreaterThan(0);
        var ticket = SmsHost.Ticket(acknowledgement.GetProperty("text").GetString()!);
        (await host.Addressed(ticket)).ShouldBe("DISHUB");
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}/photos/1")).IsSuccessStatusCode, "the photo");
        var report = await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", $"officer.{report.GetProperty("department").GetString()!.ToLowerInvariant()}");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        var button = (await host.Sent(Chat, 2))[1].GetProperty("reply_markup").GetProperty("inline_keyboard")[0][0].GetProperty("callback_data").GetString();
        (await host.Bring(new { update_id = 79997, callback_query = new { id = "c9", data = button, from = new { id = Chat, first_name = "Warga Bot" } } }, secret: "rahasia_dishub", bot: "/DISHUB")).EnsureSuccessStatusCode();
        await host.Reaches(ticket, "closed");
        await host.Sent(Chat, 3);
        host.Telegram.By(Chat).ShouldAllBe(token => token == FakeTelegram.OtherBot);

        await host.IsKeptWell("telegram.DISHUB", FakeTelegram.OtherBot);
        await host.Counts("telegram", "DISHUB");
        // Without it, answers leave from the regency's again; its secret opens nothing any more.
        (await (await host.SignIn("33.28", "operator")).DeleteAsync($"{OfADepartment.Accounts}/telegram.DISHUB")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        host.Telegram.Webhook.Last().What.ShouldBe("deleted");
        (await host.Bring(update, secret: "rahasia_dishub", bot: "/DISHUB")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}

public sealed class Asking_for_the_updates_of_a_departments_bot(TelegramPollingHost host) : IClassFixture<TelegramPollingHost>
{
    [Fact]
    public async Task takes_them_beside_those_of_the_regencys()
    {
        // Each bot counts for itself: the same chat, the same number.
        object Update(string text) => new
        {
            update_id = 91001,
            message = new { message_id = 1, date = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), chat = new { id = 7100, type = "private" }, from = new { id = 7100, first_name = "W" }, text },
        };
        host.Telegram.Waiting.Enqueue(JsonSerializer.SerializeToElement(Update("jalan rusak di Balapulang depan pasar")));
        host.Telegram.WaitingOfOther.Enqueue(JsonSerializer.SerializeToElement(Update("lampu merah mati di perempatan Slawi")));
        var known = await host.SignIn("33.28", "operator");
        await SmsHost.Set(known, "33.28", "telegram", new { token = "77:rahasia-bot", secret = "rahasia_hook", baseUrl = host.Telegram.Address });
        await SmsHost.Set(known, "33.28", "telegram.DISHUB", new { token = FakeTelegram.OtherBot, secret = "rahasia_dishub" });

        await SmartCityHost.Until(() => Task.FromResult(host.Telegram.By(7100).Count >= 2), "both answers");

        host.Telegram.By(7100).Order(StringComparer.Ordinal).ShouldBe(["77:rahasia-bot", FakeTelegram.OtherBot]);
    }
}

public sealed class Mailboxes_of_departments(MailHost host) : IClassFixture<MailHost>
{
    [Fact]
    public async Task bring_what_is_written_to_them_and_answer_it()
    {
        Assert.SkipUnless(A_real_mail_server.MailServers.AreInstalled, "No mail server is installed: apt-get install dovecot-imapd python3-aiosmtpd (dovecot, aiosmtpd).");
        await using var own = await A_real_mail_server.MailServers.Start(A_real_mail_server.Ours, A_real_mail_server.Password);
        await using var theirs = await A_real_mail_server.MailServers.Start("dishub@tegalkab.example", "rahasia-dishub");
        var known = await host.SignIn("33.28", "operator");
        await SmsHost.Set(known, "33.28", "email", own.Account);
        await SmsHost.Set(known, "33.28", "email.DISHUB", theirs.Account);

        await theirs.Brings(new MimeMessage { MessageId = "satu@warga.example", Subject = "Lampu merah mati di Slawi", Body = new TextPart("plain") { Text = "Perempatan depan pasar, sejak kemarin." } });

        var acknowledgement = (await theirs.Sent(1))[0];
        acknowledgement.InReplyTo.ShouldBe("satu@warga.example");
        acknowledgement.From.Mailboxes.Single().Address.ShouldBe("dishub@tegalkab.example");
        (await host.Addressed(SmsHost.Ticket(acknowledgement.Subject!))).ShouldBe("DISHUB");
        // One mail to both mailboxes is one report, and the department's.
        MimeMessage ToBoth(string other)
        {
            var mail = new MimeMessage { MessageId = "dua@warga.example", Subject = "Jalan rusak di Balapulang", Body = new TextPart("plain") { Text = "Depan pasar, lubang besar." } };
            mail.To.Add(new MailboxAddress("", other));
            return mail;
        }

        await own.Brings(ToBoth("dishub@tegalkab.example"));
        await theirs.Brings(ToBoth(A_real_mail_server.Ours));
        var second = (await theirs.Sent(2))[1];
        (await host.Addressed(SmsHost.Ticket(second.Subject!))).ShouldBe("DISHUB");
        await own.Brings(new MimeMessage { MessageId = "tiga@warga.example", Subject = "Sampah menumpuk di Adiwerna", Body = new TextPart("plain") { Text = "Depan balai desa." } });
        (await own.Sent(1))[0].InReplyTo.ShouldBe("tiga@warga.example");
        (await theirs.Sent(2)).Count.ShouldBe(2);

        await host.IsKeptWell("email.DISHUB", "rahasia-dishub");
        await host.Counts("email", "DISHUB");
    }
}

public class An_account_of_a_department
{
    private static readonly AccountForm Form = new("radio", new AccountSetting("secret", "s", IsSecret: true), new("url", "u"), new("name", "n", IsRequired: false), new("station", "t"))
    {
        OfDepartment = [new("station", "t"), new("name", "n", IsRequired: false), new("url", "u", IsRequired: false, IsShared: true)],
    };

    [Fact]
    public void takes_from_the_regencys_what_is_not_its_own_affair()
    {
        var regency = new Dictionary<string, string> { ["secret"] = "s", ["url"] = "u", ["name"] = "Regency", ["station"] = "1" };

        var own = Form.OfDepartmentIn(new Dictionary<string, string> { ["station"] = "2" }, regency)!;

        own.ShouldBe(new Dictionary<string, string> { ["station"] = "2", ["secret"] = "s", ["url"] = "u" }, ignoreOrder: true);
        Form.OfDepartmentIn(new Dictionary<string, string> { ["station"] = "2", ["url"] = "v" }, regency)!["url"].ShouldBe("v");
        Form.OfDepartmentIn(new Dictionary<string, string> { ["station"] = "2" }, null).ShouldBeNull();
    }

    [Theory]
    [InlineData("radio.B", "A", "radio.B")] // it was written to
    [InlineData("radio.A radio.B", "B", "radio.B")] // of several the one whose answer it is
    [InlineData("radio.B radio.A", "C", "radio.B")] // else the first
    [InlineData("77", null, "radio.A")] // by its address
    [InlineData("elsewhere", "A", "radio")] // none of them: the regency's own
    [InlineData("", "A", "radio")]
    public void answers_what_was_written_to_it(string addressed, string? department, string from)
    {
        Own[] able = [new("radio", null, null), new("radio.A", "A", "77"), new("radio.B", "B", null)];

        Answering.From(able, addressed.Split(' '), department)!.Name.ShouldBe(from);
    }

    [Fact]
    public void stands_in_where_the_regency_has_none()
    {
        Own[] able = [new("radio.A", "A", null), new("radio.B", "B", null)];

        Answering.From(able, [], "B")!.Name.ShouldBe("radio.B");
        Answering.From(able, [], "C")!.Name.ShouldBe("radio.A");
        Answering.From<Own>([], ["radio.A"], "A").ShouldBeNull();
    }

    private sealed record Own(string Name, string? Department, string? Address) : IOwnAccount;
}
