using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Climbing;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.History;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Climbing;

/// <summary>What the tests of the ladder have in common.</summary>
internal static class LadderHost
{
    public const string Here = "/api/v1/regencies/33.28", There = "/api/v1/regencies/33.76";

    public static void Advance(this SmartCityHost host, int days) => host.Services.GetRequiredService<DemoClock>().Advance(TimeSpan.FromDays(days));

    /// <summary>The events of a report's clock.</summary>
    public static async Task<object[]> Clock(this SmartCityHost host, string ticket)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query("33.28");
        return [.. (await session.Events.FetchStreamAsync(ReportClock.Stream(ticket))).Select(e => e.Data)];
    }

    /// <summary>A new report that a department owes an answer to.</summary>
    public static async Task<string> Owed(this SmartCityHost host, string category = "jalan-rusak", string description = "Jalan berlubang di depan pasar")
    {
        var ticket = await host.FileReport(category: category, description: description);
        await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<DeadlineMet>().Any(m => m.Step == Step.Assign), $"{ticket} assigned");
        return ticket;
    }

    /// <summary>The report as it stands on the ladder of somebody; null: it does not.</summary>
    public static async Task<JsonElement?> OnLadder(this SmartCityHost host, string name, string ticket, string regency = "33.28")
    {
        var staff = await host.SignIn(regency, name);
        var view = await staff.GetFromJsonAsync<JsonElement>($"/api/v1/regencies/{regency}/ladder");
        return view.GetProperty("reports").EnumerateArray().Where(r => r.GetProperty("ticket").GetString() == ticket).Cast<JsonElement?>().FirstOrDefault();
    }

    public static async Task<JsonElement> Climbs(this SmartCityHost host, string ticket, string rung, string name = "regent") => (await SmartCityHost.Until(
        async () => await host.OnLadder(name, ticket) is { } found && found.GetProperty("rung").GetString() == rung ? (JsonElement?)found : null, $"{ticket} at {rung}"))!.Value;

    public static async Task<JsonElement[]> Outbox(this SmartCityHost host, string kind) =>
        [.. (await host.Http.GetFromJsonAsync<JsonElement[]>("/dev/outbox.json?regency=33.28"))!.Where(m => m.GetProperty("kind").GetString() == kind)];
}

public sealed class Climbing_the_ladder(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Fact]
    public async Task takes_a_silent_report_to_the_head_the_secretary_and_the_regent_and_opens_a_case()
    {
        var ticket = await host.Owed();
        (await host.OnLadder("regent", ticket)).ShouldBeNull();

        host.Advance(7);
        var atHead = await host.Climbs(ticket, "head", "head.dpu");
        atHead.GetProperty("office").GetString().ShouldBe("head-DPU");
        atHead.GetProperty("holder").GetString().ShouldBe("Drs. Bagas Wirasakti, M.Si.");
        atHead.GetProperty("reason").GetString().ShouldBe("silent");
        var told = await SmartCityHost.Until(async () => (await host.Outbox("ladder")).FirstOrDefault(m => m.GetProperty("ticket").GetString() == ticket) is { ValueKind: JsonValueKind.Object } m ? (JsonElement?)m : null, "the head is told");
        told!.Value.GetProperty("text").GetString()!.ShouldContain("naik ke kepala OPD");

        host.Advance(7);
        (await host.Climbs(ticket, "secretary", "sekda")).GetProperty("holder").GetString().ShouldBe("Drs. Baskara Adinata, M.Si.");

        host.Advance(7);
        (await host.Climbs(ticket, "regent")).TryGetProperty("nextAt", out _).ShouldBeFalse();
        (await host.Clock(ticket)).OfType<LadderClimbed>().Select(c => c.To).ShouldBe([Rung.Head, Rung.Secretary, Rung.Regent]);

        var regent = await host.SignIn("33.28", "regent");
        var opened = await SmartCityHost.Until(async () => (await regent.GetFromJsonAsync<JsonElement[]>($"{LadderHost.Here}/accountability-cases"))!
            .FirstOrDefault(c => c.GetProperty("reports").EnumerateArray().Any(r => r.GetProperty("ticket").GetString() == ticket)) is { ValueKind: JsonValueKind.Object } found ? (JsonElement?)found : null, "a case");
        opened!.Value.GetProperty("term").GetString().ShouldBe("head-DPU-2025-07-01");
        opened.Value.GetProperty("ground").GetString().ShouldBe("ladder");

        // Once it is answered and settled nothing is owed, and it is on the ladder no more.
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{LadderHost.Here}/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => await host.OnLadder("regent", ticket) is null, "off the ladder");
    }

    [Fact]
    public async Task shows_each_only_what_is_theirs()
    {
        var road = await host.Owed();
        var light = await host.Owed("lampu-lalin", "bangjo mati");
        var conduct = await host.Owed("pungli", "diminta uang");
        host.Advance(7);
        foreach (var ticket in new[] { road, light, conduct })
        {
            await host.Climbs(ticket, "head");
        }

        (await host.OnLadder("head.dpu", road)).ShouldNotBeNull();
        (await host.OnLadder("officer.dishub", light)).ShouldNotBeNull();
        (await host.OnLadder("head.dpu", light)).ShouldBeNull();
        (await host.OnLadder("sekda", light)).ShouldNotBeNull();
        (await host.OnLadder("sekda", conduct)).ShouldBeNull("the conduct of officials is not the secretary's to see");
        (await host.OnLadder("officer.inspektorat", conduct)).ShouldNotBeNull();
        (await host.OnLadder("auditor", conduct)).ShouldNotBeNull();
        (await host.OnLadder("regent", road, "33.76")).ShouldBeNull();
        (await host.Http.GetAsync($"{LadderHost.Here}/ladder")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().GetAsync($"{LadderHost.Here}/ladder")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync($"{LadderHost.Here}/ladder")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task lets_the_head_put_a_deadline_off_once_and_tells_the_reporter_why()
    {
        var ticket = await host.Owed();
        var head = await host.SignIn("33.28", "head.dpu");
        Task<HttpResponseMessage> Extend(HttpClient who, object body) => who.PostAsJsonAsync($"{LadderHost.Here}/ladder/{ticket}/extensions", body);
        var reasoned = new { workingDays = 5, reason = "Aspal baru datang minggu depan." };

        (await Extend(await host.SignIn("33.28", "officer.dpu"), reasoned)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Extend(await host.SignIn("33.28", "dispatcher"), reasoned)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Extend(await host.SignIn("33.76", "regent"), reasoned)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Extend(head, new { workingDays = 5 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Extend(head, new { workingDays = 500, reason = "x" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // The platform may write down something about the report at the same moment.
        var extended = await SmartCityHost.Until(async () => await Extend(head, reasoned) is { StatusCode: not HttpStatusCode.Conflict } answer ? (JsonElement?)await SmartCityHost.Json(answer) : null, "extended");

        extended!.Value.GetProperty("rule").GetString()!.ShouldContain("extended by 5 working days by the head of the department");
        (await Extend(head, reasoned)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var told = await SmartCityHost.Until(async () => (await host.Outbox("extension")).FirstOrDefault(m => m.GetProperty("ticket").GetString() == ticket) is { ValueKind: JsonValueKind.Object } m ? (JsonElement?)m : null, "the reporter is told");
        told!.Value.GetProperty("text").GetString()!.ShouldContain("Aspal baru datang minggu depan.");
        (await host.Clock(ticket)).OfType<DeadlineExtended>().Single().Reason.ShouldNotContain("Aspal", Case.Insensitive, "it is sealed");
    }

    [Fact]
    public async Task lets_the_secretary_take_a_report_over()
    {
        var ticket = await host.Owed();
        var sekda = await host.SignIn("33.28", "sekda");

        var taken = await SmartCityHost.Until(async () => await sekda.PostAsync($"{LadderHost.Here}/ladder/{ticket}/takeovers", null) is { StatusCode: not HttpStatusCode.Conflict } answer
            ? (JsonElement?)await SmartCityHost.Json(answer) : null, "taken over");

        taken!.Value.GetProperty("rung").GetString().ShouldBe("secretary");
        (await host.OnLadder("sekda", ticket))!.Value.GetProperty("isTakenOver").GetBoolean().ShouldBeTrue();
        var head = await host.SignIn("33.28", "head.dpu");
        (await head.PostAsync($"{LadderHost.Here}/ladder/{ticket}/takeovers", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await head.PostAsync($"{LadderHost.Here}/ladder/2016-999999/takeovers", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}

public sealed class Two_hosts_on_one_ladder(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    [Fact]
    public async Task take_each_report_up_once_a_step()
    {
        // One clock is as it was before there was a ladder.
        var old = await host.Owed(description: "Lubang lama di jalan desa");
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Open("33.28");
            var known = (await session.LoadAsync<ReportClock>(ReportClock.Stream(old)))!;
            session.Store(known with { LookAt = null, SilentAt = null, Deadlines = [.. known.Deadlines.Select(d => d with { WarnAt = null })] });
            await session.SaveChangesAsync();
        }

        var other = host.Another();
        await SmartCityHost.Until(async () => (await host.Clock(old)).OfType<LadderEntered>().Any(), "the old clock is looked at");
        var clock = other.GetRequiredService<DemoClock>();
        var tickets = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => host.Owed(description: $"Lubang nomor {i} di jalan desa")));

        host.Advance(7);
        clock.Advance(TimeSpan.FromDays(7));
        ClimbByItself[] sweepers = [host.Services.GetRequiredService<ClimbByItself>(), other.GetRequiredService<ClimbByItself>()];
        await Task.WhenAll(sweepers.Concat(sweepers).Select(s => s.Sweep("33.28", CancellationToken.None)));
        foreach (var ticket in tickets)
        {
            await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<LadderClimbed>().Any(), $"{ticket} climbed");
        }

        (await host.Clock(old)).OfType<LadderEntered>().Count().ShouldBe(1);

        await Task.WhenAll(sweepers.Concat(sweepers).Select(s => s.Sweep("33.28", CancellationToken.None)));
        foreach (var ticket in tickets)
        {
            (await host.Clock(ticket)).OfType<LadderClimbed>().Select(c => c.To).ShouldBe([Rung.Head]);
        }
    }
}
