using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Staff;

/// <summary>Notes, who has a report in hand, what the public sees, texts that stand ready, and lists: one host for all of it.</summary>
public sealed class What_staff_do_beside_the_moves(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28", Reports = $"{Api}/reports";

    private Task<HttpClient> As(string name, string regency = "33.28") => host.SignIn(regency, name);

    private async Task<(string Ticket, string Secret)> File(string description = "Jalan berlubang", string category = "jalan-rusak", bool withPhoto = false, string state = "assigned")
    {
        var report = JsonSerializer.Serialize(new { category, description, place = new { latitude = -6.98, longitude = 109.13, address = "Jl. Melati 7" }, reporter = new { firstName = "Ratna", email = "ratna@example.org" } });
        using HttpContent content = withPhoto ? new MultipartFormDataContent { { new StringContent(report, Encoding.UTF8, "application/json"), "report" } } : new StringContent(report, Encoding.UTF8, "application/json");
        if (content is MultipartFormDataContent form)
        {
            foreach (var seed in new[] { 1, 2 })
            {
                var photo = new ByteArrayContent(Pictures.Jpeg(seed));
                photo.Headers.ContentType = new("image/jpeg");
                form.Add(photo, "photos", $"{seed}.jpg");
            }
        }

        var filed = await SmartCityHost.Json(await host.Integrator().PostAsync(Reports, content));
        var (ticket, secret) = (filed.GetProperty("ticket").GetString()!, filed.GetProperty("secret").GetString()!);
        if (category != "pungli")
        {
            await host.Reaches(ticket, state);
        }

        return (ticket, secret);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient client, string path, object body)
    {
        // The platform itself may have changed the report at the same moment.
        for (var again = 0; ; again++)
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            var read = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
            if (again == 5 || answer.StatusCode != HttpStatusCode.Conflict || !text.Contains("report.moved", StringComparison.Ordinal))
            {
                return (answer.StatusCode, read);
            }
        }
    }

    private static async Task Done(HttpClient client, string path, object body)
    {
        var (status, answer) = await Post(client, path, body);
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
    }

    private static async Task<(HttpStatusCode, string?)> Fault(HttpClient client, string path, object body)
    {
        var (status, answer) = await Post(client, path, body);
        return (status, answer.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0 && errors[0].TryGetProperty("field", out var field) ? field.GetString() : null);
    }

    private static async Task<string> Text(HttpClient client, string path, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<JsonElement> See(HttpClient client, string ticket, string? secret = null) => JsonDocument.Parse(await Text(client, $"{Reports}/{ticket}", secret)).RootElement;

    private static async Task<string[]> Tickets(HttpClient client, string query) =>
        [.. (await SmartCityHost.Json(await client.GetAsync($"{Reports}?limit=1000&{query}"))).GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!)];

    private static JsonElement? Entry(JsonElement report, string what) =>
        report.GetProperty("timeline").EnumerateArray().Where(e => e.GetProperty("what").GetString() == what).Select(e => (JsonElement?)e).LastOrDefault();

    [Fact]
    public async Task A_note_is_read_by_staff_and_by_nobody_else()
    {
        const string note = "Menurut Pak RT sudah dua kali diukur";
        var (ticket, secret) = await File();
        var (dpu, dispatcher, regent) = (await As("officer.dpu"), await As("dispatcher"), await As("regent"));
        var before = (await See(host.Http, ticket)).GetProperty("updatedAt").GetString();

        await Done(dpu, $"{Reports}/{ticket}/notes", new { text = note });
        await Done(regent, $"{Reports}/{ticket}/notes", new { text = "Tolong dipercepat" });

        foreach (var staff in new[] { dpu, dispatcher, regent, await As("auditor") })
        {
            var noted = (await See(staff, ticket)).GetProperty("timeline").EnumerateArray().Where(e => e.GetProperty("what").GetString() == "noted").ToArray();
            noted.Select(e => (e.GetProperty("text").GetString(), e.GetProperty("detail").GetString())).ShouldBe([(note, "staff:officer.dpu"), ("Tolong dipercepat", "staff:regent")]);
        }

        foreach (var (other, proof) in new (HttpClient, string?)[] { (host.Http, null), (host.Http, secret), (host.Integrator(), null), (await As("officer.dishub"), null), (await As("dispatcher", "33.76"), null) })
        {
            Entry(await See(other, ticket, proof), "noted").ShouldBeNull();
            (await Text(other, $"{Reports}/{ticket}", proof)).ShouldNotContain(note);
        }

        (await See(host.Http, ticket)).GetProperty("updatedAt").GetString().ShouldBe(before, "not even that there is one is told");
        (await Text(host.Http, $"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28&extensions=true")).ShouldNotContain("noted");
        (await Text(await As("auditor"), $"{Reports}/{ticket}/history")).ShouldContain(note);
    }

    [Fact]
    public async Task A_note_is_no_part_of_the_reporters_copy_and_goes_with_the_reporters_data()
    {
        const string note = "Pelapor tetangga kepala desa";
        var (ticket, secret) = await File();
        var dpu = await As("officer.dpu");
        await Done(dpu, $"{Reports}/{ticket}/notes", new { text = note });

        using var ask = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/personal-data/copies") { Headers = { { "X-Report-Secret", secret } } };
        using var zip = new ZipArchive(await (await host.Http.SendAsync(ask)).EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        using var data = new StreamReader(zip.GetEntry("data.json")!.Open());
        (await data.ReadToEndAsync()).ShouldSatisfyAllConditions(text => text.ShouldContain("Jalan berlubang"), text => text.ShouldNotContain(note));

        using var erase = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/personal-data/erasures") { Headers = { { "X-Report-Secret", secret } } };
        (await host.Http.SendAsync(erase)).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => !(await Text(dpu, $"{Reports}/{ticket}")).Contains(note, StringComparison.Ordinal), "the note is gone");
        (await Text(await As("auditor"), $"{Reports}/{ticket}/history")).ShouldNotContain(note);

        // What is noted later is somebody new's.
        await Done(dpu, $"{Reports}/{ticket}/notes", new { text = "Masih dikerjakan" });
        Entry(await See(dpu, ticket), "noted")!.Value.GetProperty("text").GetString().ShouldBe("Masih dikerjakan");
    }

    [Fact]
    public async Task What_is_for_staff_is_refused_to_others()
    {
        var (ticket, secret) = await File();
        var (dispatcher, dpu, dishub, stranger) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"), await As("dispatcher", "33.76"));
        foreach (var (move, body) in new (string, object)[]
        {
            ("notes", new { text = "x" }), ("handler", new { handler = "me" }), ("hidings", new { words = "description", reason = "abuse" }), ("showings", new { words = "description" }),
        })
        {
            using var proved = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/{move}") { Content = JsonContent.Create(body), Headers = { { "X-Report-Secret", secret } } };
            (await host.Http.SendAsync(proved)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, move);
            foreach (var (name, client) in new[] { ("key", host.Integrator()), ("auditor", await As("auditor")), ("dishub", dishub), ("neighbour", stranger), ("humas", await As("humas")) })
            {
                (await Post(client, $"{Reports}/{ticket}/{move}", body)).Status.ShouldBe(HttpStatusCode.Forbidden, $"{move} by {name}");
            }
        }

        (await Post(dispatcher, $"{Reports}/{ticket}/handler", new { handler = "me" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(dpu, $"{Reports}/{ticket}/hidings", new { words = "description", reason = "abuse" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Fault(dpu, $"{Reports}/{ticket}/notes", new { text = " " })).ShouldBe((HttpStatusCode.BadRequest, "text"));
        (await Fault(dpu, $"{Reports}/{ticket}/handler", new { })).ShouldBe((HttpStatusCode.BadRequest, "handler"));
        (await Fault(dispatcher, $"{Reports}/{ticket}/hidings", new { photo = 1, reason = "abuse" })).ShouldBe((HttpStatusCode.BadRequest, "photo"));
        (await Fault(dispatcher, $"{Reports}/{ticket}/hidings", new { words = "kata", reason = "abuse" })).ShouldBe((HttpStatusCode.BadRequest, "words"));
        (await Fault(dispatcher, $"{Reports}/{ticket}/hidings", new { words = "description", reason = "jelek" })).ShouldBe((HttpStatusCode.BadRequest, "reason"));
        (await Fault(dispatcher, $"{Reports}/{ticket}/hidings", new { reason = "abuse" })).ShouldBe((HttpStatusCode.BadRequest, "words"));
    }

    [Fact]
    public async Task A_report_is_in_the_hand_of_one_officer_until_it_is_let_go_or_leaves_the_department()
    {
        var accounts = host.Services.GetRequiredService<StaffSignIn>();
        await accounts.Save(RegencyCode.Parse("33.28"), new StaffAccount { Id = "budi.dpu", DisplayName = "Budi", Role = Role.Officer, Department = "DPU" }.WithPassword(SmartCityHost.Password), default);
        var (ticket, _) = await File();
        var (other, _) = await File();
        var (dpu, dispatcher, budi) = (await As("officer.dpu"), await As("dispatcher"), await As("budi.dpu"));
        async Task<string?> Handler(HttpClient client) => (await See(client, ticket)).TryGetProperty("handler", out var handler) ? handler.GetProperty("account").GetString() : null;

        await Done(dpu, $"{Reports}/{ticket}/handler", new { handler = "me" });
        (await Handler(dispatcher)).ShouldBe("officer.dpu");
        (await Handler(host.Http)).ShouldBeNull();
        (await Text(host.Http, $"{Reports}/{ticket}")).ShouldNotContain("officer.dpu");
        (await Tickets(dpu, "handler=me")).ShouldBe([ticket]);
        (await Tickets(dispatcher, "handler=officer.dpu")).ShouldBe([ticket]);
        (await Tickets(dispatcher, "handler=nobody")).ShouldSatisfyAllConditions(found => found.ShouldContain(other), found => found.ShouldNotContain(ticket));
        (await Tickets(host.Http, "handler=officer.dpu")).ShouldBeEmpty();
        (await Tickets(host.Integrator(), "handler=nobody")).ShouldBeEmpty();
        (await Tickets(await As("officer.dishub"), "handler=officer.dpu")).ShouldBeEmpty();

        var colleagues = await SmartCityHost.Json(await dpu.GetAsync($"{Reports}/{ticket}/colleagues"));
        colleagues.GetProperty("colleagues").EnumerateArray().Select(c => c.GetProperty("account").GetString()).ShouldSatisfyAllConditions(
            names => names.ShouldContain("budi.dpu"), names => names.ShouldNotContain("officer.dishub"));
        (await SmartCityHost.Json(await (await As("officer.dishub")).GetAsync($"{Reports}/{ticket}/colleagues"))).GetProperty("colleagues").GetArrayLength().ShouldBe(0);
        (await Fault(dpu, $"{Reports}/{ticket}/handler", new { handler = "officer.dishub" })).ShouldBe((HttpStatusCode.BadRequest, "handler"));

        await Done(dpu, $"{Reports}/{ticket}/handler", new { handler = "budi.dpu" });
        (await Tickets(budi, "handler=me")).ShouldBe([ticket]);
        await Done(budi, $"{Reports}/{ticket}/handler", new { handler = "nobody" });
        (await Handler(dpu)).ShouldBeNull();
        await Done(budi, $"{Reports}/{ticket}/handler", new { handler = "me" });
        await Done(dispatcher, $"{Reports}/{ticket}/assignments", new { department = "DISHUB" });
        (await Handler(dispatcher)).ShouldBeNull();
        (await Tickets(budi, "handler=me")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hidden_photo_is_gone_everywhere_but_for_staff_and_the_reporter_until_it_is_shown_again()
    {
        var (ticket, secret) = await File(withPhoto: true);
        var dispatcher = await As("dispatcher");
        async Task<HttpStatusCode> Photo(HttpClient client, string path = "", string? proof = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Reports}/{ticket}/photos/1{path}");
            if (proof is not null)
            {
                request.Headers.Add("X-Report-Secret", proof);
            }

            return (await client.SendAsync(request)).StatusCode;
        }

        (await Photo(host.Http)).ShouldBe(HttpStatusCode.OK);
        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { photo = 1, reason = "personal", note = "Pelat nomor terlihat" });

        foreach (var size in new[] { "", "?size=small" })
        {
            (await Photo(host.Http, size)).ShouldBe(HttpStatusCode.NotFound);
            (await Photo(host.Integrator(), size)).ShouldBe(HttpStatusCode.NotFound);
            (await Photo(await As("officer.dishub"), size)).ShouldBe(HttpStatusCode.NotFound);
            (await Photo(dispatcher, size)).ShouldBe(HttpStatusCode.OK);
            (await Photo(host.Http, size, secret)).ShouldBe(HttpStatusCode.OK);
        }

        var seen = await See(host.Http, ticket);
        seen.GetProperty("photos").EnumerateArray().Select(p => p.GetProperty("number").GetInt32()).ShouldBe([2]);
        seen.GetProperty("hidden")[0].GetProperty("reason").GetString().ShouldBe("personal");
        seen.ToString().ShouldNotContain("Pelat nomor");
        (await Text(host.Http, $"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28")).ShouldSatisfyAllConditions(t => t.ShouldNotContain("photos/1"), t => t.ShouldContain("photos/2"));
        (await See(dispatcher, ticket)).GetProperty("photos").GetArrayLength().ShouldBe(2);

        await Done(dispatcher, $"{Reports}/{ticket}/showings", new { photo = 1 });
        (await Photo(host.Http)).ShouldBe(HttpStatusCode.OK);
        (await See(host.Http, ticket)).TryGetProperty("hidden", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Other_words_take_the_place_of_the_reporters_everywhere_and_the_original_stays_for_staff()
    {
        var (ticket, secret) = await File("Jalan ambles, lurah Sukardjodipo maling aspal");
        var dispatcher = await As("dispatcher");
        async Task<bool> Found(string word) => (await Tickets(host.Http, $"q={word}")).Contains(ticket);
        await SmartCityHost.Until(() => Found("Sukardjodipo"), "it is found by its words");

        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { words = "description", instead = "Jalan ambles di kelurahan itu", reason = "accusation" });
        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { words = "address", reason = "personal" });

        var seen = await See(host.Http, ticket);
        seen.GetProperty("description").GetString().ShouldBe("Jalan ambles di kelurahan itu");
        seen.GetProperty("place").TryGetProperty("address", out _).ShouldBeFalse();
        foreach (var path in new[]
        {
            $"{Reports}/{ticket}", $"{Reports}?limit=1000", $"{Reports}/export.csv", $"/33.28/laporan/{ticket}", "/33.28", $"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28&extensions=true",
            $"/open311/v2/requests/{ticket}.xml?jurisdiction_id=33.28",
        })
        {
            (await Text(host.Http, path)).ShouldNotContain("Sukardjodipo", Case.Insensitive, path);
        }

        var similar = await SmartCityHost.Json(await host.Http.PostAsJsonAsync($"{Reports}/similar", new { category = "jalan-rusak", description = "Jalan ambles, lurah Sukardjodipo maling aspal", place = new { latitude = -6.98, longitude = 109.13 } }));
        similar.ToString().ShouldNotContain("maling");
        (await See(dispatcher, ticket)).GetProperty("description").GetString()!.ShouldContain("Sukardjodipo");
        (await See(dispatcher, ticket)).GetProperty("hidden").EnumerateArray().Count().ShouldBe(2);
        (await See(host.Http, ticket, secret)).GetProperty("description").GetString()!.ShouldContain("Sukardjodipo");
        await SmartCityHost.Until(async () => !await Found("Sukardjodipo") && await Found("kelurahan"), "it is found by the other words");

        await Done(dispatcher, $"{Reports}/{ticket}/showings", new { words = "description", note = "Ternyata nama jalan" });
        (await See(host.Http, ticket)).GetProperty("description").GetString()!.ShouldContain("Sukardjodipo");
        await SmartCityHost.Until(() => Found("Sukardjodipo"), "it is found by its own words again");
    }

    [Fact]
    public async Task Words_of_officers_can_be_hidden_too_and_parts_hide_what_their_whole_hides()
    {
        var (ticket, _) = await File("Kabel menjuntai, tanya Bu Hartinah saja", withPhoto: true);
        var (dispatcher, dpu) = (await As("dispatcher"), await As("officer.dpu"));
        await Done(dpu, $"{Reports}/{ticket}/answers", new { text = "Sudah kami bicarakan dengan Bu Hartinah", isSettled = false });
        var answer = Entry(await See(dispatcher, ticket), "answered")!.Value.GetProperty("id").GetString();
        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { words = answer, instead = "Sudah kami bicarakan dengan warga", reason = "personal" });
        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { words = "description", instead = "Kabel menjuntai", reason = "personal" });
        await Done(dispatcher, $"{Reports}/{ticket}/hidings", new { photo = 2, reason = "shocking" });

        Entry(await See(host.Http, ticket), "answered")!.Value.GetProperty("text").GetString().ShouldBe("Sudah kami bicarakan dengan warga");
        (await Text(host.Http, $"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28&extensions=true")).ShouldNotContain("Hartinah");
        (await Text(host.Http, $"/open311/v2/servicerequestupdates.json?jurisdiction_id=33.28")).ShouldNotContain("Hartinah");

        await Done(dispatcher, $"{Reports}/{ticket}/splits", new { parts = new object[] { new { department = "DPU" }, new { department = "DISHUB", description = "Kabelnya" } } });
        var parts = (await See(dispatcher, ticket)).GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("ticket").GetString()!).ToArray();
        var (same, own) = (await See(host.Http, parts[0]), await See(host.Http, parts[1]));
        same.GetProperty("description").GetString().ShouldBe("Kabel menjuntai");
        own.GetProperty("description").GetString().ShouldBe("Kabelnya");
        same.GetProperty("photos").EnumerateArray().Select(p => p.GetProperty("number").GetInt32()).ShouldBe([1]);
        (await host.Http.GetAsync($"{Reports}/{parts[1]}/photos/2")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_Inspectorate_decides_what_of_an_oversight_report_is_hidden()
    {
        var (ticket, _) = await File("Pungutan di loket", "pungli");
        var inspector = await As("officer.inspektorat");
        await host.Reaches(ticket, "assigned", caller: inspector);

        (await Post(await As("dispatcher"), $"{Reports}/{ticket}/hidings", new { words = "description", reason = "personal" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Post(await As("dispatcher"), $"{Reports}/{ticket}/notes", new { text = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);
        await Done(inspector, $"{Reports}/{ticket}/hidings", new { words = "description", reason = "personal" });
        await Done(inspector, $"{Reports}/{ticket}/notes", new { text = "Saksi dua orang" });
        (await Text(await As("dispatcher"), $"{Reports}/{ticket}")).ShouldNotContain("Saksi");
    }

    [Fact]
    public async Task Ready_answers_are_the_regencys_or_a_departments_and_are_offered_filled_in()
    {
        var (ticket, _) = await File();
        var (dispatcher, dpu, dishub) = (await As("dispatcher"), await As("officer.dpu"), await As("officer.dishub"));
        async Task<string[]> Titles(HttpClient client, string path = $"{Api}/ready-answers") =>
            [.. (await SmartCityHost.Json(await client.GetAsync(path))).GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("title").GetString()!)];

        (await Post(dispatcher, $"{Api}/ready-answers", new { title = "Terima kasih", text = "Laporan {nomor} sudah kami terima.", move = "answer" })).Status.ShouldBe(HttpStatusCode.Created);
        var (status, made) = await Post(dpu, $"{Api}/ready-answers", new { title = "Tambal", text = "{opd} menambal {kategori} minggu ini.", category = "jalan-rusak" });
        status.ShouldBe(HttpStatusCode.Created);
        var path = $"{Api}/ready-answers/{made.GetProperty("id").GetString()}";
        await Post(dpu, $"{Api}/ready-answers", new { title = "Lampu", text = "Lampu diganti.", category = "lampu-lalin" });

        (await Titles(dpu)).ShouldBe(["Lampu", "Tambal", "Terima kasih"]);
        (await Titles(dishub)).ShouldBe(["Terima kasih"]);
        (await Titles(await As("dispatcher", "33.76"), "/api/v1/regencies/33.76/ready-answers")).ShouldBeEmpty();
        (await (await As("dispatcher", "33.76")).GetAsync($"{Api}/ready-answers")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var fitting = (await SmartCityHost.Json(await dpu.GetAsync($"{Reports}/{ticket}/ready-answers"))).GetProperty("answers").EnumerateArray().Select(a => a.GetProperty("text").GetString()).ToArray();
        fitting.ShouldBe(["Dinas Pekerjaan Umum menambal Jalan rusak minggu ini.", $"Laporan {ticket} sudah kami terima."]);
        (await Titles(dishub, $"{Reports}/{ticket}/ready-answers")).ShouldBeEmpty("who does not handle it is offered nothing");

        (await Fault(dpu, $"{Api}/ready-answers", new { title = "x", text = "Halo {nama}" })).ShouldBe((HttpStatusCode.BadRequest, "text"));
        (await Fault(dpu, $"{Api}/ready-answers", new { title = "", text = "Halo" })).ShouldBe((HttpStatusCode.BadRequest, "title"));
        (await Fault(dpu, $"{Api}/ready-answers", new { title = "x", text = "Halo", move = "sing" })).ShouldBe((HttpStatusCode.BadRequest, "move"));
        (await Fault(dpu, $"{Api}/ready-answers", new { title = "x", text = "Halo", category = "x" })).ShouldBe((HttpStatusCode.BadRequest, "category"));
        (await dishub.PutAsJsonAsync(path, new { title = "x", text = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dispatcher.PutAsJsonAsync(path, new { title = "x", text = "x" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await dpu.PutAsJsonAsync(path, new { title = "Tambal besok", text = "Besok.", expectedVersion = 1 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await dpu.PutAsJsonAsync(path, new { title = "Lagi", text = "x", expectedVersion = 1 })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Titles(dpu)).ShouldContain("Tambal besok");
        (await dpu.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Titles(dpu)).ShouldBe(["Lampu", "Terima kasih"]);
        (await dpu.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Several_reports_at_once_are_each_decided_by_themselves()
    {
        var (one, _) = await File();
        var (two, _) = await File();
        var (oversight, _) = await File("Pungutan lagi", "pungli");
        var (dispatcher, dishub) = (await As("dispatcher"), await As("officer.dishub"));
        async Task<(string, bool, string?)[]> Many(HttpClient client, string move, object body)
        {
            var (status, answer) = await Post(client, $"{Api}/report-batches/{move}", body);
            status.ShouldBe(HttpStatusCode.OK, answer.ToString());
            return [.. answer.GetProperty("results").EnumerateArray().Select(r => (r.GetProperty("ticket").GetString()!, r.GetProperty("done").GetBoolean(),
                r.TryGetProperty("fault", out var fault) ? fault.GetProperty("code").GetString() : null))];
        }

        (await Many(dispatcher, "assignments", new { tickets = new[] { one, "2026-999999", oversight, two, one }, department = "DISHUB" })).ShouldBe(
            [(one, true, null), ("2026-999999", false, "report.unknown"), (oversight, false, "report.unknown"), (two, true, null)]);
        await host.Reaches(two, "assigned");
        (await Many(dishub, "answers", new { tickets = new[] { one, two }, text = "Sudah beres semua.", isSettled = true })).ShouldBe([(one, true, null), (two, true, null)]);
        Entry(await See(host.Http, two), "answered")!.Value.GetProperty("text").GetString().ShouldBe("Sudah beres semua.");
        (await Many(dishub, "answers", new { tickets = new[] { one }, text = "Lagi." }))[0].ShouldBe((one, false, "report.state"));

        (await Fault(dispatcher, $"{Api}/report-batches/assignments", new { department = "DPU" })).ShouldBe((HttpStatusCode.BadRequest, "tickets"));
        (await Fault(dispatcher, $"{Api}/report-batches/assignments", new { tickets = Enumerable.Range(1, 101).Select(i => $"2026-{i:000000}"), department = "DPU" })).ShouldBe((HttpStatusCode.BadRequest, "tickets"));
        (await Many(await As("dispatcher", "33.76"), "assignments", new { tickets = new[] { one }, department = "DPU" }).ContinueWith(t => t.IsFaulted, TaskScheduler.Default)).ShouldBeTrue("another regency's dispatcher is refused at all");
    }

    [Fact]
    public async Task A_list_is_filtered_and_sorted_by_deadlines_and_given_as_a_table_that_runs_nothing()
    {
        var (early, _) = await File("=HYPERLINK(\"http://contoh.id\")");
        var clock = host.Services.GetRequiredService<DemoClock>();
        clock.Advance(TimeSpan.FromDays(3));
        var (later, _) = await File("Jembatan retak");
        var (oversight, _) = await File("Pungutan di jembatan timbang", "pungli");
        var dispatcher = await As("dispatcher");

        // In the first moment the assignment is still owed for the later one, which is due before an answer.
        var sorted = await SmartCityHost.Until(
            async () => await Tickets(dispatcher, "sort=deadline") is var found && found.Contains(early) && Array.IndexOf(found, early) < Array.IndexOf(found, later) ? found : null, "both are owed an answer, the older first");
        sorted.ShouldNotContain(oversight);
        var first = await SmartCityHost.Json(await dispatcher.GetAsync($"{Reports}?sort=deadline&limit=1"));
        var second = await SmartCityHost.Json(await dispatcher.GetAsync($"{Reports}?sort=deadline&limit=1&after={first.GetProperty("next").GetString()}"));
        second.GetProperty("reports")[0].GetProperty("ticket").GetString().ShouldNotBe(first.GetProperty("reports")[0].GetProperty("ticket").GetString());

        clock.Advance(TimeSpan.FromDays(30));
        dispatcher = await As("dispatcher");
        (await SmartCityHost.Until(async () => await Tickets(dispatcher, "due=late") is var found && found.Contains(later) ? found : null, "late")).ShouldContain(early);
        (await Tickets(dispatcher, "due=today")).ShouldNotContain(early);
        (await Tickets(await As("officer.dishub"), "due=late&department=DPU&state=assigned")).ShouldContain(early, "a public report's deadline is public");
        foreach (var query in new[] { "due=soon", "sort=state", "sort=deadline&q=jalan" })
        {
            (await dispatcher.GetAsync($"{Reports}?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
        }

        var csv = await Text(dispatcher, $"{Reports}/export.csv?category=jalan-rusak");
        csv.ShouldStartWith("ticket,state,");
        csv.ShouldContain("\"'=HYPERLINK(");
        var inspector = await As("officer.inspektorat");
        (await Text(inspector, $"{Reports}/export.csv")).ShouldContain(oversight);
        (await Text(dispatcher, $"{Reports}/export.csv")).ShouldNotContain(oversight);
        (await Text(host.Http, $"{Reports}/export.csv")).ShouldSatisfyAllConditions(t => t.ShouldNotContain(oversight), t => t.ShouldContain(later));
    }
}
