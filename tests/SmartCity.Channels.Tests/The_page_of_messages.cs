using System.Net;
using System.Text.RegularExpressions;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class The_page_of_messages(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Page = "/33.28/meja/pesan";

    [Fact]
    public async Task shows_what_was_given_up_and_sends_it_again_or_drops_it()
    {
        var (again, never) = (SmsHost.NewNumber(), SmsHost.NewNumber());
        foreach (var number in (string[])[again, never])
        {
            host.Gateways.Script(number, FakeGateways.Fails(400, "Missing receiver number, rejected"));
            (await host.Kannel(number, $"jalan rusak parah di Balamoa {number}")).EnsureSuccessStatusCode();
        }

        var dispatcher = await host.SignIn("33.28", "dispatcher");
        var page = await SmartCityHost.Until(async () => WebUtility.HtmlDecode(await dispatcher.GetStringAsync(Page)) is var html && Forms(html).Count >= 2 ? html : null, "two messages that were given up");
        page.ShouldContain("Missing receiver number");
        page.ShouldContain("Kirim lagi");
        (await dispatcher.GetStringAsync($"{Page}?lang=en")).ShouldContain("Send again");
        var (first, second) = (Forms(page)[0], Forms(page)[1]);
        // Those who only watch have no buttons, and others no page.
        (await (await host.SignIn("33.28", "auditor")).GetStringAsync(Page)).ShouldNotContain("/ulangi");
        var humas = await host.SignIn("33.28", "humas");
        (await humas.GetAsync("/33.28/meja")).Headers.Location!.ToString().ShouldBe(Page);
        var watched = WebUtility.HtmlDecode(await humas.GetStringAsync(Page));
        watched.ShouldContain("Missing receiver number");
        watched.ShouldContain("Peringatan untuk Anda");
        watched.ShouldContain("data-address=\"/api/v1/regencies/33.28/alerts\"");
        watched.ShouldContain("desk.js");
        watched.ShouldNotContain("/ulangi");
        watched.ShouldNotContain("/tanpa-jawaban");
        (await Send(humas, $"{Page}/keluar/{first}/ulangi", page)).ShouldBe(HttpStatusCode.Forbidden);
        (await host.Http.GetAsync(Page)).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        (await (await host.SignIn("33.76", "dispatcher")).GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(await host.SignIn("33.28", "officer.dpu"), $"{Page}/keluar/{first}/ulangi", page)).ShouldBe(HttpStatusCode.Forbidden);

        (await Send(dispatcher, $"{Page}/keluar/{first}/ulangi", page)).ShouldBe(HttpStatusCode.SeeOther);
        (await Send(dispatcher, $"{Page}/keluar/{second}/batal", page)).ShouldBe(HttpStatusCode.SeeOther);

        await SmartCityHost.Until(() => Task.FromResult(host.Gateways.To(again).Count + host.Gateways.To(never).Count == 1), "one of them is sent");
        await SmartCityHost.Until(async () => Forms(WebUtility.HtmlDecode(await dispatcher.GetStringAsync(Page))).Intersect([first, second]).Any() is false, "nothing is left to decide");
        var state = (await SmartCityHost.Json(await dispatcher.GetAsync("/api/v1/regencies/33.28/outbox?state=withheld"))).EnumerateArray().Single(m => m.GetProperty("id").GetString() == second);
        state.GetProperty("error").GetString()!.ShouldContain("decided staff:dispatcher");
    }

    [Fact]
    public async Task leaves_a_message_unanswered_only_with_a_reason()
    {
        (await host.Kannel("9119", "Promo paket data murah, hubungi kami sekarang")).EnsureSuccessStatusCode();
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        string Action(string html) => Regex.Match(html, $"{Page}/masuk/[^/\"]+/tanpa-jawaban").Value;
        var page = await SmartCityHost.Until(async () => await dispatcher.GetStringAsync(Page) is var html && Action(html).Length > 0 ? html : null, "a message that a person must look at");

        (await Send(dispatcher, Action(page), page)).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(dispatcher, Action(page), page, ("alasan", "Iklan"))).ShouldBe(HttpStatusCode.SeeOther);

        (await dispatcher.GetStringAsync(Page)).ShouldNotContain(Action(page));
        (await host.History(Action(page).Split('/')[^2])).ShouldContain("message.dismissed.v1");
    }

    [Fact]
    public async Task counts_by_age_and_department_and_shows_an_officer_the_own_department_only()
    {
        var ticket = await host.Report(SmsHost.NewNumber(), "jalan rusak parah di Balapulang depan pasar");
        await host.Reaches(ticket, "assigned");
        var dispatcher = await host.SignIn("33.28", "dispatcher");
        await SmartCityHost.Until(async () => (await dispatcher.GetStringAsync(Page)).Contains("Dinas Pekerjaan Umum", StringComparison.Ordinal), "the department in the list");

        var mine = await (await host.SignIn("33.28", "officer.dpu")).GetStringAsync(Page);
        mine.ShouldContain("Dinas Pekerjaan Umum");
        mine.ShouldNotContain("Petugas disposisi");
        mine.ShouldNotContain("id=\"keluar\"");
        (await (await host.SignIn("33.28", "officer.dpu")).GetStringAsync("/api/v1/regencies/33.28/unanswered")).ShouldContain("DPU");
        var others = await SmartCityHost.Json(await (await host.SignIn("33.28", "officer.dishub")).GetAsync("/api/v1/regencies/33.28/unanswered"));
        others.EnumerateArray().ShouldAllBe(count => count.GetProperty("department").GetString() == "DISHUB");
    }

    private static List<string> Forms(string html) => [.. Regex.Matches(html, $"{Page}/keluar/([0-9a-f-]{{36}})/ulangi").Select(m => m.Groups[1].Value)];

    /// <summary>Sends a form of the page as a browser does.</summary>
    private static async Task<HttpStatusCode> Send(HttpClient caller, string action, string page, params (string Name, string Value)[] fields)
    {
        var token = Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var answer = await caller.PostAsync(action, new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]));
        return answer.StatusCode;
    }
}

public sealed class A_provider_that_fails_again_and_again(SmsHost host) : IClassFixture<SmsHost>
{
    [Fact]
    public async Task is_left_alone_as_the_page_of_messages_shows()
    {
        var numbers = Enumerable.Range(0, 5).Select(_ => SmsHost.NewNumber()).ToArray();
        foreach (var number in numbers)
        {
            host.Gateways.Script(number, FakeGateways.Fails(503), FakeGateways.Fails(503), FakeGateways.Fails(503));
            (await host.Kannel(number, $"jalan rusak parah di Balamoa {number}")).EnsureSuccessStatusCode();
        }

        var regent = await host.SignIn("33.28", "regent");
        await SmartCityHost.Until(async () => (await regent.GetStringAsync("/33.28/meja/pesan")).Contains("sekring terbuka", StringComparison.Ordinal), "the open circuit");

        var counts = await SmartCityHost.Json(await regent.GetAsync("/api/v1/regencies/33.28/outbox-counts"));
        counts.EnumerateArray().Single(c => c.GetProperty("channel").GetString() == "sms").GetProperty("failing").GetInt32().ShouldBeGreaterThan(0);
        (await host.Http.GetAsync("/api/v1/regencies/33.28/outbox-counts")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await host.SignIn("33.76", "regent")).GetAsync("/api/v1/regencies/33.28/outbox-counts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "officer.dpu")).GetAsync("/api/v1/regencies/33.28/outbox-counts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
