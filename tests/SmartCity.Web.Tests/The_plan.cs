using System.Net;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_plan(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    private static (string, string)[] Fields(string name, string cost = "Rp 1.250.000.000") =>
        [("nama", name), ("opd", "DPU"), ("kecamatan", "33.28.10"), ("tahun", "2028"), ("sumber", "apbd"), ("biaya", cost)];

    [Fact]
    public async Task is_made_by_officers_read_by_everybody_and_linked_from_the_report()
    {
        var officer = await SignedIn("officer.dpu");
        var refused = await (await officer.Fill("/33.28/rencana/baru", "/33.28/rencana", Fields("Jalan Halaman", "banyak"))).Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Isi biaya dalam rupiah bulat");
        refused.Text.ShouldContain("Jalan Halaman");
        var planned = await (await officer.Fill("/33.28/rencana/baru", "/33.28/rencana", Fields("Jalan Halaman"))).Send();
        planned.Status.ShouldBe(HttpStatusCode.SeeOther, planned.Text);
        var path = planned.Answer.Headers.Location!.ToString().Split('?')[0];

        var ticket = await host.FileReport(description: "Jalan halaman rusak");
        await host.Reaches(ticket, "assigned");
        var answered = await (await officer.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/jawaban", ("jawaban", "Perlu anggaran."), ("hasil", "needsBudget"), ("rencana", path.Split('/')[^1]))).Send();
        answered.Status.ShouldBe(HttpStatusCode.SeeOther, answered.Text);
        var changed = await (await officer.Fill(path, $"{path}/ubah", [.. Fields("Jalan Halaman", "1.500.000.000"), ("alasan", "Harga aspal naik")])).Send();
        changed.Status.ShouldBe(HttpStatusCode.SeeOther, changed.Text);
        (await (await officer.Fill(path, $"{path}/langkah/started")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        var reader = new Browser(host.Browser());
        var list = (await reader.Open("/33.28/rencana?tahun=2028&kecamatan=33.28.10")).Text;
        list.ShouldContain("Jalan Halaman");
        list.ShouldContain("Rp 1.500.000.000");
        list.ShouldContain("1 laporan");
        (await reader.Open("/33.28/rencana?lang=en")).Text.ShouldContain("Per district and year");
        var one = (await new Browser(host.Browser()).Open(path)).Text;
        one.ShouldContain(ticket);
        one.ShouldContain("Sedang dikerjakan");
        one.ShouldNotContain("Ubah rencana");
        await SmartCityHost.Until(async () => (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text is var report
            && report.Contains($"href=\"{path}\"") && report.Contains("semula Rp 1.250.000.000"), "the report shows the change");
    }

    [Fact]
    public async Task is_not_changed_by_others_nor_from_elsewhere()
    {
        var planned = await (await (await SignedIn("officer.dpu")).Fill("/33.28/rencana/baru", "/33.28/rencana", Fields("Jalan Terkunci"))).Send();
        var path = planned.Answer.Headers.Location!.ToString().Split('?')[0];

        (await new Browser(host.Browser()).Open("/33.28/rencana/baru")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await SignedIn("auditor")).Open("/33.28/rencana/baru")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await SignedIn("officer.dishub")).Open(path)).Text.ShouldNotContain("Ubah rencana");
        (await new Browser(host.Browser()).Open(path.Replace("33.28", "33.76"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var stranger = await SignedIn("dispatcher", "33.76");
        (await stranger.Open("/33.28/rencana/baru")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.Open(path)).Text.ShouldNotContain("Ubah rencana");
    }
}
