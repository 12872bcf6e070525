using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Platform.Regencies;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Scoring;

public sealed class Reading_the_scoreboard(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Board = LadderHost.Here + "/scoreboard";

    private async Task<string> Answered(bool isSettled = true)
    {
        var ticket = await host.Owed();
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"{LadderHost.Here}/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled })).IsSuccessStatusCode, "answered");
        await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<DeadlineMet>().Any(m => m.Step == SmartCity.Accountability.Contracts.Step.Answer), "the answer is counted");
        return ticket;
    }

    private async Task<JsonElement> Score(string query = "") => (await host.Http.GetFromJsonAsync<JsonElement>(Board + query)).GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == "DPU").GetProperty("all");

    [Fact]
    public async Task counts_from_the_history_for_everybody_and_for_a_past_day_too()
    {
        for (var i = 0; i < 4; i++)
        {
            await Answered();
        }

        var four = await Score();
        four.GetProperty("answered").GetInt32().ShouldBe(4);
        four.TryGetProperty("inTimeRate", out _).ShouldBeFalse("four are too few");
        await Answered();
        await host.Owed();
        var before = await Score();
        (before.GetProperty("reports").GetInt32(), before.GetProperty("answered").GetInt32(), before.GetProperty("inTimeRate").GetDouble(), before.GetProperty("overdue").GetInt32()).ShouldBe((6, 5, 1, 0));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Services.GetRequiredService<TimeProvider>().GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta")).DateTime);

        // Weeks later the open one is late; of that day it still is not.
        host.Advance(30);
        var query = $"?from={today:yyyy-MM-dd}&until={today:yyyy-MM-dd}";
        (await Score(query)).GetProperty("overdue").GetInt32().ShouldBe(1);
        (await Score($"{query}&asOf={today:yyyy-MM-dd}")).GetProperty("overdue").GetInt32().ShouldBe(0);

        var whole = await host.Http.GetStringAsync(Board + query);
        foreach (var name in new[] { "Bagas", "Petugas", "Bupati" })
        {
            whole.ShouldNotContain(name, Case.Insensitive, "nobody is named");
        }

        var csv = await host.Http.GetStringAsync($"{Board}{query}&format=csv");
        csv.Split("\r\n")[0].ShouldStartWith("department,class,reports,answered");
        csv.ShouldContain("DPU,complaint,6,5,");
        var all = (await host.Http.GetFromJsonAsync<JsonElement[]>("/api/v1/scoreboards"))!;
        all.Select(r => r.GetProperty("regency").GetString()).ShouldBe(["33.28", "33.76"]);
        all[1].GetProperty("total").GetProperty("reports").GetInt32().ShouldBe(0, "each counts its own");

        // Thrown away and made anew from the history, it is the same.
        var digest = await Digest(query);
        var store = host.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession(RegencyCode.Parse("33.28").TenantId))
        {
            foreach (var id in await session.Query<ReportClock>().Select(c => c.Id).ToListAsync())
            {
                session.Delete<ReportClock>(id);
                session.Store((await session.Events.AggregateStreamAsync<ReportClock>(id))!);
            }

            await session.SaveChangesAsync();
        }

        (await Digest(query)).ShouldBe(digest);
    }

    [Fact]
    public async Task tells_nobody_but_who_may_read_them_how_many_reports_on_officials_there_are()
    {
        using var filed = await host.Integrator().PostAsJsonAsync($"{LadderHost.Here}/reports", new { category = "pungli", description = "Petugas meminta uang", place = new { address = "Slawi" } });
        filed.IsSuccessStatusCode.ShouldBeTrue();
        foreach (var name in new[] { "auditor", "regent", "officer.inspektorat" })
        {
            var caller = await host.SignIn("33.28", name);
            await SmartCityHost.Until(async () => (await caller.GetStringAsync(Board)).Contains("\"oversight\"", StringComparison.Ordinal), $"{name} sees it counted");
        }

        foreach (var caller in new[] { host.Http, await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.76", "auditor") })
        {
            (await caller.GetStringAsync(Board)).ShouldNotContain("oversight");
            (await caller.GetStringAsync($"{Board}?format=csv")).ShouldNotContain("oversight");
        }
    }

    [Fact]
    public async Task counts_hidden_reports_for_those_alone_who_watch_over_the_regency()
    {
        foreach (var isConfidential in new[] { false, true, true })
        {
            using var filed = await host.Integrator().PostAsJsonAsync($"{LadderHost.Here}/reports", new { category = "pju", description = "Lampu jalan mati", place = new { address = "Slawi" }, isConfidential });
            filed.IsSuccessStatusCode.ShouldBeTrue();
        }

        async Task<int> Counted(HttpClient caller) => (await caller.GetFromJsonAsync<JsonElement>(Board)).GetProperty("departments").EnumerateArray()
            .Where(d => d.GetProperty("department").GetString() == "DISHUB").Select(d => d.GetProperty("all").GetProperty("reports").GetInt32()).SingleOrDefault();

        foreach (var name in new[] { "auditor", "regent", "dispatcher", "officer.inspektorat" })
        {
            var caller = await host.SignIn("33.28", name);
            await SmartCityHost.Until(async () => await Counted(caller) == 3, $"{name} sees all three counted");
        }

        foreach (var caller in new[] { host.Http, host.Integrator(), await host.SignIn("33.28", "officer.dishub"), await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.76", "auditor") })
        {
            (await Counted(caller)).ShouldBe(1);
        }

        var side = (await host.Http.GetFromJsonAsync<JsonElement[]>("/api/v1/scoreboards"))!.Single(r => r.GetProperty("regency").GetString() == "33.28").GetProperty("total").GetProperty("reports").GetInt32();
        side.ShouldBe((await host.Http.GetFromJsonAsync<JsonElement>(Board)).GetProperty("total").GetProperty("reports").GetInt32());
    }

    private async Task<string> Digest(string query)
    {
        var board = await host.Http.GetFromJsonAsync<JsonElement>(Board + query);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(board.GetProperty("departments").GetRawText() + board.GetProperty("total").GetRawText())));
    }

    [Theory]
    [InlineData("from=kemarin", "from")]
    [InlineData("from=2026-05-01&until=2026-04-01", "from")]
    [InlineData("from=2020-01-01&until=2026-04-01", "from")]
    [InlineData("from=2026-01-01&until=2026-02-01&asOf=2026-01-15", "asOf")]
    [InlineData("from=2026-01-01&until=2026-02-01&asOf=2099-01-15", "asOf")]
    [InlineData("format=xls", "format")]
    public async Task refuses_a_period_that_makes_no_sense(string query, string field)
    {
        using var answer = await host.Http.GetAsync($"{Board}?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }
}
