using System.Diagnostics;
using System.Net;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class A_page(SmartCityHost host)
{
    private readonly Browser _browser = new(host.Browser());

    [Theory]
    [InlineData("/"), InlineData("/33.28"), InlineData("/33.28/lapor"), InlineData("/33.28/masuk"), InlineData("/33.28?status=selesai&kategori=tidak-ada&setelah=x"), InlineData("/dev/outbox")]
    public async Task opens_and_lets_nothing_foreign_run(string path)
    {
        var page = await _browser.Open(path);

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self';");
        page.Answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        page.Text.ShouldNotContain(" style=\"");
        page.Text.ShouldNotContain(" onclick=");
    }

    [Fact]
    public async Task has_scripts_that_a_browser_can_read_alone_and_together()
    {
        // Of a script with one wrong word a browser runs nothing, and all scripts of a page share their names.
        var scripts = Directory.GetFiles(Path.Combine(Repository.Root, "src", "SmartCity.Web", "assets"), "*.js");
        scripts.Length.ShouldBeGreaterThan(3);
        var together = Path.Combine(Directory.CreateTempSubdirectory("smartcity-scripts-").FullName, "all.js");
        await File.WriteAllTextAsync(together, string.Join('\n', scripts.Select(File.ReadAllText)));

        foreach (var script in scripts.Append(together))
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--check", script]) { RedirectStandardError = true })!;
            var said = await node.StandardError.ReadToEndAsync();
            await node.WaitForExitAsync();
            node.ExitCode.ShouldBe(0, said);
        }

        Directory.Delete(Path.GetDirectoryName(together)!, recursive: true);
    }

    [Fact]
    public void with_forms_that_are_sent_once_has_the_script_that_sees_to_it() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src", "SmartCity.Web"), "*.razor", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file) is var text && text.Contains("data-once", StringComparison.Ordinal) && text.Contains("<Shell ", StringComparison.Ordinal)
                && !text.Contains("HasForm=", StringComparison.Ordinal))
            .Select(Path.GetFileName).ShouldBeEmpty();

    [Theory]
    [InlineData("/11.11"), InlineData("/33.28/tidak-ada"), InlineData("/tidak-ada"), InlineData("/33.28/laporan/2026-000010"), InlineData("/33.28/laporan/2026-999999x"), InlineData("/33.28/cari?nomor=apa")]
    public async Task that_is_not_there_says_so_in_words(string path)
    {
        var browser = new Browser(host.Browser());
        browser.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var page = await browser.Open(path);

        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Text.ShouldContain("<!DOCTYPE html>");
        page.Text.ShouldContain("tidak");
    }

    [Fact]
    public async Task speaks_the_language_that_is_asked_for_and_remembers_it()
    {
        (await _browser.Open("/33.28")).Text.ShouldContain("<html lang=\"id\">");
        (await _browser.Open("/33.28?lang=en")).Text.ShouldContain("<html lang=\"en\">");
        (await _browser.Open("/33.28/lapor")).Text.ShouldContain("What is wrong?");
        (await _browser.Open("/33.28/lapor?lang=id")).Text.ShouldContain("Apa masalahnya?");
        (await _browser.Open("/33.28/lapor")).Text.ShouldContain("Apa masalahnya?");
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9", "en"), InlineData("in-ID,en;q=0.5", "id"), InlineData("fr, en;q=0.4, id;q=0.8", "id"), InlineData("de", "id")]
    public async Task speaks_the_browsers_language_at_first(string accepted, string spoken)
    {
        var browser = new Browser(host.Browser());
        browser.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(accepted);

        (await browser.Open("/33.28")).Text.ShouldContain($"<html lang=\"{spoken}\">");
    }

    [Fact]
    public async Task finds_a_report_by_its_number_however_it_is_written()
    {
        var ticket = await host.FileReport();

        var found = await _browser.Open($"/33.28/cari?nomor={Uri.EscapeDataString($" {ticket.Replace("-", " ")}")}");

        found.Status.ShouldBe(HttpStatusCode.SeeOther);
        found.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/laporan/{ticket}");
    }

    [Fact]
    public async Task of_one_regency_shows_nothing_of_another()
    {
        var ticket = await host.FileReport(description: "Hanya untuk kabupaten");

        (await _browser.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("Hanya untuk kabupaten");
        (await _browser.Open("/33.76")).Text.ShouldNotContain("Hanya untuk kabupaten");
        (await _browser.Open($"/33.76/laporan/{ticket}")).Text.ShouldNotContain("Hanya untuk kabupaten");
    }

    [Fact]
    public async Task writes_what_citizens_wrote_as_text()
    {
        var ticket = await host.FileReport(description: "Bolong <script>alert(1)</script></script>");

        foreach (var path in new[] { "/33.28", $"/33.28/laporan/{ticket}" })
        {
            (await _browser.Http.GetStringAsync(path)).ShouldNotContain("<script>alert");
        }
    }

    [Fact]
    public async Task filters_the_list()
    {
        var road = await host.FileReport(category: "jalan-rusak");
        var light = await host.FileReport(category: "pju");

        // What came in a moment ago may still be missing.
        await SmartCityHost.Until(async () => (await _browser.Open("/33.28?kategori=pju")).Text.Contains(light, StringComparison.Ordinal), "the list");

        var page = await _browser.Open("/33.28?kategori=pju");

        page.Text.ShouldNotContain(road);
    }

    [Fact]
    public async Task loads_styles_and_scripts_that_browsers_may_keep()
    {
        var html = await _browser.Http.GetStringAsync("/33.28");
        foreach (System.Text.RegularExpressions.Match asset in System.Text.RegularExpressions.Regex.Matches(html, "(?:href|src)=\"(/assets/[^\"]+)\""))
        {
            var answer = await _browser.Http.GetAsync(asset.Groups[1].Value);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        }
    }
}
