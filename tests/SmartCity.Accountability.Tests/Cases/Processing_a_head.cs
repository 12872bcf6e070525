using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Cases;

public sealed class Processing_a_head(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Path = LadderHost.Here + "/accountability-cases";

    private async Task<JsonElement?> Seen(string name, string id, string regency = "33.28")
    {
        var staff = await host.SignIn(regency, name);
        using var answer = await staff.GetAsync($"/api/v1/regencies/{regency}/accountability-cases/{id}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await SmartCityHost.Json(answer);
    }

    private async Task<JsonElement> Post(string name, string path, object body)
    {
        var staff = await host.SignIn("33.28", name);
        return await SmartCityHost.Json(await staff.PostAsJsonAsync(Path + path, body));
    }

    private async Task<HttpStatusCode> Status(string name, string path, object body)
    {
        var staff = await host.SignIn("33.28", name);
        return (await staff.PostAsJsonAsync(Path + path, body)).StatusCode;
    }

    [Fact]
    public async Task makes_one_case_of_what_many_begin_at_the_same_moment()
    {
        var tickets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Owed()));
        var regent = await host.SignIn("33.28", "regent");

        var answers = await Task.WhenAll(tickets.Select(ticket => regent.PostAsJsonAsync(Path, new { department = "DISHUB", reports = new[] { ticket }, reason = "Lampu tidak diperbaiki." })));

        // Whoever loses every race is told so, and nothing breaks.
        answers.Select(a => a.StatusCode).ShouldAllBe(status => status == HttpStatusCode.OK || status == HttpStatusCode.Conflict);
        var done = await Task.WhenAll(answers.Where(a => a.StatusCode == HttpStatusCode.OK).Select(async a => (await SmartCityHost.Json(a)).GetProperty("id").GetString()!));
        var id = done.Distinct().ShouldHaveSingleItem();
        var reports = (await Seen("regent", id))!.Value.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()!).ToHashSet();
        foreach (var (ticket, answer) in tickets.Zip(answers))
        {
            reports.Contains(ticket).ShouldBe(answer.StatusCode == HttpStatusCode.OK, ticket);
        }
    }

    [Fact]
    public async Task hears_the_head_before_it_decides_and_shows_it_to_nobody_else_until_then()
    {
        var ticket = await host.Owed();
        var opened = await Post("sekda", "", new { department = "DPU", reports = new[] { ticket }, reason = "Sudah tiga kali diingatkan." });
        var id = opened.GetProperty("id").GetString()!;
        (opened.GetProperty("state").GetString(), opened.GetProperty("ground").GetString(), opened.GetProperty("name").GetString()).ShouldBe(("open", "secretary", "Drs. Bagas Wirasakti, M.Si."));

        foreach (var name in new[] { "officer.dpu", "officer.dishub", "dispatcher" })
        {
            (await Seen(name, id)).ShouldBeNull($"{name} is not concerned");
            (await Status(name, $"/{id}/decisions", new { outcome = "reminder", reason = "x" })).ShouldBe(HttpStatusCode.NotFound);
        }

        foreach (var name in new[] { "head.dpu", "sekda", "regent", "officer.inspektorat", "auditor" })
        {
            (await Seen(name, id))!.Value.GetProperty("reason").GetString().ShouldBe("Sudah tiga kali diingatkan.");
        }

        (await Seen("regent", id, "33.76")).ShouldBeNull();
        (await Status("regent", $"/{id}/decisions", new { outcome = "reminder", reason = "x" })).ShouldBe(HttpStatusCode.Conflict, "the head is not heard yet");
        (await Status("sekda", $"/{id}/statements", new { text = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await Status("head.dpu", $"/{id}/statements", new { text = "" })).ShouldBe(HttpStatusCode.BadRequest);
        await Post("head.dpu", $"/{id}/statements", new { text = "Alat berat rusak sejak Senin." });
        (await Status("sekda", $"/{id}/decisions", new { outcome = "reminder", reason = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await Status("regent", $"/{id}/decisions", new { outcome = "hukuman", reason = "x" })).ShouldBe(HttpStatusCode.BadRequest);
        var decided = await Post("regent", $"/{id}/decisions", new { outcome = "reminder", reason = "Sewa alat lebih awal." });
        decided.GetProperty("state").GetString().ShouldBe("decided");

        // Now it is known that there was one and how it ended, but not what was said.
        var known = (await Seen("dispatcher", id))!.Value;
        known.GetProperty("outcome").GetString().ShouldBe("reminder");
        known.TryGetProperty("statement", out _).ShouldBeFalse();
        known.TryGetProperty("decision", out _).ShouldBeFalse();
        (await Seen("auditor", id))!.Value.GetProperty("statement").GetString().ShouldBe("Alat berat rusak sejak Senin.");
        (await Status("regent", $"/{id}/decisions", new { outcome = "writtenWarning", reason = "x" })).ShouldBe(HttpStatusCode.Conflict);
        (await Post("regent", $"/{id}/closings", new { note = "Selesai." })).GetProperty("state").GetString().ShouldBe("closed");

        // The next one is another case, of the same person.
        var second = await host.Owed(description: "Jembatan retak di jalan desa");
        (await Post("regent", "", new { department = "DPU", reports = new[] { second }, reason = "Lagi." })).GetProperty("id").GetString().ShouldNotBe(id);
        await SmartCityHost.Until(async () => (await host.Outbox("case-opened")).Length >= 2, "the head is told of each");
    }

    [Fact]
    public async Task adds_to_the_case_that_is_open()
    {
        var (one, two) = (await host.Owed("lampu-lalin", "bangjo mati"), await host.Owed("lampu-lalin", "lampu merah padam di perempatan"));
        var first = await Post("regent", "", new { department = "DISHUB", reports = new[] { one }, reason = "Gelap." });

        var again = await Post("regent", "", new { department = "DISHUB", reports = new[] { two }, reason = "Masih gelap." });

        again.GetProperty("id").GetString().ShouldBe(first.GetProperty("id").GetString());
        // The ladder may have opened the head's case before, with reports of its own.
        again.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()).Where(t => t == one || t == two).ShouldBe([one, two]);
    }

    [Fact]
    public async Task needs_a_report_a_reason_and_a_head()
    {
        var ticket = await host.Owed();
        (await Status("officer.dpu", "", new { department = "DPU", reports = new[] { ticket }, reason = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        (await Status("regent", "", new { department = "DPU", reports = Array.Empty<string>(), reason = "x" })).ShouldBe(HttpStatusCode.BadRequest);
        (await Status("regent", "", new { department = "DPU", reports = new[] { "2016-999999" }, reason = "x" })).ShouldBe(HttpStatusCode.BadRequest);
        (await Status("regent", "", new { department = "DPU", reports = new[] { ticket } })).ShouldBe(HttpStatusCode.BadRequest);
        (await Status("regent", "", new { department = "PLN", reports = new[] { ticket }, reason = "x" })).ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "regent")).GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
