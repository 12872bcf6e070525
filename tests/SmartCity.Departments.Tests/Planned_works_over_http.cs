using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class Planned_works_over_http(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Works = "/api/v1/regencies/33.28/planned-works";

    private static object Body(string name, decimal cost = 1_250_000_000m, int year = 2027, string department = "DPU", string district = "33.28.10", string source = "apbd") =>
        new { name, department, districts = new[] { district }, fiscalYear = year, cost, source };

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Send(HttpClient client, HttpMethod method, string path, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient client, string path, object? body = null) => Send(client, HttpMethod.Post, path, body);

    private async Task<JsonElement> Planned(string name, decimal cost = 1_250_000_000m, int year = 2027, string district = "33.28.10")
    {
        var (status, work) = await Post(await host.SignIn("33.28", "officer.dpu"), Works, Body(name, cost, year, district: district));
        status.ShouldBe(HttpStatusCode.Created, work.ToString());
        return work;
    }

    private static string Id(JsonElement work) => work.GetProperty("id").GetString()!;

    [Fact]
    public async Task are_planned_changed_begun_and_done()
    {
        var officer = await host.SignIn("33.28", "officer.dpu");
        var work = await Planned("Rehabilitasi Jalan Satu");
        (await Post(officer, Works, Body("rehabilitasi  jalan satu"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Post(officer, Works, Body("Rehabilitasi Jalan Satu"))).Status.ShouldBe(HttpStatusCode.OK);

        var (status, changed) = await Send(officer, HttpMethod.Patch, $"{Works}/{Id(work)}", new { fiscalYear = 2028, reason = "Menunggu APBD 2028" }, "\"1\"");
        status.ShouldBe(HttpStatusCode.OK, changed.ToString());
        changed.GetProperty("version").GetInt64().ShouldBe(2);
        changed.GetProperty("terms").GetProperty("cost").GetDecimal().ShouldBe(1_250_000_000m);
        var (stale, conflict) = await Send(officer, HttpMethod.Patch, $"{Works}/{Id(work)}", new { cost = 5, reason = "x" }, "\"1\"");
        stale.ShouldBe(HttpStatusCode.Conflict);
        conflict.GetProperty("version").GetInt64().ShouldBe(2);

        (await Post(officer, $"{Works}/{Id(work)}/starts", new { })).Body.GetProperty("state").GetString().ShouldBe("started");
        (await Post(officer, $"{Works}/{Id(work)}/cancellations", new { })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await Post(officer, $"{Works}/{Id(work)}/completions", new { reason = "Sudah diaspal" })).Body.GetProperty("state").GetString().ShouldBe("done");
        (await Post(officer, $"{Works}/{Id(work)}/cancellations", new { reason = "x" })).Status.ShouldBe(HttpStatusCode.Conflict);

        using var answer = await host.Http.GetAsync($"{Works}/{Id(work)}");
        answer.Headers.ETag!.Tag.ShouldBe("\"4\"");
        (await SmartCityHost.Json(answer)).GetProperty("reason").GetString().ShouldBe("Sudah diaspal");
    }

    [Fact]
    public async Task changed_by_two_at_once_take_one_change()
    {
        var work = await Planned("Jalan berebut");
        var officer = await host.SignIn("33.28", "officer.dpu");

        var both = await Task.WhenAll(Enumerable.Range(1, 2).Select(i => Send(officer, HttpMethod.Patch, $"{Works}/{Id(work)}", new { cost = i, reason = "x", expectedVersion = 1 })));

        both.Select(b => b.Status).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task planned_at_the_same_moment_are_one()
    {
        var officer = await host.SignIn("33.28", "officer.dpu");

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(officer, Works, Body("Jalan kembar"))));

        all.ShouldAllBe(a => a.Status == HttpStatusCode.OK || a.Status == HttpStatusCode.Created);
        all.Select(a => Id(a.Body)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task are_changed_by_those_who_may_and_in_their_regency()
    {
        var work = await Planned("Jalan terlarang");
        var callers = new (HttpClient Client, HttpStatusCode Expected)[]
        {
            (host.Http, HttpStatusCode.Unauthorized), (host.Integrator(), HttpStatusCode.Forbidden), (await host.SignIn("33.28", "auditor"), HttpStatusCode.Forbidden),
            (await host.SignIn("33.28", "officer.dishub"), HttpStatusCode.Forbidden), (await host.SignIn("33.76", "dispatcher"), HttpStatusCode.Forbidden), (await host.SignIn("33.76", "regent"), HttpStatusCode.Forbidden),
        };
        foreach (var (client, expected) in callers)
        {
            (await Post(client, Works, Body("Jalan orang"))).Status.ShouldBe(expected);
            (await Send(client, HttpMethod.Patch, $"{Works}/{Id(work)}", new { cost = 1, reason = "x" })).Status.ShouldBe(expected);
            foreach (var step in new[] { "starts", "completions", "cancellations" })
            {
                (await Post(client, $"{Works}/{Id(work)}/{step}", new { reason = "x" })).Status.ShouldBe(expected);
            }

            using var csv = new StringContent("id,name,department,district,year,source,cost\n1,x,DPU,,2027,apbd,1", Encoding.UTF8, "text/csv");
            (await client.PostAsync($"{Works}/import", csv)).StatusCode.ShouldBe(expected);
        }

        // An officer cannot give a work to another department either.
        (await Send(await host.SignIn("33.28", "officer.dpu"), HttpMethod.Patch, $"{Works}/{Id(work)}", new { department = "DISHUB", reason = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(await host.SignIn("33.28", "regent"), HttpMethod.Patch, $"{Works}/{Id(work)}", new { department = "DISHUB", reason = "x" })).Status.ShouldBe(HttpStatusCode.OK);

        // It does not exist in the other regency.
        (await host.Http.GetAsync($"/api/v1/regencies/33.76/planned-works/{Id(work)}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/planned-works?limit=1000")).ShouldNotContain(Id(work));
        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/planned-works/by-district")).ShouldNotContain("33.28");
        (await Post(await host.SignIn("33.76", "dispatcher"), $"/api/v1/regencies/33.76/planned-works/{Id(work)}/starts", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"department":"DPU","fiscalYear":2027,"cost":1,"source":"apbd"}""", "name")]
    [InlineData("""{"name":"x","department":"DPU","fiscalYear":2027,"cost":-1,"source":"apbd"}""", "cost")]
    [InlineData("""{"name":"x","department":"DPU","fiscalYear":2027,"cost":1.5,"source":"apbd"}""", "cost")]
    [InlineData("""{"name":"x","department":"DPU","fiscalYear":2027,"source":"apbd"}""", "cost")]
    [InlineData("""{"name":"x","department":"DPU","cost":1,"source":"apbd"}""", "fiscalYear")]
    [InlineData("""{"name":"x","department":"DPU","fiscalYear":2027,"cost":1,"source":"kas"}""", "source")]
    [InlineData("""{"name":"x","department":"DPU","districts":["33.76.01"],"fiscalYear":2027,"cost":1,"source":"apbd"}""", "districts")]
    public async Task say_what_is_wrong_with_them(string json, string field)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await (await host.SignIn("33.28", "officer.dpu")).PostAsync(Works, content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task are_listed_page_by_page_and_added_up()
    {
        for (var i = 0; i < 3; i++)
        {
            await Planned($"Saluran {i}", 1000 + i, 2031, "33.28.17");
        }

        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await host.Http.GetFromJsonAsync<JsonElement>($"{Works}?district=33.28.17&fiscalYear=2031&state=planned&department=DPU&limit=2{(next == "" ? "" : $"&after={next}")}");
            seen.AddRange(page.GetProperty("works").EnumerateArray().Select(Id));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }

        seen.Distinct().Count().ShouldBe(3);
        seen.Count.ShouldBe(3);
        var totals = await host.Http.GetFromJsonAsync<JsonElement>($"{Works}/by-district?fiscalYear=2031");
        var total = totals.GetProperty("districts").EnumerateArray().Single();
        (total.GetProperty("district").GetString(), total.GetProperty("works").GetInt32(), total.GetProperty("cost").GetDecimal()).ShouldBe(("33.28.17", 3, 3003m));
        foreach (var wrong in new[] { "state=7", "state=x", "limit=0", "after=x", "fiscalYear=x" })
        {
            (await host.Http.GetAsync($"{Works}?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        }
    }

    [Fact]
    public async Task come_from_a_budget_document_all_or_none()
    {
        var regent = await host.SignIn("33.28", "regent");
        async Task<(HttpStatusCode Status, JsonElement Body)> Import(HttpClient client, string csv)
        {
            using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
            using var answer = await client.PostAsync($"{Works}/import", content);
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }

        const string head = "id,name,department,district,year,source,cost\n", first = "1.03.01,Jembatan Impor,DPU,33.28.10,2029,apbd,5.000.000\n";
        var (bad, faults) = await Import(regent, $"{head}{first}1.03.02,Pasar Impor,NOPE,33.28.10,2029,apbd,1\n");
        bad.ShouldBe(HttpStatusCode.BadRequest);
        faults.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("line 3.department");
        (await host.Http.GetStringAsync($"{Works}?fiscalYear=2029")).ShouldNotContain("Impor");

        (await Import(regent, $"{head}{first}1.03.02,Pasar Impor,DISDAG,,2029,APBN,7\n")).Body.ToString().ShouldBe("""{"planned":2,"changed":0,"unchanged":0}""");
        (await Import(regent, $"{head}{first}1.03.02,Pasar Impor,DISDAG,,2029,APBN,8\n")).Body.ToString().ShouldBe("""{"planned":0,"changed":1,"unchanged":1}""");
        (await Import(await host.SignIn("33.28", "officer.dpu"), $"{head}1.03.02,Pasar Impor,DISDAG,,2029,APBN,9\n")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await regent.PostAsJsonAsync($"{Works}/import", new { })).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }
}
