using System.Net;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed partial class The_pages_of_news_by_mail(SmartCityHost host)
{
    private readonly Browser _browser = new(host.Browser());

    [Fact]
    public async Task ask_confirm_and_end_without_a_script()
    {
        var sent = await (await _browser.Fill("/33.28/langganan?lang=id", "/33.28/langganan", ("surel", "halaman@contoh-uji.id"), ("laporan", "1"), ("tempat", "kecamatan"), ("kecamatan", "33.28.10"), ("kapan", "harian"))).Send();
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Text);
        (await _browser.Open(sent.Answer.Headers.Location!.ToString())).Text.ShouldContain("Satu langkah lagi");
        var link = Link().Match((await _browser.Http.GetStringAsync("/dev/outbox.json?regency=33.28&channel=email")));
        var (address, action) = ($"{link.Groups[1].Value}?kunci={link.Groups[2].Value}", link.Groups[1].Value);

        var asked = await _browser.Open(address);
        asked.Text.ShouldContain("Kec. Slawi");
        asked.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        asked.Text.ShouldNotContain("halaman@contoh-uji.id", customMessage: "whoever finds the link does not learn whose it is");
        (await (await _browser.Fill(address, $"{action}/konfirmasi")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _browser.Open(address)).Text.ShouldContain("Langganan ini aktif.");
        (await _browser.Open($"{action}?kunci=lain")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _browser.Open(address.Replace("33.28", "33.76"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var ended = await (await _browser.Fill(address, $"{action}/berhenti")).Send();
        (await _browser.Open(ended.Answer.Headers.Location!.ToString())).Text.ShouldContain("sudah dihapus");
        (await _browser.Open(address)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task say_what_is_wrong_and_keep_what_was_typed()
    {
        var sent = await (await _browser.Fill("/33.28/langganan?lang=en", "/33.28/langganan", ("surel", "bukan surel"), ("tempat", "kecamatan"), ("kapan", "segera"))).Send();

        sent.Status.ShouldBe(HttpStatusCode.BadRequest);
        sent.Text.ShouldContain("<a href=\"#surel\">");
        sent.Text.ShouldContain("<a href=\"#apa\">");
        sent.Text.ShouldContain("<a href=\"#kecamatan\">");
        sent.Text.ShouldContain("value=\"bukan surel\"");
    }

    [GeneratedRegex(@"(/33\.28/langganan/[0-9a-f]{32})\?kunci=([0-9a-f]{32})")]
    private static partial Regex Link();
}

public sealed class The_page_for_other_sites(SmartCityHost host)
{
    private readonly Browser _browser = new(host.Browser());

    [Fact]
    public async Task may_be_framed_and_no_other_page_may()
    {
        await host.FileReport();
        var framed = await _browser.Open("/33.28/sematkan/isi?lang=en");
        framed.Status.ShouldBe(HttpStatusCode.OK);
        framed.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors *;");
        framed.Answer.Headers.Contains("X-Frame-Options").ShouldBeFalse();
        framed.Answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        framed.Text.ShouldNotContain("<form");
        (await _browser.Open("/33.28/sematkan/isi?isi=angka")).Text.ShouldContain("laporan");

        foreach (var path in new[] { "/33.28", "/33.28/sematkan", "/33.28/lapor", "/33.28/langganan" })
        {
            var page = await _browser.Open(path);
            page.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none';", customMessage: path);
            page.Answer.Headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY");
        }
    }

    [Fact]
    public async Task comes_with_the_code_to_copy()
    {
        var page = await _browser.Open("/33.28/sematkan?isi=angka&kecamatan=33.28.10&lang=id");

        page.Text.ShouldContain("<iframe src=\"http://localhost/33.28/sematkan/isi?kecamatan=33.28.10&amp;isi=angka&amp;lang=id\"");
    }
}

public sealed class Saying_where_it_is(SmartCityHost host)
{
    [Fact]
    public async Task takes_a_district_by_its_name_from_who_has_no_map()
    {
        var browser = new Browser(host.Browser());

        var sent = await (await browser.Fill("/33.28/lapor", "/33.28/lapor", ("uraian", "Selokan mampet dekat pos ronda Karanganyar"), ("wilayah", "Kec. Adiwerna"), ("alamat", "dekat pos ronda"), ("kategori", "drainase"), ("tetap", "1"))).Send();

        var report = await host.Reaches(sent.Ticket(), "assigned");
        report.GetProperty("district").GetString().ShouldBe("33.28.11");
        report.GetProperty("place").GetProperty("address").GetString().ShouldBe("dekat pos ronda, Kec. Adiwerna");
    }
}
