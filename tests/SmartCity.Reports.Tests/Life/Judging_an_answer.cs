using System.Net;
using System.Net.Http.Json;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Judging;
using SmartCity.Reports.Life;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Life;

public sealed class Judging_an_answer(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28/reports";

    private async Task<(string Ticket, string Secret)> Answered(bool isSettled)
    {
        using var filed = await host.Integrator().PostAsJsonAsync(Here, new { category = "jalan-rusak", description = "Jalan berlubang di depan pasar", place = new { latitude = -6.98, longitude = 109.13 } });
        var report = await SmartCityHost.Json(filed);
        var (ticket, secret) = (report.GetProperty("ticket").GetString()!, report.GetProperty("secret").GetString()!);
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"{Here}/{ticket}/answers", new { text = "Sudah ditambal.", isSettled })).IsSuccessStatusCode, "answered");
        return (ticket, secret);
    }

    private async Task<HttpResponseMessage> Judge(string ticket, string? secret, object body, HttpClient? caller = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Here}/{ticket}/judgements") { Content = JsonContent.Create(body) };
        if (secret is not null)
        {
            request.Headers.Add("X-Report-Secret", secret);
        }

        return await (caller ?? host.Http).SendAsync(request);
    }

    [Fact]
    public async Task closes_a_settled_report_for_who_is_satisfied()
    {
        var (ticket, secret) = await Answered(isSettled: true);

        (await Judge(ticket, secret, new { isSatisfied = true })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await host.Reaches(ticket, "closed")).GetProperty("timeline").EnumerateArray().ShouldContain(e => e.GetProperty("what").GetString() == "judged");
    }

    [Fact]
    public async Task has_a_settled_report_handled_again_for_who_is_not()
    {
        var (ticket, secret) = await Answered(isSettled: true);
        (await Judge(ticket, secret, new { isSatisfied = false })).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "it needs a reason");

        (await Judge(ticket, secret, new { isSatisfied = false, reason = "Lubangnya masih ada." })).EnsureSuccessStatusCode();

        var report = await host.Reaches(ticket, "assigned");
        var judged = report.GetProperty("timeline").EnumerateArray().Single(e => e.GetProperty("what").GetString() == "judged");
        judged.GetProperty("detail").GetString().ShouldBe("notSatisfied");
        judged.TryGetProperty("text", out _).ShouldBeFalse("what the reporter says of it is not public");
        (await host.Reaches(ticket, "assigned", caller: await host.SignIn("33.28", "officer.dpu"))).GetProperty("timeline").EnumerateArray()
            .Single(e => e.GetProperty("what").GetString() == "judged").GetProperty("text").GetString().ShouldBe("Lubangnya masih ada.");
    }

    [Fact]
    public async Task is_for_the_reporter_or_a_dispatcher_for_the_reporter()
    {
        var (ticket, _) = await Answered(isSettled: false);
        var body = new { isSatisfied = false, reason = "Minggu depan terlalu lama." };

        (await Judge(ticket, null, body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Judge(ticket, "salah", body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Judge(ticket, null, body, await host.SignIn("33.28", "officer.dpu"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Judge(ticket, null, body, await host.SignIn("33.76", "dispatcher"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Judge(ticket, null, body, await host.SignIn("33.28", "dispatcher"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Reaches(ticket, "answered")).GetProperty("state").GetString().ShouldBe("answered", "a promise that does not satisfy is still one");
    }

    [Fact]
    public void reopens_within_the_days_of_the_policy_only()
    {
        var world = new World(("jalan-rusak", false));
        var ticket = world.Reports.Keys.First();
        foreach (var (move, who, choice) in new[] { (Move.Route, "system", 0), (Move.Answer, "officer of DPU", 0), (Move.Close, "reporter", 0) })
        {
            world.Try(ticket, move, who, choice).ShouldBeNull();
        }

        var report = world.Reports[ticket];
        report.State.ShouldBe(ReportState.Closed);
        var answeredAt = report.Timeline.Last(e => e.What == "answered").At;
        Decision Decide(int days) => JudgeAnswerHandler.Decide(report, new JudgeAnswer(World.Here, ticket, false, "belum"), new ReportPolicy(), new Act(Party.Reporter, Actor.Citizen, answeredAt.AddDays(days), text => text));

        Decide(29).Events!.ShouldContain(e => e is ReportReopened);
        Decide(30).Events!.ShouldBe([new ReportJudged(false, "belum")]);
    }
}
