using System.Net;

namespace SmartCity.Reports.Tests.Open311;

public sealed class The_discovery_document(Open311Host host)
{
    [Theory]
    [InlineData("/open311/discovery")]
    [InlineData("/open311/v2/discovery")]
    [InlineData("/open311//v2//discovery")]
    public async Task says_where_the_api_is(string path)
    {
        var json = (await Reply.Of(await host.Http.GetAsync($"{path}.json?jurisdiction_id={Open311Host.Here}"))).Json;
        var xml = (await Reply.Of(await host.Http.GetAsync($"{path}.xml?jurisdiction_id={Open311Host.Here}"))).Xml;

        json.GetProperty("contact").GetString().ShouldBe("Diskominfo Kabupaten Sini, kominfo@example.go.id");
        var endpoint = json.GetProperty("endpoints")[0];
        endpoint.GetProperty("specification").GetString().ShouldBe("http://wiki.open311.org/GeoReport_v2");
        endpoint.GetProperty("url").GetString().ShouldBe("http://localhost/open311/v2");
        endpoint.GetProperty("type").GetString().ShouldBe("test");
        endpoint.GetProperty("formats").EnumerateArray().Select(f => f.GetString()).ShouldBe(["text/xml", "application/json"]);
        DateTimeOffset.Parse(endpoint.GetProperty("changeset").GetString()!, null).ShouldBeLessThan(DateTimeOffset.UtcNow);
        xml.Name.LocalName.ShouldBe("discovery");
        xml.Element("endpoints")!.Element("endpoint")!.Element("formats")!.Elements("format").Count().ShouldBe(2);
        xml.Element("key_service")!.Value.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task names_every_jurisdiction_when_none_is_given() =>
        (await host.Get("discovery.json")).Json.GetProperty("contact").GetString()!.ShouldContain("33.92 (Kota Sana");

    [Fact]
    public async Task is_not_there_for_an_unknown_jurisdiction() => (await host.Get("discovery.xml?jurisdiction_id=99.99")).Status.ShouldBe(HttpStatusCode.NotFound);
}

public sealed class The_services(Open311Host host)
{
    private const string Query = "?jurisdiction_id=" + Open311Host.Here;

    [Fact]
    public async Task are_listed_with_their_type()
    {
        var services = (await host.Get($"services.json{Query}")).Json.EnumerateArray().ToDictionary(s => s.GetProperty("service_code").GetString()!);

        services.ToDictionary(s => s.Key, s => s.Value.GetProperty("type").GetString()).ShouldBe(new Dictionary<string, string?>
        {
            ["jalan-rusak"] = "realtime",
            ["lampu-jalan"] = "realtime",
            ["pohon-tumbang"] = "batch",
            ["pungli"] = "realtime",
            ["saran"] = "blackbox",
        }, ignoreOrder: true);
        services["lampu-jalan"].GetProperty("metadata").GetBoolean().ShouldBeTrue();
        services["jalan-rusak"].GetProperty("metadata").GetBoolean().ShouldBeFalse();
        services["jalan-rusak"].GetProperty("keywords").GetString().ShouldBe("jalan,lubang");
        services["jalan-rusak"].GetProperty("group").GetString().ShouldBe("Jalan");
        services["jalan-rusak"].GetProperty("service_name").GetString().ShouldBe("Jalan rusak");
    }

    [Fact]
    public async Task are_the_same_in_xml()
    {
        var reply = await host.Get($"services.xml{Query}");

        reply.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        reply.Xml.Name.ShouldBe("services");
        reply.Xml.Elements("service").Count().ShouldBe(5);
        reply.Xml.Elements("service").First().Elements().Select(e => e.Name.LocalName).ShouldBe(["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]);
        reply.Xml.Elements("service").First().Element("metadata")!.Value.ShouldBe("false");
    }

    [Fact]
    public async Task ask_what_their_definition_says()
    {
        var json = (await host.Get($"services/lampu-jalan.json{Query}")).Json;
        var attributes = json.GetProperty("attributes").EnumerateArray().ToArray();

        json.GetProperty("service_code").GetString().ShouldBe("lampu-jalan");
        attributes.Select(a => a.GetProperty("order").GetInt32()).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        attributes.Select(a => a.GetProperty("datatype").GetString()).ShouldBe(["string", "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]);
        attributes[0].GetProperty("variable").GetBoolean().ShouldBeFalse();
        attributes[0].GetProperty("datatype_description").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        attributes[1].GetProperty("required").GetBoolean().ShouldBeTrue();
        attributes[1].TryGetProperty("values", out _).ShouldBeFalse();
        attributes[5].GetProperty("values")[1].GetProperty("key").GetString().ShouldBe("merkuri");
    }

    [Fact]
    public async Task have_a_definition_in_xml_too()
    {
        var xml = (await host.Get($"services/lampu-jalan.xml{Query}")).Xml;

        xml.Name.ShouldBe("service_definition");
        xml.Element("attributes")!.Elements("attribute").Last().Element("values")!.Elements("value").First().Element("name")!.Value.ShouldBe("Kabel terbuka");
    }

    [Fact]
    public async Task without_questions_have_an_empty_definition()
    {
        (await host.Get($"services/jalan-rusak.json{Query}")).Json.GetProperty("attributes").GetArrayLength().ShouldBe(0);
        (await host.Get($"services/jalan-rusak.xml{Query}")).Xml.Element("attributes")!.HasElements.ShouldBeFalse();
    }

    [Fact]
    public async Task are_not_there_under_another_code() => (await host.Get($"services/tidak-ada.xml{Query}")).Errors.ShouldHaveSingleItem().ShouldContain("tidak-ada");
}

public sealed class An_open311_error(Open311Host host)
{
    private const string Here = "jurisdiction_id=" + Open311Host.Here;

    [Theory]
    [InlineData("GET", "v2/services", "", 400)]
    [InlineData("GET", "v2/services", "?jurisdiction_id=", 400)]
    [InlineData("GET", "v2/services", "?jurisdiction_id=33.99", 404)]
    [InlineData("GET", "v2/services", "?jurisdiction_id=tegal", 404)]
    [InlineData("GET", "v2/services", "?jurisdiction_id=33.91&jurisdiction_id=33.92", 400)]
    [InlineData("GET", "v2/services/tidak-ada", "?" + Here, 404)]
    [InlineData("GET", "v2/requests", "?" + Here + "&status=x", 400)]
    [InlineData("GET", "v2/requests/2026-999999", "?" + Here, 404)]
    [InlineData("GET", "v2/requests/nonsense", "?" + Here, 404)]
    [InlineData("GET", "v2/requests/2026-000017", "", 400)]
    [InlineData("GET", "v2/requests/1,2,3", "?" + Here, 404)]
    [InlineData("GET", "v2/tokens/t-2026-999999", "?" + Here, 404)]
    [InlineData("GET", "v2/tokens/x", "?" + Here, 404)]
    [InlineData("GET", "v2/tokens/x", "", 400)]
    [InlineData("GET", "v2/servicerequestupdates", "?" + Here + "&start_date=x", 400)]
    [InlineData("GET", "v2/nothing", "", 404)]
    [InlineData("GET", "v3/services", "?" + Here, 404)]
    [InlineData("GET", "nothing", "", 404)]
    [InlineData("POST", "v2/services", "?" + Here, 405)]
    [InlineData("PUT", "v2/requests", "?" + Here, 405)]
    [InlineData("DELETE", "v2/requests/2026-000017", "?" + Here, 405)]
    [InlineData("POST", "nothing", "", 404)]
    public async Task has_its_shape_in_both_formats(string method, string path, string query, int status)
    {
        foreach (var format in new[] { "json", "xml" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/open311/{path}.{format}{query}");
            var reply = await Reply.Of(await host.Http.SendAsync(request));

            ((int)reply.Status).ShouldBe(status);
            reply.ContentType.ShouldBe(format == "json" ? Reply.JsonType : Reply.XmlType);
            reply.Errors.ShouldNotBeEmpty();
            (format == "json" ? reply.Json[0].GetProperty("code").GetInt32() : int.Parse(reply.Xml.Element("error")!.Element("code")!.Value, null)).ShouldBe(status);
        }
    }

    [Theory]
    [InlineData("v2/services", 404)]
    [InlineData("v2/services.html?" + Here, 400)]
    [InlineData("v2/requests/2026-000017.pdf?" + Here, 400)]
    [InlineData("", 404)]
    [InlineData("v2/", 404)]
    public async Task is_xml_where_no_format_is_named(string path, int status)
    {
        var reply = await Reply.Of(await host.Http.GetAsync($"/open311/{path}"));

        ((int)reply.Status).ShouldBe(status);
        reply.Xml.Name.ShouldBe("errors");
    }

    [Fact]
    public async Task for_a_wrong_method_says_which_are_right()
    {
        using var answer = await host.Http.DeleteAsync("/open311/v2/requests.json");

        answer.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "POST"]);
    }

    [Fact]
    public async Task is_not_made_of_a_head_request()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/open311/v2/services.json?{Here}");
        using var answer = await host.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }
}
