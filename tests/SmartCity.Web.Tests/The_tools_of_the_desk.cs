using System.Net;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class The_tools_of_the_desk(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    private static async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Make(Browser browser, string ticket, string move, params (string, string)[] fields) =>
        await (await browser.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/langkah/{move}", fields)).Send();

    private async Task<string> Assigned(string description = "Jalan berlubang", string category = "jalan-rusak")
    {
        var ticket = await host.FileReport(category: category, description: description);
        await host.Reaches(ticket, "assigned");
        return ticket;
    }

    [Fact]
    public async Task write_notes_and_take_reports_in_hand_where_only_staff_see_it()
    {
        var ticket = await Assigned();
        var (officer, dispatcher) = (await SignedIn("officer.dpu"), await SignedIn("dispatcher"));

        var noted = await Make(officer, ticket, "writeNote", ("catatan", "Alat baru datang Senin"));
        noted.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/laporan/{ticket}?langkah=writeNote");
        (await Make(officer, ticket, "take", ("petugas", "me"))).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await dispatcher.Open($"/33.28/laporan/{ticket}")).Text.ShouldSatisfyAllConditions(
            t => t.ShouldContain("Alat baru datang Senin"), t => t.ShouldContain("Catatan internal"), t => t.ShouldContain("Dipegang oleh"), t => t.ShouldContain("Petugas DPU"));
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text.ShouldSatisfyAllConditions(
            t => t.ShouldNotContain("Alat baru"), t => t.ShouldNotContain("Catatan internal"), t => t.ShouldNotContain("Dipegang"));
        (await officer.Open("/33.28/meja?petugas=saya")).Text.ShouldContain(ticket);
        (await officer.Open("/33.28/meja?petugas=belum-ada")).Text.ShouldNotContain(ticket);
    }

    [Fact]
    public async Task replace_what_the_public_reads_and_show_the_original_again()
    {
        var ticket = await Assigned("Jalan rusak karena truk Haji Sumantoro");
        var (dispatcher, anybody) = (await SignedIn("dispatcher"), new Browser(host.Browser()));

        (await Make(dispatcher, ticket, "hideWords", ("tulisan", "description"), ("pengganti", "Jalan rusak karena truk"), ("sebab", ""))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Make(dispatcher, ticket, "hideWords", ("tulisan", "description"), ("pengganti", "Jalan rusak karena truk"), ("sebab", "accusation"), ("catatan", "Sudah dilaporkan"))).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await anybody.Open($"/33.28/laporan/{ticket}?lang=en")).Text.ShouldSatisfyAllConditions(
            t => t.ShouldContain("Jalan rusak karena truk"), t => t.ShouldNotContain("Sumantoro"), t => t.ShouldContain("accuses somebody by name"), t => t.ShouldNotContain("Sudah dilaporkan"));
        (await dispatcher.Open($"/33.28/laporan/{ticket}")).Text.ShouldSatisfyAllConditions(t => t.ShouldContain("Sumantoro"), t => t.ShouldContain("umum membaca:"), t => t.ShouldContain("Sudah dilaporkan"));
        (await Make(dispatcher, ticket, "showWords", ("tulisan", "description"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await anybody.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("Sumantoro");
    }

    [Fact]
    public async Task offer_ready_answers_beside_the_field()
    {
        var ticket = await Assigned();
        var (officer, dispatcher) = (await SignedIn("officer.dpu"), await SignedIn("dispatcher"));
        const string page = "/33.28/meja/jawaban-siap";

        (await (await officer.Fill(page, page, ("judul", "Minggu ini"), ("isi", "{opd} menangani laporan {nomor} minggu ini."), ("untuk", "answer"))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await (await dispatcher.Fill(page, page, ("judul", "Salah"), ("isi", "Halo {siapa}"))).Send()).ShouldSatisfyAllConditions(
            sent => sent.Status.ShouldBe(HttpStatusCode.BadRequest), sent => sent.Text.ShouldContain("'{siapa}' tidak dikenal"), sent => sent.Text.ShouldContain("Halo {siapa}"));

        (await officer.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain($"Dinas Pekerjaan Umum menangani laporan {ticket} minggu ini.");
        (await (await SignedIn("officer.dishub")).Open(page)).Text.ShouldNotContain("Minggu ini");
        var removal = Regex.Match((await officer.Open(page)).Text, $"action=\"({page}/ready-answer-[0-9a-f]+/hapus)\"").Groups[1].Value;
        (await (await officer.Fill(page, removal)).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await officer.Open(page)).Text.ShouldNotContain("Minggu ini");
    }

    [Fact]
    public async Task filter_the_list_and_move_several_at_once()
    {
        var (one, two, other) = (await Assigned(), await Assigned(), await Assigned(category: "sampah"));
        var (officer, dispatcher) = (await SignedIn("officer.dpu"), await SignedIn("dispatcher"));

        (await dispatcher.Open("/33.28/meja?daftar=terbuka&kategori=sampah")).Text.ShouldSatisfyAllConditions(t => t.ShouldContain(other), t => t.ShouldNotContain(one));
        var list = await dispatcher.Open("/33.28/meja?daftar=terbuka&opd=DPU&urut=tenggat&status=assigned");
        list.Text.ShouldSatisfyAllConditions(t => t.ShouldContain(one), t => t.ShouldContain(two), t => t.ShouldNotContain(other));
        var csv = Regex.Match(list.Text, "href=\"(/api/v1/regencies/33.28/reports/export.csv[?][^\"]*)\"").Groups[1].Value;
        (await dispatcher.Http.GetStringAsync(csv)).ShouldSatisfyAllConditions(t => t.ShouldContain(one), t => t.ShouldNotContain(other));

        var token = (await officer.Fill("/33.28/meja?daftar=terbuka", "/33.28/meja/beberapa")).Fields.First(f => f.Name == "__RequestVerificationToken");
        var form = new FilledForm(officer, "/33.28/meja/beberapa", [token, ("laporan", one), ("laporan", two), ("laporan", other), ("langkah", "answer"), ("jawaban", "Semua sudah ditambal."), ("selesai", "1")]);
        var sent = await form.Send();
        sent.Status.ShouldBe(HttpStatusCode.OK);
        sent.Text.ShouldContain("2 dari 3 laporan berhasil.");
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{two}")).Text.ShouldContain("Semua sudah ditambal.");
        (await (form with { Fields = [token, ("langkah", "answer")] }).Send()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
