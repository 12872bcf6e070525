using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SmartCity.Accountability.Auditing;

/// <summary>What the log says of an event, version 1 (docs/audit-format.md). Holds hashes of data and headers, so nothing that could identify a person.</summary>
/// <param name="Time">UTC, with six decimals of a second and a Z.</param>
/// <param name="Data">SHA-256 of the data's canonical form, in hexadecimal.</param>
/// <param name="Headers">The same of the headers; of <c>null</c> where there are none.</param>
internal sealed record AuditLeaf(
    string Tenant, long Position, string Stream, long Version, string Id, string Type, string Time, string? Actor, string? Correlation, string? Causation, string Data, string Headers)
{
    /// <summary>The version of the serialisation.</summary>
    public const int Edition = 1;

    /// <summary>Hash of a JSON value in its canonical form.</summary>
    public static string HashOf(string? json) => Convert.ToHexStringLower(SHA256.HashData(json is null ? "null"u8 : CanonicalJson.Of(json)));

    /// <inheritdoc cref="HashOf(string?)"/>
    public static string HashOf(JsonElement json)
    {
        var output = new ArrayBufferWriter<byte>(256);
        CanonicalJson.Write(json, output);
        return Convert.ToHexStringLower(SHA256.HashData(output.WrittenSpan));
    }

    /// <summary>What is hashed: canonical JSON.</summary>
    public byte[] Content()
    {
        var output = new ArrayBufferWriter<byte>(512);
        Text("{\"actor\":", Actor);
        Text(",\"causation\":", Causation);
        Text(",\"correlation\":", Correlation);
        Text(",\"data\":", Data);
        Text(",\"headers\":", Headers);
        Text(",\"id\":", Id);
        Raw(string.Create(CultureInfo.InvariantCulture, $",\"position\":{Position}"));
        Text(",\"stream\":", Stream);
        Text(",\"tenant\":", Tenant);
        Text(",\"time\":", Time);
        Text(",\"type\":", Type);
        Raw(string.Create(CultureInfo.InvariantCulture, $",\"v\":{Edition},\"version\":{Version}}}"));
        return output.WrittenSpan.ToArray();

        void Raw(string text) => Encoding.UTF8.GetBytes(text, output);
        void Text(string name, string? value)
        {
            Raw(name);
            CanonicalJson.Write(value, output);
        }
    }

    /// <summary>Reads <see cref="Content"/>; null when it is none.</summary>
    public static AuditLeaf? Read(string content)
    {
        try
        {
            using var json = CanonicalJson.Parse(content);
            var leaf = json.RootElement;
            string? Text(string name) => leaf.GetProperty(name).GetString();
            return leaf.GetProperty("v").GetInt32() == Edition
                ? new AuditLeaf(
                    Text("tenant")!, leaf.GetProperty("position").GetInt64(), Text("stream")!, leaf.GetProperty("version").GetInt64(), Text("id")!, Text("type")!, Text("time")!,
                    Text("actor"), Text("correlation"), Text("causation"), Text("data")!, Text("headers")!)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>In what this event is not the recorded one, in words.</summary>
    public string DifferenceFrom(AuditLeaf recorded)
    {
        if (Id != recorded.Id)
        {
            return $"another event stands here than was recorded: {Type} of stream {Stream}, version {Version}, instead of {recorded.Type} of stream {recorded.Stream}, version {recorded.Version} (reordered or replaced)";
        }

        var differences = new List<string>();
        Compare("stream", Stream, recorded.Stream);
        Compare("version", Version, recorded.Version);
        Compare("type", Type, recorded.Type);
        Compare("time", Time, recorded.Time);
        Compare("actor", Actor, recorded.Actor);
        Compare("correlation", Correlation, recorded.Correlation);
        Compare("causation", Causation, recorded.Causation);
        Compare("tenant", Tenant, recorded.Tenant);
        Compare("position", Position, recorded.Position);
        if (Data != recorded.Data)
        {
            differences.Add("its data is not what was recorded");
        }

        if (Headers != recorded.Headers)
        {
            differences.Add("its headers are not what was recorded");
        }

        return $"{recorded.Type} of stream {recorded.Stream}, version {recorded.Version}, was changed: {string.Join("; ", differences)}";

        void Compare<T>(string what, T now, T then)
        {
            if (!EqualityComparer<T>.Default.Equals(now, then))
            {
                differences.Add($"its {what} is {now?.ToString() ?? "empty"} and was {then?.ToString() ?? "empty"}");
            }
        }
    }
}
