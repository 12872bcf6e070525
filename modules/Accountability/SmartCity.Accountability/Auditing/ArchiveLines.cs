using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using System.Threading.Channels;

namespace SmartCity.Accountability.Auditing;

/// <summary>A line of an archive.</summary>
/// <param name="Text">The line.</param>
/// <param name="Position">Of an event that is what was recorded.</param>
/// <param name="Index">Its leaf.</param>
/// <param name="Hash">Its hash; null when the line is something else, or is not as it should be.</param>
internal readonly record struct ArchiveLine(ReadOnlyMemory<byte> Text, long Position, long Index, byte[]? Hash);

/// <summary>Whole lines of an archive, parsed and hashed; its memory is used again.</summary>
internal sealed class ArchiveLines : IDisposable
{
    private const int Size = 1 << 20;
    private readonly byte[] _buffer;

    private ArchiveLines(byte[] buffer, IReadOnlyList<ArchiveLine> lines) => (_buffer, Lines) = (buffer, lines);

    public IReadOnlyList<ArchiveLine> Lines { get; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Reads an archive block by block; several are worked on at once, and come in their order.</summary>
    public static async IAsyncEnumerable<ArchiveLines> Read(Stream archive, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var blocks = Channel.CreateBounded<Task<ArchiveLines>>(2 * Environment.ProcessorCount);
        var cutting = Cut(archive, blocks.Writer, stop.Token);
        try
        {
            await foreach (var block in blocks.Reader.ReadAllAsync(cancel))
            {
                yield return await block;
            }

            await cutting;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task Cut(Stream archive, ChannelWriter<Task<ArchiveLines>> blocks, CancellationToken cancel)
    {
        try
        {
            var (buffer, length, tenant) = (ArrayPool<byte>.Shared.Rent(Size), 0, (string?)null);
            for (var isEnd = false; !isEnd;)
            {
                if (length == buffer.Length)
                {
                    // A line longer than a block.
                    var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await archive.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancel);
                (length, isEnd) = (length + read, read < buffer.Length - length);
                var whole = isEnd ? length : buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
                if (whole == 0)
                {
                    continue;
                }

                tenant ??= TenantOf(buffer.AsSpan(0, whole));
                var next = ArrayPool<byte>.Shared.Rent(Math.Max(Size, length - whole));
                buffer.AsSpan(whole, length - whole).CopyTo(next);
                var (full, size, of) = (buffer, whole, tenant);
                await blocks.WriteAsync(Task.Run(() => Prepare(full, size, of), cancel), cancel);
                (buffer, length) = (next, length - whole);
            }

            blocks.Complete();
        }
        catch (Exception failure)
        {
            blocks.Complete(failure);
        }
    }

    // The first line says it; every leaf has it.
    private static string TenantOf(ReadOnlySpan<byte> text)
    {
        try
        {
            var end = text.IndexOf((byte)'\n');
            using var manifest = JsonDocument.Parse(text[..(end < 0 ? text.Length : end)].ToArray());
            return manifest.RootElement.TryGetProperty("tenant", out var tenant) ? tenant.GetString() ?? "" : "";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static ArchiveLines Prepare(byte[] buffer, int length, string tenant)
    {
        if (!Utf8.IsValid(buffer.AsSpan(0, length)))
        {
            throw new DecoderFallbackException("It is not UTF-8.");
        }

        var (lines, output) = (new List<ArchiveLine>(1024), new ArrayBufferWriter<byte>(1024));
        for (var at = 0; at < length;)
        {
            var end = buffer.AsSpan(at, length - at).IndexOf((byte)'\n') is >= 0 and var found ? at + found : length;
            lines.Add(Line(buffer.AsMemory(at, end - at), tenant, output));
            at = end + 1;
        }

        return new ArchiveLines(buffer, lines);
    }

    private static ArchiveLine Line(ReadOnlyMemory<byte> text, string tenant, ArrayBufferWriter<byte> output)
    {
        var plain = new ArchiveLine(text, 0, 0, null);
        if (!text.Span.StartsWith("{\"kind\":\"event\","u8))
        {
            return plain;
        }

        try
        {
            using var json = CanonicalJson.Parse(text);
            var line = json.RootElement;
            if (!line.TryGetProperty("leaf"u8, out var leaf) || !line.GetProperty("position"u8).TryGetInt64(out var position) || !line.GetProperty("version"u8).TryGetInt64(out var version)
                || !line.GetProperty("index"u8).TryGetInt64(out var index) || Hash(line, tenant, position, version, output) is not { } hash)
            {
                return plain;
            }

            return leaf.TryGetBytesFromBase64(out var bytes) && bytes.AsSpan().SequenceEqual(hash) ? new ArchiveLine(text, position, index, hash) : plain;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Looked at again in its turn, and told with its place.
            return plain;
        }
    }

    /// <summary>Hash of the leaf that an event comes to, without a text made of each of its members; null when one is no text.</summary>
    private static byte[]? Hash(JsonElement line, string tenant, long position, long version, ArrayBufferWriter<byte> output)
    {
        Span<char> data = stackalloc char[64], headers = stackalloc char[64];
        if (!HashOf(line.GetProperty("data"u8), data, output) || !HashOf(line.GetProperty("headers"u8), headers, output))
        {
            return null;
        }

        output.ResetWrittenCount();
        output.Write("\0"u8);
        if (!(Text("{\"actor\":"u8, "actor"u8) && Text(",\"causation\":"u8, "causation"u8) && Text(",\"correlation\":"u8, "correlation"u8)))
        {
            return null;
        }

        Hex(",\"data\":\""u8, data);
        Hex("\",\"headers\":\""u8, headers);
        output.Write("\""u8);
        if (!Text(",\"id\":"u8, "id"u8))
        {
            return null;
        }

        Number(",\"position\":"u8, position);
        if (!Text(",\"stream\":"u8, "stream"u8))
        {
            return null;
        }

        output.Write(",\"tenant\":"u8);
        CanonicalJson.Write(tenant, output);
        if (!(Text(",\"time\":"u8, "time"u8) && Text(",\"type\":"u8, "type"u8)))
        {
            return null;
        }

        Number(",\"v\":"u8, AuditLeaf.Edition);
        Number(",\"version\":"u8, version);
        output.Write("}"u8);
        return SHA256.HashData(output.WrittenSpan);

        bool Text(ReadOnlySpan<byte> before, ReadOnlySpan<byte> name)
        {
            output.Write(before);
            if (line.GetProperty(name) is { ValueKind: JsonValueKind.Null })
            {
                output.Write("null"u8);
                return true;
            }

            CanonicalJson.Write(line.GetProperty(name), output);
            return line.GetProperty(name).ValueKind == JsonValueKind.String;
        }

        void Hex(ReadOnlySpan<byte> before, ReadOnlySpan<char> hash)
        {
            output.Write(before);
            Encoding.ASCII.GetBytes(hash, output);
        }

        void Number(ReadOnlySpan<byte> before, long number)
        {
            output.Write(before);
            number.TryFormat(output.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
            output.Advance(written);
        }
    }

    private static bool HashOf(JsonElement value, Span<char> hexadecimal, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        CanonicalJson.Write(value, output);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(output.WrittenSpan, hash);
        return Convert.TryToHexStringLower(hash, hexadecimal, out _);
    }
}
