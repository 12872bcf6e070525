using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class A_mention_on_X(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    [Fact]
    public async Task becomes_a_report_that_is_acknowledged_and_answered_where_it_came_from()
    {
        var post = ChannelsHost.NewPost();

        using var delivered = await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak parah di Balamoa https://t.co/a"));

        delivered.StatusCode.ShouldBe(HttpStatusCode.OK);
        var acknowledgement = await host.Message(post, "acknowledgement", "sent");
        var ticket = acknowledgement.GetProperty("ticket").GetString()!;
        acknowledgement.GetProperty("text").GetString()!.ShouldContain(ticket);
        acknowledgement.GetProperty("receipt").GetString().ShouldBe("development");
        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("description").GetString().ShouldBe("jalan rusak parah di Balamoa");
        report.GetProperty("department").GetString().ShouldBe("DPU");
        report.GetProperty("channel").GetString().ShouldBe("x");

        var officer = await host.SignIn("33.28", "officer.dpu");
        using var answered = await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Ditambal hari Kamis.", isSettled = false });
        answered.EnsureSuccessStatusCode();

        var answer = await host.Message(post, "answer", "sent");
        answer.GetProperty("text").GetString().ShouldBe($"Jawaban laporan / Answer to report {ticket}: Ditambal hari Kamis.");
        (await host.HistoryOf(post)).ShouldBe(["message.received.v1", "message.sent.v1", "message.sent.v1"]);
    }

    [Fact]
    public async Task keeps_nothing_of_the_person_in_the_clear()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(ChannelsHost.Mention(post, "kalimat sangat rahasia tentang jalan rusak", author: "987654321"))).EnsureSuccessStatusCode();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "jawaban sangat pribadi" })).EnsureSuccessStatusCode();
        await host.Message(post, "answer", "sent");

        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            select (select string_agg(data::text || coalesce(headers::text, ''), ' ') from history.mt_events)
                || (select string_agg(data::text, ' ') from channels.mt_doc_message) || (select string_agg(data::text, ' ') from channels.mt_doc_outboundmessage)
            """, connection);
        var stored = (string)(await command.ExecuteScalarAsync())!;

        stored.ShouldContain(ticket);
        foreach (var personal in (string[])["sangat rahasia", "987654321", "Warga Uji", "sangat pribadi"])
        {
            stored.ShouldNotContain(personal);
        }
    }

    [Fact]
    public async Task that_looks_like_spam_is_held_and_hears_nothing_until_a_dispatcher_has_looked()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(ChannelsHost.Mention(post, $"@dpu_tegalkab slot gacor maxwin {post} daftar sekarang deposit pulsa link bio"))).EnsureSuccessStatusCode();
        const string reports = "/api/v1/regencies/33.28/reports";
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var ticket = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync($"{reports}?held=true"))).GetProperty("reports").EnumerateArray()
            .Where(r => r.GetProperty("description").GetString()!.Contains(post)).Select(r => r.GetProperty("ticket").GetString()).SingleOrDefault(), "the held report");
        (await host.Http.GetAsync($"{reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Outbox()).ShouldNotContain(m => m.GetProperty("ticket").GetString() == ticket);

        using var released = await dispatcher.PostAsJsonAsync($"{reports}/{ticket}/releases", new { });

        released.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString().ShouldBe(ticket);
    }

    [Fact]
    public async Task delivered_often_makes_one_report()
    {
        var post = ChannelsHost.NewPost();
        var text = $"bangjo mati unik{post}";

        // Also for two departments, and all at the same moment.
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.Deliver(ChannelsHost.Mention(post, text, author: $"60{post}", subscriber: i % 2 == 0 ? "9001" : "9002"))));
        using var again = await host.Deliver(ChannelsHost.Mention(post, text));

        answers.Append(again).ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        await host.Message(post, "acknowledgement", "sent");
        (await host.HistoryOf(post)).Count(t => t == "message.received.v1").ShouldBe(1);
        var reports = await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/reports?limit=1000"));
        reports.GetProperty("reports").EnumerateArray().Count(r => r.GetProperty("description").GetString() == $"bangjo mati unik{post}").ShouldBe(1);
        (await host.Outbox()).Count(m => m.GetProperty("kind").GetString() == "acknowledgement" && m.GetProperty("ticket").GetString() == Ticket(reports, text)).ShouldBe(1);
    }

    [Fact]
    public async Task by_one_new_person_twice_at_once_makes_two_reports()
    {
        string[] posts = [ChannelsHost.NewPost(), ChannelsHost.NewPost(), ChannelsHost.NewPost()];

        var answers = await Task.WhenAll(posts.Select(post => host.Deliver(ChannelsHost.Mention(post, $"jalan rusak {post}", author: $"61{posts[0]}"))));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var tickets = new List<string?>();
        foreach (var post in posts)
        {
            tickets.Add((await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString());
        }

        tickets.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task in_the_older_form_becomes_a_report_too()
    {
        var post = ChannelsHost.NewPost();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        using var delivered = await host.Deliver(
            $$$"""{"for_user_id":"9001","tweet_create_events":[{"id_str":"{{{post}}}","timestamp_ms":"{{{now}}}","text":"@dpu_tegalkab jalan rusak","user":{"id_str":"5009","screen_name":"w","name":"W"},"coordinates":{"type":"Point","coordinates":[109.13,-6.98]},"extended_entities":{"media":[{"type":"photo","media_url_https":"https://pbs.twimg.com/a.jpg"}]}}]}""");

        delivered.StatusCode.ShouldBe(HttpStatusCode.OK);
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("mediaUrls")[0].GetString().ShouldBe("https://pbs.twimg.com/a.jpg");
        report.GetProperty("place").GetProperty("latitude").GetDouble().ShouldBe(-6.98);
    }

    [Theory, InlineData("9001"), InlineData("9002")]
    public async Task by_one_of_our_own_accounts_is_no_report(string author)
    {
        var post = ChannelsHost.NewPost();

        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak", author))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await host.HistoryOf(post)).ShouldBeEmpty();
    }

    [Fact]
    public async Task of_which_no_report_can_be_made_is_shown_to_the_dispatcher()
    {
        var post = ChannelsHost.NewPost();
        const string Messages = "/api/v1/regencies/33.28/messages?state=set-aside";

        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab https://t.co/a"))).EnsureSuccessStatusCode();

        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var aside = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync(Messages))).EnumerateArray()
            .Where(m => m.GetProperty("messageId").GetString() == post).Select(m => m.GetRawText()).FirstOrDefault());
        aside.ShouldContain("description.missing");
        aside.ShouldContain("@dpu_tegalkab https://t.co/a");
        (await dispatcher.GetAsync("/api/v1/regencies/33.28/messages?state=lost")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync(Messages)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync(Messages)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).GetAsync(Messages)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task joins_its_answer_in_one_trace()
    {
        var post = ChannelsHost.NewPost();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";

        (await host.Deliver(ChannelsHost.Mention(post, "jalan rusak"), traceParent: $"00-{Trace}-b7ad6b7169203331-01")).EnsureSuccessStatusCode();

        var id = (await host.Message(post, "acknowledgement", "sent")).GetProperty("id").GetGuid();
        var (parent, correlation) = await host.Use<Platform.History.RegencySessions, (string?, string?)>(async sessions =>
        {
            await using var session = sessions.Query("33.28");
            var message = await session.LoadAsync<Outbox.OutboundMessage>(id);
            return (message!.TraceParent, message.CorrelationId);
        });
        parent!.ShouldContain(Trace);
        correlation.ShouldBe(Trace);
    }

    private static string? Ticket(JsonElement reports, string text) =>
        reports.GetProperty("reports").EnumerateArray().First(r => r.GetProperty("description").GetString() == text).GetProperty("ticket").GetString();
}

public sealed class The_webhook_of_X(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    [Fact]
    public async Task answers_the_challenge()
    {
        var answer = await SmartCityHost.Json(await host.Http.GetAsync("/channels/33.28/x/webhook?crc_token=tantangan-123"));

        answer.GetProperty("response_token").GetString().ShouldBe("sha256=LsQo/oCxlhjEgU0pXyzYyfgqBG4t17S53T30jeXPgh8=");
        await Refuses(await host.Http.GetAsync("/channels/33.28/x/webhook"), 400, "crc_token.missing");
        await Refuses(await host.Http.GetAsync("/channels/33.99/x/webhook?crc_token=a"), 404, "regency.unknown");
    }

    [Fact]
    public async Task refuses_what_is_not_signed_with_the_regencys_own_secret()
    {
        var post = ChannelsHost.NewPost();
        var body = ChannelsHost.Mention(post, "jalan rusak");

        await Refuses(await host.Deliver(body, signature: ""), 401, "signature.missing");
        await Refuses(await host.Deliver(body, signature: "sha256=AAAA"), 401, "signature.wrong");
        await Refuses(await host.Deliver(body, signature: "é"), 401, "signature.wrong");
        await Refuses(await host.Deliver(body, "33.76"), 401, "signature.wrong");
        await Refuses(await host.Deliver(body, secret: ChannelsHost.OtherSecret), 401, "signature.wrong");

        (await host.HistoryOf(post)).ShouldBeEmpty();
        (await host.HistoryOf(post, "33.76")).ShouldBeEmpty();
        (await host.Deliver(body, "33.76", ChannelsHost.OtherSecret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.HistoryOf(post)).ShouldBeEmpty();
    }

    [Fact]
    public async Task refuses_what_it_cannot_use()
    {
        var post = ChannelsHost.NewPost();

        await Refuses(await host.Deliver("{"), 400, "body.malformed");
        await Refuses(await host.Deliver(""), 400, "body.malformed");
        await Refuses(await host.Deliver(new string(' ', 1024 * 1024 + 1)), 413, "body.too_large");
        await Refuses(await host.Deliver(ChannelsHost.Mention(post, "jalan rusak", at: TimeProvider.System.GetUtcNow().AddHours(-25))), 400, "post.too_old");
        await Refuses(await host.Deliver("{}", "33.99"), 404, "regency.unknown");
        (await host.HistoryOf(post)).ShouldBeEmpty();
    }

    [Fact]
    public async Task takes_nothing_else_than_posts() =>
        (await host.Deliver("""{"data":{"event_type":"dm.received","payload":{}}}""")).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task takes_a_body_that_comes_in_pieces_up_to_its_limit()
    {
        var body = ChannelsHost.Mention(ChannelsHost.NewPost(), "jalan rusak " + new string('a', 100)) + new string(' ', 900 * 1024);

        (await host.Deliver(body)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task Refuses(HttpResponseMessage answer, int status, string code)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code);
    }
}

public sealed class The_outbox(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    [Fact]
    public async Task says_the_answer_on_the_channel_of_any_report_and_never_what_it_is_about()
    {
        var ticket = await host.FileReport(category: "disiplin-asn", description: "PNS belanja di mal jam kerja");

        var message = await SmartCityHost.Until(async () => (await host.Outbox(channel: "api", ticket: ticket)).Select(m => m.GetRawText()).FirstOrDefault(m => m.Contains("\"sent\"", StringComparison.Ordinal)));

        message.ShouldContain(ticket);
        message.ShouldNotContain("mal");
        (await host.History($"outbox-{ticket}")).ShouldBe(["message.sent.v1"]);
    }

    [Fact]
    public async Task is_read_by_those_who_watch_over_it()
    {
        var ticket = await host.FileReport();
        var hidden = await host.FileReport(category: "disiplin-asn", description: "PNS belanja di mal jam kerja");
        await SmartCityHost.Until(async () => (await host.Outbox(channel: "api", ticket: hidden)).Length > 0 ? "there" : null);
        const string Path = "/api/v1/regencies/33.28/outbox";

        async Task<string[]> Tickets(string name) =>
            [.. (await SmartCityHost.Json(await (await host.SignIn("33.28", name)).GetAsync($"{Path}?channel=api&limit=1000"))).EnumerateArray().Select(m => m.GetProperty("ticket").GetString()!)];

        (await Tickets("dispatcher")).ShouldContain(ticket);
        (await Tickets("dispatcher")).ShouldNotContain(hidden);
        (await Tickets("regent")).ShouldContain(hidden);
        (await Tickets("auditor")).ShouldContain(hidden);
        (await host.Http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "regent")).GetAsync($"{Path}?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync("/dev/outbox.json?regency=33.99")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SmartCityHost.Json(await host.Http.GetAsync("/dev/outbox.json"))).GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task is_measured()
    {
        await host.FileReport();

        var metrics = await SmartCityHost.Until(async () => await host.Http.GetStringAsync("/metrics") is var text && text.Contains("smartcity_outbox_waiting", StringComparison.Ordinal) ? text : null);

        metrics.ShouldContain("smartcity_outbox_age");
    }
}
