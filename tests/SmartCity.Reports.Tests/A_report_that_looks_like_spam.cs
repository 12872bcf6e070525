using System.Net;
using System.Net.Http.Json;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

public class What_words_are_taken_for
{
    private static readonly FileReport Command = new("33.28", "web", null, null, null, "x", new(null, null, "Slawi"), new(), []);

    private static TextClassification Taken(bool isSuspicious = false, string? department = "DPU") => new(
        [new("jalan-rusak", "Jalan rusak", 0.9)], [new("DPU", "DPU", 0.9)], new("normal", 0.9), new("complaint", 0.9), "jalan-rusak", department, false, isSuspicious, false, "m");

    [Fact]
    public void holds_back_what_looks_like_spam() => Filing.Filing.Assess(Command, Taken(isSuspicious: true), Actor.Citizen).IsHeld.ShouldBeTrue();

    [Fact]
    public void holds_back_nothing_that_staff_file() => Filing.Filing.Assess(Command, Taken(isSuspicious: true), new Actor("staff:d", Role.Dispatcher, "33.28")).IsHeld.ShouldBeFalse();

    [Fact]
    public void says_the_department_only_where_nobody_chose_a_category()
    {
        Filing.Filing.Assess(Command, Taken(), Actor.Citizen).Routed.ShouldBe("DPU");
        Filing.Filing.Assess(Command with { Category = "pju" }, Taken(), Actor.Citizen).Routed.ShouldBeNull();
    }
}

public sealed class A_report_that_looks_like_spam(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports", Spam = "slot gacor maxwin, deposit pulsa, daftar sekarang di link bio";

    private async Task<string> File(string text = Spam, string? category = null)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Reports, new { category, description = text, place = new { address = "Slawi" } });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    private static async Task<HttpStatusCode> Post(HttpClient client, string path, object? body = null)
    {
        using var answer = await client.PostAsJsonAsync($"{Reports}/{path}", body ?? new { });
        return answer.StatusCode;
    }

    [Fact]
    public async Task is_taken_but_waits_unseen_for_a_dispatcher()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var ticket = await File();

        var report = await host.Reaches(ticket, "queued", caller: dispatcher);

        report.GetProperty("isHeld").GetBoolean().ShouldBeTrue();
        report.GetProperty("timeline").EnumerateArray().Last().GetProperty("detail").GetString().ShouldBe("suspected-spam");
        report.GetProperty("allowed").EnumerateArray().Select(m => m.GetString()).ShouldContain("release");
        (await host.Http.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetStringAsync($"{Reports}?limit=1000")).ShouldNotContain(ticket);
        (await host.Http.GetStringAsync("/open311/v2/requests.json?jurisdiction_id=33.28")).ShouldNotContain(ticket);
        var held = await SmartCityHost.Json(await dispatcher.GetAsync($"{Reports}?held=true"));
        held.GetProperty("reports").EnumerateArray().ShouldAllBe(r => r.GetProperty("isHeld").GetBoolean());
        held.ToString().ShouldContain(ticket);
    }

    [Fact]
    public async Task is_public_and_routed_once_it_is_released()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var ticket = await File(category: "jalan-rusak");
        await host.Reaches(ticket, "queued", caller: dispatcher);

        (await Post(dispatcher, $"{ticket}/releases")).ShouldBe(HttpStatusCode.OK);

        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("department").GetString().ShouldBe("DPU");
        report.GetProperty("isHeld").GetBoolean().ShouldBeFalse();
        await SmartCityHost.Until(async () => (await Kinds(ticket)) is ["acknowledgement"], "the acknowledgement, now that it is none");
        (await Post(dispatcher, $"{ticket}/releases")).ShouldBe(HttpStatusCode.Conflict);
        (await Post(dispatcher, $"{ticket}/discards", new { reason = "x" })).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task is_gone_once_it_is_discarded_and_its_sender_hears_nothing_more()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var ticket = await File();
        await host.Reaches(ticket, "queued", caller: dispatcher);

        (await Post(dispatcher, $"{ticket}/discards")).ShouldBe(HttpStatusCode.BadRequest);
        (await Post(dispatcher, $"{ticket}/discards", new { reason = "judi" })).ShouldBe(HttpStatusCode.OK);

        await host.Reaches(ticket, "rejected", caller: dispatcher);
        (await host.Http.GetAsync($"{Reports}/{ticket}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Kinds(ticket)).ShouldBeEmpty();
    }

    private async Task<string?[]> Kinds(string ticket) =>
        [.. (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?ticket={ticket}"))).EnumerateArray().Select(m => m.GetProperty("kind").GetString())];

    [Fact]
    public async Task is_released_by_whoever_sends_it_to_a_department()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var ticket = await File();
        await host.Reaches(ticket, "queued", caller: dispatcher);

        (await Post(dispatcher, $"{ticket}/assignments", new { department = "SATPOLPP" })).ShouldBe(HttpStatusCode.OK);

        (await host.Reaches(ticket, "assigned")).GetProperty("isHeld").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task is_decided_by_a_dispatcher_of_its_own_regency_only()
    {
        var ticket = await File();
        await host.Reaches(ticket, "queued", caller: await host.SignIn("33.28", "dispatcher"));

        (await Post(host.Http, $"{ticket}/releases")).ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(await host.SignIn("33.28", "officer.dpu"), $"{ticket}/releases")).ShouldBe(HttpStatusCode.NotFound);
        (await Post(await host.SignIn("33.76", "dispatcher"), $"{ticket}/releases")).ShouldBe(HttpStatusCode.Forbidden);
        (await Post(await host.SignIn("33.76", "dispatcher"), $"{ticket}/discards", new { reason = "x" })).ShouldBe(HttpStatusCode.Forbidden);
        var other = await host.SignIn("33.76", "dispatcher");
        using var there = await other.PostAsJsonAsync($"/api/v1/regencies/33.76/reports/{ticket}/releases", new { });
        there.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("jalan depan rumah rusak, hubungi 081234567890", "jalan-rusak")]
    [InlineData("Large sinkhole in the street, please repair it soon", null)]
    [InlineData("dasar pemda tidur, sampah numpuk seminggu di pasar Tarub", "sampah")]
    public async Task is_not_every_one_with_a_number_a_foreign_word_or_a_curse(string text, string? category)
    {
        var ticket = await File(text);

        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"{Reports}/{ticket}")).IsSuccessStatusCode, "a public report");
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{ticket}"));
        report.GetProperty("isHeld").GetBoolean().ShouldBeFalse();
        if (category is not null)
        {
            report.GetProperty("category").GetString().ShouldBe(category);
        }
    }
}

public sealed class A_report_of_people_in_danger(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    [Fact]
    public async Task is_marked_listed_and_told_at_once()
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Reports, new { description = "kebakaran rumah di Kabunan, ada anak terjebak di dalam, tolong damkar 081234567890", place = new { address = "kec. Dukuhwaru" } });
        var ticket = (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
        var report = await host.Reaches(ticket, "assigned");

        report.GetProperty("urgency").GetString().ShouldBe("emergency");
        report.GetProperty("department").GetString().ShouldBe("BPBD");
        report.TryGetProperty("assessment", out _).ShouldBeFalse(); // how it was taken is for the staff
        (await host.Http.GetStringAsync($"{Reports}?urgency=emergency")).ShouldContain(ticket);
        (await host.Http.GetAsync($"{Reports}?urgency=soon")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var alerts = await SmartCityHost.Until(async () =>
        {
            var outbox = await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?ticket={ticket}"));
            var found = outbox.EnumerateArray().Where(m => m.GetProperty("kind").GetString() == "alert").ToArray();
            return found.Length == 4 && found.All(m => m.GetProperty("state").GetString() == "sent") ? found : null;
        }, "alerts to the dispatcher, public relations, the regent and the department");
        alerts[0].GetProperty("text").GetString()!.ShouldStartWith($"DARURAT / EMERGENCY {ticket}");
        alerts[0].GetProperty("text").GetString()!.ShouldContain("kebakaran rumah");
    }

    [Fact]
    public async Task is_told_to_each_once_however_often_it_is_published_or_sent_to_and_fro()
    {
        var ticket = await host.FileReport(category: null, description: "banjir bandang, rumah hanyut dan nenek terseret arus, tolong evakuasi");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        await host.Reaches(ticket, "assigned");
        async Task Assign(string department)
        {
            using var answer = await dispatcher.PostAsJsonAsync($"{Reports}/{ticket}/assignments", new { department });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Assign("DPU");
        await Assign("BPBD");
        await Assign("DINSOS");

        async Task<string[]> Alerted() =>
        [
            .. (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?ticket={ticket}"))).EnumerateArray().Where(m => m.GetProperty("kind").GetString() == "alert")
                .Select(m => m.GetProperty("text").GetString()!.Split(':')[0].Split(", ")[^1].TrimEnd(')')).Order(StringComparer.Ordinal),
        ];
        await SmartCityHost.Until(async () => (await Alerted()).Contains("DINSOS"), "the last department's alert");
        (await Alerted()).ShouldBe(["BPBD", "DINSOS", "DPU", "bupati", "dispatcher", "humas"]);
    }

    [Fact]
    public async Task alone_rings_a_bell()
    {
        var ticket = await host.FileReport(category: null, description: "lampu jalan mati dua titik di desa Kabunan");
        await host.Reaches(ticket, "assigned");
        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync($"/dev/outbox.json?ticket={ticket}")).Contains("acknowledgement"), "the acknowledgement");

        (await host.Http.GetStringAsync($"/dev/outbox.json?ticket={ticket}")).ShouldNotContain("alert");
    }
}
