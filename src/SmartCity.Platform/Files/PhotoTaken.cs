using System.Buffers.Binary;
using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.IO;

namespace SmartCity.Platform.Files;

/// <summary>Where and when a photo was taken, as its file said: a hint, which anybody can forge.</summary>
/// <param name="Latitude">Degrees WGS 84.</param>
/// <param name="Longitude">Degrees WGS 84.</param>
/// <param name="At">As the camera's clock had it, ISO 8601; with its offset from UTC when the camera knew it.</param>
public sealed record PhotoTaken(double? Latitude, double? Longitude, string? At)
{
    private const int LargestBlock = 256 * 1024;

    internal static PhotoTaken? Read(PhotoFormat format, ReadOnlySpan<byte> bytes)
    {
        try
        {
            // Only the EXIF block itself is given to the reader: its readers of whole files also inflate what is compressed in them, without limit.
            return Block(format, bytes) is { Length: > 8 and <= LargestBlock } block ? Of(block.ToArray()) : null;
        }
        catch (Exception malformed) when (malformed is MetadataException or ImageProcessingException or IOException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static PhotoTaken? Of(byte[] block)
    {
        var directories = new ExifReader().Extract(new ByteArrayReader(block));
        var place = directories.OfType<GpsDirectory>().FirstOrDefault()?.GetGeoLocation();
        var (latitude, longitude) = place is { IsZero: false } && Math.Abs(place.Latitude) <= 90 && Math.Abs(place.Longitude) <= 180
            ? (Math.Round(place.Latitude, 6), Math.Round(place.Longitude, 6)) : ((double?)null, (double?)null);
        var camera = directories.OfType<ExifSubIfdDirectory>().FirstOrDefault();
        string? at = null;
        if (camera?.GetString(ExifDirectoryBase.TagDateTimeOriginal) is { } text
            && DateTime.TryParseExact(text.Trim('\0', ' '), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            var offset = camera.GetString(ExifDirectoryBase.TagTimeZoneOriginal)?.Trim('\0', ' ');
            at = local.ToString("s", CultureInfo.InvariantCulture) + (IsOffset(offset) ? offset : "");
        }

        return latitude is null && at is null ? null : new PhotoTaken(latitude, longitude, at);
    }

    private static bool IsOffset(string? text) =>
        text is [('+' or '-'), _, _, ':', _, _] && TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14);

    private static ReadOnlySpan<byte> Block(PhotoFormat format, ReadOnlySpan<byte> bytes) => format switch
    {
        PhotoFormat.Jpeg => InJpeg(bytes),
        PhotoFormat.Png => InChunks(bytes, 8, "eXIf"u8, isPng: true),
        PhotoFormat.Webp => InChunks(bytes, 12, "EXIF"u8, isPng: false),
        _ => [],
    };

    private static ReadOnlySpan<byte> InJpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 4 <= bytes.Length && bytes[at] == 0xFF;)
        {
            var (marker, length) = (bytes[at + 1], BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
            // The picture begins; what describes it came before.
            if (marker == 0xDA || length < 2 || at + 2 + length > bytes.Length)
            {
                break;
            }

            var segment = bytes.Slice(at + 4, length - 2);
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8))
            {
                return segment[6..];
            }

            at += 2 + length;
        }

        return [];
    }

    // PNG: length, name, content, checksum. WebP: name, length, content, padding to an even length.
    private static ReadOnlySpan<byte> InChunks(ReadOnlySpan<byte> bytes, int start, ReadOnlySpan<byte> name, bool isPng)
    {
        for (long at = start; at + 8 <= bytes.Length;)
        {
            var head = bytes.Slice((int)at, 8);
            long length = isPng ? BinaryPrimitives.ReadUInt32BigEndian(head) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (at + 8 + length > bytes.Length)
            {
                break;
            }

            if ((isPng ? head[4..] : head[..4]).SequenceEqual(name))
            {
                var content = bytes.Slice((int)at + 8, (int)length);
                return content.StartsWith("Exif\0\0"u8) ? content[6..] : content;
            }

            at += 8 + length + (isPng ? 4 : length & 1);
        }

        return [];
    }
}
