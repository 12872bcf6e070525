namespace SmartCity.Platform.Files;

/// <summary>A stored photo.</summary>
/// <param name="Id">Hash of the picture.</param>
/// <param name="Thumbnail">Hash of its small copy.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Look">How it looks, so that pictures of the same thing are found: see <see cref="PhotoLook"/>; null when there is nothing to see on it.</param>
/// <param name="Taken">Where and when it was taken, as the file said. Personal: kept sealed, never shown to the public.</param>
public sealed record Photo(string Id, string Thumbnail, int Width, int Height, string? Look, PhotoTaken? Taken)
{
    /// <summary>What is kept of where and when, as JSON, to be sealed; null when the file said nothing.</summary>
    public string? Evidence => Taken is null ? null : System.Text.Json.JsonSerializer.Serialize(Taken);
}

/// <summary>A file that somebody sends as a photo.</summary>
/// <param name="Field">The field it came in.</param>
/// <param name="Name">What the sender calls it; nothing depends on it.</param>
/// <param name="Open">Opens its content.</param>
public sealed record PhotoUpload(string Field, string? Name, Func<Stream> Open);

/// <summary>Why a file is not taken as a photo, in words that say what to do.</summary>
public sealed record PhotoFault(string Code, string English, string Indonesian, string Field, string? Name = null);

/// <summary>
/// Takes photos from outside. What a file is, its content says. What is kept is always a picture that we encoded ourselves: whatever else
/// was in the file (place and time of taking, another format behind it) is gone from it.
/// </summary>
public sealed class Photos(IFileStore files, FilesOptions options)
{
    // A picture takes a few hundred megabytes while it is decoded, and a core.
    private static readonly SemaphoreSlim Decoding = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>What is taken.</summary>
    public PhotoLimits Limits => options.Photos;

    /// <summary>Stores the photos of one report or answer: all of them, or none when something is wrong with one.</summary>
    /// <returns>The photos, or all that is wrong.</returns>
    public async Task<(IReadOnlyList<Photo> Photos, IReadOnlyList<PhotoFault> Faults)> Store(string regency, IReadOnlyList<PhotoUpload> uploads, CancellationToken cancel)
    {
        if (uploads.Count > Limits.Count)
        {
            return ([], [TooMany(uploads.Count, uploads[0].Field)]);
        }

        var (pictures, faults) = (new List<EncodedPhoto>(), new List<PhotoFault>());
        foreach (var upload in uploads)
        {
            await using var stream = upload.Open();
            var (picture, fault) = await Read(stream, cancel);
            if (picture is not null)
            {
                pictures.Add(picture);
            }
            else
            {
                faults.Add(fault! with { Field = upload.Field, Name = upload.Name });
            }
        }

        var photos = new List<Photo>(pictures.Count);
        foreach (var picture in faults.Count > 0 ? [] : pictures)
        {
            photos.Add(await Save(regency, picture, cancel));
        }

        return (photos, faults);
    }

    /// <summary>Stores one photo that we have already, such as one fetched from elsewhere.</summary>
    /// <returns>The photo, or what is wrong with it.</returns>
    public async Task<(Photo? Photo, PhotoFault? Fault)> Store(string regency, byte[] content, CancellationToken cancel)
    {
        var (photos, faults) = await Store(regency, [new PhotoUpload("", null, () => new MemoryStream(content, writable: false))], cancel);
        return (photos.Count > 0 ? photos[0] : null, faults.Count > 0 ? faults[0] : null);
    }

    /// <summary>More photos than one item may have.</summary>
    public PhotoFault TooMany(int count, string field) => new("photos.too_many",
        $"At most {Limits.Count} photos; these are {count}.", $"Paling banyak {Limits.Count} foto; ini {count}.", field);

    private async Task<(EncodedPhoto? Picture, PhotoFault? Fault)> Read(Stream upload, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await upload.ReadAsync(chunk, cancel)) > 0;)
        {
            if (buffer.Length + read > Limits.Bytes)
            {
                return (null, Fault(PhotoFlaw.TooLarge));
            }

            buffer.Write(chunk, 0, read);
        }

        await Decoding.WaitAsync(cancel);
        try
        {
            var (photo, flaw) = PhotoReader.Read(buffer.ToArray(), Limits);
            return (photo, photo is null ? Fault(flaw) : null);
        }
        finally
        {
            Decoding.Release();
        }
    }

    private async Task<Photo> Save(string regency, EncodedPhoto picture, CancellationToken cancel) => new(
        await files.Save(regency, picture.Picture, cancel), await files.Save(regency, picture.Thumbnail, cancel), picture.Width, picture.Height, picture.Look, picture.Taken);

    private PhotoFault Fault(PhotoFlaw flaw) => flaw switch
    {
        PhotoFlaw.TooLarge => new("photo.too_large", $"A photo may have at most {Limits.Size}. Send a smaller one.", $"Foto paling besar {Limits.Size}. Kirim foto yang lebih kecil.", ""),
        PhotoFlaw.TooManyPixels => new("photo.too_many_pixels",
            $"A photo may have at most {Limits.Pixels / 1_000_000} megapixels. Send it in a smaller size.", $"Foto paling besar {Limits.Pixels / 1_000_000} megapiksel. Kirim dengan ukuran lebih kecil.", ""),
        PhotoFlaw.Heic => new("photo.heic",
            "HEIC photos cannot be read here. Send it as JPEG: on an iPhone choose Settings › Camera › Formats › Most Compatible, or send a screenshot of the photo.",
            "Foto HEIC belum bisa dibaca di sini. Kirim sebagai JPEG: di iPhone pilih Pengaturan › Kamera › Format › Paling Kompatibel, atau kirim tangkapan layar fotonya.", ""),
        PhotoFlaw.Animated => new("photo.animated", "Moving pictures are not taken. Send a JPEG, PNG or WebP photo.", "Gambar bergerak tidak diterima. Kirim foto JPEG, PNG, atau WebP.", ""),
        PhotoFlaw.Polyglot => new("photo.polyglot", "The file is a photo and something else at once. Send the photo alone.", "Berkas ini foto sekaligus berkas lain. Kirim fotonya saja.", ""),
        PhotoFlaw.Truncated => new("photo.truncated", "The photo is cut off or damaged. Send it again.", "Foto terpotong atau rusak. Kirim lagi fotonya.", ""),
        _ => new("photo.unreadable", "The file is no photo that can be read. Send a JPEG, PNG or WebP photo.", "Berkas ini bukan foto yang bisa dibaca. Kirim foto JPEG, PNG, atau WebP.", ""),
    };
}
