using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Subscribing;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Time;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests.Subscribing;

public sealed partial class Hearing_of_what_is_new(ChannelsHost host) : IClassFixture<ChannelsHost>
{
    private const string Api = "/api/v1/regencies/33.28";

    [Fact]
    public async Task begins_when_the_link_in_the_first_mail_is_followed_and_tells_of_each_report_once()
    {
        var (id, key) = await Ask(new { email = "warga.satu@contoh-uji.id", category = "pju" });
        var before = await File("pju");
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/subscriptions/{id}?key={key}"))).GetProperty("isConfirmed").GetBoolean().ShouldBeFalse();

        await Confirm(id, key);
        var after = await File("pju");
        var other = await File("sampah");
        var mail = await News(id, after);

        mail.ShouldContain($"/33.28/laporan/{after}");
        mail.ShouldContain($"/33.28/langganan/{id}?kunci={key}");
        mail.ShouldNotContain("Lampu");
        (await Mails(id)).ShouldAllBe(m => !m.Contains(before) && !m.Contains(other));
        // Published once more, and put under another category and back.
        await Republish(after);
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        foreach (var category in new[] { "jalan-rusak", "pju" })
        {
            (await dispatcher.PostAsJsonAsync($"{Api}/reports/{after}/classifications", new { category })).EnsureSuccessStatusCode();
        }

        var next = await File("pju");
        await News(id, next);
        (await Mails(id)).Count(m => m.Contains(after)).ShouldBe(1);
        var history = await host.History($"subscription-{id}");
        history[..2].ShouldBe(["subscription.asked.v1", "message.sent.v1"], ignoreOrder: true);
        history.ShouldContain("subscription.confirmed.v1");
    }

    [Fact]
    public async Task reaches_who_lives_near_and_not_who_lives_elsewhere()
    {
        var (near, nearKey) = await Ask(new { email = "dekat@contoh-uji.id", latitude = -6.981, longitude = 109.131, metres = 500 });
        var (far, farKey) = await Ask(new { email = "jauh@contoh-uji.id", latitude = -7.2, longitude = 109.131, metres = 500 });
        await Confirm(near, nearKey);
        await Confirm(far, farKey);

        var ticket = await File("drainase");
        await News(near, ticket);

        (await Mails(far)).ShouldBeEmpty();
        (await Stored("109.131")).ShouldBeFalse("the point is sealed");
    }

    [Fact]
    public async Task is_one_mail_a_day_where_that_was_wanted_without_what_was_hidden_meanwhile()
    {
        var (id, key) = await Ask(new { email = "harian@contoh-uji.id", category = "pasar", daily = true });
        await Confirm(id, key);
        string[] tickets = [await File("pasar"), await File("pasar"), await File("pasar")];
        await SmartCityHost.Until(async () => await Waiting(id) == 3, "all are noted");
        using (var dispatcher = await host.SignIn("33.28", "dispatcher"))
        {
            (await dispatcher.PostAsJsonAsync($"{Api}/reports/{tickets[1]}/protections", new { isConfidential = true })).EnsureSuccessStatusCode();
        }

        (await Mails(id)).ShouldBeEmpty();
        host.Services.GetRequiredService<DemoClock>().Advance(TimeSpan.FromDays(1));
        var mail = await News(id, tickets[0]);

        mail.ShouldContain(tickets[2]);
        mail.ShouldNotContain(tickets[1]);
        (await Mails(id)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task says_nothing_of_what_was_never_public()
    {
        var (id, key) = await Ask(new { email = "semua@contoh-uji.id", works = true });
        await Confirm(id, key);
        using var answer = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "jalan-rusak", description = "Rahasia", isConfidential = true, place = new { latitude = -6.98, longitude = 109.13 } });
        using var oversight = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { category = "pungli", description = "Pungutan di loket", place = new { latitude = -6.98, longitude = 109.13 } });
        var (hidden, accusing) = (await Ticket(answer), await Ticket(oversight));
        using var neighbour = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.76/reports", new { category = "jalan-rusak", description = "Di kota", place = new { latitude = -6.87, longitude = 109.13 } });
        neighbour.EnsureSuccessStatusCode();
        using var officer = await host.SignIn("33.28", "officer.dpu");
        var work = await SmartCityHost.Json(await officer.PostAsJsonAsync($"{Api}/planned-works", new { name = "Perbaikan saluran Uji Kabar", department = "DPU", districts = new[] { "33.28.10" }, fiscalYear = 2027, cost = 1000000, source = "apbd" }));
        var open = await File("pohon-taman");

        await News(id, open);
        await News(id, work.GetProperty("id").GetString()!);

        (await Mails(id)).ShouldAllBe(m => !m.Contains(hidden) && !m.Contains(accusing) && !m.Contains("/33.76/"));
        (await Mails(id)).ShouldContain(m => m.Contains("Perbaikan saluran Uji Kabar (2027)"));
    }

    [Fact]
    public async Task waits_until_a_person_has_let_go_what_looked_like_spam()
    {
        var (id, key) = await Ask(new { email = "tertahan@contoh-uji.id" });
        await Confirm(id, key);
        using var answer = await host.Integrator().PostAsJsonAsync($"{Api}/reports", new { description = "slot gacor maxwin, deposit pulsa, daftar sekarang di link bio", place = new { address = "Slawi" } });
        var held = await Ticket(answer);
        await News(id, await File("jembatan"));
        (await Mails(id)).ShouldAllBe(m => !m.Contains(held));

        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        await SmartCityHost.Until(async () => (await dispatcher.PostAsJsonAsync($"{Api}/reports/{held}/releases", new { })).IsSuccessStatusCode, "it is released");

        await News(id, held);
    }

    [Fact]
    public async Task ends_with_one_call_of_a_mail_program_and_the_address_is_gone()
    {
        var (id, key) = await Ask(new { email = "berhenti@contoh-uji.id", category = "irigasi" });
        await Confirm(id, key);
        var told = await File("irigasi");
        await News(id, told);
        (await host.Http.PostAsync($"{Api}/subscriptions/{id}/unsubscribe?key={new string('0', 32)}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // As RFC 8058 has it: a form, no cookie, nothing else.
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var ended = await host.Http.PostAsync($"{Api}/subscriptions/{id}/unsubscribe?key={key}", form);
        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await host.Http.PostAsync($"{Api}/subscriptions/{id}/unsubscribe?key={key}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await host.Http.GetAsync($"{Api}/subscriptions/{id}?key={key}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.History($"subscription-{id}")).Count(e => e == "subscription.ended.v1").ShouldBe(1);
        await File("irigasi");
        await File("irigasi");
        (await Mails(id)).ShouldBeEmpty("what was said cannot be read either");
        (await Stored("berhenti@contoh-uji.id")).ShouldBeFalse();
        (await KeysOf(id)).ShouldAllBe(k => k.Wrapped == null && k.Email == null && k.Ground == ErasureGround.ConsentWithdrawn);
    }

    [Fact]
    public async Task is_found_copied_and_erased_by_who_answers_for_data_protection()
    {
        var (id, key) = await Ask(new { email = "hak@contoh-uji.id" });
        await Confirm(id, key);
        using var officer = await host.SignIn("33.28", "pdp");
        var found = await SmartCityHost.Json(await officer.PostAsJsonAsync($"{Api}/personal-data/search", new { email = "HAK@contoh-uji.id" }));
        found.EnumerateArray().Single().GetProperty("stream").GetString().ShouldBe($"subscription-{id}");

        using var own = await host.Http.PostAsync($"{Api}/subscriptions/{id}/copies?key={key}", null);
        await using var zip = new ZipArchive(await own.Content.ReadAsStreamAsync());
        using var data = new StreamReader(zip.GetEntry("data.json")!.Open());
        (await data.ReadToEndAsync()).ShouldContain("hak@contoh-uji.id");
        (await officer.PostAsJsonAsync($"{Api}/personal-data/erasures", new { traces = new[] { found[0].GetProperty("id").GetString() }, ground = "request", proof = "letter" })).EnsureSuccessStatusCode();

        (await host.Http.GetAsync($"{Api}/subscriptions/{id}?key={key}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.History($"subscription-{id}")).ShouldContain("subscription.ended.v1");
    }

    [Fact]
    public async Task cannot_be_used_to_flood_an_address_or_to_learn_whether_it_is_known()
    {
        var before = (await Confirmations()).Count;
        for (var i = 0; i < AskForNews.MostAsksADay + 2; i++)
        {
            using var answer = await host.Http.PostAsJsonAsync($"{Api}/subscriptions", new { email = "Banjiri@contoh-uji.id", category = "sampah" });
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        ((await Confirmations()).Count - before).ShouldBe(AskForNews.MostAsksADay);
    }

    [Fact]
    public async Task is_of_one_regency_alone()
    {
        var (id, key) = await Ask(new { email = "satu-daerah@contoh-uji.id" });

        (await host.Http.GetAsync($"/api/v1/regencies/33.76/subscriptions/{id}?key={key}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.PostAsync($"/api/v1/regencies/33.76/subscriptions/{id}/confirmation?key={key}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.PostAsync($"/api/v1/regencies/33.76/subscriptions/{id}/unsubscribe?key={key}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var staff = await host.SignIn("33.28", "auditor");
        (await staff.GetStringAsync($"{Api}/outbox?channel=email&limit=1000")).ShouldNotContain(key, customMessage: "the links are the subscriber's alone");
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/subscriptions/{id}?key={key}"))).GetProperty("isConfirmed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task nobody_confirmed_is_forgotten_after_two_days()
    {
        var (id, _) = await Ask(new { email = "lupa@contoh-uji.id" });
        var (kept, key) = await Ask(new { email = "ingat@contoh-uji.id" });
        await Confirm(kept, key);

        await host.Use<DueNews, bool>(async due =>
        {
            await due.ForgetUnconfirmed("33.28", DateTimeOffset.MaxValue.AddYears(-1), CancellationToken.None);
            return true;
        });

        (await KeysOf(id)).ShouldAllBe(k => k.Wrapped == null && k.Ground == ErasureGround.Retention);
        (await host.Http.GetAsync($"{Api}/subscriptions/{kept}?key={key}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"email":"bukan surel"}""", "email"), InlineData("""{"email":"a@b.id","district":"33.76.01"}""", "district"), InlineData("""{"email":"a@b.id","category":"pungli"}""", "category")]
    [InlineData("""{"email":"a@b.id","latitude":-6.9}""", "latitude"), InlineData("""{"email":"a@b.id","latitude":-6.9,"longitude":109.1,"metres":5}""", "metres"), InlineData("""{"email":"a@b.id","reports":false}""", "reports")]
    public async Task that_cannot_be_is_refused_with_the_field_at_fault(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync($"{Api}/subscriptions", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"{field}\"");
    }

    private async Task<(string Id, string Key)> Ask(object body)
    {
        var before = await Confirmations();
        using var answer = await host.Http.PostAsJsonAsync($"{Api}/subscriptions", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var link = Link().Match((await Confirmations()).Except(before).Single());
        return (link.Groups[1].Value, link.Groups[2].Value);
    }

    private async Task Confirm(string id, string key) =>
        (await host.Http.PostAsync($"{Api}/subscriptions/{id}/confirmation?key={key}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private async Task<string> File(string category)
    {
        var ticket = await host.FileReport(category: category, description: $"Lampu dan lubang {Guid.NewGuid():N}");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync($"{Api}/reports/{ticket}"))).GetProperty("state").GetString() is not "filed", "it was routed");
        return ticket;
    }

    private static async Task<string> Ticket(HttpResponseMessage answer) => (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;

    private async Task<string> News(string id, string matter) =>
        await SmartCityHost.Until(async () => (await Mails(id)).FirstOrDefault(m => m.Contains(matter, StringComparison.Ordinal)), $"a mail of {matter}");

    private async Task<string[]> Mails(string id) => [.. (await Texts(OutboundMessage.News)).Where(text => text.Contains(id, StringComparison.Ordinal))];

    private async Task<IReadOnlyList<string>> Confirmations() => await Texts(OutboundMessage.Confirmation);

    private async Task<IReadOnlyList<string>> Texts(string kind) =>
        [.. (await host.Outbox(channel: "email")).Where(m => m.GetProperty("kind").GetString() == kind).Select(m => m.GetProperty("text").GetString()!)];

    private Task<int> Waiting(string id) => host.Use<RegencySessions, int>(async sessions =>
    {
        await using var session = sessions.Query("33.28");
        var stream = $"subscription-{id}";
        return await session.Query<SubscriptionNews>().CountAsync(n => n.Subscription == stream && n.DueAt != null);
    });

    private Task<IReadOnlyList<PersonalKey>> KeysOf(string id) => host.Use<RegencySessions, IReadOnlyList<PersonalKey>>(async sessions =>
    {
        await using var session = sessions.Query("33.28");
        var stream = $"subscription-{id}";
        return await session.Query<PersonalKey>().Where(k => k.Stream == stream).ToListAsync();
    });

    /// <summary>Whether a text stands anywhere in the events, the subscriptions or the outbox.</summary>
    private async Task<bool> Stored(string text)
    {
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            """
            select exists (select from history.mt_events where type like 'subscription%' and data::text like '%' || $1 || '%')
                or exists (select from channels.mt_doc_subscription where data::text like '%' || $1 || '%')
                or exists (select from channels.mt_doc_outboundmessage where data::text like '%' || $1 || '%')
            """, connection)
        { Parameters = { new() { Value = text } } };
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private Task<bool> Republish(string ticket) => host.Use<RegencySessions, bool>(async sessions =>
    {
        await using var scope = host.Services.CreateAsyncScope();
        await using var session = sessions.Query("33.28");
        var assigned = (await session.Events.FetchStreamAsync(ticket)).First(e => e.Data is ReportAssigned);
        await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new Committed<ReportAssigned>((ReportAssigned)assigned.Data, assigned.Envelope()));
        return true;
    });

    [GeneratedRegex(@"/langganan/([0-9a-f]{32})\?kunci=([0-9a-f]{32})")]
    private static partial Regex Link();
}
