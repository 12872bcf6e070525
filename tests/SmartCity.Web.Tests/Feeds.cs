using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Xml.Linq;
using SmartCity.Testing;

namespace SmartCity.Web.Tests;

public sealed class A_feed(SmartCityHost host)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task is_valid_Atom_with_the_reports_that_its_address_asks_for()
    {
        var ticket = await host.FileReport(category: "drainase", description: "Selokan <mampet> & bau \u0001, hubungi 0812-3456-7890");
        await SmartCityHost.Until(async () => (await host.Http.GetStringAsync("/33.28/umpan?kategori=drainase&status=assigned")).Contains(ticket, StringComparison.Ordinal), "the feed");

        var feed = await Read("/33.28/umpan?kategori=drainase&status=assigned&lang=en");

        var entry = feed.Elements(Atom + "entry").Single(e => e.ToString().Contains(ticket, StringComparison.Ordinal));
        entry.Element(Atom + "content")!.Value.ShouldStartWith("Selokan <mampet> & bau , hubungi [telepon]");
        entry.Element(Atom + "link")!.Attribute("href")!.Value.ShouldEndWith($"/33.28/laporan/{ticket}");
        entry.Element(XName.Get("point", "http://www.georss.org/georss"))!.Value.ShouldBe("-6.98 109.13");
        feed.Elements(Atom + "entry").ShouldAllBe(e => e.Element(Atom + "category")!.Attribute("term")!.Value == "drainase");
        feed.Attribute(XNamespace.Xml + "lang")!.Value.ShouldBe("en");
        (await Read("/33.28/umpan?lintang=-6.98&bujur=109.13&meter=300")).ToString().ShouldContain(ticket);
        (await Read("/33.28/umpan?lintang=-7.1&bujur=109.2&meter=300")).ToString().ShouldNotContain(ticket);
        (await Read("/33.76/umpan")).ToString().ShouldNotContain("mampet");
        (await host.Http.GetAsync("/33.28/umpan?lintang=-7&meter=300")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task of_one_report_tells_what_became_of_it()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");

        var feed = await Read($"/33.28/laporan/{ticket}/umpan");

        feed.Elements(Atom + "entry").Select(e => e.Element(Atom + "title")!.Value).ShouldContain(title => title.StartsWith("Diteruskan ke", StringComparison.Ordinal));
        (await host.Http.GetAsync("/33.28/laporan/2026-999999/umpan")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task is_not_sent_again_to_who_has_it()
    {
        var ticket = await host.FileReport();
        await host.Reaches(ticket, "assigned");
        var address = $"/33.28/laporan/{ticket}/umpan";
        using var first = await host.Http.GetAsync(address);
        first.Headers.CacheControl!.Public.ShouldBeTrue();

        async Task<HttpStatusCode> Ask(Action<HttpRequestHeaders> with)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            with(request.Headers);
            using var answer = await host.Http.SendAsync(request);
            return answer.StatusCode;
        }

        (await Ask(h => h.IfNoneMatch.Add(first.Headers.ETag!))).ShouldBe(HttpStatusCode.NotModified);
        (await Ask(h => h.IfModifiedSince = first.Content.Headers.LastModified)).ShouldBe(HttpStatusCode.NotModified);
        (await Ask(h => h.IfModifiedSince = first.Content.Headers.LastModified!.Value.AddMinutes(-1))).ShouldBe(HttpStatusCode.OK);
        (await Ask(h =>
        {
            h.IfNoneMatch.Add(new("\"another\""));
            h.IfModifiedSince = first.Content.Headers.LastModified;
        })).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task holds_nothing_that_is_not_for_everybody_whoever_asks()
    {
        using var answer = await host.Integrator().PostAsJsonAsync("/api/v1/regencies/33.28/reports",
            new { category = "jalan-rusak", description = "Uraian rahasia Wirosari", isConfidential = true, place = new { latitude = -6.98, longitude = 109.13 } });
        var hidden = (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
        var open = await host.FileReport(description: "Telepon saya 0812-9999-1234");
        using var regent = await host.SignIn("33.28", "regent");

        foreach (var reader in new[] { host.Http, regent })
        {
            var feed = await reader.GetStringAsync("/33.28/umpan");
            feed.ShouldNotContain(hidden);
            feed.ShouldNotContain("0812-9999-1234");
            (await reader.GetAsync($"/33.28/laporan/{hidden}/umpan")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await reader.GetStringAsync("/33.28/sematkan/isi")).ShouldNotContain(hidden);
        }

        (await regent.GetStringAsync("/33.28/umpan")).ShouldContain(open);
    }

    [Fact]
    public async Task is_named_by_the_pages_that_it_goes_with()
    {
        WebUtility.HtmlDecode(await host.Http.GetStringAsync("/33.28?kategori=pju")).ShouldContain("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Laporan warga\" href=\"/33.28/umpan?kategori=pju\"");
        var ticket = await host.FileReport();
        (await host.Http.GetStringAsync($"/33.28/laporan/{ticket}")).ShouldContain($"href=\"/33.28/laporan/{ticket}/umpan\"");
    }

    /// <summary>Reads a feed and holds it against what RFC 4287 demands.</summary>
    private async Task<XElement> Read(string address)
    {
        using var answer = await host.Http.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/atom+xml; charset=utf-8");
        var feed = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        feed.Name.ShouldBe(Atom + "feed");
        foreach (var element in feed.Elements(Atom + "entry").Prepend(feed))
        {
            foreach (var needed in new[] { "id", "title", "updated" })
            {
                element.Elements(Atom + needed).Count().ShouldBe(1, $"{needed} of {element.Name.LocalName}");
            }

            Uri.IsWellFormedUriString(element.Element(Atom + "id")!.Value, UriKind.Absolute).ShouldBeTrue(element.Element(Atom + "id")!.Value);
            DateTimeOffset.TryParseExact(element.Element(Atom + "updated")!.Value, "yyyy-MM-dd'T'HH:mm:ss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal, out _).ShouldBeTrue();
            element.Elements(Atom + "link").ShouldContain(link => link.Attribute("rel")!.Value == "alternate");
        }

        feed.Element(Atom + "author")!.Element(Atom + "name")!.Value.ShouldNotBeEmpty();
        new Uri(feed.Elements(Atom + "link").Single(link => link.Attribute("rel")!.Value == "self").Attribute("href")!.Value).PathAndQuery.ShouldBe(address);
        var ids = feed.Elements(Atom + "entry").Select(e => e.Element(Atom + "id")!.Value).ToArray();
        ids.ShouldBeUnique();
        return feed;
    }
}
