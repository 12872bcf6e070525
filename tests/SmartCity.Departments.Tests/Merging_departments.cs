using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class Merging_departments(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28";

    private async Task<HttpClient> Operator()
    {
        var caller = host.Browser();
        (await caller.PostAsJsonAsync("/api/v1/operators/session", new { name = "operator", password = SmartCityHost.Password })).EnsureSuccessStatusCode();
        return caller;
    }

    private async Task<JsonElement> Department(string code) => await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/departments/{code}");

    private static StringContent Csv(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));

    [Fact]
    public async Task takes_open_reports_and_categories_along_and_keeps_both_names()
    {
        var ticket = await host.FileReport(category: "lampu-lalin", description: "bangjo mati di perempatan");
        await host.Reaches(ticket, "assigned");
        var regent = await host.SignIn("33.28", "regent");
        var officer = await host.SignIn("33.28", "officer.dishub");
        var body = new { into = "DPU", on = "2026-01-02", reason = "Perda 7/2025" };

        (await (await host.SignIn("33.28", "dispatcher")).PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await regent.PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body with { on = "2099-01-01" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await regent.PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body with { into = "PLN" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await regent.PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body with { into = "INSPEKTORAT" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await regent.PostAsJsonAsync($"{Here}/departments/TIDAK-ADA/mergers", body)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await regent.PostAsJsonAsync($"{Here}/departments/DISHUB/mergers", body)).EnsureSuccessStatusCode();

        await SmartCityHost.Until(async () => (await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/reports/{ticket}")).GetProperty("department").GetString() == "DPU", "the report follows");
        // Who was signed in goes on in the other department, and so does who signs in now; that it was so is on record.
        await SmartCityHost.Until(async () => (await officer.GetFromJsonAsync<JsonElement>($"{Here}/session")).GetProperty("department").GetString() == "DPU", "the officer follows");
        (await (await host.SignIn("33.28", "officer.dishub")).GetFromJsonAsync<JsonElement>($"{Here}/session")).GetProperty("department").GetString().ShouldBe("DPU");
        using (var started = await officer.PostAsJsonAsync($"{Here}/reports/{ticket}/starts", new { note = "Teknisi berangkat." }))
        {
            started.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden);
        }

        (await (await host.SignIn("33.76", "officer.dishub")).GetFromJsonAsync<JsonElement>("/api/v1/regencies/33.76/session")).GetProperty("department").GetString().ShouldBe("DISHUB", "another regency's stay");
        (await Department("DISHUB")).GetProperty("mergedInto").GetString().ShouldBe("DPU");
        (await Department("DISHUB")).GetProperty("name").GetString().ShouldBe("Dinas Perhubungan");
        var next = await host.FileReport(category: "lampu-lalin", description: "lampu merah padam");
        (await host.Reaches(next, "assigned")).GetProperty("department").GetString().ShouldBe("DPU");
    }

    [Fact]
    public async Task renames_from_a_day_on()
    {
        var regent = await host.SignIn("33.28", "regent");

        (await regent.PostAsJsonAsync($"{Here}/departments/DLH/renamings", new { name = "Dinas Lingkungan", englishName = "Environment Office", on = "2026-02-01" })).EnsureSuccessStatusCode();

        var former = (await Department("DLH")).GetProperty("formerNames")[0];
        (former.GetProperty("name").GetString(), former.GetProperty("until").GetString()).ShouldBe(("Dinas Lingkungan Hidup", "2026-01-31"));
        (await regent.PostAsJsonAsync($"{Here}/departments/DLH/renamings", new { name = "X", englishName = "Y", on = "2026-01-15" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task exports_what_an_import_takes_and_tries_it_first()
    {
        var caller = await Operator();
        var csv = await host.Http.GetStringAsync($"{Here}/departments/export.csv");
        (await SmartCityHost.Json(await caller.PostAsync($"{Here}/departments/import", Csv(csv)))).GetProperty("changed").GetArrayLength().ShouldBe(0);
        const string header = "code,name,englishName,kind,isPublicService,parent,workingHours,accounts,districts\n";
        var more = header + "UPT-JALAN,UPT Jalan,Roads Unit,regency,true,DINAS-BARU,Mon-Thu 07:30-16:00; Fri 07:30-14:30,,33.28.10 33.28.11\nDINAS-BARU,Dinas Baru,New Department,regency,ya,,,-x:dinas_baru,\n";

        var tried = await SmartCityHost.Json(await caller.PostAsync($"{Here}/departments/import?dryRun=true", Csv(more)));
        tried.GetProperty("new").EnumerateArray().Select(c => c.GetString()).ShouldBe(["UPT-JALAN", "DINAS-BARU"]);
        (await host.Http.GetAsync($"{Here}/departments/DINAS-BARU")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await caller.PostAsync($"{Here}/departments/import", Csv(more))).EnsureSuccessStatusCode();
        (await Department("UPT-JALAN")).GetProperty("parent").GetString().ShouldBe("DINAS-BARU");
        (await Department("UPT-JALAN")).GetProperty("districts").EnumerateArray().Select(d => d.GetString()).ShouldBe(["33.28.10", "33.28.11"]);
        (await host.Http.GetStringAsync($"{Here}/departments/export.csv")).ShouldContain("33.28.10 33.28.11");
        (await Department("DINAS-BARU")).GetProperty("accounts")[0].GetProperty("isActive").GetBoolean().ShouldBeFalse();

        // JSON as the list gives it; bad lines are named and nothing is taken over.
        using var again = new StringContent(await host.Http.GetStringAsync($"{Here}/departments"), Encoding.UTF8, "application/json");
        (await SmartCityHost.Json(await caller.PostAsync($"{Here}/departments/import", again))).GetProperty("changed").GetArrayLength().ShouldBe(0);
        using var bad = await caller.PostAsync($"{Here}/departments/import", Csv(header + "OKE,Oke,Okay,regency,true,,,,\nOKE-2,,No name,regency,true,,kapan saja,,99.99.99\nA,B,C,planet,true,,,,\n"));
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var faults = (await bad.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("faults").EnumerateArray().Select(f => (f.GetProperty("line").GetInt32(), f.GetProperty("field").GetString())).ToArray();
        faults.ShouldBe([(3, "name"), (3, "workingHours"), (3, "districts"), (4, "kind")], ignoreOrder: true);
        (await host.Http.GetAsync($"{Here}/departments/OKE")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.28", "regent")).PostAsync($"{Here}/departments/import", Csv(more))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task exports_all_that_is_known_of_them_and_an_import_elsewhere_makes_the_same()
    {
        const string there = "/api/v1/regencies/33.76";
        var (caller, other) = (await Operator(), await Operator());
        // What a department leans on is there first: a category, a parent.
        const string header = "code,name,englishName,kind,isPublicService,head,parent,workingHours,accounts,categories,headName,headFrom,headIsActing,formerNames,mergedInto,mergedOn\n";
        const string rows = "UJI-INDUK,\"Dinas Uji, Induk\",Parent Office,regency,true,Kepala,,Mon-Thu 07:30-16:00; Fri 07:30-14:30,x:uji_induk:777001 -telegram:uji_lama,uji-kategori,\"Dra. Uji, M.Si.\",2025-01-06,true,\"2016-12-31|Dinas Lama|Old Office\n2020-12-31|Dinas Tengah|Middle Office\",,\n"
            + "UJI-UNIT,Unit Uji,Unit,regency,false,,UJI-INDUK,,,,,,,,,\nUJI-LAMA,Dinas Yang Dilebur,Merged Office,regency,false,,,,,,,,,,UJI-INDUK,2017-01-01\n";
        foreach (var (who, here) in new[] { (caller, Here), (other, there) })
        {
            (await who.PutAsJsonAsync($"{here}/categories/uji-kategori", new { name = "Uji", englishName = "Test", description = "Untuk uji", group = "Uji", keywords = new[] { "ujiuji" } })).EnsureSuccessStatusCode();
        }

        (await caller.PostAsync($"{Here}/departments/import", Csv(header + rows))).EnsureSuccessStatusCode();
        static string Own(string csv)
        {
            var rows = SmartCity.Platform.Csv.Read(csv);
            return SmartCity.Platform.Csv.Write(rows[0], rows.Where(r => r[0].StartsWith("UJI-", StringComparison.Ordinal)).Select(r => (IReadOnlyList<object?>)[.. r.Select(c => c.TrimStart('\''))]));
        }

        var exported = Own(await host.Http.GetStringAsync($"{Here}/departments/export.csv"));
        exported.ShouldContain("uji-kategori,\"Dra. Uji, M.Si.\",2025-01-06,,true,\"2016-12-31|Dinas Lama|Old Office");
        exported.ShouldContain("UJI-INDUK,2017-01-01");
        exported.ShouldNotContain("officers", Case.Sensitive, "who signs in is the operator's business");

        var tried = await SmartCityHost.Json(await other.PostAsync($"{there}/departments/import?dryRun=true", Csv(exported)));
        tried.GetProperty("new").GetArrayLength().ShouldBe(3);
        (await other.PostAsync($"{there}/departments/import", Csv(exported))).EnsureSuccessStatusCode();
        Own(await host.Http.GetStringAsync($"{there}/departments/export.csv")).ShouldBe(exported);
        (await SmartCityHost.Json(await other.PostAsync($"{there}/departments/import", Csv(exported)))).GetProperty("unchanged").GetInt32().ShouldBe(3);

        // JSON says the same as CSV, with the officers for the operator, and is taken back as it is.
        var json = await caller.GetStringAsync($"{Here}/departments/export.json");
        var parent = JsonDocument.Parse(json).RootElement.EnumerateArray().Single(d => d.GetProperty("code").GetString() == "UJI-INDUK");
        (parent.GetProperty("headTerm").GetProperty("from").GetString(), parent.GetProperty("categories")[0].GetString(), parent.GetProperty("formerNames").GetArrayLength()).ShouldBe(("2025-01-06", "uji-kategori", 2));
        JsonDocument.Parse(json).RootElement.EnumerateArray().Single(d => d.GetProperty("code").GetString() == "DPU").GetProperty("officers").EnumerateArray().Select(o => o.GetString()).ShouldContain("officer.dpu");
        using var again = new StringContent(json, Encoding.UTF8, "application/json");
        var same = await SmartCityHost.Json(await caller.PostAsync($"{Here}/departments/import", again));
        (same.GetProperty("changed").GetArrayLength(), same.GetProperty("new").GetArrayLength()).ShouldBe((0, 0));
        (await host.Http.GetStringAsync($"{Here}/departments/export.json")).ShouldNotContain("officer.dpu");

        // Each bad line is named, with its column.
        using var bad = await caller.PostAsync($"{Here}/departments/import?dryRun=true", Csv(header
            + "UJI-A,A,A,regency,mungkin,,,,,,,,,,,\nUJI-B,B,B,regency,true,,,,,tidak-ada,,,,,,\nUJI-C,C,C,regency,true,,,,,,Budi,kapan,,,,\nUJI-D,D,D,regency,true,,,,,,,,,dulu,,\nUJI-E,E,E,regency,true,,,,,,,,,,TIDAK-ADA,\n"
            + "UJI-INDUK,\"Dinas Uji, Induk\",Parent Office,regency,true,,,,,,,,,2015-12-31|Lain|Other,,\nUJI-G,G,G,regency,true,,,,,jalan-rusak,,,,,,\nUJI-H,H,H,regency,true,,,,,jalan-rusak,,,,,,\n"));
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await bad.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("faults").EnumerateArray().Select(f => (f.GetProperty("line").GetInt32(), f.GetProperty("field").GetString()))
            .ShouldBe([(2, "isPublicService"), (3, "categories"), (4, "headFrom"), (5, "formerNames"), (6, "mergedInto"), (7, "formerNames"), (9, "categories")], ignoreOrder: true);
    }
}
