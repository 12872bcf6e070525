using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Incidents;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

public class Urgent_reports
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void that_are_near_in_place_and_time_are_perhaps_one_emergency()
    {
        var found = IncidentRules.Suggest(
        [
            ("2026-000017", -6.980, 109.130, "33.28.10", Noon), ("2026-000025", -6.985, 109.135, "33.28.10", Noon.AddHours(2)),
            // Each is near the one before, so all are one.
            ("2026-000033", -6.990, 109.140, null, Noon.AddHours(7)),
            ("2026-000041", -7.150, 109.130, null, Noon), ("2026-000058", -6.980, 109.130, null, Noon.AddHours(-9)),
        ]);

        found.Single().Tickets.ShouldBe(["2026-000017", "2026-000025", "2026-000033"]);
        (found[0].District, found[0].Since).ShouldBe(("33.28.10", Noon));
    }

    [Fact]
    public void alone_are_none() => IncidentRules.Suggest([("2026-000017", -6.98, 109.13, null, Noon)]).ShouldBeEmpty();

    [Fact]
    public void are_part_of_an_emergency_as_it_was_at_an_instant()
    {
        var all = new (object Event, int Minute)[]
        {
            (new IncidentOpened("Banjir", null, null, null, ["A"]), 0), (new ReportsGathered(["B"], "person"), 10), (new ReportReleasedFromIncident("A", "Bukan banjir"), 20), (new IncidentClosed("Surut"), 30),
        }.Aggregate((Incident?)null, (known, e) => Incident.After(known, "incident-1", e.Event, Noon.AddMinutes(e.Minute)))!;

        string Then(int minute) => all.At(Noon.AddMinutes(minute)) is { } then ? $"{string.Join(' ', then.Tickets)} {(then.ClosedAt is null ? "open" : "closed")}" : "none";
        new[] { -1, 0, 15, 25, 30 }.Select(Then).ShouldBe(["none", "A open", "A B open", "B open", "B closed"]);
    }
}

public sealed class An_incident(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28/incidents";

    private async Task<string> Urgent(double latitude, double longitude, string text = "banjir bandang, rumah hanyut dan nenek terseret arus, tolong evakuasi")
    {
        using var answer = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports", new { category = "bencana", description = text, place = new { latitude, longitude } });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static string[] Tickets(JsonElement incident) => [.. incident.GetProperty("tickets").EnumerateArray().Select(t => t.GetString()!)];

    [Fact]
    public async Task is_suggested_opened_gathers_what_comes_near_alerts_and_is_closed()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var (first, second) = (await Urgent(-7.10, 109.02), await Urgent(-7.101, 109.021));
        JsonElement suggestion = default;
        await SmartCityHost.Until(async () => (await dispatcher.GetFromJsonAsync<JsonElement>($"{Api}/suggestions")).EnumerateArray()
            .FirstOrDefault(s => Tickets(s).Contains(first)) is { ValueKind: JsonValueKind.Object } found && Tickets(suggestion = found).Contains(second), "the suggestion");

        var (status, opened) = await Post(dispatcher, Api, new { title = "Banjir di Margasari", tickets = Tickets(suggestion) });
        status.ShouldBe(HttpStatusCode.Created, opened.ToString());
        var id = opened.GetProperty("id").GetString()!;
        (await dispatcher.GetStringAsync($"{Api}/suggestions")).ShouldNotContain(first);
        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync($"/dev/outbox.json?regency=33.28&ticket={id}")).Contains("Banjir di Margasari") ||
            (await dispatcher.GetStringAsync($"/api/v1/regencies/33.28/outbox?ticket={id}")).Contains("alert", StringComparison.Ordinal), "those on duty are alerted");

        var third = await Urgent(-7.102, 109.022, "BANJIR!! air sedada, nenek terjebak di atap");
        await SmartCityHost.Until(async () => Tickets(await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/{id}")).Contains(third), "the third is gathered");

        (await Post(dispatcher, $"{Api}/{id}/log", new { text = "Perahu karet berangkat", @public = true })).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(dispatcher, $"{Api}/{id}/log", new { text = "Hubungi Kodim" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(dispatcher, $"{Api}/{id}/log", new { text = "Telepon 081234567890", @public = true })).Body.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("text.personal");
        (await Post(dispatcher, $"{Api}/{id}/reports/{second}/releases", new { reason = "Tempat lain" })).Status.ShouldBe(HttpStatusCode.OK);
        var page = await host.Http.GetStringAsync($"{Api}/{id}");
        page.ShouldContain("Perahu karet berangkat");
        page.ShouldNotContain("Kodim");
        page.ShouldNotContain("Tempat lain");
        Tickets(JsonDocument.Parse(page).RootElement).ShouldNotContain(second);

        (await Post(dispatcher, $"{Api}/{id}/closings", new { })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await Post(dispatcher, $"{Api}/{id}/closings", new { reason = "Air surut, semua selamat" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(dispatcher, $"{Api}/{id}/log", new { text = "Lagi" })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Http.GetStringAsync($"{Api}?open=true&limit=1000")).ShouldNotContain(id);
        (await host.Http.GetStringAsync($"{Api}?format=csv")).ShouldContain($"{id},Banjir di Margasari,");
        (await host.Http.GetStringAsync($"{Api}?asOf=2016-10-31")).ShouldNotContain(id);
        (await host.Http.GetStringAsync($"{Api}?from=2016-10-31&format=csv")).ShouldContain(id);
        (await host.Http.GetStringAsync($"{Api}?from=2016-01-01&to=2016-10-31")).ShouldNotContain(id);
        (await host.Http.GetAsync($"{Api}?from=2016-10-31&to=2016-01-01")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task is_opened_by_staff_of_its_regency_and_shows_no_hidden_report()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        using var filed = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports", new { category = "jalan-rusak", description = "Rahasia", isConfidential = true, place = new { address = "Slawi" } });
        var hidden = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        var (_, opened) = await Post(dispatcher, Api, new { title = "Tanah longsor di Bojong", district = "33.28.03", tickets = new[] { hidden } });
        var id = opened.GetProperty("id").GetString()!;

        foreach (var (client, expected) in new[] { (host.Http, HttpStatusCode.Unauthorized), (host.Integrator(), HttpStatusCode.Forbidden), (await host.SignIn("33.28", "auditor"), HttpStatusCode.Forbidden), (await host.SignIn("33.76", "dispatcher"), HttpStatusCode.Forbidden) })
        {
            (await Post(client, Api, new { title = "x" })).Status.ShouldBe(expected);
            (await Post(client, $"{Api}/{id}/log", new { text = "x" })).Status.ShouldBe(expected);
            (await Post(client, $"{Api}/{id}/closings", new { reason = "x" })).Status.ShouldBe(expected);
            (await client.GetAsync($"{Api}/suggestions")).StatusCode.ShouldBe(expected);
        }

        (await host.Http.GetStringAsync($"{Api}/{id}")).ShouldNotContain(hidden);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Api}/{id}")).GetProperty("reports").GetInt32().ShouldBe(0);
        (await dispatcher.GetStringAsync($"{Api}/{id}")).ShouldContain(hidden);
        (await host.Http.GetAsync($"/api/v1/regencies/33.76/incidents/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/incidents")).ShouldNotContain(id);
        (await Post(await host.SignIn("33.76", "dispatcher"), $"/api/v1/regencies/33.76/incidents/{id}/closings", new { reason = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Post(dispatcher, Api, new { title = "x", tickets = new[] { "2026-999998" } })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Post(dispatcher, Api, new { })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("title");
    }
}
