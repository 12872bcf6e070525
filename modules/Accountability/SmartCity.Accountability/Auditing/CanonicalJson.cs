using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SmartCity.Accountability.Auditing;

/// <summary>
/// One way to write a JSON value, whoever stored it (docs/audit-format.md): members in the order of their names' UTF-8 bytes, no white
/// space, only what must be escaped is, numbers as they stand.
/// </summary>
internal static class CanonicalJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is no JSON, or names a member twice.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, Strict);

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    public static JsonDocument Parse(string json) => JsonDocument.Parse(json, Strict);

    public static byte[] Of(string json)
    {
        using var document = Parse(json);
        var output = new ArrayBufferWriter<byte>(256);
        Write(document.RootElement, output);
        return output.WrittenSpan.ToArray();
    }

    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var isFirst = true;
                foreach (var item in value.EnumerateArray())
                {
                    output.Write(isFirst ? ""u8 : ","u8);
                    isFirst = false;
                    Write(item, output);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(value) is var raw && raw.IndexOfAny(Unusual) < 0:
                output.Write(raw);
                break;
            case JsonValueKind.String:
                Write(value.GetString()!, output);
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var members = ArrayPool<JsonProperty>.Shared.Rent(value.GetPropertyCount());
        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            members[count++] = member;
        }

        members.AsSpan(0, count).Sort(static (a, b) => CompareNames(a, b));
        output.Write("{"u8);
        for (var i = 0; i < count; i++)
        {
            output.Write(i == 0 ? ""u8 : ","u8);
            var name = JsonMarshal.GetRawUtf8PropertyName(members[i]);
            if (name.IndexOfAny(Unusual) < 0)
            {
                output.Write("\""u8);
                output.Write(name);
                output.Write("\":"u8);
            }
            else
            {
                Write(members[i].Name, output);
                output.Write(":"u8);
            }

            Write(members[i].Value, output);
        }

        output.Write("}"u8);
        ArrayPool<JsonProperty>.Shared.Return(members, clearArray: true);
    }

    private static int CompareNames(JsonProperty a, JsonProperty b)
    {
        var first = JsonMarshal.GetRawUtf8PropertyName(a);
        var second = JsonMarshal.GetRawUtf8PropertyName(b);
        return first.IndexOfAny(Unusual) < 0 && second.IndexOfAny(Unusual) < 0 ? first.SequenceCompareTo(second) : CompareAsUtf8(a.Name, b.Name);
    }

    public static void Write(string? text, IBufferWriter<byte> output)
    {
        if (text is null)
        {
            output.Write("null"u8);
            return;
        }

        output.Write("\""u8);
        var rest = text.AsSpan();
        for (var at = IndexOfEscaped(rest); at >= 0; at = IndexOfEscaped(rest))
        {
            Encoding.UTF8.GetBytes(rest[..at], output);
            output.Write(rest[at] switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\b' => "\\b"u8,
                '\f' => "\\f"u8,
                '\n' => "\\n"u8,
                '\r' => "\\r"u8,
                '\t' => "\\t"u8,
                var other => Encoding.ASCII.GetBytes($"\\u{(int)other:x4}"),
            });
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, output);
        output.Write("\""u8);
    }

    // Without an escape, a text stands in JSON as it stands in canonical form.
    private static readonly SearchValues<byte> Unusual = SearchValues.Create("\\"u8);

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private static int IndexOfEscaped(ReadOnlySpan<char> text) => text.IndexOfAny(Escaped);

    // As UTF-8 bytes compare, which is by code point; UTF-16 has surrogates before U+E000 to U+FFFF.
    private static int CompareAsUtf8(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] != b[i])
            {
                return Rank(a[i]) - Rank(b[i]);
            }
        }

        return a.Length - b.Length;

        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }
}
