using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Official;
using SmartCity.Departments.Contracts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public class Keeping_the_order
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);
    private static readonly AccountOrder Order = new("x", new DateOnly(2026, 11, 27), new DateOnly(2026, 12, 31), SilentAfterDays: 7);

    private static Department Department(string code, bool isPublicService, OfficialAccount? account) =>
        new(code, code, code, DepartmentKind.Regency, isPublicService, null, null, account is null ? [] : [account]);

    private static DepartmentAccount Of(Department department, OfficialUse? use = null) => Compliance.Of(Order, department, use, Now, TimeZoneInfo.Utc);

    [Fact]
    public void takes_an_account_that_answers() =>
        Of(Department("DPU", true, new("x", "dpu", "9001", true)), new OfficialUse(Now.AddDays(-1), Now.AddDays(-1), Now.AddDays(-6)))
            .ShouldSatisfyAllConditions(a => a.State.ShouldBe(OfficialAccountState.Active), a => a.SilentDays.ShouldBe(6), a => a.IsLate.ShouldBeFalse());

    [Fact]
    public void calls_one_silent_that_leaves_people_waiting_or_is_not_used()
    {
        Of(Department("DPU", true, new("x", "dpu", "9001", true)), new OfficialUse(Now, null, Now.AddDays(-7))).State.ShouldBe(OfficialAccountState.Silent);
        Of(Department("DPU", true, new("x", "dpu", "9001", false))).State.ShouldBe(OfficialAccountState.Silent);
        Of(Department("DPU", true, new("x", "dpu", "9001", true))).State.ShouldBe(OfficialAccountState.Active);
    }

    [Fact]
    public void says_who_is_late()
    {
        Of(Department("DPU", true, null)).ShouldSatisfyAllConditions(a => a.State.ShouldBe(OfficialAccountState.Missing), a => a.IsLate.ShouldBeTrue());
        Of(Department("BKD", false, null)).ShouldSatisfyAllConditions(a => a.State.ShouldBe(OfficialAccountState.Missing), a => a.IsLate.ShouldBeFalse());
        Of(Department("BKD", false, new("telegram", "bkd", null, true))).State.ShouldBe(OfficialAccountState.Missing);
    }

    [Fact]
    public void lists_those_that_serve_the_public_first_and_the_worst_of_them_before_the_others() =>
        Compliance.Of(Order, [Department("A", false, null), Department("B", true, new("x", "b", null, true)), Department("C", true, null), Department("D", true, new("x", "d", null, false))],
            new Dictionary<string, OfficialUse>(), Now, TimeZoneInfo.Utc).Select(d => d.Department).ShouldBe(["C", "D", "B", "A"]);
}

public sealed class Official_accounts(TelegramHost host) : IClassFixture<TelegramHost>
{
    private const string List = "/api/v1/regencies/33.28/official-accounts";

    [Fact]
    public async Task are_listed_as_the_regent_ordered_them()
    {
        var regent = await host.SignIn("33.28", "regent");
        using var ordered = await regent.PutAsJsonAsync($"{List}/order", new { channel = "x", publicServiceBy = "2026-01-31", othersBy = "2027-01-31", silentAfterDays = 3 });
        ordered.EnsureSuccessStatusCode();
        (await host.Deliver(ChannelsHost.Mention(ChannelsHost.NewPost(), "@dpu_tegalkab jalan rusak di Balamoa"))).EnsureSuccessStatusCode();

        JsonElement Dpu(JsonElement list) => list.GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == "DPU");
        await SmartCityHost.Until(async () => Dpu(await SmartCityHost.Json(await regent.GetAsync(List))).TryGetProperty("waitingSince", out _), "the mention on the list");

        var list = await SmartCityHost.Json(await regent.GetAsync(List));
        list.GetProperty("order").GetProperty("silentAfterDays").GetInt32().ShouldBe(3);
        var missing = list.GetProperty("departments").EnumerateArray().First(d => d.GetProperty("state").GetString() == "missing" && d.GetProperty("isPublicService").GetBoolean());
        missing.GetProperty("isLate").GetBoolean().ShouldBeTrue();
        list.GetProperty("departments").EnumerateArray().First().GetProperty("isPublicService").GetBoolean().ShouldBeTrue();
        var csv = await regent.GetStringAsync($"{List}.csv");
        csv.ShouldStartWith("department,name,publicService,channel,handle,state");
        csv.ShouldContain("DPU,");
        (await regent.GetStringAsync("/33.28/meja/akun")).ShouldContain("dpu_tegalkab");
        (await host.History("official-accounts")).ShouldContain("official-accounts.ordered.v1");
    }

    [Fact]
    public async Task are_for_the_staff_of_the_regency()
    {
        (await host.Http.GetAsync(List)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Http.GetAsync($"{List}.csv")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "regent")).GetAsync(List)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync("/api/v1/regencies/33.28/channel-health")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync("/api/v1/regencies/33.28/unanswered")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "dispatcher")).PutAsJsonAsync($"{List}/order", new { channel = "x" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "regent")).PutAsJsonAsync($"{List}/order", new { channel = "merpati" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync("/api/v1/regencies/33.28/channel-health")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task say_how_they_do_and_are_tested_with_the_provider()
    {
        var known = await host.SignIn("33.28", "operator");
        (await host.Bring(host.Message(8181, "jalan rusak di Balapulang depan pasar"))).EnsureSuccessStatusCode();
        await host.Sent(8181, 1);

        var health = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await known.GetAsync("/api/v1/regencies/33.28/channel-health"))).EnumerateArray()
            .Where(c => c.GetProperty("channel").GetString() == "telegram" && c.TryGetProperty("lastSentAt", out _) && c.TryGetProperty("lastReceivedAt", out _)).Select(c => c.GetRawText()).FirstOrDefault(), "the health");
        health.ShouldNotContain("rahasia");
        using var tested = await known.PostAsync("/api/v1/regencies/33.28/channel-accounts/telegram/tests", null);
        (await SmartCityHost.Json(tested)).GetProperty("works").GetBoolean().ShouldBeTrue();
        (await known.PostAsync("/api/v1/regencies/33.28/channel-accounts/merpati/tests", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.28", "regent")).PostAsync("/api/v1/regencies/33.28/channel-accounts/telegram/tests", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await known.GetStringAsync("/33.28/meja/akun")).ShouldContain("/33.28/meja/akun/telegram/uji");
    }

    [Fact]
    public async Task and_who_waits_are_counted_by_department_and_age()
    {
        (await host.Bring(host.Message(8282, "jalan rusak parah di Balapulang depan pasar"))).EnsureSuccessStatusCode();
        var ticket = SmsHost.Ticket((await host.Sent(8282, 1))[0].GetProperty("text").GetString()!);
        await host.Reaches(ticket, "assigned");
        var regent = await host.SignIn("33.28", "regent");
        async Task<int> Waiting() => (await SmartCityHost.Json(await regent.GetAsync("/api/v1/regencies/33.28/unanswered"))).EnumerateArray()
            .Where(c => c.GetProperty("direction").GetString() == "answer" && c.GetProperty("department").GetString() == "DPU").Sum(c => c.GetProperty("count").GetInt32());

        var before = await SmartCityHost.Until(async () => await Waiting() is > 0 and var count ? (int?)count : null, "DPU owes an answer");

        before.ShouldNotBeNull();
        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync("/metrics")).Split('\n').Any(l => l.StartsWith("smartcity_messages_unanswered{", StringComparison.Ordinal)
            && l.Contains("department=\"DPU\"", StringComparison.Ordinal) && l.Contains("age=\"1h\"", StringComparison.Ordinal)), "the metric");
    }
}

public class Quiet_hours
{
    private static readonly TimeZoneInfo Jakarta = TimeZoneInfo.CreateCustomTimeZone("wib", TimeSpan.FromHours(7), "WIB", "WIB");

    private static DateTimeOffset At(int hour, int minute = 0) => new(2026, 11, 28, hour, minute, 0, TimeSpan.FromHours(7));

    [Theory]
    [InlineData(22, true)]
    [InlineData(21, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(12, false)]
    [InlineData(20, false)]
    public void reach_over_midnight_on_the_regencys_clock(int hour, bool isQuiet) =>
        (new Quiet.QuietHours(new TimeOnly(21, 0), new TimeOnly(5, 0)).Until(At(hour).ToUniversalTime(), Jakarta) is not null).ShouldBe(isQuiet);

    [Fact]
    public void end_in_the_morning()
    {
        var quiet = new Quiet.QuietHours(new TimeOnly(21, 0), new TimeOnly(5, 30));

        quiet.Until(At(22).ToUniversalTime(), Jakarta).ShouldBe(At(5, 30).AddDays(1));
        quiet.Until(At(1).ToUniversalTime(), Jakarta).ShouldBe(At(5, 30));
        new Quiet.QuietHours(new TimeOnly(12, 0), new TimeOnly(13, 0)).Until(At(12, 59), Jakarta).ShouldBe(At(13));
    }

    [Fact]
    public void keep_back_only_what_can_wait()
    {
        static Outbox.OutboundMessage Of(string kind) => new() { Id = Guid.NewGuid(), Ticket = "t", Channel = "sms", Kind = kind, Text = "t", QueuedAt = default, Cause = Guid.Empty };

        new[] { Of(Outbox.OutboundMessage.Acknowledgement), Of(Outbox.OutboundMessage.Reply), Of(Outbox.OutboundMessage.Alert) }.ShouldAllBe(message => message.IsUrgent);
        new[] { Of(Outbox.OutboundMessage.Answer), Of(Outbox.OutboundMessage.Stage), Of(Outbox.OutboundMessage.FollowedAnswer) }.ShouldAllBe(message => !message.IsUrgent);
    }
}

public sealed class A_quiet_regency(TelegramHost host) : IClassFixture<TelegramHost>
{
    [Fact]
    public async Task sends_at_night_only_what_cannot_wait()
    {
        var regent = await host.SignIn("33.28", "regent");
        const string Policy = "/api/v1/regencies/33.28/channel-policy";
        var here = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(7));
        // An hour around now, whatever the clock says.
        using var set = await regent.PutAsJsonAsync(Policy, new { quietFrom = here.AddMinutes(-30).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), quietTo = here.AddMinutes(60).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) });
        set.EnsureSuccessStatusCode();
        (await host.Bring(host.Message(8383, "jalan rusak parah di Balapulang depan pasar"))).EnsureSuccessStatusCode();
        var ticket = SmsHost.Ticket((await host.Sent(8383, 1))[0].GetProperty("text").GetString()!);
        await host.Reaches(ticket, "assigned");

        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();

        await SmartCityHost.Until(async () => (await host.Outbox(channel: "telegram", ticket: ticket)).Any(m => m.GetProperty("kind").GetString() == "answer" && m.GetRawText().Contains("Quiet hours.", StringComparison.Ordinal)), "the answer waits");
        host.Telegram.To(8383).Count.ShouldBe(1);
        (await regent.PutAsJsonAsync(Policy, new { quietFrom = "21:00" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "dispatcher")).PutAsJsonAsync(Policy, new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).GetAsync(Policy)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
