using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Placing;

/// <summary>A host whose regencies know boundaries: 33.28 in the west with a district and a village, 33.76 in the east, and a neighbour that is not served.</summary>
public sealed class BoundedHost : SmartCityHost, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        static string Square(string code, string name, double west, double size) => FormattableString.Invariant(
            $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{name}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},-7],[{{{west + size}}},-7],[{{{west + size}}},{{{-7 + size}}}],[{{{west}}},{{{-7 + size}}}],[{{{west}}},-7]]]}}""");
        var areas = string.Join(',',
            Square("33.28", "Kabupaten Tegal", 109, 0.2), Square("33.28.10", "Slawi", 109, 0.1), Square("33.28.10.2003", "Dukuhsalam", 109, 0.05),
            Square("33.76", "Kota Tegal", 109.2, 0.2), Square("33.76.01", "Tegal Barat", 109.2, 0.1), Square("33.29", "Kabupaten Brebes", 108.8, 0.2));
        foreach (var regency in new[] { "33.28", "33.76" })
        {
            using var content = new StringContent($$"""{"type":"FeatureCollection","features":[{{areas}}]}""", Encoding.UTF8, "application/geo+json");
            (await (await SignIn(regency, "dispatcher")).PutAsync($"/api/v1/regencies/{regency}/boundaries", content)).EnsureSuccessStatusCode();
        }
    }

    /// <summary>Files a report at a longitude; latitude -6.98 lies in every square.</summary>
    public async Task<(string Ticket, string Secret)> FileAt(double? longitude, string regency = "33.28", string category = "jalan-rusak", bool isConfidential = false,
        string description = "Jalan berlubang di depan pasar", object? reporter = null)
    {
        using var answer = await Integrator().PostAsJsonAsync($"/api/v1/regencies/{regency}/reports", new
        {
            category,
            description,
            isConfidential,
            reporter,
            place = longitude is { } east ? (object)new { latitude = -6.98, longitude = east } : new { address = "entah di mana" },
        });
        var filed = await Json(answer);
        return (filed.GetProperty("ticket").GetString()!, filed.GetProperty("secret").GetString()!);
    }

    public static async Task<JsonElement> See(HttpClient client, string ticket, string regency = "33.28", string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/regencies/{regency}/reports/{ticket}");
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        return await Json(await client.SendAsync(request));
    }

    /// <summary>Waits until the reporter has heard so many messages of a kind; gives their texts.</summary>
    public Task<string[]> Hears(string ticket, string kind, int times = 1, string regency = "33.28") => Until(async () =>
        (await Json(await Http.GetAsync($"/dev/outbox.json?regency={regency}&ticket={ticket}"))).EnumerateArray().Where(m => m.GetProperty("kind").GetString() == kind)
            .Select(m => m.GetProperty("text").GetString()!).ToArray() is var found && found.Length == times ? found : null, $"{times} {kind} for {ticket}");

    public static async Task<(HttpStatusCode Status, JsonElement Body)> Send(HttpClient client, HttpMethod method, string address, object body, string? secret = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = JsonContent.Create(body) };
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }
}

public sealed class Deciding_jurisdiction(BoundedHost host) : IClassFixture<BoundedHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    private static string? Text(JsonElement of, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out of))
            {
                return null;
            }
        }

        return of.GetString();
    }

    [Fact]
    public async Task happens_to_every_report_by_itself_once_it_is_filed()
    {
        var (ticket, _) = await host.FileAt(109.02);
        var report = await host.Reaches(ticket, "assigned");

        (Text(report, "jurisdiction", "level"), Text(report, "jurisdiction", "ground"), Text(report, "jurisdiction", "restsOn"), Text(report, "jurisdiction", "villageName"), Text(report, "district"))
            .ShouldBe(("regency", "boundary", "33.28.10.2003", "Dukuhsalam", "33.28.10"));
        report.GetProperty("timeline").EnumerateArray().Select(e => e.GetProperty("what").GetString()).ShouldBe(["filed", "placed", "assigned"]);
        report.TryGetProperty("proposedForward", out _).ShouldBeFalse();
        var (without, _) = await host.FileAt(null);
        Text(await host.Reaches(without, "assigned"), "jurisdiction", "ground").ShouldBe("category");
        var shown = await host.Http.GetStringAsync($"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28&extensions=true");
        shown.ShouldContain("Dukuhsalam");
        (await host.Http.GetStringAsync($"/open311/v2/requests/{ticket}.xml?jurisdiction_id=33.28&extensions=true")).ShouldContain("<ground>boundary</ground>");
        (await host.Http.GetStringAsync($"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28")).ShouldNotContain("Dukuhsalam");
    }

    [Fact]
    public async Task leaves_what_lies_elsewhere_to_the_dispatcher_with_a_proposal()
    {
        var (ticket, _) = await host.FileAt(108.9);
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var report = await host.Reaches(ticket, "queued", caller: dispatcher);

        Text(report, "jurisdiction", "body").ShouldBe("Pemerintah Kabupaten Brebes");
        Text(report, "proposedForward").ShouldBe("Pemerintah Kabupaten Brebes");
        (await host.Http.GetStringAsync($"{Reports}/{ticket}")).ShouldNotContain("proposedForward");
        // A national road is national wherever it lies.
        using var posted = await host.Http.PostAsync("/open311/v2/requests.json", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["jurisdiction_id"] = "33.28",
            ["api_key"] = "demo",
            ["service_code"] = "jalan-rusak",
            ["lat"] = "-6.98",
            ["long"] = "109.02",
            ["description"] = "Lubang",
            ["attribute[kelas-jalan]"] = "nasional",
        }));
        var road = JsonDocument.Parse(await posted.Content.ReadAsStringAsync()).RootElement[0].GetProperty("service_request_id").GetString()!;
        Text(await host.Reaches(road, "queued", caller: dispatcher), "proposedForward").ShouldBe("BBPJN");
        // What is the power company's goes to the power company's own desk.
        var (power, _) = await host.FileAt(109.02, category: "listrik");
        (Text(await host.Reaches(power, "assigned"), "jurisdiction", "level"), Text(await BoundedHost.See(host.Http, power), "department")).ShouldBe(("stateCompany", "PLN"));
    }

    [Fact]
    public async Task can_be_done_by_a_dispatcher_with_a_reason()
    {
        var (ticket, _) = await host.FileAt(109.02);
        await host.Reaches(ticket, "assigned");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        Task<(HttpStatusCode Status, JsonElement Body)> Put(HttpClient client, object body, string regency = "33.28") =>
            BoundedHost.Send(client, HttpMethod.Put, $"/api/v1/regencies/{regency}/reports/{ticket}/jurisdiction", body);

        (await Put(dispatcher, new { level = "moon", reason = "r" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("level");
        (await Put(dispatcher, new { level = "national" })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await Put(dispatcher, new { level = "national", body = "BBPJN", reason = "Menurut SK jalan nasional, rahasia dapur" })).Status.ShouldBe(HttpStatusCode.OK);

        var report = await BoundedHost.See(dispatcher, ticket);
        (Text(report, "jurisdiction", "ground"), Text(report, "proposedForward")).ShouldBe(("person", "BBPJN"));
        report.GetProperty("timeline").EnumerateArray().Last().GetProperty("text").GetString().ShouldBe("Menurut SK jalan nasional, rahasia dapur");
        var shown = await host.Http.GetStringAsync($"{Reports}/{ticket}");
        shown.ShouldContain("Balai Besar Pelaksanaan Jalan Nasional");
        shown.ShouldNotContain("rahasia dapur");
        // What a person decided stays under another category.
        (await BoundedHost.Send(dispatcher, HttpMethod.Post, $"{Reports}/{ticket}/classifications", new { category = "listrik" })).Status.ShouldBe(HttpStatusCode.OK);
        Text(await BoundedHost.See(host.Http, ticket), "jurisdiction", "ground").ShouldBe("person");

        (await Put(host.Http, new { level = "national", reason = "r" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var client in new[] { host.Integrator(), await host.SignIn("33.28", "officer.dishub"), await host.SignIn("33.28", "regent"), await host.SignIn("33.28", "auditor"), await host.SignIn("33.76", "dispatcher") })
        {
            (await Put(client, new { level = "national", reason = "r" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await Put(await host.SignIn("33.76", "dispatcher"), new { level = "national", reason = "r" }, "33.76")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task follows_the_category_when_that_is_put_right()
    {
        var (ticket, _) = await host.FileAt(109.02);
        await host.Reaches(ticket, "assigned");
        await BoundedHost.Send(await host.SignIn("33.28", "dispatcher"), HttpMethod.Post, $"{Reports}/{ticket}/classifications", new { category = "listrik" });

        await SmartCityHost.Until(async () => Text(await BoundedHost.See(host.Http, ticket), "jurisdiction", "level") == "stateCompany", "the decision anew");
    }
}

public sealed class Following_up_what_is_elsewhere(BoundedHost host) : IClassFixture<BoundedHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    private static async Task<string[]> Due(HttpClient client, string regency = "33.28") =>
        [.. (await SmartCityHost.Json(await client.GetAsync($"/api/v1/regencies/{regency}/reports?followUpDue=true&limit=1000"))).GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!)];

    [Fact]
    public async Task comes_again_after_the_working_days_until_the_matter_is_done()
    {
        var (ticket, _) = await host.FileAt(108.9);
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        await host.Reaches(ticket, "queued");
        Task<(HttpStatusCode Status, JsonElement Body)> Post(string move, object body) => BoundedHost.Send(dispatcher, HttpMethod.Post, $"{Reports}/{ticket}/{move}", body);
        var clock = host.Services.GetRequiredService<DemoClock>();

        (await Post("follow-ups", new { text = "x" })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Post("forwardings", new { body = "BREBES", reference = "7/2026" })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Hears(ticket, "forwarding"))[0].ShouldContain("Pemerintah Kabupaten Brebes");
        (await Due(dispatcher)).ShouldNotContain(ticket);
        (await BoundedHost.See(dispatcher, ticket)).TryGetProperty("askAgainAt", out _).ShouldBeTrue();
        (await BoundedHost.See(host.Http, ticket)).TryGetProperty("askAgainAt", out _).ShouldBeFalse();

        // Five working days are over within two weeks, whatever holidays there are in the sample.
        clock.Advance(TimeSpan.FromDays(14));
        dispatcher = await host.SignIn("33.28", "dispatcher");
        (await Due(dispatcher)).ShouldContain(ticket);
        (await dispatcher.GetStringAsync("/33.28/meja/luar")).ShouldContain(ticket);
        (await Post("follow-ups", new { tellReporter = true })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("text");
        (await Post("follow-ups", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Due(dispatcher)).ShouldNotContain(ticket);
        clock.Advance(TimeSpan.FromDays(14));
        dispatcher = await host.SignIn("33.28", "dispatcher");
        (await Due(dispatcher)).ShouldContain(ticket);
        (await Post("follow-ups", new { text = "Kata mereka: catatan untuk kami saja" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Post("follow-ups", new { text = "Dikerjakan bulan depan.", tellReporter = true })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Hears(ticket, "follow-up"))[0].ShouldContain("Dikerjakan bulan depan.");
        var shown = await host.Http.GetStringAsync($"{Reports}/{ticket}");
        shown.ShouldContain("Dikerjakan bulan depan.");
        shown.ShouldNotContain("untuk kami saja");

        (await Post("answers", new { text = "Sudah.", isSettled = true })).Body.GetProperty("state").GetString().ShouldBe("settled");
        clock.Advance(TimeSpan.FromDays(5));
        dispatcher = await host.SignIn("33.28", "dispatcher");
        (await Due(dispatcher)).ShouldNotContain(ticket);
        (await Post("reopenings", new { reason = "Belum." })).Body.GetProperty("state").GetString().ShouldBe("forwarded");
        (await Due(dispatcher)).ShouldContain(ticket);
        (await Post("assignments", new { department = "DPU" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Due(dispatcher)).ShouldNotContain(ticket);
    }

    [Fact]
    public async Task is_for_the_regencys_dispatchers()
    {
        var (ticket, _) = await host.FileAt(108.9);
        await host.Reaches(ticket, "queued");
        (await BoundedHost.Send(await host.SignIn("33.28", "dispatcher"), HttpMethod.Post, $"{Reports}/{ticket}/forwardings", new { body = "BREBES" })).Status.ShouldBe(HttpStatusCode.OK);

        (await BoundedHost.Send(host.Http, HttpMethod.Post, $"{Reports}/{ticket}/follow-ups", new { text = "x" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var (regency, name) in new[] { ("33.28", "officer.dpu"), ("33.28", "regent"), ("33.76", "dispatcher") })
        {
            (await BoundedHost.Send(await host.SignIn(regency, name), HttpMethod.Post, $"{Reports}/{ticket}/follow-ups", new { text = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await BoundedHost.Send(await host.SignIn("33.76", "dispatcher"), HttpMethod.Post, $"/api/v1/regencies/33.76/reports/{ticket}/follow-ups", new { text = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
