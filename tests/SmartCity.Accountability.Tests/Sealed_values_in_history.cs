using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SmartCity.Platform.Personal;

namespace SmartCity.Accountability.Tests;

public class Sealed_values_in_history
{
    private readonly PersonSeal _seal = new PersonalData(RandomNumberGenerator.GetBytes(32)).NewKey("p1").Seal;

    private JsonNode Event(string? text = null) => new JsonObject
    {
        ["text"] = text ?? _seal.Seal("lubang"),
        ["place"] = new JsonObject { ["address"] = _seal.Seal("Slawi"), ["latitude"] = -6.98 },
        ["list"] = new JsonArray(_seal.Seal("satu"), "dua", null, true),
    };

    private static JsonNode Open(JsonNode node, params PersonSeal[] seals) => SealedJson.Open(node, new PersonalReader(seals.ToDictionary(s => s.Person)));

    [Fact]
    public void are_opened_wherever_they_stand() =>
        Open(Event(), _seal).ToJsonString().ShouldBe("""{"text":"lubang","place":{"address":"Slawi","latitude":-6.98},"list":["satu","dua",null,true]}""");

    [Fact]
    public void of_an_erased_person_say_so() => Open(Event())["place"]!["address"]!.GetValue<string>().ShouldBe(PersonalReader.Erased);

    [Theory]
    [InlineData("s1.p1.AAAA")]
    [InlineData("s1.p1.!!")]
    [InlineData("s1.p1.")]
    [InlineData("s1.")]
    public void that_are_none_stay_as_they_are(string text) => Open(Event(text), _seal)["text"]!.GetValue<string>().ShouldBe(text);

    [Fact]
    public void are_all_found() => SealedJson.In(Event()).Count(text => text.StartsWith("s1.", StringComparison.Ordinal)).ShouldBe(3);
}
