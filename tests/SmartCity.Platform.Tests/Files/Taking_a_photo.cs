using System.Text;
using SkiaSharp;
using SmartCity.Platform.Files;
using SmartCity.Testing;

namespace SmartCity.Platform.Tests.Files;

public sealed class Taking_a_photo : IDisposable
{
    // As a telephone that takes a short film with each photo puts it behind.
    private static readonly byte[] Film = [0, 0, 0, 24, .. "ftypmp42"u8, .. new byte[500]];

    private readonly string _directory = Directory.CreateTempSubdirectory("smartcity-photos-").FullName;
    private readonly IFileStore _files;
    private readonly Photos _photos;

    public Taking_a_photo()
    {
        _files = new DiskFileStore(_directory);
        _photos = new Photos(_files, new FilesOptions());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string, byte[]> Formats => new() { { "JPEG", Pictures.Jpeg() }, { "PNG", Pictures.Png() }, { "WebP", Pictures.Webp() } };

    public static TheoryData<string, byte[], string> Others => new()
    {
        { "SVG", Pictures.Svg, "photo.unreadable" },
        { "HTML", Pictures.Html, "photo.unreadable" },
        { "PDF", Pictures.Pdf, "photo.unreadable" },
        { "text", Encoding.UTF8.GetBytes("Ini bukan foto"), "photo.unreadable" },
        { "nothing", [], "photo.unreadable" },
        { "noise behind a signature", [0xFF, 0xD8, 0xFF, .. new byte[500]], "photo.truncated" },
        { "GIF", Pictures.Gif, "photo.animated" },
        { "HEIC", Pictures.Heic, "photo.heic" },
        { "moving WebP", Pictures.AnimatedWebp(), "photo.animated" },
        { "PNG bomb", Pictures.PngBomb(), "photo.too_many_pixels" },
        { "JPEG that claims the largest size there is", Pictures.JpegThatClaims(65_500, 65_500), "photo.too_many_pixels" },
        { "a page before a photo", [.. Pictures.Html, .. Pictures.Jpeg()], "photo.unreadable" },
    };

    private async Task<(Photo Photo, byte[] Picture)> Take(byte[] file)
    {
        var (photo, fault) = await _photos.Store("33.28", file, default);
        fault.ShouldBeNull();
        return (photo!, await Kept(photo!.Id));
    }

    private async Task<byte[]> Kept(string id)
    {
        await using var stream = (await _files.Open("33.28", id, default))!;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task keeps_a_jpeg_of_it_and_a_small_one(string format, byte[] file)
    {
        var (photo, picture) = await Take(file);

        using var kept = SKBitmap.Decode(picture);
        (kept.Width, kept.Height).ShouldBe((400, 300), format);
        (photo.Width, photo.Height).ShouldBe((400, 300));
        picture.AsSpan(0, 3).SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]).ShouldBeTrue();
        using var small = SKBitmap.Decode(await Kept(photo.Thumbnail));
        (small.Width, small.Height).ShouldBe((320, 240));
    }

    [Theory, MemberData(nameof(Others))]
    public async Task refuses_what_is_none(string what, byte[] file, string code)
    {
        var (photo, fault) = await _photos.Store("33.28", file, default);

        photo.ShouldBeNull();
        fault!.Code.ShouldBe(code, what);
        fault.English.ShouldNotBeEmpty();
        fault.Indonesian.ShouldNotBeEmpty();
        Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task refuses_one_that_is_cut_off(string format, byte[] file)
    {
        foreach (var part in new[] { 0.9, 0.5, 0.2 })
        {
            var (photo, fault) = await _photos.Store("33.28", file[..(int)(file.Length * part)], default);

            photo.ShouldBeNull($"{format}, {part:P0} of it");
            fault!.Code.ShouldBe("photo.truncated", $"{format}, {part:P0} of it");
        }
    }

    [Fact]
    public async Task refuses_a_file_that_is_too_large()
    {
        var (_, fault) = await new Photos(_files, new FilesOptions { Photos = new PhotoLimits(Bytes: 1000) }).Store("33.28", Pictures.Jpeg(), default);

        fault!.Code.ShouldBe("photo.too_large");
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task refuses_a_file_that_is_another_kind_of_file_as_well(string format, byte[] file)
    {
        foreach (var other in new byte[][] { Pictures.Html, Pictures.Svg, Pictures.Pdf, Pictures.Zip, [.. "\n"u8, .. Pictures.Zip], [.. "#!/bin/sh\nid"u8], [0x7F, .. "ELF"u8, 2, 1] })
        {
            var (photo, fault) = await _photos.Store("33.28", [.. file, .. other], default);

            photo.ShouldBeNull(format);
            fault!.Code.ShouldBe("photo.polyglot", $"{format} and {Encoding.Latin1.GetString(other)}");
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task leaves_behind_what_telephones_put_after_a_picture(string format, byte[] file)
    {
        var (_, picture) = await Take([.. file, .. Film]);

        Encoding.Latin1.GetString(picture).ShouldNotContain("ftypmp42", customMessage: format);
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task reads_where_and_when_it_was_taken_and_leaves_that_behind(string format, byte[] file)
    {
        var (photo, picture) = await Take(Pictures.WithExif(file, -6.981234, 109.134321, "2026:10:31 09:15:00", "+07:00"));

        photo.Taken.ShouldBe(new PhotoTaken(-6.981234, 109.134321, "2026-10-31T09:15:00+07:00"), format);
        foreach (var kept in new[] { picture, await Kept(photo.Thumbnail) })
        {
            var text = Encoding.Latin1.GetString(kept);
            text.ShouldNotContain("Exif");
            text.ShouldNotContain("2026:10:31");
        }
    }

    [Theory]
    [InlineData("2026:10:31 09:15:00", null, "2026-10-31T09:15:00")]
    [InlineData("2026:10:31 09:15:00", "nonsense", "2026-10-31T09:15:00")]
    [InlineData("0000:00:00 00:00:00", null, null)]
    [InlineData("kemarin", "+07:00", null)]
    public async Task believes_only_a_time_that_is_one(string takenAt, string? offset, string? expected)
    {
        var (photo, _) = await Take(Pictures.WithExif(Pictures.Jpeg(), takenAt: takenAt, offset: offset));

        photo.Taken?.At.ShouldBe(expected);
    }

    [Fact]
    public async Task is_not_hindered_by_a_broken_exif_block()
    {
        var file = Pictures.WithExif(Pictures.Jpeg(), -6.98, 109.13, "2026:10:31 09:15:00");
        var random = new Random(7);
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var broken = file.ToArray();
            // The block begins after its marker and name.
            for (var change = 0; change < 12; change++)
            {
                broken[12 + random.Next(180)] = (byte)random.Next(256);
            }

            (await Take(broken)).Photo.Width.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData(1, "R B r B"), InlineData(2, "B R B r"), InlineData(3, "B r B R"), InlineData(4, "r B R B")]
    [InlineData(5, "R r B B"), InlineData(6, "r R B B"), InlineData(7, "B B r R"), InlineData(8, "B B R r")]
    public async Task shows_it_upright(ushort orientation, string expected)
    {
        var (photo, picture) = await Take(Pictures.WithExif(Pictures.Halves(), orientation: orientation));

        using var kept = SKBitmap.Decode(picture);
        (photo.Width, photo.Height).ShouldBe(orientation >= 5 ? (200, 400) : (400, 200));
        // Four corners: upper left, upper right, lower left, lower right. White over red is R, red r, blue B.
        string At(int x, int y) => kept.GetPixel(x, y) switch { { Green: > 200 } => "R", { Red: > 150 } => "r", _ => "B" };
        var (right, bottom) = (kept.Width - 10, kept.Height - 10);
        $"{At(10, 10)} {At(right, 10)} {At(10, bottom)} {At(right, bottom)}".ShouldBe(expected);
    }

    [Fact]
    public async Task makes_a_large_picture_smaller()
    {
        var (photo, picture) = await Take(Pictures.Jpeg(3, 5000, 2500));

        photo.Width.ShouldBe(2048);
        photo.Height.ShouldBe(1024);
        picture.Length.ShouldBeLessThan(2_000_000);
    }

    [Fact]
    public async Task keeps_all_of_one_item_or_none()
    {
        static PhotoUpload Upload(string name, byte[] content) => new("foto", name, () => new MemoryStream(content));

        var (photos, faults) = await _photos.Store("33.28", [Upload("a.jpg", Pictures.Jpeg()), Upload("b.jpg", Pictures.Html), Upload("c.jpg", Pictures.Heic)], default);

        photos.ShouldBeEmpty();
        faults.Select(f => (f.Name, f.Code)).ShouldBe([("b.jpg", "photo.unreadable"), ("c.jpg", "photo.heic")]);
        Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await _photos.Store("33.28", [.. Enumerable.Range(0, 11).Select(n => Upload($"{n}.jpg", Pictures.Jpeg()))], default)).Faults.ShouldHaveSingleItem().Code.ShouldBe("photos.too_many");
    }

    [Fact]
    public async Task tells_pictures_of_the_same_thing_by_their_look()
    {
        var first = (await Take(Pictures.Jpeg(1, 1200, 900))).Photo;
        var smaller = (await Take(Pictures.Webp(1, 640, 480))).Photo;
        var worse = (await Take(Pictures.Jpeg(1, 1200, 900, quality: 20))).Photo;
        var other = (await Take(Pictures.Jpeg(2, 1200, 900))).Photo;
        var (fog, smoke) = ((await Take(Pictures.Blank(120))).Photo, (await Take(Pictures.Blank(121))).Photo);

        PhotoLook.Distance(first.Look, smaller.Look)!.Value.ShouldBeLessThanOrEqualTo(6);
        PhotoLook.Distance(first.Look, worse.Look)!.Value.ShouldBeLessThanOrEqualTo(6);
        PhotoLook.Distance(first.Look, other.Look)!.Value.ShouldBeGreaterThan(12);
        PhotoLook.Distance(fog.Look, smoke.Look).ShouldBeNull();
    }
}
