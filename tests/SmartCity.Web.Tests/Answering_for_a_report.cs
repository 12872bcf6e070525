using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class Answering_for_a_report(SmartCityHost host)
{
    private const string Ladder = "/33.28/meja/tangga", Cases = "/33.28/meja/perkara";

    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    [Fact]
    public async Task goes_from_taking_over_to_a_case_a_statement_and_a_decision()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        var sekda = await SignedIn("sekda");
        await SmartCityHost.Until(async () => (await sekda.Http.PostAsync($"/api/v1/regencies/33.28/ladder/{ticket}/takeovers", null)).IsSuccessStatusCode, "taken over");

        var page = await sekda.Open(Ladder);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain(ticket);
        page.Text.ShouldContain("Sekretaris Daerah: Drs. Baskara Adinata, M.Si.");
        (await sekda.Open($"{Ladder}?lang=en")).Text.ShouldContain("taken over");

        var regent = await SignedIn("regent");
        (await (await regent.Fill(Ladder, $"{Ladder}/{ticket}/perpanjang", ("hari", "5"), ("alasan", ""))).Send()).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await (await regent.Fill(Ladder, $"{Ladder}/{ticket}/perpanjang", ("hari", "5"), ("alasan", "Menunggu alat."))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await regent.Open(Ladder)).Text.ShouldNotContain($"{Ladder}/{ticket}/perpanjang", Case.Sensitive, "it can be done once");
        var opened = await (await regent.Fill(Ladder, $"{Ladder}/{ticket}/perkara", ("alasan", "Sudah diingatkan."))).Send();
        opened.Status.ShouldBe(HttpStatusCode.SeeOther);
        var id = opened.Answer.Headers.Location!.ToString().Split('#')[1];

        (await (await SignedIn("officer.dpu")).Open(Cases)).Text.ShouldNotContain(id);
        (await (await SignedIn("regent", "33.76")).Open("/33.76/meja/perkara")).Text.ShouldNotContain(id);
        var head = await SignedIn("head.dpu");
        (await head.Open(Cases)).Text.ShouldContain("Sudah diingatkan.");
        (await (await head.Fill(Cases, $"{Cases}/{id}/state", ("isi", "Alatnya rusak."))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await regent.Fill(Cases, $"{Cases}/{id}/decide", ("putusan", "Reminder"), ("isi", "Sewa lebih awal."))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await SignedIn("officer.dpu")).Open(Cases)).Text.ShouldContain("teguran lisan");
    }

    [Fact]
    public async Task is_shown_to_everybody_in_numbers_and_to_staff_by_report()
    {
        await host.FileReport();
        var anybody = new Browser(host.Browser());

        (await anybody.Open(Ladder)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await anybody.Open(Cases)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await SmartCityHost.Until(async () => (await anybody.Open("/33.28/kinerja")).Text is var text && text.Contains("Dinas Pekerjaan Umum") && text.Contains("format=csv"), "the department is counted");
        (await anybody.Open("/33.28/kinerja?lang=en&dari=x&sampai=2099-01-01")).Text.ShouldContain("How departments do");
        var all = await anybody.Open("/kinerja?lang=id");
        all.Text.ShouldContain("Kabupaten Tegal");
        all.Text.ShouldContain("Kota Tegal");
    }

    [Fact]
    public async Task lets_the_reporter_judge_the_answer()
    {
        using var filed = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports", new { category = "jalan-rusak", description = "Jalan berlubang di depan pasar", place = new { latitude = -6.98, longitude = 109.13 } });
        var report = await SmartCityHost.Json(filed);
        var (ticket, secret) = (report.GetProperty("ticket").GetString()!, report.GetProperty("secret").GetString()!);
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");
        await SmartCityHost.Until(async () => (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).IsSuccessStatusCode, "answered");
        var reporter = new Browser(host.Browser());
        (await (await reporter.Fill("/33.28/pelapor", "/33.28/pelapor", ("nomor", ticket), ("kunci", secret))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        var judged = await (await reporter.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/langkah/judge", ("puas", "tidak"), ("alasan", "Masih berlubang."))).Send();

        judged.Status.ShouldBe(HttpStatusCode.SeeOther);
        (await reporter.Open(judged.Answer.Headers.Location!.ToString())).Text.ShouldContain("Nilai jawabannya</p>", Case.Sensitive, "in the words that the reporter chose, not in those of the staff");
        (await host.Reaches(ticket, "assigned")).GetProperty("state").GetString().ShouldBe("assigned");
        var page = (await reporter.Open($"/33.28/laporan/{ticket}")).Text;
        Regex.IsMatch(page, "Penilaian pelapor:</strong>\\s*<span>tidak puas</span>").ShouldBeTrue();
        foreach (var step in new[] { "Dijawab", "Selesai" })
        {
            Regex.IsMatch(page, $"<strong>{step}</strong>\\s*sudah").ShouldBeFalse("what was done before is open again");
        }
    }
}
