using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SmartCity.Platform.Access;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.Open311.Open311Host;

namespace SmartCity.Reports.Tests.Open311;

public sealed class Posting_a_request(Open311Host host)
{
    // One red pixel.
    internal static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    [Fact]
    public async Task gives_its_id_at_once_in_json()
    {
        var reply = await host.Post(Form());

        reply.Status.ShouldBe(HttpStatusCode.OK);
        var request = reply.Json.EnumerateArray().ShouldHaveSingleItem();
        request.GetProperty("service_request_id").GetString()!.ShouldMatch(@"^20\d\d-\d{6,}$");
        request.EnumerateObject().Select(p => p.Name).ShouldBe(["service_request_id", "service_notice", "account_id"]);
        request.GetProperty("account_id").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task gives_its_id_at_once_in_xml()
    {
        var reply = await host.Post(Form(), "xml");

        reply.Status.ShouldBe(HttpStatusCode.OK);
        var request = reply.Xml.Elements("request").ShouldHaveSingleItem();
        request.Parent!.Name.ShouldBe("service_requests");
        request.Elements().Select(e => e.Name.LocalName).ShouldBe(["service_request_id", "service_notice", "account_id"]);
        var id = request.Element("service_request_id")!.Value;
        (await host.Get($"requests/{id}.xml?jurisdiction_id={Here}")).Xml.Element("request")!.Element("service_request_id")!.Value.ShouldBe(id);
    }

    [Fact]
    public async Task of_a_batch_service_gives_a_token_that_leads_to_the_id()
    {
        var request = (await host.Post(Form(("service_code", "pohon-tumbang")))).Json[0];
        request.TryGetProperty("service_request_id", out _).ShouldBeFalse();
        var token = request.GetProperty("token").GetString()!;
        var path = $"tokens/{token}.json?jurisdiction_id={Here}";

        (await host.Get(path)).Json[0].GetProperty("token").GetString().ShouldBe(token);
        var id = await SmartCityHost.Until(async () => (await host.Get(path)).Json[0].GetProperty("service_request_id").GetString(), "the id of the token");

        token.ShouldBe($"t-{id}");
        (await host.Get($"requests/{id}.json?jurisdiction_id={Here}")).Ids.ShouldBe([id]);
        (await host.Get($"tokens/{token}.xml?jurisdiction_id={Here}")).Xml.Element("request")!.Elements().Select(e => e.Name.LocalName).ShouldBe(["service_request_id", "token"]);
        (await host.Get($"tokens/{token}.xml?jurisdiction_id={There}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task of_a_blackbox_service_gives_neither()
    {
        var reply = await host.Post(Form(("service_code", "saran")), "xml");

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Xml.Element("request")!.Elements().Select(e => e.Name.LocalName).ShouldBe(["service_notice", "account_id"]);
    }

    [Fact]
    public async Task keeps_what_was_sent_and_shows_the_public_no_person()
    {
        var id = await host.File(
            ("service_code", "lampu-jalan"), ("description", "Lampu mati.\nHubungi 0812-3456-7890"), ("address_string", "Jalan Merdeka 1"), ("address_id", "A-9"),
            ("first_name", "Siti"), ("last_name", "Aminah"), ("email", "siti@example.com"), ("phone", "0812-0000-1111"), ("device_id", "d1"), ("account_id", "a1"),
            ("media_url", "https://example.org/a.jpg"), ("attribute[tiang]", "TGL-1"), ("attribute[bahaya][]", "kabel"), ("attribute[easting]", "12.5"));
        var reply = await host.Get($"requests/{id}.json?jurisdiction_id={Here}");
        var details = await host.As(new Actor("staff:auditor", Role.Auditor, Here), sender => sender.Send(new GetReport(Here, id)));

        var request = reply.Json[0];
        request.GetProperty("description").GetString().ShouldBe("Lampu mati.\nHubungi [telepon]");
        request.GetProperty("address").GetString().ShouldBe("Jalan Merdeka 1");
        request.GetProperty("address_id").GetString().ShouldBe("A-9");
        request.GetProperty("media_url").GetString().ShouldBe("https://example.org/a.jpg");
        request.GetProperty("lat").GetDouble().ShouldBe(-6.98);
        new[] { "Siti", "Aminah", "siti@", "0812", "TGL-1" }.ShouldAllBe(word => !reply.Text.Contains(word));
        details!.Attributes!.ToDictionary(a => a.Key, a => string.Join('|', a.Value)).ShouldBe(new Dictionary<string, string> { ["tiang"] = "TGL-1", ["bahaya"] = "kabel", ["easting"] = "12.5" }, ignoreOrder: true);
        details.Reporter.ShouldBe(new ReporterDetails(null, "Siti", "Aminah", "siti@example.com", "0812-0000-1111", "a1", "d1"));
    }

    [Fact]
    public async Task repeated_makes_two_reports() => (await host.File()).ShouldNotBe(await host.File());

    [Fact]
    public async Task repeated_with_its_idempotency_key_makes_one()
    {
        async Task<string> Send(string jurisdiction, string key) =>
            (await host.Post(Form(("jurisdiction_id", jurisdiction), ("api_key", key), ("description", $"Sekali saja di {jurisdiction}")), idempotencyKey: "satu")).Ids[0];

        var first = await Send(Here, Key);
        var again = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(Here, Key)));
        await Send(There, KeyThere);

        again.ShouldAllBe(id => id == first);
        (await host.Get($"requests/{first}.json?jurisdiction_id={Here}")).Json[0].GetProperty("description").GetString().ShouldBe($"Sekali saja di {Here}");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("?jurisdiction_id=33.91&api_key=kunci-sini", null)]
    [InlineData("?jurisdiction_id=33.91", "Bearer kunci-sini")]
    public async Task takes_jurisdiction_and_key_from_query_form_or_header(string query, string? authorization)
    {
        var form = query.Length == 0 ? Form() : Form(("jurisdiction_id", null), ("api_key", null));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/open311/v2/requests.json{query}") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);

        (await Reply.Of(await host.Http.SendAsync(request))).Status.ShouldBe(HttpStatusCode.OK);
    }

    public static TheoryData<int, string, (string, string?)[]> Wrong => new()
    {
        { 400, "jurisdiction_id", [("jurisdiction_id", null), ("api_key", null)] },
        { 404, "jurisdiction_id", [("jurisdiction_id", "33.99"), ("api_key", null)] },
        { 403, "api_key", [("api_key", null), ("service_code", null)] },
        { 403, "api_key", [("api_key", "salah"), ("service_code", "tidak-ada")] },
        { 403, "api_key", [("api_key", KeyThere)] },
        { 403, "api_key", [("api_key", ReadKey)] },
        { 400, "service_code", [("service_code", ""), ("lat", null)] },
        { 404, "service_code", [("service_code", "tidak-ada"), ("lat", null)] },
        { 400, "lat, long, address_string or address_id", [("lat", ""), ("long", " ")] },
        { 400, "lat, long, address_string or address_id", [("lat", null), ("long", null), ("address_id", "#NOTPINPOINTED#")] },
        { 400, "lat", [("lat", null)] },
        { 400, "long", [("long", null), ("address_string", "Jalan Merdeka")] },
        { 400, "lat", [("lat", "91")] },
        { 400, "lat", [("lat", "-6,98")] },
        { 400, "lat", [("lat", "NaN")] },
        { 400, "long", [("long", "1e999")] },
        { 400, "description", [("description", new string('a', 4001))] },
        { 400, "media_url", [("media_url", "file:///etc/passwd")] },
        { 400, "media_url", [("media_url", "https://example.org/a"), ("media_url", "javascript:alert(1)")] },
        { 400, "email", [("email", new string('e', 1001))] },
        { 400, "attribute[tiang]", [("service_code", "lampu-jalan")] },
        { 400, "attribute[jumlah]", [("service_code", "lampu-jalan"), ("attribute[tiang]", "1"), ("attribute[jumlah]", "banyak")] },
        { 400, "attribute[sejak]", [("service_code", "lampu-jalan"), ("attribute[tiang]", "1"), ("attribute[sejak]", "kemarin")] },
        { 400, "attribute[jenis]", [("service_code", "lampu-jalan"), ("attribute[tiang]", "1"), ("attribute[jenis]", "neon")] },
        { 400, "attribute[bahaya]", [("service_code", "lampu-jalan"), ("attribute[tiang]", "1"), ("attribute[bahaya][]", "kabel"), ("attribute[bahaya][]", "api")] },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task is_refused_with_the_field_at_fault(int status, string field, (string, string?)[] fields)
    {
        foreach (var format in new[] { "json", "xml" })
        {
            var reply = await host.Post(Form(fields), format);

            ((int)reply.Status).ShouldBe(status);
            reply.Errors.ShouldHaveSingleItem().ShouldStartWith($"{field}: ");
        }
    }

    [Fact]
    public async Task is_refused_with_all_that_is_wrong_at_once() =>
        (await host.Post(Form(("service_code", "lampu-jalan"), ("attribute[jumlah]", "x"), ("lat", "100"), ("long", "200"), ("description", new string('x', 4001)), ("media_url", "x"))))
            .Errors.Select(e => e.Split(':')[0]).ShouldBe(["attribute[tiang]", "attribute[jumlah]", "description", "lat", "long", "media_url"], ignoreOrder: true);

    [Fact]
    public async Task is_refused_when_query_and_form_name_different_jurisdictions() =>
        (await host.Post(Form(), query: $"?jurisdiction_id={There}")).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("application/json", "{}", 400)]
    [InlineData("text/plain", "hello", 400)]
    [InlineData("multipart/form-data", "no boundary", 400)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"lat\"\r\n\r\n-6", 400)]
    [InlineData("application/x-www-form-urlencoded", "%%%=&&&&===%ZZ", 400)]
    [InlineData("application/x-www-form-urlencoded", "jurisdiction_id=33.91&description=%00", 400)]
    public async Task that_is_no_form_is_refused(string type, string body, int status)
    {
        foreach (var format in new[] { "json", "xml" })
        {
            var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            var reply = await host.Post(content, format);

            ((int)reply.Status).ShouldBe(status);
            reply.Errors.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task without_a_body_is_refused_for_its_key() => (await host.Post(content: null, query: $"?jurisdiction_id={Here}")).Status.ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task that_is_too_large_is_refused()
    {
        var reply = await host.Post(Form(("description", new string('a', 1024 * 1024))));

        reply.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        reply.Errors.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("media")]
    [InlineData("media[]")]
    [InlineData("photo1")]
    public async Task with_a_photo_shows_it(string name)
    {
        var reply = await host.Post(Multipart(Form(("media_url", "https://example.org/other.jpg"), ("attribute[x]", "1")), (name, Png)));
        var id = reply.Ids[0];
        var request = (await host.Get($"requests/{id}.json?jurisdiction_id={Here}&extensions=true")).Json[0];
        var url = request.GetProperty("media_url").GetString()!;

        url.ShouldBe($"http://localhost/api/v1/regencies/{Here}/reports/{id}/photos/1");
        request.GetProperty("extended_attributes").GetProperty("media_urls").EnumerateArray().Select(m => m.GetString()).ShouldBe([url, "https://example.org/other.jpg"]);
        using var photo = await host.Http.GetAsync(new Uri(url).PathAndQuery);
        photo.StatusCode.ShouldBe(HttpStatusCode.OK);
        photo.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
    }

    [Fact]
    public async Task with_a_file_that_is_no_photo_is_refused_whole()
    {
        var reply = await host.Post(Multipart(Form(), ("photo1", Png), ("photo2", "GIF89a but not really"u8.ToArray()), ("photo3", [])), "xml");

        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Errors.Select(e => e.Split(':')[0]).ShouldBe(["photo2", "photo3"]);
    }

    [Fact]
    public async Task with_too_many_photos_is_refused() =>
        (await host.Post(Multipart(Form(), [.. Enumerable.Range(1, 11).Select(n => ($"photo{n}", Png))]))).Errors.ShouldHaveSingleItem().ShouldStartWith("media: ");

    [Fact]
    public async Task with_several_links_keeps_them_all()
    {
        var id = await host.File(("media_url", "https://example.org/a"), ("media_url", "https://example.org/b"));
        var details = await host.As(new Actor("staff:auditor", Role.Auditor, Here), sender => sender.Send(new GetReport(Here, id)));

        details!.MediaUrls.ShouldBe(["https://example.org/a", "https://example.org/b"]);
    }

    [Fact]
    public async Task with_forbidden_characters_never_breaks_the_xml()
    {
        var reply = await host.Post(Multipart(Form(("description", "a\u0000\u0001\u001bb <script>\ufffe\ud83d\ude00"), ("address_id", "\u0000x"), ("attribute[y]", "z\u0000"))));
        var id = reply.Ids[0];
        var request = (await host.Get($"requests/{id}.xml?jurisdiction_id={Here}")).Xml.Element("request")!;

        request.Element("description")!.Value.ShouldBe("ab <script>\ud83d\ude00");
        request.Element("address_id")!.Value.ShouldBe("x");
    }

    private static MultipartFormDataContent Multipart(IEnumerable<KeyValuePair<string, string>> fields, params (string Name, byte[] Bytes)[] files)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            content.Add(new StringContent(value), $"\"{name}\"");
        }

        foreach (var (name, bytes) in files)
        {
            content.Add(new ByteArrayContent(bytes), $"\"{name}\"", "\"foto.jpg\"");
        }

        return content;
    }
}
