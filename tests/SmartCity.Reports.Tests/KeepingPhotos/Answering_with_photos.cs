using System.Net;
using System.Text.Json;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.KeepingPhotos;

public sealed class Answering_with_photos(PhotosHost host)
{
    private static MultipartFormDataContent Answer(string text = "Sudah kami tambal.", params IReadOnlyList<(string Field, string Name, byte[] Content)> files) =>
        Form("answer", new { text, isSettled = true }, files);

    private async Task<string> Assigned(params IReadOnlyList<byte[]> photos)
    {
        var ticket = await host.FileWith(photos);
        await host.Reaches(ticket, "assigned");
        return ticket;
    }

    [Fact]
    public async Task shows_how_it_was_and_how_it_is()
    {
        var ticket = await Assigned(Pictures.Jpeg(10));
        var officer = await host.SignIn("33.28", "officer.dpu");

        using var answered = await officer.PostAsync($"{Base}/{ticket}/answers", Answer(files:
            [("after", "sesudah.jpg", Pictures.WithExif(Pictures.Jpeg(12), -6.98, 109.13, "2026:11:02 08:00:00")), ("before", "sebelum.jpg", Pictures.Jpeg(11)), ("after", "sesudah2.jpg", Pictures.Jpeg(13))]));

        answered.StatusCode.ShouldBe(HttpStatusCode.OK, await answered.Content.ReadAsStringAsync());
        var report = await host.Read(ticket);
        report.GetProperty("photos").GetArrayLength().ShouldBe(1);
        var entry = report.GetProperty("timeline").EnumerateArray().Last();
        entry.GetProperty("photos").EnumerateArray().Select(p => (p.GetProperty("number").GetInt32(), p.GetProperty("kind").GetString())).ShouldBe([(2, "after"), (3, "before"), (4, "after")]);
        (await host.Http.GetAsync($"{Base}/{ticket}/photos/3?size=small")).Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        entry.GetProperty("photos")[0].TryGetProperty("evidence", out _).ShouldBeFalse();
        (await host.Read(ticket, officer)).GetProperty("timeline").EnumerateArray().Last().GetProperty("photos")[0].GetProperty("evidence").GetProperty("metresFromPlace").GetDouble().ShouldBe(0);
    }

    [Fact]
    public async Task with_something_else_is_refused_and_leaves_the_report_as_it_was()
    {
        var ticket = await Assigned();
        var officer = await host.SignIn("33.28", "officer.dpu");

        using var answered = await officer.PostAsync($"{Base}/{ticket}/answers", Answer(files: [("before", "a.jpg", Pictures.Jpeg()), ("after", "b.jpg", Pictures.Html)]));

        answered.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonDocument.Parse(await answered.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
        (error.GetProperty("field").GetString(), error.GetProperty("code").GetString()).ShouldBe(("after", "photo.unreadable"));
        (await host.Read(ticket)).GetProperty("state").GetString().ShouldBe("assigned");
    }

    [Fact]
    public async Task is_for_officers_of_the_department()
    {
        var ticket = await Assigned();
        async Task<HttpStatusCode> By(HttpClient client) => (await client.PostAsync($"{Base}/{ticket}/answers", Answer(files: [("after", "a.jpg", Pictures.Jpeg())]))).StatusCode;

        (await By(host.Http)).ShouldBe(HttpStatusCode.Unauthorized);
        (await By(host.Integrator())).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.28", "officer.dishub"))).ShouldBe(HttpStatusCode.Forbidden);
        (await By(await host.SignIn("33.76", "officer.dpu"))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task is_not_taken_from_another_sites_page()
    {
        var ticket = await Assigned();
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"{Base}/{ticket}/answers") { Content = Answer("Palsu"), Headers = { { "Sec-Fetch-Site", "cross-site" } } };

        (await (await host.SignIn("33.28", "officer.dpu")).SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
