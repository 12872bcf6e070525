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
}
