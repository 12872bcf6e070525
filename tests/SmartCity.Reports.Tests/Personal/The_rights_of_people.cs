using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Platform.Personal;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Personal;

public sealed class The_rights_of_people(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    private async Task<string> File(string description, object reporter, string regency = "33.28")
    {
        using var answer = await host.Integrator().PostAsJsonAsync($"/api/v1/regencies/{regency}/reports", new { category = "jalan-rusak", description, place = new { address = "Gang Rahasia 5" }, reporter });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    private static async Task<JsonElement[]> Find(HttpClient officer, object by, string api = Api) =>
        [.. (await SmartCityHost.Json(await officer.PostAsJsonAsync($"{api}/personal-data/search", by))).EnumerateArray()];

    private static string[] Streams(IEnumerable<JsonElement> traces) => [.. traces.Select(t => t.GetProperty("stream").GetString()!).Order()];

    private static string[] Ids(IEnumerable<JsonElement> traces) => [.. traces.Select(t => t.GetProperty("id").GetString()!)];

    private static Task<HttpResponseMessage> Erase(HttpClient officer, IEnumerable<JsonElement> traces, string ground = "request") =>
        officer.PostAsJsonAsync($"{Api}/personal-data/erasures", new { traces = Ids(traces), ground, proof = "identityCard", reference = "188/12-PDP" });

    [Fact]
    public async Task begin_with_finding_all_that_is_theirs()
    {
        var one = await File("satu", new { email = "Ratna@Example.org", phone = "0811-2222-3333" });
        var two = await File("dua", new { phone = "+62 811 2222 3333", firstName = "Ratna" });
        var three = await File("tiga", new { email = "ratna@example.org" });
        var other = await File("lain", new { email = "lain@example.org" });
        await File("kota", new { email = "ratna@example.org" }, "33.76");
        var officer = await host.SignIn("33.28", "pdp");

        Streams(await Find(officer, new { email = " RATNA@example.org " })).ShouldBe([one, two, three], ignoreOrder: true);
        Streams(await Find(officer, new { phone = "081122223333" })).ShouldBe([one, two, three], ignoreOrder: true);
        Streams(await Find(officer, new { number = two })).ShouldBe([one, two, three], ignoreOrder: true);
        var found = await Find(officer, new { number = other });
        Streams(found).ShouldBe([other]);
        found[0].GetProperty("matches").EnumerateArray().Select(m => m.GetString()).ShouldBe(["number", "email"]);
        (await Find(officer, new { email = "nobody@example.org" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task give_them_a_copy_of_everything_and_nothing_of_others()
    {
        var ticket = await File("Lubang di depan rumah Bu Wati", new { email = "wati@example.org", firstName = "Wati" });
        await host.Reaches(ticket, "assigned");
        var dpu = await host.SignIn("33.28", "officer.dpu");
        (await dpu.PostAsJsonAsync($"{Api}/reports/{ticket}/answers", new { text = "Bu Wati, kami datang besok.", isSettled = false })).EnsureSuccessStatusCode();
        using var update = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["jurisdiction_id"] = "33.28",
            ["api_key"] = "demo",
            ["service_request_id"] = ticket,
            ["update_id"] = "u1",
            ["status"] = "open",
            ["updated_datetime"] = "2026-10-31T09:00:00Z",
            ["description"] = "Saya tetangganya",
            ["email"] = "tetangga@example.org",
        });
        (await host.Http.PostAsync("/open311/v2/servicerequestupdates.json", update)).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?regency=33.28&ticket={ticket}"))).GetArrayLength() == 2, "its messages");
        var officer = await host.SignIn("33.28", "pdp");
        var hers = await Find(officer, new { email = "wati@example.org" });
        Streams(hers).ShouldBe([ticket]);

        using var answer = await officer.PostAsJsonAsync($"{Api}/personal-data/copies", new { traces = Ids(hers), proof = "contact" });

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        using var reader = new StreamReader(zip.GetEntry("data.json")!.Open());
        var data = await reader.ReadToEndAsync();
        foreach (var hersToRead in new[] { "Lubang di depan rumah Bu Wati", "wati@example.org", "Gang Rahasia 5", "Bu Wati, kami datang besok.", $"nomor {ticket}" })
        {
            data.ShouldContain(hersToRead);
        }

        data.ShouldNotContain("tetangga");
        data.ShouldContain("not yours");
        data.ShouldNotContain("staff:");
        (await (await host.SignIn("33.28", "auditor")).GetStringAsync($"{Api}/reports/{ticket}/history")).ShouldContain("person.data-exported.v1");
    }

    [Fact]
    public async Task let_them_be_forgotten_for_ever_while_the_history_stays()
    {
        var (ticket, other) = (await File("Kucing Pak Darto hilang di selokan", new { email = "darto@example.org", firstName = "Darto" }), await File("Selokan", new { email = "utomo@example.org" }));
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "pdp");
        var his = await Find(officer, new { email = "darto@example.org" });

        var erased = await SmartCityHost.Json(await Erase(officer, his));

        erased.EnumerateArray().ShouldHaveSingleItem().GetProperty("stream").GetString().ShouldBe(ticket);
        (await SmartCityHost.Json(await Erase(officer, his))).GetArrayLength().ShouldBe(0);
        (await Find(officer, new { email = "darto@example.org" })).ShouldBeEmpty();
        (await Find(officer, new { number = ticket })).ShouldHaveSingleItem().GetProperty("ground").GetString().ShouldBe("request");
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{ticket}"));
        report.GetProperty("description").GetString().ShouldBe(PersonalReader.Erased);
        report.GetProperty("erased").GetProperty("ground").GetString().ShouldBe("request");
        report.GetProperty("erased").TryGetProperty("by", out _).ShouldBeFalse();
        (await host.Http.GetStringAsync($"{Api}/reports/{other}")).ShouldContain("Selokan");

        // The history still replays, and says what happened, by whom and why.
        var auditor = await host.SignIn("33.28", "auditor");
        var history = (await SmartCityHost.Json(await auditor.GetAsync($"{Api}/reports/{ticket}/history"))).EnumerateArray().ToArray();
        history.Select(e => e.GetProperty("type").GetString()).ShouldBe(["report.filed.v1", "report.jurisdiction-decided.v1", "report.assigned.v1", "person.erased.v1"]);
        history[0].GetProperty("data").GetProperty("description").GetString()!.ShouldStartWith("[dihapus pada ");
        history[0].GetProperty("data").GetProperty("description").GetString()!.ShouldEndWith("by staff:pdp, ground request]");
        history[3].GetProperty("actor").GetString().ShouldBe("staff:pdp");
        history[3].GetProperty("data").GetProperty("ground").GetString().ShouldBe("request");
        history[3].GetProperty("data").GetProperty("reference").GetString().ShouldBe("188/12-PDP");
        (await SmartCityHost.Json(await auditor.GetAsync($"{Api}/reports/{ticket}?asOf={Uri.EscapeDataString(history[0].GetProperty("at").GetString()!)}"))).GetProperty("description").GetString().ShouldBe(PersonalReader.Erased);
        (await SmartCityHost.Json(await auditor.GetAsync($"{Api}/personal-data/erasures"))).EnumerateArray().Select(e => e.GetProperty("stream").GetString()).ShouldContain(ticket);

        // The matter goes on: what is answered now can be read, and whoever writes again is somebody new.
        var dpu = await host.SignIn("33.28", "officer.dpu");
        (await dpu.PostAsJsonAsync($"{Api}/reports/{ticket}/answers", new { text = "Selokan sudah dikuras.", isSettled = true })).EnsureSuccessStatusCode();
        (await host.Http.GetStringAsync($"{Api}/reports/{ticket}")).ShouldContain("Selokan sudah dikuras.");
        var again = await File("Kembali lagi", new { email = "darto@example.org" });
        Streams(await Find(officer, new { email = "darto@example.org" })).ShouldBe([again]);
    }

    [Fact]
    public async Task reach_what_they_follow_and_what_the_search_finds_of_them()
    {
        var ticket = await File("Kandang bebek Pak Sarkowi menutup saluran", new { email = "sarkowi@example.org" });
        var followed = await File("Saluran di Pagongan", new { email = "pemilik@example.org" });
        (await host.Integrator().PostAsJsonAsync($"{Api}/reports/{followed}/followers", new { email = "sarkowi@example.org", name = "Sarkowi" })).EnsureSuccessStatusCode();
        async Task<string[]> Found() => [.. (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports?q=Sarkowi"))).GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!)];
        await SmartCityHost.Until(async () => (await Found()).Contains(ticket), "it can be searched");
        var officer = await host.SignIn("33.28", "pdp");
        var his = await Find(officer, new { email = "sarkowi@example.org" });
        Streams(his).ShouldBe([ticket, followed], ignoreOrder: true);

        (await Erase(officer, his)).EnsureSuccessStatusCode();

        (await Find(officer, new { email = "sarkowi@example.org" })).ShouldBeEmpty();
        await SmartCityHost.Until(async () => (await Found()).Length == 0, "it is gone from the search");
        // That somebody follows is still counted; who it was is not known any more.
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{followed}"))).GetProperty("followers").GetInt32().ShouldBe(1);
        var auditor = await host.SignIn("33.28", "auditor");
        (await auditor.GetStringAsync($"{Api}/reports/{followed}/history")).ShouldNotContain("arkowi");
    }

    [Fact]
    public async Task are_written_down_once_when_two_grant_them_at_once()
    {
        var ticket = await File("Balapan", new { email = "balap@example.org" });
        var officer = await host.SignIn("33.28", "pdp");
        var traces = await Find(officer, new { email = "balap@example.org" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await SmartCityHost.Json(await Erase(officer, traces))).GetArrayLength()));

        answers.Sum().ShouldBe(1);
        var history = await (await host.SignIn("33.28", "auditor")).GetStringAsync($"{Api}/reports/{ticket}/history");
        history.Split("person.erased.v1").Length.ShouldBe(2);
    }

    [Fact]
    public async Task are_their_reporters_own_with_the_secret_in_the_whole_and_its_parts()
    {
        var filed = await SmartCityHost.Json(await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "jalan-rusak", description = "Jalan dan lampu di depan Toko Makmur", place = new { address = "Slawi" }, reporter = new { firstName = "Makmur" } }));
        var (ticket, secret) = (filed.GetProperty("ticket").GetString()!, filed.GetProperty("secret").GetString()!);
        await host.Reaches(ticket, "assigned");
        (await (await host.SignIn("33.28", "dispatcher")).PostAsJsonAsync($"{Api}/reports/{ticket}/splits", new { parts = new[] { new { department = "DPU", description = "Jalan Toko Makmur" }, new { department = "DISHUB", description = "Lampu Toko Makmur" } } })).EnsureSuccessStatusCode();
        var part = (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{ticket}"))).GetProperty("parts")[1].GetProperty("ticket").GetString()!;
        async Task<HttpResponseMessage> Send(string path, string? key, HttpContent? content = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Api}/reports/{path}") { Content = content };
            request.Headers.Add("X-Report-Secret", key);
            request.Headers.Add("Idempotency-Key", "kunci-makmur");
            return await host.Http.SendAsync(request);
        }

        using var more = new MultipartFormDataContent { { new StringContent("Foto dari Pak Makmur"), "text" }, { new ByteArrayContent(Pictures.Jpeg(8101)), "media", "a.jpg" } };
        (await Send($"{part}/supplements", secret, more)).EnsureSuccessStatusCode();
        var photo = $"{Api}/reports/{part}/photos/1";
        (await host.Http.GetAsync(photo)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var wrong in new[] { null, "", "aaaa-aaaa-aaaa-aaaa" })
        {
            (await Send($"{ticket}/personal-data/copies", wrong)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await Send($"{ticket}/personal-data/erasures", wrong)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using var zip = new ZipArchive(await (await Send($"{part}/personal-data/copies", secret)).Content.ReadAsStreamAsync());
        zip.Entries.ShouldContain(e => e.FullName == $"foto/{part}-1.jpg");
        using var reader = new StreamReader(zip.GetEntry("data.json")!.Open());
        var data = await reader.ReadToEndAsync();
        foreach (var his in new[] { "Jalan dan lampu di depan Toko Makmur", "Lampu Toko Makmur", "Foto dari Pak Makmur" })
        {
            data.ShouldContain(his);
        }

        (await Send($"{ticket}/personal-data/erasures", secret)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await host.Http.GetAsync(photo)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var auditor = await host.SignIn("33.28", "auditor");
        foreach (var report in new[] { ticket, part })
        {
            (await auditor.GetStringAsync($"{Api}/reports/{report}")).ShouldNotContain("Makmur");
            (await auditor.GetStringAsync($"{Api}/reports/{report}/history")).ShouldNotContain("akmur");
        }
    }

    [Fact]
    public async Task are_granted_by_the_data_protection_officer_and_the_regent_of_the_regency_only()
    {
        await File("Milik saya", new { email = "milik@example.org" });
        var officer = await host.SignIn("33.28", "pdp");
        var traces = await Find(officer, new { email = "milik@example.org" });
        (await Find(await host.SignIn("33.28", "regent"), new { email = "milik@example.org" })).Length.ShouldBe(1);
        async Task<HttpStatusCode[]> By(HttpClient client) =>
        [
            (await client.PostAsJsonAsync($"{Api}/personal-data/search", new { email = "milik@example.org" })).StatusCode,
            (await client.PostAsJsonAsync($"{Api}/personal-data/copies", new { traces = Ids(traces), proof = "letter" })).StatusCode,
            (await Erase(client, traces)).StatusCode,
            (await client.GetAsync($"{Api}/retention/due")).StatusCode,
            (await client.PutAsJsonAsync($"{Api}/retention", new { days = new { complaint = 100 } })).StatusCode,
        ];

        (await By(host.Http)).ShouldAllBe(status => status == HttpStatusCode.Unauthorized);
        foreach (var other in new[] { host.Integrator(), await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.28", "auditor"), await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.28", "operator"), await host.SignIn("33.76", "pdp"), await host.SignIn("33.76", "regent") })
        {
            (await By(other)).ShouldAllBe(status => status == HttpStatusCode.Forbidden);
        }

        (await host.Http.GetAsync($"{Api}/personal-data/erasures")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "dispatcher")).GetAsync($"{Api}/personal-data/erasures")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task of_people_in_one_regency_are_not_touched_from_another()
    {
        var ticket = await File("Hanya di kabupaten", new { email = "kab@example.org" });
        var traces = await Find(await host.SignIn("33.28", "pdp"), new { email = "kab@example.org" });
        var city = await host.SignIn("33.76", "pdp");
        const string There = "/api/v1/regencies/33.76/personal-data";

        (await Find(city, new { email = "kab@example.org" }, "/api/v1/regencies/33.76")).ShouldBeEmpty();
        (await SmartCityHost.Json(await city.PostAsJsonAsync($"{There}/erasures", new { traces = Ids(traces), ground = "unlawful" }))).GetArrayLength().ShouldBe(0);
        using var copy = await city.PostAsJsonAsync($"{There}/copies", new { traces = Ids(traces), proof = "letter" });
        using var zip = new ZipArchive(await copy.Content.ReadAsStreamAsync());
        using var reader = new StreamReader(zip.GetEntry("data.json")!.Open());
        (await reader.ReadToEndAsync()).ShouldNotContain("Hanya di kabupaten");
        (await host.Http.GetStringAsync($"{Api}/reports/{ticket}")).ShouldContain("Hanya di kabupaten");
    }

    [Theory]
    [InlineData("search", "{}", "number")]
    [InlineData("search", """{"email":" "}""", "number")]
    [InlineData("copies", """{"proof":"letter"}""", "traces")]
    [InlineData("copies", """{"traces":["2026-000017"],"proof":"letter"}""", "traces")]
    [InlineData("copies", """{"traces":["p1"]}""", "proof")]
    [InlineData("copies", """{"traces":["p1"],"proof":"trust me"}""", "proof")]
    [InlineData("copies", """{"traces":["p1"],"proof":"letter","reference":"surat Pak Budi"}""", "reference")]
    [InlineData("erasures", """{"traces":["p1"],"proof":"letter"}""", "ground")]
    [InlineData("erasures", """{"traces":["p1"],"ground":"request"}""", "proof")]
    [InlineData("erasures", """{"traces":["p1"],"ground":"because","proof":"letter"}""", "ground")]
    public async Task are_refused_with_the_field_at_fault(string what, string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await (await host.SignIn("33.28", "pdp")).PostAsync($"{Api}/personal-data/{what}", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().ShouldContain(e => e.GetProperty("field").GetString() == field);
    }
}
