using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SmartCity.Platform.Personal;

/// <summary>Finds and opens sealed values anywhere in JSON.</summary>
public static class SealedJson
{
    /// <summary>All texts.</summary>
    public static IEnumerable<string> In(JsonNode? node) => node switch
    {
        JsonObject @object => @object.SelectMany(member => In(member.Value)),
        JsonArray array => array.SelectMany(In),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    /// <summary>Ids of the keys with which values in the JSON are sealed.</summary>
    public static IEnumerable<string> KeysIn(JsonNode? node) => In(node).Select(PersonSeal.PersonOf).OfType<string>().Distinct();

    /// <summary>The same JSON with what is sealed opened, as far as the reader can.</summary>
    /// <param name="otherwise">What stands for a value that the reader cannot open; null: that it was erased.</param>
    /// <param name="erased">What stands for a value whose key was destroyed, if it shall say more.</param>
    public static JsonNode Open(JsonNode node, PersonalReader reader, string? otherwise = null, Func<PersonalKey, string>? erased = null) => Opened(node, reader, otherwise, erased)!;

    private static JsonNode? Opened(JsonNode? node, PersonalReader reader, string? otherwise, Func<PersonalKey, string>? erased) => node switch
    {
        JsonObject @object => new JsonObject(@object.Select(member => KeyValuePair.Create(member.Key, Opened(member.Value, reader, otherwise, erased)))),
        JsonArray array => new JsonArray([.. array.Select(item => Opened(item, reader, otherwise, erased))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Opened(text, reader, otherwise, erased),
        _ => node?.DeepClone(),
    };

    private static string? Opened(string text, PersonalReader reader, string? otherwise, Func<PersonalKey, string>? erased)
    {
        try
        {
            return erased is not null && PersonSeal.PersonOf(text) is { } person && reader.ErasureOf(person) is { } key ? erased(key) : otherwise is not null && !reader.CanOpen(text) ? otherwise : reader.Open(text);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or ArgumentException or OverflowException)
        {
            // Looks like a sealed value and is none: somebody wrote it so.
            return text;
        }
    }
}
