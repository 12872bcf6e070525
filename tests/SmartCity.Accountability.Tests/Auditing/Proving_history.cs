using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Auditing;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Auditing;

public sealed class Proving_history(AuditHost host) : IClassFixture<AuditHost>
{
    private const string Here = "/api/v1/regencies/33.28", There = "/api/v1/regencies/33.76";

    private static byte[][] Proof(JsonElement answer) => [.. answer.GetProperty("proof").EnumerateArray().Select(h => h.GetBytesFromBase64())];

    [Fact]
    public void is_checked_by_a_second_verifier_too() => Assert.SkipUnless(AuditHost.HasPython, "python3 is not on this machine, so archives were verified once only.");

    [Fact]
    public async Task proves_an_archive_right_whole_and_in_parts_though_positions_have_gaps()
    {
        await host.FileReport();
        // A lost race: positions that no event will ever have.
        await host.Execute("select nextval('history.mt_events_sequence_33_28'), nextval('history.mt_events_sequence_33_28')");
        await host.FileReport(description: "Jalan \"ambles\"\n\\ 100 % — é 😀");
        var before = await host.Settled();
        await host.FileReport();
        var after = await host.Settled();
        var (archive, keys) = (await host.Export(), await host.Keys());
        var lines = archive.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var positions = lines.Where(l => l.Contains("\"kind\":\"event\"", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("position").GetInt64()).ToArray();

        Checkpoint.Read(SignedNote.Read(after)!.Text)!.Size.ShouldBe(positions.Length);
        positions[^1].ShouldBeGreaterThan(positions.Length);
        (await AuditHost.Verify(archive, keys, before, after)).ShouldStartWith($"OK: {positions.Length} events");
        (await AuditHost.Verify(archive, keys)).ShouldStartWith("OK");
        foreach (var (from, to) in new[] { (2, 5), (1, 1), (7, positions.Length), (positions.Length / 2, positions.Length), (3, 4) })
        {
            // Each export is an event itself, so the head has moved on.
            var head = await host.Settled();
            var part = await host.Export($"?from={positions[from - 1]}&to={positions[to - 1]}");
            (await AuditHost.Verify(part, keys, head)).ShouldStartWith($"OK: {to - from + 1} events");
        }

        (await AuditHost.Verify(await host.Export($"?from=1&to={positions[2]}"), keys, before)).ShouldStartWith("WRONG: checkpoint:");
        (await AuditHost.Verify(string.Join('\n', lines[..^1]), keys, after)).ShouldStartWith("WRONG: archive: it breaks off");
        (await AuditHost.Verify(archive + "{}\n", keys, after)).ShouldStartWith("WRONG: archive: something follows");
        var third = Array.FindIndex(lines, l => l.Contains($"\"position\":{positions[2]},", StringComparison.Ordinal));
        (await AuditHost.Verify(string.Join('\n', [.. lines[..third], .. lines[(third + 1)..]]), keys, after)).ShouldStartWith("WRONG: position");
        (await AuditHost.Verify(string.Join('\n', [.. lines[..third], lines[third].Replace("\"id\":", "\"id\":\"x\",\"id\":", StringComparison.Ordinal), .. lines[(third + 1)..]]), keys, after)).ShouldStartWith("WRONG: archive:");
        (await AuditHost.Verify(archive, keys.Replace("/33.28+", "/33.76+", StringComparison.Ordinal), after)).ShouldStartWith("WRONG: checkpoint:");
        // What another way of writing JSON leaves as it is.
        (await AuditHost.Verify(archive.Replace("\"data\":{", "\"data\": { ", StringComparison.Ordinal), keys, after)).ShouldStartWith("OK");
        await Continues_and_contains(before, await host.Settled(), positions[3]);
    }

    private async Task Continues_and_contains(string before, string after, long position)
    {
        var auditor = await host.SignIn("33.28", "auditor");
        var (old, now) = (Checkpoint.Read(SignedNote.Read(before)!.Text)!, Checkpoint.Read(SignedNote.Read(after)!.Text)!);
        var consistency = await SmartCityHost.Json(await auditor.GetAsync($"{Here}/audit/proofs/consistency?from={old.Size}&to={now.Size}"));
        Merkle.IsConsistent(old.Size, now.Size, old.Root, now.Root, Proof(consistency)).ShouldBeTrue();

        var inclusion = await SmartCityHost.Json(await auditor.GetAsync($"{Here}/audit/proofs/inclusion?position={position}"));
        var leaf = Merkle.Leaf(Encoding.UTF8.GetBytes(inclusion.GetProperty("leaf").GetString()!));
        inclusion.GetProperty("checkpoint").GetString().ShouldBe(after);
        Merkle.IsIncluded(leaf, inclusion.GetProperty("index").GetInt64(), now.Size, Proof(inclusion), now.Root).ShouldBeTrue();

        var list = await SmartCityHost.Json(await auditor.GetAsync($"{Here}/audit/checkpoints?limit=2"));
        list[0].GetProperty("note").GetString().ShouldBe(after);
        list[1].GetProperty("size").GetInt64().ShouldBeLessThan(now.Size);

        foreach (var (path, field) in new[] { ("proofs/consistency", "from"), ($"proofs/consistency?from=2&to={now.Size + 1000}", "from"), ("proofs/inclusion?position=0", "position"), ("export?from=0", "from"), ("export?from=5&to=4", "to"), ("checkpoints?limit=0", "limit") })
        {
            using var answer = await auditor.GetAsync($"{Here}/audit/{path}");
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
        }

        (await auditor.GetAsync($"{Here}/audit/proofs/inclusion?position=99999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await auditor.GetAsync($"{Here}/audit/export?from=99999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // The same outside the database, and the lag among the metrics.
        var file = Path.Combine(host.Services.GetRequiredService<PlatformOptions>().DataDirectory, "audit", "33.28", "checkpoints");
        SignedNote.ReadAll(await File.ReadAllTextAsync(file))[^1].ToString().ShouldBe(after);
        var metrics = await host.Http.GetStringAsync("/metrics");
        metrics.ShouldContain("smartcity_audit_lag");
    }

    [Theory]
    [InlineData("checkpoints/latest"), InlineData("checkpoints"), InlineData("proofs/inclusion?position=1"), InlineData("proofs/consistency?from=1"), InlineData("export")]
    public async Task is_for_auditors_of_the_regency_only(string path)
    {
        await host.FileReport();
        await host.Settled();
        (await host.Http.GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Integrator().GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var (regency, name) in new[] { ("33.28", "officer.inspektorat"), ("33.28", "regent"), ("33.76", "auditor") })
        {
            (await (await host.SignIn(regency, name)).GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, name);
        }

        (await (await host.SignIn("33.28", "auditor")).GetAsync($"{There}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.28", "auditor")).GetAsync($"{Here}/audit/{path}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Http.GetAsync("/.well-known/smartcity-audit-keys/99.99")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void gives_an_auditor_nothing_to_change() => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods && methods.HttpMethods.Any(m => m is not ("GET" or "HEAD" or "OPTIONS")))
        .Where(e => e.Metadata.GetMetadata<RequiredRoles>()?.Roles.Contains(Role.Auditor) == true)
        // A question whose text is too long, and too private, for an address.
        .Where(e => e.RoutePattern.RawText != "/api/v1/regencies/{code}/classifications/")
        .Select(e => e.DisplayName).ShouldBeEmpty();

    [Fact]
    public async Task exports_a_period_by_dates_or_instants()
    {
        var first = await host.FileReport();
        await host.Settled();
        var (at, position) = (await host.Scalar<DateTime>("select max(timestamp) from history.mt_events where tenant_id = '33_28'"), await host.Scalar<long>("select max(seq_id) from history.mt_events where tenant_id = '33_28'"));
        // The clock of a fast machine, too, has gone on before the next one.
        await AuditHost.Until(() => Task.FromResult(DateTime.UtcNow > at.ToUniversalTime().AddMilliseconds(1)), "the clock");
        var second = await host.FileReport();
        await host.Settled();
        string Instant(double more) => Uri.EscapeDataString(at.ToUniversalTime().AddMicroseconds(more).ToString("O"));

        var before = await host.Export($"?to={Instant(0)}");
        before.ShouldContain($"\"stream\":\"{first}\"");
        before.ShouldNotContain($"\"stream\":\"{second}\"");
        var after = await host.Export($"?from={Instant(1)}");
        after.ShouldContain($"\"stream\":\"{second}\"");
        after.Split('\n').First(l => l.Contains("\"kind\":\"event\"", StringComparison.Ordinal)).ShouldContain($"\"position\":{await host.Scalar<long>($"select min(seq_id) from history.mt_events where tenant_id = '33_28' and seq_id > {position}")},");
        foreach (var archive in new[] { before, after })
        {
            (await AuditHost.Verify(archive, await host.Keys())).ShouldStartWith("OK");
        }

        // All of the days from the first to the last.
        (await host.Export("?from=2016-01-01&to=2099-12-31")).ShouldContain($"\"stream\":\"{second}\"");
        using var auditor = await host.SignIn("33.28", "auditor");
        (await auditor.GetAsync($"{Here}/audit/export?from=2016-01-01&to=2016-12-31")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var (query, field) in new[] { ("from=kemarin", "from"), ("to=31-12-2016", "to"), ("from=2017-01-01&to=2016-01-01", "to") })
        {
            using var refused = await auditor.GetAsync($"{Here}/audit/export?{query}");
            (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString()).ShouldBe((HttpStatusCode.BadRequest, field));
        }
    }

    [Fact]
    public async Task stays_possible_after_an_erasure_and_holds_nothing_of_the_person()
    {
        using var answer = await host.Integrator().PostAsJsonAsync($"{Here}/reports", new
        {
            category = "jalan-rusak",
            description = "Rumah Kusumawardhani tergenang",
            place = new { latitude = -6.98, longitude = 109.13, address = "Gang Kusumawardhani 3" },
            reporter = new { firstName = "Kusumawardhani", phone = "+62 813-7777-1212" },
        });
        answer.EnsureSuccessStatusCode();
        var before = await host.Settled();
        var (whileKnown, keys) = (await host.Export(), await host.Keys());

        var officer = await host.SignIn("33.28", "pdp");
        var found = await SmartCityHost.Json(await officer.PostAsJsonAsync($"{Here}/personal-data/search", new { phone = "081377771212" }));
        string[] traces = [.. found.EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];
        traces.ShouldNotBeEmpty();
        (await officer.PostAsJsonAsync($"{Here}/personal-data/erasures", new { traces, ground = "request", proof = "letter" })).EnsureSuccessStatusCode();
        var after = await host.Settled();
        var archive = await host.Export();

        (await AuditHost.Verify(archive, keys, before, after)).ShouldStartWith("OK");
        (await AuditHost.Verify(whileKnown, keys, before)).ShouldStartWith("OK");
        archive.ShouldContain("person.erased.v1");
        foreach (var text in new[] { whileKnown, archive })
        {
            text.ShouldNotContain("Kusumawardhani", Case.Insensitive);
            text.ShouldNotContain("77771212");
        }
    }
}
