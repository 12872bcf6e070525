using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Suggesting;
using SmartCity.Departments.Suggesting.Learning;
using SmartCity.Platform.History;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

public class A_learnt_model
{
    private static readonly Category[] Categories = [Category("pju", "DISHUB"), Category("jalan-rusak", "DPU"), Category("listrik", "PLN")];

    private static readonly Department[] Departments = [Department("DISHUB"), Department("DPU"), Department("PLN"), Department("DISPERKIM")];

    private static readonly Suggester Suggester = new(Categories, Departments, new KeywordIndex(Categories), BaseModel.Current);

    private static Category Category(string code, string department) => new(code, code, code, code, "", [], department, ReportClass.Complaint, ServiceDelivery.Realtime, []);

    private static Department Department(string code) => new(code, code, code, DepartmentKind.Regency, true, null, null, []);

    private static readonly Lesson[] Lessons =
    [
        .. Enumerable.Range(1, 6).Select(i => new Lesson($"lampu jalan alun-alun hanggawana sisi {(char)('A' + i)} mati", null, "DISPERKIM", null)),
        new Lesson("jalan berlubang depan masjid", "jalan-rusak", "DPU", null),
    ];

    [Fact]
    public void says_what_people_have_decided_and_leaves_the_rest()
    {
        var learned = LearnedModel.Of(Lessons, Suggester);
        const string taught = "lampu jalan alun-alun hanggawana dekat gerbang padam", other = "aspal jalan kecamatan mengelupas";

        Suggester.Classify(taught, null, null).Departments[0].Code.ShouldBe("DISHUB");
        Suggester.Classify(taught, null, learned).Departments[0].Code.ShouldBe("DISPERKIM");
        var (before, after) = (Suggester.Classify(other, null, null), Suggester.Classify(other, null, learned));
        after.Departments[0].Code.ShouldBe("DPU");
        after.Departments[0].Confidence.ShouldBe(before.Departments[0].Confidence, 0.1);
        after.Categories[0].Code.ShouldBe(before.Categories[0].Code);
    }

    [Fact]
    public void stays_a_distribution() => Suggester.Classify("lampu jalan alun-alun hanggawana", null, LearnedModel.Of(Lessons, Suggester)).Departments.Sum(d => d.Confidence).ShouldBeInRange(0.5, 1.01);

    [Fact]
    public void is_the_same_for_the_same_decisions_and_survives_storing()
    {
        var (one, other) = (LearnedModel.Of(Lessons, Suggester).ToBytes(), LearnedModel.Of(Lessons, Suggester).ToBytes());

        one.ShouldBe(other);
        LearnedModel.Of(one).ToBytes().ShouldBe(one);
        LearnedModel.Of(one).Decisions.ShouldBe(Lessons.Length);
    }

    [Fact]
    public void of_nothing_says_nothing()
    {
        var (with, without) = (Suggester.Classify("lampu jalan mati", null, LearnedModel.Of([], Suggester)), Suggester.Classify("lampu jalan mati", null, null));

        with.Departments.ShouldBe(without.Departments);
        with.Categories.ShouldBe(without.Categories);
    }

    [Fact]
    public void counts_how_often_suggestions_were_right()
    {
        Verdict Decided(string id, string? suggested, string? department) => new() { Id = id, SuggestedDepartment = suggested, Department = department, At = DateTimeOffset.UnixEpoch };

        var counted = GetAccuracyHandler.Count(
            [
                Decided("1", "DPU", "DPU"), Decided("2", "DISHUB", "DPU"), Decided("3", null, "DPU"), Decided("4", "PLN", "PLN"),
                new Verdict { Id = "5", WasHeld = true, Kind = "spam", At = default }, new Verdict { Id = "6", WasHeld = true, Kind = "complaint", At = default },
            ],
            RegencyDirectory.Of(Departments, Categories, []), 90, "m");

        (counted.DepartmentsDecided, counted.DepartmentsRight, counted.HeldDecided, counted.HeldRight).ShouldBe((4, 2, 2, 1));
        counted.Departments[0].ShouldSatisfyAllConditions(
            d => d.Code.ShouldBe("DPU"), d => d.Decided.ShouldBe(3), d => d.Right.ShouldBe(1), d => d.MistakenFor.Select(m => m.Code).ShouldBe(["", "DISHUB"]));
    }
}

public sealed class QuickLearner : SmartCityHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } =
        new Dictionary<string, string?> { ["SmartCity:SampleData"] = "reference", ["SmartCity:Classification:LearnAfter"] = "00:00:00.1" };
}

public sealed class Learning_from_decisions(QuickLearner host) : IClassFixture<QuickLearner>
{
    private async Task<string?> Suggested(string regency, string text)
    {
        var found = await SmartCityHost.Json(await host.Http.PostAsJsonAsync($"/api/v1/regencies/{regency}/classifications", new { text }));
        return found.GetProperty("departments")[0].GetProperty("code").GetString();
    }

    private async Task<string> Filed(string regency, string text, string? email = null)
    {
        using var answer = await host.Integrator().PostAsJsonAsync($"/api/v1/regencies/{regency}/reports", new { description = text, place = new { address = "Kabupaten" }, reporter = new { email } });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    // Routing may come between: then it is tried again. Any other refusal is a fault, and no time is lost with it.
    private static Task<bool> Assign(HttpClient dispatcher, string regency, string ticket, string department) => SmartCityHost.Until(async () =>
    {
        using var answer = await dispatcher.PostAsJsonAsync($"/api/v1/regencies/{regency}/reports/{ticket}/assignments", new { department });
        answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Conflict], await answer.Content.ReadAsStringAsync());
        return answer.StatusCode == HttpStatusCode.OK;
    }, "the assignment");

    [Fact]
    public async Task changes_the_regencys_own_suggestions_and_no_others()
    {
        const string text = "lampu hias gapura batik padam";
        var (before, elsewhere) = (await Suggested("33.28", text), await Suggested("33.76", text));
        before.ShouldNotBe("DISPORAPAR");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        foreach (var place in (string[])["utara", "selatan", "timur", "barat"])
        {
            var ticket = await Filed("33.28", $"lampu hias gapura batik sebelah {place} padam");
            await Assign(dispatcher, "33.28", ticket, "DISPORAPAR");
        }

        await SmartCityHost.Until(async () => await Suggested("33.28", text) == "DISPORAPAR", "the lesson");
        (await Suggested("33.76", text)).ShouldBe(elsewhere);

        // The suggestion may turn with the third decision already.
        var accuracy = default(JsonElement);
        await SmartCityHost.Until(async () => (accuracy = await SmartCityHost.Json(await dispatcher.GetAsync("/api/v1/regencies/33.28/classifications/accuracy"))).GetProperty("departmentsDecided").GetInt32() >= 4, "all four decisions");
        accuracy.GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("code").GetString() == "DISPORAPAR").GetProperty("right").GetInt32().ShouldBeLessThan(4);
        accuracy.GetProperty("model").GetString().ShouldNotBeNull().ShouldNotEndWith("+0");
        accuracy.GetProperty("base").GetProperty("department").GetDouble().ShouldBeInRange(0.85, 1);
        accuracy.GetProperty("base").GetProperty("messages").GetInt32().ShouldBeGreaterThan(2000);
        var other = await host.SignIn("33.76", "dispatcher");
        (await SmartCityHost.Json(await other.GetAsync("/api/v1/regencies/33.76/classifications/accuracy"))).GetProperty("departments").ToString().ShouldNotContain("gapura");

        await Nothing_is_in_the_clear("gapura batik");
    }

    [Fact]
    public async Task is_on_disk_for_other_hosts_and_later_starts_and_forgets_who_is_erased()
    {
        const string regency = "33.76", department = "DISKOMINFO", text = "kolam ikan hias balai warga kering";
        var dispatcher = await host.SignIn(regency, "dispatcher");
        var tickets = new List<string>();
        foreach (var place in (string[])["depan", "belakang", "kiri", "kanan"])
        {
            tickets.Add(await Filed(regency, $"kolam ikan hias balai warga sisi {place} kering", $"warga-{place}@contoh.id"));
            await Assign(dispatcher, regency, tickets[^1], department);
        }

        await SmartCityHost.Until(async () => await Suggested(regency, text) == department, "the lesson");
        // The suggestion may turn with the third decision already.
        await SmartCityHost.Until(async () => await OnAnotherHost(regency) == 4, "all four lessons on disk");

        var officer = await host.SignIn(regency, "pdp");
        foreach (var ticket in tickets)
        {
            var found = await SmartCityHost.Json(await officer.PostAsJsonAsync($"/api/v1/regencies/{regency}/personal-data/search", new { number = ticket }));
            using var erased = await officer.PostAsJsonAsync($"/api/v1/regencies/{regency}/personal-data/erasures",
                new { traces = found.EnumerateArray().Select(t => t.GetProperty("id").GetString()).ToArray(), ground = "request", proof = "letter", reference = "B-18" });
            erased.IsSuccessStatusCode.ShouldBeTrue(await erased.Content.ReadAsStringAsync());
        }

        await SmartCityHost.Until(async () => await OnAnotherHost(regency) == 0, "a model that has forgotten");
        (await SmartCityHost.Json(await dispatcher.GetAsync($"/api/v1/regencies/{regency}/classifications/accuracy"))).GetProperty("departmentsDecided").GetInt32().ShouldBe(4);
    }

    // A host that has just been started knows only what is on disk.
    private async Task<int> OnAnotherHost(string regency)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await new LearnedModels().Of(regency, scope.ServiceProvider.GetRequiredService<RegencySessions>(), CancellationToken.None))?.Decisions ?? 0;
    }

    [Fact]
    public async Task is_shown_to_those_who_decide_and_watch_only()
    {
        const string address = "/api/v1/regencies/33.28/classifications/accuracy";
        (await host.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "regent")).GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await host.SignIn("33.28", "regent")).GetAsync($"{address}?days=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task Nothing_is_in_the_clear(string text)
    {
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select count(*), count(*) filter (where data::text ilike '%' || $1 || '%') from departments.mt_doc_verdict", connection)
        { Parameters = { new() { Value = text } } };
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        row.GetInt64(0).ShouldBeGreaterThan(0);
        row.GetInt64(1).ShouldBe(0);
    }
}
