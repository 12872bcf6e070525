using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using SmartCity.Channels.Bursts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Many messages at once; <c>SMARTCITY_BURST_MESSAGES</c> says how many, and build/bench channels takes 2,000.</summary>
public sealed class A_burst_of_messages(DeliveringHost host) : IClassFixture<DeliveringHost>
{
    private static readonly int Messages = int.Parse(Environment.GetEnvironmentVariable("SMARTCITY_BURST_MESSAGES") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task is_kept_acknowledged_gathered_and_answered_at_once()
    {
        var posts = Enumerable.Range(0, Messages).Select(_ => ChannelsHost.NewPost()).ToArray();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(posts, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (post, cancel) =>
            (await host.Deliver(ChannelsHost.Mention(post, $"@dpu_tegalkab jalan rusak parah di Balapulang {post}", $"81{post}"))).EnsureSuccessStatusCode());
        var stored = clock.Elapsed;

        await SmartCityHost.Until(() => Task.FromResult(posts.All(post => host.X.RepliesTo(post).Count > 0)), "all acknowledgements", TimeSpan.FromSeconds(90 + (Messages / 5)));

        var acknowledged = clock.Elapsed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Messages} messages through the X webhook: {Messages / stored.TotalSeconds:F0} a second stored, all acknowledged after {acknowledged.TotalSeconds:F1} s."));
        var regent = await host.SignIn("33.28", "regent");
        const string Path = "/api/v1/regencies/33.28/incidents";
        var incident = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await regent.GetAsync(Path))).GetProperty("incidents").EnumerateArray()
            .Where(i => i.GetProperty("title").GetString()!.Contains("laporan serupa", StringComparison.Ordinal) && i.GetProperty("reports").GetInt32() >= Messages).Select(i => i.GetProperty("id").GetString()).FirstOrDefault(), "the incident");
        var alerts = await SmartCityHost.Until(async () => (await host.Outbox(channel: "desk")).Where(m => m.GetProperty("ticket").GetString() == incident).ToArray() is { Length: >= 3 } found ? found : null, "the alerts");
        alerts.Length.ShouldBe(3);
        alerts.ShouldAllBe(m => m.GetProperty("text").GetString()!.Contains("laporan serupa", StringComparison.Ordinal));
        (await host.Http.GetStringAsync($"/33.28/kejadian/{incident}")).ShouldContain("laporan serupa");
        // Public relations and the regent each have theirs; nobody else has it.
        var humas = await host.SignIn("33.28", "humas");
        foreach (var caller in (HttpClient[])[humas, regent])
        {
            var alert = (await SmartCityHost.Json(await caller.GetAsync("/api/v1/regencies/33.28/alerts"))).EnumerateArray().Single(a => a.GetProperty("about").GetString() == incident);
            alert.GetProperty("isIncident").GetBoolean().ShouldBeTrue();
        }

        (await humas.GetStringAsync("/33.28/meja/pesan")).ShouldContain($"/33.28/kejadian/{incident}");
        (await humas.GetStringAsync($"/33.28/kejadian/{incident}")).ShouldContain($"/33.28/kejadian/{incident}/siaran");
        (await SmartCityHost.Json(await (await host.SignIn("33.76", "humas")).GetAsync("/api/v1/regencies/33.76/alerts"))).GetArrayLength().ShouldBe(0);
        (await (await host.SignIn("33.76", "humas")).GetAsync("/api/v1/regencies/33.28/alerts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "auditor")).GetAsync("/api/v1/regencies/33.28/alerts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await humas.GetAsync("/api/v1/regencies/33.28/alerts?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // One of them reports twice, and hears it once.
        var again = ChannelsHost.NewPost();
        (await host.Deliver(ChannelsHost.Mention(again, $"@dpu_tegalkab jalan rusak parah di Balapulang {again}", $"81{posts[0]}"))).EnsureSuccessStatusCode();
        await host.Message(again, "acknowledgement", "sent");

        (await humas.PostAsJsonAsync($"{Path}/{incident}/broadcasts", new { text = "Tim sudah di lokasi." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // That is all that public relations does with an incident.
        (await humas.PostAsJsonAsync($"{Path}/{incident}/closings", new { reason = "selesai" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "humas")).PostAsJsonAsync($"/api/v1/regencies/33.76/incidents/{incident}/broadcasts", new { text = "a" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await SmartCityHost.Until(() => Task.FromResult(posts.All(post => host.X.RepliesTo(post).Any(r => r.Text.EndsWith("Tim sudah di lokasi.", StringComparison.Ordinal)))), "the broadcast");
        posts.ShouldAllBe(post => host.X.RepliesTo(post).Count(r => r.Text.EndsWith("Tim sudah di lokasi.", StringComparison.Ordinal)) == 1);
        host.X.RepliesTo(again).ShouldNotContain(r => r.Text.EndsWith("Tim sudah di lokasi.", StringComparison.Ordinal));
        (await regent.PostAsJsonAsync($"{Path}/{incident}/broadcasts", new { text = "" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "auditor")).PostAsJsonAsync($"{Path}/{incident}/broadcasts", new { text = "a" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).PostAsJsonAsync($"/api/v1/regencies/33.76/incidents/{incident}/broadcasts", new { text = "a" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}

public class Gathering_reports
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 3, 0, 0, TimeSpan.Zero);

    private static Burst? Next(Burst? open, int count, DateTimeOffset? last) => Gathering.Next(open, "gempa", count, Now.AddMinutes(-3), last, 30, Now, "id");

    [Fact]
    public void begins_an_incident_when_there_are_many()
    {
        Next(null, 29, Now).ShouldBeNull();
        Next(null, 30, Now).ShouldBe(new Burst { Id = "id", Category = "gempa", StartedAt = Now.AddMinutes(-3), LastAt = Now });
    }

    [Fact]
    public void goes_on_while_more_come_and_ends_when_it_is_quiet()
    {
        var open = new Burst { Id = "id", Category = "gempa", StartedAt = Now.AddHours(-1), LastAt = Now.AddMinutes(-10) };

        Next(open, 1, Now)!.LastAt.ShouldBe(Now);
        Next(open, 0, null).ShouldBeNull();
        Next(open with { LastAt = Now - Gathering.Quiet - TimeSpan.FromSeconds(1) }, 0, null)!.EndedAt.ShouldBe(Now - Gathering.Quiet - TimeSpan.FromSeconds(1));
    }
}
