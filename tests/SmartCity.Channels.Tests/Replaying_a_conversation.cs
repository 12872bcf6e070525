using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>A talk by SMS, as an auditor sees it later.</summary>
public sealed class Replaying_a_conversation(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Audit = "/api/v1/regencies/33.28/audit";

    private static JsonElement Talk(JsonElement replay) => replay.GetProperty("states").EnumerateArray().First(s => s.GetProperty("kind").GetString() == "conversation").GetProperty("data");

    private static string[] Texts(JsonElement list, string member) => [.. list.EnumerateArray().Select(e => e.GetProperty(member).GetString()!)];

    private static int Length(JsonElement of, string member) => of.TryGetProperty(member, out var list) ? list.GetArrayLength() : 0;

    private async Task<long> Count(string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task shows_the_draft_what_was_asked_and_the_report_at_each_moment()
    {
        var number = SmsHost.NewNumber();
        (await host.Kannel(number, "jalan rusak parah sekali pak")).EnsureSuccessStatusCode();
        (await host.Sent(number, 1))[0].Text.ShouldContain("Di mana tempatnya");
        using var auditor = await host.SignIn("33.28", "auditor");
        var talk = Texts(await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/streams?begins=talk-sms-")), "stream").ShouldHaveSingleItem();

        // Asked, and not answered yet.
        var asked = await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={talk}"));
        var open = Talk(asked);
        Length(open, "Draft").ShouldBe(1);
        open.GetProperty("Asked")[0].GetString().ShouldBe("Place");
        open.TryGetProperty("Ticket", out _).ShouldBeFalse();
        asked.ToString().ShouldContain("jalan rusak parah sekali pak");

        (await host.Kannel(number, "di depan pasar Balamoa")).EnsureSuccessStatusCode();
        var ticket = SmsHost.Ticket((await host.Sent(number, 2))[1].Text);
        await host.Reaches(ticket, "assigned");

        // The same whole, by itself, by one of its messages, or by what it became.
        var message = open.GetProperty("Draft")[0].GetString()!;
        var whole = await SmartCityHost.Until(async () =>
            await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={ticket}")) is var replay && Texts(replay.GetProperty("events"), "english").Count(e => e == "A message was sent") == 2 ? new Found(replay) : null, "the whole conversation");
        foreach (var name in new[] { talk, message })
        {
            (await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={name}"))).GetProperty("version").GetInt64().ShouldBe(whole.Json.GetProperty("version").GetInt64(), name);
        }

        whole.Json.GetProperty("stream").GetString().ShouldBe(talk);
        Talk(whole.Json).GetProperty("Ticket").GetString().ShouldBe(ticket);
        Length(Talk(whole.Json), "Draft").ShouldBe(0);
        var events = Texts(whole.Json.GetProperty("events"), "english");
        events.Count(e => e == "A message was received").ShouldBe(2);
        events.ShouldContain("The author was asked for what is missing");
        Texts(whole.Json.GetProperty("events"), "indonesian").ShouldContain("Percakapan menjadi laporan");
        // Each message is answered; that stands beside the talk.
        whole.Json.GetProperty("states").EnumerateArray().Count(s => s.GetProperty("kind").GetString() == "message" && !s.GetProperty("data").TryGetProperty("UnansweredSince", out _)).ShouldBe(2);

        // Back, step by step, to where it stood when it was asked; and the difference in words.
        var (step, steps) = (whole.Json, 0);
        while (step.TryGetProperty("previous", out var previous))
        {
            step = await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={talk}&position={previous.GetInt64()}"));
            steps++;
        }

        steps.ShouldBe(events.Length - 1);
        var position = asked.GetProperty("events").EnumerateArray().Last().GetProperty("entry").GetProperty("position").GetInt64();
        Length(Talk(await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={talk}&position={position}"))), "Draft").ShouldBe(1);
        var difference = await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={talk}&sincePosition={position}"));
        Texts(difference.GetProperty("changes"), "english").ShouldContain($"Report became {ticket}");
        Texts(difference.GetProperty("changes"), "indonesian").ShouldContain($"Laporan menjadi {ticket}");
        Texts(difference.GetProperty("readers"), "actor").ShouldContain("staff:auditor");

        // Nobody else's business, and a report of the web has none.
        using var neighbour = await host.SignIn("33.76", "auditor");
        (await neighbour.GetAsync($"{Audit}/replay?conversation={talk}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await neighbour.GetAsync($"/api/v1/regencies/33.76/audit/replay?conversation={talk}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await auditor.GetAsync($"{Audit}/replay?conversation={await host.FileReport()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // It follows from its events alone.
        var rebuilt = await host.Use<IServiceProvider, RebuildReport?>(async services =>
        {
            services.GetRequiredService<CallContext>().Actor = Actor.System("command-line");
            return await services.GetRequiredService<ISender>().Send(new RebuildReadModels("33.28"));
        });
        rebuilt!.Differences.ShouldBeEmpty();
        rebuilt.Tables.Single(t => t.Table == "channels.mt_doc_conversation").Rows.ShouldBe(1);

        // Once the author is erased, it leads to nobody, and nothing of what was said can be read.
        using var officer = await host.SignIn("33.28", "pdp");
        var found = await SmartCityHost.Json(await officer.PostAsJsonAsync("/api/v1/regencies/33.28/personal-data/search", new { account = $"sms:{number}" }));
        string[] traces = [.. found.EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];
        (await officer.PostAsJsonAsync("/api/v1/regencies/33.28/personal-data/erasures", new { traces, ground = "request", proof = "contact" })).EnsureSuccessStatusCode();
        (await Count($"select count(*) from channels.mt_doc_talkof where tenant_id = '33_28' and data ->> 'Talk' = '{talk}'")).ShouldBe(0);
        var after = await SmartCityHost.Json(await auditor.GetAsync($"{Audit}/replay?conversation={talk}"));
        after.ToString().ShouldNotContain("jalan rusak parah sekali pak");
        after.GetProperty("erasures").GetArrayLength().ShouldBeGreaterThan(0);
        Talk(after).GetProperty("Ticket").GetString().ShouldBe(ticket);
    }

    private sealed record Found(JsonElement Json);
}
