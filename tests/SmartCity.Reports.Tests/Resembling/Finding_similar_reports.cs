using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Files;
using SmartCity.Reports.Resembling;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Resembling;

public sealed class Finding_similar_reports(PhotosHost host)
{
    private static object At(double latitude, double longitude, string description, string? category = "jalan-rusak", bool isConfidential = false) =>
        new { category, description, place = new { latitude, longitude }, isConfidential };

    private async Task<JsonElement[]> Similar(double latitude, double longitude, string description, string? category = "jalan-rusak", string[]? looks = null, string regency = "33.28")
    {
        using var answer = await host.Http.PostAsJsonAsync($"/api/v1/regencies/{regency}/reports/similar", new { category, description, place = new { latitude, longitude }, looks });
        return [.. (await SmartCityHost.Json(answer)).GetProperty("reports").EnumerateArray()];
    }

    private static string Ticket(JsonElement similar) => similar.GetProperty("report").GetProperty("ticket").GetString()!;

    private async Task<string> Known(double latitude, double longitude, string description, params IReadOnlyList<byte[]> photos)
    {
        var ticket = await host.FileWith(At(latitude, longitude, description), photos);
        await SmartCityHost.Until(async () => (await Similar(latitude, longitude, description)).Any(s => Ticket(s) == ticket), $"{ticket} is found");
        return ticket;
    }

    [Fact]
    public async Task before_filing_gives_those_near_most_alike_first_with_reasons()
    {
        var far = await Known(-7.02, 109.30, "Jalan berlubang depan balai desa");
        var same = await Known(-7.0301, 109.30, "Jembatan ambrol dekat sungai. Hubungi 0812-3456-7890");
        var near = await Known(-7.0305, 109.3005, "Jembatan mau roboh");

        var similar = await Similar(-7.03, 109.30, "jembatan ambrol deket sungai");

        similar.Select(Ticket).ShouldBe([same, near]);
        similar[0].GetProperty("score").GetDouble().ShouldBeGreaterThan(0.7);
        similar[0].GetProperty("metres").GetDouble().ShouldBe(11, 1);
        similar[0].GetProperty("reasons").EnumerateArray().Select(r => r.GetString()).ShouldBe(["near", "same-category", "similar-words", "recent"]);
        similar[0].GetProperty("report").GetProperty("description").GetString()!.ShouldContain("[telepon]");
        similar.Select(Ticket).ShouldNotContain(far);
        (await Similar(-7.03, 109.30, "jembatan ambrol deket sungai", regency: "33.76")).ShouldBeEmpty();
    }

    [Fact]
    public async Task finds_those_that_came_at_the_same_moment()
    {
        // In pairs, each at a place of its own: nothing but the one can find the other.
        var pairs = await Task.WhenAll(Enumerable.Range(0, 16).SelectMany(n => new[] { n, n }).Select(async n => (Place: n, Ticket: await host.FileWith(At(-7.0701, 109.01 + (n * 0.02), "Plafon pasar ambrol")))));

        var regent = await host.SignIn("33.28", "regent");
        foreach (var pair in pairs.GroupBy(one => one.Place, one => one.Ticket))
        {
            var (one, other) = (pair.First(), pair.Last());
            await SmartCityHost.Until(async () => (await regent.GetStringAsync($"{Base}/{one}/similar")).Contains(other), $"{one} and {other} are seen as alike");
        }
    }

    [Fact]
    public async Task never_offers_to_the_public_what_is_not_public_nor_what_is_done()
    {
        var shown = await Known(-7.05, 109.30, "Pungutan di jembatan timbang");
        var done = await Known(-7.05, 109.3001, "Pungutan di jembatan timbang lagi");
        foreach (var (category, isConfidential) in new[] { ("pungli", false), ("jalan-rusak", true) })
        {
            var hidden = await host.FileWith(At(-7.05, 109.30, "Pungutan di jembatan timbang", category, isConfidential));
            var regent = await host.SignIn("33.28", "regent");
            await SmartCityHost.Until(async () => (await SmartCityHost.Json(await regent.GetAsync($"{Base}/{hidden}/similar"))).GetProperty("reports").GetArrayLength() > 0, $"{hidden} is compared");
        }

        (await Similar(-7.05, 109.30, "Pungutan di jembatan timbang", category: null)).Select(Ticket).Order().ShouldBe(new[] { shown, done }.Order());
        await host.Reaches(done, "assigned");
        (await (await host.SignIn("33.28", "officer.dpu")).PostAsJsonAsync($"{Base}/{done}/answers", new { text = "Beres", isSettled = true })).EnsureSuccessStatusCode();
        (await Similar(-7.05, 109.30, "Pungutan di jembatan timbang", category: null)).Select(Ticket).ShouldContain(done, "what was done a moment ago may still be seen undone");
    }

    [Fact]
    public async Task finds_look_alike_photos_wherever_they_are()
    {
        var ticket = await Known(-7.10, 109.05, "Baliho roboh", Pictures.Jpeg(91, 1200, 900));
        await using var scope = host.Services.CreateAsyncScope();
        var (again, _) = await scope.ServiceProvider.GetRequiredService<Photos>().Store("33.28", Pictures.Jpeg(91, 1000, 750, quality: 70), default);

        var similar = (await Similar(-6.90, 109.20, "lain sama sekali", category: null, looks: [again!.Look!])).ShouldHaveSingleItem();

        Ticket(similar).ShouldBe(ticket);
        similar.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()).ShouldContain("similar-photo");
    }

    [Fact]
    public async Task on_arrival_suggests_to_staff_from_both_sides_and_merges_nothing()
    {
        var first = await Known(-7.12, 109.10, "Tiang listrik miring mau roboh");
        var second = await Known(-7.12, 109.1002, "tiang listrik miring");
        var dispatcher = await host.SignIn("33.28", "dispatcher");

        foreach (var (one, other) in new[] { (first, second), (second, first) })
        {
            var similar = (await SmartCityHost.Json(await dispatcher.GetAsync($"{Base}/{one}/similar"))).GetProperty("reports").EnumerateArray().ShouldHaveSingleItem();
            Ticket(similar).ShouldBe(other);
        }

        (await host.History(first)).ShouldAllBe(e => e.StartsWith("report.filed") || e.StartsWith("report.jurisdiction-decided") || e.StartsWith("report.assigned") || e.StartsWith("report.queued"));
        (await host.Http.GetAsync($"{Base}/{first}/similar")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().GetAsync($"{Base}/{first}/similar")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "dispatcher")).GetAsync($"{Base}/{first}/similar")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "officer.dishub")).GetAsync($"{Base}/{first}/similar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task shows_a_dispatcher_no_oversight_report()
    {
        var shown = await Known(-7.14, 109.10, "Pungutan parkir liar");
        var hidden = await host.FileWith(At(-7.14, 109.10, "Pungutan parkir liar", "pungli"));
        var (regent, dispatcher) = (await host.SignIn("33.28", "regent"), await host.SignIn("33.28", "dispatcher"));
        await SmartCityHost.Until(async () => (await regent.GetStringAsync($"{Base}/{shown}/similar")).Contains(hidden), "the regent sees both");

        (await dispatcher.GetStringAsync($"{Base}/{shown}/similar")).ShouldNotContain(hidden);
        (await dispatcher.GetAsync($"{Base}/{hidden}/similar")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"description":"x","place":{"latitude":-7}}""", "place"), InlineData("""{"place":{"latitude":-97,"longitude":109}}""", "place")]
    [InlineData("""{"looks":["zz"]}""", "looks")]
    public async Task says_which_field_to_change(string body, string field)
    {
        using var answer = await host.Http.PostAsync($"{Base}/similar", new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task reads_the_newest_of_each_square_straight_from_an_index()
    {
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        var query = SimilarReports.Newest.Replace("?::text[]", "array['place 1 2', 'place 1 3']").Replace("c.tenant_id = ?", "c.tenant_id = '33_28'").Replace("limit ?", "limit 12");
        await using var command = new Npgsql.NpgsqlCommand($"set enable_seqscan = off; set enable_bitmapscan = off; explain {query}", connection);
        var plan = new System.Text.StringBuilder();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.AppendLine(reader.GetString(0));
        }

        plan.ToString().ShouldContain("Index Scan Backward using mt_doc_clue");
        plan.ToString().ShouldNotContain("Sort");
    }
}
