using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Publishing;
using SmartCity.Reports.Subscribing;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Integrating;

public sealed class Sending_to_webhooks(PhotosHost host)
{
    private const string Webhooks = "/api/v1/regencies/33.28/webhooks";

    private async Task<(string Id, string Secret)> Register(string url, params string[] events)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Webhooks, new { url, events, description = "Dasbor kota" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = await SmartCityHost.Json(answer);
        answer.Headers.Location!.ToString().ShouldBe($"{Webhooks}/{made.GetProperty("id").GetString()}");
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    private async Task<JsonElement> Read(string id) => await SmartCityHost.Json(await host.Integrator().GetAsync($"{Webhooks}/{id}"));

    private async Task<JsonElement[]> Deliveries(string id, string query = "") => [.. (await SmartCityHost.Json(await host.Integrator().GetAsync($"{Webhooks}/{id}/deliveries{query}"))).EnumerateArray()];

    private async Task<JsonElement> Delivery(string id, Func<JsonElement, bool> which, string what)
    {
        JsonElement[] found = [];
        await SmartCityHost.Until(async () => (found = [.. (await Deliveries(id)).Where(which)]).Length > 0, what);
        return found[0];
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private async Task<HttpStatusCode> Remove(string id) => (await host.Integrator().DeleteAsync($"{Webhooks}/{id}")).StatusCode;

    private async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task tells_what_was_asked_for_signed_and_in_the_envelope_of_CloudEvents()
    {
        await using var receiver = await Receiver.Start();
        var (id, secret) = await Register(receiver.Url, "report.filed.v1", "report.answered.v1");
        var ticket = await host.FileReport(description: "Kaitan pertama, telepon 0812-7777-8888");
        await host.Reaches(ticket, "assigned");
        using var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{Base}/{ticket}/answers", new { text = "Kami kerjakan.", isSettled = false })).EnsureSuccessStatusCode();

        var answered = await receiver.Gets(r => r.Subject == ticket && r.Type == "report.answered.v1", "the answer");

        var filed = receiver.Requests.Single(r => r.Subject == ticket && r.Type == "report.filed.v1");
        receiver.Requests.ShouldNotContain(r => r.Subject == ticket && r.Type == "report.assigned.v1");
        foreach (var request in new[] { filed, answered })
        {
            request.IsSignedWith(secret).ShouldBeTrue();
            request.IsSignedWith(WebhookSecrets.New()).ShouldBeFalse();
            request.ContentType.ShouldBe("application/cloudevents+json; charset=utf-8");
            request.Event.GetProperty("id").GetString().ShouldBe(request.Id);
            request.Event.GetProperty("specversion").GetString().ShouldBe("1.0");
            request.Id.ShouldNotContain(".");
            (DateTimeOffset.UtcNow - Receiver.At(request)).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
        }

        filed.Event.GetProperty("data").GetProperty("report").GetProperty("description").GetString().ShouldBe("Kaitan pertama, telepon [telepon]");
        var delivered = await Delivery(id, d => Text(d, "eventId") == answered.Id && Text(d, "state") == "delivered", "that it is known to have arrived");
        (delivered.GetProperty("status").GetInt32(), delivered.GetProperty("attempts").GetInt32(), Text(delivered, "ticket")).ShouldBe((204, 1, ticket));
        Text(await Read(id), "state").ShouldBe("enabled");
        (await Remove(id)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task tries_again_with_the_same_id_after_a_failure()
    {
        var tried = 0;
        await using var receiver = await Receiver.Start((_, http) =>
        {
            http.Response.StatusCode = ++tried == 1 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        var (id, secret) = await Register(receiver.Url, "proposal.staged.v1");
        (await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var delivered = await Delivery(id, d => Text(d, "type") == "webhook.test.v1" && Text(d, "state") == "delivered", "the second try");

        delivered.GetProperty("attempts").GetInt32().ShouldBe(2);
        var tries = receiver.Requests.Where(r => r.Type == "webhook.test.v1").ToArray();
        tries.Length.ShouldBe(2);
        tries[0].Id.ShouldBe(tries[1].Id);
        tries.ShouldAllBe(r => r.IsSignedWith(secret));
        await Remove(id);
    }

    [Fact]
    public async Task ends_when_the_receiver_answers_410_and_says_why()
    {
        await using var receiver = await Receiver.Answering(410);
        var (id, _) = await Register(receiver.Url, "proposal.staged.v1");
        await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null);

        await SmartCityHost.Until(async () => Text(await Read(id), "state") == "disabled", "it is disabled");

        Text(await Read(id), "disabledBecause").ShouldContain("410");
        Text((await Deliveries(id)).ShouldHaveSingleItem(), "state").ShouldBe("failed");
        (await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Scalar<long>($"select count(*) from history.mt_events where stream_id = 'webhook-{id}' and data ->> 'What' = 'disabled' and user_name = 'system:webhooks'")).ShouldBe(1);

        using var enabled = await host.Integrator().PatchAsJsonAsync($"{Webhooks}/{id}", new { isEnabled = true });
        Text(await SmartCityHost.Json(enabled), "state").ShouldBe("enabled");
        await Remove(id);
    }

    [Fact]
    public async Task heeds_when_the_receiver_wants_to_be_asked_again()
    {
        await using var receiver = await Receiver.Answering(503, "7200");
        var (id, _) = await Register(receiver.Url, "proposal.staged.v1");
        await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null);

        var waiting = await Delivery(id, d => Text(d, "state") == "waiting" && d.TryGetProperty("status", out _), "the first try");

        waiting.GetProperty("status").GetInt32().ShouldBe(503);
        waiting.GetProperty("nextTryAt").GetDateTimeOffset().ShouldBeGreaterThan(waiting.GetProperty("attemptedAt").GetDateTimeOffset().AddHours(1.9));
        Text(await Read(id), "state").ShouldBe("failing");
        await Remove(id);
    }

    [Fact]
    public async Task follows_no_redirect_and_reaches_nothing_that_is_not_public()
    {
        await using var receiver = await Receiver.Start((_, http) =>
        {
            http.Response.Redirect("http://127.0.0.1:1/elsewhere");
            return Task.CompletedTask;
        });
        var (id, _) = await Register(receiver.Url, "proposal.staged.v1");
        await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null);

        (await Delivery(id, d => d.TryGetProperty("error", out _), "the redirect")).GetProperty("status").GetInt32().ShouldBe(302);
        receiver.Requests.Count.ShouldBe(1);
        await Remove(id);
        // What a name leads to is looked at when it is connected to; this host allows one address of this machine, and not this one.
        var attempt = await host.Services.GetRequiredService<WebhookSender>().Send(new Uri(receiver.Url.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal)), "a", DateTimeOffset.UtcNow, [], "v1,x");
        (attempt.Status, attempt.Problem).ShouldBe((null, "The address does not lie in the public internet."));
        receiver.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task holds_nobody_up_for_a_slow_receiver()
    {
        var patience = new TaskCompletionSource();
        await using var slow = await Receiver.Start((_, _) => patience.Task);
        await using var quick = await Receiver.Start();
        var (slowId, _) = await Register(slow.Url, "report.filed.v1");
        var (quickId, _) = await Register(quick.Url, "report.filed.v1");
        try
        {
            var first = await host.FileReport(description: "Kaitan lambat");
            await slow.Gets(r => r.Type == "report.filed.v1", "the slow one has it, and says nothing");
            await quick.Gets(r => r.Subject == first, "the first");
            var second = await host.FileReport(description: "Kaitan lambat lagi");

            await quick.Gets(r => r.Subject == second, "the second, while the slow one still thinks");

            slow.Requests.Count.ShouldBe(1);
        }
        finally
        {
            patience.SetResult();
        }

        await Remove(slowId);
        await Remove(quickId);
    }

    [Fact]
    public async Task sends_nothing_of_a_report_that_was_hidden_before_it_left()
    {
        var isUp = false;
        // Others file reports at the same time, which are taken.
        await using var receiver = await Receiver.Start((received, http) =>
        {
            http.Response.StatusCode = isUp || !Encoding.UTF8.GetString(received.Body).Contains("disembunyikan", StringComparison.Ordinal) ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        var (id, _) = await Register(receiver.Url, "report.filed.v1", "report.hidden.v1");
        var ticket = await host.FileReport(description: "Kaitan disembunyikan");
        var filed = await receiver.Gets(r => r.Subject == ticket, "the first try");
        await Delivery(id, d => Text(d, "eventId") == filed.Id && d.TryGetProperty("status", out _), "that it failed is written");
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        await host.Reaches(ticket, "assigned");
        (await dispatcher.PostAsJsonAsync($"{Base}/{ticket}/protections", new { isConfidential = true })).EnsureSuccessStatusCode();
        isUp = true;

        var withheld = await Delivery(id, d => Text(d, "eventId") == filed.Id && Text(d, "state") == "withheld", "it is withheld");
        var hidden = await receiver.Gets(r => r.Subject == ticket && r.Type == "report.hidden.v1", "that it is hidden");

        withheld.TryGetProperty("nextTryAt", out _).ShouldBeFalse();
        Encoding.UTF8.GetString(hidden.Body).ShouldNotContain("disembunyikan");
        receiver.Requests.Count(r => r.Id == filed.Id).ShouldBe(1);
        // What waits holds nothing that somebody wrote.
        (await Scalar<long>("select count(*) from reports.mt_doc_webhookdelivery where data::text ilike '%disembunyikan%'")).ShouldBe(0);
        await Remove(id);
    }

    [Fact]
    public async Task signs_with_both_secrets_for_a_day_after_a_rotation()
    {
        await using var receiver = await Receiver.Start();
        var (id, former) = await Register(receiver.Url, "proposal.staged.v1");

        var rotated = await SmartCityHost.Json(await host.Integrator().PostAsync($"{Webhooks}/{id}/secrets", null));

        var secret = Text(rotated, "secret");
        secret.ShouldNotBe(former);
        rotated.GetProperty("formerSecretUntil").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(23));
        await host.Integrator().PostAsync($"{Webhooks}/{id}/tests", null);
        var request = await receiver.Gets(r => r.Type == "webhook.test.v1", "the test");
        request.Signature.Split(' ').Length.ShouldBe(2);
        request.IsSignedWith(secret).ShouldBeTrue();
        request.IsSignedWith(former).ShouldBeTrue();

        // Shown once, and kept so that the database alone gives nothing away.
        (await Read(id)).ToString().ShouldNotContain("whsec_");
        (await host.Integrator().GetStringAsync(Webhooks)).ShouldNotContain("whsec_");
        (await Scalar<string>($"select data::text from reports.mt_doc_webhook where id = '{id}'")).ShouldNotContain(secret["whsec_".Length..]);
        (await Scalar<string>($"select string_agg(data::text, ' ') from history.mt_events where stream_id = 'webhook-{id}'")).ShouldNotContain("rahasia-jalur");
        await Remove(id);
    }

    [Fact]
    public async Task sends_one_once_more_when_it_is_asked_to()
    {
        await using var receiver = await Receiver.Start();
        var (id, _) = await Register(receiver.Url, "report.filed.v1");
        var ticket = await host.FileReport(description: "Kaitan diulang");
        var first = await receiver.Gets(r => r.Subject == ticket, "the report");
        var delivery = Text(await Delivery(id, d => Text(d, "eventId") == first.Id && Text(d, "state") == "delivered", "the delivery"), "id");

        (await host.Integrator().PostAsync($"{Webhooks}/{id}/deliveries/{delivery}/redeliveries", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await SmartCityHost.Until(() => Task.FromResult(receiver.Requests.Count(r => r.Id == first.Id) == 2), "it comes once more, with the same id");
        (await host.Integrator().PostAsync($"{Webhooks}/{id}/deliveries/lenyap/redeliveries", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Remove(id);
    }

    [Fact]
    public async Task is_claimed_by_one_host_however_many_ask()
    {
        await using var receiver = await Receiver.Start();
        var (id, _) = await Register(receiver.Url, "proposal.staged.v1");
        await host.Integrator().PatchAsJsonAsync($"{Webhooks}/{id}", new { isEnabled = false });
        await using var scope = host.Services.CreateAsyncScope();
        WebhookStore Host() => ActivatorUtilities.CreateInstance<WebhookStore>(scope.ServiceProvider);
        var webhook = (await Host().Find("33.28", id, default))!;
        for (var n = 0; n < 3; n++)
        {
            await Host().Test("33.28", webhook, default);
        }

        // The host's own sender takes part as soon as it looks.
        await host.Integrator().PatchAsJsonAsync($"{Webhooks}/{id}", new { isEnabled = true });
        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Host().Claim("33.28", id, default))));

        var held = claimed.Where(c => c is not null).Select(c => c!.Value.Delivery.Id).Concat(receiver.Requests.Select(r => $"{id}-{r.Id}")).ToArray();
        held.ShouldBeUnique();
        held.Length.ShouldBeLessThanOrEqualTo(3);
        await Remove(id);
    }

    [Fact]
    public async Task is_told_once_of_an_event_by_however_many_hosts_follow_the_history()
    {
        await using var receiver = await Receiver.Start();
        var (id, _) = await Register(receiver.Url, "report.filed.v1");
        await using var scope = host.Services.CreateAsyncScope();
        WebhookStore Host() => ActivatorUtilities.CreateInstance<WebhookStore>(scope.ServiceProvider);
        var tickets = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => host.FileReport(description: $"Kaitan serentak {n}")));

        await SmartCityHost.Until(async () =>
        {
            var webhook = (await Host().Find("33.28", id, default))!;
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Host().Queue("33.28", webhook, default))));
            return tickets.All(ticket => receiver.Requests.Any(r => r.Subject == ticket));
        }, "all five");

        tickets.ShouldAllBe(ticket => receiver.Requests.Count(r => r.Subject == ticket) == 1);
        (await Deliveries(id, "?limit=1000")).Select(d => Text(d, "eventId")).ShouldBeUnique();
        await Remove(id);
    }

    [Fact]
    public async Task is_changed_by_whoever_registered_it_and_by_an_operator()
    {
        await using var receiver = await Receiver.Start();
        var (id, _) = await Register(receiver.Url, "proposal.staged.v1");
        var keys = host.Services.GetRequiredService<ApiKeys>();
        await keys.Save(RegencyCode.Parse("33.28"), new ApiKey { Id = ApiKey.Hash("kunci-lain"), Name = "lain", Scopes = Scopes.All }, default);
        await keys.Save(RegencyCode.Parse("33.28"), new ApiKey { Id = ApiKey.Hash("kunci-baca"), Name = "baca", Scopes = [Scopes.Read] }, default);
        using var operators = await host.SignIn("33.28", "operator");
        using var dispatcher = await host.SignIn("33.28", "dispatcher");

        (await SmartCityHost.Json(await operators.GetAsync($"{Webhooks}/{id}"))).GetProperty("owner").GetString().ShouldBe("key:demo");
        using var changed = await host.Integrator().PatchAsJsonAsync($"{Webhooks}/{id}", new { events = new[] { "report.*" } });
        (await SmartCityHost.Json(changed)).GetProperty("events").EnumerateArray().Select(e => e.GetString()).ShouldBe(["report.*"]);

        foreach (var (caller, status) in new[]
        {
            (host.Integrator("kunci-lain"), HttpStatusCode.NotFound), (host.Integrator("kunci-baca"), HttpStatusCode.Forbidden), (dispatcher, HttpStatusCode.Forbidden), (host.Http, HttpStatusCode.Unauthorized),
        })
        {
            (await caller.GetAsync($"{Webhooks}/{id}")).StatusCode.ShouldBe(status);
            (await caller.GetAsync($"{Webhooks}/{id}/deliveries")).StatusCode.ShouldBe(status);
            (await caller.PatchAsJsonAsync($"{Webhooks}/{id}", new { isEnabled = false })).StatusCode.ShouldBe(status);
            (await caller.DeleteAsync($"{Webhooks}/{id}")).StatusCode.ShouldBe(status);
            (await caller.PostAsync($"{Webhooks}/{id}/secrets", null)).StatusCode.ShouldBe(status);
            (await caller.PostAsync($"{Webhooks}/{id}/tests", null)).StatusCode.ShouldBe(status);
        }

        (await host.Integrator("kunci-lain").GetStringAsync(Webhooks)).ShouldNotContain(id);
        // A key of the same name in a neighbouring regency sees its own only.
        var neighbour = Webhooks.Replace("33.28", "33.76", StringComparison.Ordinal);
        (await host.Integrator().GetStringAsync(neighbour)).ShouldNotContain(id);
        (await host.Integrator().GetAsync($"{neighbour}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Integrator().DeleteAsync($"{neighbour}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Remove(id)).ShouldBe(HttpStatusCode.NoContent);
        (await Remove(id)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task hears_nothing_of_another_regency()
    {
        await using var here = await Receiver.Start();
        await using var there = await Receiver.Start();
        var (id, _) = await Register(here.Url, "report.filed.v1");
        using var made = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.76/webhooks", new { url = there.Url, events = new[] { "report.filed.v1" } });
        var neighbour = Text(await SmartCityHost.Json(made), "id");
        var ticket = await host.FileReport("33.76", description: "Kaitan tetangga");
        var own = await host.FileReport(description: "Kaitan sendiri");

        (await there.Gets(r => r.Event.GetProperty("source").GetString() == "/api/v1/regencies/33.76" && r.Subject == ticket, "the neighbour's")).Type.ShouldBe("report.filed.v1");
        await here.Gets(r => r.Subject == own, "one's own");

        here.Requests.ShouldAllBe(r => r.Event.GetProperty("source").GetString() == "/api/v1/regencies/33.28");
        there.Requests.ShouldAllBe(r => r.Event.GetProperty("source").GetString() == "/api/v1/regencies/33.76");
        await Remove(id);
        await host.Integrator().DeleteAsync($"/api/v1/regencies/33.76/webhooks/{neighbour}");
    }

    [Theory]
    [InlineData("ftp://example.org/", "url"), InlineData("https://user:pw@example.org/", "url"), InlineData("https://example.org/#x", "url"), InlineData("example.org", "url"), InlineData(null, "url")]
    [InlineData("https://10.1.2.3/", "url"), InlineData("https://[::1]/", "url"), InlineData("https://example.org/\0", "url"), InlineData("https://example.org/a b", "url")]
    public async Task needs_an_address_that_can_be_sent_to(string? url, string field)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Webhooks, new { url });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory, InlineData("report.lenyap.v1"), InlineData(""), InlineData(null)]
    public async Task needs_events_that_exist(string? unknown)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Webhooks, new { url = "https://example.org/", events = new[] { unknown } });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var fault = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        fault.GetProperty("field").GetString().ShouldBe("events");
        fault.GetProperty("detail").GetString()!.ShouldContain(PublicEventTypes.Hidden);
    }
}
