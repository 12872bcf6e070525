using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CsCheck;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Reports.Life;
using SmartCity.Reports.Publishing;
using SmartCity.Reports.Tests.KeepingPhotos;
using SmartCity.Testing;
using static SmartCity.Reports.Tests.KeepingPhotos.PhotosHost;

namespace SmartCity.Reports.Tests.Integrating;

public class What_everybody_may_hear
{
    private static readonly Gen<(string Type, bool Was, bool Is, bool Now)> Steps = Gen.Select(Gen.Int[0, PublicEventTypes.Watched.Length - 1].Select(n => PublicEventTypes.Watched[n]), Gen.Bool, Gen.Bool, Gen.Bool);

    [Fact]
    public void is_nothing_of_a_report_that_is_hidden_now_but_that_it_was_hidden() => Steps.Sample(s =>
        PublicEventTypes.Of(s.Type, s.Was, s.Is, false) is null or PublicEventTypes.Hidden);

    [Fact]
    public void begins_where_a_report_becomes_public_and_ends_where_it_is_hidden() => Steps.Sample(s => PublicEventTypes.Of(s.Type, s.Was, s.Is, s.Now) switch
    {
        null => !s.Now || !s.Is || !PublicEventTypes.All.Contains(s.Type),
        PublicEventTypes.Hidden => s.Was && !s.Is,
        PublicEventTypes.Published => !s.Was && s.Is && s.Type != PublicEventTypes.Filed,
        var type => s.Is && type == s.Type,
    });
}

public sealed class Hearing_of_public_reports(PhotosHost host)
{
    private const string Events = $"{Base}/events", Spam = "slot gacor maxwin, deposit pulsa, daftar sekarang di link bio";

    private static async Task<JsonElement[]> Page(HttpClient caller, string query, string events = Events)
    {
        using var answer = await caller.GetAsync($"{events}?{query}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/cloudevents-batch+json");
        return [.. (await SmartCityHost.Json(answer)).EnumerateArray()];
    }

    /// <summary>All that is told of a report.</summary>
    private async Task<JsonElement[]> Heard(string ticket, string events = Events)
    {
        var (heard, after) = (new List<JsonElement>(), "0");
        while (await Page(host.Http, $"after={after}", events) is { Length: > 0 } page)
        {
            heard.AddRange(page);
            after = page[^1].GetProperty("sequence").GetString()!;
        }

        heard.Select(e => long.Parse(e.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture)).ShouldBeInOrder(SortDirection.Ascending);
        return [.. heard.Where(e => e.GetProperty("subject").GetString() == ticket)];
    }

    private async Task<JsonElement[]> Until(string ticket, params string[] types)
    {
        JsonElement[] heard = [];
        await SmartCityHost.Until(async () =>
        {
            heard = await Heard(ticket);
            return types.All(type => heard.Any(e => Type(e) == type));
        }, $"{string.Join(", ", types)} of {ticket}");
        return heard;
    }

    private static string Type(JsonElement @event) => @event.GetProperty("type").GetString()!;

    private static async Task<HttpStatusCode> Post(HttpClient client, string path, object body) => (await client.PostAsJsonAsync($"{Base}/{path}", body)).StatusCode;

    [Fact]
    public async Task is_in_the_envelope_of_CloudEvents_with_the_report_as_everybody_sees_it()
    {
        var ticket = await host.FileReport(description: "Jembatan Dengarkan retak, hubungi 0812-5555-6666");
        await host.Reaches(ticket, "assigned");
        using var officer = await host.SignIn("33.28", "officer.dpu");
        (await Post(officer, $"{ticket}/answers", new { text = "Besok kami periksa.", isSettled = false })).ShouldBe(HttpStatusCode.OK);

        var heard = await Until(ticket, "report.answered.v1");

        heard.Select(Type).ShouldContain("report.filed.v1");
        heard.Select(Type).ShouldContain("report.assigned.v1");
        heard.Select(e => e.GetProperty("id").GetString()).ShouldBeUnique();
        var answered = heard.Single(e => Type(e) == "report.answered.v1");
        answered.GetProperty("specversion").GetString().ShouldBe("1.0");
        answered.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        answered.GetProperty("source").GetString().ShouldBe("/api/v1/regencies/33.28");
        answered.GetProperty("time").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
        var data = answered.GetProperty("data");
        data.GetProperty("happened").GetProperty("text").GetString().ShouldBe("Besok kami periksa.");
        data.GetProperty("report").GetProperty("state").GetString().ShouldBe("answered");
        data.GetProperty("report").GetProperty("description").GetString().ShouldBe("Jembatan Dengarkan retak, hubungi [telepon]");
        data.GetProperty("report").GetProperty("url").GetString().ShouldBe($"/33.28/laporan/{ticket}");
        data.GetProperty("report").TryGetProperty("reporter", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task tells_that_words_were_hidden_and_nowhere_the_words_themselves()
    {
        var ticket = await host.FileReport(description: "Si Sukirnowati mencuri aspal");
        await host.Reaches(ticket, "assigned");
        (await Heard(ticket))[0].GetRawText().ShouldContain("Sukirnowati");
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        (await Post(dispatcher, $"{ticket}/hidings", new { words = "description", instead = "Aspal hilang", reason = "accusation" })).ShouldBe(HttpStatusCode.OK);

        var heard = await Until(ticket, "report.words-hidden.v1");

        heard.Select(e => e.GetProperty("data").GetProperty("report").GetProperty("description").GetString()).ShouldAllBe(text => text == "Aspal hilang");
        foreach (var path in new[] { $"{Base}/export.csv", $"{Base}/export.ndjson", $"{Base}/export.geojson", "/33.28/umpan", $"/33.28/laporan/{ticket}/umpan", "/33.28/sematkan/isi" })
        {
            await SmartCityHost.Until(async () => !(await host.Http.GetStringAsync(path)).Contains("Sukirnowati"), path);
        }

        (await host.Http.GetStringAsync($"{Base}/export.csv")).ShouldContain("Aspal hilang");
    }

    [Fact]
    public async Task leaves_out_what_is_hidden_until_it_is_public()
    {
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        var hidden = await host.FileWith(Report("Dengarkan rahasia", isConfidential: true));
        var held = await host.FileWith(new { category = "jalan-rusak", description = Spam, place = new { address = "Slawi" } });
        await host.Reaches(held, "queued", caller: dispatcher);
        await host.Reaches(hidden, "assigned", caller: dispatcher);
        // A later one that is heard: by then all before it has been passed.
        await Until(await host.FileReport(), "report.filed.v1");
        (await Heard(hidden)).ShouldBeEmpty();
        (await Heard(held)).ShouldBeEmpty();

        (await Post(dispatcher, $"{held}/releases", new { })).ShouldBe(HttpStatusCode.OK);

        var heard = await Until(held, "report.assigned.v1");
        heard.Select(Type).First().ShouldBe("report.published.v1");
        (await Heard(hidden)).ShouldBeEmpty();
    }

    [Fact]
    public async Task says_that_a_report_is_hidden_and_nothing_else_of_it()
    {
        var ticket = await host.FileReport(description: "Dengarkan lalu disembunyikan");
        await host.Reaches(ticket, "assigned");
        await Until(ticket, "report.assigned.v1");
        using var dispatcher = await host.SignIn("33.28", "dispatcher");

        (await Post(dispatcher, $"{ticket}/protections", new { isConfidential = true })).ShouldBe(HttpStatusCode.OK);

        var only = (await Until(ticket, "report.hidden.v1")).ShouldHaveSingleItem();
        only.GetProperty("data").EnumerateObject().Select(m => m.Name).ShouldBe(["ticket"]);
    }

    [Fact]
    public async Task says_that_what_was_written_is_erased()
    {
        var filed = await SmartCityHost.Json(await host.Integrator().PostAsync(Base, Form("report", Report("Dengarkan Ibu Kenanga di gang"))));
        var ticket = filed.GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Base}/{ticket}/personal-data/erasures");
        request.Headers.Add("X-Report-Secret", filed.GetProperty("secret").GetString());
        (await host.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var heard = await Until(ticket, "report.erased.v1");

        heard.ShouldAllBe(e => !e.ToString().Contains("Kenanga", StringComparison.Ordinal));
        heard.Last(e => Type(e) == "report.erased.v1").GetProperty("data").GetProperty("report").GetProperty("ticket").GetString().ShouldBe(ticket);
    }

    [Fact]
    public async Task is_of_one_regency_and_the_same_for_whoever_asks()
    {
        var ticket = await host.FileReport("33.76", description: "Dengarkan tetangga");
        await SmartCityHost.Until(async () => (await Heard(ticket, "/api/v1/regencies/33.76/reports/events")).Length > 0, "it is heard there");

        // Numbers of reports begin anew in each regency; what was written tells them apart.
        (await Heard(ticket)).ShouldAllBe(e => !e.ToString().Contains("Dengarkan tetangga", StringComparison.Ordinal));
        using var regent = await host.SignIn("33.28", "regent");
        var hidden = await host.FileWith(Report("Dengarkan bupati", isConfidential: true));
        await Until(await host.FileReport(), "report.filed.v1");
        (await Page(regent, "after=0")).Select(e => e.GetProperty("subject").GetString()).ShouldNotContain(hidden);
        (await host.Http.GetAsync("/api/v1/regencies/99.99/reports/events")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task takes_only_the_asked_types()
    {
        var ticket = await host.FileReport();
        await Until(ticket, "report.assigned.v1");

        (await Page(host.Http, "after=0&type=report.assigned.v1&type=report.closed.v1")).Select(Type).ShouldAllBe(type => type == "report.assigned.v1" || type == "report.closed.v1");

        foreach (var (query, field) in new[] { ("type=report.lenyap.v1", "type"), ("after=kemarin", "after"), ("after=-1", "after") })
        {
            using var refused = await host.Http.GetAsync($"{Events}?{query}");
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
        }
    }

    [Fact]
    public void knows_every_event_of_a_report_or_leaves_it_out_on_purpose()
    {
        var names = host.Services.GetRequiredService<IDocumentStore>().Options.Events.AllKnownEventTypes().ToLookup(e => e.EventType, e => e.EventTypeName);
        LifeTable.Rows.Select(row => names[row.Event].Single()).Distinct().Except(PublicEventTypes.Watched).Order()
            .ShouldBe(["report.discarded.v1", "report.handler-changed.v1", "report.handover-declined.v1", "report.handover-offered.v1", "report.joined.v1", "report.left.v1", "report.photo-fetched.v1", "report.photo-missed.v1", "report.staff-noted.v1"]);
        PublicEventTypes.Watched.Except(names.SelectMany(n => n)).ShouldBeEmpty();
    }
}

public sealed class Listening_to_public_reports(PhotosHost host)
{
    private const string Events = $"{Base}/events";

    private async Task<HttpResponseMessage> Open(string? lastHeard = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Events}{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastHeard is not null)
        {
            request.Headers.Add("Last-Event-ID", lastHeard);
        }

        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The id and data of the next event.</summary>
    private static async Task<(string Id, JsonElement Data)> Next(StreamReader stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string? id = null, data = null;
        while (await stream.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.Length == 0 && data is not null)
            {
                return (id!, JsonDocument.Parse(data).RootElement);
            }
        }

        throw new InvalidOperationException("The stream has ended.");
    }

    private static async Task<string> Find(StreamReader stream, string ticket)
    {
        while (true)
        {
            var (id, data) = await Next(stream);
            if (data.GetProperty("subject").GetString() == ticket)
            {
                return id;
            }
        }
    }

    [Fact]
    public async Task hears_them_as_they_happen_and_resumes_without_a_gap()
    {
        string first, last;
        using (var live = await Open())
        {
            live.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            live.Headers.CacheControl!.NoCache.ShouldBeTrue();
            using var stream = new StreamReader(await live.Content.ReadAsStreamAsync());
            (await stream.ReadLineAsync()).ShouldBe("retry: 3000");
            first = await host.FileReport(description: "Siaran pertama");
            last = await Find(stream, first);
        }

        // While nobody listens.
        var missed = new[] { await host.FileReport(description: "Siaran kedua"), await host.FileReport(description: "Siaran ketiga") };

        using var resumed = await Open(last);
        using var again = new StreamReader(await resumed.Content.ReadAsStreamAsync());
        var heard = new List<(string Id, JsonElement Data)>();
        while (!missed.All(ticket => heard.Any(h => h.Data.GetProperty("subject").GetString() == ticket)))
        {
            heard.Add(await Next(again));
        }

        heard.Select(h => long.Parse(h.Id, CultureInfo.InvariantCulture)).ShouldBeInOrder(SortDirection.Ascending);
        heard.ShouldAllBe(h => long.Parse(h.Id, CultureInfo.InvariantCulture) > long.Parse(last, CultureInfo.InvariantCulture));
        heard.ShouldNotContain(h => h.Data.GetProperty("subject").GetString() == first && h.Data.GetProperty("type").GetString() == "report.filed.v1");
    }

    [Fact]
    public async Task begins_at_any_event_that_is_named()
    {
        var ticket = await host.FileReport(description: "Siaran dari awal");
        using var answer = await Open(query: "?after=0&type=report.filed.v1");
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());

        (await Find(stream, ticket)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task is_for_so_many_at_once_and_no_more()
    {
        var open = new List<HttpResponseMessage>();
        try
        {
            HttpResponseMessage refused;
            while ((refused = await Open()).StatusCode == HttpStatusCode.OK)
            {
                open.Add(refused);
                open.Count.ShouldBeLessThanOrEqualTo(4);
            }

            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }
        finally
        {
            open.ForEach(answer => answer.Dispose());
        }

        // Whoever leaves makes room.
        await SmartCityHost.Until(async () =>
        {
            using var answer = await Open();
            return answer.IsSuccessStatusCode;
        }, "room for another");
    }

    [Fact]
    public async Task says_what_is_wrong_with_a_place_that_is_none()
    {
        using var answer = await Open("kemarin");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("Last-Event-ID");
    }
}
