using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Cases;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Findings;
using SmartCity.Accountability.Repayments;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

public sealed class Figures_over_time(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = LadderHost.Here;

    private string Today() => host.Services.GetRequiredService<DemoClock>().GetUtcNow().ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<JsonElement> Read(string name, string path) => await SmartCityHost.Json(await (await host.SignIn("33.28", name)).GetAsync($"{Here}/{path}"));

    private async Task<string[]> OnLadder(string name, string query) =>
        [.. (await Read(name, $"ladder{query}")).GetProperty("reports").EnumerateArray().Select(r => $"{r.GetProperty("ticket").GetString()} {r.GetProperty("rung").GetString()}")];

    [Fact]
    public async Task are_read_from_history_for_any_day_and_period_and_are_the_same_when_the_read_models_are_built_again()
    {
        var filedOn = Today();
        var (road, conduct) = (await host.Owed(), await host.Owed("pungli", "diminta uang"));
        host.Advance(7);
        await host.Climbs(road, "head");
        await host.Climbs(conduct, "head");
        var atHead = Today();
        host.Advance(7);
        await host.Climbs(road, "secretary");
        // A report on the conduct of officials goes from the head of the Inspectorate to the regent, and brings a case.
        await SmartCityHost.Until(async () => (await Read("regent", "accountability-cases")).GetArrayLength() == 1, "the case of the other");
        var atSecretary = Today();
        var opened = await SmartCityHost.Json(await (await host.SignIn("33.28", "sekda")).PostAsJsonAsync($"{Here}/accountability-cases", new { department = "DPU", reports = new[] { road }, reason = "Sudah diingatkan." }));
        var id = opened.GetProperty("id").GetString()!;
        (await (await host.SignIn("33.28", "head.dpu")).PostAsJsonAsync($"{Here}/accountability-cases/{id}/statements", new { text = "Alat rusak." })).EnsureSuccessStatusCode();
        host.Advance(2);
        var decidedOn = Today();
        (await (await host.SignIn("33.28", "regent")).PostAsJsonAsync($"{Here}/accountability-cases/{id}/decisions", new { outcome = "reminder", reason = "Sewa alat." })).EnsureSuccessStatusCode();
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"{Here}/reports/{road}/answers", new { text = "Sudah ditambal.", isSettled = true })).IsSuccessStatusCode, "settled");
        await SmartCityHost.Until(async () => await host.OnLadder("regent", road) is null, "off the ladder");

        // The ladder: as it stood, whoever has it now; each only what is theirs, also in the past.
        (await OnLadder("regent", $"?asOf={filedOn}")).ShouldBeEmpty();
        (await OnLadder("regent", $"?asOf={atHead}")).ShouldBe([$"{road} head", $"{conduct} head"], ignoreOrder: true);
        (await OnLadder("head.dpu", $"?asOf={atHead}&office=head-DPU")).ShouldBe([$"{road} head"]);
        (await OnLadder("regent", $"?asOf={atSecretary}")).ShouldContain($"{road} secretary");
        (await OnLadder("sekda", $"?asOf={atHead}")).ShouldBe([$"{road} head"], "the conduct of officials is not the secretary's to see");
        (await OnLadder("officer.dishub", $"?asOf={atHead}")).ShouldBeEmpty();
        (await (await host.SignIn("33.28", "regent")).GetStringAsync($"{Here}/ladder?asOf={atHead}&format=csv")).ShouldContain($"{road},complaint,DPU,head,head-DPU,");

        // What happened on it in a period.
        var period = await Read("regent", $"ladder/summary?from={filedOn}&to={atHead}");
        (period.GetProperty("total").GetProperty("toHead").GetInt32(), period.GetProperty("total").GetProperty("toSecretary").GetInt32()).ShouldBe((2, 0));
        var dpu = (await Read("sekda", $"ladder/summary?from={filedOn}&to={atSecretary}")).GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == "DPU");
        (dpu.GetProperty("toHead").GetInt32(), dpu.GetProperty("toSecretary").GetInt32(), dpu.GetProperty("reports").GetInt32()).ShouldBe((1, 1, 1));
        (await Read("sekda", "ladder/summary")).GetRawText().ShouldNotContain("INSPEKTORAT");
        (await (await host.SignIn("33.28", "regent")).GetStringAsync($"{Here}/ladder/summary?format=csv")).ShouldStartWith("department,warned,missed,silent,toHead,toSecretary,toRegent,reports\r\nDPU,");

        // Cases: as they stood, for those who may see them; by the day of opening.
        async Task<JsonElement[]> OfDpu(string name, string query) =>
            [.. (await Read(name, $"accountability-cases{query}")).EnumerateArray().Where(c => c.GetProperty("department").GetString() == "DPU")];
        (await OfDpu("regent", $"?asOf={atHead}")).ShouldBeEmpty();
        var then = (await OfDpu("regent", $"?asOf={atSecretary}"))[0];
        (then.GetProperty("state").GetString(), then.TryGetProperty("outcome", out _), then.GetProperty("allowed").GetArrayLength()).ShouldBe(("stated", false, 0));
        (await OfDpu("regent", $"?asOf={decidedOn}"))[0].GetProperty("outcome").GetString().ShouldBe("reminder");
        (await OfDpu("regent", $"?from={atHead}&to={atSecretary}")).Length.ShouldBe(1);
        (await OfDpu("regent", $"?from={decidedOn}")).ShouldBeEmpty("it was opened before");
        (await OfDpu("officer.dishub", $"?asOf={atSecretary}"))[0].TryGetProperty("statement", out _).ShouldBeFalse("what was said is not for everybody");
        var counts = (await Read("regent", $"accountability-cases/summary?asOf={atSecretary}")).EnumerateArray().Single(c => c.GetProperty("department").GetString() == "DPU");
        (counts.GetProperty("opened").GetInt32(), counts.GetProperty("undecided").GetInt32()).ShouldBe((1, 1));
        var auditor = await host.SignIn("33.28", "auditor");
        (await auditor.GetStringAsync($"{Here}/accountability-cases/summary?format=csv")).ShouldStartWith("department,opened,undecided,explained,reminder,writtenWarning,referred,closed\r\nDPU,1,0,0,1,0,0,0\r\n");
        (await auditor.GetStringAsync($"{Here}/accountability-cases?format=csv")).ShouldContain($"{id},DPU,head-DPU-");

        // What was owed on a day, each only what is theirs.
        async Task<string[]> Owing(string name, string query) => [.. (await Read(name, $"deadlines?limit=1000&{query}")).EnumerateArray().Select(d => d.GetProperty("ticket").GetString()!)];
        (await Owing("regent", $"asOf={filedOn}")).ShouldBe([road, conduct], ignoreOrder: true);
        (await Owing("regent", $"asOf={filedOn}&overdue=true")).ShouldBeEmpty();
        (await Owing("regent", $"asOf={atSecretary}&overdue=true&department=DPU")).ShouldBe([road]);
        (await Owing("dispatcher", $"asOf={atHead}")).ShouldBe([road], "the conduct of officials is not the dispatcher's to see");
        (await Owing("officer.dishub", $"asOf={atHead}")).ShouldBeEmpty();
        (await Owing("regent", $"asOf={Today()}")).ShouldNotContain(road, "it is settled by now");

        // The pages say the same, and nothing can be done there.
        async Task<string> Page(string name, string path) => WebUtility.HtmlDecode(await (await host.SignIn("33.28", name)).GetStringAsync($"/33.28/meja/{path}"));
        var ladderThen = await Page("head.dpu", $"tangga?tanggal={atHead}");
        ladderThen.ShouldContain(road);
        ladderThen.ShouldContain($"ladder?format=csv&asOf={atHead}");
        ladderThen.ShouldNotContain("/perpanjang");
        (await Page("regent", "tangga")).ShouldNotContain(road);
        (await Page("regent", $"perkara?tanggal={atHead}")).ShouldNotContain(id);
        var casesThen = await Page("regent", $"perkara?tanggal={atSecretary}");
        casesThen.ShouldContain(id);
        casesThen.ShouldContain("menunggu putusan");
        casesThen.ShouldNotContain($"perkara/{id}/");
        (await Page("regent", "tangga?tanggal=kemarin")).ShouldContain("Tanggal tidak terbaca");

        // Departments, as they stood.
        (await Read("operator", $"departments?asOf={filedOn}")).GetArrayLength().ShouldBe((await Read("operator", "departments")).GetArrayLength());
        (await Read("operator", "departments?asOf=2020-01-01")).GetArrayLength().ShouldBe(0);

        // Every number, thrown away with what it is read from and built again from the events.
        string[] paths =
        [
            .. new[] { "", $"asOf={atHead}", $"asOf={atSecretary}" }.SelectMany(q => new[] { $"ladder?{q}", $"ladder?format=csv&{q}", $"accountability-cases?{q}", $"accountability-cases/summary?{q}", $"departments?{q}" }),
            $"ladder/summary?from={filedOn}&to={atSecretary}", $"accountability-cases?from={filedOn}&to={decidedOn}", $"deadlines?limit=1000", $"deadlines?limit=1000&asOf={atHead}",
            $"repayments/summary?asOf={decidedOn}", $"findings/summary?from=2016-01-01&to={decidedOn}", $"findings/summary?asOf={atHead}&format=csv",
        ];
        async Task<string> Digest()
        {
            var reader = await host.SignIn("33.28", "auditor");
            var all = new StringBuilder();
            foreach (var path in paths)
            {
                all.Append(await reader.GetStringAsync($"{Here}/{path}"));
            }

            foreach (var asOf in new[] { decidedOn, Today() })
            {
                var board = await reader.GetFromJsonAsync<JsonElement>($"{Here}/scoreboard?from={filedOn}&to={decidedOn}&asOf={asOf}");
                all.Append(board.GetProperty("departments").GetRawText()).Append(board.GetProperty("total").GetRawText());
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
        }

        var before = await SmartCityHost.Until(async () => await Digest() is var one && one == await Digest() ? one : null, "quiet figures");
        var store = host.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession("33_28"))
        {
            session.DeleteWhere<ReportClock>(c => true);
            session.DeleteWhere<Accountability.Cases.Case>(c => true);
            session.DeleteWhere<ObligationRecord>(o => true);
            session.DeleteWhere<AuditReportRecord>(r => true);
            await session.SaveChangesAsync();
        }

        (await Digest()).ShouldNotBe(before);
        using (var daemon = await store.BuildProjectionDaemonAsync("33_28"))
        {
            await daemon.RebuildProjectionAsync<ReportClockProjection>(CancellationToken.None);
            await daemon.RebuildProjectionAsync<CaseProjection>(CancellationToken.None);
            await daemon.RebuildProjectionAsync<ObligationProjection>(CancellationToken.None);
            await daemon.RebuildProjectionAsync<AuditReportProjection>(CancellationToken.None);
        }

        (await Digest()).ShouldBe(before);
    }

    [Theory]
    [InlineData("ladder?asOf=kemarin", "asOf")]
    [InlineData("ladder?from=2026-01-01", "from")]
    [InlineData("ladder/summary?from=2026-05-01&to=2026-04-01", "from")]
    [InlineData("accountability-cases?from=2026-05-01&asOf=2026-04-01", "from")]
    [InlineData("accountability-cases/summary?format=xls", "format")]
    [InlineData("departments?asOf=0001-01-01", "asOf")]
    [InlineData("planned-works?asOf=31-12-2026", "asOf")]
    [InlineData("deadlines?asOf=kemarin", "asOf")]
    [InlineData("deadlines?from=2026-01-01", "from")]
    [InlineData("unanswered?asOf=kemarin", "asOf")]
    [InlineData("unanswered?from=2026-01-01", "from")]
    [InlineData("scoreboard?to=kemarin", "to")]
    [InlineData("scoreboard?to=2026-04-01&until=2026-04-01", "to")]
    [InlineData("planned-works/by-district?from=2026-01-01", "from")]
    public async Task refuse_days_that_make_no_sense(string path, string field)
    {
        using var refused = await (await host.SignIn("33.28", "regent")).GetAsync($"{Here}/{path}");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory]
    [InlineData("ladder?asOf=2026-01-01")]
    [InlineData("ladder/summary")]
    [InlineData("accountability-cases?asOf=2026-01-01")]
    [InlineData("deadlines?asOf=2026-01-01")]
    [InlineData("unanswered?asOf=2026-01-01")]
    [InlineData("accountability-cases/summary")]
    public async Task are_for_those_who_may_read_them_today(string path)
    {
        (await host.Http.GetAsync($"{Here}/{path}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().GetAsync($"{Here}/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync($"{Here}/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
