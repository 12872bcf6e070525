using System.Net;
using System.Text.Json;
using SmartCity.Accountability.Tests.Auditing;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Replaying;

/// <summary>However somebody of the staff comes to see what not everybody may see, it is on record.</summary>
public sealed class Who_has_seen_what(AuditHost host) : IClassFixture<AuditHost>
{
    private const string Here = "/api/v1/regencies/33.28";

    private async Task<string[]> ReadersOf(string stream)
    {
        using var auditor = await host.SignIn("33.28", "auditor");
        var replay = await SmartCityHost.Json(await auditor.GetAsync($"{Here}/audit/replay?stream={stream}"));
        return replay.TryGetProperty("readers", out var readers)
            ? [.. readers.EnumerateArray().Select(r => $"{r.GetProperty("actor").GetString()} {r.GetProperty("what").GetString()}").Where(r => !r.EndsWith(" replay", StringComparison.Ordinal))] : [];
    }

    private async Task<string> Accuse(string word, bool withPhoto = false)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(JsonSerializer.Serialize(new { category = "pungli", description = $"Pungutan liar di loket {word}", place = new { latitude = -6.98, longitude = 109.13 }, isConfidential = true }), System.Text.Encoding.UTF8, "application/json"), "report");
        if (withPhoto)
        {
            var photo = new ByteArrayContent(Pictures.Jpeg(7));
            photo.Headers.ContentType = new("image/jpeg");
            form.Add(photo, "photos", "bukti.jpg");
        }

        using var answer = await host.Integrator().PostAsync($"{Here}/reports", form);
        return (await SmartCityHost.Json(answer)).GetProperty("ticket").GetString()!;
    }

    [Fact]
    public async Task is_told_of_a_photo_that_was_looked_at_alone()
    {
        var ticket = await Accuse("foto", withPhoto: true);
        using var inspector = await host.SignIn("33.28", "officer.inspektorat");
        (await inspector.GetAsync($"{Here}/reports/{ticket}/photos/1")).EnsureSuccessStatusCode();
        (await inspector.GetAsync($"{Here}/reports/{ticket}/photos/1?size=small")).EnsureSuccessStatusCode();
        // Who may not see it has not seen it.
        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        (await dispatcher.GetAsync($"{Here}/reports/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetAsync($"{Here}/reports/{ticket}/photos/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // Once for each version that the report had reached.
        (await ReadersOf(ticket)).Distinct().ShouldBe(["staff:officer.inspektorat photo-1"]);
    }

    [Fact]
    public async Task is_told_of_lists_and_of_what_a_search_found()
    {
        var ticket = await Accuse("parkir");
        using var regent = await host.SignIn("33.28", "regent");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await regent.GetAsync($"{Here}/reports?limit=100"))).ToString().Contains(ticket, StringComparison.Ordinal), "the list");
        (await ReadersOf(ticket)).ShouldContain("staff:regent confidential");

        using var inspector = await host.SignIn("33.28", "officer.inspektorat");
        (await ReadersOf(ticket)).ShouldNotContain("staff:officer.inspektorat confidential");
        // Words find what everybody may read; what is hidden is found by what it is.
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await inspector.GetAsync($"{Here}/reports?bbox=109.0,-7.1,109.3,-6.9&category=pungli"))).ToString().Contains(ticket, StringComparison.Ordinal), "the search");
        (await ReadersOf(ticket)).ShouldContain("staff:officer.inspektorat confidential");
    }

    [Fact]
    public async Task is_told_of_what_was_written_to_the_reporter_of_such_a_matter()
    {
        var ticket = await Accuse("surat");
        using var regent = await host.SignIn("33.28", "regent");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await regent.GetAsync($"{Here}/outbox?ticket={ticket}"))).GetArrayLength() > 0, "a message about it");

        (await ReadersOf(ticket)).ShouldContain("staff:regent outbox");
    }
}
