using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Time;
using SmartCity.Reports.Closing;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Life;

public sealed class A_report_nobody_objects_to(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28";

    [Fact]
    public async Task closes_by_itself_once_after_the_days_of_the_policy()
    {
        var (settled, answered, waiting) = (await host.FileReport(), await host.FileReport(), await host.FileReport());
        foreach (var ticket in new[] { settled, answered, waiting })
        {
            await host.Reaches(ticket, "assigned");
        }

        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{Here}/reports/{settled}/answers", new { text = "Beres.", isSettled = true })).EnsureSuccessStatusCode();
        (await officer.PostAsJsonAsync($"{Here}/reports/{answered}/answers", new { text = "Bulan depan.", isSettled = false })).EnsureSuccessStatusCode();
        (await officer.PostAsJsonAsync($"{Here}/reports/{waiting}/questions", new { question = "Di mana?" })).EnsureSuccessStatusCode();
        var clock = host.Services.GetRequiredService<DemoClock>();
        var close = host.Services.GetRequiredService<CloseByItself>();

        clock.Advance(TimeSpan.FromDays(9));
        (await close.Sweep("33.28", default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromDays(2));
        // Several hosts at once, beside the job itself.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => close.Sweep("33.28", default)));

        (await host.Reaches(settled, "closed")).GetProperty("timeline").EnumerateArray().Count(e => e.GetProperty("what").GetString() == "closed").ShouldBe(1);
        (await host.Reaches(answered, "answered")).TryGetProperty("closesAt", out _).ShouldBeFalse();
        await host.Reaches(waiting, "waitingForReporter");
        clock.Advance(TimeSpan.FromDays(20));
        (await host.Reaches(waiting, "closed")).GetProperty("timeline").EnumerateArray().Single(e => e.GetProperty("what").GetString() == "closed").GetProperty("detail").GetString().ShouldBe("silence");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?regency=33.28&ticket={settled}"))).EnumerateArray()
            .Count(m => m.GetProperty("kind").GetString() == "closing") == 1, "one message");
        var auditor = await host.SignIn("33.28", "auditor");
        var history = await auditor.GetFromJsonAsync<JsonElement[]>($"{Here}/reports/{settled}/history");
        history!.Select(e => e.GetProperty("type").GetString()).ShouldBe(["report.filed.v1", "report.assigned.v1", "report.answered.v1", "report.closed.v1"]);
        history![3].GetProperty("actor").GetString().ShouldBe("system:closing");
    }
}
