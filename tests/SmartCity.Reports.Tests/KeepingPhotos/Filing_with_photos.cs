using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SkiaSharp;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.KeepingPhotos;

public sealed class Filing_with_photos(PhotosHost host)
{
    [Fact]
    public async Task shows_them_to_everybody_in_their_order()
    {
        var ticket = await host.FileWith(Pictures.Jpeg(1, 640, 480), Pictures.Png(2, 300, 200), Pictures.Webp(3));

        var photos = (await host.Read(ticket)).GetProperty("photos").EnumerateArray().ToArray();
        photos.Select(p => (p.GetProperty("number").GetInt32(), p.GetProperty("kind").GetString(), p.GetProperty("width").GetInt32())).ShouldBe([(1, "report", 640), (2, "report", 300), (3, "report", 400)]);
        using var second = SKBitmap.Decode(await host.Http.GetByteArrayAsync($"{Base}/{ticket}/photos/2"));
        (second.Width, second.Height).ShouldBe((300, 200));
        (await host.Http.GetAsync($"{Base}/{ticket}/photos/4")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task gives_them_so_that_browsers_keep_them_and_run_nothing()
    {
        var address = $"{Base}/{await host.FileWith(Pictures.Jpeg(4, 1000, 800))}/photos/1";
        using var whole = await host.Http.GetAsync(address);
        using var small = await host.Http.GetAsync($"{address}?size=small");

        whole.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        whole.Headers.GetValues("Cache-Control").Single().ShouldBe("max-age=3600, private");
        whole.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        whole.Headers.ETag!.Tag.ShouldMatch("^\"[0-9a-f]{64}\"$");
        small.Headers.ETag.ShouldNotBe(whole.Headers.ETag);
        (await small.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan((await whole.Content.ReadAsByteArrayAsync()).Length);
        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { whole.Headers.ETag } } };
        using var unchanged = await host.Http.SendAsync(again);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unchanged.Headers.ETag.ShouldBe(whole.Headers.ETag);
        using var head = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Http.GetAsync($"{address}?size=huge")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task keeps_place_and_time_of_taking_sealed_for_those_who_handle_it()
    {
        var ticket = await host.FileWith(Pictures.WithExif(Pictures.Jpeg(5), -6.981, 109.131, "2026:10:31 09:15:00", "+07:00"));
        var officer = await host.SignIn("33.28", "officer.dpu");
        await host.Reaches(ticket, "assigned");

        var evidence = (await host.Read(ticket, officer)).GetProperty("photos")[0].GetProperty("evidence");
        evidence.GetProperty("latitude").GetDouble().ShouldBe(-6.981, 0.000001);
        evidence.GetProperty("at").GetString().ShouldBe("2026-10-31T09:15:00+07:00");
        evidence.GetProperty("metresFromPlace").GetDouble().ShouldBe(157, 5);
        (await host.Read(ticket)).GetProperty("photos")[0].TryGetProperty("evidence", out _).ShouldBeFalse();
        foreach (var other in new[] { host.Integrator(), await host.SignIn("33.28", "officer.dishub"), await host.SignIn("33.76", "dispatcher") })
        {
            (await host.Read(ticket, other)).GetProperty("photos")[0].TryGetProperty("evidence", out _).ShouldBeFalse();
        }

        Encoding.Latin1.GetString(await host.Http.GetByteArrayAsync($"{Base}/{ticket}/photos/1")).ShouldNotContain("Exif");
        (await Stored(ticket)).ShouldNotContain("109.131");
        (await Stored(ticket)).ShouldNotContain("09:15:00");
    }

    [Fact]
    public async Task says_of_every_file_that_is_no_photo_what_to_do_and_files_nothing()
    {
        using var answer = await host.Integrator().PostAsync(Base, Form("report", Report("Tidak boleh masuk"),
            ("photos", "baik.jpg", Pictures.Jpeg()), ("photos", "gambar.svg", Pictures.Svg), ("photos", "iphone.heic", Pictures.Heic), ("photos", "bom.png", Pictures.PngBomb()),
            ("photos", "potong.jpg", Pictures.Jpeg()[..^4000]), ("photos", "gerak.webp", Pictures.AnimatedWebp()), ("photos", "berkas.pdf", Pictures.Pdf)));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateArray().ToArray();
        errors.Select(e => (e.GetProperty("code").GetString(), e.GetProperty("detail").GetString()!.Split(':')[0])).ShouldBe(
        [
            ("photo.unreadable", "gambar.svg"), ("photo.heic", "iphone.heic"), ("photo.too_many_pixels", "bom.png"), ("photo.truncated", "potong.jpg"),
            ("photo.animated", "gerak.webp"), ("photo.unreadable", "berkas.pdf"),
        ]);
        errors.ShouldAllBe(e => e.GetProperty("field").GetString() == "photos");
    }

    [Fact]
    public async Task takes_ten_and_no_more()
    {
        (await host.Read(await host.FileWith([.. Enumerable.Range(1, 10).Select(n => Pictures.Jpeg(n, 64, 48))]))).GetProperty("photos").GetArrayLength().ShouldBe(10);

        using var answer = await host.Integrator().PostAsync(Base, Form("report", Report(), [.. Enumerable.Range(1, 11).Select(n => ("photos", $"{n}.jpg", Pictures.Jpeg(n, 64, 48)))]));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("photos.too_many");
    }

    [Fact]
    public async Task needs_a_form_that_can_be_read()
    {
        async Task<(HttpStatusCode, string)> Send(HttpContent content)
        {
            using var answer = await host.Integrator().PostAsync(Base, content);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        (await Send(Form("report", null, ("photos", "a.jpg", Pictures.Jpeg())))).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(HttpStatusCode.BadRequest), a => a.Item2.ShouldContain("report.missing"));
        (await Send(Form("report", Report(), ("gambar", "a.jpg", Pictures.Jpeg())))).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(HttpStatusCode.BadRequest), a => a.Item2.ShouldContain("field.unknown"));
        (await Send(new MultipartFormDataContent { { new StringContent("{\"description\":"), "report" } })).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(HttpStatusCode.BadRequest), a => a.Item2.ShouldContain("report.malformed"));
        var torn = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n{"u8.ToArray());
        torn.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        (await Send(torn)).ShouldSatisfyAllConditions(a => a.Item1.ShouldBe(HttpStatusCode.BadRequest), a => a.Item2.ShouldContain("form.malformed"));
        (await Send(new StringContent("halo"))).Item1.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task needs_a_key()
    {
        using var answer = await host.Http.PostAsync(Base, Form("report", Report(), ("photos", "a.jpg", Pictures.Jpeg())));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task gives_nothing_to_another_regency()
    {
        var ticket = await host.FileWith(Pictures.Jpeg(77));

        (await host.Http.GetAsync($"/api/v1/regencies/33.76/reports/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.76", "auditor")).GetAsync($"/api/v1/regencies/33.76/reports/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task confidentially_shows_them_to_those_who_may_see_it()
    {
        var address = $"{Base}/{await host.FileWith(Report(isConfidential: true), Pictures.Jpeg(6))}/photos/1";

        (await host.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await host.SignIn("33.76", "regent")).GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var seen = await (await host.SignIn("33.28", "dispatcher")).GetAsync(address);
        seen.StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    private async Task<string> Stored(string ticket)
    {
        await using var connection = new Npgsql.NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select (select string_agg(data::text, ' ') from history.mt_events where stream_id = $1) || (select string_agg(data::text, ' ') from reports.mt_doc_report where id = $1)", connection)
        {
            Parameters = { new() { Value = ticket } },
        };
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
