using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Planning;
using SmartCity.Departments.Registering;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class Planned_works_over_time(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28", Works = $"{Here}/planned-works";

    private string Today() => host.Services.GetRequiredService<DemoClock>().GetUtcNow().ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task are_told_as_they_stood_on_a_past_day()
    {
        var officer = await host.SignIn("33.28", "officer.dpu");
        var first = Today();
        var work = await SmartCityHost.Json(await officer.PostAsJsonAsync(Works, new { name = "Jalan Lama", department = "DPU", districts = new[] { "33.28.10" }, fiscalYear = 2031, cost = 1_000_000, source = "apbd" }));
        var id = work.GetProperty("id").GetString()!;
        var (asking, hidden) = (await host.FileReport(), await host.FileReport(description: "Jalan berlubang di depan pasar lama"));
        foreach (var ticket in new[] { asking, hidden })
        {
            await host.Reaches(ticket, "assigned");
            await SmartCityHost.Until(async () => (await officer.PutAsync($"{Works}/{id}/reports/{ticket}", null)).IsSuccessStatusCode, "the report asks for it");
        }

        host.Services.GetRequiredService<DemoClock>().Advance(TimeSpan.FromDays(3));
        officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PatchAsJsonAsync($"{Works}/{id}", new { fiscalYear = 2032, cost = 3_000_000, reason = "Biaya naik" })).EnsureSuccessStatusCode();
        // One asks no more, and one is not public any more: of the past it is not counted either.
        await SmartCityHost.Until(async () => (await officer.DeleteAsync($"{Works}/{id}/reports/{asking}")).IsSuccessStatusCode, "it asks no more");
        await SmartCityHost.Until(async () => (await (await host.SignIn("33.28", "dispatcher")).PostAsJsonAsync($"{Here}/reports/{hidden}/protections", new { isConfidential = true })).IsSuccessStatusCode, "it is hidden");
        var operators = host.Browser();
        (await operators.PostAsJsonAsync("/api/v1/operators/session", new { name = "operator", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
        (await operators.PutAsJsonAsync($"{Here}/departments/BARU-SEKALI", new { name = "Baru", englishName = "New", kind = "regency" })).EnsureSuccessStatusCode();

        var then = (await host.Http.GetFromJsonAsync<JsonElement>($"{Works}?asOf={first}&fiscalYear=2031")).GetProperty("works")[0];
        (then.GetProperty("id").GetString(), then.GetProperty("terms").GetProperty("cost").GetDecimal(), then.GetProperty("version").GetInt64()).ShouldBe((id, 1_000_000m, 1));
        then.GetProperty("reports").GetInt32().ShouldBe(1);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Works}/{id}")).GetProperty("reports").GetInt32().ShouldBe(0);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Works}?asOf={Today()}&fiscalYear=2031")).GetProperty("works").GetArrayLength().ShouldBe(0);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Works}?asOf=2020-01-01")).GetProperty("works").GetArrayLength().ShouldBe(0);
        var total = (await host.Http.GetFromJsonAsync<JsonElement>($"{Works}/by-district?asOf={first}&fiscalYear=2031")).GetProperty("districts")[0];
        (total.GetProperty("district").GetString(), total.GetProperty("works").GetInt32(), total.GetProperty("cost").GetDecimal()).ShouldBe(("33.28.10", 1, 1_000_000m));
        (await host.Http.GetStringAsync($"{Works}/by-district?asOf={first}&format=csv&fiscalYear=2031")).ShouldBe("district,year,works,cost,done,reports\r\n33.28.10,2031,1,1000000,0,1\r\nall,2031,1,1000000,0,1\r\n");
        (await host.Http.GetStringAsync($"{Works}?format=csv&fiscalYear=2032")).ShouldContain($"{id},Jalan Lama,DPU,33.28.10,2032,apbd,3000000,planned,");
        // Another regency knows nothing of it on any day.
        (await host.Http.GetStringAsync($"/api/v1/regencies/33.76/planned-works?asOf={Today()}")).ShouldNotContain(id);
        (await host.Http.GetStringAsync($"{Here}/departments?asOf={first}")).ShouldNotContain("BARU-SEKALI");
        (await host.Http.GetStringAsync($"{Here}/departments?asOf={Today()}")).ShouldContain("BARU-SEKALI");

        // Thrown away and built again from the events, everything is the same.
        async Task<string> All() => string.Concat(await Task.WhenAll(new[] { $"{Works}?limit=1000", $"{Works}?asOf={first}", $"{Works}/by-district", $"{Works}/by-district?asOf={first}", $"{Here}/departments?asOf={first}", $"{Here}/departments?asOf={Today()}" }
            .Select(host.Http.GetStringAsync)));
        var before = await All();
        var store = host.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession("33_28"))
        {
            session.DeleteWhere<PlannedWorkRecord>(w => true);
            session.DeleteWhere<DepartmentRecord>(d => true);
            await session.SaveChangesAsync();
        }

        (await All()).ShouldNotBe(before);
        using (var daemon = await store.BuildProjectionDaemonAsync("33_28"))
        {
            await daemon.RebuildProjectionAsync<PlannedWorkProjection>(CancellationToken.None);
            await daemon.RebuildProjectionAsync<DepartmentProjection>(CancellationToken.None);
        }

        (await All()).ShouldBe(before);
    }
}
