using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class Signing_in(SmartCityHost host)
{
    private readonly Browser _browser = new(host.Browser());

    [Theory]
    [InlineData("pdp", "/33.28/data-pribadi")]
    [InlineData("bpkad", "/33.28/pengembalian")]
    [InlineData("operator", "/33.28/meja/akun")]
    public async Task leads_who_has_no_reports_to_see_to_to_the_page_they_work_on(string name, string page)
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name);

        var desk = await browser.Open("/33.28/meja");

        (desk.Status, desk.Answer.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.SeeOther, page));
        (await browser.Open(page)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_asked_for_and_leads_back()
    {
        var turnedAway = await _browser.Open("/33.28/meja");
        turnedAway.Status.ShouldBe(HttpStatusCode.SeeOther);
        turnedAway.Answer.Headers.Location!.ToString().ShouldBe("/33.28/masuk?kembali=%2F33.28%2Fmeja");

        var sent = await (await _browser.Fill("/33.28/masuk?kembali=%2F33.28%2Fmeja%3Fdaftar%3Dbaru", "/33.28/masuk", ("nama", "Dispatcher"), ("sandi", SmartCityHost.Password))).Send();

        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        sent.Answer.Headers.Location!.ToString().ShouldBe("/33.28/meja?daftar=baru");
        (await _browser.Open("/33.28/meja")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("https://example.org/33.28/"), InlineData("//example.org"), InlineData("/33.76/meja"), InlineData("/33.28/\\example.org")]
    public async Task never_leads_elsewhere(string back)
    {
        var sent = await (await _browser.Fill($"/33.28/masuk?kembali={Uri.EscapeDataString(back)}", "/33.28/masuk", ("nama", "regent"), ("sandi", SmartCityHost.Password), ("kembali", back))).Send();

        sent.Answer.Headers.Location!.ToString().ShouldBe("/33.28/meja");
    }

    [Fact]
    public async Task with_wrong_passwords_locks_the_account()
    {
        // Nobody else's: a locked account would shut out the tests that run after this one.
        var forgetful = new StaffAccount { Id = "lupa.sandi", DisplayName = "Lupa Sandi", Role = Role.Dispatcher }.WithPassword(SmartCityHost.Password);
        await host.Services.GetRequiredService<StaffSignIn>().Save(RegencyCode.Parse("33.76"), forgetful, TestContext.Current.CancellationToken);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var refused = await (await _browser.Fill("/33.76/masuk", "/33.76/masuk", ("nama", forgetful.Id), ("sandi", "salah"))).Send();
            refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
            refused.Text.ShouldContain("terkunci 15 menit");
            refused.Text.ShouldContain("value=\"lupa.sandi\"");
        }

        var locked = await (await _browser.Fill("/33.76/masuk", "/33.76/masuk", ("nama", forgetful.Id), ("sandi", SmartCityHost.Password))).Send();
        locked.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ends_with_signing_out()
    {
        await _browser.SignIn("auditor");

        (await (await _browser.Fill("/33.28/meja", "/33.28/keluar")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await _browser.Open("/33.28/meja")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }
}

public sealed class The_desk(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    /// <summary>A report of which nothing says who is responsible.</summary>
    private async Task<string> Queued()
    {
        var ticket = await host.FileReport(category: "lainnya", description: "Bangunan tua itu mau diapakan?");
        await SmartCityHost.Until(async () => (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text.Contains("badge queued"), "the report is queued");
        return ticket;
    }

    [Fact]
    public async Task takes_a_report_from_the_dispatcher_to_the_officer_to_its_answer()
    {
        var ticket = await Queued();
        var (dispatcher, officer) = (await SignedIn("dispatcher"), await SignedIn("officer.dpu"));
        (await dispatcher.Open("/33.28/meja")).Text.ShouldContain(ticket);
        (await officer.Open("/33.28/meja")).Text.ShouldNotContain(ticket);

        var assigned = await (await dispatcher.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/disposisi", ("opd", "DPU"), ("catatan", "Tolong dicek"))).Send();
        assigned.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/meja?diteruskan={ticket}");
        (await officer.Open("/33.28/meja")).Text.ShouldContain(ticket);
        (await officer.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("Tolong dicek");

        var answered = await (await officer.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/jawaban", ("jawaban", "Besok kami bongkar."), ("selesai", "1"))).Send();
        answered.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/meja?dijawab={ticket}");
        var page = await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}");
        page.Text.ShouldContain("Besok kami bongkar.");
        page.Text.ShouldContain("badge settled");
        page.Text.ShouldNotContain("Tolong dicek");
    }

    [Fact]
    public async Task shows_how_it_was_before_and_after_the_work()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        var (page, form) = ($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/jawaban");
        var officer = await SignedIn("officer.dpu");

        var refused = await (await officer.Fill(page, form, ("jawaban", "Sudah ditambal."))).SendWith(("sesudah", "bukan.jpg", Pictures.Html));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("“bukan.jpg”: Berkas ini bukan foto");
        refused.Text.ShouldContain("Sudah ditambal.");
        var photo = Pictures.WithExif(Pictures.Jpeg(2), -6.98, 109.14, "2026:10:31 09:15:00");
        (await (await officer.Fill(page, form, ("jawaban", "Sudah ditambal."))).SendWith(("sebelum", "a.jpg", Pictures.Jpeg(1)), ("sesudah", "b.jpg", photo))).Status.ShouldBe(HttpStatusCode.SeeOther);

        var shown = (await new Browser(host.Browser()).Open(page)).Text;
        shown.ShouldContain($"/api/v1/regencies/33.28/reports/{ticket}/photos/2?size=small");
        shown.ShouldContain(">Sebelum<");
        shown.ShouldContain(">Sesudah<");
        shown.ShouldNotContain("Menurut kamera");
        (await officer.Open(page)).Text.ShouldContain("Menurut kamera: 2026-10-31 09:15:00 · 1,1 km dari titik laporan");
    }

    [Fact]
    public async Task tells_who_was_slower_that_somebody_was_faster()
    {
        var ticket = await Queued();
        var dispatcher = await SignedIn("dispatcher");
        var address = $"/33.28/laporan/{ticket}/disposisi";
        var (first, second) = (await dispatcher.Fill($"/33.28/laporan/{ticket}", address, ("opd", "DPU")), await dispatcher.Fill($"/33.28/laporan/{ticket}", address, ("opd", "DLH"), ("catatan", "Punya DLH")));

        (await first.Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        var late = await second.Send();

        late.Status.ShouldBe(HttpStatusCode.Conflict);
        late.Text.ShouldContain("orang lain lebih dulu");
        late.Text.ShouldContain("Punya DLH");
    }

    [Fact]
    public async Task asks_for_the_answer_and_keeps_the_page()
    {
        var ticket = await Queued();
        var (dispatcher, officer) = (await SignedIn("dispatcher"), await SignedIn("officer.dpu"));
        await (await dispatcher.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/disposisi", ("opd", "DPU"))).Send();

        var empty = await (await officer.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/jawaban", ("jawaban", " "))).Send();

        empty.Status.ShouldBe(HttpStatusCode.BadRequest);
        empty.Text.ShouldContain("Tulis jawaban yang akan dibaca pelapor.");
    }

    [Fact]
    public async Task of_another_regency_is_closed_to_an_officer()
    {
        var officer = await SignedIn("officer.dpu");

        var page = await officer.Open("/33.76/meja");

        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        page.Text.ShouldContain("Bukan untuk akun ini");
        (await officer.Open("/33.76")).Text.ShouldContain("/33.76/masuk");
    }

    [Fact]
    public async Task shows_the_history_to_auditors_only()
    {
        var ticket = await Queued();

        var history = await (await SignedIn("auditor")).Open($"/33.28/laporan/{ticket}/riwayat");
        history.Text.ShouldContain("report.filed.v1");
        history.Text.ShouldContain("report.queued.v1");
        (await (await SignedIn("dispatcher")).Open($"/33.28/laporan/{ticket}/riwayat")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}/riwayat")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task shows_what_the_words_suggest_and_how_often_that_was_right()
    {
        var ticket = await Queued();
        var dispatcher = await SignedIn("dispatcher");

        (await dispatcher.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("Menurut kata-katanya:");
        (await dispatcher.Open("/33.28/meja")).Text.ShouldContain("/33.28/meja/ketepatan");
        (await dispatcher.Open("/33.28/meja/ketepatan")).Text.ShouldContain("Ketepatan saran");
        (await (await SignedIn("regent")).Open("/33.28/meja/ketepatan?lang=en")).Text.ShouldContain("How often suggestions are right");
        (await (await SignedIn("officer.dpu")).Open("/33.28/meja/ketepatan")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await SignedIn("dispatcher", "33.76")).Open("/33.28/meja/ketepatan")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text.ShouldNotContain("Menurut kata-katanya:");
    }

    [Fact]
    public async Task puts_an_emergency_on_top_and_spam_on_a_list_of_its_own()
    {
        var dispatcher = await SignedIn("dispatcher");
        var urgent = await host.FileReport(category: "lainnya", description: "Kebakaran! rumah terbakar dan ada orang terjebak di dalam, tolong damkar");
        var later = await Queued();
        var spam = await host.FileReport(category: null, description: "slot gacor maxwin daftar sekarang deposit pulsa link bio");
        await SmartCityHost.Until(async () => (await dispatcher.Open("/33.28/meja?daftar=ditahan")).Text.Contains(spam), "the held report");

        var desk = (await dispatcher.Open("/33.28/meja")).Text;

        desk.ShouldContain("Darurat, belum ditangani:");
        (await dispatcher.Open("/33.28/meja?daftar=selesai")).Text.ShouldContain(urgent);
        (await (await SignedIn("dispatcher", "33.76")).Open("/33.76/meja")).Text.ShouldNotContain(urgent);
        desk.IndexOf(urgent, StringComparison.Ordinal).ShouldBeLessThan(desk.IndexOf(later, StringComparison.Ordinal));
        desk.ShouldNotContain(spam);
        // The platform may move it at the same moment, which is a conflict.
        await SmartCityHost.Until(async () => (await (await dispatcher.Fill($"/33.28/laporan/{spam}", $"/33.28/laporan/{spam}/langkah/release")).Send()).Status == HttpStatusCode.SeeOther, "released");
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{spam}")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
