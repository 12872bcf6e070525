using System.Text;
using System.Text.Json;
using SmartCity.Accountability.Auditing;

namespace SmartCity.Accountability.Tests.Auditing;

public class A_canonical_form
{
    [Theory]
    [InlineData("""{ "b" : 1, "a": [true, null, {"d":1,"c":2}] }""", """{"a":[true,null,{"c":2,"d":1}],"b":1}""")]
    [InlineData("""{"aa":1,"a":2,"B":3,"":4}""", """{"":4,"B":3,"a":2,"aa":1}""")]
    [InlineData("""[1.10, -0.0, 12345678901234567890123, 1e5]""", "[1.10,-0.0,12345678901234567890123,1e5]")]
    [InlineData("""["\u00e9\/\u002b<>&'", "\"\\\b\f\n\r\t\u0001\u001f\u007f"]""", "[\"é/+<>&'\",\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\"]")]
    [InlineData("""{"\ud83d\ude00":1,"\uffee":2}""", "{\"\uffee\":2,\"\U0001F600\":1}")]
    [InlineData("null", "null")]
    public void is_the_same_however_it_was_stored(string json, string canonical) => Encoding.UTF8.GetString(CanonicalJson.Of(json)).ShouldBe(canonical);

    [Fact]
    public void does_not_exist_of_a_member_that_stands_twice() => Should.Throw<JsonException>(() => CanonicalJson.Of("""{"a":1,"a":2}"""));

    [Fact]
    public void of_a_leaf_is_what_the_document_shows()
    {
        var leaf = new AuditLeaf("33_28", 17, "2026-000017", 2, "0193d0a4-0000-7000-8000-000000000001", "report.verified.v1", "2026-11-24T09:00:00.123456Z", "staff:dispatcher", "c1", null,
            AuditLeaf.HashOf("""{"b": 1, "a": "x"}"""), AuditLeaf.HashOf((string?)null));

        var content = Encoding.UTF8.GetString(leaf.Content());
        content.ShouldBe("""{"actor":"staff:dispatcher","causation":null,"correlation":"c1","data":"cdab067e9f3beb32d1252cfd63e492592fecbf591b0d08cadb24bb17f3864246","headers":"74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b","id":"0193d0a4-0000-7000-8000-000000000001","position":17,"stream":"2026-000017","tenant":"33_28","time":"2026-11-24T09:00:00.123456Z","type":"report.verified.v1","v":1,"version":2}""");
        Encoding.UTF8.GetString(CanonicalJson.Of(content)).ShouldBe(content);
        AuditLeaf.Read(content).ShouldBe(leaf);
        AuditLeaf.Read("""{"v":2}""").ShouldBeNull();
    }
}
