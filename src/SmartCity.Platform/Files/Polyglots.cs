using System.Buffers.Binary;

namespace SmartCity.Platform.Files;

/// <summary>
/// Tells a photo that is another kind of file as well. Not everything behind a picture makes one: telephones put films and notes of their own
/// there, which are left behind.
/// </summary>
internal static class Polyglots
{
    // Readers of PDF look for its header in so many bytes.
    private const int PdfBegin = 1024;

    private static readonly byte[] EndOfZip = [(byte)'P', (byte)'K', 5, 6];
    private static readonly byte[][] Documents = [[(byte)'P', (byte)'K', 3, 4], EndOfZip, [.. "Rar!"u8, 0x1A, 7], [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], [.. "%PDF-"u8]];
    private static readonly byte[][] Pages = [[.. "<script"u8], [.. "<html"u8], [.. "<!doctype"u8], [.. "<svg"u8], [.. "<?php"u8]];
    private static readonly byte[][] Beginnings = [[.. "#!"u8], [.. "MZ"u8], [0x7F, .. "ELF"u8], [0xCA, 0xFE, 0xBA, 0xBE]];

    public static bool Is(PhotoFormat format, ReadOnlySpan<byte> file)
    {
        var behind = file[Math.Min(file.Length, End(format, file))..];
        return file[..Math.Min(file.Length, PdfBegin)].IndexOf("%PDF-"u8) >= 0
            || EndsAsZip(file) || HasAny(behind, Documents) || HasAny(Lower(behind), Pages) || BeginsWithAny(behind, Beginnings);
    }

    /// <summary>Where the picture ends; the file's length when that cannot be told.</summary>
    private static int End(PhotoFormat format, ReadOnlySpan<byte> file) => format switch
    {
        PhotoFormat.Png => EndOfPng(file),
        PhotoFormat.Webp => (int)Math.Min(file.Length, 8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..])),
        _ => EndOfJpeg(file),
    };

    // APPNOTE 4.3.16: the end of the directory, with a comment up to the end of the file. The picture may stand in that comment.
    private static bool EndsAsZip(ReadOnlySpan<byte> file)
    {
        const int size = 22, longestComment = ushort.MaxValue;
        for (var at = Math.Max(0, file.Length - size - longestComment); file[at..].IndexOf(EndOfZip) is var next and >= 0; at++)
        {
            at += next;
            if (at + size <= file.Length && at + size + BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 20)..]) == file.Length)
            {
                return true;
            }
        }

        return false;
    }

    // PNG specification, 5.3: length, type, data, CRC; IEND is the last.
    private static int EndOfPng(ReadOnlySpan<byte> file)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            var (length, isLast) = (BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]), file.Slice((int)at + 4, 4).SequenceEqual("IEND"u8));
            at += 12L + length;
            if (isLast)
            {
                return (int)Math.Min(at, file.Length);
            }
        }

        return file.Length;
    }

    // ITU-T T.81, B.1: segments with their length; after a scan's header its data, in which FF is followed by 00 or a restart marker.
    private static int EndOfJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length;)
        {
            if (file[at] != 0xFF)
            {
                at++;
                continue;
            }

            switch (file[at + 1])
            {
                case 0xD9:
                    return at + 2;
                case 0xFF:
                    at++;
                    break;
                case 0x00 or 0x01 or >= 0xD0 and <= 0xD8:
                    at += 2;
                    break;
                default:
                    at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
                    break;
            }
        }

        return file.Length;
    }

    private static bool HasAny(ReadOnlySpan<byte> bytes, byte[][] signatures)
    {
        foreach (var signature in signatures)
        {
            if (bytes.IndexOf(signature) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool BeginsWithAny(ReadOnlySpan<byte> bytes, byte[][] signatures)
    {
        foreach (var signature in signatures)
        {
            if (bytes.StartsWith(signature))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Lower(ReadOnlySpan<byte> bytes)
    {
        var lower = new byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            lower[i] = bytes[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(bytes[i] | 0x20) : bytes[i];
        }

        return lower;
    }
}
