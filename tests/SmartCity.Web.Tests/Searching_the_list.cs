using System.Net;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class Searching_the_list(SmartCityHost host)
{
    private readonly Browser _browser = new(host.Browser());

    [Fact]
    public async Task shows_what_was_found_how_many_and_which_words_were_used()
    {
        var ticket = await host.FileReport(description: "Gapura Sumurpandan hampir roboh");
        await SmartCityHost.Until(async () => (await _browser.Open("/33.28?kata=sumurpandan")).Text.Contains($"/laporan/{ticket}"), "it is found");

        var page = await _browser.Open("/33.28?kata=sumurpadnan+gapura&lang=id");

        page.Text.ShouldContain($"/laporan/{ticket}");
        WebUtility.HtmlDecode(page.Text).ShouldContain("Tidak ada “sumurpadnan”; dicari juga: sumurpandan.");
        page.Text.ShouldContain("1 laporan.");
        (await _browser.Open("/33.28?kata=sumurpandan&kotak=109,-7.1,109.2,-6.9&lang=en")).Text.ShouldContain("1 report.");
        (await _browser.Open("/33.28?kata=sumurpandan&foto=1")).Text.ShouldNotContain($"/laporan/{ticket}");
        (await _browser.Open("/33.28?kata=sumurpandan&sampai=2001-01-01")).Text.ShouldNotContain($"/laporan/{ticket}");
        (await _browser.Open("/33.76?kata=sumurpandan")).Text.ShouldNotContain($"/laporan/{ticket}");
    }

    [Fact]
    public async Task offers_the_same_reports_as_files()
    {
        var ticket = await host.FileReport(description: "Tiang Unduhsemua miring");
        await SmartCityHost.Until(async () => (await _browser.Open("/33.28?kata=unduhsemua")).Text.Contains($"/laporan/{ticket}"), "it is found");
        var page = WebUtility.HtmlDecode((await _browser.Open("/33.28?kata=unduhsemua&dari=2020-01-01&sampai=2099-01-01")).Text);

        foreach (var format in new[] { "csv", "geojson", "ndjson" })
        {
            var link = System.Text.RegularExpressions.Regex.Match(page, $"href=\"(/api/v1/regencies/33.28/reports/export.{format}[^\"]*)\"").Groups[1].Value;
            (await host.Http.GetStringAsync(link)).ShouldContain(ticket);
        }
    }

    [Theory]
    [InlineData("kata=%22%27%28%00"), InlineData("kotak=1,2,3"), InlineData("dari=x&sampai=9999-12-31"), InlineData("opd=%5C%27&kecamatan=x")]
    public async Task takes_anything_that_is_typed(string query) => (await _browser.Open($"/33.28?{query}")).Status.ShouldBe(HttpStatusCode.OK);
}
