using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace SmartCity.Testing;

/// <summary>Pictures that tests send: real ones, and files that only pretend.</summary>
public static class Pictures
{
    /// <summary>A JPEG with a scene of its own for each seed.</summary>
    public static byte[] Jpeg(int seed = 1, int width = 400, int height = 300, int quality = 90) => Encode(seed, width, height, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>The same scene as PNG.</summary>
    public static byte[] Png(int seed = 1, int width = 400, int height = 300) => Encode(seed, width, height, SKEncodedImageFormat.Png, 100);

    /// <summary>The same scene as WebP.</summary>
    public static byte[] Webp(int seed = 1, int width = 400, int height = 300) => Encode(seed, width, height, SKEncodedImageFormat.Webp, 80);

    /// <summary>A JPEG of one colour: there is nothing to see on it.</summary>
    public static byte[] Blank(byte grey)
    {
        using var bitmap = new SKBitmap(200, 150);
        bitmap.Erase(new SKColor(grey, grey, grey));
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray();
    }

    /// <summary>A JPEG whose left half is red and whose right half is blue, upper corners bright, to see how it was turned.</summary>
    public static byte[] Halves(int width = 400, int height = 200)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint();
        canvas.Clear(SKColors.Red);
        paint.Color = SKColors.Blue;
        canvas.DrawRect(width / 2f, 0, width / 2f, height, paint);
        paint.Color = SKColors.White;
        canvas.DrawRect(0, 0, width / 2f, height / 4f, paint);
        canvas.Flush();
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, 95).ToArray();
    }

    /// <summary>Puts an EXIF block into a JPEG, PNG or WebP.</summary>
    public static byte[] WithExif(byte[] picture, double? latitude = null, double? longitude = null, string? takenAt = null, string? offset = null, ushort orientation = 1)
    {
        var exif = Exif(latitude, longitude, takenAt, offset, orientation);
        return picture[0] switch
        {
            0xFF => [.. picture[..2], .. Segment([.. "Exif\0\0"u8, .. exif]), .. picture[2..]],
            // After the signature and the header's chunk of 25 bytes.
            0x89 => [.. picture[..33], .. PngChunk("eXIf", exif), .. picture[33..]],
            _ => Riff([.. Vp8x(picture, flags: 0x08), .. RiffChunks(picture).SelectMany(c => RiffChunk(c.Name, c.Content)), .. RiffChunk("EXIF", exif)]),
        };
    }

    /// <summary>A WebP that moves.</summary>
    public static byte[] AnimatedWebp(int frames = 2)
    {
        var still = Webp(1, 64, 48);
        var (name, content) = RiffChunks(still).First(c => c.Name.StartsWith("VP8", StringComparison.Ordinal));
        byte[] frame = [.. UInt24(0), .. UInt24(0), .. UInt24(63), .. UInt24(47), .. UInt24(100), 0, .. RiffChunk(name, content)];
        return Riff([.. Vp8x(still, flags: 0x02), .. RiffChunk("ANIM", [0, 0, 0, 0, 0, 0]), .. Enumerable.Range(0, frames).SelectMany(_ => RiffChunk("ANMF", frame))]);
    }

    /// <summary>A small PNG file that is a huge picture.</summary>
    public static byte[] PngBomb(int width = 30_000, int height = 30_000)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            // One bit a pixel, and the filter's byte before each row.
            var row = new byte[1 + ((width + 7) / 8)];
            for (var y = 0; y < height; y++)
            {
                zip.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. PngChunk("IHDR", header), .. PngChunk("IDAT", packed.ToArray()), .. PngChunk("IEND", [])];
    }

    /// <summary>A JPEG that says of itself to be larger than it is.</summary>
    public static byte[] JpegThatClaims(ushort width, ushort height)
    {
        var picture = Jpeg(1, 64, 48);
        // The frame's header: FF C0, length, precision, height, width.
        var frame = picture.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(picture.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(picture.AsSpan(frame + 7), width);
        return picture;
    }

    /// <summary>A GIF of one pixel.</summary>
    public static byte[] Gif { get; } = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    /// <summary>The beginning of a photo as an iPhone stores it.</summary>
    public static byte[] Heic { get; } = [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8, .. new byte[200]];

    /// <summary>A picture that is a program.</summary>
    public static byte[] Svg { get; } = [.. """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>"""u8];

    /// <summary>A page.</summary>
    public static byte[] Html { get; } = [.. "<!doctype html><script>alert(1)</script>"u8];

    /// <summary>A document.</summary>
    public static byte[] Pdf { get; } = [.. "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"u8];

    /// <summary>An archive of nothing but a name.</summary>
    public static byte[] Zip { get; } = [(byte)'P', (byte)'K', 3, 4, .. new byte[26], (byte)'P', (byte)'K', 5, 6, .. new byte[18]];

    private static byte[] Encode(int seed, int width, int height, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint();
        var random = new Random(seed);
        SKColor Colour() => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        canvas.Clear(Colour());
        for (var shape = 0; shape < 14; shape++)
        {
            paint.Color = Colour();
            canvas.DrawRect(random.NextSingle() * width, random.NextSingle() * height, random.NextSingle() * width / 2, random.NextSingle() * height / 2, paint);
        }

        canvas.Flush();
        return bitmap.Encode(format, quality).ToArray();
    }

    // A TIFF of three directories, little-endian: the picture's, the camera's, the place's.
    private static byte[] Exif(double? latitude, double? longitude, string? takenAt, string? offset, ushort orientation)
    {
        const int first = 8, firstEntries = 3, camera = first + 2 + (firstEntries * 12) + 4;
        var cameraEntries = offset is null ? 1 : 2;
        var place = camera + 2 + (cameraEntries * 12) + 4;
        var data = place + 2 + (4 * 12) + 4;
        var (tiff, values) = (new MemoryStream(), new MemoryStream());
        var writer = new BinaryWriter(tiff);
        writer.Write("II*\0"u8);
        writer.Write(first);

        writer.Write((ushort)firstEntries);
        Entry(0x0112, 3, 1, orientation);
        Entry(0x8769, 4, 1, camera);
        Entry(0x8825, 4, 1, place);
        writer.Write(0);

        writer.Write((ushort)cameraEntries);
        Text(0x9003, takenAt ?? "");
        if (offset is not null)
        {
            Text(0x9011, offset);
        }

        writer.Write(0);

        writer.Write((ushort)4);
        Entry(1, 2, 2, latitude < 0 ? 'S' : 'N');
        Degrees(2, Math.Abs(latitude ?? 0));
        Entry(3, 2, 2, longitude < 0 ? 'W' : 'E');
        Degrees(4, Math.Abs(longitude ?? 0));
        writer.Write(0);
        writer.Write(values.ToArray());
        return tiff.ToArray();

        void Entry(ushort tag, ushort type, int count, int value)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(count);
            writer.Write(value);
        }

        void Text(ushort tag, string text)
        {
            Entry(tag, 2, text.Length + 1, data + (int)values.Length);
            values.Write([.. Encoding.ASCII.GetBytes(text), 0]);
        }

        void Degrees(ushort tag, double value)
        {
            Entry(tag, 5, 3, data + (int)values.Length);
            var (degrees, minutes) = ((uint)value, (uint)((value - Math.Floor(value)) * 60));
            var seconds = (uint)Math.Round((value - degrees - (minutes / 60.0)) * 3600 * 10_000);
            foreach (var number in new uint[] { degrees, 1, minutes, 1, seconds, 10_000 })
            {
                values.Write(BitConverter.GetBytes(number));
            }
        }
    }

    private static byte[] Segment(byte[] content) => [0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] PngChunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(named));
        return [.. length, .. named, .. check];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }

    private static IEnumerable<(string Name, byte[] Content)> RiffChunks(byte[] file)
    {
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            yield return (Encoding.ASCII.GetString(file, at, 4), file[(at + 8)..(at + 8 + length)]);
            at += 8 + length + (length & 1);
        }
    }

    private static byte[] RiffChunk(string name, byte[] content) => [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length & 1]];

    private static byte[] Riff(byte[] chunks) => [.. "RIFF"u8, .. BitConverter.GetBytes(chunks.Length + 4), .. "WEBP"u8, .. chunks];

    private static byte[] Vp8x(byte[] webp, byte flags)
    {
        using var bitmap = SKBitmap.Decode(webp);
        return RiffChunk("VP8X", [flags, 0, 0, 0, .. UInt24(bitmap.Width - 1), .. UInt24(bitmap.Height - 1)]);
    }

    private static byte[] UInt24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
}
