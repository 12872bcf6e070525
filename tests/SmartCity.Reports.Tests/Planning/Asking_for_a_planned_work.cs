using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Planning;

public sealed class Asking_for_a_planned_work(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Api = "/api/v1/regencies/33.28", Reports = $"{Api}/reports", Works = $"{Api}/planned-works";

    private async Task<string> Assigned(string description = "Jalan berlubang", bool isConfidential = false)
    {
        using var filed = await host.Integrator().PostAsJsonAsync(Reports, new { category = "jalan-rusak", description, isConfidential, place = new { address = "Slawi" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned", caller: await host.SignIn("33.28", "dispatcher"));
        return ticket;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Send(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private async Task<string> Planned(string name, int year = 2028, decimal cost = 1_250_000m)
    {
        var (status, work) = await Send(await host.SignIn("33.28", "officer.dpu"), HttpMethod.Post, Works, new { name, districts = new[] { "33.28.10" }, fiscalYear = year, cost, source = "apbd" });
        status.ShouldBe(HttpStatusCode.Created, work.ToString());
        return work.GetProperty("id").GetString()!;
    }

    private static object Budget(string work, decimal cost = 750_000_000m, int year = 2027) => new
    {
        text = "Perlu anggaran.",
        outcome = new { kind = "needsBudget", cost, source = "apbd", fiscalYear = year, work },
    };

    private async Task<string[]> Told(string ticket, string kind = "plan") =>
        [.. (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?regency=33.28&ticket={ticket}"))).EnumerateArray()
            .Where(m => m.GetProperty("kind").GetString() == kind).Select(m => m.GetProperty("text").GetString()!)];

    private Task<string[]> Hears(string ticket, int times, string kind = "plan") =>
        SmartCityHost.Until(async () => await Told(ticket, kind) is var told && told.Length >= times ? told : null, $"{times} {kind} for {ticket}");

    [Fact]
    public async Task begins_with_an_answer_that_names_it_and_two_answers_name_one_work()
    {
        var (one, two) = (await Assigned(), await Assigned());
        var officer = await host.SignIn("33.28", "officer.dpu");

        (await Send(officer, HttpMethod.Post, $"{Reports}/{one}/answers", Budget("Talud Kali Gung"))).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(officer, HttpMethod.Post, $"{Reports}/{two}/answers", Budget("talud kali  gung"))).Status.ShouldBe(HttpStatusCode.OK);
        var (status, other) = await Send(officer, HttpMethod.Post, $"{Reports}/{two}/answers", Budget("Talud Kali Gung", cost: 1));
        status.ShouldBe(HttpStatusCode.Conflict);
        other.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("outcome.work");

        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{two}"));
        report.GetProperty("state").GetString().ShouldBe("answered");
        var funding = report.GetProperty("funding");
        (funding.GetProperty("outcome").GetString(), funding.GetProperty("cost").GetDecimal(), funding.GetProperty("fiscalYear").GetInt32()).ShouldBe(("needsBudget", 750_000_000m, 2027));
        var id = funding.GetProperty("plan").GetProperty("work").GetString()!;
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Works}/{id}"))).GetProperty("reports").GetInt32().ShouldBe(2);
        var asking = await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}?plannedWork={id}"));
        asking.GetProperty("reports").EnumerateArray().Select(r => r.GetProperty("ticket").GetString()).ShouldBe([two, one]);
        (await Hears(one, 1, "answer"))[0].ShouldContain("Perlu Rp 750.000.000 dari APBD 2027: “Talud Kali Gung”");

        var open311 = await SmartCityHost.Json(await host.Http.GetAsync($"/open311/v2/requests/{one}.json?jurisdiction_id=33.28&extensions=true"));
        var extended = open311[0].GetProperty("extended_attributes").GetProperty("funding");
        (extended.GetProperty("planned_work").GetString(), extended.GetProperty("source").GetString(), extended.GetProperty("cost").GetDecimal()).ShouldBe(("Talud Kali Gung", "apbd", 750_000_000m));
    }

    [Fact]
    public async Task plans_nothing_by_an_answer_that_came_too_late()
    {
        var (ticket, officer) = (await Assigned(), await host.SignIn("33.28", "officer.dpu"));
        // Away from where it was filed from, so that what the platform does of itself is over: a version that all of them saw.
        var version = (await SmartCityHost.Json(await officer.GetAsync($"{Reports}/{ticket}"))).GetProperty("version").GetInt64();
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Send(officer, HttpMethod.Post, $"{Reports}/{ticket}/answers", new
        {
            text = "Perlu anggaran.",
            expectedVersion = version,
            outcome = new { kind = "needsBudget", cost = 1_000_000m * i, source = "apbd", fiscalYear = 2029, work = $"Gorong-gorong {ticket} {i}" },
        })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK || answer.Status == HttpStatusCode.Conflict);
        var works = await SmartCityHost.Json(await host.Http.GetAsync($"{Works}?fiscalYear=2029&department=DPU&limit=100"));
        var planned = works.GetProperty("works").EnumerateArray().Where(work => work.GetProperty("terms").GetProperty("name").GetString()!.Contains(ticket, StringComparison.Ordinal)).ToArray();
        planned.Length.ShouldBe(answers.Count(answer => answer.Status == HttpStatusCode.OK));
        planned.ShouldAllBe(work => work.GetProperty("reports").GetInt32() == 1);
    }

    [Fact]
    public async Task is_written_down_when_the_answer_is_published_should_it_not_have_been_before()
    {
        var (ticket, officer) = (await Assigned(), await host.SignIn("33.28", "officer.dpu"));
        (await Send(officer, HttpMethod.Post, $"{Reports}/{ticket}/answers", Budget($"Jembatan {ticket}"))).Status.ShouldBe(HttpStatusCode.OK);
        var work = (await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{ticket}"))).GetProperty("funding").GetProperty("plan").GetProperty("work").GetString()!;
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        var answered = (await session.Events.FetchStreamAsync(ticket)).Single(e => e.Data is ReportAnswered);
        // As if the host had stopped between the two: the same answer with a work that nobody has written down.
        var (data, lost) = ((ReportAnswered)answered.Data, $"Jembatan gantung {ticket}");
        var plan = data.Outcome!.Plan! with { Name = lost, Work = work[..^4] + "0000" };
        await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new Committed<ReportAnswered>(data with { Outcome = data.Outcome with { Plan = plan } }, answered.Envelope()));

        (await host.Http.GetStringAsync($"{Works}?fiscalYear=2027&department=DPU&limit=100")).ShouldContain(lost);
    }

    [Fact]
    public async Task is_not_the_only_answer()
    {
        var officer = await host.SignIn("33.28", "officer.dpu");
        var (scheduled, refused, done) = (await Assigned(), await Assigned(), await Assigned());

        (await Send(officer, HttpMethod.Post, $"{Reports}/{scheduled}/answers", new { text = "Dijadwalkan.", outcome = new { kind = "scheduled", when = "2099-Q1" } })).Status.ShouldBe(HttpStatusCode.OK);
        (await Hears(scheduled, 1, "answer"))[0].ShouldContain("Dijadwalkan triwulan 1 tahun 2099");
        var (_, answered) = await Send(officer, HttpMethod.Post, $"{Reports}/{refused}/answers", new { outcome = new { kind = "notPossible", reason = "Tanah milik pribadi." } });
        answered.GetProperty("state").GetString().ShouldBe("settled");
        (await Hears(refused, 1, "answer"))[0].ShouldContain("Tanah milik pribadi.");
        (await Send(officer, HttpMethod.Post, $"{Reports}/{done}/answers", new { text = "Beres.", outcome = new { kind = "done" } })).Body.GetProperty("state").GetString().ShouldBe("settled");
        var (status, wrong) = await Send(officer, HttpMethod.Post, $"{Reports}/{scheduled}/answers", new { text = "x", outcome = new { kind = "needsBudget", cost = 1.5, source = "apbd", fiscalYear = 2099, work = "x" } });
        status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("outcome.cost");
    }

    [Fact]
    public async Task means_to_be_told_once_of_each_change_also_when_merged_and_when_it_is_published_again()
    {
        var (main, merged, confidential) = (await Assigned(), await Assigned(), await Assigned(isConfidential: true));
        var (dispatcher, officer) = (await host.SignIn("33.28", "dispatcher"), await host.SignIn("33.28", "officer.dpu"));
        var work = await Planned("Jalan Procot");
        (await Send(officer, HttpMethod.Put, $"{Works}/{work}/reports/{main}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(officer, HttpMethod.Put, $"{Works}/{work}/reports/{main}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(dispatcher, HttpMethod.Put, $"{Works}/{work}/reports/{confidential}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(dispatcher, HttpMethod.Post, $"{Reports}/{merged}/merges", new { into = main })).Status.ShouldBe(HttpStatusCode.OK);
        await Hears(main, 1);
        await Hears(merged, 1);

        (await Send(officer, HttpMethod.Patch, $"{Works}/{work}", new { fiscalYear = 2027, reason = "Warga sangat membutuhkan" })).Status.ShouldBe(HttpStatusCode.OK);

        foreach (var ticket in new[] { main, merged, confidential })
        {
            (await Hears(ticket, 2)).ShouldContain(text => text.Contains("dimajukan ke 2027 (semula 2028), Rp 1.250.000 dari APBD (Warga sangat membutuhkan)") && text.Contains("brought forward to 2027 (was 2028)"));
        }

        // What only has another name is no news; what is published again tells nobody again.
        (await Send(officer, HttpMethod.Patch, $"{Works}/{work}", new { name = "Jalan Procot–Kalisapu", reason = "Ejaan" })).Status.ShouldBe(HttpStatusCode.OK);
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        var changed = (await session.Events.FetchStreamAsync(work)).First(e => e.Data is PlannedWorkChanged);
        await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new Committed<PlannedWorkChanged>((PlannedWorkChanged)changed.Data, changed.Envelope()));
        (await Send(officer, HttpMethod.Post, $"{Works}/{work}/completions", new { })).Status.ShouldBe(HttpStatusCode.OK);

        foreach (var ticket in new[] { main, merged, confidential })
        {
            var told = await Hears(ticket, 3);
            told.Length.ShouldBe(3);
            told.ShouldContain(text => text.Contains("sudah selesai dikerjakan"));
        }

        // It stays with the officer: done is for the department to say.
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{main}"));
        report.GetProperty("state").GetString().ShouldBe("assigned");
        report.GetProperty("funding").GetProperty("plan").GetProperty("state").GetString().ShouldBe("done");
        // The confidential one is told, but not counted where everybody sees it.
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Works}/{work}"))).GetProperty("reports").GetInt32().ShouldBe(2);
        (await host.Http.GetStringAsync($"{Reports}?plannedWork={work}")).ShouldNotContain(confidential);
    }

    [Fact]
    public async Task reaches_all_of_a_crowd()
    {
        var work = await Planned("Alun-alun");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var tickets = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => host.FileReport(description: $"Alun-alun becek {i}")));
        foreach (var ticket in tickets)
        {
            await host.Reaches(ticket, "assigned");
            (await Send(dispatcher, HttpMethod.Put, $"{Works}/{work}/reports/{ticket}")).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await Send(dispatcher, HttpMethod.Post, $"{Works}/{work}/cancellations", new { reason = "Dana dialihkan" })).Status.ShouldBe(HttpStatusCode.OK);

        foreach (var ticket in tickets)
        {
            (await Hears(ticket, 2)).ShouldContain(text => text.Contains("dibatalkan (Dana dialihkan)"));
        }

        (await Send(dispatcher, HttpMethod.Put, $"{Works}/{work}/reports/{await Assigned()}")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task is_for_those_who_handle_the_report_and_plan_the_work()
    {
        var (ticket, work) = (await Assigned(), await Planned("Jalan Kudaile"));
        var path = $"{Works}/{work}/reports/{ticket}";
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            (await Send(host.Http, method, path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await Send(host.Integrator(), method, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await Send(await host.SignIn("33.28", "auditor"), method, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await Send(await host.SignIn("33.28", "officer.dishub"), method, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await Send(await host.SignIn("33.76", "dispatcher"), method, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        // The city knows neither the work nor, at most by chance, a report of that number.
        (await Send(await host.SignIn("33.76", "dispatcher"), HttpMethod.Put, $"/api/v1/regencies/33.76/planned-works/{work}/reports/{ticket}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Send(await host.SignIn("33.28", "regent"), HttpMethod.Put, path)).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(await host.SignIn("33.28", "officer.dpu"), HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.OK);
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Works}/{work}"))).GetProperty("reports").GetInt32().ShouldBe(0);
    }
}
