using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Repayments;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Money;

public class The_next_letter
{
    private static LetterIssued Issued(int entry, LetterKind kind, params string[] obligations) => new(
        entry, "c-1", ObligorKind.Contractor, "CV Contoh", kind, Math.Min(entry, 3), $"900/{entry}", new DateOnly(2026, entry, 1), 14, new DateOnly(2026, entry, 15), "Ny. Contoh", "Kepala BPKAD", null,
        [.. obligations.Select(o => new LetterLine(o, o, "DPU", "Dinas", 2014, 100, 0, 100))], 100, "staff:bpkad");

    [Fact]
    public void follows_from_those_issued_about_what_is_still_not_paid()
    {
        LetterIssued[] issued = [Issued(1, LetterKind.Demand, "ob-1", "ob-2"), Issued(2, LetterKind.Reminder, "ob-1"), Issued(3, LetterKind.Reminder, "ob-1")];

        LetterRules.Next([], new HashSet<string> { "ob-1" }).ShouldBe((LetterKind.Demand, 1, null));
        LetterRules.Next(issued[..1], new HashSet<string> { "ob-1" }).ShouldBe((LetterKind.Reminder, 2, issued[0]));
        LetterRules.Next(issued[..2], new HashSet<string> { "ob-1" }).ShouldBe((LetterKind.Reminder, 3, issued[1]));
        LetterRules.Next(issued, new HashSet<string> { "ob-1" }).ShouldBe((LetterKind.Reminder, 3, issued[2]), "the third is the last sort there is");
        LetterRules.Next(issued, new HashSet<string> { "ob-2" }).ShouldBe((LetterKind.Reminder, 2, issued[0]));
        LetterRules.Next(issued, new HashSet<string> { "ob-3" }).ShouldBe((LetterKind.Demand, 1, null), "the old ones are paid");
    }
}

public sealed class Letters_of_the_treasury(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28", Letters = Api + "/repayments/letters";

    private async Task<(string Obligation, string Obligor)> Registered(string reference, string name)
    {
        using var answer = await (await host.SignIn("33.28", "bpkad")).PostAsJsonAsync($"{Api}/obligations", new { reference, name, department = "DPU", year = 2014, amount = 1000.50m, on = "2015-06-01" });
        var made = await SmartCityHost.Json(answer);
        return (made.GetProperty("id").GetString()!, made.GetProperty("obligor").GetProperty("id").GetString()!);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Issue(HttpClient client, string obligor, string number, string on, int? days = 14, string signatory = "Ny. Contoh")
    {
        using var answer = await client.PostAsJsonAsync(Letters, new { obligor, number, on, days, signatory });
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    [Fact]
    public async Task are_on_record_as_they_were_issued_and_climb_from_demand_to_the_last_reminder()
    {
        var (obligation, obligor) = await Registered("S-1", "CV Surat Rekaan (contoh)");
        var treasury = await host.SignIn("33.28", "bpkad");

        var (created, first) = await Issue(treasury, obligor, "900/1", "2016-01-04");
        created.ShouldBe(HttpStatusCode.Created, first.ToString());
        (first.GetProperty("kind").GetString(), first.GetProperty("level").GetInt32(), first.GetProperty("dueOn").GetString(), first.GetProperty("outstanding").GetDecimal(), first.GetProperty("issuedBy").GetString())
            .ShouldBe(("demand", 1, "2016-01-18", 1000.50m, "staff:bpkad"));
        (await Issue(treasury, obligor, "900/1", "2016-01-04")).Status.ShouldBe(HttpStatusCode.OK, "sent twice, it is one letter");
        (await Issue(treasury, obligor, "900/1", "2016-02-04")).Status.ShouldBe(HttpStatusCode.Conflict);
        var (early, problem) = await Issue(treasury, obligor, "900/2", "2016-01-18");
        (early, problem.GetProperty("errors")[0].GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Conflict, "letter.waiting"));

        var other = await host.SignIn("33.28", "kasda");
        await treasury.PostAsJsonAsync($"{Api}/deposits", new { obligation, on = "2016-01-10", document = "STS-1", amount = 400 });
        await other.PostAsJsonAsync($"{Api}/deposits/{obligation}.2/confirmations", new { });
        var second = (await Issue(treasury, obligor, "900/2", "2016-01-19")).Body;
        (second.GetProperty("kind").GetString(), second.GetProperty("level").GetInt32(), second.GetProperty("outstanding").GetDecimal(), second.GetProperty("previous").GetString())
            .ShouldBe(("reminder", 2, 600.50m, "Nomor 900/1 tanggal 4 Januari 2016"));
        (await Issue(treasury, obligor, "900/3", "2016-03-01")).Body.GetProperty("level").GetInt32().ShouldBe(3);
        await treasury.PostAsJsonAsync($"{Api}/deposits", new { obligation, on = "2016-04-01", document = "STS-2", amount = 600.50m });
        await other.PostAsJsonAsync($"{Api}/deposits/{obligation}.3/confirmations", new { });
        (await Issue(treasury, obligor, "900/4", "2016-05-01")).Body.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("letter.nothing_owed");

        // What came in later changes nothing of what was written.
        var again = await treasury.GetFromJsonAsync<JsonElement>($"{Letters}/{first.GetProperty("id").GetString()}");
        again.ToString().ShouldBe(first.ToString());
        var listed = (await treasury.GetFromJsonAsync<JsonElement[]>($"{Letters}?obligation={obligation}"))!;
        listed.Select(l => l.GetProperty("number").GetString()).ShouldBe(["900/1", "900/2", "900/3"]);
        (await treasury.GetFromJsonAsync<JsonElement[]>($"{Letters}?obligor={obligor}&asOf=2016-01-31"))!.Length.ShouldBe(2);
        (await treasury.GetStringAsync($"{Letters}?obligor={obligor}&format=csv")).Split("\r\n")[1].ShouldContain("900/1,2016-01-04,14,2016-01-18,1000.5");
    }

    [Fact]
    public async Task say_what_is_wrong_with_what_was_sent()
    {
        var (_, obligor) = await Registered("S-2", "CV Salah Rekaan (contoh)");
        var treasury = await host.SignIn("33.28", "bpkad");

        (await Issue(treasury, obligor, "", "2016-01-04", 0, "")).Body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["number", "signatory", "days"]);
        (await Issue(treasury, obligor, "900/9", "2099-01-04")).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("on");
        (await Issue(treasury, "c-tidak-ada", "900/9", "2016-01-04")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await treasury.GetAsync($"{Letters}?asOf=kemarin")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await treasury.GetAsync($"{Letters}/{obligor}.7")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task are_issued_by_the_treasury_and_read_by_those_who_may_in_their_regency()
    {
        var (_, obligor) = await Registered("S-3", "CV Rahasia Rekaan (contoh)");
        (await Issue(await host.SignIn("33.28", "bpkad"), obligor, "900/R", "2016-01-04")).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var (name, regency, status) in new[]
        {
            ("officer.dpu", "33.28", HttpStatusCode.OK), ("regent", "33.28", HttpStatusCode.OK), ("auditor", "33.28", HttpStatusCode.OK),
            ("dispatcher", "33.28", HttpStatusCode.Forbidden), ("bpkad", "33.76", HttpStatusCode.Forbidden), ("regent", "33.76", HttpStatusCode.Forbidden),
        })
        {
            var caller = await host.SignIn(regency, name);
            (await Issue(caller, obligor, "900/X", "2016-06-04")).Status.ShouldBe(HttpStatusCode.Forbidden, $"{name} of {regency}");
            (await caller.GetAsync($"{Letters}?obligor={obligor}")).StatusCode.ShouldBe(status, $"{name} of {regency}");
            (await caller.GetAsync($"{Letters}/{obligor}.1")).StatusCode.ShouldBe(status, $"{name} of {regency}");
        }

        (await host.Http.GetAsync(Letters)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dishub")).GetFromJsonAsync<JsonElement[]>(Letters))!.ShouldBeEmpty("an officer reads the own department's");
        (await (await host.SignIn("33.76", "bpkad")).GetStringAsync("/api/v1/regencies/33.76/repayments/letters")).ShouldNotContain("900/R");
    }
}
