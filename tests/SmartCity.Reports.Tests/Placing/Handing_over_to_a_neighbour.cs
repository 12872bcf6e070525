using System.Net;
using System.Text.Json;
using SkiaSharp;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.HandingOver;
using SmartCity.Testing;

namespace SmartCity.Reports.Tests.Placing;

public sealed class Handing_over_to_a_neighbour(BoundedHost host) : IClassFixture<BoundedHost>
{
    private const string West = "33.28", East = "33.76";
    private const double InEast = 109.3;

    private static string At(string regency, string path) => $"/api/v1/regencies/{regency}/{path}";

    private static async Task<JsonElement[]> Received(HttpClient dispatcher, string regency = East, string state = "pending") =>
        [.. (await SmartCityHost.Json(await dispatcher.GetAsync(At(regency, $"handovers?state={state}")))).GetProperty("received").EnumerateArray()];

    private static async Task<JsonElement> Offer(HttpClient dispatcher, string ticket, string state = "pending") => (await SmartCityHost.Until<JsonElement?>(async () =>
        (await Received(dispatcher, state: state)).Where(h => h.GetProperty("from").GetProperty("ticket").GetString() == ticket).Select(h => (JsonElement?)h).FirstOrDefault(), $"{ticket} {state}"))!.Value;

    private static async Task<HttpStatusCode> Post(HttpClient client, string address, object? body = null) => (await BoundedHost.Send(client, HttpMethod.Post, address, body ?? new { })).Status;

    /// <summary>A report filed in the west that the east has taken over.</summary>
    private async Task<(string Ticket, string Secret, string There, HttpClient WestDesk, HttpClient EastDesk)> TakenOver(string description = "Jalan berlubang di depan pasar", object? reporter = null)
    {
        var (ticket, secret) = await host.FileAt(InEast, description: description, reporter: reporter);
        var (west, east) = (await host.SignIn(West, "dispatcher"), await host.SignIn(East, "dispatcher"));
        var id = (await Offer(east, ticket)).GetProperty("id").GetString()!;
        (await Post(east, At(East, $"handovers/{id}/accept"))).ShouldBe(HttpStatusCode.OK);
        var forwarded = await host.Reaches(ticket, "forwarded");
        return (ticket, secret, forwarded.GetProperty("handedOverTo").GetProperty("ticket").GetString()!, west, east);
    }

    [Fact]
    public async Task files_it_there_once_and_links_both_ways()
    {
        var (ticket, _) = await host.FileAt(InEast, description: "Lubang besar, hubungi Siti 0812-3456-7890", reporter: new { firstName = "Siti", phone = "081234567890" });
        var (west, east) = (await host.SignIn(West, "dispatcher"), await host.SignIn(East, "dispatcher"));
        var offer = await Offer(east, ticket);
        offer.GetRawText().ShouldNotContain("0812");
        var waiting = await BoundedHost.See(west, ticket);
        (waiting.GetProperty("state").GetString(), waiting.GetProperty("offeredTo").GetString()).ShouldBe(("queued", East));
        (await west.GetStringAsync(At(West, "handovers"))).ShouldContain(ticket);

        var id = offer.GetProperty("id").GetString()!;
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Post(east, At(East, $"handovers/{id}/accept"))))).ShouldAllBe(status => status == HttpStatusCode.OK);
        var here = await host.Reaches(ticket, "forwarded");

        here.GetProperty("forwardedTo").GetString().ShouldBe("Pemerintah Kota Tegal");
        here.GetProperty("handedOverTo").GetProperty("regency").GetString().ShouldBe(East);
        var there = here.GetProperty("handedOverTo").GetProperty("ticket").GetString()!;
        (await host.Hears(ticket, "forwarding"))[0].ShouldContain("Kota Tegal");
        var taken = await host.Reaches(there, "assigned", East, east);
        taken.GetProperty("receivedFrom").GetProperty("ticket").GetString().ShouldBe(ticket);
        (taken.GetProperty("department").GetString(), taken.GetProperty("channel").GetString()).ShouldBe(("DPUPR", HandoverChannel.Code));
        // Nothing of the reporter, and no second copy.
        (await east.GetStringAsync(At(East, $"reports/{there}"))).ShouldNotContain("\"reporter\"");
        (await SmartCityHost.Json(await east.GetAsync(At(East, "reports?limit=1000")))).GetProperty("reports").EnumerateArray()
            .Count(r => r.TryGetProperty("receivedFrom", out var from) && from.GetProperty("ticket").GetString() == ticket).ShouldBe(1);
        (await SmartCityHost.Json(await host.Http.GetAsync($"/dev/outbox.json?regency={East}&ticket={there}"))).GetArrayLength().ShouldBe(0);
        (await Offer(east, ticket, "accepted")).GetProperty("ticket").GetString().ShouldBe(there);
        (await Post(east, At(East, $"handovers/{id}/decline"), new { reason = "r" })).ShouldBe(HttpStatusCode.Conflict);
        (await host.Http.GetStringAsync($"/33.28/laporan/{ticket}")).ShouldContain($"/33.76/laporan/{there}");
        (await host.Http.GetStringAsync($"/33.76/laporan/{there}")).ShouldContain($"/33.28/laporan/{ticket}");
    }

    [Fact]
    public async Task brings_its_answers_back_to_the_reporter()
    {
        var (ticket, secret, there, _, _) = await TakenOver();
        await host.Reaches(there, "assigned", East);
        var officer = await host.SignIn(East, "officer.dpu");

        (await Post(officer, At(East, $"reports/{there}/answers"), new { text = "Kami jadwalkan pekan depan.", isSettled = false })).ShouldBe(HttpStatusCode.OK);
        (await host.Hears(ticket, "answer"))[0].ShouldContain("pekan depan");
        (await BoundedHost.See(host.Http, ticket)).GetProperty("state").GetString().ShouldBe("forwarded");
        (await Post(officer, At(East, $"reports/{there}/answers"), new { text = "Sudah ditambal.", isSettled = true })).ShouldBe(HttpStatusCode.OK);
        var settled = await host.Reaches(ticket, "settled");
        settled.TryGetProperty("closesAt", out _).ShouldBeTrue();
        (await host.Hears(ticket, "answer", 2)).ShouldContain(text => text.Contains("Sudah ditambal."));
        settled.GetProperty("timeline").EnumerateArray().Count(e => e.GetProperty("what").GetString() == "neighbour").ShouldBe(2);

        // The reporter objects here, and it is open there again.
        (await BoundedHost.Send(host.Http, HttpMethod.Post, At(West, $"reports/{ticket}/reopenings"), new { reason = "Masih bolong" }, secret)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Reaches(there, "assigned", East, officer)).GetProperty("timeline").EnumerateArray().ShouldContain(e => e.GetProperty("what").GetString() == "reopened" && e.GetProperty("text").GetString() == "Masih bolong");
        await host.Reaches(ticket, "forwarded");
        // What the reporter adds goes there, and a question comes back.
        (await Post(officer, At(East, $"reports/{there}/questions"), new { question = "Di sisi mana?" })).ShouldBe(HttpStatusCode.OK);
        (await host.Hears(ticket, "question"))[0].ShouldContain("Di sisi mana?");
        (await BoundedHost.Send(host.Http, HttpMethod.Post, At(West, $"reports/{ticket}/supplements"), new { text = "Sisi utara" }, secret)).Status.ShouldBe(HttpStatusCode.OK);
        await host.Reaches(there, "assigned", East, officer);
        (await officer.GetStringAsync(At(East, $"reports/{there}"))).ShouldContain("Sisi utara");
        // Taken back here, it is taken back there.
        (await BoundedHost.Send(host.Http, HttpMethod.Post, At(West, $"reports/{ticket}/withdrawals"), new { }, secret)).Status.ShouldBe(HttpStatusCode.OK);
        await host.Reaches(there, "withdrawn", East);
    }

    [Fact]
    public async Task that_is_declined_comes_back_with_the_reason()
    {
        var (ticket, _) = await host.FileAt(InEast);
        var (west, east) = (await host.SignIn(West, "dispatcher"), await host.SignIn(East, "dispatcher"));
        var id = (await Offer(east, ticket)).GetProperty("id").GetString()!;

        (await BoundedHost.Send(east, HttpMethod.Post, At(East, $"handovers/{id}/decline"), new { reason = " " })).Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe("reason");
        (await Post(east, At(East, $"handovers/{id}/decline"), new { reason = "Ini jalan provinsi, catatan dapur" })).ShouldBe(HttpStatusCode.OK);
        var back = await SmartCityHost.Until(async () => await BoundedHost.See(west, ticket) is var report && report.GetProperty("timeline").EnumerateArray().Any(e => e.GetProperty("what").GetString() == "declined") ? (JsonElement?)report : null);
        back!.Value.GetProperty("state").GetString().ShouldBe("queued");
        back.Value.TryGetProperty("offeredTo", out _).ShouldBeFalse();
        back.Value.GetRawText().ShouldContain("catatan dapur");
        (await host.Http.GetStringAsync(At(West, $"reports/{ticket}"))).ShouldNotContain("catatan dapur");
        (await Post(east, At(East, $"handovers/{id}/accept"))).ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task not_taken_up_there_is_our_dispatchers_again()
    {
        var (ticket, _, there, west, east) = await TakenOver();
        await host.Reaches(there, "assigned", East);

        (await Post(east, At(East, $"reports/{there}/rejections"), new { reason = "Jalan perumahan" })).ShouldBe(HttpStatusCode.OK);
        var back = await host.Reaches(ticket, "queued", caller: west);
        back.TryGetProperty("handedOverTo", out _).ShouldBeFalse();
        back.GetRawText().ShouldContain("Jalan perumahan");
        (await host.Http.GetStringAsync(At(West, $"reports/{ticket}"))).ShouldNotContain("Jalan perumahan");
    }

    [Fact]
    public async Task is_taken_back_when_the_report_goes_another_way()
    {
        var (ticket, _) = await host.FileAt(InEast);
        var (west, east) = (await host.SignIn(West, "dispatcher"), await host.SignIn(East, "dispatcher"));
        var id = (await Offer(east, ticket)).GetProperty("id").GetString()!;

        (await Post(west, At(West, $"reports/{ticket}/assignments"), new { department = "DPU" })).ShouldBe(HttpStatusCode.OK);
        await Offer(east, ticket, "withdrawn");
        (await Post(east, At(East, $"handovers/{id}/accept"))).ShouldBe(HttpStatusCode.Conflict);
        // A person's word offers it again.
        (await BoundedHost.Send(west, HttpMethod.Put, At(West, $"reports/{ticket}/jurisdiction"), new { level = "regency", body = East, reason = "Sudah dicek" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Offer(east, ticket)).GetProperty("id").GetString().ShouldNotBe(id);
    }

    [Fact]
    public async Task never_happens_to_what_is_hidden()
    {
        var (confidential, _) = await host.FileAt(InEast, isConfidential: true);
        var (oversight, _) = await host.FileAt(InEast, category: "pungli");
        var (last, _) = await host.FileAt(InEast);
        var east = await host.SignIn(East, "dispatcher");
        // What was filed later has arrived.
        await Offer(east, last);
        await host.Reaches(confidential, "queued", caller: await host.SignIn(West, "dispatcher"));
        await host.Reaches(oversight, "assigned", caller: await host.SignIn(West, "officer.inspektorat"));

        (await Received(east)).Select(h => h.GetProperty("from").GetProperty("ticket").GetString()).ShouldNotContain(t => t == confidential || t == oversight);
        (await BoundedHost.See(await host.SignIn(West, "dispatcher"), confidential)).TryGetProperty("offeredTo", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task is_for_dispatchers_of_the_regency_that_it_was_offered_to()
    {
        var (ticket, _) = await host.FileAt(InEast);
        var id = (await Offer(await host.SignIn(East, "dispatcher"), ticket)).GetProperty("id").GetString()!;
        var west = await host.SignIn(West, "dispatcher");

        foreach (var path in new[] { "accept", "decline" })
        {
            (await Post(host.Http, At(East, $"handovers/{id}/{path}"), new { reason = "r" })).ShouldBe(HttpStatusCode.Unauthorized);
            foreach (var client in new[] { west, await host.SignIn(West, "regent"), await host.SignIn(East, "officer.dpu"), await host.SignIn(East, "regent"), await host.SignIn(East, "auditor"), host.Integrator() })
            {
                (await Post(client, At(East, $"handovers/{id}/{path}"), new { reason = "r" })).ShouldBe(HttpStatusCode.Forbidden);
            }

            // The offer exists in the regency that it was made to, and nowhere else.
            (await Post(west, At(West, $"handovers/{id}/{path}"), new { reason = "r" })).ShouldBe(HttpStatusCode.NotFound);
        }

        (await host.Http.GetAsync(At(East, "handovers"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await west.GetAsync(At(East, "handovers"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await west.GetAsync("/33.76/meja/luar")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await west.GetAsync(At(West, "handovers?state=moon"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Received(west, West)).ShouldBeEmpty();
        var page = await (await host.SignIn(East, "dispatcher")).GetStringAsync("/33.76/meja/luar");
        page.ShouldContain(ticket);
        page.ShouldContain($"/33.76/meja/luar/{id}/terima");
    }

    [Fact]
    public async Task takes_photos_along_and_forgets_all_of_it_with_the_reporter()
    {
        using var bitmap = new SKBitmap(60, 40);
        bitmap.Erase(SKColors.Olive);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(new { category = "jalan-rusak", description = "Rumah Pak Wiryo di sebelahnya", place = new { latitude = -6.98, longitude = InEast } }), System.Text.Encoding.UTF8, "application/json"), "report" },
            { new ByteArrayContent(bitmap.Encode(SKEncodedImageFormat.Jpeg, 80).ToArray()), "photos", "a.jpg" },
        };
        using var posted = await host.Integrator().PostAsync(At(West, "reports"), form);
        var filed = await SmartCityHost.Json(posted);
        var (ticket, secret) = (filed.GetProperty("ticket").GetString()!, filed.GetProperty("secret").GetString()!);
        var east = await host.SignIn(East, "dispatcher");
        var id = (await Offer(east, ticket)).GetProperty("id").GetString()!;
        (await Post(east, At(East, $"handovers/{id}/accept"))).ShouldBe(HttpStatusCode.OK);
        var there = (await host.Reaches(ticket, "forwarded")).GetProperty("handedOverTo").GetProperty("ticket").GetString()!;
        await SmartCityHost.Until(async () => (await host.Http.GetAsync(At(East, $"reports/{there}/photos/1"))).IsSuccessStatusCode, "the photo there");
        (await east.GetStringAsync(At(East, $"reports/{there}"))).ShouldContain("Wiryo");

        (await BoundedHost.Send(host.Http, HttpMethod.Post, At(West, $"reports/{ticket}/personal-data/erasures"), new { }, secret)).Status.ShouldBe(HttpStatusCode.NoContent);

        await SmartCityHost.Until(async () => !(await east.GetStringAsync(At(East, $"reports/{there}"))).Contains("Wiryo"), "the report there without the words");
        await SmartCityHost.Until(async () => !(await host.Http.GetAsync(At(East, $"reports/{there}/photos/1"))).IsSuccessStatusCode, "the photo gone there");
        (await Offer(east, ticket, "accepted")).GetRawText().ShouldNotContain("Wiryo");
        (await (await host.SignIn(East, "auditor")).GetStringAsync(At(East, $"reports/{there}/history"))).ShouldNotContain("Wiryo");
    }
}

public class A_handover
{
    private static readonly HandoverArrived Arrived = new("33.28-2026-000017-2", new ReportElsewhere("33.28", "Kabupaten Tegal", "2026-000017"), "p1", "jalan-rusak", null, null, new ReportPlace(null, null, null), default);

    private static Handover After(params object[] events) => events.Prepend(Arrived).Aggregate((Handover?)null, (known, e) => Handover.After(known, "h", e, default))!;

    [Fact]
    public void is_decided_once()
    {
        After(new HandoverAccepted("h"), new HandoverRefused("h", null), new HandoverWithdrawn("h")).State.ShouldBe(HandoverState.Accepted);
        After(new HandoverWithdrawn("h"), new HandoverAccepted("h"), new HandoverFiled("h", "t")).ShouldSatisfyAllConditions(h => h.State.ShouldBe(HandoverState.Withdrawn), h => h.Ticket.ShouldBeNull());
        After(new HandoverAccepted("h"), new HandoverFiled("h", "t"), new HandoverAccepted("h")).Ticket.ShouldBe("t");
    }
}
