using System.Text;

namespace SmartCity.Channels.Sms.Kannel;

/// <summary>What Kannel's sms-service sends, as bytes: a text may be in another charset than the rest, and a user data header is none.</summary>
internal sealed class KannelForm
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds what a query or a form says, unless it was said before.</summary>
    public KannelForm Add(string encoded)
    {
        foreach (var pair in encoded.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = pair.Split('=', 2);
            _values.TryAdd(Encoding.UTF8.GetString(Bytes(split[0])), split.Length > 1 ? Bytes(split[1]) : []);
        }

        return this;
    }

    public KannelForm Add(string name, byte[]? value)
    {
        if (value is not null)
        {
            _values.TryAdd(name, value);
        }

        return this;
    }

    public ReadOnlySpan<byte> Raw(string name) => _values.GetValueOrDefault(name);

    public string? Value(string name) => _values.TryGetValue(name, out var bytes) && bytes.Length > 0 ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The text by its charset; Kannel says UTF-8 when it recodes (mo-recode), UTF-16BE for what came as UCS-2 else.</summary>
    public string? Text()
    {
        if (!_values.TryGetValue("text", out var bytes))
        {
            return null;
        }

        return ((Value("charset") ?? "UTF-8").ToUpperInvariant() switch
        {
            "UTF-16BE" or "UCS-2" or "UCS2" or "ISO-10646-UCS-2" => Encoding.BigEndianUnicode,
            "UTF-16LE" => Encoding.Unicode,
            "ISO-8859-1" or "LATIN1" or "WINDOWS-1252" or "CP1252" => Encoding.Latin1,
            _ => Encoding.UTF8,
        }).GetString(bytes);
    }

    private static byte[] Bytes(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes.Add(Convert.ToByte(encoded.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (encoded[i] == '+')
            {
                bytes.Add((byte)' ');
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([encoded[i]]));
            }
        }

        return [.. bytes];
    }
}
