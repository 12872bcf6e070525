using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmartCity.Accountability.Tests.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Replaying;

public sealed class Replaying_a_finding(AuditHost host) : IClassFixture<AuditHost>
{
    private const string Here = "/api/v1/regencies/33.28", Replay = Here + "/audit/replay";

    private static async Task<JsonElement> Post(HttpClient client, string path, object body) => await SmartCityHost.Json(await client.PostAsJsonAsync($"{Here}/{path}", body));

    private static string[] Texts(JsonElement list, string member) => [.. list.EnumerateArray().Select(e => e.GetProperty(member).GetString()!)];

    private static string[] Types(JsonElement replay) => [.. replay.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("entry").GetProperty("type").GetString()!)];

    /// <summary>An audit report with two findings; a contractor owes for the first, and has paid a part.</summary>
    private async Task<(string Finding, string Other, string Obligation)> TwoFindings(string number)
    {
        using var inspector = await host.SignIn("33.28", "officer.inspektorat");
        using var treasury = await host.SignIn("33.28", "bpkad");
        using var officer = await host.SignIn("33.28", "officer.dpu");
        var report = (await Post(inspector, "audit-reports", new { number, title = "Pemeriksaan belanja modal", issuer = "bpk", year = 2015, issuedOn = "2016-05-20", receivedOn = "2016-05-31" })).GetProperty("id").GetString()!;
        await Post(inspector, $"audit-reports/{report}/findings", new { number = 1, title = "Kelebihan pembayaran jalan", department = "DPU", amount = 1000m, recommendations = new[] { "Setor ke kas daerah" } });
        await Post(inspector, $"audit-reports/{report}/findings", new { number = 2, title = "Lampu belum tercatat", department = "DISHUB", recommendations = new[] { "Catat sebagai aset" } });
        var (one, two) = ($"{report}.1", $"{report}.2");
        var obligation = (await Post(treasury, "obligations", new { reference = $"SKP-{number}", name = "CV Contoh Jaya", department = "DPU", year = 2015, amount = 1000m, on = "2016-06-01", finding = one })).GetProperty("id").GetString()!;
        await Post(officer, $"findings/{one}/recommendations/1/proposals", new { state = "settled", evidence = "STS-9" });
        await Post(inspector, $"findings/{two}/recommendations/1/decisions", new { state = "settled", document = "TL-2" });
        await Post(treasury, "deposits", new { obligation, on = "2016-06-05", document = "STS-9", amount = 400m });
        using var other = await host.SignIn("33.28", "kasda");
        await Post(other, $"deposits/{obligation}.2/confirmations", new { });
        return (one, two, obligation);
    }

    [Fact]
    public async Task shows_what_concerns_it_with_its_obligations_and_deposits_and_nothing_of_the_others()
    {
        var (finding, other, obligation) = await TwoFindings("LHP-R1");
        using var auditor = await host.SignIn("33.28", "auditor");
        var replay = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?finding={finding}"));

        replay.GetProperty("stream").GetString().ShouldBe(finding);
        Types(replay).ShouldBe([
            "audit-report.received.v1", "audit-report.finding-recorded.v1", "obligation.registered.v1", "audit-report.follow-up-proposed.v1", "obligation.deposit-recorded.v1", "obligation.deposit-confirmed.v1",
        ]);
        replay.ToString().ShouldNotContain("Lampu belum tercatat");
        replay.ToString().ShouldNotContain("TL-2");
        (replay.GetProperty("version").GetInt64(), replay.GetProperty("lastVersion").GetInt64()).ShouldBe((6, 6));
        var states = replay.GetProperty("states").EnumerateArray().ToDictionary(s => s.GetProperty("stream").GetString()!, s => s.GetProperty("data"));
        states.Keys.Order(StringComparer.Ordinal).ShouldBe([finding.Split('.')[0], obligation]);
        states[finding.Split('.')[0]].GetProperty("Findings").GetArrayLength().ShouldBe(1);

        // Of the other one nobody owes anything.
        Types(await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream={other}")))
            .ShouldBe(["audit-report.received.v1", "audit-report.finding-recorded.v1", "audit-report.follow-up-decided.v1"]);
    }

    [Fact]
    public async Task steps_through_all_of_them_and_tells_the_difference_in_words()
    {
        var (finding, _, obligation) = await TwoFindings("LHP-R2");
        using var auditor = await host.SignIn("33.28", "auditor");
        var (step, seen) = (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?finding={finding}")), 1);
        // In words on the regency's clock; for programs it stays as it is stored.
        Texts(step.GetProperty("changes"), "english").ShouldContain(c => Regex.IsMatch(c, "^Entry 2, confirmed at became 20[0-9-]+ [0-9:]+ WIB$"), step.GetProperty("changes").ToString());
        step.GetProperty("events").EnumerateArray().Last().GetProperty("entry").GetProperty("at").GetString()!.ShouldEndWith("+00:00");
        for (; step.TryGetProperty("previous", out var previous); seen++)
        {
            step = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?finding={finding}&position={previous.GetInt64()}"));
        }

        (seen, step.GetProperty("version").GetInt64()).ShouldBe((6, 1));
        var registered = await host.Scalar<long>($"select seq_id from history.mt_events where tenant_id = '33_28' and stream_id = '{obligation}' and version = 1");
        var since = await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?finding={finding}&sincePosition={registered}"));
        Texts(since.GetProperty("changes"), "indonesian").ShouldContain(c => c.Contains("400", StringComparison.Ordinal), since.GetProperty("changes").ToString());
    }

    [Fact]
    public async Task tells_who_had_read_it_alone_or_with_its_audit_report()
    {
        var (finding, _, obligation) = await TwoFindings("LHP-R3");
        using var regent = await host.SignIn("33.28", "regent");
        (await regent.GetAsync($"{Here}/findings/{finding}")).EnsureSuccessStatusCode();
        using var auditor = await host.SignIn("33.28", "auditor");
        await auditor.GetAsync($"{Replay}?finding={finding}");

        var readers = (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?finding={finding}"))).GetProperty("readers");
        readers.EnumerateArray().Select(r => $"{r.GetProperty("actor")} {r.GetProperty("what")} {r.GetProperty("of")}")
            .ShouldBe([$"staff:regent findings {finding.Split('.')[0]}", $"staff:auditor replay {finding}", $"staff:auditor replay {obligation}"], ignoreOrder: true);
    }

    [Fact]
    public async Task tells_who_was_shown_an_obligation_in_a_list_which_is_one_reading()
    {
        var (_, _, obligation) = await TwoFindings("LHP-R5");
        await TwoFindings("LHP-R6");
        using var inspector = await host.SignIn("33.28", "officer.inspektorat");
        const string lists = "select count(*) from history.mt_events where tenant_id = '33_28' and stream_id = 'reads-obligations' and user_name = 'staff:officer.inspektorat'";
        foreach (var (query, readings) in new[] { ("department=DPU&limit=1000", 1), ("department=DPU&limit=1000", 1), ("department=DPU&year=2015&limit=1000", 2) })
        {
            (await SmartCityHost.Json(await inspector.GetAsync($"{Here}/obligations?{query}"))).GetProperty("obligations").GetArrayLength().ShouldBeGreaterThan(1);
            (await host.Scalar<long>(lists)).ShouldBe(readings, query);
        }

        (await host.Scalar<string>(lists.Replace("count(*)", "min(data ->> 'Filter')", StringComparison.Ordinal))).ShouldStartWith("obligations?department=DPU&");
        (await host.Scalar<long>($"select count(*) from history.mt_events where tenant_id = '33_28' and stream_id = 'reads-{obligation}' and user_name = 'staff:officer.inspektorat'")).ShouldBe(0);
        using var auditor = await host.SignIn("33.28", "auditor");
        var readers = (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream={obligation}"))).GetProperty("readers").EnumerateArray()
            .Where(r => r.GetProperty("actor").GetString() == "staff:officer.inspektorat").Select(r => $"{r.GetProperty("what")} {r.GetProperty("of")} {r.GetProperty("version")}").Distinct();
        readers.ShouldBe([$"obligation {obligation} 3"]);
        (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?stream=reads-obligations"))).GetProperty("events").GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task has_a_page_and_a_command_and_is_for_auditors_of_the_regency_only()
    {
        var (finding, _, _) = await TwoFindings("LHP-R4");
        using var auditor = await host.SignIn("33.28", "auditor");
        var page = WebUtility.HtmlDecode(await auditor.GetStringAsync($"/33.28/putar-ulang?aliran={finding}&lang=en"));
        page.ShouldContain("event 6 of 6");
        page.ShouldContain("The treasury confirmed the deposit");
        WebUtility.HtmlDecode(await auditor.GetStringAsync($"/33.28/putar-ulang?aliran={finding.Split('.')[0]}")).ShouldContain($"aliran={finding}");
        var told = await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--finding", finding, "--english");
        told.Code.ShouldBe(0, told.Text);
        told.Text.ShouldContain("A finding was recorded");
        told.Text.ShouldNotContain("Lampu belum tercatat");

        using var unknown = await auditor.GetAsync($"{Replay}?finding={finding}9");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("finding");
        (await (await host.SignIn("33.76", "auditor")).GetAsync($"{Replay}?finding={finding}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "auditor")).GetAsync($"/api/v1/regencies/33.76/audit/replay?finding={finding}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.28", "officer.inspektorat")).GetAsync($"{Replay}?finding={finding}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task knows_cases_and_departments_by_their_own_names_too()
    {
        using var auditor = await host.SignIn("33.28", "auditor");
        (await SmartCityHost.Json(await auditor.GetAsync($"{Replay}?department=DPU"))).GetProperty("stream").GetString().ShouldBe("department-DPU");
        (await CommandLine.Run(host, "audit", "replay", "--regency", "33.28", "--department", "DPU", "--english")).Text.ShouldContain("A department was registered");
        using var none = await auditor.GetAsync($"{Replay}?case=case-none-1");
        (await none.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("case");
    }
}
