using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

public sealed class Following_a_report(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28", There = "/api/v1/regencies/33.76";

    private async Task<JsonElement[]> Deadlines(string name, string query = "")
    {
        var staff = await host.SignIn("33.28", name);
        return (await staff.GetFromJsonAsync<JsonElement[]>($"{Here}/deadlines?limit=1000{query}"))!;
    }

    private Task<JsonElement?> Until(string name, string ticket, Func<JsonElement, bool> probe) => SmartCityHost.Until(async () =>
        (await Deadlines(name)).Where(d => d.GetProperty("ticket").GetString() == ticket && probe(d)).Cast<JsonElement?>().FirstOrDefault(), $"the clock of {ticket}");

    [Fact]
    public async Task starts_its_clock_and_writes_down_what_was_met()
    {
        var ticket = await host.FileReport();

        var assigned = (await Until("auditor", ticket, d => d.GetProperty("next").GetString() == "answer"))!.Value;
        assigned.GetProperty("department").GetString().ShouldBe("DPU");
        assigned.GetProperty("steps")[1].GetProperty("wasLate").GetBoolean().ShouldBeFalse();
        assigned.GetProperty("isOverdue").GetBoolean().ShouldBeFalse();

        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{Here}/reports/{ticket}/answers", new { text = "Minggu depan ditambal.", isSettled = false })).EnsureSuccessStatusCode();
        await Until("auditor", ticket, d => d.GetProperty("next").GetString() == "settle");
        (await officer.PostAsJsonAsync($"{Here}/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await Deadlines("auditor")).All(d => d.GetProperty("ticket").GetString() != ticket), "nothing owed any more");

        var deadlines = (await Send(new GetDeadlines("33.28", [ticket, "2016-999999"])))[ticket];
        deadlines.IsOverdue.ShouldBeFalse();
        deadlines.AssignBy.ShouldBeLessThan(deadlines.AnswerBy);
        deadlines.AnswerBy.ShouldBeLessThan(deadlines.SettleBy);
        (await Send(new GetDeadlines("33.76", [ticket]))).ShouldBeEmpty();
    }

    [Fact]
    public async Task shows_each_only_what_is_theirs()
    {
        var road = await host.FileReport();
        var light = await host.FileReport(category: "lampu-lalin", description: "bangjo mati");
        var conduct = await host.FileReport(category: "pungli", description: "diminta uang");
        await Until("auditor", road, d => d.TryGetProperty("department", out _));
        await Until("auditor", light, d => d.TryGetProperty("department", out _));
        await Until("auditor", conduct, d => d.TryGetProperty("department", out _));
        async Task<string[]> Tickets(string name, string query = "") =>
            [.. (await Deadlines(name, query)).Select(d => d.GetProperty("ticket").GetString()!).Where(t => t == road || t == light || t == conduct).Order()];

        string[] all = [road, light, conduct];
        (await Tickets("regent")).ShouldBe(all, ignoreOrder: true);
        (await Tickets("dispatcher")).ShouldBe([road, light], ignoreOrder: true);
        (await Tickets("officer.dpu")).ShouldBe([road]);
        (await Tickets("officer.dpu", "&department=DISHUB")).ShouldBeEmpty();
        (await Tickets("officer.inspektorat")).ShouldBe([conduct]);
        (await Tickets("regent", "&department=DISHUB")).ShouldBe([light]);
        (await Tickets("regent", "&overdue=true")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("overdue=mungkin", "overdue")]
    [InlineData("limit=0", "limit")]
    public async Task refuses_a_query_that_makes_no_sense(string query, string field)
    {
        var auditor = await host.SignIn("33.28", "auditor");

        using var answer = await auditor.GetAsync($"{Here}/deadlines?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory]
    [InlineData("/deadlines", "operator", HttpStatusCode.Forbidden)]
    [InlineData("/reports/{0}/history", "officer.dpu", HttpStatusCode.Forbidden)]
    [InlineData("/reports/{0}/history", "dispatcher", HttpStatusCode.Forbidden)]
    [InlineData("/reports/{0}/history", "regent", HttpStatusCode.Forbidden)]
    [InlineData("/reports/{0}/history", "operator", HttpStatusCode.Forbidden)]
    [InlineData("/reports/{0}/history", "auditor", HttpStatusCode.OK)]
    public async Task is_for_those_who_may(string address, string name, HttpStatusCode status)
    {
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, await host.FileReport());
        var staff = await host.SignIn("33.28", name);

        (await staff.GetAsync(Here + path)).StatusCode.ShouldBe(status);
        (await host.Http.GetAsync(Here + path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().GetAsync(Here + path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await staff.GetAsync(There + path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task across_regencies_finds_nothing()
    {
        var ticket = await host.FileReport(description: "Hanya di kabupaten");
        var auditorThere = await host.SignIn("33.76", "auditor");

        (await auditorThere.GetAsync($"{Here}/reports/{ticket}/history")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await auditorThere.GetAsync($"{Here}/deadlines")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var there = await auditorThere.GetAsync($"{There}/reports/{ticket}/history");
        (there.StatusCode == HttpStatusCode.NotFound || !(await there.Content.ReadAsStringAsync()).Contains("Hanya di kabupaten")).ShouldBeTrue();
    }

    [Fact]
    public async Task shows_an_auditor_every_event_with_who_when_and_why()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Here}/reports")
        {
            Content = JsonContent.Create(new
            {
                category = "jalan-rusak",
                description = "Lubang di tikungan",
                place = new { address = "kec. Adiwerna" },
                reporter = new { firstName = "Contoh", phone = "+62000000001" },
            }),
            Headers = { { "X-On-Behalf-Of", "portal-user-7" } },
        };
        using var filed = await host.Integrator().SendAsync(request);
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        var auditor = await host.SignIn("33.28", "auditor");

        var history = await SmartCityHost.Until(async () =>
            await auditor.GetFromJsonAsync<JsonElement[]>($"{Here}/reports/{ticket}/history") is { Length: 3 } three ? three : null, "three events");

        string? Text(int i, string name) => history[i].GetProperty(name).GetString();
        (Text(0, "type"), Text(0, "actor"), Text(0, "role"), Text(0, "onBehalfOf")).ShouldBe(("report.filed.v1", "key:demo", "integrator", "portal-user-7"));
        Text(1, "type").ShouldBe("report.jurisdiction-decided.v1");
        (Text(2, "type"), Text(2, "actor"), Text(2, "causationId")).ShouldBe(("report.assigned.v1", "system:routing", $"event:{Text(0, "id")}"));
        Text(1, "correlationId").ShouldBe(Text(0, "correlationId"));
        history.Select(h => h.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3]);
        history[0].GetProperty("position").GetInt64().ShouldBeLessThan(history[1].GetProperty("position").GetInt64());
        history[0].GetProperty("at").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(history[1].GetProperty("at").GetDateTimeOffset());
        var data = history[0].GetProperty("data");
        data.GetProperty("description").GetString().ShouldBe("Lubang di tikungan");
        data.GetProperty("place").GetProperty("address").GetString().ShouldBe("kec. Adiwerna");
        data.GetProperty("contact").GetString()!.ShouldContain("Contoh");
    }

    [Theory]
    [InlineData("2026-999999")]
    [InlineData("department-DPU")]
    [InlineData("calendar-2026")]
    public async Task knows_no_report_that_is_none(string id)
    {
        var auditor = await host.SignIn("33.28", "auditor");

        (await auditor.GetAsync($"{Here}/reports/{id}/history")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<T> Send<T>(IRequest<T> request)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }
}

public sealed class A_late_report(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Fact]
    public async Task is_overdue_as_soon_as_the_clock_says_so()
    {
        var ticket = await host.FileReport(category: "lainnya", description: "Bangunan tua");
        var regent = await host.SignIn("33.28", "regent");
        async Task<bool> IsOverdue() => (await regent.GetFromJsonAsync<JsonElement[]>("/api/v1/regencies/33.28/deadlines?overdue=true"))!
            .Any(d => d.GetProperty("ticket").GetString() == ticket);
        await SmartCityHost.Until(async () => (await regent.GetFromJsonAsync<JsonElement[]>("/api/v1/regencies/33.28/deadlines"))!.Length > 0, "a clock");
        (await IsOverdue()).ShouldBeFalse();

        host.Services.GetRequiredService<DemoClock>().Advance(TimeSpan.FromDays(20));
        regent = await host.SignIn("33.28", "regent"); // the old session has run out

        (await IsOverdue()).ShouldBeTrue();
    }
}
