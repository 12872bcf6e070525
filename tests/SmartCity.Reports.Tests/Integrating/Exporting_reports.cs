using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Platform;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Integrating;

public sealed class Exporting_reports(PhotosHost host)
{
    private async Task<string> File(string description, object? place = null, bool isConfidential = false) =>
        await host.FileWith(new { category = "jalan-rusak", description, place = place ?? new { latitude = -6.98, longitude = 109.13 }, isConfidential });

    private async Task Found(string word, int count) =>
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await host.Http.GetAsync($"{Base}?q={word}"))).GetProperty("reports").GetArrayLength() == count, $"{word} is found");

    private static async Task<string> Text(HttpClient caller, string path, string mediaType)
    {
        using var answer = await caller.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldNotBeNull().ShouldContain("reports-33.28.");
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<JsonElement[]> Features(HttpClient caller, string query) =>
        [.. JsonDocument.Parse(await Text(caller, $"{Base}/export.geojson?{query}", "application/geo+json")).RootElement.GetProperty("features").EnumerateArray()];

    private async Task<IReadOnlyList<IReadOnlyList<string>>> Rows(HttpClient caller, string query) => Csv.Read(await Text(caller, $"{Base}/export.csv?{query}", "text/csv"));

    private async Task<JsonElement[]> Documents(HttpClient caller, string query) =>
        [.. (await Text(caller, $"{Base}/export.ndjson?{query}", "application/x-ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public async Task gives_what_the_list_gives_in_each_format()
    {
        var placed = await File("Ekspordua pertama, \"berlubang\",\nhubungi 0812-3333-4444");
        var unplaced = await File("Ekspordua kedua", new { address = "Gang Mawar" });
        await Found("ekspordua", 2);

        var features = await Features(host.Http, "q=ekspordua");
        features.Select(f => f.GetProperty("id").GetString()).ShouldBe([unplaced, placed]);
        features.ShouldAllBe(f => f.GetProperty("type").GetString() == "Feature");
        features[0].GetProperty("geometry").ValueKind.ShouldBe(JsonValueKind.Null);
        features[1].GetProperty("geometry").GetProperty("type").GetString().ShouldBe("Point");
        features[1].GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).ShouldBe([109.13, -6.98]);
        features[1].GetProperty("properties").GetProperty("description").GetString()!.ShouldContain("[telepon]");

        var rows = await Rows(host.Http, "q=ekspordua");
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(row => row.Count == rows[0].Count);
        string Cell(int row, string name) => rows[row][rows[0].ToList().IndexOf(name)];
        (Cell(1, "ticket"), Cell(2, "ticket")).ShouldBe((unplaced, placed));
        Cell(2, "description").ShouldBe("Ekspordua pertama, \"berlubang\",\nhubungi [telepon]");
        (Cell(1, "latitude"), Cell(2, "longitude"), Cell(2, "isPublic")).ShouldBe(("", "109.13", "true"));

        var documents = await Documents(host.Http, "q=ekspordua");
        documents.Select(d => d.GetProperty("ticket").GetString()).ShouldBe([unplaced, placed]);
        documents[1].GetProperty("timeline")[0].GetProperty("what").GetString().ShouldBe("filed");
    }

    [Fact]
    public async Task takes_the_filters_of_the_list()
    {
        var placed = await File("Eksporfilter pertama");
        await File("Eksporfilter kedua", new { latitude = -7.41, longitude = 109.51 });
        await Found("eksporfilter", 2);

        (await Features(host.Http, "q=eksporfilter&bbox=109.1,-7,109.2,-6.9")).Select(f => f.GetProperty("id").GetString()).ShouldBe([placed]);
        (await Documents(host.Http, "q=eksporfilter&category=sampah")).ShouldBeEmpty();
        JsonDocument.Parse(await Text(host.Http, $"{Base}/export.geojson?q=eksporfilter&state=closed", "application/geo+json")).RootElement.GetProperty("features").GetArrayLength().ShouldBe(0);
        foreach (var format in new[] { "geojson", "csv", "ndjson" })
        {
            using var refused = await host.Http.GetAsync($"{Base}/export.{format}?state=lenyap&bbox=1");
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["state", "bbox"]);
        }
    }

    [Fact]
    public async Task shows_nobody_more_than_the_list_does()
    {
        var open = await File("Eksporrahasia terbuka");
        var hidden = await File("Eksporrahasia tertutup", isConfidential: true);
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        using var neighbour = await host.SignIn("33.76", "dispatcher");

        foreach (var caller in new[] { host.Http, neighbour, host.Integrator() })
        {
            foreach (var format in new[] { "geojson", "csv", "ndjson" })
            {
                var text = await caller.GetStringAsync($"{Base}/export.{format}");
                text.ShouldContain(open);
                text.ShouldNotContain(hidden);
                (await caller.GetStringAsync($"/api/v1/regencies/33.76/reports/export.{format}")).ShouldNotContain(open);
            }
        }

        var rows = await Rows(dispatcher, "");
        rows.Single(row => row[0] == hidden)[rows[0].ToList().IndexOf("isPublic")].ShouldBe("false");
        // Whoever is shown it is on record.
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand($"select count(*) from history.mt_events where type = 'data.read.v1' and stream_id = 'reads-{hidden}' and user_name = 'staff:dispatcher'", connection);
        ((long)(await command.ExecuteScalarAsync())!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task leaves_nothing_that_a_spreadsheet_would_run()
    {
        var ticket = await File("=HYPERLINK(\"http://jahat.example\",\"eksporrumus\")");

        var row = (await Rows(host.Http, "")).Single(r => r[0] == ticket);

        row.ShouldContain("'=HYPERLINK(\"http://jahat.example\",\"eksporrumus\")");
    }

    [Fact]
    public async Task goes_on_over_many_pages_without_gaps_or_repeats()
    {
        var filed = new List<string>();
        foreach (var some in Enumerable.Range(0, 210).Chunk(30))
        {
            filed.AddRange(await Task.WhenAll(some.Select(n => File($"Banyak sekali {n}"))));
        }

        var tickets = (await Rows(host.Http, "")).Skip(1).Select(row => row[0]).ToArray();

        tickets.Length.ShouldBeGreaterThan(200);
        tickets.Distinct().Count().ShouldBe(tickets.Length);
        filed.Except(tickets).ShouldBeEmpty();
        tickets.Select(t => long.Parse(t.Split('-')[1], CultureInfo.InvariantCulture)).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task is_described_with_what_it_gives_and_takes()
    {
        var paths = (await SmartCityHost.Json(await host.Http.GetAsync("/openapi/v1.json"))).GetProperty("paths");
        JsonElement Get(string path) => paths.GetProperty($"/api/v1/regencies/{{code}}{path}").GetProperty("get");
        string[] Gives(string path) => [.. Get(path).GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(c => c.Name)];

        Gives("/reports/export.geojson").ShouldBe(["application/geo+json"]);
        Gives("/reports/export.csv").ShouldBe(["text/csv"]);
        Gives("/reports/export.ndjson").ShouldBe(["application/x-ndjson"]);
        Gives("/reports/events").ShouldBe(["application/cloudevents-batch+json", "text/event-stream"]);
        Get("/reports/export.csv").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldContain("bbox");
    }

    [Fact]
    public async Task has_emergencies_as_GeoJSON_too()
    {
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        var incident = (await SmartCityHost.Json(await dispatcher.PostAsJsonAsync("/api/v1/regencies/33.28/incidents", new { title = "Banjir di Ekspornita", latitude = -6.9, longitude = 109.1 }))).GetProperty("id").GetString();

        using var answer = await host.Http.GetAsync("/api/v1/regencies/33.28/incidents/export.geojson?open=true");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/geo+json");
        var feature = (await SmartCityHost.Json(answer)).GetProperty("features").EnumerateArray().Single(f => f.GetProperty("id").GetString() == incident);
        feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()).ShouldBe([109.1, -6.9]);
        feature.GetProperty("properties").GetProperty("title").GetString().ShouldBe("Banjir di Ekspornita");
        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/incidents/export.geojson")).ShouldNotContain(incident!);
    }
}
