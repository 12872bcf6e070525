using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.Open311.Open311Host;

namespace SmartCity.Reports.Tests.Open311;

/// <summary>GeoReport v2 from its first statement to its last, each answer read as a strict validator reads it, in XML and in JSON.</summary>
public sealed class The_standard(Open311Host host)
{
    private const string In = "jurisdiction_id=" + Here;

    private Func<string, Task<HttpResponseMessage>> Get(string path, string query = "") => format => host.Http.GetAsync($"/open311/v2/{path}.{format}?{In}{query}");

    private Func<string, Task<HttpResponseMessage>> Post(params (string Name, string? Value)[] fields) => Post("requests", Form(fields));

    private Func<string, Task<HttpResponseMessage>> Post(string path, IEnumerable<KeyValuePair<string, string>> form) =>
        format => host.Http.PostAsync($"/open311/v2/{path}.{format}", new FormUrlEncodedContent(form));

    private static string Id(JsonNode posted) => posted[0]!["service_request_id"]!.GetValue<string>();

    // Discovery

    [Theory]
    [InlineData("/open311/discovery", "?" + In)]
    [InlineData("/open311/v2/discovery", "?" + In)]
    [InlineData("/open311/discovery", "")]
    [InlineData("/open311/discovery", "?jurisdiction_id=")]
    public async Task has_a_discovery_document(string path, string query)
    {
        var document = await Strict.Same(Documents.Discovery, format => host.Http.GetAsync($"{path}.{format}{query}"));

        document["endpoints"]!.AsArray().ShouldAllBe(e => e!["url"]!.GetValue<string>() == "http://localhost/open311/v2" && e["formats"]!.AsArray().Count == 2);
        // Clients that take only an endpoint for production find one, and clients that are careful find one for tests.
        document["endpoints"]!.AsArray().Select(e => e!["type"]!.GetValue<string>()).ShouldBe(["test", "production"]);
    }

    [Fact]
    public async Task has_a_changeset_that_moves_when_a_service_changes()
    {
        const string place = "33.94";
        await host.AddRegency(place);
        async Task<DateTimeOffset> Changeset() =>
            (await Strict.Json(Documents.Discovery, await host.Http.GetAsync($"/open311/discovery.json?jurisdiction_id={place}")))["endpoints"]![0]!["changeset"]!.GetValue<DateTimeOffset>();
        var before = await Changeset();
        before.ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);

        await SmartCityHost.Until(async () =>
        {
            // Seconds are all that a changeset shows.
            await host.As(Actor.System("test"), sender => sender.Send(new DefineCategory(place, Lamp with { Keywords = [$"{Guid.NewGuid()}"] })));
            return await Changeset() > before;
        }, "another changeset");
        var after = await Changeset();
        await host.As(Actor.System("test"), sender => sender.Send(new DefineCategory(place, Lamp with { Attributes = [] })));
        await SmartCityHost.Until(async () => await Changeset() >= after, "a changeset that does not go back");
    }

    // Services and their definitions

    [Fact]
    public async Task lists_services() => (await Strict.Same(Documents.Services, Get("services"))).AsArray().Count.ShouldBe(5);

    [Fact]
    public async Task defines_services_with_attributes_of_every_datatype()
    {
        var definition = await Strict.Same(Documents.Definition, Get("services/lampu-jalan"));

        var attributes = definition["attributes"]!.AsArray();
        attributes.Select(a => a!["datatype"]!.GetValue<string>()).Distinct().ShouldBe(["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]);
        attributes.Select(a => a!["order"]!.GetValue<int>()).ShouldBe(Enumerable.Range(1, attributes.Count));
        attributes.ShouldAllBe(a => a!.AsObject().ContainsKey("values") == a["datatype"]!.GetValue<string>().EndsWith("list"));
        attributes.Select(a => a!["code"]!.GetValue<string>()).ShouldBeUnique();
    }

    [Fact]
    public async Task defines_a_service_without_attributes_as_an_empty_one() =>
        (await Strict.Same(Documents.Definition, Get("services/jalan-rusak")))["attributes"]!.AsArray().ShouldBeEmpty();

    // Posting requests and tokens

    [Fact]
    public async Task takes_a_request_with_everything_in_it()
    {
        var posted = await Strict.Json(Documents.Posted, await Post(
            ("service_code", "lampu-jalan"), ("lat", "-6.9812345678"), ("long", "109.1398765432"), ("address_string", "Jl. Ahmad Yani 1"), ("address_id", "A-1"), ("email", "a@example.org"),
            ("device_id", "d"), ("account_id", "7"), ("first_name", "Ani"), ("last_name", "Sari"), ("phone", "0812"), ("description", "Baris satu\nbaris dua & <b>tiga</b>"),
            ("media_url", "https://example.org/foto%201.jpg"), ("attribute[tiang]", "TGL-1"), ("attribute[jumlah]", "2.5"), ("attribute[sejak]", "2026-01-31T19:00:00+07:00"),
            ("attribute[catatan]", "satu\ndua"), ("attribute[jenis]", "led"), ("attribute[bahaya][]", "kabel"), ("attribute[bahaya][]", "gelap"), ("attribute[uprn]", "1"), ("unknown", "x"))("json"));

        posted[0]!.AsObject().Select(m => m.Key).ShouldBe(["service_request_id", "service_notice", "account_id"]);
        var request = (await Strict.Same(Documents.Requests, Get($"requests/{Id(posted)}"))).AsArray().ShouldHaveSingleItem()!;
        request["lat"]!.GetValue<double>().ShouldBe(-6.9812345678);
        request["long"]!.GetValue<double>().ShouldBe(109.1398765432);
        request["address"]!.GetValue<string>().ShouldBe("Jl. Ahmad Yani 1");
        request["address_id"]!.GetValue<string>().ShouldBe("A-1");
        request["description"]!.GetValue<string>().ShouldBe("Baris satu\nbaris dua & <b>tiga</b>");
        request["media_url"]!.GetValue<string>().ShouldBe("https://example.org/foto%201.jpg");
        var details = await host.As(new Actor("staff:auditor", Role.Auditor, Here), sender => sender.Send(new GetReport(Here, Id(posted))));
        details!.Attributes!["bahaya"].ShouldBe(["kabel", "gelap"]);
    }

    [Theory]
    [InlineData("jalan-rusak", "service_request_id")]
    [InlineData("pohon-tumbang", "token")]
    [InlineData("saran", null)]
    public async Task answers_with_an_id_a_token_or_neither(string service, string? expected)
    {
        foreach (var format in new[] { "xml", "json" })
        {
            var answer = await Post(("service_code", service))(format);
            var posted = format == "xml" ? await Strict.Xml(Documents.Posted, answer) : await Strict.Json(Documents.Posted, answer);

            posted.AsArray().ShouldHaveSingleItem()!.AsObject().Select(m => m.Key).ShouldBe(new[] { expected, "service_notice", "account_id" }.OfType<string>());
        }
    }

    [Fact]
    public async Task resolves_a_token_for_ever()
    {
        var token = (await Strict.Json(Documents.Posted, await Post(("service_code", "pohon-tumbang"))("json")))[0]!["token"]!.GetValue<string>();
        async Task<string?> Resolve() => (await Strict.Json(Documents.Token, await Get($"tokens/{token}")("json")))[0]!["service_request_id"]?.GetValue<string>();

        var id = await SmartCityHost.Until(Resolve, "the id of the token");
        await host.AnswerReport(id, "Sudah dipotong.", isSettled: true);

        (await Strict.Same(Documents.Token, Get($"tokens/{token}")))[0]!["token"]!.GetValue<string>().ShouldBe(token);
        (await Resolve()).ShouldBe(id);
    }

    [Theory]
    [InlineData("lat", "-6.98", "long", "109.13")]
    [InlineData("address_string", "Pasar Pagi", "x", "y")]
    [InlineData("address_id", "P-1", "lat", "")]
    public async Task takes_any_one_full_location(string one, string value, string other, string otherValue) =>
        Id(await Strict.Json(Documents.Posted, await Post(("lat", null), ("long", null), (one, value), (other, otherValue))("json"))).ShouldNotBeEmpty();

    // Getting requests

    [Fact]
    public async Task shows_one_request_in_a_list_of_one_and_several_by_their_ids()
    {
        var (one, two) = (await host.File(("lat", null), ("long", null), ("address_string", "Pasar")), await host.File());

        (await Strict.Same(Documents.Requests, Get($"requests/{one}"))).AsArray().ShouldHaveSingleItem();
        (await Strict.Same(Documents.Requests, Get("requests", $"&service_request_id={one},{two}"))).AsArray().Select(r => r!["service_request_id"]!.GetValue<string>()).ShouldBe([two, one]);
        (await Strict.Same(Documents.Requests, Get("requests", $"&service_request_id={one}&service_request_id={two},2026-999999&status=none&start_date=x&lat=1"))).AsArray().Count.ShouldBe(2);
        (await Strict.Same(Documents.Requests, Get("requests", "&service_request_id=2026-999999"))).AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task treats_an_empty_parameter_as_none()
    {
        var id = await host.File(("description", "satu di antara banyak"));
        var newest = (await Strict.Json(Documents.Requests, await Get("requests", "&service_request_id=&service_code=&status=&start_date=&end_date=&page=&page_size=&lat=&long=&radius=&updated_after=")("json"))).AsArray();

        newest.Select(r => r!["service_request_id"]!.GetValue<string>()).ShouldContain(id);
    }

    [Fact]
    public async Task gives_no_request_older_than_90_days_unless_asked()
    {
        var id = await host.File();
        // Routing writes the report once more.
        await host.WaitForDeadline(id);
        await Age(id, TimeSpan.FromDays(120));
        async Task<bool> Has(string query) => (await Strict.Json(Documents.Requests, await Get("requests", query)("json"))).AsArray().Any(r => r!["service_request_id"]!.GetValue<string>() == id);
        static string Days(int ago) => DateTimeOffset.UtcNow.AddDays(-ago).ToString("yyyy-MM-ddTHH:mm:ss+00:00").Replace("+", "%2B");

        (await Has("")).ShouldBeFalse();
        (await Has($"&end_date={Days(90)}")).ShouldBeTrue();
        (await Has($"&start_date={Days(130)}")).ShouldBeTrue();
        (await Has($"&start_date={Days(130)}&end_date={Days(100)}")).ShouldBeTrue();
        (await Has($"&start_date={Days(119)}&end_date={Days(60)}")).ShouldBeFalse();
        (await Has($"&updated_after={Days(1)}")).ShouldBeTrue();
        (await Has($"&service_request_id={id}")).ShouldBeTrue();
        await Strict.Same(Documents.Errors, Get("requests", $"&start_date={Days(130)}&end_date={Days(39)}"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task gives_at_most_1000_requests()
    {
        const string place = "33.93";
        await host.AddRegency(place);
        await Task.WhenAll(Enumerable.Range(0, 1003).Select(n => host.As(Actor.Citizen, sender =>
            sender.Send(new FileReport(place, "api", null, null, "lampu-jalan", $"Lampu {n}", new ReportPlace(-6.9, 109.1, null), new ReporterDetails(), [])))));

        async Task<JsonArray> List(string query) => (await Strict.Json(Documents.Requests, await host.Http.GetAsync($"/open311/v2/requests.json?jurisdiction_id={place}{query}"))).AsArray();
        (await List("")).Count.ShouldBe(1000);
        (await List("&page=2&page_size=1000")).Count.ShouldBe(3);
        (await List("&page=1")).Count.ShouldBe(50);
        (await List("&per_page=7")).Count.ShouldBe(7);
        var dates = (await List("")).Select(r => r!["requested_datetime"]!.GetValue<string>()).ToArray();
        dates.ShouldBe(dates.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task finds_requests_around_a_place()
    {
        // 0.009 degrees of latitude are one kilometre.
        var (near, far) = (await host.File(("lat", "-7.5000"), ("long", "110.5000")), await host.File(("lat", "-7.5090"), ("long", "110.5000")));
        var placeless = await host.File(("lat", null), ("long", null), ("address_string", "Entah"));
        async Task<string[]> Around(string longitude, int radius) =>
            [.. (await Strict.Json(Documents.Requests, await Get("requests", $"&lat=-7.5&long={longitude}&radius={radius}")("json"))).AsArray().Select(r => r!["service_request_id"]!.GetValue<string>())];

        (await Around("110.5", 900)).ShouldBe([near]);
        (await Around("110.5", 1100)).ShouldBe([far, near]);
        (await Around("110.501", 50)).ShouldBeEmpty();
        (await Around("110.501", 120)).ShouldBe([near]);
        (await Around("110.5", 400000)).ShouldNotContain(placeless);
    }

    [Fact]
    public async Task dates_a_closed_request_by_when_it_was_closed()
    {
        var id = await host.File();
        await host.AnswerReport(id, "Selesai.", isSettled: true);
        async Task<JsonNode> Read() => (await Strict.Json(Documents.Requests, await Get($"requests/{id}")("json")))[0]!;
        var closed = await Read();
        closed["status"]!.GetValue<string>().ShouldBe("closed");

        await SmartCityHost.Until(() => Task.FromResult(DateTimeOffset.UtcNow > closed["updated_datetime"]!.GetValue<DateTimeOffset>().AddSeconds(1.5)), "the next second");
        (await Post("servicerequestupdates", Updates.Form(id))("json")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Read())["updated_datetime"]!.GetValue<string>().ShouldBe(closed["updated_datetime"]!.GetValue<string>());
    }

    [Fact]
    public async Task names_a_service_even_of_a_report_that_nobody_has_sorted()
    {
        var filed = await host.As(Actor.Citizen, sender => sender.Send(new FileReport(Here, "x", null, null, null, "xyzzy plugh", new ReportPlace(null, null, null), new ReporterDetails(), [], PlaceIsOptional: true)));

        var request = (await Strict.Same(Documents.Requests, Get($"requests/{filed.Value!.Ticket}")))[0]!;
        request["service_code"]!.GetValue<string>().ShouldBe("belum-dikategorikan");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("media,citysdk,unknown")]
    public async Task shows_more_with_extensions(string extensions)
    {
        var id = await host.File(("media_url", "https://example.org/a.jpg"));
        await host.WaitForDeadline(id);

        var request = (await Strict.Same(Documents.ExtendedRequests, Get($"requests/{id}", $"&extensions={extensions}")))[0]!;
        request["extended_attributes"]!["media_urls"]!.AsArray().Count.ShouldBe(1);
        request["extended_attributes"]!["detailed_status"]!.GetValue<string>().ShouldBe("IN_PROCESS");
        await Strict.Same(Documents.Requests, Get($"requests/{id}", "&extensions=none"));
    }

    [Fact]
    public async Task never_gives_away_who_reported()
    {
        var id = await host.File(("email", "rahasia@example.org"), ("first_name", "Namanya"), ("last_name", "Siapa"), ("phone", "081234567890"), ("device_id", "alat-9"), ("account_id", "akun-9"));

        foreach (var format in new[] { "xml", "json" })
        {
            var text = await (await Get($"requests/{id}", "&extensions=true")(format)).Content.ReadAsStringAsync();
            new[] { "rahasia@", "Namanya", "Siapa", "0812", "alat-9", "akun-9" }.ShouldAllBe(word => !text.Contains(word));
        }
    }

    // Errors

    public static TheoryData<string, string, string, int> Mistakes => new()
    {
        { "GET", "services", "", 400 },
        { "GET", "services", "?jurisdiction_id=33.99", 404 },
        { "GET", "services", "?jurisdiction_id=city.gov", 404 },
        { "GET", "services/", "?" + In, 400 },
        { "GET", "services/tidak-ada", "?" + In, 404 },
        { "GET", "services/tidak-ada", "", 400 },
        { "GET", "requests/", "?" + In, 400 },
        { "GET", "requests/2026-999999", "?" + In, 404 },
        { "GET", "requests", "?" + In + "&status=done", 400 },
        { "GET", "requests", "?" + In + "&start_date=2026-01-01", 400 },
        { "GET", "requests", "?" + In + "&end_date=2026-01-01T00:00:00", 400 },
        { "GET", "requests", "?" + In + "&start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400 },
        { "GET", "requests", "?" + In + "&start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", 400 },
        { "GET", "requests", "?" + In + "&lat=1&long=2", 400 },
        { "GET", "requests", "?" + In + "&lat=1&radius=2", 400 },
        { "GET", "requests", "?" + In + "&lat=x&long=2&radius=3", 400 },
        { "GET", "requests", "?" + In + "&lat=91&long=2&radius=3", 400 },
        { "GET", "requests", "?" + In + "&lat=1&long=2&radius=0", 400 },
        { "GET", "tokens/", "?" + In, 400 },
        { "GET", "tokens/t-2026-999999", "?" + In, 404 },
        { "GET", "servicerequestupdates", "", 400 },
        { "GET", "servicerequestupdates", "?" + In + "&start_date=x", 400 },
        { "GET", "inquiry", "?" + In, 404 },
        { "GET", "requests/1/2", "?" + In, 404 },
        { "POST", "requests", "", 400 },
        { "POST", "requests", "?" + In, 403 },
        { "POST", "requests", "?" + In + "&api_key=salah", 403 },
        { "POST", "requests", "?" + In + "&api_key=" + KeyThere, 403 },
        { "POST", "requests", "?" + In + "&api_key=" + ReadKey, 403 },
        { "POST", "requests", "?" + In + "&api_key=" + Key, 400 },
        { "POST", "requests", "?" + In + "&api_key=" + Key + "&service_code=x", 400 },
        { "POST", "servicerequestupdates", "", 400 },
        { "POST", "servicerequestupdates", "?" + In, 403 },
        { "POST", "servicerequestupdates", "?" + In + "&api_key=salah", 403 },
        { "POST", "servicerequestupdates", "?" + In + "&api_key=" + Key, 400 },
        { "POST", "services", "?" + In, 405 },
        { "POST", "requests/2026-000017", "?" + In, 405 },
        { "POST", "discovery", "?" + In, 405 },
        { "PUT", "requests", "?" + In, 405 },
        { "PATCH", "servicerequestupdates", "?" + In, 405 },
        { "DELETE", "requests/2026-000017", "?" + In, 405 },
        { "DELETE", "nothing", "", 404 },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public async Task says_errors_in_its_own_shape(string method, string path, string query, int status)
    {
        var errors = await Strict.Same(Documents.Errors, format => host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/open311/v2/{path}.{format}{query}")), (HttpStatusCode)status);

        errors.AsArray().ShouldNotBeEmpty();
        errors.AsArray().ShouldAllBe(e => e!["code"]!.GetValue<int>() == status);
    }

    [Theory]
    [InlineData("/open311/v2/requests", 404)]
    [InlineData("/open311/v2/requests.html?" + In, 400)]
    [InlineData("/open311/v2/services/lampu-jalan.yaml?" + In, 400)]
    [InlineData("/open311/", 404)]
    public async Task says_errors_in_xml_where_no_format_is_named(string address, int status) =>
        (await Strict.Xml(Documents.Errors, await host.Http.GetAsync(address), (HttpStatusCode)status)).AsArray().ShouldHaveSingleItem();

    [Fact]
    public async Task says_all_that_is_wrong_with_a_form_at_once() =>
        (await Strict.Same(Documents.Errors, Post(("service_code", "lampu-jalan"), ("lat", "100"), ("long", "-181"), ("description", new string('x', 4001)), ("media_url", "x"), ("attribute[jenis]", "neon")),
            HttpStatusCode.BadRequest)).AsArray().Select(e => e!["description"]!.GetValue<string>().Split(':')[0])
            .ShouldBe(["attribute[tiang]", "attribute[jenis]", "media_url", "description", "lat", "long"], ignoreOrder: true);

    // Updates in both directions

    [Fact]
    public async Task takes_an_update_and_gives_it_back_under_the_same_id()
    {
        var id = await host.File(("description", "Jalan bolong"));

        var mine = (await Strict.Xml(Documents.PostedUpdate, await Post("servicerequestupdates", Updates.Form(id, ("description", "Masih bolong. Telp 0812-3456-7890"), ("media_url", "https://example.org/b.jpg")))("xml")))
            .AsArray().ShouldHaveSingleItem()!["update_id"]!.GetValue<string>();
        var other = (await Strict.Json(Documents.PostedUpdate, await Post("servicerequestupdates", Updates.Form(id, ("status", "fixed"), ("description", "Sudah rata")))("json")))[0]!["update_id"]!.GetValue<string>();

        var from = DateTimeOffset.UtcNow.AddMinutes(-10);
        var news = (await Strict.Same(Documents.Updates, Get("servicerequestupdates", $"&start_date={from:yyyy-MM-ddTHH:mm:ssZ}&end_date={from.AddMinutes(9):yyyy-MM-ddTHH:mm:ssZ}"))).AsArray();
        news.ShouldAllBe(u => u!["service_request_id"]!.GetValue<string>() != id || u["updated_datetime"]!.GetValue<DateTimeOffset>() <= from.AddMinutes(9));
        var updates = (await Strict.Json(Documents.Updates, await Get("servicerequestupdates", "&api_key=any")("json"))).AsArray().Where(u => u!["service_request_id"]!.GetValue<string>() == id)
            // The department may have it by now, which is an update too.
            .Where(u => u!["update_id"]!.GetValue<string>() is var update && (update == mine || update == other)).ToArray();
        updates.Select(u => u!["update_id"]!.GetValue<string>()).ShouldBe([mine, other], ignoreOrder: false);
        updates[0]!["description"]!.GetValue<string>().ShouldBe("Masih bolong. Telp [telepon]");
        updates[0]!["media_url"]!.GetValue<string>().ShouldBe("https://example.org/b.jpg");
        updates[1]!["media_url"].ShouldBeNull();
        updates.ShouldAllBe(u => !u!.ToJsonString().Contains("Budi"));
        // Where a report stands, the regency decides.
        (await Strict.Json(Documents.Requests, await Get($"requests/{id}")("json")))[0]!["status"]!.GetValue<string>().ShouldBe("open");
        (await host.Http.GetStringAsync($"/api/v1/regencies/{Here}/reports/{id}")).ShouldNotContain("Budi");
    }

    [Fact]
    public async Task takes_pictures_with_an_update_and_shows_them_with_the_request()
    {
        var id = await host.File();
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in Updates.Form(id, ("description", null)))
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }

        form.Add(new ByteArrayContent(Posting_a_request.Png), "\"photo1\"", "\"a.png\"");
        form.Add(new ByteArrayContent(Posting_a_request.Png), "\"photo2\"", "\"b.png\"");
        await Strict.Json(Documents.PostedUpdate, await host.Http.PostAsync("/open311/v2/servicerequestupdates.json", form));

        var update = (await Strict.Json(Documents.Updates, await Get("servicerequestupdates")("json"))).AsArray().Single(u => u!["service_request_id"]!.GetValue<string>() == id && u["media_url"] is not null)!;
        using var photo = await host.Http.GetAsync(new Uri(update["media_url"]!.GetValue<string>()).PathAndQuery);
        photo.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await Strict.Json(Documents.ExtendedRequests, await Get($"requests/{id}", "&extensions=true")("json")))[0]!["extended_attributes"]!["media_urls"]!.AsArray().Count.ShouldBe(2);
    }

    public static TheoryData<int, string, (string, string?)[]> WrongUpdates => new()
    {
        { 403, "api_key", [("api_key", null)] },
        { 403, "api_key", [("api_key", KeyThere)] },
        { 400, "service_request_id", [("service_request_id", null), ("status", null)] },
        { 404, "service_request_id", [("service_request_id", "2026-999999"), ("status", null)] },
        { 400, "update_id", [("update_id", "")] },
        { 400, "status", [("status", null)] },
        { 400, "status", [("status", "DONE")] },
        { 400, "updated_datetime", [("updated_datetime", null)] },
        { 400, "updated_datetime", [("updated_datetime", "2026-01-01T00:00:00")] },
        { 400, "description", [("description", null)] },
        { 400, "description", [("description", new string('x', 4001))] },
        { 400, "media_url", [("media_url", "ftp://example.org/x")] },
        { 400, "email", [("email", new string('x', 1001))] },
    };

    [Theory, MemberData(nameof(WrongUpdates))]
    public async Task refuses_an_update_with_the_field_at_fault(int status, string field, (string, string?)[] fields)
    {
        var form = Updates.Form(await host.File(), fields);

        var errors = await Strict.Same(Documents.Errors, Post("servicerequestupdates", form), (HttpStatusCode)status);

        errors.AsArray().ShouldHaveSingleItem()!["description"]!.GetValue<string>().ShouldStartWith($"{field}: ");
    }

    [Fact]
    public async Task takes_one_update_of_a_sender_once()
    {
        var id = await host.File();
        var form = Updates.Form(id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Post("servicerequestupdates", form)("json")));

        answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest]);
        (await Strict.Json(Documents.Updates, await Get("servicerequestupdates")("json"))).AsArray().Count(u => u!["service_request_id"]!.GetValue<string>() == id && u["description"]!.GetValue<string>() == "Masih begitu.").ShouldBe(1);
        (await Strict.Same(Documents.Errors, Post("servicerequestupdates", form), HttpStatusCode.BadRequest))[0]!["description"]!.GetValue<string>().ShouldContain("already exists");
        // Of another report, or with another key, the same id is another update.
        (await Post("servicerequestupdates", [.. form.Where(f => f.Key != "service_request_id"), new("service_request_id", await host.File())])("json")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task takes_no_update_of_what_is_not_public_nor_of_another_regency()
    {
        var secret = await host.File(("service_code", "pungli"));
        var here = await host.File(("description", "Hanya di sini"));

        await Strict.Same(Documents.Errors, Post("servicerequestupdates", Updates.Form(secret)), HttpStatusCode.NotFound);
        var there = await Post("servicerequestupdates", Updates.Form(here, ("jurisdiction_id", There), ("api_key", KeyThere), ("description", "Dari seberang")))("json");
        (await (await Get($"requests/{here}", "&extensions=true")("json")).Content.ReadAsStringAsync()).ShouldNotContain("Dari seberang");
        there.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.OK);
    }

    private async Task Age(string ticket, TimeSpan by)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("update reports.mt_doc_report set filed_at = filed_at - @by where id = @id", connection) { Parameters = { new("by", by), new("id", ticket) } };
        (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
    }
}

/// <summary>Forms of updates.</summary>
internal static class Updates
{
    /// <summary>A complete form; named fields replace its own, and null leaves one out.</summary>
    public static List<KeyValuePair<string, string>> Form(string ticket, params (string Name, string? Value)[] fields)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("jurisdiction_id", Here), new("api_key", Key), new("service_request_id", ticket), new("update_id", Guid.NewGuid().ToString("N")), new("status", "OPEN"),
            new("updated_datetime", "2026-10-31T16:00:00+07:00"), new("description", "Masih begitu."), new("first_name", "Budi"), new("last_name", "Budiman"),
            new("email", "budi@example.org"), new("title", "Pak"), new("public_anonymity_required", "TRUE"), new("attribute[x]", "y"),
        };
        form.RemoveAll(f => fields.Any(other => other.Name == f.Key));
        form.AddRange(fields.Where(f => f.Value is not null).Select(f => new KeyValuePair<string, string>(f.Name, f.Value!)));
        return form;
    }
}
