using SkiaSharp;
using SmartCity.Platform.Problems;

namespace SmartCity.Platform.Files;

/// <summary>A stored photo.</summary>
/// <param name="Id">Hash of the picture.</param>
/// <param name="Thumbnail">Hash of its small copy.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record Photo(string Id, string Thumbnail, int Width, int Height);

/// <summary>
/// Takes photos from outside. What is kept is always a picture that we encoded ourselves: whatever else was in the file
/// (place and time of taking, another format behind it) is gone.
/// </summary>
public sealed class Photos(FileStore files)
{
    /// <summary>Largest file taken.</summary>
    public const long MaxBytes = 10 * 1024 * 1024;

    /// <summary>Most photos of one report.</summary>
    public const int MaxCount = 10;

    private const int MaxSide = 2048, ThumbnailSide = 320;
    private const long MaxPixels = 50_000_000;

    /// <summary>Stores an uploaded file, whatever it is called.</summary>
    /// <returns>The photo, or what is wrong with the file.</returns>
    public async Task<(Photo? Photo, Fault? Fault)> Store(string regency, Stream upload, string field, CancellationToken cancel)
    {
        var (picture, fault) = await Read(upload, field, cancel);
        return (picture is { } read ? await Save(regency, read, cancel) : null, fault);
    }

    /// <summary>Stores the uploaded files of one report: all of them, or none when something is wrong with one.</summary>
    /// <returns>The photos, or all that is wrong.</returns>
    public async Task<(IReadOnlyList<Photo> Photos, IReadOnlyList<Fault> Faults)> StoreAll(
        string regency, IEnumerable<(string Field, Func<Stream> Open)> uploads, CancellationToken cancel)
    {
        var (pictures, faults) = (new List<Encoded>(), new List<Fault>());
        foreach (var (field, open) in uploads)
        {
            await using var upload = open();
            var (picture, fault) = await Read(upload, field, cancel);
            if (picture is { } read)
            {
                pictures.Add(read);
            }
            else
            {
                faults.Add(fault!);
            }
        }

        var photos = new List<Photo>(pictures.Count);
        foreach (var picture in faults.Count > 0 ? [] : pictures)
        {
            photos.Add(await Save(regency, picture, cancel));
        }

        return (photos, faults);
    }

    private static async Task<(Encoded? Picture, Fault? Fault)> Read(Stream upload, string field, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await upload.ReadAsync(chunk, cancel)) > 0;)
        {
            if (buffer.Length + read > MaxBytes)
            {
                return (null, new Fault("photo.too_large", $"A photo may have at most {MaxBytes / 1024 / 1024} MB. Send a smaller one.", field));
            }

            buffer.Write(chunk, 0, read);
        }

        return Encode(buffer.ToArray()) is { } encoded
            ? (encoded, null)
            : (null, new Fault("photo.unreadable", "The file is no picture that can be read. Send a JPEG, PNG or WebP photo.", field));
    }

    private async Task<Photo> Save(string regency, Encoded encoded, CancellationToken cancel) => new(
        await files.Save(regency, encoded.Picture, cancel), await files.Save(regency, encoded.Thumbnail, cancel), encoded.Width, encoded.Height);

    private readonly record struct Encoded(byte[] Picture, byte[] Thumbnail, int Width, int Height);

    private static Encoded? Encode(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        // The size is read from the header first: a small file may claim a picture that fills the memory.
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Heif)
            || (long)codec.Info.Width * codec.Info.Height is <= 0 or > MaxPixels)
        {
            return null;
        }

        using var decoded = SKBitmap.Decode(codec);
        if (decoded is null)
        {
            return null;
        }

        using var upright = Upright(decoded, codec.EncodedOrigin);
        using var picture = Fit(upright, MaxSide);
        using var thumbnail = Fit(upright, ThumbnailSide);
        return new Encoded(Jpeg(picture, 85), Jpeg(thumbnail, 75), picture.Width, picture.Height);
    }

    private static byte[] Jpeg(SKBitmap bitmap, int quality)
    {
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return encoded.ToArray();
    }

    private static SKBitmap Fit(SKBitmap bitmap, int side)
    {
        var scale = Math.Min(1.0, (double)side / Math.Max(bitmap.Width, bitmap.Height));
        var size = new SKSizeI(Math.Max(1, (int)Math.Round(bitmap.Width * scale)), Math.Max(1, (int)Math.Round(bitmap.Height * scale)));
        var result = new SKBitmap(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(result);
        canvas.Clear(SKColors.White);
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, new SKRect(0, 0, size.Width, size.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return result;
    }

    // Telephones store the sensor's picture and say how it was held.
    private static SKBitmap Upright(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var degrees = origin switch
        {
            SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft => 180,
            SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom => 90,
            SKEncodedOrigin.LeftBottom or SKEncodedOrigin.LeftTop => 270,
            _ => 0,
        };
        var swap = degrees is 90 or 270;
        var result = new SKBitmap(swap ? bitmap.Height : bitmap.Width, swap ? bitmap.Width : bitmap.Height);
        using var canvas = new SKCanvas(result);
        canvas.Translate(result.Width / 2f, result.Height / 2f);
        canvas.RotateDegrees(degrees);
        canvas.Translate(-bitmap.Width / 2f, -bitmap.Height / 2f);
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear));
        return result;
    }
}
