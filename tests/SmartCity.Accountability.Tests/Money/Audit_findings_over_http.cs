using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Money;

public sealed class Audit_findings_over_http(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private async Task<string> Finding(string number, string department = "DPU")
    {
        var inspector = await host.SignIn("33.28", "officer.inspektorat");
        var (status, report) = await Post(inspector, $"{Api}/audit-reports", new { number, title = "Pemeriksaan contoh", issuer = "bpk", year = 2015, issuedOn = "2016-05-20", receivedOn = "2016-05-31" });
        status.ShouldBe(HttpStatusCode.Created, report.ToString());
        var (_, with) = await Post(inspector, $"{Api}/audit-reports/{report.GetProperty("id").GetString()}/findings",
            new { number = 1, title = "Kelebihan pembayaran", department, amount = 1000.5m, recommendations = new[] { "Setor ke kas daerah", "Perbaiki pengawasan" } });
        return with.GetProperty("findings")[0].GetProperty("id").GetString()!;
    }

    private static JsonElement Recommendation(JsonElement finding, int number = 1) => finding.GetProperty("recommendations")[number - 1];

    [Fact]
    public async Task keep_what_officials_propose_beside_what_the_auditor_decides()
    {
        var id = await Finding("LHP-1");
        var (officer, inspector) = (await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.28", "officer.inspektorat"));
        var finding = await officer.GetFromJsonAsync<JsonElement>($"{Api}/findings/{id}");
        finding.GetProperty("answerDueOn").GetString().ShouldBe("2016-07-30");
        finding.GetProperty("rule").GetString()!.ShouldContain("UU 15/2004");
        Recommendation(finding).GetProperty("isOverdue").GetBoolean().ShouldBeTrue();
        var path = $"{Api}/findings/{id}/recommendations/1";

        (await Post(officer, $"{path}/proposals", new { state = "settled", on = "2016-06-10" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("evidence");
        (await Post(officer, $"{path}/proposals", new { state = "settled", evidence = "STS-1", on = "2016-06-10" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(officer, $"{path}/decisions", new { state = "settled", document = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(inspector, $"{path}/decisions", new { state = "cannotBeFollowedUp", document = "TL-1", on = "2016-07-01" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await Post(inspector, $"{path}/decisions", new { state = "inProgress", document = "TL-1", reason = "Baru sebagian", on = "2016-07-01" })).Status.ShouldBe(HttpStatusCode.OK);

        var now = Recommendation(await officer.GetFromJsonAsync<JsonElement>($"{Api}/findings/{id}"));
        now.GetProperty("state").GetString().ShouldBe("inProgress");
        now.TryGetProperty("proposed", out _).ShouldBeFalse();
        now.GetProperty("proposals")[0].GetProperty("state").GetString().ShouldBe("settled");
        now.GetProperty("decisions")[0].GetProperty("document").GetString().ShouldBe("TL-1");
        var report = id.Split('.')[0];
        var then = Recommendation((await officer.GetFromJsonAsync<JsonElement>($"{Api}/audit-reports/{report}?asOf=2016-06-15")).GetProperty("findings")[0]);
        (then.GetProperty("state").GetString(), then.GetProperty("proposed").GetString()).ShouldBe(("notFollowedUp", "settled"));
        var counts = await inspector.GetFromJsonAsync<JsonElement>($"{Api}/findings/summary?asOf=2016-06-15&department=DPU");
        (counts.GetProperty("proposed").GetInt32() >= 1, counts.GetProperty("overdue").GetInt32()).ShouldBe((true, 0));
        // Over a period: by the day on which the audit report was received.
        async Task<int> Reports(string query) => (await inspector.GetFromJsonAsync<JsonElement>($"{Api}/findings/summary?{query}")).GetProperty("reports").GetInt32();
        (await Reports("from=2016-05-31&to=2016-06-15") - await Reports("from=2016-06-01&to=2016-06-15")).ShouldBeGreaterThanOrEqualTo(1);
        (await Reports("from=2015-01-01&to=2015-01-02")).ShouldBe(0);
        (await inspector.GetStringAsync($"{Api}/findings/summary?from=2016-05-31&to=2016-06-15&format=csv")).ShouldContain("\r\n2016-06-15,");
        (await inspector.GetStringAsync($"{Api}/findings?department=DPU&format=csv")).ShouldContain($"{id},Kelebihan pembayaran,DPU,1000.5,2016-07-30,1,Setor ke kas daerah,inProgress,,false");
    }

    [Fact]
    public async Task are_entered_once_and_seen_by_those_concerned()
    {
        var id = await Finding("LHP-2", "DISHUB");
        var report = id.Split('.')[0];
        var inspector = await host.SignIn("33.28", "officer.inspektorat");
        object Report(int year) => new { number = "LHP-2", title = "Pemeriksaan contoh", issuer = "bpk", year, issuedOn = "2016-05-20", receivedOn = "2016-05-31" };
        (await Post(inspector, $"{Api}/audit-reports", Report(2015))).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(inspector, $"{Api}/audit-reports", Report(2014))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Post(inspector, $"{Api}/findings/{id}/recommendations/9/decisions", new { state = "settled", document = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);

        foreach (var name in new[] { "officer.dpu", "officer.dishub", "bpkad", "regent", "auditor" })
        {
            (await Post(await host.SignIn("33.28", name), $"{Api}/audit-reports", Report(2015))).Status.ShouldBe(HttpStatusCode.Forbidden, name);
        }

        var dpu = await host.SignIn("33.28", "officer.dpu");
        (await dpu.GetAsync($"{Api}/audit-reports/{report}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dpu.GetAsync($"{Api}/findings/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dpu.GetStringAsync($"{Api}/findings?limit=1000")).ShouldNotContain(id);
        (await Post(dpu, $"{Api}/findings/{id}/recommendations/1/proposals", new { state = "settled", evidence = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var reader in new[] { "officer.dishub", "officer.inspektorat", "bpkad", "regent", "auditor" })
        {
            (await (await host.SignIn("33.28", reader)).GetStringAsync($"{Api}/findings?limit=1000")).ShouldContain(id, customMessage: reader);
        }

        var elsewhere = await host.SignIn("33.76", "officer.inspektorat");
        (await elsewhere.GetAsync($"/api/v1/regencies/33.76/audit-reports/{report}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.GetStringAsync("/api/v1/regencies/33.76/findings")).ShouldNotContain(report);
        (await Post(elsewhere, $"{Api}/findings/{id}/recommendations/1/decisions", new { state = "settled", document = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
