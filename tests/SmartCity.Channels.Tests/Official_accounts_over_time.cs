using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Official;
using SmartCity.Platform.Time;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class Official_accounts_over_time(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    private const string List = "/api/v1/regencies/33.28/official-accounts";

    private static JsonElement Dpu(JsonElement list) => list.GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == "DPU");

    private static string Day(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static bool Waits(JsonElement list) => Dpu(list).TryGetProperty("waitingSince", out _);

    [Fact]
    public async Task are_told_from_history_for_a_past_day_and_for_a_period()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak di Balamoa"))).EnsureSuccessStatusCode();
        var regent = await host.SignIn("33.28", "regent");
        await SmartCityHost.Until(async () => Waits(await SmartCityHost.Json(await regent.GetAsync(List))), "the mention on the list");
        var asked = Dpu(await SmartCityHost.Json(await regent.GetAsync(List))).GetProperty("waitingSince").GetDateTimeOffset();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        var first = Day(asked);

        host.Services.GetRequiredService<DemoClock>().Advance(TimeSpan.FromDays(10));
        regent = await host.SignIn("33.28", "regent");
        using var ordered = await regent.PutAsJsonAsync($"{List}/order", new { channel = "x", publicServiceBy = Day(asked.AddDays(2)), silentAfterDays = 5 });
        ordered.EnsureSuccessStatusCode();
        Dpu(await SmartCityHost.Json(await regent.GetAsync(List))).GetProperty("state").GetString().ShouldBe("silent");
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).IsSuccessStatusCode, "answered");
        await SmartCityHost.Until(async () => !Waits(await SmartCityHost.Json(await regent.GetAsync(List))), "nobody waits");
        var last = Day(asked.AddDays(10));

        var then = await SmartCityHost.Json(await regent.GetAsync($"{List}?asOf={first}"));
        Dpu(then).GetProperty("state").GetString().ShouldBe("active");
        Dpu(then).GetProperty("waitingSince").GetDateTimeOffset().ShouldBe(asked);
        Dpu(then).TryGetProperty("lastAnsweredAt", out _).ShouldBeFalse();
        then.GetProperty("order").GetProperty("silentAfterDays").GetInt32().ShouldBe(7, "the order came later");
        (await SmartCityHost.Json(await regent.GetAsync($"{List}?asOf={Day(asked.AddDays(-2))}"))).GetProperty("departments").GetArrayLength().ShouldBe(0, "nothing was known then");
        // Of a day on which nothing happened the days are counted up to its end.
        Dpu(await SmartCityHost.Json(await regent.GetAsync($"{List}?asOf={Day(asked.AddDays(5))}"))).GetProperty("silentDays").GetInt32().ShouldBeInRange(5, 6);

        // Who waited for an answer, too.
        async Task<int> Waited(string day, string name = "regent") => (await SmartCityHost.Json(await (await host.SignIn("33.28", name)).GetAsync($"/api/v1/regencies/33.28/unanswered?asOf={day}"))).EnumerateArray()
            .Where(c => c.GetProperty("direction").GetString() == "answer" && c.GetProperty("department").GetString() == "DPU").Sum(c => c.GetProperty("count").GetInt32());
        (await Waited(first)).ShouldBe(1);
        (await Waited(Day(asked.AddDays(5)), "officer.dpu")).ShouldBe(1);
        (await Waited(first, "officer.dishub")).ShouldBe(0);
        (await Waited(Day(asked.AddDays(-2)))).ShouldBe(0);
        (await Waited(last)).ShouldBe(0);
        (await regent.GetStringAsync($"/api/v1/regencies/33.28/unanswered?asOf={Day(asked.AddDays(5))}&format=csv")).ShouldContain("answer,DPU,7d,1");
        var page = await regent.GetStringAsync($"/33.28/meja/akun?tanggal={first}");
        page.ShouldContain("dpu_tegalkab");
        page.ShouldContain($"official-accounts?format=csv&amp;asOf={first}");

        var now = await SmartCityHost.Json(await regent.GetAsync(List));
        var today = await SmartCityHost.Json(await regent.GetAsync($"{List}?asOf={last}"));
        today.GetRawText().ShouldBe(now.GetRawText(), "history says the same as what is kept");

        var period = Dpu(await SmartCityHost.Json(await regent.GetAsync($"{List}?from={first}&to={last}")));
        (period.GetProperty("addressed").GetInt32(), period.GetProperty("answers").GetInt32()).ShouldBe((1, 1));
        var later = Dpu(await SmartCityHost.Json(await regent.GetAsync($"{List}?from={Day(asked.AddDays(8))}&to={last}")));
        (later.GetProperty("addressed").GetInt32(), later.GetProperty("answers").GetInt32()).ShouldBe((0, 1));
        var csv = await regent.GetStringAsync($"{List}.csv?from={first}&to={last}");
        csv.Split("\r\n")[0].ShouldEndWith(",addressed,answers");
        csv.Split("\r\n").Single(l => l.StartsWith("DPU,", StringComparison.Ordinal)).ShouldEndWith(",1,1");
        (await regent.GetStringAsync($"{List}?format=csv&asOf={first}")).ShouldContain("DPU,");

        // Thrown away and made anew from the history, it is the same, for every day.
        async Task<string> All() => string.Concat(await Task.WhenAll(new[] { "", $"?asOf={first}", $"?from={first}&to={last}", $"?asOf={last}" }.Select(q => regent.GetStringAsync(List + q))));
        var before = await All();
        await using (var session = host.Services.GetRequiredService<IDocumentStore>().LightweightSession("33_28"))
        {
            foreach (var owed in await session.Query<AnswerOwed>().ToListAsync())
            {
                session.Delete<AnswerOwed>(owed.Id);
                session.Store(AnswerOwed.Of(owed.Id, [.. (await session.Events.FetchStreamAsync(owed.Id)).Where(e => AnswerOwed.Follows.Contains(e.EventType))]));
            }

            session.Delete<OrderDocument>(OrderDocument.Only);
            session.Store((await session.Events.AggregateStreamAsync<OrderDocument>(OrderDocument.Only))!);
            await session.SaveChangesAsync();
        }

        (await All()).ShouldBe(before);
    }

    [Theory]
    [InlineData("asOf=kemarin", "asOf")]
    [InlineData("from=2026-05-01&to=2026-04-01", "from")]
    [InlineData("asOf=2026-05-01&to=2026-05-01", "to")]
    [InlineData("format=xls", "format")]
    public async Task refuse_a_day_that_makes_no_sense(string query, string field)
    {
        var regent = await host.SignIn("33.28", "regent");
        using var refused = await regent.GetAsync($"{List}?{query}");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task are_for_the_staff_of_the_regency_on_every_day()
    {
        (await host.Http.GetAsync($"{List}?asOf=2026-01-01")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "regent")).GetAsync($"{List}?asOf=2026-01-01")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
