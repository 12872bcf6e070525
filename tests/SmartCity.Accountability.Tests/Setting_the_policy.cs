using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Policies;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Departments.Contracts;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

public class A_deadline_policy
{
    private static readonly DeadlineTerms
        Old = new(ReportClass.Complaint, null, new(2026, 1, 1), 1, 2, 5, 10, "Perbup 1"), New = Old with { From = new(2026, 7, 1), Settle = 8, Rule = "Perbup 2" },
        Roads = new(null, "jalan-rusak", new(2026, 3, 1), 1, 1, 2, 5, "Perbup jalan");

    private static readonly DeadlinePolicy Policy = new([New, Old, Roads], new LadderTerms());

    [Fact]
    public void applies_from_its_day_and_old_reports_keep_theirs()
    {
        Policy.For(ReportClass.Complaint, null, new(2025, 12, 31)).ShouldBeNull();
        Policy.For(ReportClass.Complaint, null, new(2026, 6, 30)).ShouldBe(Old);
        Policy.For(ReportClass.Complaint, null, new(2026, 7, 1)).ShouldBe(New);
        Policy.For(ReportClass.Information, null, new(2026, 7, 1)).ShouldBeNull();
    }

    [Fact]
    public void of_a_category_comes_before_that_of_its_class()
    {
        Policy.For(ReportClass.Complaint, "jalan-rusak", new(2026, 2, 28)).ShouldBe(Old);
        Policy.For(ReportClass.Complaint, "jalan-rusak", new(2026, 8, 1)).ShouldBe(Roads);
    }

    [Fact]
    public void of_several_from_one_day_is_the_one_that_was_set_last()
    {
        var corrected = Old with { Settle = 9 };

        new DeadlinePolicy([Old, corrected], new LadderTerms()).For(ReportClass.Complaint, null, new(2026, 2, 1)).ShouldBe(corrected);
    }
}

public sealed class Setting_the_policy(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Path = LadderHost.Here + "/deadline-policy";

    private static string Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta")).DateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task changes_new_reports_and_leaves_old_ones()
    {
        var old = await host.Owed();
        var regent = await host.SignIn("33.28", "regent");
        object Terms(string from, int settle = 4) => new { category = "jalan-rusak", from, verify = 1, answer = 2, settle, rule = "Perbup Tegal 12/2026" };

        (await regent.PostAsJsonAsync(Path, Terms("2020-01-01"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "the past stays as it was");
        (await regent.PostAsJsonAsync(Path, Terms(Today, settle: 1))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "settled is not before answered");
        (await (await host.SignIn("33.28", "dispatcher")).PostAsJsonAsync(Path, Terms(Today))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).PostAsJsonAsync(Path, Terms(Today))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await regent.PostAsJsonAsync(Path, Terms(Today))).EnsureSuccessStatusCode();

        var later = await host.Owed();
        DeadlinesSet Of(object[] clock) => clock.OfType<DeadlinesSet>().Single();
        Of(await host.Clock(old)).Deadlines.Select(d => d.WorkingDays).ShouldBe([1, 3, 8, 14]);
        var set = Of(await host.Clock(later));
        set.Deadlines.Select(d => d.WorkingDays).ShouldBe([1, 1, 2, 4]);
        set.Deadlines.ShouldAllBe(d => d.Rule.StartsWith("Perbup Tegal 12/2026", StringComparison.Ordinal));
        var policy = await host.Http.GetFromJsonAsync<JsonElement>(Path);
        policy.GetProperty("history").GetArrayLength().ShouldBe(1);
        policy.GetProperty("today").EnumerateArray().ShouldContain(t => t.GetProperty("settle").GetInt32() == 4);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.There}/deadline-policy")).GetProperty("history").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task counts_an_acknowledgement_as_soon_as_it_left()
    {
        var ticket = await host.FileReport(category: "lampu-lalin", description: "bangjo mati");

        await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<DeadlineMet>().Any(m => m is { Step: Step.Acknowledge, IsLate: false }), "acknowledged");
    }

    [Fact]
    public async Task loads_a_year_of_holidays_and_closures_of_the_place()
    {
        var caller = host.Browser();
        (await caller.PostAsJsonAsync("/api/v1/operators/session", new { name = "operator", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
        Task<HttpResponseMessage> Load(string csv, string query = "?source=SKB%202030") => caller.PutAsync($"{LadderHost.Here}/calendar/2030{query}", new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv")));

        (await Load("tanggal,nama\n2030-01-01,Tahun Baru\n2030-13-01,x\n2031-01-01,y\n")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Load("2030-01-01,Tahun Baru", "?source=SKB&dryRun=true")).EnsureSuccessStatusCode();
        (await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/calendar/2030")).GetProperty("isKnown").GetBoolean().ShouldBeFalse();
        (await Load("tanggal,nama\n2030-01-01,Tahun Baru\n2030-08-17,Kemerdekaan\n")).EnsureSuccessStatusCode();
        (await caller.PutAsJsonAsync($"{LadderHost.Here}/calendar/closures/2030-02-04", new { reason = "Banjir" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var year = await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/calendar/2030");
        year.GetProperty("holidays").EnumerateArray().Select(d => d.GetString()).ShouldBe(["2030-01-01", "2030-08-17"]);
        year.GetProperty("closures")[0].GetProperty("reason").GetString().ShouldBe("Banjir");
        (await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.There}/calendar/2030")).GetProperty("closures").GetArrayLength().ShouldBe(0);
        (await caller.DeleteAsync($"{LadderHost.Here}/calendar/closures/2030-02-04")).EnsureSuccessStatusCode();
        (await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/calendar/2030")).GetProperty("closures").GetArrayLength().ShouldBe(0);
        (await (await host.SignIn("33.28", "dispatcher")).PutAsJsonAsync($"{LadderHost.Here}/calendar/closures/2030-02-04", new { reason = "x" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
