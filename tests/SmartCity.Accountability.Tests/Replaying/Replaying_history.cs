using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Accountability.Tests.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Replaying;

public sealed class Replaying_history(AuditHost host) : IClassFixture<AuditHost>
{
    private const string Here = "/api/v1/regencies/33.28", Replay = $"{Here}/audit/replay";

    private static string[] Texts(JsonElement list, string member) => [.. list.EnumerateArray().Select(e => e.GetProperty(member).GetString()!)];

    private static string? State(JsonElement replay) => replay.GetProperty("states").EnumerateArray().Single(s => s.GetProperty("kind").GetString() == "report").GetProperty("data").GetProperty("State").GetString();

    [Fact]
    public async Task shows_a_report_as_it_stood_step_by_step_and_tells_what_changed()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        using var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{Here}/reports/{ticket}/answers", new { text = "Kami perbaiki minggu ini.", isSettled = true })).EnsureSuccessStatusCode();
        await host.Reaches(ticket, "settled");
        using var auditor = await host.SignIn("33.28", "auditor");

        var now = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}"));
        State(now).ShouldBe("Settled");
        now.TryGetProperty("next", out _).ShouldBeFalse();
        var events = now.GetProperty("events").EnumerateArray().ToArray();
        events[0].GetProperty("english").GetString().ShouldBe("The report was received");
        events[0].GetProperty("indonesian").GetString().ShouldBe("Laporan diterima");

        // Back to the first, and forward again.
        var steps = 0;
        var step = now;
        while (step.TryGetProperty("previous", out var previous))
        {
            step = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}&position={previous.GetInt64()}"));
            steps++;
        }

        State(step).ShouldBe("Filed");
        step.GetProperty("version").GetInt64().ShouldBe(1);
        steps.ShouldBe((int)now.GetProperty("version").GetInt64() - 1);
        var second = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}&position={step.GetProperty("next").GetInt64()}"));
        second.GetProperty("version").GetInt64().ShouldBe(2);

        // The same moment by an instant, and the difference in words.
        var filedAt = step.GetProperty("events")[0].GetProperty("entry").GetProperty("at").GetDateTimeOffset();
        var then = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream={ticket}&asOf={Uri.EscapeDataString(filedAt.ToString("O"))}"));
        State(then).ShouldBe("Filed");
        var difference = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}&since={Uri.EscapeDataString(filedAt.ToString("O"))}"));
        Texts(difference.GetProperty("changes"), "english").ShouldContain("State changed from filed to settled");
        Texts(difference.GetProperty("changes"), "indonesian").ShouldContain("Status berubah dari diterima menjadi selesai");

        // Things of other kinds.
        foreach (var stream in new[] { $"deadlines-{ticket}", "department-DPU", "category-jalan-rusak", "calendar-2026" })
        {
            (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream={stream}"))).GetProperty("states").GetArrayLength().ShouldBe(1, stream);
        }

        Texts(await SmartCityHost.Json(await auditor.GetAsync($"{Here}/audit/streams?begins=department-D")), "stream").ShouldContain("department-DPU");
    }

    [Fact]
    public async Task counts_a_whole_regency_at_a_moment_with_progress()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        await host.Settled();
        using var auditor = await host.SignIn("33.28", "auditor");
        var now = await SmartCityHost.Json(await auditor.GetAsync(Replay));
        var reports = await host.Scalar<long>("select count(*) from reports.mt_doc_report where tenant_id = '33_28'");
        Kind(now, "report").GetProperty("count").GetInt64().ShouldBe(reports);
        Kind(now, "report").GetProperty("byState").GetProperty("Assigned").GetInt64().ShouldBe(await host.Scalar<long>("select count(*) from reports.mt_doc_report where tenant_id = '33_28' and data ->> 'State' = 'Assigned'"));
        now.GetProperty("openByDepartment").GetProperty("DPU").GetInt64().ShouldBeGreaterThan(0);
        now.GetProperty("treeSize").GetInt64().ShouldBeLessThanOrEqualTo(now.GetProperty("events").GetInt64());

        // Step by step: as it was one event ago, and forward again.
        var back = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?position={now.GetProperty("previous").GetInt64()}"));
        back.GetProperty("events").GetInt64().ShouldBe(now.GetProperty("events").GetInt64() - 1);
        back.GetProperty("next").GetInt64().ShouldBe(now.GetProperty("position").GetInt64());

        // Before this report was filed.
        var filed = await host.Scalar<long>($"select seq_id from history.mt_events where tenant_id = '33_28' and stream_id = '{ticket}' and version = 1");
        var before = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?position={filed - 1}"));
        (before.TryGetProperty("kinds", out var kinds) && kinds.EnumerateArray().Any(k => k.GetProperty("kind").GetString() == "report") ? Kind(before, "report").GetProperty("count").GetInt64() : 0)
            .ShouldBe(await host.Scalar<long>($"select count(*) from history.mt_events where tenant_id = '33_28' and type = 'report.filed.v1' and seq_id < {filed}"));
        before.GetProperty("treeSize").GetInt64().ShouldBe(await host.Scalar<long>($"select count(*) from history.mt_events where tenant_id = '33_28' and seq_id < {filed}"));
        Texts((await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?sincePosition={filed - 1}"))).GetProperty("changes"), "english").ShouldContain(c => c.StartsWith("Report: from ", StringComparison.Ordinal));

        using var request = new HttpRequestMessage(HttpMethod.Get, Replay) { Headers = { { "Accept", "application/x-ndjson" } } };
        var lines = (await (await auditor.SendAsync(request)).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonDocument.Parse(lines[^1]).RootElement.GetProperty("replay").GetProperty("events").GetInt64().ShouldBeGreaterThan(0);

        var told = await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--at-event", filed.ToString(System.Globalization.CultureInfo.InvariantCulture), "--english");
        told.Code.ShouldBe(0, told.Text);
        told.Text.ShouldContain($"events up to position {filed}, ");
        var one = await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--report", ticket, "--as-of", "2099-01-01");
        one.Text.ShouldContain("Laporan diterima");
        one.Text.ShouldContain("[tersegel / sealed]");
        one.Text.ShouldNotContain("berlubang");
        (await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--as-of", "besok")).Code.ShouldBe(2);
        (await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--report", "2020-000001")).Code.ShouldBe(2);
    }

    [Fact]
    public async Task tells_who_had_read_what_and_what_was_erased_since_when_by_whom_and_why()
    {
        using var answer = await host.Integrator().PostAsJsonAsync($"{Here}/reports", new
        {
            category = "jalan-rusak",
            description = "Rumah Kusumawardhani tergenang",
            place = new { latitude = -6.98, longitude = 109.13 },
            reporter = new { firstName = "Kusumawardhani", phone = "+62 813-7777-1313" },
        });
        var ticket = (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        using var auditor = await host.SignIn("33.28", "auditor");
        using var pdp = await host.SignIn("33.28", "pdp");
        // Read twice, told once: the second time tells nothing new.
        (await dispatcher.GetAsync($"{Here}/reports/{ticket}")).EnsureSuccessStatusCode();
        (await dispatcher.GetAsync($"{Here}/reports/{ticket}")).EnsureSuccessStatusCode();
        (await host.Http.GetAsync($"{Here}/reports/{ticket}")).EnsureSuccessStatusCode();
        (await auditor.GetAsync($"{Here}/reports/{ticket}/history")).EnsureSuccessStatusCode();
        var found = await SmartCityHost.Json(await pdp.PostAsJsonAsync($"{Here}/personal-data/search", new { phone = "081377771313" }));

        var replay = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}"));
        replay.ToString().ShouldContain("Kusumawardhani");
        replay.GetProperty("readers").EnumerateArray().Select(r => $"{r.GetProperty("actor")} {r.GetProperty("role")} {r.GetProperty("what")}").Order(StringComparer.Ordinal)
            .ShouldBe(["staff:auditor auditor history", "staff:auditor auditor replay", "staff:dispatcher dispatcher reporter", "staff:pdp dataprotection personal-search"]);
        // The readers of a thing are a history too, signed and exported as any other.
        (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream=reads-{ticket}"))).GetProperty("events")[0].GetProperty("entry").GetProperty("type").GetString().ShouldBe("data.read.v1");

        string[] traces = [.. found.EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];
        (await pdp.PostAsJsonAsync($"{Here}/personal-data/erasures", new { traces, ground = "request", proof = "letter" })).EnsureSuccessStatusCode();
        var after = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?report={ticket}"));
        after.ToString().ShouldNotContain("Kusumawardhani");
        var erasure = after.GetProperty("erasures")[0];
        erasure.GetProperty("english").GetString()!.ShouldMatch("^erased on 20[0-9-]+ [0-9:]+ WIB, by staff:pdp, ground request$");
        erasure.GetProperty("indonesian").GetString()!.ShouldMatch("^dihapus pada .*, oleh staff:pdp, dasar permintaan pemilik data$");
        after.GetProperty("events")[0].GetProperty("entry").GetProperty("data").GetProperty("Description").GetString()!.ShouldContain("erased on ");
        Texts(after.GetProperty("events"), "english").ShouldContain("Personal data was erased");
        (await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--report", ticket)).Text.ShouldContain("dihapus pada");
        await host.Settled();
        (await AuditHost.Verify(await host.Export(), await host.Keys())).ShouldStartWith("OK");
    }

    [Theory, InlineData("replay"), InlineData("replay?stream=department-DPU"), InlineData("streams")]
    public async Task is_for_auditors_of_the_regency_only(string path)
    {
        (await host.Http.GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var (regency, name) in new[] { ("33.28", "officer.inspektorat"), ("33.28", "regent"), ("33.28", "pdp"), ("33.76", "auditor") })
        {
            (await (await host.SignIn(regency, name)).GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, name);
        }

        (await (await host.SignIn("33.28", "auditor")).GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("replay?asOf=besok", "asOf"), InlineData("replay?since=31-10-2016", "since"), InlineData("replay?position=0", "position"), InlineData("streams?limit=0", "limit")]
    public async Task names_what_is_wrong_with_a_question(string path, string field)
    {
        using var answer = await (await host.SignIn("33.28", "auditor")).GetAsync($"{Here}/audit/{path}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task has_a_page()
    {
        using var auditor = await host.SignIn("33.28", "auditor");
        var page = await auditor.GetStringAsync("/33.28/putar-ulang?aliran=department-DPU&lang=en");
        page.ShouldContain("A department was registered");
        page.ShouldContain("event 1 of 1");
        (await auditor.GetStringAsync("/33.28/putar-ulang?aliran=department-&lang=id")).ShouldContain("Yang berawalan department-");
        (await auditor.GetStringAsync("/33.28/putar-ulang?seluruh=1&lang=id")).ShouldContain("Laporan terbuka");
        (await auditor.GetStringAsync("/33.28/putar-ulang?seluruh=1&posisi=2&lang=id")).ShouldContain("posisi=1\"");
        (await auditor.GetAsync("/33.28/putar-ulang?sampai=besok")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "regent")).GetAsync("/33.28/putar-ulang")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static JsonElement Kind(JsonElement replay, string kind) => replay.GetProperty("kinds").EnumerateArray().Single(k => k.GetProperty("kind").GetString() == kind);
}
