using System.Net;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_report_form(SmartCityHost host)
{
    private const string Form = "/33.28/lapor";
    private readonly Browser _browser = new(host.Browser());

    [Fact]
    public async Task makes_a_report_and_says_its_number()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Jalan bolong di depan pasar"), ("alamat", "Pasar Trayeman, Slawi"))).Send();

        var ticket = sent.Ticket();
        sent.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/laporan/{ticket}?baru=1");
        var page = await _browser.Open(sent.Answer.Headers.Location!.ToString());
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain($"<p class=\"number\">{ticket}</p>");
        page.Text.ShouldContain("Jalan bolong di depan pasar");
    }

    [Fact]
    public async Task keeps_a_photo()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Lampu jalan mati"), ("lintang", "-6.98"), ("bujur", "109.13"), ("tetap", "1"))).Send(("lampu.jpg", Browser.Picture()));

        var photo = $"/api/v1/regencies/33.28/reports/{sent.Ticket()}/photos/1";
        (await _browser.Open($"/33.28/laporan/{sent.Ticket()}")).Text.ShouldContain(photo);
        (await host.Http.GetAsync(photo)).Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
    }

    [Fact]
    public async Task sent_twice_makes_one_report()
    {
        var form = await _browser.Fill(Form, Form, ("uraian", "Pohon tumbang"), ("alamat", "Jl. Merdeka"));

        var sent = await Task.WhenAll(form.Send(), form.Send());

        sent[0].Ticket().ShouldBe(sent[1].Ticket());
    }

    [Fact]
    public async Task says_what_is_missing_and_keeps_what_was_typed()
    {
        var sent = await (await _browser.Fill(Form, Form, ("kategori", "jalan-rusak"), ("nama", "Ibu Sri <b>"), ("surel", "bukan surel"), ("anonim", "1"))).Send();

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("Tulis apa masalahnya");
        sent.Text.ShouldContain("Di mana?");
        sent.Text.ShouldContain("Alamat surel ini belum benar");
        sent.Text.ShouldContain("value=\"Ibu Sri <b>\"");
        sent.Text.ShouldContain("<option value=\"jalan-rusak\" selected");
    }

    [Fact]
    public async Task refuses_a_file_that_is_no_photo_whatever_it_is_called()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Sampah menumpuk"), ("alamat", "Lapangan"))).Send(("foto.jpg", "<svg onload=alert(1)>"u8.ToArray()));

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("“foto.jpg”: Berkas ini bukan foto yang bisa dibaca");
        sent.Text.ShouldContain("Sampah menumpuk");
    }

    [Fact]
    public async Task refuses_a_photo_that_is_too_large()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Sampah menumpuk"), ("alamat", "Lapangan"))).Send(("besar.jpg", new byte[10 * 1024 * 1024 + 1]));

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("“besar.jpg”: Foto paling besar 10 MB");
    }

    [Fact]
    public async Task refuses_more_photos_than_a_report_may_have()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Sampah"), ("alamat", "Lapangan"))).Send([.. Enumerable.Range(1, 11).Select(n => ($"{n}.jpg", Browser.Picture()))]);

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("Paling banyak 10 foto; ini 11.");
    }

    [Fact]
    public async Task asks_what_the_category_asks_and_shows_the_answers_to_who_handles_it()
    {
        var form = await _browser.Fill(Form, Form, ("uraian", "Lampu jalan mati"), ("alamat", "Jl. Merdeka"), ("kategori", "pju"), ("tanya.pju.gejala", "kedip"),
            ("tanya.pju.jumlah", "3"), ("tanya.pju.bahaya", "kabel"), ("tanya.pju.bahaya", "sekolah"), ("tanya.pju.sejak", "2026-01-31T19:00"), ("tanya.lain.x", "bukan miliknya"));

        var ticket = (await form.Send()).Ticket();

        await host.Reaches(ticket, "assigned");
        var officer = new Browser(host.Browser());
        await officer.SignIn("officer.dishub");
        var page = (await officer.Open($"/33.28/laporan/{ticket}")).Text;
        page.ShouldContain("Berkedip atau redup");
        page.ShouldContain("Kabel terbuka, Dekat sekolah");
        page.ShouldNotContain("bukan miliknya");
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text.ShouldNotContain("Berkedip atau redup");
    }

    [Fact]
    public async Task says_which_question_of_the_category_is_not_answered_yet()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Lampu jalan mati"), ("alamat", "Jl. Merdeka"), ("kategori", "pju"), ("tanya.pju.jumlah", "banyak"), ("tanya.pju.keterangan", "dekat pos ronda"))).Send();

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("<a href=\"#tanya.pju.gejala\">Apa yang terjadi dengan lampunya? Wajib diisi.</a>");
        sent.Text.ShouldContain("Berapa lampu? Sebuah angka");
        sent.Text.ShouldContain("dekat pos ronda");
        sent.Text.ShouldContain("data-category=\"pju\">");
        (await _browser.Open(Form)).Text.ShouldContain("data-category=\"pju\" hidden disabled>");
    }

    [Fact]
    public async Task is_not_taken_from_another_site()
    {
        using var forged = new FormUrlEncodedContent([new("uraian", "Palsu"), new("alamat", "Mana saja")]);

        var sent = await _browser.Http.PostAsync(Form, forged);

        sent.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await sent.Content.ReadAsStringAsync()).ShouldContain("Formulir sudah kedaluwarsa");
    }

    [Fact]
    public async Task that_is_no_form_is_refused()
    {
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        (await _browser.Http.PostAsync(Form, json)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task tells_only_the_reporter_the_number_of_a_confidential_report()
    {
        var sent = await (await _browser.Fill(Form, Form, ("uraian", "Pungutan liar oleh Pak Anu"), ("alamat", "Kantor"), ("rahasia", "1"))).Send();
        var page = sent.Answer.Headers.Location!.ToString();

        (await _browser.Open(page)).Text.ShouldContain($"<p class=\"number\">{sent.Ticket()}</p>");
        (await new Browser(host.Browser()).Open(page)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _browser.Open($"/33.28/laporan/{sent.Ticket()}")).Status.ShouldBe(HttpStatusCode.OK);
        // For an hour only: the next person at this computer must not find it.
        sent.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("smartcity.pelapor.", StringComparison.Ordinal)).ShouldContain("max-age=3600");
        (await (await _browser.Fill($"/33.28/laporan/{sent.Ticket()}", $"/33.28/laporan/{sent.Ticket()}/lupakan")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _browser.Open($"/33.28/laporan/{sent.Ticket()}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
