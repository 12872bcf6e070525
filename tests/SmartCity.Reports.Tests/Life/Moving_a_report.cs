using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Life;

public sealed class Moving_a_report(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    private Task<HttpClient> As(string name, string regency = "33.28") => host.SignIn(regency, name);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Move(HttpClient client, string ticket, string move, object body, string? secret = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/{move}") { Content = JsonContent.Create(body) };
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static async Task<string> Moves(HttpClient client, string ticket, string move, object body, string? secret = null)
    {
        // The platform itself may have changed it at the same moment; whoever hears that decides anew.
        var (status, answer) = await Move(client, ticket, move, body, secret);
        for (var again = 0; again < 5 && status == HttpStatusCode.Conflict && answer.GetProperty("code").GetString() == "report.moved"; again++)
        {
            (status, answer) = await Move(client, ticket, move, body, secret);
        }

        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer.GetProperty("state").GetString()!;
    }

    private async Task<(string Ticket, string Secret)> File(object? report = null)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Reports, report ?? new { category = "jalan-rusak", description = "Jalan berlubang", place = new { address = "Slawi" } });
        var filed = await SmartCityHost.Json(answer);
        return (filed.GetProperty("ticket").GetString()!, filed.GetProperty("secret").GetString()!);
    }

    private async Task<(string Ticket, string Secret)> FileAssigned()
    {
        var filed = await File();
        await host.Reaches(filed.Ticket, "assigned");
        return filed;
    }

    private async Task<JsonElement> See(HttpClient client, string ticket, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Reports}/{ticket}");
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        return await SmartCityHost.Json(await client.SendAsync(request));
    }

    private async Task<JsonElement[]> Messages(string ticket) =>
        [.. (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?regency=33.28&ticket={ticket}"))).EnumerateArray()];

    private Task<JsonElement[]> Hears(string ticket, string kind, int times = 1) => SmartCityHost.Until(async () =>
        (await Messages(ticket)).Where(m => m.GetProperty("kind").GetString() == kind).ToArray() is var found && found.Length == times ? found : null, $"{times} {kind} for {ticket}");

    private static string[] Allowed(JsonElement report) => [.. report.GetProperty("allowed").EnumerateArray().Select(move => move.GetString()!)];

    [Fact]
    public async Task goes_the_whole_way_from_a_dispatcher_to_the_reporters_consent()
    {
        var (ticket, secret) = await File(new { description = "xyzzy", place = new { address = "entah di mana" } });
        await host.Reaches(ticket, "queued");
        var (dispatcher, officer) = (await As("dispatcher"), await As("officer.dpu"));

        Allowed(await See(dispatcher, ticket)).ShouldContain("verify");
        (await Moves(dispatcher, ticket, "verifications", new { })).ShouldBe("verified");
        (await Moves(dispatcher, ticket, "assignments", new { department = "DPU" })).ShouldBe("assigned");
        (await Moves(officer, ticket, "starts", new { note = "Tim berangkat" })).ShouldBe("inProgress");
        (await Moves(officer, ticket, "answers", new { text = "Besok selesai.", isSettled = false })).ShouldBe("answered");
        (await Moves(officer, ticket, "answers", new { text = "Sudah selesai.", isSettled = true })).ShouldBe("settled");
        (await See(host.Http, ticket)).GetProperty("closesAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.Parse("2026-01-01", null));
        (await Moves(host.Http, ticket, "closings", new { note = "Suwun" }, secret)).ShouldBe("closed");

        var (status, refused) = await Move(officer, ticket, "answers", new { text = "Lagi.", isSettled = true });
        status.ShouldBe(HttpStatusCode.Conflict);
        refused.GetProperty("code").GetString().ShouldBe("report.state");
        await Hears(ticket, "closing");
        (await Messages(ticket)).Select(m => m.GetProperty("kind").GetString()).Order().ShouldBe(["acknowledgement", "answer", "answer", "closing"]);
    }

    [Fact]
    public async Task that_is_rejected_tells_the_reporter_why_and_can_be_reopened()
    {
        var (ticket, secret) = await FileAssigned();
        var dispatcher = await As("dispatcher");

        (await Move(dispatcher, ticket, "rejections", new { reason = " " })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Moves(dispatcher, ticket, "rejections", new { reason = "Bukan jalan umum." })).ShouldBe("rejected");
        (await Hears(ticket, "rejection"))[0].GetProperty("text").GetString()!.ShouldContain("Bukan jalan umum.");
        (await Moves(host.Http, ticket, "reopenings", new { reason = "Ini jalan kabupaten." }, secret)).ShouldBe("queued");
        await Hears(ticket, "reopening");
    }

    [Fact]
    public async Task is_for_those_who_may()
    {
        var (ticket, secret) = await FileAssigned();
        var (dispatcher, dpu, dishub, regent, auditor, keyed) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"), await As("regent"), await As("auditor"), host.Integrator());
        var stranger = await As("dispatcher", "33.76");
        async Task<HttpStatusCode> By(HttpClient client, string move, object body, string? with = null) => (await Move(client, ticket, move, body, with)).Status;

        foreach (var (move, body) in new (string, object)[]
        {
            ("verifications", new { }), ("rejections", new { reason = "x" }), ("assignments", new { department = "DLH" }), ("starts", new { }), ("answers", new { text = "x" }),
            ("returns", new { reason = "x" }), ("handovers", new { department = "DLH", reason = "x" }), ("forwardings", new { body = "PLN" }), ("questions", new { question = "x" }),
            ("merges", new { into = "2026-000017" }), ("splits", new { parts = new[] { new { department = "DPU" }, new { department = "DLH" } } }), ("classifications", new { category = "sampah" }), ("stages", new { stage = "village" }),
        })
        {
            (await By(host.Http, move, body)).ShouldBe(HttpStatusCode.Unauthorized, move);
            (await By(keyed, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(auditor, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(dishub, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(stranger, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
        }

        foreach (var (move, body) in new (string, object)[] { ("withdrawals", new { }), ("protections", new { isConfidential = true }), ("supplements", new { text = "x" }) })
        {
            (await By(host.Http, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(host.Http, move, body, "0000000000000000")).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(auditor, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
            (await By(stranger, move, body)).ShouldBe(HttpStatusCode.Forbidden, move);
        }

        (await By(dispatcher, "starts", new { })).ShouldBe(HttpStatusCode.Forbidden);
        (await By(regent, "rejections", new { reason = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await By(dpu, "rejections", new { reason = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await By(regent, "assignments", new { department = "DPU" })).ShouldBe(HttpStatusCode.OK);
        (await By(keyed, "supplements", new { text = "Dari aplikasi" })).ShouldBe(HttpStatusCode.OK);
        (await By(host.Http, "supplements", new { text = "Dari pelapor" }, secret.ToUpperInvariant())).ShouldBe(HttpStatusCode.OK);
        // The same number in another regency is another report, and the secret is none of it.
        using var there = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/regencies/33.76/reports/{ticket}/withdrawals") { Content = JsonContent.Create(new { }), Headers = { { "X-Report-Secret", secret } } };
        (await host.Http.SendAsync(there)).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
    }

    private static readonly (string Move, string Path, object Body)[] Paths =
    [
        ("verify", "verifications", new { }), ("reject", "rejections", new { reason = "x" }), ("release", "releases", new { }), ("discard", "discards", new { reason = "x" }),
        ("assign", "assignments", new { department = "DLH" }), ("start", "starts", new { }), ("answer", "answers", new { text = "x" }), ("close", "closings", new { }),
        ("judge", "judgements", new { isSatisfied = true }), ("reopen", "reopenings", new { reason = "x" }), ("return", "returns", new { reason = "x" }),
        ("handOver", "handovers", new { department = "DLH", reason = "x" }), ("forward", "forwardings", new { body = "PLN" }), ("followUp", "follow-ups", new { text = "x" }),
        ("place", "jurisdiction", new { level = "regency", reason = "x" }), ("ask", "questions", new { question = "x" }), ("supplement", "supplements", new { text = "x" }),
        ("merge", "merges", new { into = "2026-000017" }), ("split", "splits", new { parts = new[] { new { department = "DPU" }, new { department = "DLH" } } }),
        ("withdraw", "withdrawals", new { }), ("classify", "classifications", new { category = "sampah" }), ("protect", "protections", new { isConfidential = true }),
        ("stage", "stages", new { stage = "village" }),
    ];

    [Theory]
    [InlineData("assigned")]
    [InlineData("rejected")]
    public async Task is_refused_to_everybody_else_and_from_everywhere_else_as_the_table_says(string state)
    {
        var (ticket, secret) = await FileAssigned();
        if (state == "rejected")
        {
            await Moves(await As("dispatcher"), ticket, "rejections", new { reason = "Bukan laporan" });
        }

        var rows = (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/report-life"))).GetProperty("moves").EnumerateArray()
            .Select(row => (Move: row.GetProperty("move").GetString(), From: Texts(row, "from"), Who: Texts(row, "who"))).ToArray();
        // An officer of a department that does not have it, an auditor, a stranger and a passer-by are nothing to the report.
        var callers = new (string? Party, HttpClient Client, string? Secret)[]
        {
            ("desk", await As("dispatcher"), null), ("officer", await As("officer.dpu"), null), ("regent", await As("regent"), null), ("integrator", host.Integrator(), null),
            ("reporter", host.Http, secret), (null, host.Http, null), (null, host.Http, "0000000000000000"), (null, await As("officer.dishub"), null), (null, await As("auditor"), null),
            (null, await As("dispatcher", "33.76"), null),
        };
        foreach (var (move, path, body) in Paths)
        {
            var (all, here) = (rows.Where(row => row.Move == move).ToArray(), rows.Where(row => row.Move == move && row.From.Contains(state)).ToArray());
            all.ShouldNotBeEmpty(move);
            foreach (var (party, client, proof) in callers)
            {
                if (here.Any(row => row.Who.Contains(party)))
                {
                    continue;
                }

                using var request = new HttpRequestMessage(move == "place" ? HttpMethod.Put : HttpMethod.Post, $"{Reports}/{ticket}/{path}") { Content = JsonContent.Create(body) };
                if (proof is not null)
                {
                    request.Headers.Add("X-Report-Secret", proof);
                }

                using var answer = await client.SendAsync(request);
                if (here.Length == 0 && all.Any(row => row.Who.Contains(party)))
                {
                    answer.StatusCode.ShouldBe(HttpStatusCode.Conflict, $"{party} {move} from {state}");
                    (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetInt64().ShouldBeGreaterThan(0);
                }
                else
                {
                    answer.StatusCode.ShouldBeOneOf([HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden], $"{party ?? "somebody"} {move} from {state}");
                }
            }
        }

        (await SmartCityHost.Json(await (await As("regent")).GetAsync($"{Reports}/{ticket}"))).GetProperty("state").GetString().ShouldBe(state);

        static string?[] Texts(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(text => text.GetString())];
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, false)]
    public async Task that_only_the_platform_changed_meanwhile_is_decided_anew_unless_a_version_was_expected(int? versionsAhead, bool isDone)
    {
        var (ticket, _) = await FileAssigned();
        var expected = versionsAhead is null ? null : (long?)(await See(host.Http, ticket)).GetProperty("version").GetInt64();
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = new Actor("staff:dispatcher", Role.Dispatcher, "33.28");
        var decisions = 0;

        var outcome = await scope.ServiceProvider.GetRequiredService<ReportStreams>().Decide(new ProtectReport("33.28", ticket, true, false, expected), SmartCity.Reports.Life.Move.Protect, async (_, _, _) =>
        {
            if (++decisions == 1)
            {
                await using var platform = host.Services.CreateAsyncScope();
                await platform.ServiceProvider.GetRequiredService<ReportStreams>().ByItself("33.28", ticket, "test", SmartCity.Reports.Life.Move.KeepPhoto, (_, _) => Decision.Happens(new ReportPhotoMissed(0, "gone")), default);
            }

            return Decision.Happens(new ReportProtected(true, false));
        }, default);

        outcome.IsDone.ShouldBe(isDone);
        decisions.ShouldBe(isDone ? 2 : 1);
    }

    [Fact]
    public async Task that_has_moved_on_is_refused_with_the_version_it_has_now()
    {
        var (ticket, _) = await FileAssigned();
        var officer = await As("officer.dpu");
        var version = (await See(officer, ticket)).GetProperty("version").GetInt64();
        await Moves(officer, ticket, "starts", new { });

        var byBody = await Move(officer, ticket, "answers", new { text = "x", expectedVersion = version });
        var byHeader = await Move(officer, ticket, "answers", new { text = "x" }, ifMatch: $"W/\"{version}\"");

        foreach (var (status, problem) in new[] { byBody, byHeader })
        {
            status.ShouldBe(HttpStatusCode.Conflict);
            problem.GetProperty("code").GetString().ShouldBe("report.moved");
            problem.GetProperty("version").GetInt64().ShouldBe(version + 1);
        }

        (await Move(officer, ticket, "answers", new { text = "x" }, ifMatch: "\"abc\"")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Move(officer, ticket, "answers", new { text = "x", expectedVersion = version }, ifMatch: $"\"{version + 1}\"")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Move(officer, ticket, "answers", new { text = "x", expectedVersion = version + 1 })).Status.ShouldBe(HttpStatusCode.OK);
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Move(officer, ticket, "answers", new { text = $"{i}", expectedVersion = version + 2 })));
        both.Count(b => b.Status == HttpStatusCode.OK).ShouldBe(1);
        both.Count(b => b.Status == HttpStatusCode.Conflict).ShouldBe(7);
    }

    [Fact]
    public async Task between_departments_leaves_each_only_what_is_theirs()
    {
        var (ticket, _) = await FileAssigned();
        var (dispatcher, dpu, dishub) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"));

        (await Moves(dpu, ticket, "handovers", new { department = "DISHUB", reason = "Ini rambu, catatan dalam" })).ShouldBe("assigned");
        (await Move(dpu, ticket, "starts", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Hears(ticket, "handover"))[0].GetProperty("text").GetString()!.ShouldContain("Dinas Perhubungan");
        (await Moves(dishub, ticket, "returns", new { reason = "Bukan juga" })).ShouldBe("queued");
        (await See(dispatcher, ticket)).TryGetProperty("department", out _).ShouldBeFalse();
        (await host.Http.GetStringAsync($"{Reports}/{ticket}")).ShouldNotContain("catatan dalam");
    }

    [Fact]
    public async Task outside_the_regency_tells_the_reporter_to_whom()
    {
        var (ticket, _) = await FileAssigned();
        var (dispatcher, dpu) = (await As("dispatcher"), await As("officer.dpu"));

        (await Move(dispatcher, ticket, "forwardings", new { body = "DLH" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("body");
        (await Move(dispatcher, ticket, "forwardings", new { })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("body");
        (await Moves(dpu, ticket, "forwardings", new { body = "BBPJN", reference = "77/A", note = "Ini jalan nasional." })).ShouldBe("forwarded");
        var told = (await Hears(ticket, "forwarding"))[0].GetProperty("text").GetString()!;
        told.ShouldContain("Balai Besar Pelaksanaan Jalan Nasional");
        told.ShouldContain("Ini jalan nasional.");
        (await See(host.Http, ticket)).GetProperty("forwardedTo").GetString()!.ShouldContain("Jalan Nasional");

        // Followed up: the dispatcher says what the body says.
        (await Moves(dispatcher, ticket, "answers", new { text = "BBPJN: minggu depan." })).ShouldBe("forwarded");
        (await Moves(dispatcher, ticket, "answers", new { text = "BBPJN: sudah.", isSettled = true })).ShouldBe("settled");
        await Hears(ticket, "answer", 2);
    }

    [Fact]
    public async Task outside_the_regency_shows_everybody_the_name_of_the_body_and_nobodys_telephone()
    {
        var (ticket, secret) = await FileAssigned();
        var dispatcher = await As("dispatcher");

        foreach (var body in new[] { "Pengelola pasar, hub. 0812-3456-7890", "pengelola@example.org", "Pak Slamet 3328101203450001" })
        {
            (await Move(dispatcher, ticket, "forwardings", new { body })).Body.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("body.personal");
            using var placed = await dispatcher.PutAsJsonAsync($"{Reports}/{ticket}/jurisdiction", new { level = "private", body, reason = "Milik swasta" });
            (await placed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("body");
        }

        // The body's own number of it may look like anything: the reporter reads it, everybody else what is left of it.
        (await Moves(dispatcher, ticket, "forwardings", new { body = "Pengelola pasar", reference = "0812-3456-7890" })).ShouldBe("forwarded");
        var (all, own) = ((await See(host.Http, ticket)).ToString(), (await See(host.Http, ticket, secret)).ToString());
        all.ShouldContain("Pengelola pasar");
        all.ShouldNotContain("3456");
        own.ShouldContain("0812-3456-7890");
    }

    [Fact]
    public async Task that_waits_for_its_reporter_goes_on_where_it_was()
    {
        var (ticket, secret) = await FileAssigned();
        var dpu = await As("officer.dpu");
        await Moves(dpu, ticket, "starts", new { });

        (await Moves(dpu, ticket, "questions", new { question = "Di depan rumah nomor berapa?" })).ShouldBe("waitingForReporter");
        (await Hears(ticket, "question"))[0].GetProperty("text").GetString()!.ShouldContain("nomor berapa");
        (await See(host.Http, ticket)).TryGetProperty("question", out _).ShouldBeFalse();
        (await host.Http.GetStringAsync($"{Reports}/{ticket}")).ShouldNotContain("nomor berapa");
        var own = await See(host.Http, ticket, secret);
        own.GetProperty("question").GetString().ShouldBe("Di depan rumah nomor berapa?");
        Allowed(own).ShouldBe(["supplement", "withdraw", "protect"], ignoreOrder: true);
        (await Moves(host.Http, ticket, "supplements", new { text = "Nomor 12, hubungi 0812-3456-7890" }, secret)).ShouldBe("inProgress");
        var shown = await host.Http.GetStringAsync($"{Reports}/{ticket}");
        shown.ShouldContain("Nomor 12, hubungi [telepon]");
        shown.ShouldNotContain("0812");
    }

    [Fact]
    public async Task with_an_addition_of_photos_shows_them_beside_it()
    {
        var (ticket, secret) = await FileAssigned();
        async Task<HttpResponseMessage> Send(byte[] photo, string? key = null, string? text = "Foto menyusul")
        {
            using var form = new MultipartFormDataContent { { new StringContent(text ?? ""), "text" }, { new ByteArrayContent(photo), "media", "a.jpg" } };
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/supplements") { Content = form, Headers = { { "X-Report-Secret", secret } } };
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            return await host.Http.SendAsync(request);
        }

        (await Send([1, 2, 3])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Send(Picture(), "satu")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Send(Picture(), "satu")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await See(host.Http, ticket)).GetProperty("timeline").EnumerateArray().Single(entry => entry.GetProperty("what").GetString() == "supplemented")
            .GetProperty("photos").GetArrayLength().ShouldBe(1);
        (await host.Http.GetAsync($"{Reports}/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Http.PostAsync($"{Reports}/{ticket}/supplements", new StringContent("{", new MediaTypeHeaderValue("application/json")))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task into_another_answers_both_reporters_once_each()
    {
        var (main, other, third) = ((await FileAssigned()).Ticket, (await FileAssigned()).Ticket, (await FileAssigned()).Ticket);
        var (dispatcher, dpu) = (await As("dispatcher"), await As("officer.dpu"));
        await Moves(dpu, main, "answers", new { text = "Kami cek dahulu.", isSettled = false });

        (await Moves(dispatcher, other, "merges", new { into = main })).ShouldBe("merged");
        (await Moves(dpu, third, "merges", new { into = main })).ShouldBe("merged");
        await Hears(other, "merge");
        await Hears(other, "answer");
        (await Moves(dpu, main, "answers", new { text = "Sudah ditambal.", isSettled = true })).ShouldBe("settled");

        foreach (var ticket in new[] { other, third })
        {
            var answers = await Hears(ticket, "answer", 2);
            answers.Select(a => a.GetProperty("text").GetString()!).ShouldContain(text => text.Contains("Sudah ditambal.") && text.Contains(ticket));
            (await See(host.Http, ticket)).GetProperty("mergedInto").GetString().ShouldBe(main);
        }

        var shown = await See(host.Http, main);
        shown.GetProperty("mergedCount").GetInt32().ShouldBe(2);
        shown.TryGetProperty("merged", out _).ShouldBeFalse();
        (await See(dispatcher, main)).GetProperty("merged").EnumerateArray().Select(t => t.GetString()).ShouldBe([other, third]);
        (await Move(dispatcher, main, "merges", new { into = other })).Status.ShouldBe(HttpStatusCode.Conflict);

        // Standing by itself again, it hears no more of the other.
        (await Moves(dispatcher, other, "reopenings", new { reason = "Ternyata lain" })).ShouldBe("assigned");
        (await See(dispatcher, main)).GetProperty("merged").EnumerateArray().Select(t => t.GetString()).ShouldBe([third]);
    }

    [Fact]
    public async Task into_another_stays_hidden_when_it_is_confidential()
    {
        var (main, shown) = ((await FileAssigned()).Ticket, (await FileAssigned()).Ticket);
        var dispatcher = await As("dispatcher");
        var (secret, _) = await File(new { category = "jalan-rusak", description = "Jalan berlubang", isConfidential = true, place = new { address = "Slawi" } });
        await host.Reaches(secret, "assigned", caller: dispatcher);

        (await Moves(dispatcher, secret, "merges", new { into = main })).ShouldBe("merged");
        (await Moves(dispatcher, shown, "merges", new { into = main })).ShouldBe("merged");

        var (seen, handled) = (await See(host.Http, main), await See(dispatcher, main));
        (seen.GetProperty("mergedCount").GetInt32(), handled.GetProperty("mergedCount").GetInt32()).ShouldBe((1, 2));
        int Joined(JsonElement report) => report.GetProperty("timeline").EnumerateArray().Count(entry => entry.GetProperty("what").GetString() == "joined");
        (Joined(seen), Joined(handled)).ShouldBe((1, 2));
        (await Moves(dispatcher, secret, "reopenings", new { reason = "Ternyata lain" })).ShouldBe("assigned");
        (await See(host.Http, main)).GetProperty("timeline").EnumerateArray().ShouldNotContain(entry => entry.GetProperty("what").GetString() == "left");
    }

    [Fact]
    public async Task that_was_merged_can_be_taken_back_by_its_reporter_and_the_main_report_goes_on()
    {
        var (main, (merged, secret)) = ((await FileAssigned()).Ticket, await FileAssigned());
        var dispatcher = await As("dispatcher");
        (await Moves(dispatcher, merged, "merges", new { into = main })).ShouldBe("merged");

        using var withdrawal = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{merged}/withdrawals") { Content = JsonContent.Create(new { reason = "Sudah tidak perlu" }), Headers = { { "X-Report-Secret", secret } } };
        (await host.Http.SendAsync(withdrawal)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var taken = await See(dispatcher, merged);
        taken.GetProperty("state").GetString().ShouldBe("withdrawn");
        taken.TryGetProperty("mergedInto", out _).ShouldBeFalse();
        var left = await See(dispatcher, main);
        left.GetProperty("state").GetString().ShouldBe("assigned");
        left.GetProperty("mergedCount").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task that_was_merged_hears_what_the_body_outside_says_and_that_all_parts_are_done()
    {
        var (outside, parted, third, fourth) = ((await FileAssigned()).Ticket, (await FileAssigned()).Ticket, (await FileAssigned()).Ticket, (await FileAssigned()).Ticket);
        var (dispatcher, dpu, dishub) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"));
        await Moves(dispatcher, third, "merges", new { into = outside });
        await Moves(dispatcher, fourth, "merges", new { into = parted });

        await Moves(dispatcher, outside, "forwardings", new { body = "PLN", note = "Tiang milik PLN." });
        await Moves(dispatcher, outside, "follow-ups", new { text = "Menunggu petugas.", tellReporter = false });
        await Moves(dispatcher, outside, "follow-ups", new { text = "Tiang diganti Senin depan.", tellReporter = true });
        (await Hears(third, "follow-up")).ShouldHaveSingleItem().GetProperty("text").GetString()!.ShouldContain("Tiang diganti Senin depan.");

        await Moves(dispatcher, parted, "splits", new { parts = new[] { new { department = "DPU" }, new { department = "DISHUB" } } });
        var parts = (await See(dispatcher, parted)).GetProperty("parts").EnumerateArray().ToDictionary(p => p.GetProperty("department").GetString()!, p => p.GetProperty("ticket").GetString()!);
        await Moves(dpu, parts["DPU"], "answers", new { text = "Beres.", isSettled = true });
        await Moves(dishub, parts["DISHUB"], "answers", new { text = "Beres.", isSettled = true });
        await Hears(fourth, "settlement");
    }

    [Theory]
    [InlineData("2026-999999", HttpStatusCode.BadRequest)]
    [InlineData("SELF", HttpStatusCode.BadRequest)]
    [InlineData("HIDDEN", HttpStatusCode.Conflict)]
    [InlineData("OVERSIGHT", HttpStatusCode.BadRequest)]
    [InlineData("CLOSED", HttpStatusCode.Conflict)]
    public async Task into_one_that_will_not_do_is_refused(string into, HttpStatusCode status)
    {
        var (ticket, _) = await FileAssigned();
        var dispatcher = await As("dispatcher");
        switch (into)
        {
            case "SELF":
                into = ticket;
                break;
            case "HIDDEN":
                into = (await File(new { category = "jalan-rusak", description = "r", place = new { address = "Slawi" }, isConfidential = true })).Ticket;
                break;
            case "OVERSIGHT":
                into = (await File(new { category = "pungli", description = "r", place = new { address = "Slawi" } })).Ticket;
                break;
            case "CLOSED":
                var (closed, secret) = await FileAssigned();
                await Moves(host.Http, closed, "withdrawals", new { }, secret);
                into = closed;
                break;
        }

        var (refused, problem) = await Move(dispatcher, ticket, "merges", new { into });

        refused.ShouldBe(status, problem.ToString());
        problem.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("into");
    }

    [Fact]
    public async Task in_parts_shows_nobody_but_its_reporter_a_part_that_turns_out_to_be_on_an_official()
    {
        var ((ticket, secret), dispatcher) = (await FileAssigned(), await As("dispatcher"));
        await Moves(dispatcher, ticket, "splits", new { parts = new object[] { new { department = "DPU" }, new { department = "DISHUB", description = "Petugasnya minta uang" } } });
        var parts = (await See(dispatcher, ticket)).GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("ticket").GetString()!).ToArray();

        await Moves(dispatcher, parts[1], "classifications", new { category = "pungli" });

        var seen = await See(host.Http, ticket);
        seen.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("ticket").GetString()).ShouldBe([parts[0]]);
        seen.ToString().ShouldNotContain(parts[1]);
        (await See(host.Http, ticket, secret)).GetProperty("parts").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task in_parts_is_settled_when_all_of_them_are()
    {
        var (ticket, secret) = await FileAssigned();
        var (dispatcher, dpu, dishub) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"));

        (await Move(dispatcher, ticket, "splits", new { parts = new[] { new { department = "DPU" } } })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("parts");
        (await Move(dispatcher, ticket, "splits", new { parts = new[] { new { department = "DPU" }, new { department = "NOPE" } } })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("parts[1].department");
        (await Moves(dispatcher, ticket, "splits", new { parts = new object[] { new { department = "DPU", description = "Lubangnya" }, new { department = "DISHUB", category = "pju" } } })).ShouldBe("split");

        var parts = (await See(host.Http, ticket)).GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("ticket").GetString()!).ToArray();
        parts.Length.ShouldBe(2);
        var first = await See(dpu, parts[0]);
        first.GetProperty("partOf").GetString().ShouldBe(ticket);
        first.GetProperty("description").GetString().ShouldBe("Lubangnya");
        first.GetProperty("department").GetString().ShouldBe("DPU");
        (await Hears(ticket, "split"))[0].GetProperty("text").GetString()!.ShouldContain(parts[1]);
        await Moves(dpu, parts[0], "answers", new { text = "Ditambal.", isSettled = true });
        (await Hears(parts[0], "answer"))[0].GetProperty("text").GetString()!.ShouldContain($"bagian dari / part of {ticket}");
        (await See(host.Http, ticket)).GetProperty("state").GetString().ShouldBe("split");
        await Moves(dishub, parts[1], "answers", new { text = "Lampu diganti.", isSettled = true });
        await host.Reaches(ticket, "settled");
        await Hears(ticket, "settlement");
        (await Messages(parts[0])).ShouldNotContain(m => m.GetProperty("kind").GetString() == "acknowledgement");

        // The secret of the whole is good for its parts; a part that is open again opens the whole.
        (await Moves(host.Http, parts[1], "reopenings", new { reason = "Masih mati" }, secret)).ShouldBe("assigned");
        await host.Reaches(ticket, "split");
        (await Moves(host.Http, ticket, "withdrawals", new { reason = "Sudahlah" }, secret)).ShouldBe("withdrawn");
        await host.Reaches(parts[1], "withdrawn");
    }

    [Fact]
    public async Task under_another_category_may_hide_it_from_those_who_had_it()
    {
        var (ticket, secret) = await FileAssigned();
        var (dispatcher, dpu, inspector, regent) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.inspektorat"), await As("regent"));
        (await See(dpu, ticket)).GetProperty("class").GetString().ShouldBe("complaint");

        (await Move(dispatcher, ticket, "classifications", new { category = "tidak-ada" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Move(dispatcher, ticket, "classifications", new { @class = "apa" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("class");
        (await Moves(dispatcher, ticket, "classifications", new { category = "pungli" })).ShouldBe("assigned");

        foreach (var client in new[] { host.Http, dispatcher, dpu, host.Integrator(), await As("officer.dishub") })
        {
            (await client.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await Move(client, ticket, "supplements", new { text = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await See(inspector, ticket)).GetProperty("department").GetString().ShouldBe("INSPEKTORAT");
        (await See(regent, ticket)).GetProperty("isOversight").GetBoolean().ShouldBeTrue();
        (await See(host.Http, ticket, secret)).GetProperty("isOwn").GetBoolean().ShouldBeTrue();
        (await Move(inspector, ticket, "assignments", new { department = "DPU" })).Body.GetProperty("code").GetString().ShouldBe("report.oversight");
        (await Move(regent, ticket, "assignments", new { department = "DPU" })).Body.GetProperty("code").GetString().ShouldBe("report.oversight");
        (await Move(inspector, ticket, "forwardings", new { body = "PLN" })).Status.ShouldBe(HttpStatusCode.Conflict);
        // It turns out to be none: the dispatcher has it again, still hidden from the public.
        (await Moves(inspector, ticket, "classifications", new { category = "jalan-rusak" })).ShouldBe("queued");
        (await See(dispatcher, ticket)).GetProperty("isConfidential").GetBoolean().ShouldBeTrue();
        (await host.Http.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task on_an_officials_conduct_is_hidden_on_every_path()
    {
        const string text = "Petugas minta uang di loket 7";
        var (ticket, secret) = await File(new { category = "jalan-rusak", @class = "oversight", description = text, place = new { latitude = -6.98, longitude = 109.13 } });
        var inspector = await As("officer.inspektorat");
        await SmartCityHost.Until(async () => (await inspector.GetAsync($"{Reports}/{ticket}")).IsSuccessStatusCode && (await See(inspector, ticket)).GetProperty("state").GetString() == "assigned", "the report at the Inspectorate");
        using var form = new MultipartFormDataContent { { new StringContent("bukti"), "text" }, { new ByteArrayContent(Picture()), "media", "a.jpg" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/supplements") { Content = form, Headers = { { "X-Report-Secret", secret } } };
        (await host.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Moves(inspector, ticket, "answers", new { text = "Sedang kami periksa.", isSettled = false });

        foreach (var (who, client) in new[]
        {
            ("nobody", host.Http), ("key", host.Integrator()), ("dpu", await As("officer.dpu")), ("dishub", await As("officer.dishub")),
            ("dispatcher", await As("dispatcher")), ("another regent", await As("regent", "33.76")), ("operator", await As("operator")),
        })
        {
            foreach (var path in new[]
            {
                $"{Reports}/{ticket}", $"{Reports}/{ticket}/photos/1", $"{Reports}/{ticket}/photos/1?size=small", $"/33.28/laporan/{ticket}", $"/33.28/cari?nomor={ticket}",
                $"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28", $"/open311/v2/tokens/t-{ticket}.json?jurisdiction_id=33.28",
            })
            {
                (await client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{who} {path}");
            }

            foreach (var path in new[]
            {
                $"{Reports}?limit=1000", $"{Reports}?limit=1000&state=answered", "/33.28", $"/open311/v2/requests.json?jurisdiction_id=33.28&service_request_id={ticket}",
                "/open311/v2/requests.xml?jurisdiction_id=33.28&extensions=true", "/open311/v2/servicerequestupdates.json?jurisdiction_id=33.28",
            })
            {
                var shown = await client.GetStringAsync(path);
                shown.ShouldNotContain(ticket, customMessage: $"{who} {path}");
                shown.ShouldNotContain(text);
            }

            (await client.GetAsync($"{Reports}/{ticket}?asOf=2026-12-31T00:00:00Z")).StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
            (await client.GetAsync($"{Reports}/{ticket}/history")).StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }

        (await (await As("dispatcher")).GetStringAsync("/api/v1/regencies/33.28/outbox?limit=1000")).ShouldNotContain(ticket);
        (await (await As("dispatcher")).GetStringAsync("/33.28/meja?daftar=terbuka")).ShouldNotContain(ticket);
        (await (await As("regent")).GetStringAsync($"{Reports}?limit=1000")).ShouldContain(ticket);
        (await inspector.GetStringAsync($"{Reports}?limit=1000")).ShouldContain(ticket);
        (await inspector.GetAsync($"{Reports}/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await As("auditor")).GetStringAsync($"{Reports}/{ticket}/history")).ShouldContain("report.filed.v1");
    }

    [Fact]
    public async Task is_protected_better_and_never_less()
    {
        var (ticket, secret) = await File(new { category = "jalan-rusak", description = "r", place = new { address = "Slawi" }, reporter = new { firstName = "Siti" } });
        await host.Reaches(ticket, "assigned");
        var (dispatcher, dpu) = (await As("dispatcher"), await As("officer.dpu"));
        (await dpu.GetStringAsync($"{Reports}/{ticket}")).ShouldContain("Siti");

        (await Move(host.Http, ticket, "protections", new { }, secret)).Status.ShouldBe(HttpStatusCode.BadRequest);
        await Moves(host.Http, ticket, "protections", new { isAnonymous = true }, secret);
        (await dpu.GetStringAsync($"{Reports}/{ticket}")).ShouldNotContain("Siti");
        (await host.Http.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Moves(dispatcher, ticket, "protections", new { isConfidential = true });
        (await host.Http.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await See(dpu, ticket)).GetProperty("isAnonymous").GetBoolean().ShouldBeTrue();
        (await See(host.Http, ticket, secret)).GetProperty("reporter").GetProperty("firstName").GetString().ShouldBe("Siti");
    }

    [Fact]
    public async Task that_is_a_proposal_has_a_stage_and_supporters()
    {
        var (ticket, _) = await File(new { category = "usulan", description = "Bangun taman bacaan", place = new { address = "Slawi" } });
        await SmartCityHost.Until(async () => (await See(host.Http, ticket)).GetProperty("proposal").TryGetProperty("stage", out _), "its first stage");
        var (dispatcher, keyed) = (await As("dispatcher"), host.Integrator());
        async Task<JsonElement> Supported(HttpMethod method, string who) =>
            await SmartCityHost.Json(await keyed.SendAsync(new HttpRequestMessage(method, $"{Reports}/{ticket}/supporters/{who}")));

        var proposal = (await See(host.Http, ticket)).GetProperty("proposal");
        proposal.GetProperty("stage").GetString().ShouldBe("village");
        proposal.GetProperty("answerDue").GetDateTimeOffset().Month.ShouldBe(6);
        await Hears(ticket, "stage");
        (await Moves(dispatcher, ticket, "stages", new { stage = "regency", note = "Masuk daftar kabupaten" })).ShouldBe("assigned");
        (await Hears(ticket, "stage", 2)).ShouldContain(m => m.GetProperty("text").GetString()!.Contains("Masuk daftar kabupaten"));
        (await Move(dispatcher, ticket, "stages", new { stage = "district" })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Move(dispatcher, ticket, "stages", new { stage = "moon" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("stage");

        (await Supported(HttpMethod.Put, "siti")).GetProperty("supporters").GetInt64().ShouldBe(1);
        (await Supported(HttpMethod.Put, "siti")).GetProperty("supporters").GetInt64().ShouldBe(1);
        (await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Supported(HttpMethod.Put, $"warga{i % 2}")))).Max(s => s.GetProperty("supporters").GetInt64()).ShouldBe(3);
        (await Supported(HttpMethod.Delete, "siti")).GetProperty("supporters").GetInt64().ShouldBe(2);
        (await See(host.Http, ticket)).GetProperty("proposal").GetProperty("supporters").GetInt64().ShouldBe(2);
        (await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Put, $"{Reports}/{ticket}/supporters/x"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await keyed.SendAsync(new HttpRequestMessage(HttpMethod.Put, $"{Reports}/{(await FileAssigned()).Ticket}/supporters/x"))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task is_filed_with_the_class_that_was_chosen()
    {
        var (aspiration, _) = await File(new { category = "jalan-rusak", @class = "aspiration", description = "r", place = new { address = "Slawi" } });
        (await See(host.Http, aspiration)).GetProperty("class").GetString().ShouldBe("aspiration");

        using var wrong = await host.Integrator().PostAsJsonAsync(Reports, new { category = "jalan-rusak", @class = "keluhan", description = "r", place = new { address = "Slawi" } });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // What its category makes an oversight report stays one.
        var (oversight, _) = await File(new { category = "pungli", @class = "complaint", description = "r", place = new { address = "Slawi" } });
        (await host.Http.GetAsync($"{Reports}/{oversight}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task follows_a_policy_that_an_operator_sets()
    {
        const string policy = "/api/v1/regencies/33.76/report-policy";
        (await host.Http.GetFromJsonAsync<JsonElement>(policy)).GetProperty("closeAfterDays").GetInt32().ShouldBe(10);
        var oper = host.Browser();
        (await oper.PostAsJsonAsync("/api/v1/operators/session", new { name = "operator", password = SmartCityHost.Password })).EnsureSuccessStatusCode();

        (await host.Http.PutAsJsonAsync(policy, new { closeAfterDays = 5 })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await As("dispatcher", "33.76")).PutAsJsonAsync(policy, new { closeAfterDays = 5 })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await oper.PutAsJsonAsync(policy, new { closeAfterDays = 0 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await oper.PutAsJsonAsync(policy, new { closeAfterDays = 5 })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await host.Http.GetFromJsonAsync<JsonElement>(policy)).GetProperty("closeAfterDays").GetInt32().ShouldBe(5);
        (await host.Http.GetFromJsonAsync<JsonElement>("/api/v1/regencies/33.28/report-policy")).GetProperty("closeAfterDays").GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task is_explained_by_the_table()
    {
        var life = await host.Http.GetFromJsonAsync<JsonElement>("/api/v1/report-life");

        life.GetProperty("states").GetArrayLength().ShouldBe(14);
        life.GetProperty("moves").EnumerateArray().ShouldContain(row => row.GetProperty("move").GetString() == "reopen");
    }

    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(40, 30);
        bitmap.Erase(SKColors.SteelBlue);
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, 80).ToArray();
    }
}
