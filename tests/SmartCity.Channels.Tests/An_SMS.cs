using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Sms;
using SmartCity.Platform.History;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class An_SMS_by_Kannel(SmsHost host) : IClassFixture<SmsHost>
{
    [Theory]
    [InlineData("33.28", "sms-kannel", "password", "rahasia-kannel")]
    [InlineData("33.76", "sms-twilio", "authToken", SmsHost.Token)]
    public async Task account_is_tested_with_its_gateway_and_nothing_is_sent(string regency, string account, string secret, string right)
    {
        var known = await host.Operator();
        async Task<bool> Works() => (await SmartCityHost.Json(await known.PostAsync($"/api/v1/regencies/{regency}/channel-accounts/{account}/tests", null))).GetProperty("works").GetBoolean();

        (await Works()).ShouldBeTrue();
        await SmsHost.Set(known, regency, account, new Dictionary<string, string> { [secret] = "salah" });
        (await Works()).ShouldBeFalse();
        await SmsHost.Set(known, regency, account, new Dictionary<string, string> { [secret] = right });

        host.Gateways.To("").ShouldBeEmpty();
    }

    [Fact]
    public async Task becomes_a_report_that_is_acknowledged_and_answered_by_SMS()
    {
        var number = SmsHost.NewNumber();

        using var brought = await host.Kannel($"0{number[3..]}", "jalan rusak parah di Balamoa", "9b-1");

        brought.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await brought.Content.ReadAsStringAsync()).ShouldBe("");
        var acknowledgement = (await host.Sent(number, 1))[0];
        acknowledgement.From.ShouldBe("9118");
        var ticket = SmsHost.Ticket(acknowledgement.Text);
        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("channel").GetString().ShouldBe("sms");
        report.GetProperty("description").GetString().ShouldBe("jalan rusak parah di Balamoa");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = string.Join(' ', Enumerable.Repeat("ditambal “besok”", 40)), isSettled = true })).EnsureSuccessStatusCode();

        var answer = (await host.Sent(number, 2))[1];

        answer.Text.ShouldEndWith($"STATUS {ticket}");
        answer.How.ShouldBe("0");
        SmsText.Of(answer.Text).Segments.ShouldBe(2);
        (await host.Http.GetAsync("/metrics")).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync("/metrics")).Split('\n')
            .Any(l => l.StartsWith("smartcity_messages_unanswered{", StringComparison.Ordinal) && l.Contains("33.28", StringComparison.Ordinal)), "the metric");
    }

    [Fact]
    public async Task brought_often_makes_one_report()
    {
        var (number, id) = (SmsHost.NewNumber(), Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Kannel(number, "jalan rusak parah di Balamoa lagi", id)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var ticket = SmsHost.Ticket((await host.Sent(number, 1))[0].Text);
        (await host.Kannel(number, "jalan rusak parah di Balamoa lagi", id)).EnsureSuccessStatusCode();
        await host.Reaches(ticket, "assigned");
        host.Gateways.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task is_refused_without_this_regencys_secret()
    {
        var number = SmsHost.NewNumber();

        (await host.Kannel(number, "jalan rusak", secret: "salah")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Kannel(number, "jalan rusak", secret: "")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // The other regency has no Kannel; its token opens nothing here, nor this secret anything there.
        (await host.Kannel(number, "jalan rusak", secret: SmsHost.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Kannel(number, "jalan rusak", regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Kannel(number, "jalan rusak", regency: "33.99")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetAsync($"/channels/33.28/sms/kannel?from={number}&text=a&secret={SmsHost.KannelSecret}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync($"/channels/33.28/sms/kannel/report?msg={Guid.NewGuid()}&key=abc&st=1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Gateways.To(number).ShouldBeEmpty();
    }

    [Fact]
    public async Task in_parts_is_joined_in_any_order()
    {
        var number = SmsHost.NewNumber();

        (await host.Kannel(number, "parah di Balamoa", "p-2" + number, more: "&udh=%05%00%03%A2%02%02")).EnsureSuccessStatusCode();
        (await host.Kannel(number, "jalan rusak ", "p-1" + number, more: "&udh=%05%00%03%A2%02%01")).EnsureSuccessStatusCode();
        (await host.Kannel(number, "jalan rusak ", "p-1" + number, more: "&udh=%05%00%03%A2%02%01")).EnsureSuccessStatusCode();

        var report = await host.Reaches(SmsHost.Ticket((await host.Sent(number, 1))[0].Text), "assigned");
        report.GetProperty("description").GetString().ShouldBe("jalan rusak parah di Balamoa");
        host.Gateways.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task by_POST_is_taken_too()
    {
        var (number, other) = (SmsHost.NewNumber(), SmsHost.NewNumber());
        using var form = await host.Http.PostAsync("/channels/33.28/sms/kannel", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["from"] = number,
            ["to"] = "9118",
            ["text"] = "bangjo mati di Slawi 😀",
            ["id"] = "f" + number,
            ["secret"] = SmsHost.KannelSecret,
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/channels/33.28/sms/kannel?id=h{number[1..]}") { Content = new StringContent("bangjo mati di Adiwerna") };
        request.Headers.Add("X-Kannel-From", other);
        request.Headers.Add("X-Kannel-To", "9118");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"kannel:{SmsHost.KannelSecret}")));
        using var headers = await host.Http.SendAsync(request);

        form.StatusCode.ShouldBe(HttpStatusCode.OK);
        headers.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Sent(number, 1);
        await host.Sent(other, 1);
    }

    [Fact]
    public async Task by_a_machine_is_never_answered_and_a_person_decides_on_it()
    {
        (await host.Kannel("TELKOMSEL", "Promo kuota 10 GB")).EnsureSuccessStatusCode();

        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var id = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync("/api/v1/regencies/33.28/messages?state=set-aside"))).EnumerateArray()
            .Where(m => m.GetRawText().Contains("sender.not_a_person", StringComparison.Ordinal)).Select(m => m.GetProperty("id").GetString()).FirstOrDefault());
        var path = $"/api/v1/regencies/33.28/messages/{id}/dismissals";
        (await dispatcher.PostAsJsonAsync(path, new { reason = "" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsJsonAsync(path, new { reason = "Iklan" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await dispatcher.PostAsJsonAsync(path, new { reason = "Iklan" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await dispatcher.PostAsJsonAsync(path, new { reason = "Iklan" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        host.Gateways.To("TELKOMSEL").ShouldBeEmpty();
    }
}

public sealed class A_keyword_by_SMS(SmsHost host) : IClassFixture<SmsHost>
{
    [Fact]
    public async Task asks_where_ones_own_report_stands()
    {
        var (number, stranger) = (SmsHost.NewNumber(), SmsHost.NewNumber());
        (await host.Kannel(number, "STATUS")).EnsureSuccessStatusCode();
        (await host.Sent(number, 1))[0].Text.ShouldContain("Belum ada laporan");
        (await host.Kannel(number, "jalan rusak parah di Balamoa")).EnsureSuccessStatusCode();
        var ticket = SmsHost.Ticket((await host.Sent(number, 2))[1].Text);
        await host.Reaches(ticket, "assigned");

        (await host.Kannel(number, $"STATUS {int.Parse(ticket[5..], System.Globalization.CultureInfo.InvariantCulture)}")).EnsureSuccessStatusCode();
        (await host.Sent(number, 3))[2].Text.ShouldBe($"Laporan {ticket}: diproses OPD (DPU). / Report {ticket}: with the department (DPU).");
        await host.Report(stranger);
        (await host.Kannel(stranger, $"status {ticket}")).EnsureSuccessStatusCode();
        (await host.Sent(stranger, 2))[1].Text.ShouldContain("bukan dari Anda");
        (await host.Kannel(number, "BANTUAN")).EnsureSuccessStatusCode();
        (await host.Sent(number, 4))[3].Text.ShouldContain("TIDAK PUAS");
    }

    [Fact]
    public async Task says_whether_the_last_answer_is_good()
    {
        var number = SmsHost.NewNumber();
        var ticket = await host.Report(number);
        await host.Reaches(ticket, "assigned");
        (await host.Kannel(number, "PUAS")).EnsureSuccessStatusCode();
        (await host.Sent(number, 2))[1].Text.ShouldContain("Belum ada laporan Anda yang dijawab");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        await host.Sent(number, 3);

        (await host.Kannel(number, "TIDAK PUAS masih berlubang")).EnsureSuccessStatusCode();
        var reopened = await host.Reaches(ticket, "assigned", caller: officer);
        reopened.GetRawText().ShouldContain("masih berlubang");
        (await host.Sent(number, 4))[3].Text.ShouldContain("dibuka kembali");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Ditambal lagi.", isSettled = true })).EnsureSuccessStatusCode();
        await host.Sent(number, 5);
        (await host.Kannel(number, "puas")).EnsureSuccessStatusCode();

        await host.Reaches(ticket, "closed");
        (await host.Sent(number, 6))[5].Text.ShouldContain("ditutup");
    }

    [Fact]
    public async Task stops_all_but_what_was_asked_for()
    {
        var number = SmsHost.NewNumber();
        var ticket = await host.Report(number);
        await host.Reaches(ticket, "assigned");
        (await host.Kannel(number, "stop")).EnsureSuccessStatusCode();
        (await host.Sent(number, 2))[1].Text.ShouldContain("tidak mengirim kabar lagi");
        var officer = await host.SignIn("33.28", "officer.dpu");

        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Ditambal Kamis.", isSettled = false })).EnsureSuccessStatusCode();

        await host.Outgoing(ticket, "answer", "withheld");
        (await host.Kannel(number, "STATUS")).EnsureSuccessStatusCode();
        (await host.Sent(number, 3))[2].Text.ShouldContain("sudah dijawab");
        (await host.Kannel(number, "lampu jalan mati di Slawi depan pasar")).EnsureSuccessStatusCode();
        var again = SmsHost.Ticket((await host.Sent(number, 4))[3].Text);
        again.ShouldNotBe(ticket);
        // Whoever wants it hears of the first report again.
        (await host.Kannel(number, "MULAI")).EnsureSuccessStatusCode();
        (await host.Sent(number, 5))[4].Text.ShouldContain("kami kirim lagi");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        (await host.Sent(number, 6))[5].Text.ShouldContain("Sudah ditambal.");
    }
}

public sealed class Sending_an_SMS(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Outbox = "/api/v1/regencies/33.28/outbox";

    [Theory, InlineData(true), InlineData(false)]
    public async Task waits_as_long_as_the_gateway_says_and_tries_again(bool asDate)
    {
        var number = SmsHost.NewNumber();
        var before = TimeProvider.System.GetUtcNow();
        // A date has no parts of a second.
        var after = asDate ? before.AddSeconds(4).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "3";
        host.Gateways.Script(number, FakeGateways.Fails(503, "Temporal failure, try again later.", retryAfter: after), FakeGateways.Fails(429));

        (await host.Kannel(number, "jalan rusak parah di Balamoa")).EnsureSuccessStatusCode();

        var sent = await host.Outgoing(SmsHost.Ticket((await host.Sent(number, 1))[0].Text), "acknowledgement", "sent");
        sent.GetProperty("attempts").GetInt32().ShouldBe(3);
        (sent.GetProperty("sentAt").GetDateTimeOffset() - before).ShouldBeGreaterThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task that_is_refused_is_for_a_person_who_can_try_again()
    {
        var number = SmsHost.NewNumber();
        host.Gateways.Script(number, FakeGateways.Fails(400, "Missing receiver number, rejected"));
        (await host.Kannel(number, $"jalan rusak parah di Balamoa {number}")).EnsureSuccessStatusCode();
        var dispatcher = await host.SignIn("33.28", "dispatcher");

        var failed = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync($"{Outbox}?state=failed"))).EnumerateArray().Select(m => m.GetRawText())
            .FirstOrDefault(m => m.Contains("Kannel answered", StringComparison.Ordinal)));

        failed.ShouldContain("Missing receiver number");
        failed.ShouldNotContain(number);
        var id = JsonDocument.Parse(failed).RootElement.GetProperty("id").GetString();
        (await host.Http.PostAsync($"{Outbox}/{id}/retries", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsync($"{Outbox}/{id}/retries", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsync($"/api/v1/regencies/33.76/outbox/{id}/retries", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dispatcher.PostAsync($"{Outbox}/{id}/retries", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Sent(number, 1);
        await SmartCityHost.Until(async () => (await dispatcher.PostAsync($"{Outbox}/{id}/retries", null)).StatusCode == HttpStatusCode.Conflict, "it is sent");
        (await dispatcher.GetAsync($"{Outbox}?state=lost")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task whose_end_nobody_saw_is_settled_by_the_report_and_sent_once()
    {
        var number = SmsHost.NewNumber();
        host.Gateways.Script(number, FakeGateways.BreaksOff(isTaken: true));
        (await host.Kannel(number, "jalan rusak parah di Balamoa")).EnsureSuccessStatusCode();
        var taken = (await host.Sent(number, 1))[0];
        var ticket = SmsHost.Ticket(taken.Text);
        var report = new Uri(taken.Callback.Replace("%d", "8").Replace("%F", "f77").Replace("%A", "ACK"));
        report.Host.ShouldBe("smartcity.test");

        (await host.Http.GetAsync(report.PathAndQuery)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await host.Outgoing(ticket, "acknowledgement", "sent");
        (await host.Http.GetAsync(report.PathAndQuery.Replace("st=8", "st=1"))).EnsureSuccessStatusCode();
        var delivered = await host.Outgoing(ticket, "acknowledgement", "sent");
        delivered.GetProperty("deliveredAt").ValueKind.ShouldBe(JsonValueKind.String);
        // Late and out of order: what is final stays.
        (await host.Http.GetAsync(report.PathAndQuery.Replace("st=8", "st=2"))).EnsureSuccessStatusCode();
        (await host.Outgoing(ticket, "acknowledgement", "sent")).GetProperty("receipt").GetString().ShouldBe("f77");
        host.Gateways.To(number).Count.ShouldBe(1);
        // Another message's key opens nothing.
        (await host.Http.GetAsync(report.PathAndQuery.Replace("msg=", "msg=0"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task that_was_tried_again_is_not_told_of_by_a_late_report_on_the_try_before()
    {
        var (number, dispatcher) = (SmsHost.NewNumber(), await host.SignIn("33.28", "dispatcher"));
        var ticket = await host.Report(number);
        await host.Outgoing(ticket, "acknowledgement", "sent");
        string Report(int attempt, int state) => new Uri(host.Gateways.To(number)[attempt].Callback.Replace("%d", $"{state}").Replace("%F", $"f{attempt}")).PathAndQuery;
        (await host.Http.GetAsync(Report(0, 2))).EnsureSuccessStatusCode();
        var id = (await host.Outgoing(ticket, "acknowledgement", "failed")).GetProperty("id").GetString();
        (await dispatcher.PostAsync($"/api/v1/regencies/33.28/outbox/{id}/retries", null)).EnsureSuccessStatusCode();
        await host.Sent(number, 2);
        await host.Outgoing(ticket, "acknowledgement", "sent");

        // Twice on the first try, under ids that nobody has seen before.
        (await host.Http.GetAsync(Report(0, 16).Replace("fid=f0", "fid=lain"))).EnsureSuccessStatusCode();
        (await host.Http.GetAsync(Report(0, 1).Replace("fid=f0", "fid=lagi"))).EnsureSuccessStatusCode();
        (await host.Outgoing(ticket, "acknowledgement", "sent")).TryGetProperty("deliveredAt", out _).ShouldBeFalse();

        (await host.Http.GetAsync(Report(1, 1))).EnsureSuccessStatusCode();

        (await host.Outgoing(ticket, "acknowledgement", "sent")).TryGetProperty("deliveredAt", out _).ShouldBeTrue();
        // The key is of one try.
        var (first, second) = (Report(0, 1), Report(1, 1));
        string Try(string report) => System.Text.RegularExpressions.Regex.Match(report, "try=([0-9a-f]+)").Groups[1].Value;
        (await host.Http.GetAsync(first.Replace(Try(first), Try(second)))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        host.Gateways.To(number).Count.ShouldBe(2);
    }

    [Fact]
    public async Task that_could_not_be_delivered_is_for_a_person()
    {
        var number = SmsHost.NewNumber();
        var ticket = await host.Report(number);
        await host.Outgoing(ticket, "acknowledgement", "sent");

        (await host.Http.GetAsync(new Uri(host.Gateways.To(number)[0].Callback.Replace("%d", "2")).PathAndQuery)).EnsureSuccessStatusCode();

        (await host.Outgoing(ticket, "acknowledgement", "failed")).GetProperty("error").GetString()!.ShouldContain("could not be delivered");
    }
}

public sealed class An_SMS_by_a_gateway_of_the_Twilio_form(SmsHost host) : IClassFixture<SmsHost>
{
    [Fact]
    public async Task becomes_a_report_that_is_acknowledged_there_once_however_often_it_comes()
    {
        var (number, id) = (SmsHost.NewNumber(), "SM" + Guid.NewGuid().ToString("N"));

        using var brought = await host.Twilio(number, "jalan rusak parah di Panggung", id);
        using var again = await host.Twilio(number, "jalan rusak parah di Panggung", id);

        brought.StatusCode.ShouldBe(HttpStatusCode.OK);
        brought.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = (await host.Sent(number, 1))[0];
        sent.From.ShouldBe("+622129999999");
        sent.How.ShouldBe("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ACkota:{SmsHost.Token}")));
        var ticket = SmsHost.Ticket(sent.Text);
        await host.Outgoing(ticket, "acknowledgement", "sent", "33.76");
        var status = new Uri(sent.Callback);
        status.GetLeftPart(UriPartial.Authority).ShouldBe(SmsHost.PublicUrl);
        (await host.Twilio(number, "", sent.Id!, status.PathAndQuery, more: new() { ["MessageStatus"] = "delivered" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Outgoing(ticket, "acknowledgement", "sent", "33.76")).GetProperty("deliveredAt").ValueKind.ShouldBe(JsonValueKind.String);
        host.Gateways.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task is_refused_when_it_is_not_signed_with_this_regencys_token()
    {
        var number = SmsHost.NewNumber();

        (await host.Twilio(number, "jalan rusak", "SM1", signature: "")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Twilio(number, "jalan rusak", "SM1", signature: "AAAA")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Twilio(number, "jalan rusak", "SM1", token: SmsHost.KannelSecret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Twilio(number, "jalan rusak", "SM1", path: "/channels/33.28/sms/webhook")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        host.Gateways.To(number).ShouldBeEmpty();
    }

    [Fact]
    public async Task that_was_sent_though_nobody_saw_it_is_found_and_not_sent_again()
    {
        var number = SmsHost.NewNumber();
        host.Gateways.Script(number, FakeGateways.Fails(504, isTaken: true));

        (await host.Twilio(number, "jalan rusak parah di Panggung", "SM" + Guid.NewGuid().ToString("N"))).EnsureSuccessStatusCode();

        var sent = (await host.Sent(number, 1))[0];
        (await host.Outgoing(SmsHost.Ticket(sent.Text), "acknowledgement", "sent", "33.76")).GetProperty("receipt").GetString().ShouldBe(sent.Id);
        host.Gateways.To(number).Count.ShouldBe(1);
    }
}

public sealed class An_account_at_a_provider(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Path = "/api/v1/regencies/33.28/channel-accounts";

    [Fact]
    public async Task shows_no_secret_and_keeps_none_in_the_clear()
    {
        var shown = await (await (await host.Operator()).GetAsync(Path)).Content.ReadAsStringAsync();

        shown.ShouldContain("sms-kannel");
        shown.ShouldContain("9118");
        shown.ShouldNotContain(SmsHost.KannelSecret);
        shown.ShouldNotContain("rahasia-kannel");
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select (select string_agg(data::text, ' ') from channels.mt_doc_channelaccount) || (select string_agg(data::text, ' ') from history.mt_events)", connection);
        var stored = (string)(await command.ExecuteScalarAsync())!;
        stored.ShouldContain("sms-kannel");
        stored.ShouldNotContain("rahasia-kannel");
        stored.ShouldNotContain(SmsHost.Token);
    }

    [Fact]
    public async Task is_for_its_own_regency_and_for_operators_alone()
    {
        (await host.Http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var (regency, name) in ((string, string)[])[("33.28", "dispatcher"), ("33.76", "dispatcher"), ("33.28", "regent")])
        {
            var caller = await host.SignIn(regency, name);
            (await caller.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await caller.PutAsJsonAsync($"{Path}/sms-kannel", new { secret = "lain" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await caller.DeleteAsync($"{Path}/sms-kannel")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        // Copied into another regency's place it does not open.
        var seal = (AccountSeal)host.Services.GetService(typeof(AccountSeal))!;
        await host.Use<RegencySessions, bool>(async sessions =>
        {
            await using var session = sessions.Query("33.28");
            var account = (await session.LoadAsync<ChannelAccount>("sms-kannel"))!;
            seal.Open("33.28", account)["secret"].ShouldBe(SmsHost.KannelSecret);
            Should.Throw<System.Security.Cryptography.CryptographicException>(() => seal.Open("33.76", account));
            Should.Throw<System.Security.Cryptography.CryptographicException>(() => seal.Open("33.28", account with { Id = "sms-twilio" }));
            return true;
        });
    }

    [Fact]
    public async Task is_checked_before_it_is_kept()
    {
        var operators = await host.Operator();
        async Task Refuses(string account, object settings, string code, HttpStatusCode status = HttpStatusCode.BadRequest)
        {
            using var answer = await operators.PutAsJsonAsync($"/api/v1/regencies/33.76/channel-accounts/{account}", settings);
            answer.StatusCode.ShouldBe(status);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
        }

        await Refuses("fax", new { }, "account.unknown", HttpStatusCode.NotFound);
        await Refuses("sms-kannel", new { sendUrl = "http://127.0.0.1:13013" }, "setting.missing");
        await Refuses("sms-kannel", new { secret = "a", warna = "biru" }, "setting.unknown");
        await Refuses("sms-kannel", new { secret = "a", sendUrl = "ftp://a" }, "setting.invalid");
    }
}
