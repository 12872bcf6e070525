using System.Net;
using System.Net.Http.Json;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

/// <summary>Its words may accuse officials, and nobody chose a category: it is hidden until a person has looked.</summary>
public sealed class A_report_that_may_accuse_officials(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    // Likely enough an accusation to be hidden, not sure enough of any category.
    private const string Words = "petugas sampah tidak datang, minta uang dulu";

    private async Task<(string Ticket, string Secret, HttpClient Dispatcher)> Filed(bool isConfidential = false)
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Reports, new { description = Words, isConfidential, place = new { address = "Slawi" } });
        var filed = await SmartCityHost.Json(answer);
        var (ticket, dispatcher) = (filed.GetProperty("ticket").GetString()!, await host.SignIn("33.28", "dispatcher"));
        return (ticket, filed.GetProperty("secret").GetString()!, dispatcher);
    }

    private async Task<bool> IsPublic(string ticket)
    {
        using var answer = await host.Http.GetAsync($"{Reports}/{ticket}");
        return answer.IsSuccessStatusCode;
    }

    private static async Task Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"{Reports}/{path}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task is_public_once_a_dispatcher_says_that_it_is_an_ordinary_one()
    {
        var (ticket, _, dispatcher) = await Filed();
        (await host.Reaches(ticket, "queued", caller: dispatcher)).GetProperty("isConfidential").GetBoolean().ShouldBeTrue();
        (await IsPublic(ticket)).ShouldBeFalse();

        await Post(dispatcher, $"{ticket}/classifications", new { category = "sampah" });

        (await host.Reaches(ticket, "queued")).GetProperty("isConfidential").GetBoolean().ShouldBeFalse();
        (await host.Http.GetStringAsync($"{Reports}?limit=1000")).ShouldContain(ticket);
    }

    [Fact]
    public async Task stays_hidden_when_its_reporter_had_wished_so()
    {
        var (ticket, _, dispatcher) = await Filed(isConfidential: true);
        await host.Reaches(ticket, "queued", caller: dispatcher);

        await Post(dispatcher, $"{ticket}/classifications", new { category = "sampah" });

        (await IsPublic(ticket)).ShouldBeFalse();
    }

    [Fact]
    public async Task stays_hidden_when_its_reporter_wishes_so_afterwards()
    {
        var (ticket, secret, dispatcher) = await Filed();
        await host.Reaches(ticket, "queued", caller: dispatcher);
        using var reporter = host.Browser();
        reporter.DefaultRequestHeaders.Add("X-Report-Secret", secret);
        await Post(reporter, $"{ticket}/protections", new { isConfidential = true });

        await Post(dispatcher, $"{ticket}/classifications", new { category = "sampah" });

        (await IsPublic(ticket)).ShouldBeFalse();
    }

    [Fact]
    public async Task stays_hidden_once_a_person_has_called_it_one_on_officials()
    {
        var (ticket, _, dispatcher) = await Filed();
        await host.Reaches(ticket, "queued", caller: dispatcher);
        await Post(dispatcher, $"{ticket}/classifications", new { category = "pungli" });
        var inspectorate = await host.SignIn("33.28", "officer.inspektorat");
        await host.Reaches(ticket, "assigned", caller: inspectorate);

        await Post(inspectorate, $"{ticket}/classifications", new { category = "sampah" });

        (await IsPublic(ticket)).ShouldBeFalse();
    }
}
