using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests;

public sealed class Filing_a_report(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    private static object Body(string? description = "Jalan berlubang di depan pasar", string? category = "jalan-rusak") =>
        new { category, description, place = new { latitude = -6.98, longitude = 109.13 }, reporter = new { firstName = "Siti", phone = "0812-0000-1111" } };

    [Fact]
    public async Task gives_a_ticket_under_which_everybody_can_read_it()
    {
        using var answer = await host.Integrator().PostAsJsonAsync(Reports, Body("Jalan berlubang. Hubungi 0812-3456-7890 atau siti@example.com"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var report = await SmartCityHost.Json(await host.Http.GetAsync(answer.Headers.Location));
        report.GetProperty("description").GetString().ShouldBe("Jalan berlubang. Hubungi [telepon] atau [e-mail]");
        report.TryGetProperty("reporter", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task twice_with_the_same_idempotency_key_makes_one_report()
    {
        async Task<(HttpStatusCode, string)> Send(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Reports) { Content = JsonContent.Create(Body()), Headers = { { "Idempotency-Key", key } } };
            using var answer = await host.Integrator().SendAsync(request);
            return (answer.StatusCode, (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!);
        }

        var first = await Send("a");
        var again = await Send("a");
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send("b")));

        first.Item1.ShouldBe(HttpStatusCode.Created);
        again.ShouldBe((HttpStatusCode.OK, first.Item2));
        atOnce.Select(a => a.Item2).Distinct().Count().ShouldBe(1);
        atOnce.Count(a => a.Item1 == HttpStatusCode.Created).ShouldBe(1);
    }

    [Fact]
    public async Task many_at_once_gives_each_its_own_ticket()
    {
        var tickets = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => host.FileReport(description: $"Lubang nomor {i}")));

        tickets.Distinct().Count().ShouldBe(100);
        var texts = await Task.WhenAll(tickets.Select(async t => (await host.Http.GetFromJsonAsync<JsonElement>($"{Reports}/{t}")).GetProperty("description").GetString()));
        texts.ShouldBe(Enumerable.Range(0, 100).Select(i => $"Lubang nomor {i}"));
    }

    [Theory]
    [InlineData("""{"category":"jalan-rusak","description":"x"}""", 400, "place")]
    [InlineData("""{"category":"jalan-rusak","description":"x","place":{"latitude":-6.9}}""", 400, "longitude")]
    [InlineData("""{"category":"jalan-rusak","description":"x","place":{"latitude":-96.9,"longitude":109}}""", 400, "latitude")]
    [InlineData("""{"category":"tidak-ada","description":"x","place":{"address":"Slawi"}}""", 404, "category")]
    [InlineData("""{"description":" ","place":{"address":"Slawi"}}""", 400, "description")]
    [InlineData("""{"category":"jalan-rusak","mediaUrl":"file:///etc/passwd","place":{"address":"Slawi"}}""", 400, "mediaUrl")]
    public async Task that_cannot_be_used_says_which_field_to_change(string body, int status, string field)
    {
        using var answer = await host.Integrator().PostAsync(Reports, new StringContent(body, null, "application/json"));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Theory, InlineData("{", null), InlineData("[1]", null), InlineData("", null), InlineData("""{"description":1}""", "description"), InlineData("""{"place":{"latitude":"x"}}""", "place.latitude")]
    public async Task with_malformed_json_is_a_bad_request_that_says_where(string body, string? field)
    {
        using var answer = await host.Integrator().PostAsync(Reports, new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        (error.TryGetProperty("field", out var named) ? named.GetString() : null).ShouldBe(field);
        error.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory, InlineData("limit=x", "limit"), InlineData("from=kemarin", "from")]
    public async Task is_listed_by_what_can_be_read(string query, string field)
    {
        using var answer = await host.Http.GetAsync($"{Reports}?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field, StringCompareShould.IgnoreCase);
    }

    [Fact]
    public async Task needs_a_key_of_the_regency()
    {
        (await host.Http.PostAsJsonAsync(Reports, Body())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator("wrong").PostAsJsonAsync(Reports, Body())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.99/reports", Body())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task keeps_nothing_of_the_reporter_in_the_clear()
    {
        var ticket = await host.FileReport(description: "Rahasia kalimat langka");
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select (select string_agg(data::text, ' ') from history.mt_events where stream_id = $1) || (select string_agg(data::text, ' ') from reports.mt_doc_report where id = $1)", connection)
        {
            Parameters = { new() { Value = ticket } },
        };

        var stored = (string)(await command.ExecuteScalarAsync())!;

        stored.ShouldContain(ticket);
        stored.ShouldNotContain("kalimat langka");
    }
}
