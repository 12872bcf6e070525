using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class A_report_at_the_desk(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Desk = "/api/v1/regencies/33.28/desk-messages", Outgoing = "/api/v1/regencies/33.28/outbox";

    [Fact]
    public async Task is_answered_by_telephone_message_where_the_number_is_known()
    {
        var (dispatcher, number) = (await host.SignIn("33.28", "dispatcher"), SmsHost.NewNumber());

        using var entered = await dispatcher.PostAsJsonAsync(Desk, new { how = "phone", text = "Jalan rusak parah di Balamoa", address = "Balamoa", name = "Bu Warga", phone = $"0{number[3..]}" });

        entered.StatusCode.ShouldBe(HttpStatusCode.Created);
        var ticket = (await entered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;
        (await host.Sent(number, 1))[0].Text.ShouldContain(ticket);
        var report = await host.Reaches(ticket, "assigned");
        report.GetProperty("channel").GetString().ShouldBe("phone");
        report.GetRawText().ShouldNotContain("Bu Warga");
    }

    [Fact]
    public async Task is_told_in_person_where_nothing_else_is_known()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        using var entered = await dispatcher.PostAsJsonAsync(Desk, new { how = "walk-in", text = "Lampu jalan mati di Slawi", address = "Slawi" });
        var ticket = (await entered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;
        var waiting = await SmartCityHost.Until(async () => (await SmartCityHost.Json(await dispatcher.GetAsync($"{Outgoing}?state=failed&ticket={ticket}"))).EnumerateArray()
            .Select(m => m.GetProperty("id").GetString()).FirstOrDefault(), "what is to be told");
        (await dispatcher.GetStringAsync("/33.28/meja/catat")).ShouldContain($"/33.28/meja/catat/{waiting}/sampai");
        // Not by others, not of another regency.
        (await host.Http.PostAsync($"{Outgoing}/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dpu")).PostAsync($"{Outgoing}/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsync($"{Outgoing}/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsync($"/api/v1/regencies/33.76/outbox/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await dispatcher.PostAsync($"{Outgoing}/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await dispatcher.PostAsync($"{Outgoing}/{waiting}/told", null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var told = (await SmartCityHost.Json(await dispatcher.GetAsync($"{Outgoing}?ticket={ticket}"))).EnumerateArray().Single(m => m.GetProperty("id").GetString() == waiting);
        told.GetProperty("state").GetString().ShouldBe("sent");
        told.GetProperty("receipt").GetString().ShouldBe("told by staff:dispatcher");
        (await host.History($"outbox-{ticket}")).ShouldContain("message.sent.v1");
    }

    [Fact]
    public async Task is_entered_by_dispatchers_with_a_way_that_exists()
    {
        var (dispatcher, message) = (await host.SignIn("33.28", "dispatcher"), new { how = "letter", text = "Jalan rusak", address = "Slawi" });

        (await host.Http.PostAsJsonAsync(Desk, message)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.28", "officer.dpu")).PostAsJsonAsync(Desk, message)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).PostAsJsonAsync(Desk, message)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var wrong = await dispatcher.PostAsJsonAsync(Desk, new { how = "pigeon", text = "Jalan rusak", address = "Slawi" });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("walk-in");
        (await dispatcher.PostAsJsonAsync(Desk, new { how = "letter", text = "", address = "Slawi" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync("/33.28/meja/catat")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task sent_twice_is_one_report()
    {
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        async Task<(HttpStatusCode, string)> Enter()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Desk) { Content = JsonContent.Create(new { how = "radio-call", text = "Sampah menumpuk di pasar", address = "Pasar Slawi" }) };
            request.Headers.Add("Idempotency-Key", "siaran-7");
            using var answer = await dispatcher.SendAsync(request);
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!);
        }

        var (first, ticket) = await Enter();
        var (second, same) = await Enter();

        (first, second).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK));
        same.ShouldBe(ticket);
    }
}
