using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_pages_of_repayments(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    /// <summary>Registers an obligation and gives the page of its contractor.</summary>
    private async Task<(string Obligation, string Page)> Registered(string reference, string name)
    {
        using var answer = await (await host.SignIn("33.28", "bpkad")).PostAsJsonAsync("/api/v1/regencies/33.28/obligations",
            new { reference, name, department = "DPU", year = 2014, amount = 2_500_000.50m, on = "2015-06-01" });
        var made = await SmartCityHost.Json(answer);
        return (made.GetProperty("id").GetString()!, $"/33.28/pengembalian/rekanan/{made.GetProperty("obligor").GetProperty("id").GetString()}");
    }

    [Fact]
    public async Task show_sums_to_everybody_and_names_to_those_who_may()
    {
        var (_, page) = await Registered("W-1", "CV Halaman Rekaan (contoh)");

        var open = (await new Browser(host.Browser()).Open("/33.28/pengembalian?tanggal=2016-10-31&dari=2015-01-01")).Text;
        open.ShouldContain("Harus dikembalikan");
        open.ShouldContain("Dari 1 Januari 2015 sampai 31 Oktober 2016");
        open.ShouldNotContain("Halaman Rekaan");
        (await new Browser(host.Browser()).Open("/33.28/pengembalian?lang=en")).Text.ShouldContain("Money to be paid back");
        (await new Browser(host.Browser()).Open("/33.28/pengembalian?tanggal=kemarin")).Text.ShouldContain("Tanggal tidak terbaca");

        (await (await SignedIn("regent")).Open("/33.28/pengembalian")).Text.ShouldContain("CV Halaman Rekaan (contoh)");
        (await new Browser(host.Browser()).Open(page)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await SignedIn("officer.dishub")).Open(page)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await SignedIn("officer.dishub")).Open($"{page}/surat")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await SignedIn("dispatcher")).Open(page)).Status.ShouldBe(HttpStatusCode.Forbidden);
        var stranger = await SignedIn("bpkad", "33.76");
        (await stranger.Open(page)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.Open(page.Replace("33.28", "33.76"))).Status.ShouldBe(HttpStatusCode.NotFound);
        var auditor = (await (await SignedIn("auditor")).Open(page)).Text;
        auditor.ShouldContain("Rp 2.500.000,50");
        auditor.ShouldNotContain("Catat setoran");
    }

    [Fact]
    public async Task take_deposits_confirm_them_and_take_them_back()
    {
        var (obligation, page) = await Registered("W-2", "CV Setor Rekaan (contoh)");
        var (treasury, officer) = (await SignedIn("bpkad"), await SignedIn("officer.dpu"));
        (string, string)[] Fields(string amount) => [("kewajiban", obligation), ("tanggal", "2016-01-05"), ("dokumen", "STS-W/1"), ("jumlah", amount)];

        var refused = await (await officer.Fill(page, $"{page}/setoran", Fields("3.000.000"))).Send();
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Text.ShouldContain("Tidak boleh melebihi kewajiban: sisa Rp 2.500.000,50");
        refused.Text.ShouldContain("STS-W/1");
        (await (await officer.Fill(page, $"{page}/setoran", Fields("500.000"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await officer.Open(page)).Text.ShouldContain("Belum dikonfirmasi, belum dihitung");
        (await officer.Open(page)).Text.ShouldNotContain("/konfirmasi");

        (await (await treasury.Fill(page, $"{page}/{obligation}/2/konfirmasi")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await treasury.Open(page)).Text.ShouldContain("Rp 2.000.000,50");
        (await (await treasury.Fill(page, $"{page}/{obligation}/2/pembalik", ("alasan", "Salah rekanan"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        var after = (await treasury.Open(page)).Text;
        after.ShouldContain("membatalkan no. 2: Salah rekanan");
        Regex.Count(after, "pembalik\"").ShouldBe(0);
    }

    [Fact]
    public async Task take_what_officials_propose_and_what_the_auditor_decides()
    {
        var inspector = await host.SignIn("33.28", "officer.inspektorat");
        using var received = await inspector.PostAsJsonAsync("/api/v1/regencies/33.28/audit-reports", new { number = "LHP-W", title = "Pemeriksaan halaman (contoh)", year = 2015, issuedOn = "2016-05-20", receivedOn = "2016-05-31" });
        var report = (await SmartCityHost.Json(received)).GetProperty("id").GetString();
        (await SmartCityHost.Json(await inspector.PostAsJsonAsync($"/api/v1/regencies/33.28/audit-reports/{report}/findings",
            new { number = 1, title = "Kekurangan volume", department = "DPU", recommendations = new[] { "Setor ke kas daerah" } }))).ToString().ShouldContain("Kekurangan volume");
        const string page = "/33.28/pengembalian/temuan";
        var path = $"{page}/{report}.1/1";

        var officer = await SignedIn("officer.dpu");
        (await officer.Open(page)).Text.ShouldContain("Terlambat");
        var refused = await (await officer.Fill(page, $"{path}/usul", ("status", "cannotbefollowedup"), ("dokumen", "Akta pailit"))).Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Akta pailit");
        (await (await officer.Fill(page, $"{path}/usul", ("status", "settled"), ("dokumen", "STS halaman"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await officer.Open(page)).Text.ShouldNotContain("/putus\"");
        (await (await SignedIn("officer.dishub")).Open(page)).Text.ShouldNotContain("Pemeriksaan halaman");

        var decider = await SignedIn("officer.inspektorat");
        (await decider.Open(page)).Text.ShouldContain("STS halaman");
        (await (await decider.Fill(page, $"{path}/putus", ("status", "inprogress"), ("dokumen", "TL/1"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await SignedIn("regent")).Open(page)).Text.ShouldContain("Belum sesuai");
        (await (await SignedIn("bpkad")).Open("/33.28/meja")).Answer.Headers.Location!.ToString().ShouldBe("/33.28/pengembalian");
    }

    [Fact]
    public async Task write_letters_with_the_amount_in_figures_and_words()
    {
        var (_, page) = await Registered("W-3", "PT Surat Rekaan (contoh)");
        var treasury = await SignedIn("bpkad");

        var demand = (await treasury.Open($"{page}/surat?nomor=900/12&tanggal=2016-10-31&hari=30&penandatangan=Ny.+Contoh")).Text;
        foreach (var part in new[] { "Nomor", ": 900/12", "Slawi, 31 Oktober 2016", "Penagihan penyetoran ke kas daerah", "Direktur/Pimpinan PT Surat Rekaan (contoh)", "W-3", "Rp 2.500.000,50",
            "dua juta lima ratus ribu rupiah lima puluh sen", "30 November 2016", "Kepala BPKAD", "Ny. Contoh", "Pasal 20 Undang-Undang Nomor 15 Tahun 2004" })
        {
            demand.ShouldContain(part);
        }

        demand.ShouldContain("Ini rancangan");
        (await treasury.Open(page)).Text.ShouldNotContain("900/12", Case.Sensitive, "a draft is not on record");
        (await treasury.Open("/33.28/pengembalian/temuan")).Text.ShouldContain("Temuan dan tindak lanjut");
        (await treasury.Open($"{page}/surat?lang=en")).Text.ShouldContain("Letter of demand");
    }

    [Fact]
    public async Task issue_letters_and_print_them_again_as_they_were()
    {
        var (obligation, page) = await Registered("W-4", "PT Teguran Rekaan (contoh)");
        var treasury = await SignedIn("bpkad");
        var draft = $"{page}/surat?nomor=900/21&tanggal=2016-10-03&hari=14&penandatangan=Ny.+Contoh";

        var issued = await (await treasury.Fill(draft, $"{page}/surat/terbit")).Send();
        issued.Status.ShouldBe(HttpStatusCode.SeeOther);
        issued.Answer.Headers.Location!.ToString().ShouldBe($"{page}/surat/1");
        (await (await treasury.Fill(page, $"{page}/setoran", ("kewajiban", obligation), ("tanggal", "2016-10-10"), ("dokumen", "STS-W/4"), ("jumlah", "500.000"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        // Who entered it does not confirm it.
        var own = (await treasury.Open(page)).Text;
        own.ShouldContain("orang lain dari kas daerah yang mengonfirmasi");
        own.ShouldNotContain("/2/konfirmasi");
        own.ShouldNotContain("name=\"konfirmasi\"");
        (await (await (await SignedIn("kasda")).Fill(page, $"{page}/{obligation}/2/konfirmasi")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        var printed = (await treasury.Open($"{page}/surat/1")).Text;
        foreach (var part in new[] { ": 900/21", "Penagihan penyetoran ke kas daerah", "Rp 2.500.000,50", "17 Oktober 2016", "Diterbitkan oleh staff:bpkad" })
        {
            printed.ShouldContain(part);
        }

        printed.ShouldNotContain("Terbitkan surat ini");
        (await treasury.Open(page)).Text.ShouldContain("900/21");
        var early = await (await treasury.Fill($"{page}/surat?nomor=900/22&tanggal=2016-10-17&penandatangan=Ny.+Contoh", $"{page}/surat/terbit")).Send();
        early.Status.ShouldBe(HttpStatusCode.Conflict);
        early.Text.ShouldContain("memberi waktu sampai 2016-10-17");
        var reminder = (await treasury.Open($"{page}/surat?nomor=900/22&tanggal=2016-10-18&penandatangan=Ny.+Contoh")).Text;
        reminder.ShouldContain("Teguran penyetoran ke kas daerah (penagihan kedua)");
        reminder.ShouldContain("Menyusul surat kami Nomor 900/21 tanggal 3 Oktober 2016");
        reminder.ShouldContain("Rp 2.000.000,50");

        (await (await SignedIn("auditor")).Open($"{page}/surat/1")).Text.ShouldContain("900/21");
        (await (await SignedIn("auditor")).Open($"{page}/surat")).Text.ShouldNotContain("Terbitkan surat ini");
        (await (await SignedIn("officer.dishub")).Open($"{page}/surat/1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await SignedIn("bpkad", "33.76")).Open($"{page}/surat/1")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await treasury.Open($"{page}/surat/9")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task take_instalments_and_show_which_of_them_are_in_arrears()
    {
        var (obligation, page) = await Registered("W-5", "PT Angsuran Rekaan (contoh)");
        var treasury = await SignedIn("bpkad");

        var refused = await (await treasury.Fill(page, $"{page}/{obligation}/jadwal", ("dokumen", "SP-1"), ("angsuran", "2016-01-31 1.000.000\nbulan depan 1.500.000,50"))).Send();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Baris 2: tulis tanggal dan jumlah");
        refused.Text.ShouldContain("SP-1");
        var unequal = await (await treasury.Fill(page, $"{page}/{obligation}/jadwal", ("dokumen", "SP-1"), ("angsuran", "2016-01-31 1.000.000"))).Send();
        unequal.Text.ShouldContain("Jumlah angsuran harus sama dengan kewajiban, Rp 2.500.000,50");
        (await (await treasury.Fill(page, $"{page}/{obligation}/jadwal", ("dokumen", "SP-1"), ("angsuran", "2016-01-31 1.000.000\r\n31/03/2016 1.500.000,50"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await treasury.Fill(page, $"{page}/setoran", ("kewajiban", obligation), ("tanggal", "2016-02-10"), ("dokumen", "STS-W/5"), ("jumlah", "1.200.000"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await (await SignedIn("kasda")).Fill(page, $"{page}/{obligation}/2/konfirmasi")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        var now = (await treasury.Open(page)).Text;
        foreach (var part in new[] { "Tunggakan", "Rp 1.300.000,50", "31 Januari 2016", "Lunas", "31 Maret 2016", "Menunggak", "Ganti jadwal angsuran" })
        {
            now.ShouldContain(part);
        }

        (await treasury.Open($"{page}?tanggal=2016-02-28")).Text.ShouldContain("Belum jatuh tempo");
        (await (await treasury.Fill(page, $"{page}/{obligation}/jadwal", ("dokumen", "SP-2"), ("kali", "3"), ("mulai", "2016-01-31"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        var equal = (await treasury.Open(page)).Text;
        equal.ShouldContain("Rp 833.333");
        equal.ShouldContain("Rp 833.334,50");
        (await (await SignedIn("officer.dpu")).Open(page)).Text.ShouldNotContain("/jadwal\"");
    }
}
