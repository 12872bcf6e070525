using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Reports.Incidents;
using SmartCity.Reports.Proposals;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

public sealed class Proposals_over_time(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    private static async Task<JsonElement> Send(HttpClient client, string path, object body)
    {
        // The platform itself may have changed the report at the same moment.
        for (var again = 0; ; again++)
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            if (answer.StatusCode != HttpStatusCode.Conflict || again == 5)
            {
                return await SmartCityHost.Json(answer);
            }
        }
    }

    [Fact]
    public async Task show_stages_the_answer_its_funding_year_and_how_long_it_took()
    {
        using var filed = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "usulan", description = "Bangun taman bacaan desa", place = new { address = "Slawi" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        await SmartCityHost.Until(async () => (await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/reports/{ticket}")).GetProperty("proposal").TryGetProperty("stage", out _), "its first stage");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        await Send(dispatcher, $"{Api}/reports/{ticket}/stages", new { stage = "district" });
        var year = DateTime.UtcNow.Year + 1;
        await Send(dispatcher, $"{Api}/reports/{ticket}/assignments", new { department = "DPU" });
        await Send(await host.SignIn("33.28", "officer.dpu"), $"{Api}/reports/{ticket}/answers", new { text = "Masuk RKPD", isSettled = false, outcome = new { kind = "needsBudget", fiscalYear = year, source = "apbd", cost = 100_000_000, work = "Taman bacaan desa" } });

        var page = await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/proposals?limit=1000");
        var one = page.GetProperty("proposals").EnumerateArray().Single(p => p.GetProperty("ticket").GetString() == ticket);
        one.GetProperty("stage").GetString().ShouldBe("district");
        one.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("stage").GetString()).ShouldBe(["village", "district"]);
        (one.GetProperty("decision").GetString(), one.GetProperty("fundingYear").GetInt32(), one.GetProperty("daysToAnswer").GetInt32()).ShouldBe(("needsBudget", year, 0));
        (await host.Http.GetStringAsync($"{Api}/proposals?stage=village&limit=1000")).ShouldNotContain(ticket);
        (await host.Http.GetStringAsync($"{Api}/proposals?format=csv")).ShouldContain(ticket);

        var figures = await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/proposals/summary");
        figures.GetProperty("total").GetProperty("answered").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        figures.GetProperty("groups").EnumerateArray().ShouldContain(g => g.GetProperty("stage").GetString() == "district" && g.GetProperty("medianDays").GetDecimal() == 0);
        figures.GetProperty("decisions").EnumerateArray().ShouldContain(d => d.GetProperty("fundingYear").GetInt32() == year);
        figures.GetProperty("months").EnumerateArray().Select(m => m.GetProperty("month").GetInt32()).ShouldBe([1, 2, 3, 4, 6]);
        (await host.Http.GetStringAsync($"{Api}/proposals/summary?format=csv")).ShouldStartWith("year,stage,proposals,answered,overdue,medianDays");

        // Before it was filed there was none; in the other regency there is none.
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/proposals/summary?asOf=2016-10-31")).GetProperty("total").GetProperty("proposals").GetInt32().ShouldBe(0);
        (await host.Http.GetStringAsync($"{Api}/proposals?asOf=2016-10-31")).ShouldNotContain(ticket);
        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/proposals")).ShouldNotContain("taman");
        (await host.Http.GetFromJsonAsync<JsonElement>("/api/v1/regencies/33.76/proposals/summary")).GetProperty("total").GetProperty("proposals").GetInt32().ShouldBe(0);
        foreach (var wrong in new[] { "?asOf=x", "?stage=moon", "?year=x", "?limit=0", "?after=x", "?format=xml", "/summary?from=2026-02-01&to=2026-01-01" })
        {
            (await host.Http.GetAsync($"{Api}/proposals{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        }
    }

    [Fact]
    public async Task hide_what_is_not_public()
    {
        using var filed = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "usulan", description = "Usulan rahasia", isConfidential = true, place = new { address = "Slawi" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;

        (await host.Http.GetStringAsync($"{Api}/proposals?limit=1000")).ShouldNotContain(ticket);
        (await (await host.SignIn("33.76", "dispatcher")).GetStringAsync($"{Api}/proposals?limit=1000")).ShouldNotContain(ticket);
        (await (await host.SignIn("33.28", "dispatcher")).GetStringAsync($"{Api}/proposals?limit=1000")).ShouldContain(ticket);
    }

    [Fact]
    public async Task and_emergencies_are_the_same_when_built_again_from_history()
    {
        using var filed = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "usulan", description = "Bangun jembatan", place = new { address = "Slawi" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var opened = await Send(dispatcher, $"{Api}/incidents", new { title = "Longsor di Bumijawa", tickets = new[] { ticket } });
        await Send(dispatcher, $"{Api}/incidents/{opened.GetProperty("id").GetString()}/log", new { text = "Jalur ditutup", @public = true });
        async Task<string> Digest()
        {
            var all = "";
            foreach (var path in new[] { "proposals?limit=1000", "proposals?format=csv", "proposals/summary", "proposals/summary?asOf=2020-01-01", "incidents?limit=1000", "incidents?format=csv" })
            {
                all += await dispatcher.GetStringAsync($"{Api}/{path}");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
        }

        // The platform itself adds stages in a moment; the figures are compared once nothing moves.
        var before = await SmartCityHost.Until(async () => await Digest() is var one && (await host.Http.GetStringAsync($"{Api}/proposals?limit=1000")).Contains("village") && one == await Digest() ? one : null, "quiet figures");
        var store = host.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession("33_28"))
        {
            session.DeleteWhere<Incident>(i => true);
            session.DeleteWhere<Report>(r => true);
            await session.SaveChangesAsync();
        }

        (await Digest()).ShouldNotBe(before);
        using (var daemon = await store.BuildProjectionDaemonAsync("33_28"))
        {
            await daemon.RebuildProjectionAsync<IncidentProjection>(CancellationToken.None);
            await daemon.RebuildProjectionAsync<ReportProjection>(CancellationToken.None);
        }

        (await Digest()).ShouldBe(before);
    }

    [Theory]
    [InlineData(new int[0], null)]
    [InlineData(new[] { 7 }, 7.0)]
    [InlineData(new[] { 90, 10 }, 50.0)]
    [InlineData(new[] { 3, 1, 200 }, 3.0)]
    [InlineData(new[] { 1, 2, 3, 100 }, 2.5)]
    public void have_a_median(int[] days, double? median) => ProposalCourses.Median(days).ShouldBe((decimal?)median);
}
