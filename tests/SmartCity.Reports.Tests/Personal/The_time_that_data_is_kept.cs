using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Retaining;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Personal;

/// <summary>Its own host: it moves the clock.</summary>
public sealed class The_time_that_data_is_kept(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    private async Task<string> Settled(string description, string category = "jalan-rusak")
    {
        using var filed = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category, description, place = new { address = "Slawi" }, reporter = new { email = $"{category}@example.org" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        var department = (await host.Reaches(ticket, "assigned")).GetProperty("department").GetString()!;
        var officer = await host.SignIn("33.28", department == "DPU" ? "officer.dpu" : "officer.dishub");
        (await officer.PostAsJsonAsync($"{Api}/reports/{ticket}/answers", new { text = $"Jawaban {description}", isSettled = true })).EnsureSuccessStatusCode();
        return ticket;
    }

    private static async Task<string[]> Due(HttpClient officer, string query = "") =>
        [.. (await SmartCityHost.Json(await officer.GetAsync($"{Api}/retention/due{query}"))).EnumerateArray().Select(d => d.GetProperty("stream").GetString()!)];

    private async Task<string> Description(string ticket) => (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{ticket}"))).GetProperty("description").GetString()!;

    private async Task Advance(int days)
    {
        var clock = await host.SignIn("33.28", "operator");
        (await clock.PostAsJsonAsync("/api/v1/demo/clock", new { hours = days * 24 })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task is_over_when_the_class_of_the_report_says_so()
    {
        var officer = await host.SignIn("33.28", "pdp");
        (await officer.PutAsJsonAsync($"{Api}/retention", new { days = new { complaint = 200, information = 40, message = 40 } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.As_category("parkir-terminal", "information");
        var (complaint, question) = (await Settled("Aduan lama"), await Settled("Pertanyaan lama", "parkir-terminal"));
        var open = await host.FileReport(description: "Masih terbuka");
        await host.Reaches(open, "assigned");

        (await Due(officer)).ShouldBeEmpty();
        var later = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(41).ToString("O"));
        (await Due(officer, $"?on={later}")).ShouldBe([question]);
        (await Description(question)).ShouldBe("Pertanyaan lama");

        await Advance(41);
        await SmartCityHost.Until(async () => await Description(question) == PersonalReader.Erased, "the question is forgotten");
        (await Description(complaint)).ShouldBe("Aduan lama");
        (await Description(open)).ShouldBe("Masih terbuka");

        await Advance(165);
        await SmartCityHost.Until(async () => await Description(complaint) == PersonalReader.Erased, "the complaint is forgotten");
        (await Description(open)).ShouldBe("Masih terbuka");
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{complaint}"));
        report.GetProperty("erased").GetProperty("ground").GetString().ShouldBe("retention");
        var history = await (await host.SignIn("33.28", "auditor")).GetStringAsync($"{Api}/reports/{complaint}/history");
        history.ShouldContain("person.erased.v1");
        history.ShouldContain("system:retention");
        // The clock moved past the session's end.
        (await Due(await host.SignIn("33.28", "pdp"))).ShouldBeEmpty();

        // What was settled after the clock moved is not due, and a run happens once a day however many hosts try.
        var fresh = await Settled("Aduan baru");
        var regency = (await host.Services.GetRequiredService<RegencyRegistry>().Find(RegencyCode.Parse("33.28")))!;
        var runs = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<RunRetention>(host.Services)).ToArray();
        await Task.WhenAll(runs.Select(run => run.RunOnceADay(regency, default)));
        (await Description(fresh)).ShouldBe("Aduan baru");
    }

    [Fact]
    public async Task is_read_by_everybody_and_decided_by_few()
    {
        var periods = await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.76/retention"));
        periods.GetProperty("days").EnumerateObject().Select(d => (d.Name, d.Value.GetInt32())).ShouldBe(
            [("complaint", 730), ("oversight", 1825), ("aspiration", 365), ("information", 365), ("proposal", 730), ("message", 180)], ignoreOrder: true);

        var city = await host.SignIn("33.76", "regent");
        (await city.PutAsJsonAsync("/api/v1/regencies/33.76/retention", new { days = new { oversight = 3650 } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.76/retention"))).GetProperty("days").GetProperty("oversight").GetInt32().ShouldBe(3650);
        (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.76/retention"))).GetProperty("days").GetProperty("complaint").GetInt32().ShouldBe(730);
        (await city.PutAsJsonAsync($"{Api}/retention", new { days = new { oversight = 3650 } })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("""{"days":{"complaint":29}}""", "days.complaint"), InlineData("""{"days":{"complaint":null}}""", "days.complaint"), InlineData("""{"days":{"everything":100}}""", "days.everything"), InlineData("{}", "days")]
    public async Task is_refused_when_it_makes_no_sense(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await (await host.SignIn("33.76", "pdp")).PutAsync("/api/v1/regencies/33.76/retention", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }
}

internal static class Categories
{
    /// <summary>Puts a category under another class.</summary>
    public static async Task As_category(this SmartCityHost host, string code, string @class)
    {
        var category = (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/categories"))).EnumerateArray().Single(c => c.GetProperty("code").GetString() == code);
        var body = new Dictionary<string, object?>(category.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, (object?)m.Value))) { ["class"] = @class };
        (await (await host.SignIn("33.28", "operator")).PutAsJsonAsync($"/api/v1/regencies/33.28/categories/{code}", body)).EnsureSuccessStatusCode();
    }
}
