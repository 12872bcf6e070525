using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public sealed class Holding_an_office(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28/offices", There = "/api/v1/regencies/33.76/offices";

    private static async Task<string?> Holder(HttpClient caller, string office, string on, string path = Here) =>
        (await caller.GetFromJsonAsync<JsonElement[]>($"{path}?on={on}"))!.Where(o => o.GetProperty("office").GetString() == office).Select(o => o.GetProperty("name").GetString()).SingleOrDefault();

    private static async Task<JsonElement> Fault(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
    }

    [Fact]
    public async Task is_known_for_any_day_and_stays_known_when_somebody_else_takes_over()
    {
        var regent = await host.SignIn("33.28", "regent");
        (await Holder(host.Http, "head-DPU", "2016-10-31")).ShouldBe("Ir. Agung Tejakusuma, M.T.");
        (await Holder(host.Http, "head-DPU", "2013-01-01")).ShouldBeNull();
        var former = await Holder(host.Http, "head-DISHUB", "2026-06-01");

        (await regent.PostAsJsonAsync($"{Here}/head-DISHUB/appointments", new { name = "Contoh Baru, S.T.", from = "2026-09-01", user = "head.dishub", isActing = true })).EnsureSuccessStatusCode();

        (await Holder(host.Http, "head-DISHUB", "2026-08-31")).ShouldBe(former);
        (await Holder(host.Http, "head-DISHUB", "2026-09-01")).ShouldBe("Contoh Baru, S.T.");
        (await regent.PostAsJsonAsync($"{Here}/head-DISHUB/endings", new { until = "2026-12-31" })).EnsureSuccessStatusCode();
        (await Holder(host.Http, "head-DISHUB", "2026-12-31")).ShouldBe("Contoh Baru, S.T.");
        (await Holder(host.Http, "head-DISHUB", "2027-01-01")).ShouldBeNull();
        var terms = (await host.Http.GetFromJsonAsync<JsonElement[]>($"{Here}/head-DISHUB"))!;
        terms.Select(t => t.GetProperty("id").GetString()).ShouldBe(["head-DISHUB-2025-07-01", "head-DISHUB-2026-09-01"]);
    }

    [Fact]
    public async Task shows_number_account_and_address_only_to_those_who_appoint()
    {
        var regent = await host.SignIn("33.28", "regent");
        var term = new { name = "Contoh Alamat", from = "2020-01-01", until = "2020-12-31", nip = "198001012005011001", user = "ani", contact = new { channel = "sms", to = "+62000000009" } };

        using var answer = await regent.PostAsJsonAsync($"{Here}/head-BPBD/appointments", term);

        (await SmartCityHost.Json(answer))[0].GetProperty("contact").GetProperty("to").GetString().ShouldBe("+62000000009");
        foreach (var caller in new[] { host.Http, await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.76", "regent") })
        {
            var shown = await caller.GetStringAsync($"{Here}/head-BPBD");
            shown.ShouldContain("Contoh Alamat");
            shown.ShouldNotContain("198001012005011001");
            shown.ShouldNotContain("+62000000009");
            shown.ShouldNotContain("staff:ani");
        }

        // The same again changes nothing.
        (await regent.PostAsJsonAsync($"{Here}/head-BPBD/appointments", term)).EnsureSuccessStatusCode();
        (await host.Http.GetFromJsonAsync<JsonElement[]>($"{Here}/head-BPBD"))!.Length.ShouldBe(2);
    }

    [Fact]
    public async Task does_not_overlap_and_names_what_is_wrong()
    {
        var regent = await host.SignIn("33.28", "regent");
        Task<HttpResponseMessage> Appoint(string office, object body) => regent.PostAsJsonAsync($"{Here}/{office}/appointments", body);

        (await Fault(await Appoint("head-DPU", new { name = "A", from = "2017-06-01", until = "2017-07-01" }))).GetProperty("code").GetString().ShouldBe("from.overlap");
        (await Fault(await Appoint("head-DPU", new { name = "", from = "2030-01-01" }))).GetProperty("field").GetString().ShouldBe("name");
        (await Fault(await Appoint("head-DPU", new { name = "A" }))).GetProperty("field").GetString().ShouldBe("from");
        (await Fault(await Appoint("head-DPU", new { name = "A", from = "2030-01-01", nip = "123" }))).GetProperty("field").GetString().ShouldBe("nip");
        (await Fault(await Appoint("head-DPU", new { name = "A", from = "2030-01-01", contact = new { channel = "x", to = "a" } }))).GetProperty("field").GetString().ShouldBe("contact.channel");
        (await Fault(await Appoint("head-DPU", new { name = "A", from = "2030-01-01", contact = new { channel = "sms" } }))).GetProperty("field").GetString().ShouldBe("contact.to");
        (await Fault(await Appoint("head-PLN", new { name = "A", from = "2030-01-01" }))).GetProperty("code").GetString().ShouldBe("office.outside");
        (await Fault(await Appoint("kaisar", new { name = "A", from = "2030-01-01" }))).GetProperty("code").GetString().ShouldBe("office.unknown");
        (await regent.PostAsJsonAsync($"{Here}/head-DPU/endings", new { until = "2010-01-01" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task is_given_by_the_regent_or_an_operator_of_this_regency_only()
    {
        var body = new { name = "Contoh", from = "2031-01-01", until = "2031-01-31" };
        foreach (var name in new[] { "dispatcher", "officer.dpu", "auditor", "sekda" })
        {
            (await (await host.SignIn("33.28", name)).PostAsJsonAsync($"{Here}/secretary/appointments", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await host.Http.PostAsJsonAsync($"{Here}/secretary/appointments", body)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "regent")).PostAsJsonAsync($"{Here}/secretary/appointments", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Holder(host.Http, "regent", "2026-01-01", There)).ShouldNotBe(await Holder(host.Http, "regent", "2026-01-01"));
    }
}
