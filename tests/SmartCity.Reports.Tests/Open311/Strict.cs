using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace SmartCity.Reports.Tests.Open311;

/// <summary>What an element of an Open311 document must be like: its name, its place among its siblings, and what is in it.</summary>
internal abstract record Shape(string Name, bool IsOptional)
{
    public static Leaf Text(string name, bool optional = false) => new(name, Kind.Text, optional);

    public static Leaf Filled(string name, bool optional = false) => new(name, Kind.Filled, optional);

    public static Leaf Date(string name) => new(name, Kind.Date, false);

    public static Leaf Link(string name) => new(name, Kind.Link, false);

    public static Leaf Number(string name) => new(name, Kind.Number, false);

    public static Leaf Whole(string name) => new(name, Kind.Whole, false);

    public static Leaf Flag(string name) => new(name, Kind.Flag, false);

    public static Leaf OneOf(string name, params string[] values) => new(name, Kind.Filled, false, values);

    public static Many List(string name, Shape item, bool optional = false) => new(name, item, optional);

    public static One Object(string name, params Shape[] members) => new(name, members, false);
}

internal enum Kind
{
    Text, Filled, Date, Link, Number, Whole, Flag,
}

internal sealed record Leaf(string Name, Kind Kind, bool IsOptional, string[]? Values = null) : Shape(Name, IsOptional);

internal sealed record Many(string Name, Shape Item, bool IsOptional) : Shape(Name, IsOptional);

internal sealed record One(string Name, Shape[] Members, bool IsOptional) : Shape(Name, IsOptional);

/// <summary>The documents of GeoReport v2 and of the updates extension, element by element.</summary>
internal static class Documents
{
    private static readonly string[] Statuses =
    [
        "open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate", "not_councils_responsibility", "no_further_action",
        "internal_referral", "cancelled", "reopen", "for_triage", "unchanged",
    ];

    private static readonly Shape[] RequestMembers =
    [
        Shape.Filled("service_request_id"), Shape.OneOf("status", "open", "closed"), Shape.Text("status_notes"), Shape.Filled("service_name"), Shape.Filled("service_code"),
        Shape.Text("description"), Shape.Text("agency_responsible"), Shape.Text("service_notice"), new Leaf("requested_datetime", Kind.Date, false),
        new Leaf("updated_datetime", Kind.Date, false), new Leaf("expected_datetime", Kind.Date, false), Shape.Text("address"), Shape.Text("address_id"), Shape.Text("zipcode"),
        Shape.Number("lat"), Shape.Number("long"), Shape.Link("media_url"),
    ];

    public static Shape Discovery { get; } = Shape.Object("discovery", Shape.Date("changeset"), Shape.Filled("contact"), Shape.Filled("key_service"),
        Shape.List("endpoints", Shape.Object("endpoint", Shape.OneOf("specification", "http://wiki.open311.org/GeoReport_v2"), Shape.Link("url"), Shape.Date("changeset"),
            Shape.OneOf("type", "production", "test"), Shape.List("formats", Shape.OneOf("format", "text/xml", "application/json")))));

    public static Shape Services { get; } = Shape.List("services", Shape.Object("service", Shape.Filled("service_code"), Shape.Filled("service_name"), Shape.Text("description"),
        Shape.Flag("metadata"), Shape.OneOf("type", "realtime", "batch", "blackbox"), Shape.Text("keywords"), Shape.Text("group")));

    public static Shape Definition { get; } = Shape.Object("service_definition", Shape.Filled("service_code"), Shape.List("attributes", Shape.Object("attribute",
        Shape.Flag("variable"), Shape.Filled("code"), Shape.OneOf("datatype", "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"), Shape.Flag("required"),
        Shape.Text("datatype_description"), Shape.Whole("order"), Shape.Text("description"),
        Shape.List("values", Shape.Object("value", Shape.Filled("key"), Shape.Filled("name")), optional: true))));

    public static Shape Posted { get; } = Shape.List("service_requests", Shape.Object("request",
        Shape.Filled("service_request_id", optional: true), Shape.Filled("token", optional: true), Shape.Text("service_notice"), Shape.Text("account_id")));

    public static Shape Token { get; } = Shape.List("service_requests", Shape.Object("request", Shape.Text("service_request_id"), Shape.Filled("token")));

    public static Shape Requests { get; } = Shape.List("service_requests", new One("request", RequestMembers, false));

    public static Shape ExtendedRequests { get; } = Shape.List("service_requests", new One("request",
    [
        .. RequestMembers,
        Shape.Object("extended_attributes", Shape.Text("department"), Shape.Text("district"), Shape.Filled("channel"), Shape.Filled("state"),
            Shape.OneOf("detailed_status", "RECEIVED", "IN_PROCESS", "PROCESSED", "ARCHIVED", "REJECTED"),
            Shape.Object("funding", Shape.Text("outcome"), Shape.Text("scheduled_for"), Shape.Number("cost"), Shape.Text("currency"), Shape.Text("source"), Shape.Number("fiscal_year"),
                Shape.Text("planned_work_id"), Shape.Text("planned_work"), Shape.Text("planned_work_state")),
            Shape.Object("jurisdiction", Shape.Text("level"), Shape.Text("body"), Shape.Text("ground"), Shape.Text("regency"), Shape.Text("district"), Shape.Text("village")),
            Shape.List("media_urls", Shape.Link("media_url"))),
        Shape.List("notes", Shape.Object("note", Shape.Date("datetime"), Shape.Filled("type"), Shape.Text("description"))),
    ], false));

    public static Shape Errors { get; } = Shape.List("errors", Shape.Object("error", Shape.Whole("code"), Shape.Filled("description")));

    public static Shape Updates { get; } = Shape.List("service_request_updates", Shape.Object("request_update", Shape.Filled("update_id"), Shape.Filled("service_request_id"),
        Shape.OneOf("status", Statuses), new Leaf("updated_datetime", Kind.Date, false), Shape.Text("description"), Shape.Link("media_url"), Shape.Text("external_status_code")));

    public static Shape PostedUpdate { get; } = Shape.List("service_request_updates", Shape.Object("request_update", Shape.Filled("update_id"), Shape.Text("account_id")));
}

/// <summary>Reads answers as a merciless validator would, and makes of XML the JSON that the Spark convention demands.</summary>
internal static partial class Strict
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

    /// <summary>Both answers must be what they should be, and the same document.</summary>
    public static async Task<JsonNode> Same(Shape shape, Func<string, Task<HttpResponseMessage>> send, HttpStatusCode status = HttpStatusCode.OK)
    {
        var (xml, json) = (await Xml(shape, await send("xml"), status), await Json(shape, await send("json"), status));
        // The platform may have routed the report between the two questions; it does so once.
        for (var again = 0; again < 5 && !JsonNode.DeepEquals(xml, json); again++)
        {
            (xml, json) = (await Xml(shape, await send("xml"), status), await Json(shape, await send("json"), status));
        }

        JsonNode.DeepEquals(xml, json).ShouldBeTrue($"XML says {xml.ToJsonString()} and JSON says {json.ToJsonString()}");
        return json;
    }

    public static async Task<JsonNode> Xml(Shape shape, HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await Body(answer, status, "text/xml; charset=utf-8");
        text.ShouldStartWith(Declaration);
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = true });
        var document = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        document.DescendantNodes().ShouldAllBe(n => n is XElement || n is XText, "nothing but elements and text");
        document.Descendants().ShouldAllBe(e => e.Name.NamespaceName.Length == 0 && !e.HasAttributes, "no namespaces and no attributes");
        document.Root!.Name.LocalName.ShouldBe(shape.Name);
        return Read(shape, document.Root)!;
    }

    public static async Task<JsonNode> Json(Shape shape, HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await Body(answer, status, "application/json; charset=utf-8");
        var node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;
        Check(shape, node);
        return node;
    }

    private static async Task<string> Body(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        answer.StatusCode.ShouldBe(status, text);
        // Some clients compare it letter by letter.
        answer.Content.Headers.GetValues("Content-Type").ShouldBe([type], text);
        text.ShouldNotStartWith("\ufeff");
        return text;
    }

    private static JsonNode? Read(Shape shape, XElement element)
    {
        switch (shape)
        {
            case Leaf leaf:
                element.HasElements.ShouldBeFalse($"{leaf.Name} has no children");
                return Value(leaf, element.Value);
            case Many many:
                Blank(element);
                element.Elements().ShouldAllBe(e => e.Name.LocalName == many.Item.Name);
                return new JsonArray([.. element.Elements().Select(e => Read(many.Item, e))]);
            default:
                var one = (One)shape;
                Blank(element);
                Names(one, element.Elements().Select(e => e.Name.LocalName));
                return new JsonObject(element.Elements().Select(e => KeyValuePair.Create(e.Name.LocalName, Read(one.Members.Single(m => m.Name == e.Name.LocalName), e))));
        }
    }

    private static void Blank(XElement element) => string.Concat(element.Nodes().OfType<XText>().Select(t => t.Value)).ShouldBeNullOrWhiteSpace($"{element.Name} has no text of its own");

    private static void Names(One one, IEnumerable<string> names)
    {
        var found = names.ToArray();
        one.Members.Where(m => !m.IsOptional || found.Contains(m.Name)).Select(m => m.Name).ShouldBe(found, $"the members of {one.Name}, in their order");
    }

    private static JsonNode? Value(Leaf leaf, string text)
    {
        if (text.Length == 0)
        {
            leaf.Kind.ShouldNotBeOneOf(Kind.Filled, Kind.Flag, Kind.Whole);
            return null;
        }

        switch (leaf.Kind)
        {
            case Kind.Flag:
                text.ShouldBeOneOf("true", "false");
                return text == "true";
            case Kind.Whole:
                text.ShouldMatch("^[0-9]+$");
                return int.Parse(text, CultureInfo.InvariantCulture);
            case Kind.Number:
                text.ShouldMatch(@"^-?\d+(\.\d+)?$");
                return double.Parse(text, CultureInfo.InvariantCulture);
            default:
                CheckText(leaf, text);
                return text;
        }
    }

    private static void CheckText(Leaf leaf, string text)
    {
        if (leaf.Kind == Kind.Date)
        {
            WrittenDate().IsMatch(text).ShouldBeTrue($"{leaf.Name}: {text} is no date with a time zone");
            DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        }

        if (leaf.Kind == Kind.Link)
        {
            Uri.IsWellFormedUriString(text, UriKind.Absolute).ShouldBeTrue($"{leaf.Name}: {text} is no address");
        }

        leaf.Values?.ShouldContain(text);
    }

    private static void Check(Shape shape, JsonNode? node)
    {
        switch (shape)
        {
            case Many many:
                foreach (var item in node.ShouldBeOfType<JsonArray>())
                {
                    Check(many.Item, item);
                }

                break;
            case One one:
                var members = node.ShouldBeOfType<JsonObject>();
                Names(one, members.Select(m => m.Key));
                foreach (var member in one.Members.Where(m => members.ContainsKey(m.Name)))
                {
                    Check(member, members[member.Name]);
                }

                break;
            case Leaf { Kind: Kind.Flag } flag:
                node!.GetValueKind().ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
                break;
            case Leaf { Kind: Kind.Whole }:
                node!.GetValueKind().ShouldBe(JsonValueKind.Number);
                node.ToJsonString().ShouldMatch("^[0-9]+$");
                break;
            case Leaf { Kind: Kind.Number }:
                (node?.GetValueKind() ?? JsonValueKind.Null).ShouldBeOneOf(JsonValueKind.Number, JsonValueKind.Null);
                break;
            case Leaf { Kind: Kind.Filled } filled:
                node.ShouldNotBeNull($"{filled.Name} is not null").GetValueKind().ShouldBe(JsonValueKind.String, filled.Name);
                CheckText(filled, node.GetValue<string>());
                break;
            case Leaf leaf when node is not null:
                node.GetValueKind().ShouldBe(JsonValueKind.String, leaf.Name);
                node.GetValue<string>().ShouldNotBeEmpty($"{leaf.Name}: what is empty is null");
                CheckText(leaf, node.GetValue<string>());
                break;
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex WrittenDate();
}
