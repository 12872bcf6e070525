using SkiaSharp;

namespace SmartCity.Platform.Files;

/// <summary>A picture as it will be kept.</summary>
internal sealed record EncodedPhoto(byte[] Picture, byte[] Thumbnail, int Width, int Height, string? Look, PhotoTaken? Taken);

/// <summary>What is wrong with a file that came as a photo.</summary>
internal enum PhotoFlaw
{
    None,

    /// <summary>Another kind of file.</summary>
    Unreadable,
    TooLarge,
    TooManyPixels,
    Heic,
    Animated,

    /// <summary>A photo of which not all can be read.</summary>
    Truncated,

    /// <summary>Another program would take the same file for something else.</summary>
    Polyglot,
}

/// <summary>Reads a file as a photo and encodes it anew. Nothing is decoded before the header has said how large it will be.</summary>
internal static class PhotoReader
{
    private const int PictureSide = 2048, ThumbnailSide = 320, LargestSide = 32_767;

    public static (EncodedPhoto? Photo, PhotoFlaw Flaw) Read(byte[] bytes, PhotoLimits limits)
    {
        var format = PhotoFormats.Of(bytes);
        if (format is PhotoFormat.None or PhotoFormat.Heic or PhotoFormat.Gif)
        {
            return (null, format switch { PhotoFormat.Heic => PhotoFlaw.Heic, PhotoFormat.Gif => PhotoFlaw.Animated, _ => PhotoFlaw.Unreadable });
        }

        using var codec = SKCodec.Create(new SKMemoryStream(bytes));
        if (codec is null)
        {
            // It began as what it should be.
            return (null, PhotoFlaw.Truncated);
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var flaw = codec.EncodedFormat != Expected(format) ? PhotoFlaw.Unreadable
            : width <= 0 || height <= 0 ? PhotoFlaw.Unreadable
            : (long)width * height > limits.Pixels || Math.Max(width, height) > LargestSide ? PhotoFlaw.TooManyPixels
            : codec.FrameCount > 1 ? PhotoFlaw.Animated
            : PhotoFlaw.None;
        if (flaw != PhotoFlaw.None)
        {
            return (null, flaw);
        }

        if (Polyglots.Is(format, bytes))
        {
            return (null, PhotoFlaw.Polyglot);
        }

        using var decoded = Decode(codec);
        if (decoded is null)
        {
            return (null, PhotoFlaw.Truncated);
        }

        using var picture = Draw(decoded, codec.EncodedOrigin, PictureSide);
        using var thumbnail = Draw(picture, SKEncodedOrigin.TopLeft, ThumbnailSide);
        return (new EncodedPhoto(Jpeg(picture, 85), Jpeg(thumbnail, 75), picture.Width, picture.Height, PhotoLook.Of(thumbnail), PhotoTaken.Read(format, bytes)), PhotoFlaw.None);
    }

    private static SKEncodedImageFormat Expected(PhotoFormat format) => format switch
    {
        PhotoFormat.Jpeg => SKEncodedImageFormat.Jpeg,
        PhotoFormat.Png => SKEncodedImageFormat.Png,
        _ => SKEncodedImageFormat.Webp,
    };

    /// <summary>The whole picture, or null: half of one is no evidence of anything. Decoded no larger than needed, where the format can.</summary>
    private static SKBitmap? Decode(SKCodec codec)
    {
        var wanted = (double)PictureSide / Math.Max(codec.Info.Width, codec.Info.Height);
        var eighths = Enumerable.Range(1, 8).First(n => n == 8 || n / 8.0 >= wanted);
        var size = eighths == 8 ? codec.Info.Size : codec.GetScaledDimensions(eighths / 8f);
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, SKColorSpace.CreateSrgb());
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(info) && codec.GetPixels(info, bitmap.GetPixels()) == SKCodecResult.Success)
        {
            return bitmap;
        }

        bitmap.Dispose();
        return null;
    }

    private static byte[] Jpeg(SKBitmap bitmap, int quality)
    {
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return encoded.ToArray();
    }

    /// <summary>The picture upright, at most so large, on white.</summary>
    private static SKBitmap Draw(SKBitmap bitmap, SKEncodedOrigin origin, int side)
    {
        var (width, height) = origin >= SKEncodedOrigin.LeftTop ? (bitmap.Height, bitmap.Width) : (bitmap.Width, bitmap.Height);
        var scale = Math.Min(1f, (float)side / Math.Max(width, height));
        var size = new SKSizeI(Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)));
        var result = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
        using var canvas = new SKCanvas(result);
        canvas.Clear(SKColors.White);
        canvas.Scale((float)size.Width / width, (float)size.Height / height);
        canvas.Concat(Upright(origin, bitmap.Width, bitmap.Height));
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return result;
    }

    // Telephones store the sensor's picture and say how it was held: a turn, and for some front cameras a mirror.
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}

/// <summary>Formats that are told apart.</summary>
internal enum PhotoFormat
{
    None,
    Jpeg,
    Png,
    Webp,
    Heic,
    Gif,
}

/// <summary>What a file is, by its first bytes.</summary>
internal static class PhotoFormats
{
    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

    public static PhotoFormat Of(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? PhotoFormat.Jpeg
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? PhotoFormat.Png
        : bytes.Length < 12 ? PhotoFormat.None
        : bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? PhotoFormat.Webp
        : bytes.StartsWith("GIF8"u8) ? PhotoFormat.Gif
        : bytes[4..].StartsWith("ftyp"u8) && HeicBrands.Contains(System.Text.Encoding.Latin1.GetString(bytes[8..12])) ? PhotoFormat.Heic
        : PhotoFormat.None;
}
