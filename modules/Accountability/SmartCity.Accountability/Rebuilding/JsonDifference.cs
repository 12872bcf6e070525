using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>One place in which two JSON values differ.</summary>
/// <param name="Path">Names from the outside in, places in lists from 1: <c>Timeline[3].What</c>.</param>
/// <param name="Before">Null: there was nothing.</param>
/// <param name="After">Null: there is nothing any more.</param>
internal sealed record JsonDifference(string Path, JsonNode? Before, JsonNode? After)
{
    private const int Longest = 80;

    /// <summary>All of them, in the order of the values.</summary>
    public static IEnumerable<JsonDifference> Between(JsonNode? before, JsonNode? after, string path = "")
    {
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var name in old.Select(m => m.Key).Union(now.Select(m => m.Key)))
                {
                    foreach (var difference in Between(old[name], now[name], path.Length == 0 ? name : $"{path}.{name}"))
                    {
                        yield return difference;
                    }
                }

                break;
            case (JsonArray old, JsonArray now):
                for (var i = 0; i < Math.Max(old.Count, now.Count); i++)
                {
                    foreach (var difference in Between(i < old.Count ? old[i] : null, i < now.Count ? now[i] : null, $"{path}[{i + 1}]"))
                    {
                        yield return difference;
                    }
                }

                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    yield return new JsonDifference(path, before, after);
                }

                break;
        }
    }

    /// <summary>The same instant, as far as the database keeps it: an event has microseconds, and what was made of it before it was stored may have more.</summary>
    public bool IsWithinAMicrosecond =>
        Instant(Before) is { } before && Instant(After) is { } after && (before - after).Duration() < TimeSpan.FromMicroseconds(1);

    private static DateTimeOffset? Instant(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 18 } text && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var instant) ? instant : null;

    /// <summary>A value for a sentence: short, and without the quotes of a text.</summary>
    public static string Show(JsonNode? value)
    {
        var text = value switch
        {
            null => "–",
            JsonValue plain when plain.GetValueKind() == JsonValueKind.String => plain.GetValue<string>(),
            _ => value.ToJsonString(),
        };
        return text.Length > Longest ? $"{text[..Longest]}…" : text;
    }
}
