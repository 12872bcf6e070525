using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

public sealed class A_report(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    [Fact]
    public async Task goes_to_the_department_of_its_category_and_is_answered_by_an_officer_there()
    {
        var ticket = await host.FileReport();
        await Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");

        using var answer = await officer.PostAsJsonAsync($"{Reports}/{ticket}/answers", new { text = "Sudah kami tambal.", isSettled = true });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = await host.Http.GetFromJsonAsync<JsonElement>($"{Reports}/{ticket}");
        report.GetProperty("state").GetString().ShouldBe("settled");
        report.GetProperty("timeline").EnumerateArray().Select(e => e.GetProperty("what").GetString()).ShouldBe(["filed", "placed", "assigned", "answered"]);
        report.GetProperty("timeline")[3].GetProperty("text").GetString().ShouldBe("Sudah kami tambal.");
    }

    [Fact]
    public async Task that_nobody_answers_for_waits_for_the_dispatcher_who_sends_it_on()
    {
        using var filed = await host.Integrator().PostAsJsonAsync(Reports, new { description = "xyzzy", place = new { address = "entah di mana" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        await Reaches(ticket, "queued");
        var dispatcher = await host.SignIn("33.28", "dispatcher");

        (await dispatcher.PostAsJsonAsync($"{Reports}/{ticket}/assignments", new { department = "NOPE" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await dispatcher.PostAsJsonAsync($"{Reports}/{ticket}/assignments", new { department = "DPU", note = "tolong" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Reaches(ticket, "assigned")).GetProperty("department").GetString().ShouldBe("DPU");
    }

    [Fact]
    public async Task is_not_answered_by_anybody_else()
    {
        var ticket = await host.FileReport();
        await Reaches(ticket, "assigned");
        var body = new { text = "Beres", isSettled = true };
        async Task<HttpStatusCode> By(HttpClient client) => (await client.PostAsJsonAsync($"{Reports}/{ticket}/answers", body)).StatusCode;

        (await By(host.Http)).ShouldBe(HttpStatusCode.Unauthorized);
        (await By(host.Integrator())).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.28", "officer.dishub"))).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.28", "auditor"))).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.28", "dispatcher"))).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.76", "dispatcher"))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task of_one_regency_does_not_exist_in_another()
    {
        var ticket = await host.FileReport(description: "Hanya di kabupaten");
        await host.FileReport("33.76", category: null, description: "Hanya di kota");

        // Both count from 1, so the city may have a report of the same number; it is another one.
        (await (await host.Http.GetAsync($"/api/v1/regencies/33.76/reports/{ticket}")).Content.ReadAsStringAsync()).ShouldNotContain("Hanya di kabupaten");
        var city = await host.Http.GetStringAsync("/api/v1/regencies/33.76/reports?limit=1000");
        city.ShouldContain("Hanya di kota");
        city.ShouldNotContain("Hanya di kabupaten");
    }

    [Fact]
    public async Task changed_by_two_people_at_once_takes_one_change_and_tells_the_other()
    {
        var ticket = await host.FileReport();
        var version = (await Reaches(ticket, "assigned")).GetProperty("version").GetInt64();
        var officer = await host.SignIn("33.28", "officer.dpu");
        async Task<HttpStatusCode> Answer(string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Reports}/{ticket}/answers")
            {
                Content = JsonContent.Create(new { text, isSettled = false }),
                Headers = { { "If-Match", $"\"{version}\"" } },
            };
            return (await officer.SendAsync(request)).StatusCode;
        }

        var answers = await Task.WhenAll(Answer("satu"), Answer("dua"));

        answers.Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task on_an_officials_conduct_is_seen_by_the_inspectorate_and_the_regent_only()
    {
        var ticket = await host.FileReport(category: "disiplin-asn", description: "PNS belanja di mall jam 10 pagi");
        async Task<HttpStatusCode> By(HttpClient client) => (await client.GetAsync($"{Reports}/{ticket}")).StatusCode;
        var inspector = await host.SignIn("33.28", "officer.inspektorat");
        await SmartCityHost.Until(async () => await By(inspector) == HttpStatusCode.OK, "the report at the Inspectorate");

        (await By(await host.SignIn("33.28", "regent"))).ShouldBe(HttpStatusCode.OK);
        foreach (var other in new[] { host.Http, host.Integrator(), await host.SignIn("33.28", "officer.dpu"), await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.76", "regent") })
        {
            (await By(other)).ShouldBe(HttpStatusCode.NotFound);
            (await other.GetStringAsync($"{Reports}?limit=1000")).ShouldNotContain(ticket);
        }
    }

    [Fact]
    public async Task is_shown_to_an_auditor_as_it_was()
    {
        var ticket = await host.FileReport();
        var assigned = await Reaches(ticket, "assigned");
        var filedAt = assigned.GetProperty("filedAt").GetDateTimeOffset();
        var auditor = await host.SignIn("33.28", "auditor");
        Task<HttpResponseMessage> AsOf(HttpClient client, DateTimeOffset instant) => client.GetAsync($"{Reports}/{ticket}?asOf={Uri.EscapeDataString(instant.ToString("O"))}");

        (await SmartCityHost.Json(await AsOf(auditor, filedAt))).GetProperty("state").GetString().ShouldBe("filed");
        (await SmartCityHost.Json(await AsOf(auditor, assigned.GetProperty("updatedAt").GetDateTimeOffset()))).GetProperty("state").GetString().ShouldBe("assigned");
        (await AsOf(auditor, filedAt.AddSeconds(-1))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await AsOf(host.Http, filedAt)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await AsOf(await host.SignIn("33.28", "regent"), filedAt)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AsOf(await host.SignIn("33.76", "auditor"), filedAt)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await auditor.GetAsync($"{Reports}/{ticket}?asOf=kemarin")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task is_listed_newest_first_and_page_by_page()
    {
        var category = "drainase";
        var tickets = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            tickets.Add(await host.FileReport(category: category, description: $"Selokan {i}"));
        }

        await SmartCityHost.Until(async () => (await host.Http.GetFromJsonAsync<JsonElement>($"{Reports}?category={category}&limit=5")).GetProperty("reports").GetArrayLength() == 5, "the list, which may lag");
        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await host.Http.GetFromJsonAsync<JsonElement>($"{Reports}?category={category}&limit=2{(next == "" ? "" : $"&after={next}")}");
            seen.AddRange(page.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }

        tickets.Reverse();
        seen.ShouldBe(tickets);
    }

    [Theory, InlineData("state=wrong"), InlineData("limit=0"), InlineData("limit=1001"), InlineData("after=abc"), InlineData("from=kemarin")]
    public async Task is_not_listed_by_a_filter_that_makes_no_sense(string filter) =>
        (await host.Http.GetAsync($"{Reports}?{filter}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    private Task<JsonElement> Reaches(string ticket, string state) => host.Reaches(ticket, state);
}
