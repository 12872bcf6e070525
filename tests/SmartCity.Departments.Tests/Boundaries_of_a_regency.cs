using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CsCheck;
using SmartCity.Departments.Boundaries;
using SmartCity.Departments.Contracts;
using SmartCity.Testing;

namespace SmartCity.Departments.Tests;

/// <summary>Boundaries made by hand: squares on a grid, and files of real ones where they are present beside the checkout.</summary>
internal static class Areas
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "..", "shared", "data", "regions");

    public static bool AreHere => Directory.Exists(Folder);

    public const string NotHere = "The files with real boundaries are not here.";

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name));

    public static string Square(string code, string name, double west, double south, double size) => FormattableString.Invariant(
        $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{name}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},{{{south}}}],[{{{west + size}}},{{{south}}}],[{{{west + size}}},{{{south + size}}}],[{{{west}}},{{{south + size}}}],[{{{west}}},{{{south}}}]]]}}""");

    public static byte[] Collection(params IEnumerable<string> features) => Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""");

    /// <summary>A regency of two by two districts of two by two villages each, and its eastern neighbour without.</summary>
    public static byte[] Grid { get; } = Collection(
        [
            Square("33.28", "Kabupaten Tegal", 109.0, -7.2, 0.2), Square("33.76", "Kota Tegal", 109.2, -7.2, 0.2),
            .. from d in Enumerable.Range(0, 4)
               select Square($"33.28.0{d + 1}", $"Kecamatan {d + 1}", 109.0 + (0.1 * (d % 2)), -7.2 + (0.1 * (d / 2)), 0.1),
            .. from d in Enumerable.Range(0, 4)
               from v in Enumerable.Range(0, 4)
               select Square($"33.28.0{d + 1}.200{v + 1}", $"Desa {d + 1}{v + 1}", 109.0 + (0.1 * (d % 2)) + (0.05 * (v % 2)), -7.2 + (0.1 * (d / 2)) + (0.05 * (v / 2)), 0.05),
        ]);

    public static BoundaryIndex Index(params IEnumerable<byte[]> files) => new([.. files.SelectMany(file => BoundaryFile.Read(file).Sets)
        .Select(set => new BoundarySet { Id = BoundarySet.Stream(set.Of, set.Level), Of = set.Of, Level = set.Level, Areas = set.Areas })]);
}

public class A_place_by_its_name
{
    private static readonly IReadOnlyList<NamedDistrict> Here = NamedAreas.Of("33.28", [new("33.28.01", "Margasari", -7.1, 109), new("33.28.18", "Dukuhwaru", -7, 109.1)], Areas.Index(Areas.Grid).Middles);

    private static string[] Find(string query, int limit = 10) => [.. NamedAreas.Find(Here, query, limit).Select(place => place.Words)];

    [Fact]
    public void is_found_by_the_beginnings_of_its_words_districts_first()
    {
        Find("marga").ShouldBe(["Kec. Margasari", "Desa 11, Kec. Margasari", "Desa 12, Kec. Margasari", "Desa 13, Kec. Margasari", "Desa 14, Kec. Margasari"]);
        Find("12 margasári").ShouldBe(["Desa 12, Kec. Margasari"]);
        Find("Kec. DUKUHWARU").ShouldBe(["Kec. Dukuhwaru"]);
        Find("gasari").ShouldBeEmpty();
        Find("kec").ShouldBeEmpty();
        Find("2", 2).Length.ShouldBe(2);
    }

    [Fact]
    public void is_of_the_regency_and_has_a_point_inside()
    {
        var index = Areas.Index(Areas.Grid);
        Here.ShouldAllBe(d => d.Code.StartsWith("33.28.", StringComparison.Ordinal));
        Here.SelectMany(d => d.Villages).Count().ShouldBe(16);
        Here.SelectMany(d => d.Villages).ShouldAllBe(v => index.Find(v.Latitude, v.Longitude).Code == v.Code);
    }

    [Fact]
    public void can_be_asked_for_with_anything_that_is_typed() => Gen.String.Sample(text => Find(text).Length <= 10);
}

public class A_file_of_boundaries
{
    private static readonly string Good = Areas.Square("33.28.10", "Slawi", 109.1, -7, 0.1);

    private static (string Code, string? Field)[] Faults(string text) => [.. BoundaryFile.Read(Encoding.UTF8.GetBytes(text)).Faults.Select(f => (f.Code, f.Field))];

    private static (string Code, string? Field) Fault(string second) => Faults($$"""{"type":"FeatureCollection","features":[{{Good}},{{second}}]}""").ShouldHaveSingleItem();

    private static string Ring(string points, string code = "33.28.11") =>
        $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"n"},"geometry":{"type":"Polygon","coordinates":[[{{{points}}}]]}}""";

    [Fact]
    public void that_is_none_is_refused()
    {
        Faults("lat,long\n1,2").ShouldBe([("file.not_json", null)]);
        Faults("[]").ShouldBe([("file.not_geojson", "type")]);
        Faults("""{"type":"Topology","objects":{}}""").ShouldBe([("file.not_geojson", "type")]);
        Faults("""{"type":"FeatureCollection","features":[]}""").ShouldBe([("features.empty", "features")]);
        BoundaryFile.Read(new byte[BoundaryFile.MaxBytes + 1]).Faults.Single().Code.ShouldBe("file.too_large");
    }

    [Fact]
    public void names_the_feature_at_fault_and_where_in_it()
    {
        Fault("""{"type":"Feature","properties":{"name":"n"},"geometry":null}""").ShouldBe(("code.missing", "features[1].properties.code"));
        Fault("""{"type":"Feature","geometry":null}""").ShouldBe(("code.missing", "features[1].properties.code"));
        Fault(Areas.Square("3328", "n", 109, -7, 0.1)).ShouldBe(("code.invalid", "features[1].properties.code"));
        Fault(Areas.Square("33.28.10", "again", 109, -7, 0.1)).ShouldBe(("code.twice", "features[1].properties.code"));
        Fault(Areas.Square("33.28.11", " ", 109, -7, 0.1)).ShouldBe(("name.missing", "features[1].properties.name"));
        Fault(Good.Replace("\"code\":\"33.28.10\"", "\"code\":\"33.28.11\",\"level\":\"desa\"", StringComparison.Ordinal)).ShouldBe(("level.invalid", "features[1].properties.level"));
        Fault("""{"type":"Feature","properties":{"code":"33.28.11","name":"n"},"geometry":{"type":"Point","coordinates":[109,-7]}}""").ShouldBe(("geometry.type", "features[1].geometry"));
        Fault(Ring("[109,-7],[109.1,-7],[109.1,-6.9],[109,-6.9]")).ShouldBe(("ring.open", "features[1].geometry.coordinates[0]"));
        Fault(Ring("[109,-7],[109.1,-7],[109,-7]")).ShouldBe(("ring.short", "features[1].geometry.coordinates[0]"));
        Fault(Ring("[-7,109],[-7,109.1],[-6.9,109.1],[-7,109]")).ShouldBe(("point.swapped", "features[1].geometry.coordinates[0][0]"));
        Fault(Ring("[109,-7],[4.9,52.3],[109.1,-6.9],[109,-7]")).ShouldBe(("point.outside", "features[1].geometry.coordinates[0][1]"));
        Fault(Ring("[109,-7],[\"109.1\",-7],[109.1,-6.9],[109,-7]")).ShouldBe(("point.invalid", "features[1].geometry.coordinates[0][1]"));
        Fault(Ring("[290000,9200000],[291000,9200000],[291000,9201000],[290000,9200000]")).Code.ShouldBe("point.outside");
    }

    [Fact]
    public void holds_each_level_of_each_regency_by_itself() => BoundaryFile.Read(Areas.Grid).Sets.Select(s => (s.Of, s.Level, s.Areas.Count))
        .ShouldBe([("33.28", BoundaryLevel.Regency, 1), ("33.28", BoundaryLevel.District, 4), ("33.28", BoundaryLevel.Village, 16), ("33.76", BoundaryLevel.Regency, 1)]);

    [Fact]
    public void may_be_anything_at_all() => Gen.String.Sample(text => BoundaryFile.Read(Encoding.UTF8.GetBytes(text)).Faults.Count > 0);
}

public class A_point
{
    private static readonly BoundaryIndex Index = Areas.Index(Areas.Grid);

    private static readonly Gen<(double Latitude, double Longitude)> Anywhere =
        // Never on a border, where rounding decides.
        Gen.Select(Gen.Int[0, 3999], Gen.Int[0, 5999], (y, x) => (-7.3 + ((y + 0.5) * 0.0001), 108.9 + ((x + 0.5) * 0.0001)));

    [Fact]
    public void lies_in_the_square_that_it_lies_in() => Anywhere.Sample((latitude, longitude) =>
    {
        var found = Index.Find(latitude, longitude);
        int Step(double from, double at, double size) => (int)Math.Floor((at - from) / size);
        var (x, y) = (Step(109.0, longitude, 0.05), Step(-7.2, latitude, 0.05));
        var expected = y is < 0 or > 3 ? null : x is >= 0 and < 4 ? $"33.28.0{(x / 2) + (2 * (y / 2)) + 1}.200{(x % 2) + (2 * (y % 2)) + 1}" : x is >= 4 and < 8 ? "33.76" : null;
        return found.Code == expected;
    }, iter: 20_000);

    [Fact]
    public void in_a_village_is_in_its_district_and_regency() => Anywhere.Sample((latitude, longitude) =>
    {
        var found = Index.Find(latitude, longitude);
        return found.Village is null || (found.District is not null && found.Regency is not null
            && found.Village.Code.StartsWith(found.District.Code + ".", StringComparison.Ordinal) && found.District.Code.StartsWith(found.Regency.Code + ".", StringComparison.Ordinal)
            && found.Regency.Name == "Kabupaten Tegal" && found.District.Name == $"Kecamatan {found.District.Code[^1]}");
    }, iter: 5_000);

    [Fact]
    public void on_a_border_lies_in_one_of_the_two_always_the_same()
    {
        var index = Areas.Index(Areas.Collection(
            Areas.Square("33.28.02", "b", 109.5, -7, 0.5), Areas.Square("33.28.01", "a", 109, -7, 0.5), Areas.Square("33.28.01.2001", "v", 109, -7, 0.5), Areas.Square("33.27", "n", 109.5, -7.5, 0.5)));

        index.Find(-6.75, 109.5).Code.ShouldBe("33.28.01.2001");
        index.Find(-7, 109.75).Code.ShouldBe("33.28.02");
        index.Find(-7, 109.5).Code.ShouldBe("33.28.01.2001");
    }

    [Theory]
    [InlineData(double.NaN, 109.1)]
    [InlineData(-7.1, double.PositiveInfinity)]
    [InlineData(0, 0)]
    public void outside_of_all_lies_in_none(double latitude, double longitude) => Index.Find(latitude, longitude).Code.ShouldBeNull();

    [Fact]
    public void in_a_hole_or_between_the_parts_lies_outside()
    {
        var index = Areas.Index(Encoding.UTF8.GetBytes("""
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"33.28","name":"n"},"geometry":{"type":"MultiPolygon","coordinates":[
              [[[109,-7],[109.4,-7],[109.4,-6.6],[109,-6.6],[109,-7]],[[109.1,-6.9],[109.3,-6.9],[109.3,-6.7],[109.1,-6.7],[109.1,-6.9]]],
              [[[109.18,-6.82],[109.22,-6.82],[109.22,-6.78],[109.18,-6.78],[109.18,-6.82]]]]}}]}
            """));

        index.Find(-6.95, 109.05).Code.ShouldBe("33.28");
        index.Find(-6.75, 109.15).Code.ShouldBeNull();
        index.Find(-6.8, 109.2).Code.ShouldBe("33.28");
        index.Find(-6.5, 109.2).Code.ShouldBeNull();
    }

    [Fact]
    public void is_found_by_many_at_once()
    {
        var points = Enumerable.Range(0, 20_000).Select(i => (Latitude: -7.2 + (i % 199 * 0.001), Longitude: 109.0 + (i % 397 * 0.001))).ToArray();
        var alone = points.Select(p => Index.Find(p.Latitude, p.Longitude).Code).ToArray();

        var fresh = Areas.Index(Areas.Grid);
        points.AsParallel().AsOrdered().Select(p => fresh.Find(p.Latitude, p.Longitude).Code).ToArray().ShouldBe(alone);
    }
}

/// <summary>Real boundaries, where they are present.</summary>
public class The_real_villages(ITestOutputHelper output)
{
    private static IEnumerable<(string Code, double Latitude, double Longitude)> Middles(string file) =>
        JsonDocument.Parse(Areas.File(file)).RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties"))
            .Select(p => (p.GetProperty("code").GetString()!, p.GetProperty("lat").GetDouble(), p.GetProperty("long").GetDouble()));

    [Fact]
    public void are_found_at_the_points_in_their_middle()
    {
        Assert.SkipUnless(Areas.AreHere, Areas.NotHere);
        string[] files = ["regencies.geojson", "districts.geojson", "villages-33.28.geojson", "villages-33.76.geojson"];
        files.SelectMany(f => BoundaryFile.Read(Areas.File(f)).Faults).ShouldBeEmpty();
        var index = Areas.Index(files.Select(Areas.File));

        foreach (var file in files.Skip(2))
        {
            // A point that surely lies in the village; those that the file names beside a village lie, for some, in the next one.
            var areas = BoundaryFile.Read(Areas.File(file)).Sets.SelectMany(set => set.Areas).ToArray();
            var missed = areas.Where(a => BoundaryIndex.Shape(a).Buffer(0).InteriorPoint is var inside && index.Find(inside.Y, inside.X).Village?.Code != a.Code).Select(a => a.Code).ToArray();
            var named = Middles(file).ToArray();
            var found = named.Count(m => index.Find(m.Latitude, m.Longitude).Village?.Code == m.Code);
            output.WriteLine($"{file}: {areas.Length - missed.Length} of {areas.Length} villages found at a point inside; {found} of the {named.Length} points that the file names.");
            missed.ShouldBeEmpty();
            found.ShouldBeGreaterThan(named.Length * 95 / 100);
        }

        var districts = Middles("districts.geojson").ToArray();
        var inOwn = districts.Count(m => index.Find(m.Latitude, m.Longitude).District?.Code == m.Code);
        output.WriteLine($"districts.geojson: {inOwn} of {districts.Length} districts found at their own point.");
        inOwn.ShouldBe(districts.Length);
    }
}

public sealed class Importing_boundaries(SmartCityHost host) : IClassFixture<SmartCityHost>
{
    private const string Here = "/api/v1/regencies/33.28";

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Put(HttpClient client, byte[] file, string regency = "33.28")
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/geo+json") } };
        using var answer = await client.PutAsync($"/api/v1/regencies/{regency}/boundaries", content);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task puts_every_point_where_it_is_and_touches_no_other_regency()
    {
        var (operators, dispatcher) = (await host.SignIn("33.28", "operator"), await host.SignIn("33.28", "dispatcher"));
        (await host.Http.GetAsync($"{Here}/places?latitude=-7.1&longitude=109.1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var (status, body) = await Put(operators, Areas.Grid);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        body.GetProperty("sets").EnumerateArray().Sum(s => s.GetProperty("areas").GetInt32()).ShouldBe(22);
        var place = await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/places?latitude=-7.19&longitude=109.01");
        place.GetProperty("village").GetProperty("name").GetString().ShouldBe("Desa 11");
        place.GetProperty("regency").GetProperty("name").GetString().ShouldBe("Kabupaten Tegal");
        (await host.Http.GetAsync($"{Here}/places?latitude=x&longitude=109.1")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // A part is replaced as a whole, and what the file does not speak of stays.
        (await Put(dispatcher, Areas.Collection(Areas.Square("33.28.01.2009", "Desa Baru", 109.0, -7.2, 0.05)))).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/places?latitude=-7.19&longitude=109.01")).GetProperty("village").GetProperty("name").GetString().ShouldBe("Desa Baru");
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/places?latitude=-7.01&longitude=109.19")).GetProperty("district").GetProperty("name").GetString().ShouldBe("Kecamatan 4");

        (await host.Http.GetStringAsync("/api/v1/regencies/33.76/boundaries")).ShouldNotContain("Desa Baru");

        // The same again is no change; the history keeps what was.
        (await Put(operators, Areas.Grid)).Body.GetProperty("sets").EnumerateArray().Select(s => s.GetProperty("isChanged").GetBoolean()).ShouldBe([false, false, true, false]);
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var count = new Npgsql.NpgsqlCommand("select stream_id || ' ' || count(*) from history.mt_events where tenant_id = '33_28' and type = 'boundaries.imported.v1' group by stream_id order by stream_id collate \"C\"", connection);
        await using var rows = await count.ExecuteReaderAsync();
        var streams = new List<string>();
        while (await rows.ReadAsync())
        {
            streams.Add(rows.GetString(0));
        }

        streams.ShouldBe(["boundaries-33.28-district 1", "boundaries-33.28-regency 1", "boundaries-33.28-village 3", "boundaries-33.76-regency 1"]);
    }

    [Fact]
    public async Task shows_them_to_maps()
    {
        await Put(await host.SignIn("33.76", "dispatcher"), Areas.Grid, "33.76");

        using var answer = await host.Http.GetAsync("/api/v1/regencies/33.76/boundaries?level=village&of=33.28.02");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/geo+json");
        var shown = await SmartCityHost.Json(answer);
        shown.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("code").GetString()).ShouldBe(["33.28.02.2001", "33.28.02.2002", "33.28.02.2003", "33.28.02.2004"]);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/regencies/33.76/boundaries?level=village&of=33.28.02") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        (await host.Http.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await host.Http.GetAsync("/api/v1/regencies/33.76/boundaries?level=rt")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // What comes out goes in again as it was.
        var all = await host.Http.GetByteArrayAsync("/api/v1/regencies/33.76/boundaries");
        (await Put(await host.SignIn("33.76", "operator"), all, "33.76")).Body.GetProperty("sets").EnumerateArray().ShouldAllBe(s => !s.GetProperty("isChanged").GetBoolean());
    }

    [Fact]
    public async Task lets_places_be_found_by_their_names()
    {
        const string there = "/api/v1/regencies/33.76";
        await Put(await host.SignIn("33.76", "dispatcher"), Areas.Collection(Areas.Square("33.76.02.1001", "Slerok", 109.14, -6.88, 0.01), Areas.Square("33.76.02.1002", "Panggung", 109.15, -6.88, 0.01)), "33.76");

        var village = (await host.Http.GetFromJsonAsync<JsonElement>($"{there}/places/search?q=SLER"))[0];
        village.GetProperty("words").GetString().ShouldBe("Slerok, Kec. Tegal Timur");
        (await host.Http.GetFromJsonAsync<JsonElement>(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{there}/places?latitude={village.GetProperty("latitude").GetDouble()}&longitude={village.GetProperty("longitude").GetDouble()}"))).GetProperty("village").GetProperty("code").GetString().ShouldBe("33.76.02.1001");
        (await host.Http.GetFromJsonAsync<JsonElement>($"{Here}/places/search?q=slaw&limit=1"))[0].GetProperty("words").GetString().ShouldBe("Kec. Slawi");
        (await host.Http.GetStringAsync($"{Here}/places/search?q=slerok")).ShouldBe("[]");
        (await host.Http.GetAsync($"{Here}/places/search?q=%20")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync($"{Here}/places/search?q=s&limit=51")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        // The form offers the villages, also to who has no script.
        (await host.Http.GetStringAsync("/33.76/lapor")).ShouldContain("<option value=\"Panggung, Kec. Tegal Timur\"");
        (await host.Http.GetStringAsync("/33.28/lapor")).ShouldNotContain("Panggung, Kec. Tegal Timur");
    }

    [Fact]
    public async Task says_what_is_wrong()
    {
        var (status, body) = await Put(await host.SignIn("33.28", "operator"), Areas.Collection(Areas.Square("33.28.01", "a", -7.2, 109.0, 0.1), """{"type":"Feature"}"""));

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["features[0].geometry.coordinates[0][0]", "features[1].properties.code"]);
        (await Put(await host.SignIn("33.28", "operator"), new byte[BoundaryFile.MaxBytes + 100])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("33.28", "officer.dpu")]
    [InlineData("33.28", "regent")]
    [InlineData("33.28", "auditor")]
    [InlineData("33.76", "dispatcher")]
    public async Task is_for_operators_and_the_regencys_own_dispatchers(string regency, string name)
    {
        (await Put(await host.SignIn(regency, name), Areas.Grid)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Put(host.Http, Areas.Grid)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Put(host.Integrator(), Areas.Grid)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Put(await host.SignIn("33.28", "operator"), Areas.Grid, "33.99")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
