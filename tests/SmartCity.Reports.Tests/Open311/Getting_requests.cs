using System.Net;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.Open311.Open311Host;

namespace SmartCity.Reports.Tests.Open311;

public sealed class Getting_requests(Open311Host host)
{
    private static readonly string[] Elements =
    [
        "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "requested_datetime",
        "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
    ];

    private Task<Reply> List(string query, string jurisdiction = Here) => host.Get($"requests.json?jurisdiction_id={jurisdiction}{query}");

    [Fact]
    public async Task gives_every_element_in_both_formats()
    {
        var id = await host.File(("lat", null), ("long", null), ("address_string", "Pasar Pagi"));

        var json = (await host.Get($"requests/{id}.json?jurisdiction_id={Here}")).Json[0];
        var xml = (await host.Get($"requests/{id}.xml?jurisdiction_id={Here}")).Xml.Elements("request").ShouldHaveSingleItem();

        json.EnumerateObject().Select(p => p.Name).ShouldBe(Elements);
        xml.Elements().Select(e => e.Name.LocalName).ShouldBe(Elements);
        json.GetProperty("lat").ValueKind.ShouldBe(JsonValueKind.Null);
        xml.Element("lat")!.IsEmpty.ShouldBeTrue();
        json.GetProperty("status").GetString().ShouldBe("open");
        json.GetProperty("service_name").GetString().ShouldBe("Jalan rusak");
        json.GetProperty("requested_datetime").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
    }

    [Fact]
    public async Task is_newest_first_and_filters_by_service()
    {
        await host.Post(Form(("service_code", "saran")));
        var first = await host.File(("description", "satu"));
        var second = await host.File(("description", "dua"));

        var ids = (await List("&service_code=jalan-rusak,tidak-ada")).Ids;

        Array.IndexOf(ids, second).ShouldBeLessThan(Array.IndexOf(ids, first));
        (await List("&service_code=jalan-rusak&service_code=saran")).Json.EnumerateArray().Select(r => r.GetProperty("service_code").GetString()).Distinct().ShouldBe(["jalan-rusak", "saran"], ignoreOrder: true);
        (await List("&service_code=tidak-ada")).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task that_are_closed_shows_the_last_answer()
    {
        var id = await host.File(("description", "Lubang besar"));
        await host.AnswerReport(id, "Kami periksa.", isSettled: false);
        (await host.Get($"requests/{id}.json?jurisdiction_id={Here}")).Json[0].GetProperty("status").GetString().ShouldBe("open");
        await host.AnswerReport(id, "Sudah ditambal. Hubungi 0812-3456-7890.", isSettled: true);

        var closed = (await List("&status=closed")).Json.EnumerateArray().Single(r => r.GetProperty("service_request_id").GetString() == id);

        closed.GetProperty("status_notes").GetString().ShouldBe("Sudah ditambal. Hubungi [telepon].");
        closed.GetProperty("agency_responsible").GetString().ShouldBe("Dinas DPU");
        (await List("&status=open")).Ids.ShouldNotContain(id);
        (await List("&status=open,closed")).Ids.ShouldContain(id);
        (await List("&agency_responsible=dpu&status=closed")).Ids.ShouldContain(id);
        (await List("&agency_responsible=Dinas%20DISHUB")).Ids.ShouldNotContain(id);
        (await List("&agency_responsible=nobody")).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task by_ids_ignores_every_other_filter_and_what_is_not_there()
    {
        var (one, two) = (await host.File(), await host.File());

        (await List($"&service_request_id={two},{one},2026-999999&status=nonsense&start_date=x")).Ids.ShouldBe([one, two], ignoreOrder: true);
        (await host.Get($"requests/{one},{two}.json?jurisdiction_id={Here}")).Ids.ShouldBe([one, two], ignoreOrder: true);
        (await host.Get($"requests/{one},2026-999999.json?jurisdiction_id={Here}")).Ids.ShouldBe([one]);
    }

    [Fact]
    public async Task never_gives_one_of_another_regency()
    {
        var here = await host.File(("description", "Hanya di sini"));

        var there = await host.Get($"requests/{here}.json?jurisdiction_id={There}");

        // Numbers are counted in each regency, so the other one may have its own report of this number.
        (there.Status == HttpStatusCode.NotFound || !there.Text.Contains("Hanya di sini")).ShouldBeTrue();
        (await List("", There)).Text.ShouldNotContain("Hanya di sini");
    }

    [Fact]
    public async Task never_gives_one_on_the_conduct_of_officials()
    {
        var id = await host.File(("service_code", "pungli"), ("description", "Petugas minta uang"));

        id.ShouldNotBeNullOrEmpty();
        (await host.Get($"requests/{id}.json?jurisdiction_id={Here}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await List($"&service_request_id={id}")).Ids.ShouldBeEmpty();
        (await List("&service_code=pungli")).Ids.ShouldBeEmpty();
        (await host.Get($"tokens/t-{id}.json?jurisdiction_id={Here}")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/open311/v2/requests/{id}.json?jurisdiction_id={Here}") { Headers = { Authorization = new("Bearer", Key) } };
        (await Reply.Of(await host.Http.SendAsync(request))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task in_pages_goes_on_where_the_last_one_ended()
    {
        for (var i = 0; i < 3; i++)
        {
            await host.File(("service_code", "lampu-jalan"), ("attribute[tiang]", "1"));
        }

        var first = await List("&service_code=lampu-jalan&page=1&page_size=2");
        var second = await List("&service_code=lampu-jalan&page=2&page_size=2");

        first.Ids.Length.ShouldBe(2);
        second.Ids.Length.ShouldBeGreaterThan(0);
        first.Ids.ShouldNotContain(second.Ids[0]);
        first.Headers.GetValues("X-Next-Page-URL").Single().ShouldContain("page=2");
        second.Headers.GetValues("X-Previous-Page-URL").Single().ShouldContain("page=1");
        (await List("&page=1000")).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task finds_by_words_and_box_page_by_page_what_was_filed()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await host.File(("description", "Gapura kelurahan Procot miring"), ("lat", "-6.9812"), ("long", "109.1345")));
        }

        // The index follows the reports a moment later.
        var found = await SmartCity.Testing.SmartCityHost.Until(async () => (await List("&q=gapura+procot&bbox=109.1,-7,109.2,-6.9")).Ids is { Length: 3 } all ? all : null, "three requests by their words");
        found.ShouldBe([ids[2], ids[1], ids[0]]);
        (await List("&q=gapura+procot&page=2&page_size=2")).Ids.ShouldBe([ids[0]]);
        (await List("&q=gapura+procot&page=3&page_size=2")).Ids.ShouldBeEmpty();
        (await List("&q=gapura+procot&bbox=110,-7,110.2,-6.9")).Ids.ShouldBeEmpty();
        (await List("&q=gapura+procot&has_photo=true")).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task in_a_window_gives_only_what_was_filed_then()
    {
        var id = await host.File();
        var filed = (await host.Get($"requests/{id}.json?jurisdiction_id={Here}")).Json[0].GetProperty("requested_datetime").GetString()!;

        (await List($"&start_date={filed}&end_date={filed}")).Ids.ShouldContain(id);
        (await List("&end_date=2020-01-01T00:00:00%2B07:00")).Ids.ShouldBeEmpty();
        (await List("&updated_after=2020-01-01T00:00:00+07:00")).Ids.ShouldContain(id);
        (await List("&updated_before=2020-01-01T00:00:00Z")).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task with_extensions_tells_more()
    {
        var id = await host.File();
        await host.WaitForDepartment(id);

        var xml = (await host.Get($"requests/{id}.xml?jurisdiction_id={Here}&extensions=true")).Xml.Element("request")!;

        xml.Element("extended_attributes")!.Elements().Where(e => e.Name.LocalName != "jurisdiction").Select(e => (e.Name.LocalName, e.Value)).ShouldBe(
            [("department", "DPU"), ("district", ""), ("channel", "open311"), ("state", "assigned"), ("detailed_status", "IN_PROCESS"), ("funding", ""), ("media_urls", "")]);
        xml.Element("extended_attributes")!.Element("jurisdiction")!.Elements().Select(e => (e.Name.LocalName, e.Value)).Take(3).ShouldBe(
            [("level", "regency"), ("body", "Pemerintah Kabupaten Sini"), ("ground", "none")]);
        xml.Element("notes")!.Elements("note").Select(n => n.Element("type")!.Value).ShouldBe(["filed", "placed", "assigned"]);
    }

    [Fact]
    public async Task that_are_none_is_an_empty_list()
    {
        (await host.Get($"requests.json?jurisdiction_id={Here}&service_request_id=2026-999999")).Text.ShouldBe("[]");
        (await host.Get($"requests.xml?jurisdiction_id={Here}&service_request_id=2026-999999")).Xml.HasElements.ShouldBeFalse();
    }

    [Fact]
    public async Task may_be_done_from_any_web_page() => (await List("")).Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
}

public sealed class Getting_updates_of_requests(Open311Host host)
{
    [Fact]
    public async Task tells_what_happened_oldest_first()
    {
        var id = await host.File();
        await host.AnswerReport(id, "Besok kami datang.", isSettled: false);
        await host.AnswerReport(id, "Selesai.", isSettled: true);

        var all = (await host.Get($"servicerequestupdates.json?jurisdiction_id={Here}")).Json.EnumerateArray();
        var updates = all.Where(u => u.GetProperty("service_request_id").GetString() == id).ToArray();

        updates.Select(u => (u.GetProperty("status").GetString(), u.GetProperty("description").GetString())).ShouldBe(
            [("investigating", "Diteruskan kepada Dinas DPU. / Sent to Department DPU."), ("in_progress", "Besok kami datang."), ("closed", "Selesai.")]);
        updates.Select(u => Guid.Parse(u.GetProperty("update_id").GetString()!)).ShouldBeUnique();
    }

    [Fact]
    public async Task gives_only_those_of_the_window()
    {
        var id = await host.File();
        await host.AnswerReport(id, "Selesai.", isSettled: true);

        var xml = (await host.Get($"servicerequestupdates.xml?jurisdiction_id={Here}&api_key=any&start_date=2020-01-01T00:00:00Z&end_date=2020-02-01T00:00:00Z")).Xml;
        var now = (await host.Get($"servicerequestupdates.xml?jurisdiction_id={Here}&start_date={DateTimeOffset.UtcNow.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}")).Xml;

        xml.Name.ShouldBe("service_request_updates");
        xml.HasElements.ShouldBeFalse();
        now.Elements("request_update").Select(u => u.Element("service_request_id")!.Value).ShouldContain(id);
        (await host.Get($"servicerequestupdates.xml?jurisdiction_id={There}")).Text.ShouldNotContain("Besok");
    }

    [Fact]
    public async Task never_gives_more_than_a_page_and_never_refuses_a_busy_regency()
    {
        const string busy = "33.97";
        await host.AddRegency(busy);
        await host.Services.GetRequiredService<ApiKeys>().Save(RegencyCode.Parse(busy), new ApiKey { Id = ApiKey.Hash("kunci-ramai"), Name = "ramai", Scopes = Scopes.All }, default);
        var id = await host.File(("jurisdiction_id", busy), ("api_key", "kunci-ramai"), ("service_code", "lampu-jalan"), ("attribute[tiang]", "1"));
        await SmartCityHost.Until(async () => (await host.Get($"requests/{id}.json?jurisdiction_id={busy}")).Json[0].GetProperty("agency_responsible").ValueKind == JsonValueKind.String, "it has a department");
        var since = DateTimeOffset.UtcNow.AddHours(-2);
        // Written in one go, as if partners had sent them within a moment.
        var store = host.Services.GetRequiredService<IDocumentStore>();
        for (var tries = 0; ; tries++)
        {
            await using var session = store.LightweightSession(RegencyCode.Parse(busy).TenantId);
            session.Events.Append(id, Enumerable.Range(0, 1100).Select(i => (object)new ReportUpdateReceived($"{i}", "open", DateTimeOffset.UtcNow, "", null, null, [], [])));
            try
            {
                await session.SaveChangesAsync();
                break;
            }
            catch (Exception) when (tries < 5)
            {
                // The platform itself changed it at the same moment.
            }
        }

        var newest = (await host.Get($"servicerequestupdates.json?jurisdiction_id={busy}")).Json.EnumerateArray().Select(u => u.GetProperty("update_id").GetString()!).ToArray();
        var oldest = (await host.Get($"servicerequestupdates.json?jurisdiction_id={busy}&start_date={since:yyyy-MM-ddTHH:mm:ssZ}")).Json.EnumerateArray().ToArray();
        var until = (await host.Get($"servicerequestupdates.json?jurisdiction_id={busy}&end_date={since.AddDays(1):yyyy-MM-ddTHH:mm:ssZ}")).Json.EnumerateArray().Count();

        (newest.Length, oldest.Length, until).ShouldBe((1000, 1000, 1000));
        oldest[0].GetProperty("status").GetString().ShouldBe("investigating", "it was sent to a department first");
        newest.Intersect(oldest.Select(u => u.GetProperty("update_id").GetString()!)).Count().ShouldBeInRange(890, 900, "both ends of some 1101");
    }
}
