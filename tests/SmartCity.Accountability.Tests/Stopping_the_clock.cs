using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests;

public sealed class Forwarding_a_report_outside(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private static async Task<JsonElement?> Owed(HttpClient reader, string ticket) => (await reader.GetFromJsonAsync<JsonElement[]>($"{LadderHost.Here}/deadlines?limit=1000"))!
        .Where(d => d.GetProperty("ticket").GetString() == ticket).Cast<JsonElement?>().FirstOrDefault();

    private async Task Move(string name, string ticket, string move, object body)
    {
        var staff = await host.SignIn("33.28", name);
        // The platform may move it at the same moment, which is a conflict.
        await SmartCityHost.Until(async () => (await staff.PostAsJsonAsync($"{LadderHost.Here}/reports/{ticket}/{move}", body)).IsSuccessStatusCode, $"{move} of {ticket}");
    }

    [Fact]
    public async Task to_a_partner_that_works_here_stops_its_clock_too_and_the_dispatcher_is_reminded()
    {
        var ticket = await host.Owed();
        await Move("dispatcher", ticket, "assignments", new { department = "PLN" });
        (await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<ClockStopped>().SingleOrDefault(), "the clock stands still")).Reason.ShouldBe(StopReason.Outside);
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        (await dispatcher.GetStringAsync($"{LadderHost.Here}/reports?followUpDue=true")).ShouldNotContain(ticket);

        host.Advance(30);
        (await Owed(await host.SignIn("33.28", "regent"), ticket)).ShouldBeNull("nothing is owed here meanwhile");
        (await host.OnLadder("regent", ticket)).ShouldBeNull();
        dispatcher = await host.SignIn("33.28", "dispatcher");
        (await dispatcher.GetStringAsync($"{LadderHost.Here}/reports?followUpDue=true")).ShouldContain(ticket, Case.Sensitive, "the partner is to be asked");
        await Move("dispatcher", ticket, "follow-ups", new { text = "PLN datang besok." });
        (await dispatcher.GetStringAsync($"{LadderHost.Here}/reports?followUpDue=true")).ShouldNotContain(ticket);

        // Back with a department here, the days with the partner do not count, and there is nobody outside to ask.
        await Move("dispatcher", ticket, "assignments", new { department = "DPU" });
        var back = (await SmartCityHost.Until(async () => await Owed(await host.SignIn("33.28", "regent"), ticket), "owed again"))!.Value;
        back.GetProperty("isOverdue").GetBoolean().ShouldBeFalse();
        back.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("step").GetString() == "settle").GetProperty("rule").GetString()!.ShouldContain("hari kerja berada di instansi lain / plus");
        (await dispatcher.PostAsJsonAsync($"{LadderHost.Here}/reports/{ticket}/follow-ups", new { text = "x" })).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task as_a_part_of_a_split_is_followed_up_with_the_partner_too()
    {
        var ticket = await host.Owed();
        await Move("dispatcher", ticket, "splits", new { parts = new[] { new { department = "PLN", description = "Tiang listrik miring" }, new { department = "DPU", description = "Jalan berlubang" } } });
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var parts = (await dispatcher.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/reports/{ticket}")).GetProperty("parts").EnumerateArray()
            .ToDictionary(p => p.GetProperty("department").GetString()!, p => p.GetProperty("ticket").GetString()!);
        await SmartCityHost.Until(async () => (await host.Clock(parts["PLN"])).OfType<ClockStopped>().SingleOrDefault(), "the clock of the partner's part stands still");

        host.Advance(30);
        dispatcher = await host.SignIn("33.28", "dispatcher");
        var due = await dispatcher.GetStringAsync($"{LadderHost.Here}/reports?followUpDue=true");
        due.ShouldContain(parts["PLN"]);
        due.ShouldNotContain(parts["DPU"]);
    }

    [Fact]
    public async Task stops_its_clock_until_it_is_back()
    {
        var ticket = await host.Owed();
        var due = (await host.Clock(ticket)).OfType<DeadlinesSet>().Single().Deadlines.Single(d => d.Step == Step.Settle).DueAt;

        await Move("dispatcher", ticket, "forwardings", new { body = "BBPJN Jateng-DIY", note = "Ini jalan nasional." });
        var stopped = await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<ClockStopped>().SingleOrDefault(), "the clock stands still");
        stopped.Reason.ShouldBe(StopReason.Outside);
        await Move("dispatcher", ticket, "questions", new { question = "Kilometer berapa?" });
        await Move("dispatcher", ticket, "supplements", new { text = "Km 12." });

        host.Advance(60);
        var regent = await host.SignIn("33.28", "regent");
        (await Owed(regent, ticket)).ShouldBeNull("nothing is owed here meanwhile");
        (await host.OnLadder("regent", ticket)).ShouldBeNull();
        var board = await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/scoreboard");
        board.GetProperty("total").GetProperty("overdue").GetInt32().ShouldBe(0, "it is not late");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        (await dispatcher.GetStringAsync($"{LadderHost.Here}/reports?followUpDue=true")).ShouldContain(ticket, Case.Sensitive, "the body is to be asked again");

        await Move("dispatcher", ticket, "assignments", new { department = "DPU" });
        var back = (await SmartCityHost.Until(async () => await Owed(regent, ticket), "owed again"))!.Value;
        var settle = back.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("step").GetString() == "settle");
        (settle.GetProperty("dueAt").GetDateTimeOffset() - due).ShouldBeGreaterThan(TimeSpan.FromDays(50));
        settle.GetProperty("rule").GetString()!.ShouldContain("hari kerja berada di instansi lain / plus");
        (await host.Clock(ticket)).Count(e => e is ClockStopped or ClockResumed).ShouldBe(2, "the question to the reporter stopped nothing a second time");
    }
}

public sealed class Changing_the_calendar(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private async Task<DeadlinesRecounted> Recounted(string ticket, int times) =>
        (await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<DeadlinesRecounted>().ToArray() is var found && found.Length == times ? found : null, $"counted {times} times again"))[^1];

    [Fact]
    public async Task counts_the_deadlines_of_open_reports_again_and_says_why()
    {
        var (open, settled) = (await host.Owed(), await host.Owed());
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"{LadderHost.Here}/reports/{settled}/answers", new { text = "Sudah ditambal.", isSettled = true })).IsSuccessStatusCode, "settled");
        await SmartCityHost.Until(async () => (await host.Clock(settled)).OfType<DeadlineMet>().Any(m => m.Step == Step.Settle), "the settlement is counted");
        var due = (await host.Clock(open)).OfType<DeadlinesSet>().Single().Deadlines.Single(d => d.Step == Step.Settle).DueAt;
        var last = DateOnly.FromDateTime(due.ToOffset(TimeSpan.FromHours(7)).Date).AddDays(-1);
        var regent = await host.SignIn("33.28", "regent");

        (await regent.PutAsJsonAsync($"{LadderHost.Here}/calendar/closures/{last:yyyy-MM-dd}", new { reason = "Pilkades" })).EnsureSuccessStatusCode();
        var moved = await Recounted(open, 1);
        moved.Why.ShouldContain($"kantor tutup {last:yyyy-MM-dd} (Pilkades)");
        moved.Deadlines.Single(d => d.Step == Step.Settle).DueAt.ShouldBeGreaterThan(due);
        moved.Deadlines.Single(d => d.Step == Step.Settle).Rule.ShouldContain($"recounted: offices closed on {last:yyyy-MM-dd} (Pilkades)");
        var auditor = await host.SignIn("33.28", "auditor");
        (await auditor.GetStringAsync($"{LadderHost.Here}/deadlines?limit=1000")).ShouldContain($"kantor tutup {last:yyyy-MM-dd} (Pilkades)");

        (await regent.DeleteAsync($"{LadderHost.Here}/calendar/closures/{last:yyyy-MM-dd}")).EnsureSuccessStatusCode();
        (await Recounted(open, 2)).Deadlines.Single(d => d.Step == Step.Settle).DueAt.ShouldBe(due);

        // Holidays of the year that are loaded later do the same.
        var known = (await host.Http.GetFromJsonAsync<JsonElement>($"{LadderHost.Here}/calendar/{last.Year}")).GetProperty("holidays").EnumerateArray().Select(d => d.GetString());
        var csv = string.Join('\n', known.Append($"{last:yyyy-MM-dd}").Select(d => $"{d},Libur"));
        using var loaded = await (await host.SignIn("33.28", "operator")).PutAsync(
            $"{LadderHost.Here}/calendar/{last.Year}?source=SKB%20perubahan", new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv")));
        loaded.EnsureSuccessStatusCode();
        var again = await Recounted(open, 3);
        again.Deadlines.Single(d => d.Step == Step.Settle).DueAt.ShouldBeGreaterThan(due);
        again.Why.ShouldContain($"holidays of {last.Year} (SKB perubahan)");

        (await host.Clock(settled)).OfType<DeadlinesRecounted>().ShouldBeEmpty("what is done with stays");
    }

    [Fact]
    public async Task counts_the_days_of_silence_again()
    {
        var ticket = await host.Owed();
        var silent = (await host.Clock(ticket)).OfType<DeadlinesOwed>().Last().SilentAt!.Value;
        var last = DateOnly.FromDateTime(silent.ToOffset(TimeSpan.FromHours(7)).Date).AddDays(-1);

        (await (await host.SignIn("33.28", "regent")).PutAsJsonAsync($"{LadderHost.Here}/calendar/closures/{last:yyyy-MM-dd}", new { reason = "Banjir" })).EnsureSuccessStatusCode();

        var moved = await SmartCityHost.Until(async () => (await host.Clock(ticket)).OfType<DeadlinesRecounted>().FirstOrDefault(r => r.Why.Contains("Banjir", StringComparison.Ordinal)), "counted again");
        moved.SilentAt!.Value.ShouldBeGreaterThan(silent);
    }
}
