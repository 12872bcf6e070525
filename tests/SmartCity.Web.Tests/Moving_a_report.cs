using System.Net;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class Moving_a_report(SmartCityHost host)
{
    private async Task<Browser> SignedIn(string name, string regency = "33.28")
    {
        var browser = new Browser(host.Browser());
        await browser.SignIn(name, regency);
        return browser;
    }

    private static async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Make(Browser browser, string ticket, string move, params (string, string)[] fields) =>
        await (await browser.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/langkah/{move}", fields)).Send();

    private async Task<string> Assigned(string category = "jalan-rusak")
    {
        var ticket = await host.FileReport(category: category);
        await host.Reaches(ticket, "assigned");
        return ticket;
    }

    private async Task<(Browser Browser, string Ticket)> FiledOnThePage(params (string, string)[] more)
    {
        var browser = new Browser(host.Browser());
        var sent = await (await browser.Fill("/33.28/lapor", "/33.28/lapor", [("kategori", "jalan-rusak"), ("uraian", "Jalan ambles"), ("alamat", "Slawi"), .. more])).Send();
        return (browser, sent.Ticket());
    }

    [Fact]
    public async Task offers_each_only_the_forms_that_work()
    {
        var ticket = await Assigned();
        async Task<string[]> Forms(Browser browser) => [.. Regex.Matches((await browser.Open($"/33.28/laporan/{ticket}")).Text, $"action=\"/33.28/laporan/{ticket}/(?:langkah/)?([A-Za-z]+)\"").Select(m => m.Groups[1].Value)];

        (await Forms(await SignedIn("officer.dpu"))).ShouldBe(["jawaban", "start", "ask", "supplement", "return", "handOver", "forward", "merge", "plan", "take", "writeNote"], ignoreOrder: true);
        (await Forms(await SignedIn("dispatcher"))).ShouldBe(["disposisi", "ask", "supplement", "forward", "merge", "split", "classify", "protect", "reject", "withdraw", "plan", "place", "writeNote", "hideWords"], ignoreOrder: true);
        (await Forms(await SignedIn("regent"))).ShouldBe(["disposisi", "plan", "writeNote"], ignoreOrder: true);
        (await Forms(await SignedIn("officer.dishub"))).ShouldBeEmpty();
        (await Forms(await SignedIn("auditor"))).ShouldBeEmpty();
        (await Forms(new Browser(host.Browser()))).ShouldBe(["ikuti"]);
    }

    [Fact]
    public async Task is_done_with_forms_in_both_languages()
    {
        var (ticket, other) = (await Assigned(), await Assigned());
        var (dispatcher, officer) = (await SignedIn("dispatcher"), await SignedIn("officer.dpu"));

        var started = await Make(officer, ticket, "start", ("catatan", "Tim berangkat"));
        started.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/meja?langkah=start&laporan={ticket}");
        (await officer.Open(started.Answer.Headers.Location.ToString())).Text.ShouldContain("Mulai kerjakan:");
        (await officer.Open($"/33.28/laporan/{ticket}?lang=en")).Text.ShouldContain("Send back to the dispatcher");
        (await Make(officer, ticket, "forward", ("instansi", "PLN"), ("nomor-luar", "X-1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var page = await dispatcher.Open($"/33.28/laporan/{ticket}");
        page.Text.ShouldContain("badge forwarded");
        page.Text.ShouldContain("PT PLN (Persero)");
        page.Text.ShouldContain("nomor di sana: X-1");
        (await dispatcher.Open("/33.28/meja?daftar=menunggu")).Text.ShouldContain(ticket);

        (await Make(dispatcher, other, "merge", ("ke", ticket))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await dispatcher.Open($"/33.28/laporan/{other}")).Text.ShouldContain($"<a href=\"/33.28/laporan/{ticket}\">{ticket}</a>");

        var third = await Assigned();
        (await Make(dispatcher, third, "split", ("opd-1", "DPU"), ("uraian-1", "Lubangnya"), ("opd-2", "DISHUB"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var whole = await dispatcher.Open($"/33.28/laporan/{third}?lang=en");
        whole.Text.ShouldContain("Handled in parts");
        whole.Text.ShouldContain("Its parts:");
    }

    [Fact]
    public async Task keeps_what_was_typed_when_it_is_refused()
    {
        var ticket = await Assigned();
        var dispatcher = await SignedIn("dispatcher");

        var refused = await Make(dispatcher, ticket, "merge", ("ke", "2026-999999"), ("catatan", "Sama persis"));

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("Tidak ada laporan '2026-999999' di sini.");
        refused.Text.ShouldContain("Sama persis");
        refused.Text.ShouldContain("value=\"2026-999999\"");
    }

    [Fact]
    public async Task is_refused_to_those_who_may_not()
    {
        var ticket = await Assigned();
        var (dispatcher, stranger, citizen) = (await SignedIn("dispatcher"), await SignedIn("dispatcher", "33.76"), new Browser(host.Browser()));
        var form = await dispatcher.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/langkah/reject", ("alasan", "x"));

        // Somebody else's form, and its fields with one's own token.
        (await (form with { Browser = citizen }).Send()).Status.ShouldBe(HttpStatusCode.BadRequest);
        var token = (await citizen.Fill("/33.28/lapor", "/33.28/lapor")).Fields.First(f => f.Name == "__RequestVerificationToken");
        (await new FilledForm(citizen, form.Action, [token, ("alasan", "x")]).Send()).Status.ShouldBe(HttpStatusCode.Forbidden);
        var theirs = (await stranger.Fill("/33.28/lapor", "/33.28/lapor")).Fields.First(f => f.Name == "__RequestVerificationToken");
        (await new FilledForm(stranger, form.Action, [theirs, ("alasan", "x")]).Send()).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Reaches(ticket, "assigned")).GetProperty("state").GetString().ShouldBe("assigned");
    }

    [Fact]
    public async Task by_its_reporter_needs_the_browser_it_was_filed_in_or_its_key()
    {
        var (browser, ticket) = await FiledOnThePage();
        await host.Reaches(ticket, "assigned");
        var receipt = (await browser.Open($"/33.28/laporan/{ticket}?baru=1")).Text;
        var key = Regex.Match(receipt, "class=\"key\">([0-9a-z-]+)<").Groups[1].Value;
        key.Length.ShouldBe(19);
        var officer = await SignedIn("officer.dpu");
        await Make(officer, ticket, "ask", ("pertanyaan", "Sebelah mana?"));
        (await new Browser(host.Browser()).Open($"/33.28/laporan/{ticket}")).Text.ShouldNotContain("Sebelah mana?");

        var asked = (await browser.Open($"/33.28/laporan/{ticket}")).Text;
        asked.ShouldContain("Sebelah mana?");
        asked.ShouldContain("Pelapor dimintai keterangan (Dinas");
        var added = await Make(browser, ticket, "supplement", ("tambahan", "Sebelah barat"));
        added.Answer.Headers.Location!.ToString().ShouldBe($"/33.28/laporan/{ticket}?langkah=supplement");
        (await officer.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("Sebelah barat");
        await (await officer.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/jawaban", ("jawaban", "Sudah."), ("selesai", "1"))).Send();

        // On another device, with the key.
        var telephone = new Browser(host.Browser());
        (await (await telephone.Fill("/33.28/pelapor", "/33.28/pelapor", ("nomor", ticket), ("kunci", "salah"))).Send()).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await (await telephone.Fill("/33.28/pelapor", "/33.28/pelapor", ("nomor", ticket), ("kunci", key))).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await telephone.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("laporan ditutup sendiri pada");
        (await Make(telephone, ticket, "reopen", ("alasan", "Ambles lagi"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await host.Reaches(ticket, "assigned");
        (await Make(telephone, ticket, "withdraw")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await host.Reaches(ticket, "withdrawn");
    }

    [Fact]
    public async Task that_is_confidential_is_read_by_its_reporter_with_its_photos()
    {
        var browser = new Browser(host.Browser());
        var sent = await (await browser.Fill("/33.28/lapor", "/33.28/lapor", ("kategori", "jalan-rusak"), ("uraian", "Hal rahasia"), ("alamat", "Slawi"), ("rahasia", "1"))).Send(("a.jpg", Browser.Picture()));
        var ticket = sent.Ticket();

        var own = await browser.Open($"/33.28/laporan/{ticket}");

        own.Text.ShouldContain("Hal rahasia");
        own.Text.ShouldContain($"/33.28/laporan/{ticket}/foto/1");
        (await browser.Open($"/33.28/laporan/{ticket}/foto/1?size=small")).Status.ShouldBe(HttpStatusCode.OK);
        var other = new Browser(host.Browser());
        (await other.Open($"/33.28/laporan/{ticket}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Open($"/33.28/laporan/{ticket}/foto/1")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task that_is_a_proposal_is_supported_once_by_a_browser()
    {
        var ticket = await host.FileReport(category: "usulan", description: "Bangun taman");
        var (one, two) = (new Browser(host.Browser()), new Browser(host.Browser()));
        async Task Support(Browser browser) => (await (await browser.Fill($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/dukung")).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);

        await Support(one);
        await Support(one);
        await Support(two);

        (await one.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain("2 pendukung");
    }
}
