using System.Net;
using System.Net.Http.Json;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_pages_of_incidents_and_proposals(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    [Fact]
    public async Task open_an_emergency_log_what_is_done_and_close_it()
    {
        var ticket = await host.FileReport(description: "Pohon tumbang menutup jalan");
        var dispatcher = await SignedIn("dispatcher");
        var refused = await (await dispatcher.Fill("/33.28/kejadian", "/33.28/kejadian", ("judul", ""), ("kecamatan", ""), ("laporan", ticket))).Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain(ticket);
        var opened = await (await dispatcher.Fill("/33.28/kejadian", "/33.28/kejadian", ("judul", "Angin kencang di Slawi"), ("kecamatan", "33.28.10"), ("laporan", ticket))).Send();
        opened.Status.ShouldBe(HttpStatusCode.SeeOther, opened.Text);
        var path = opened.Answer.Headers.Location!.ToString();

        (await (await dispatcher.Fill(path, $"{path}/catatan", ("teks", "Tim berangkat"), ("umum", "1"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await dispatcher.Fill(path, $"{path}/catatan", ("teks", "Minta gergaji ke DLH"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        var reader = new Browser(host.Browser());
        (await reader.Open("/33.28/kejadian")).Text.ShouldContain("Angin kencang di Slawi");
        var page = (await reader.Open(path)).Text;
        page.ShouldContain("Tim berangkat");
        page.ShouldContain(ticket);
        page.ShouldNotContain("gergaji");
        page.ShouldNotContain("Tutup kejadian");
        (await reader.Open($"{path}?lang=en")).Text.ShouldContain("Going on");
        (await new Browser(host.Browser()).Open(path.Replace("33.28", "33.76"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await SignedIn("dispatcher", "33.76")).Open(path)).Text.ShouldNotContain("gergaji");

        (await (await dispatcher.Fill(path, $"{path}/tutup", ("alasan", "Pohon sudah disingkirkan"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await new Browser(host.Browser()).Open(path)).Text.ShouldContain("Pohon sudah disingkirkan");
    }

    [Fact]
    public async Task show_what_becomes_of_proposals()
    {
        using var filed = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports", new { category = "usulan", description = "Bangun jembatan gantung", place = new { address = "Slawi" } });
        var ticket = (await SmartCityHost.Json(filed)).GetProperty("ticket").GetString()!;

        var page = await SmartCityHost.Until(async () => (await new Browser(host.Browser()).Open("/33.28/usulan")).Text is var text && text.Contains(ticket) && text.Contains("Desa", StringComparison.OrdinalIgnoreCase) ? text : null, "the proposal");
        page.ShouldContain("Median waktu jawab");
        page.ShouldContain("RKPD: Juni");
        (await new Browser(host.Browser()).Open("/33.28/usulan?lang=en")).Text.ShouldContain("Median time to answer");
        (await new Browser(host.Browser()).Open("/33.28/usulan?tanggal=2016-10-31")).Text.ShouldNotContain(ticket);
        (await new Browser(host.Browser()).Open("/33.76/usulan")).Text.ShouldNotContain(ticket);
    }
}
