using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Money;

public sealed class Repayments_over_http(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    private static object Body(string reference, decimal amount = 1000, string name = "CV Rekaan (contoh)", string department = "DPU", string kind = "contractor", string instrument = "statement", string on = "2015-06-01", int year = 2014) =>
        new { reference, kind, name, department, year, amount, on, instrument };

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Post(HttpClient client, string path, object body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Import(HttpClient client, string path, string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await client.PostAsync(path, content);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private static string Id(JsonElement thing) => thing.GetProperty("id").GetString()!;

    private static decimal Money(JsonElement thing, string name) => thing.GetProperty(name).GetDecimal();

    private static string Field(JsonElement problem, int at = 0) => problem.GetProperty("errors")[at].GetProperty("field").GetString()!;

    private async Task<string> Registered(string reference, decimal amount = 1000, string department = "DPU", string name = "CV Rekaan (contoh)")
    {
        var (status, body) = await Post(await host.SignIn("33.28", "bpkad"), $"{Api}/obligations", Body(reference, amount, name, department));
        status.ShouldBe(HttpStatusCode.Created, body.ToString());
        return Id(body);
    }

    // One person enters, another confirms.
    private async Task Paid(string obligation, string on, string document, decimal amount)
    {
        foreach (var (who, confirmed) in new[] { ("bpkad", false), ("kasda", true) })
        {
            var (status, body) = await Post(await host.SignIn("33.28", who), $"{Api}/deposits", new { obligation, on, document, amount, confirmed });
            status.ShouldBe(HttpStatusCode.OK, body.ToString());
        }
    }

    [Fact]
    public async Task registered_by_many_at_once_are_registered_once_and_the_others_hear_of_it()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Post(treasury, $"{Api}/obligations", Body($"BALAP-{round}", 1000 * i))));

            answers.Select(a => a.Status).Order().ShouldBe([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)]);
            var (_, registered) = answers.Single(a => a.Status == HttpStatusCode.Created);
            var kept = await SmartCityHost.Json(await treasury.GetAsync($"{Api}/obligations/{Id(registered)}"));
            (Money(kept, "amount"), kept.GetProperty("version").GetInt64()).ShouldBe((Money(registered, "amount"), 1));
        }
    }

    [Fact]
    public async Task are_registered_deposited_confirmed_and_taken_back()
    {
        var (treasury, officer) = (await host.SignIn("33.28", "bpkad"), await host.SignIn("33.28", "officer.dpu"));
        var id = await Registered("H-1", 1000.50m);
        (await Post(treasury, $"{Api}/obligations", Body("h-1", 1000.50m))).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(treasury, $"{Api}/obligations", Body("H-1", 2000))).Status.ShouldBe(HttpStatusCode.Conflict);

        var (created, entered) = await Post(officer, $"{Api}/deposits", new { obligation = id, on = "2016-01-05", document = "STS-1", amount = 400.25m });
        created.ShouldBe(HttpStatusCode.OK, entered.ToString());
        (Money(entered, "unconfirmed"), Money(entered.GetProperty("balance"), "deposited")).ShouldBe((400.25m, 0));
        (await Post(officer, $"{Api}/deposits/{id}.2/confirmations", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        var confirmed = (await Post(treasury, $"{Api}/deposits/{id}.2/confirmations", new { })).Body.GetProperty("balance");
        (Money(confirmed, "owed"), Money(confirmed, "deposited"), Money(confirmed, "outstanding")).ShouldBe((1000.50m, 400.25m, 600.25m));

        var (more, problem) = await Post(treasury, $"{Api}/deposits", new { obligation = id, on = "2016-02-05", document = "STS-2", amount = 600.26m, confirmed = true });
        (more, Field(problem)).ShouldBe((HttpStatusCode.Conflict, "amount"));
        problem.GetProperty("title").GetString()!.ShouldContain("Rp 600,25 is left");

        (await Post(treasury, $"{Api}/deposits/{id}.2/reversals", new { })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        var reversed = await Post(treasury, $"{Api}/deposits/{id}.2/reversals", new { reason = "Milik rekanan lain" });
        Money(reversed.Body.GetProperty("balance"), "outstanding").ShouldBe(1000.50m);
        var last = reversed.Body.GetProperty("entries").EnumerateArray().Last();
        (last.GetProperty("reverses").GetInt32(), last.GetProperty("reason").GetString(), last.GetProperty("on").GetString()).ShouldBe((2, "Milik rekanan lain", "2016-01-05"));
        using var deletion = await treasury.DeleteAsync($"{Api}/obligations/{id}");
        deletion.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task say_what_was_known_when()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        var id = await Registered("H-2", 500);
        await Paid(id, "2016-03-01", "STS-1", 200);
        var before = (await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}")).GetProperty("entries")[1].GetProperty("confirmedAt").GetString()!;
        await Post(treasury, $"{Api}/deposits/{id}.2/reversals", new { reason = "Keliru" });

        var now = (await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}?asOf=2016-10-31")).GetProperty("balance");
        var then = (await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}?asOf=2016-10-31&knownAt={Uri.EscapeDataString(before)}")).GetProperty("balance");
        var early = (await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}?asOf=2016-02-28&knownAt={Uri.EscapeDataString(before)}")).GetProperty("balance");

        (Money(now, "deposited"), Money(then, "deposited"), Money(early, "deposited")).ShouldBe((0, 200, 0));
    }

    [Fact]
    public async Task are_read_and_changed_by_those_who_may_and_in_their_regency()
    {
        var id = await Registered("H-3", department: "DPU");
        string[] guarded = ["repayments/by-contractor", "repayments/by-finding", "obligations", $"obligations/{id}", "deposits", "audit-reports", "findings", "findings/summary"];
        var outsiders = new (HttpClient Client, HttpStatusCode Expected)[]
        {
            (host.Http, HttpStatusCode.Unauthorized), (host.Integrator(), HttpStatusCode.Forbidden), (await host.SignIn("33.28", "dispatcher"), HttpStatusCode.Forbidden), (await host.SignIn("33.28", "pdp"), HttpStatusCode.Forbidden),
            (await host.SignIn("33.76", "bpkad"), HttpStatusCode.Forbidden), (await host.SignIn("33.76", "regent"), HttpStatusCode.Forbidden), (await host.SignIn("33.76", "officer.inspektorat"), HttpStatusCode.Forbidden),
        };
        foreach (var (client, expected) in outsiders)
        {
            foreach (var path in guarded)
            {
                (await client.GetAsync($"{Api}/{path}")).StatusCode.ShouldBe(expected, path);
            }

            (await Post(client, $"{Api}/obligations", Body("X-1"))).Status.ShouldBe(expected);
            (await Post(client, $"{Api}/deposits", new { obligation = id, on = "2016-01-05", document = "X", amount = 1 })).Status.ShouldBe(expected);
            (await Import(client, $"{Api}/deposits/import", "reference,on,document,amount\n")).Status.ShouldBe(expected);
        }

        foreach (var reader in new[] { "regent", "auditor", "officer.inspektorat", "bpkad", "officer.dpu" })
        {
            (await (await host.SignIn("33.28", reader)).GetStringAsync($"{Api}/obligations")).ShouldContain("H-3", customMessage: reader);
        }

        foreach (var (name, expected) in new[] { ("regent", HttpStatusCode.Forbidden), ("auditor", HttpStatusCode.Forbidden), ("officer.dpu", HttpStatusCode.Forbidden), ("officer.inspektorat", HttpStatusCode.Created) })
        {
            (await Post(await host.SignIn("33.28", name), $"{Api}/obligations", Body("H-3b"))).Status.ShouldBe(expected, name);
        }

        // An officer of another department sees nothing of it, and everybody sees sums without names.
        var dishub = await host.SignIn("33.28", "officer.dishub");
        (await dishub.GetStringAsync($"{Api}/obligations")).ShouldNotContain("H-3");
        (await dishub.GetStringAsync($"{Api}/repayments/by-contractor")).ShouldNotContain("Rekaan");
        (await dishub.GetAsync($"{Api}/obligations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Post(dishub, $"{Api}/deposits", new { obligation = id, on = "2016-01-05", document = "X", amount = 1 })).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var open in new[] { "summary", "ageing", "by-department", "by-year" })
        {
            (await host.Http.GetStringAsync($"{Api}/repayments/{open}")).ShouldNotContain("Rekaan");
        }

        // In the other regency it does not exist.
        var elsewhere = await host.SignIn("33.76", "bpkad");
        (await elsewhere.GetAsync($"/api/v1/regencies/33.76/obligations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.GetStringAsync("/api/v1/regencies/33.76/obligations")).ShouldNotContain("H-3");
        (await elsewhere.GetStringAsync("/api/v1/regencies/33.76/deposits")).ShouldNotContain(id);
        (await host.Http.GetFromJsonAsync<JsonElement>("/api/v1/regencies/33.76/repayments/summary")).GetProperty("owed").GetDecimal().ShouldBe(0);
        (await Post(elsewhere, "/api/v1/regencies/33.76/deposits", new { obligation = id, on = "2016-01-05", document = "X", amount = 1 })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":"CV X","department":"DPU","year":2014,"amount":1,"on":"2015-06-01"}""", "reference")]
    [InlineData("""{"reference":"Z","department":"DPU","year":2014,"amount":1,"on":"2015-06-01"}""", "name")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"NOPE","year":2014,"amount":1,"on":"2015-06-01"}""", "department")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"DPU","year":2014,"amount":0,"on":"2015-06-01"}""", "amount")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"DPU","year":2014,"amount":1.005,"on":"2015-06-01"}""", "amount")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"DPU","year":2014,"amount":1,"on":"2013-06-01"}""", "on")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"DPU","year":2014,"amount":1,"on":"2015-06-01","finding":"lhp-x.1"}""", "finding")]
    [InlineData("""{"reference":"Z","name":"CV X","department":"DPU","year":2014,"amount":1,"on":"2015-06-01","instrument":"sktjm"}""", "instrument")]
    public async Task say_what_is_wrong_with_an_obligation(string json, string field)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await (await host.SignIn("33.28", "bpkad")).PostAsync($"{Api}/obligations", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Field(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement).ShouldBe(field);
    }

    [Theory]
    [InlineData("asOf=31-10-2016", "asOf")]
    [InlineData("from=2016-11-01&to=2016-10-31", "from")]
    [InlineData("knownAt=kemarin", "knownAt")]
    [InlineData("year=x", "year")]
    [InlineData("format=xml", "format")]
    public async Task say_what_is_wrong_with_a_question(string query, string field)
    {
        using var answer = await host.Http.GetAsync($"{Api}/repayments/summary?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Field(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement).ShouldBe(field);
    }

    [Fact]
    public async Task come_from_lists_all_or_none_after_a_dry_run_that_names_bad_lines()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        const string head = "reference,kind,name,department,year,amount,on\n";
        var bad = await Import(treasury, $"{Api}/obligations/import?dryRun=true", $"{head}L-1,contractor,CV Daftar (contoh),DPU,2014,1.000,2015-06-01\nL-2,pemborong,CV Daftar (contoh),DPU,2014,seribu,1 Juni\nL-3,contractor,,NOPE,2014,5,2015-06-01\n");
        bad.Status.ShouldBe(HttpStatusCode.BadRequest);
        bad.Body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["line 3.kind", "line 3.amount", "line 3.on", "line 4.name", "line 4.department"]);
        bad.Body.GetProperty("errors")[0].GetProperty("detail").GetString()!.ShouldContain("one of contractor, official, treasurer, other");

        var good = $"{head}L-1,contractor,CV Daftar (contoh),DPU,2014,1.000,2015-06-01\nL-2,contractor,CV Daftar (contoh),DPU,2014,\"2.000,50\",2015-06-01\n";
        (await Import(treasury, $"{Api}/obligations/import?dryRun=true", good)).Body.ToString().ShouldBe("""{"added":2,"unchanged":0,"total":3000.5,"isDryRun":true}""");
        (await treasury.GetStringAsync($"{Api}/obligations?limit=1000")).ShouldNotContain("L-1");
        (await Import(treasury, $"{Api}/obligations/import", good)).Body.ToString().ShouldBe("""{"added":2,"unchanged":0,"total":3000.5,"isDryRun":false}""");
        (await Import(treasury, $"{Api}/obligations/import", good)).Body.ToString().ShouldBe("""{"added":0,"unchanged":2,"total":0,"isDryRun":false}""");

        const string deposits = "reference;on;document;amount\n";
        var too = await Import(treasury, $"{Api}/deposits/import", $"{deposits}L-1;2016-01-01;SETOR-1;600\nL-1;2016-01-02;SETOR-2;600\nL-9;2016-01-02;SETOR-2;600\n");
        too.Body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["line 3.amount", "line 4.reference"]);
        (await treasury.GetStringAsync($"{Api}/deposits?limit=1000")).ShouldNotContain("SETOR-1");
        (await Import(treasury, $"{Api}/deposits/import", $"{deposits}L-1;2016-01-01;SETOR-1;600\nL-1;2016-01-02;SETOR-2;400\n")).Body.GetProperty("added").GetInt32().ShouldBe(2);
        (await Import(await host.SignIn("33.28", "officer.dpu"), $"{Api}/deposits/import", $"{deposits}L-1;2016-01-01;SETOR-9;1\n")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await treasury.PostAsJsonAsync($"{Api}/deposits/import", new { })).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task are_listed_page_by_page_as_JSON_and_CSV()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        for (var i = 0; i < 3; i++)
        {
            var id = await Registered($"P-{i}", 100 + i, "DISHUB", $"=CV Halaman {i} (contoh)");
            await Post(treasury, $"{Api}/deposits", new { obligation = id, on = $"2016-0{i + 1}-01", document = $"STS-P-{i}", amount = 10 });
        }

        foreach (var (path, list, key) in new[] { ("obligations", "obligations", "id"), ("deposits", "deposits", "id"), ("repayments/by-contractor", "groups", "key") })
        {
            var seen = new List<string>();
            for (string? next = ""; next is not null;)
            {
                var page = await treasury.GetFromJsonAsync<JsonElement>($"{Api}/{path}?department=DISHUB&limit=2{(next == "" ? "" : $"&after={next}")}");
                page.GetProperty(list).GetArrayLength().ShouldBeLessThanOrEqualTo(2);
                seen.AddRange(page.GetProperty(list).EnumerateArray().Select(o => o.GetProperty(key).GetString()!));
                next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
            }

            (seen.Count, seen.Distinct().Count()).ShouldBe((3, 3), path);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}/obligations?department=DISHUB&limit=1");
        request.Headers.Add("Accept", "text/csv");
        using var csv = await treasury.SendAsync(request);
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("id,reference,kind,name");
        lines.Count(l => l.Contains(",'=CV Halaman", StringComparison.Ordinal)).ShouldBe(3);
        (await treasury.GetStringAsync($"{Api}/deposits?department=DISHUB&from=2016-02-01&to=2016-02-28&format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Fact]
    public async Task have_instalments_and_arrears()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        var id = await Registered("H-5", 300);
        var plan = new { document = "SP-1", instalments = new[] { new { dueOn = "2016-01-31", amount = 100 }, new { dueOn = "2016-02-29", amount = 200 } } };
        (await Post(treasury, $"{Api}/obligations/{id}/schedule", plan, HttpMethod.Put)).Status.ShouldBe(HttpStatusCode.OK);
        await Paid(id, "2016-02-01", "STS-1", 50);

        Money(await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}?asOf=2016-02-15"), "arrears").ShouldBe(50);
        Money(await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}?asOf=2016-03-01"), "arrears").ShouldBe(250);
        (await Post(await host.SignIn("33.28", "officer.dpu"), $"{Api}/obligations/{id}/schedule", plan, HttpMethod.Put)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task of_a_person_are_kept_without_the_name_in_the_clear()
    {
        const string name = "Wiryo Rekaan bin Contoh";
        var treasury = await host.SignIn("33.28", "bpkad");
        var (status, body) = await Post(treasury, $"{Api}/obligations", Body("H-6", 10, name, kind: "official", instrument: "sktjm"));
        status.ShouldBe(HttpStatusCode.Created, body.ToString());
        var (_, second) = await Post(treasury, $"{Api}/obligations", Body("H-7", 10, name, kind: "official", instrument: "sktjm"));

        body.GetProperty("obligor").GetProperty("name").GetString().ShouldBe(name);
        Id(second.GetProperty("obligor")).ShouldBe(Id(body.GetProperty("obligor")));
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        foreach (var table in new[] { "history.mt_events", "accountability.mt_doc_obligationrecord" })
        {
            await using var command = new Npgsql.NpgsqlCommand($"select count(*) from {table} where data::text like '%Wiryo%'", connection);
            (await command.ExecuteScalarAsync()).ShouldBe(0L);
        }
    }

    [Fact]
    public async Task entered_at_the_same_moment_never_exceed_what_is_owed()
    {
        var treasury = await host.SignIn("33.28", "bpkad");
        var id = await Registered("H-8", 100);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Post(treasury, $"{Api}/deposits", new { obligation = id, on = "2016-01-05", document = $"STS-{i}", amount = 60 })));

        all.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        all.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Status == HttpStatusCode.Conflict);
        Money(await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}"), "unconfirmed").ShouldBe(60);
        var other = await host.SignIn("33.28", "kasda");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Post(other, $"{Api}/deposits/{id}.2/confirmations", new { })));
        Money((await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}")).GetProperty("balance"), "outstanding").ShouldBe(40);
    }

    [Fact]
    public async Task are_confirmed_by_another_person_than_who_entered_them_until_the_regency_decides_otherwise()
    {
        var (treasury, other, regent) = (await host.SignIn("33.28", "bpkad"), await host.SignIn("33.28", "kasda"), await host.SignIn("33.28", "regent"));
        var id = await Registered("MATA-4", 1000);
        object Deposit(string document, bool confirmed) => new { obligation = id, on = "2016-01-05", document, amount = 100, confirmed };
        async Task<decimal> Deposited() => Money((await treasury.GetFromJsonAsync<JsonElement>($"{Api}/obligations/{id}")).GetProperty("balance"), "deposited");

        var (alone, problem) = await Post(treasury, $"{Api}/deposits", Deposit("MATA-1", confirmed: true));
        (alone, problem.GetProperty("code").GetString(), Field(problem)).ShouldBe((HttpStatusCode.Conflict, "deposit.four_eyes", "confirmed"));
        var entered = (await Post(treasury, $"{Api}/deposits", Deposit("MATA-1", confirmed: false))).Body.GetProperty("entries")[1];
        entered.GetProperty("recordedBy").GetString().ShouldBe("staff:bpkad");
        (await Post(treasury, $"{Api}/deposits/{id}.2/confirmations", new { })).Body.GetProperty("code").GetString().ShouldBe("deposit.four_eyes");
        (await Post(treasury, $"{Api}/deposits", Deposit("MATA-1", confirmed: true))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Deposited()).ShouldBe(0);
        (await Post(other, $"{Api}/deposits/{id}.2/confirmations", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Deposited()).ShouldBe(100);

        // A list waits until another person brings the same.
        const string list = "reference,on,document,amount\nMATA-4,2016-01-06,MATA-2,200\n";
        (await Import(treasury, $"{Api}/deposits/import", list)).Body.GetProperty("added").GetInt32().ShouldBe(1);
        (await Import(treasury, $"{Api}/deposits/import", list)).Body.GetProperty("unchanged").GetInt32().ShouldBe(1);
        (await Deposited()).ShouldBe(100);
        (await Import(other, $"{Api}/deposits/import", list)).Status.ShouldBe(HttpStatusCode.OK);
        (await Deposited()).ShouldBe(300);

        const string policy = $"{Api}/repayments/policy";
        foreach (var (who, regency) in new[] { ("bpkad", "33.28"), ("auditor", "33.28"), ("regent", "33.76") })
        {
            (await (await host.SignIn(regency, who)).PutAsJsonAsync(policy, new { fourEyes = false })).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{who} of {regency}");
        }

        (await Post(regent, policy, new { }, HttpMethod.Put)).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("fourEyes");
        (await treasury.GetStringAsync(policy)).ShouldBe("""{"fourEyes":true}""");
        try
        {
            (await Post(regent, policy, new { fourEyes = false }, HttpMethod.Put)).Status.ShouldBe(HttpStatusCode.OK);
            (await Post(treasury, $"{Api}/deposits", Deposit("MATA-3", confirmed: true))).Status.ShouldBe(HttpStatusCode.OK);
            (await Deposited()).ShouldBe(400);
            (await (await host.SignIn("33.76", "bpkad")).GetStringAsync("/api/v1/regencies/33.76/repayments/policy")).ShouldBe("""{"fourEyes":true}""");
        }
        finally
        {
            await Post(regent, policy, new { fourEyes = true }, HttpMethod.Put);
        }
    }
}
