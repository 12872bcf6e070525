using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class Following_a_report(SmartCityHost host)
{
    private const string Form = "/33.28/lapor";

    private Browser New() => new(host.Browser());

    // A place of its own for each test, far from all others.
    private static (string, string)[] Draft(string longitude, string description = "Jembatan gantung putus talinya") =>
        [("uraian", description), ("kategori", "jalan-rusak"), ("lintang", "-7.05"), ("bujur", longitude)];

    private async Task<string> Reported(string longitude)
    {
        var filed = (await (await New().Fill(Form, Form, Draft(longitude))).Send(("a.jpg", Pictures.Jpeg(longitude.GetHashCode(StringComparison.Ordinal))))).Ticket();
        var draft = new { category = "jalan-rusak", description = "Jembatan gantung putus talinya", place = new { latitude = -7.05, longitude = double.Parse(longitude, CultureInfo.InvariantCulture) } };
        await SmartCityHost.Until(async () => (await (await host.Http.PostAsJsonAsync("/api/v1/regencies/33.28/reports/similar", draft)).Content.ReadAsStringAsync()).Contains(filed), "the report is found");
        return filed;
    }

    [Fact]
    public async Task is_offered_before_the_same_is_filed_again_and_takes_one_tap()
    {
        var (ticket, browser) = (await Reported("109.01"), New());
        var asked = await (await browser.Fill(Form, Form, [.. Draft("109.0101", "Tali jembatan gantung putus"), ("nama", "Budi"), ("telepon", "0812-9999-1111")])).Send(("b.jpg", Pictures.Jpeg(5)));
        asked.Status.ShouldBe(HttpStatusCode.OK);
        asked.Text.ShouldContain("Apakah sama dengan salah satu laporan ini?");
        asked.Text.ShouldContain($"name=\"ikuti\" value=\"{ticket}\"");
        asked.Text.ShouldContain("value=\"Budi\"");

        var followed = await browser.Fill(asked.Text, Form, "the question", ("ikuti", ticket), ("telepon", "0812-9999-1111")).Send();

        followed.Answer.Headers.Location!.ToString().ShouldStartWith($"/33.28/laporan/{ticket}?ikut=1");
        var page = await browser.Open($"/33.28/laporan/{ticket}");
        page.Text.ShouldContain("1 orang lain melaporkan ini");
        page.Text.ShouldContain("Berhenti ikut");
        (await New().Open($"/33.28/laporan/{ticket}")).Text.ShouldNotContain("Berhenti ikut");
    }

    [Fact]
    public async Task can_be_declined_and_the_photo_is_not_asked_for_again()
    {
        var (ticket, browser) = (await Reported("109.03"), New());
        var asked = await (await browser.Fill(Form, Form, Draft("109.03", "Papan nama jalan hilang"))).Send(("b.jpg", Pictures.Jpeg(6)));
        asked.Text.ShouldContain(ticket);
        asked.Text.ShouldContain("1 foto sudah tersimpan.");

        var other = (await browser.Fill(asked.Text, Form, "the question", Draft("109.03", "Papan nama jalan hilang")).Send(("c.jpg", Pictures.Jpeg(7)))).Ticket();

        other.ShouldNotBe(ticket);
        (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{other}/photos/2")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var dispatcher = New();
        await dispatcher.SignIn("dispatcher");
        await SmartCityHost.Until(async () => (await dispatcher.Open($"/33.28/laporan/{other}")).Text.Contains("Mungkin tentang hal yang sama"), "the suggestion for staff");
        (await dispatcher.Open($"/33.28/laporan/{ticket}")).Text.ShouldContain(other);
        (await New().Open($"/33.28/laporan/{ticket}")).Text.ShouldNotContain("Mungkin tentang hal yang sama");
    }

    [Fact]
    public async Task is_not_asked_of_what_is_confidential()
    {
        await Reported("109.05");

        (await (await New().Fill(Form, Form, [.. Draft("109.05"), ("rahasia", "1")])).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task counts_a_browser_once_and_can_be_left()
    {
        var ticket = await host.FileReport(description: "Kursi taman patah");
        var (page, follow, leave, browser) = ($"/33.28/laporan/{ticket}", $"/33.28/laporan/{ticket}/ikuti", $"/33.28/laporan/{ticket}/berhenti-ikut", New());
        var form = await browser.Fill(page, follow);

        (await form.Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await form.Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        await (await New().Fill(page, follow)).Send();
        (await browser.Open(page)).Text.ShouldContain("2 orang lain melaporkan ini");

        (await (await browser.Fill(page, leave)).Send()).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.Open(page)).Text.ShouldContain("1 orang lain melaporkan ini");
    }

    [Fact]
    public async Task of_another_regency_or_from_another_site_is_refused()
    {
        var ticket = await host.FileReport();
        using var empty = new FormUrlEncodedContent([new("x", "y")]);

        (await New().Http.PostAsync($"/33.28/laporan/{ticket}/ikuti", empty)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var other = await New().Fill("/33.76/masuk", "/33.76/masuk");
        (await (other with { Action = $"/33.76/laporan/{ticket}/ikuti" }).Send()).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
