using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_page_of_personal_data(SmartCityHost host)
{
    private const string Here = "/33.28/data-pribadi";

    private async Task<Browser> Officer(string name = "pdp", string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    private async Task<string> File(string email)
    {
        using var answer = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports", new
        {
            category = "jalan-rusak",
            description = $"Jalan di depan rumah {email}",
            place = new { address = "Slawi" },
            reporter = new { email },
        });
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    private static string Trace(string page, string ticket) => Regex.Match(page, $"value=\"(p[0-9a-f]+)\"[^>]*>\\s*<span>{ticket}").Groups[1].Value;

    [Fact]
    public async Task finds_copies_and_erases()
    {
        var ticket = await File("wulan@example.org");
        var officer = await Officer();
        var found = await (await officer.Fill(Here, $"{Here}/cari", ("surel", "Wulan@Example.org"))).Send();
        found.Status.ShouldBe(HttpStatusCode.OK);
        var trace = Trace(found.Text, ticket);
        trace.ShouldNotBeEmpty(found.Text);
        var token = await officer.Fill(Here, $"{Here}/cari");
        Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Send(string action, params (string, string)[] fields) =>
            (token with { Action = $"{Here}/{action}", Fields = [.. token.Fields, ("jejak", trace), .. fields] }).Send();

        var copy = await Send("salinan", ("bukti", "IdentityCard"));
        copy.Status.ShouldBe(HttpStatusCode.OK);
        copy.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");

        var unsure = await Send("hapus", ("bukti", "IdentityCard"), ("alasan", "Request"), ("rujukan", "surat Bu Wulan"));
        unsure.Status.ShouldBe(HttpStatusCode.BadRequest);
        unsure.Text.ShouldContain("Centang bahwa penghapusan tidak bisa dibatalkan.");
        unsure.Text.ShouldContain("jangan tulis nama orang");

        var erased = await Send("hapus", ("bukti", "IdentityCard"), ("alasan", "Request"), ("yakin", "1"));
        erased.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await officer.Open(erased.Answer.Headers.Location!.ToString())).Text.ShouldContain("Terhapus: 1 tempat.");
        (await officer.Open(Here)).Text.ShouldContain("Permintaan orangnya");
        var page = await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}");
        page.Text.ShouldContain("Data pribadi pelapor dihapus");
        page.Text.ShouldNotContain("wulan");
    }

    [Fact]
    public async Task says_what_is_missing()
    {
        var officer = await Officer();

        (await (await officer.Fill(Here, $"{Here}/cari")).Send()).Text.ShouldContain("Isi salah satu");
        var nothing = (await officer.Fill(Here, $"{Here}/cari")) with { Action = $"{Here}/salinan" };
        var refused = await nothing.Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Pilih paling sedikit satu baris");
        refused.Text.ShouldContain("Pilih bagaimana identitas pemohon dipastikan.");
    }

    [Fact]
    public async Task decides_how_long_data_is_kept()
    {
        var officer = await Officer("pdp", "33.76");
        const string there = "/33.76/data-pribadi";

        var saved = await (await officer.Fill(there, $"{there}/masa-simpan", ("hari.aspiration", "400"))).Send();
        saved.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await officer.Open(there)).Text.ShouldContain("name=\"hari.aspiration\" type=\"number\" min=\"30\" max=\"36500\" step=\"1\" required value=\"400\"");
        (await (await officer.Fill(there, $"{there}/masa-simpan", ("hari.aspiration", "1"))).Send()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task is_not_needed_by_reporters_themselves()
    {
        var reporter = new Browser(host.Browser());
        var sent = await (await reporter.Fill("/33.28/lapor", "/33.28/lapor", ("uraian", "Rahasia saya sendiri"), ("alamat", "Slawi"), ("nama", "Endang"), ("rahasia", "1"))).Send();
        var (ticket, page) = (sent.Ticket(), $"/33.28/laporan/{sent.Ticket()}");
        var (copying, erasing) = ($"/33.28/laporan/{ticket}/data-saya/salinan", $"/33.28/laporan/{ticket}/data-saya/hapus");
        var stranger = new Browser(host.Browser());
        var foreign = await stranger.Fill("/33.28/lapor", "/33.28/lapor");
        foreach (var action in new[] { copying, erasing })
        {
            (await (foreign with { Action = action, Fields = [.. foreign.Fields, ("yakin", "1")] }).Send()).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        var copy = await (await reporter.Fill(page, copying)).Send();
        copy.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        (await (await reporter.Fill(page, erasing)).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        var auditor = await host.SignIn("33.28", "auditor");
        (await auditor.GetStringAsync($"/api/v1/regencies/33.28/reports/{ticket}")).ShouldContain("Endang");

        (await (await reporter.Fill(page, erasing, ("yakin", "1"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await auditor.GetStringAsync($"/api/v1/regencies/33.28/reports/{ticket}")).ShouldNotContain("Endang");
        (await auditor.GetStringAsync($"/api/v1/regencies/33.28/reports/{ticket}/history")).ShouldContain("person.erased.v1");
    }

    [Fact]
    public async Task speaks_english_too() => (await (await Officer("regent")).Open($"{Here}?lang=en")).Text.ShouldContain("Find somebody's traces");

    [Fact]
    public async Task opens_for_the_officer_and_the_regent_of_this_regency_only()
    {
        (await (await Officer()).Open("/33.28/meja")).Answer.Headers.Location!.ToString().ShouldBe(Here);
        (await new Browser(host.Browser()).Open(Here)).Status.ShouldBe(HttpStatusCode.SeeOther);
        foreach (var other in new[] { await Officer("dispatcher"), await Officer("auditor"), await Officer("officer.dpu"), await Officer("pdp", "33.76") })
        {
            (await other.Open(Here)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
    }
}
