using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace SmartCity.Reports.Open311;

/// <summary>
/// Writes one document as XML or as the JSON that the Spark convention makes of it: the root's name disappears, a list is an array
/// without its members' names, an element without text is null.
/// </summary>
internal abstract class AnswerWriter : IDisposable
{
    /// <summary>A container whose children all have one name.</summary>
    public abstract void BeginList(string name);

    public abstract void EndList();

    /// <summary>A member of a list that has children of its own.</summary>
    public abstract void BeginItem(string name);

    public abstract void EndItem();

    /// <summary>A container of different children that is no member of a list.</summary>
    public abstract void BeginObject(string name);

    public abstract void EndObject();

    /// <summary>A member of a list that is a text.</summary>
    public abstract void Value(string name, string value);

    public abstract void Text(string name, string? value);

    public abstract void Number(string name, double? value);

    public abstract void Money(string name, decimal? value);

    public abstract void Whole(string name, int value);

    public abstract void Flag(string name, bool value);

    public void Date(string name, DateTimeOffset? value) => Text(name, value is { } instant ? Dates.Write(instant) : null);

    public abstract void Dispose();
}

internal sealed class JsonAnswerWriter(IBufferWriter<byte> output) : AnswerWriter
{
    // Nothing here is put into a page: letters stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly Utf8JsonWriter _json = new(output, Options);

    public override void BeginList(string name)
    {
        if (_json.CurrentDepth == 0)
        {
            _json.WriteStartArray();
        }
        else
        {
            _json.WriteStartArray(name);
        }
    }

    public override void EndList() => _json.WriteEndArray();

    public override void BeginItem(string name) => _json.WriteStartObject();

    public override void EndItem() => _json.WriteEndObject();

    public override void BeginObject(string name)
    {
        if (_json.CurrentDepth == 0)
        {
            _json.WriteStartObject();
        }
        else
        {
            _json.WriteStartObject(name);
        }
    }

    public override void EndObject() => _json.WriteEndObject();

    public override void Value(string name, string value) => _json.WriteStringValue(XmlText.Clean(value));

    // The same characters as in XML: the two formats are one document.
    public override void Text(string name, string? value) => _json.WriteString(name, string.IsNullOrEmpty(value) || XmlText.Clean(value) is not { Length: > 0 } clean ? null : clean);

    public override void Number(string name, double? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    public override void Money(string name, decimal? value)
    {
        if (value is { } amount)
        {
            _json.WriteNumber(name, amount);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    public override void Whole(string name, int value) => _json.WriteNumber(name, value);

    public override void Flag(string name, bool value) => _json.WriteBoolean(name, value);

    public override void Dispose() => _json.Dispose();
}

internal sealed class XmlAnswerWriter : AnswerWriter
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.None };
    private readonly MemoryStream _stream = new();
    private readonly IBufferWriter<byte> _output;
    private readonly XmlWriter _xml;

    public XmlAnswerWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _xml = XmlWriter.Create(_stream, Settings);
        _xml.WriteStartDocument();
    }

    public override void BeginList(string name) => _xml.WriteStartElement(name);

    public override void EndList() => _xml.WriteEndElement();

    public override void BeginItem(string name) => _xml.WriteStartElement(name);

    public override void EndItem() => _xml.WriteEndElement();

    public override void BeginObject(string name) => _xml.WriteStartElement(name);

    public override void EndObject() => _xml.WriteEndElement();

    public override void Value(string name, string value) => Text(name, value);

    public override void Text(string name, string? value)
    {
        _xml.WriteStartElement(name);
        if (!string.IsNullOrEmpty(value))
        {
            _xml.WriteString(XmlText.Clean(value));
        }

        _xml.WriteEndElement();
    }

    public override void Number(string name, double? value) => Text(name, value?.ToString("0.##########", CultureInfo.InvariantCulture));

    public override void Money(string name, decimal? value) => Text(name, value?.ToString("0.##", CultureInfo.InvariantCulture));

    public override void Whole(string name, int value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public override void Flag(string name, bool value) => Text(name, value ? "true" : "false");

    public override void Dispose()
    {
        _xml.Dispose();
        _output.Write(_stream.GetBuffer().AsSpan(0, (int)_stream.Length));
        _stream.Dispose();
    }
}

/// <summary>
/// Text without the characters that XML 1.0 forbids: control characters, halves of surrogate pairs, U+FFFE and U+FFFF; with lines ended as every
/// reader of XML ends them.
/// </summary>
internal static class XmlText
{
    public static string Clean(string text)
    {
        text = text.ReplaceLineEndings("\n");
        var first = FirstForbidden(text);
        if (first < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                clean.Append(text, i++, 2);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                clean.Append(text[i]);
            }
        }

        return clean.ToString();
    }

    private static int FirstForbidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
            {
                continue;
            }

            if (!IsPair(text, i))
            {
                return i;
            }

            i++;
        }

        return -1;
    }

    private static bool IsPair(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
}
