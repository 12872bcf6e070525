using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Accountability.Tests.Auditing;
using SmartCity.Accountability.Tests.Climbing;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Testing;

namespace SmartCity.Accountability.Tests.Replaying;

/// <summary>
/// Every endpoint and page that the host has, as somebody reads it who never read anything before: what is personal or of oversight must be on record then.
/// A new one is caught: it records its readers, or is named here with the reason why it needs not.
/// </summary>
public sealed class Every_read_that_is_not_for_everybody(AuditHost host) : IClassFixture<AuditHost>
{
    private const string Here = "/api/v1/regencies/33.28";

    // In what is shown to somebody, none of these may be without a reading on record.
    private const string Name = "Kusumawardhani", Accused = "Pungutan liar di loket Sukodono", Owes = "Wirasaba", Finding = "Kelebihan pembayaran jembatan", Said = "Alat berat rusak sejak Senin", Sms = "Promo paket data Adiwijaya", Offered = "Talud ambrol Mangkubumi";

    private static readonly Dictionary<string, string> ShowsNobody = new()
    {
        [$"{Here}/classifications/accuracy"] = "numbers",
        [$"{Here}/outbox-counts"] = "numbers",
        [$"{Here}/unanswered"] = "numbers",
        [$"{Here}/findings/summary"] = "numbers",
        [$"{Here}/ladder/summary"] = "numbers",
        [$"{Here}/alerts"] = "what was sent to the reader's own office, without matters of oversight",
        [$"{Here}/repayments/by-department"] = "numbers",
        [$"{Here}/channel-accounts"] = "settings of the regency",
        [$"{Here}/ready-answers"] = "standard texts",
        [$"{Here}/webhooks"] = "addresses of integrators, for them and operators only",
        [$"{Here}/webhooks/webhook"] = "an address of an integrator, for it and operators only",
        [$"{Here}/webhooks/webhook/deliveries"] = "which public events were sent to an integrator, for it and operators only",
        [$"{Here}/channel-policy"] = "settings of the regency",
        [$"{Here}/repayments/policy"] = "settings of the regency",
        [$"{Here}/channel-health"] = "how channels do",
        [$"{Here}/official-accounts"] = "accounts of departments",
        [$"{Here}/official-accounts.csv"] = "accounts of departments",
        [$"{Here}/departments/export.csv"] = "departments, which everybody may read",
        [$"{Here}/incidents/suggestions"] = "public reports",
        [$"{Here}/retention/due"] = "tickets and days",
        [$"{Here}/personal-data/erasures"] = "what was erased, without whose it was",
        ["/33.28/meja"] = "numbers, and reports of which the confidential ones are recorded",
        ["/33.28/meja/pesan"] = "numbers, and messages, which are recorded where there are any",
        ["/33.28/meja/ketepatan"] = "numbers",
        ["/33.28/meja/akun"] = "accounts of departments",
        ["/33.28/meja/akun/setelan"] = "settings of the regency, without secrets",
        ["/33.28/meja/catat"] = "an empty form",
        ["/33.28/rencana/baru"] = "an empty form",
        ["/33.28/data-pribadi"] = "an empty form, and what was erased without whose it was",
    };

    private readonly Dictionary<string, string> _ids = [];
    private static readonly StaffAccount Somebody = new StaffAccount { Id = "-", DisplayName = "-", Role = Role.Citizen }.WithPassword(SmartCityHost.Password);

    private readonly Dictionary<Role, (string Actor, HttpClient Client)> _new = [];
    private int _readers;

    private static async Task<JsonElement> Post(HttpClient client, string path, object body) => await SmartCityHost.Json(await client.PostAsJsonAsync(path, body));

    /// <summary>Something of all that is not for everybody.</summary>
    private async Task Prepare()
    {
        using var inspector = await host.SignIn("33.28", "officer.inspektorat");
        using var treasury = await host.SignIn("33.28", "bpkad");
        using var regent = await host.SignIn("33.28", "regent");
        using var clerk = await host.SignIn("33.28", "operator");
        using var neighbour = await host.SignIn("33.76", "dispatcher");

        // A confidential matter of oversight with a photo and a named reporter, and another one like it.
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var form = new MultipartFormDataContent
            {
                {
                    new StringContent(JsonSerializer.Serialize(new
                    {
                        category = "pungli", description = Accused, isConfidential = true, place = new { latitude = -6.98, longitude = 109.13 }, reporter = new { firstName = Name, phone = "+62 813-7777-1919" },
                    }), Encoding.UTF8, "application/json"), "report"
                },
            };
            var photo = new ByteArrayContent(Pictures.Jpeg(3));
            photo.Headers.ContentType = new("image/jpeg");
            form.Add(photo, "photos", "bukti.jpg");
            _ids["ticket"] = (await SmartCityHost.Json(await host.Integrator().PostAsync($"{Here}/reports", form))).GetProperty("ticket").GetString()!;
        }

        await host.Reaches(_ids["ticket"], "assigned", caller: inspector);

        var report = (await Post(inspector, $"{Here}/audit-reports", new { number = "LHP-BACA", title = "Pemeriksaan", issuer = "bpk", year = 2015, issuedOn = "2016-05-20", receivedOn = "2016-05-31" })).GetProperty("id").GetString()!;
        await Post(inspector, $"{Here}/audit-reports/{report}/findings", new { number = 1, title = Finding, department = "INSPEKTORAT", amount = 1000m, recommendations = new[] { "Setor" } });
        var obligation = await Post(treasury, $"{Here}/obligations", new { reference = "SKP-BACA", name = Owes, kind = "official", department = "INSPEKTORAT", year = 2015, amount = 1000m, on = "2016-06-01", finding = $"{report}.1" });
        (_ids["audit-report"], _ids["finding"], _ids["obligation"], _ids["obligor"]) = (report, $"{report}.1", obligation.GetProperty("id").GetString()!, obligation.GetProperty("obligor").GetProperty("id").GetString()!);
        await Post(treasury, $"{Here}/deposits", new { obligation = _ids["obligation"], on = "2016-06-05", document = "STS-9", amount = 400m });
        _ids["letter"] = (await Post(treasury, $"{Here}/repayments/letters", new { obligor = _ids["obligor"], number = "900/1", on = "2016-07-01", days = 14, signatory = "Ny. Contoh" })).GetProperty("id").GetString()!;

        var owed = await host.Owed();
        _ids["case"] = (await Post(regent, $"{Here}/accountability-cases", new { department = "DPU", reports = new[] { owed }, reason = Said })).GetProperty("id").GetString()!;

        // A message that is no report.
        (await clerk.PutAsJsonAsync($"{Here}/channel-accounts/sms-kannel", new { secret = "rahasia-kannel", sendUrl = "http://127.0.0.1:1/", username = "u", password = "p", from = "9118", callbackUrl = "http://127.0.0.1:1" })).EnsureSuccessStatusCode();
        (await host.Http.GetAsync($"/channels/33.28/sms/kannel?from=9119&to=9118&text={Uri.EscapeDataString(Sms)}&id=1&charset=UTF-8&coding=0&smsc=tsel&secret=rahasia-kannel")).EnsureSuccessStatusCode();

        // What the neighbour offers.
        static string Square(string code, double west) => FormattableString.Invariant(
            $$$"""{"type":"Feature","properties":{"code":"{{{code}}}","name":"{{{code}}}"},"geometry":{"type":"Polygon","coordinates":[[[{{{west}}},-7],[{{{west + 0.2}}},-7],[{{{west + 0.2}}},-6.8],[{{{west}}},-6.8],[{{{west}}},-7]]]}}""");
        using var areas = new StringContent($$"""{"type":"FeatureCollection","features":[{{Square("33.28", 109)}},{{Square("33.76", 109.2)}}]}""", Encoding.UTF8, "application/geo+json");
        (await neighbour.PutAsync("/api/v1/regencies/33.76/boundaries", areas)).EnsureSuccessStatusCode();
        await host.FileReport("33.76", description: Offered);

        using var dispatcher = await host.SignIn("33.28", "dispatcher");
        await SmartCityHost.Until(async () => (await dispatcher.GetStringAsync($"{Here}/handovers")).Contains(Offered, StringComparison.Ordinal), "the offer");
        await SmartCityHost.Until(async () => (await dispatcher.GetStringAsync($"{Here}/messages")).Contains(Sms, StringComparison.Ordinal), "the message");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await inspector.GetAsync($"{Here}/reports/{_ids["ticket"]}/similar"))).GetProperty("reports").GetArrayLength() > 0, "the one that is like it");
        // All that was owed is late by now, and stands on the ladder.
        host.Advance(40);
        // Whoever had signed in before is out by now.
        using var later = await host.SignIn("33.28", "regent");
        await SmartCityHost.Until(async () => (await later.GetStringAsync($"{Here}/ladder")).Contains(_ids["ticket"], StringComparison.Ordinal), "the ladder");
        await SmartCityHost.Until(async () => (await later.GetStringAsync($"{Here}/outbox?ticket={_ids["ticket"]}")).Contains("kind", StringComparison.Ordinal), "a message about it");
    }

    /// <summary>Somebody of whom no reading is on record yet.</summary>
    private async Task<(string Actor, HttpClient Client)> Reader(Role role)
    {
        if (_new.TryGetValue(role, out var known))
        {
            return known;
        }

        var name = $"pembaca.{++_readers}";
        await host.Services.GetRequiredService<StaffSignIn>().Save(
            RegencyCode.Parse("33.28"), Somebody with { Id = name, DisplayName = name, Role = role, Department = role == Role.Officer ? "INSPEKTORAT" : null }, CancellationToken.None);
        return _new[role] = ($"staff:{name}", await host.SignIn("33.28", name));
    }

    [Fact]
    public async Task is_on_record()
    {
        await Prepare();
        string[] markers = [Name, Accused, Owes, Finding, Said, Sms, Offered, _ids["ticket"]];
        var (read, unrecorded, unread) = (0, new List<string>(), new List<string>());
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.Contains("{code", StringComparison.Ordinal) == true && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
                && !e.RoutePattern.RawText.StartsWith("/channels/", StringComparison.Ordinal) && e.Metadata.GetMetadata<RegencyScope>()?.RouteValue is not null);
        foreach (var endpoint in endpoints)
        {
            var (path, allowed) = (Path(endpoint.RoutePattern), endpoint.Metadata.GetMetadata<RequiredRoles>()?.Roles);
            using var everybody = await host.Http.GetAsync(path);
            var known = everybody.IsSuccessStatusCode ? WebUtility.HtmlDecode(await everybody.Content.ReadAsStringAsync()) : "";
            var isForAll = allowed is null || allowed.Contains(Role.Citizen);
            var isRead = false;
            foreach (var role in new[] { Role.Regent, Role.Auditor, Role.Officer, Role.Dispatcher, Role.Treasurer, Role.DataProtection }.Where(r => isForAll || allowed!.Contains(r)))
            {
                var (actor, client) = await Reader(role);
                using var answer = await client.GetAsync(path);
                var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
                if (!answer.IsSuccessStatusCode)
                {
                    continue;
                }

                isRead = true;
                // The path itself may name the ticket, and an answer repeat it.
                var shown = markers.Where(m => text.Contains(m, StringComparison.Ordinal) && !known.Contains(m, StringComparison.Ordinal) && !path.Contains(m, StringComparison.Ordinal)).ToArray();
                // Those who oversee are shown all there is; of the others, some of it.
                var mustBe = shown.Length > 0 || (!isForAll && role is Role.Regent or Role.Auditor && !ShowsNobody.ContainsKey(path.Split('?')[0]));
                var isRecorded = await host.Scalar<bool>($"select exists (select from history.mt_events where tenant_id = '33_28' and type = 'data.read.v1' and user_name = '{actor}')");
                if (isRecorded)
                {
                    _new.Remove(role);
                }
                else if (mustBe)
                {
                    unrecorded.Add($"{role} {path}: {string.Join(", ", shown)}");
                }

                read++;
            }

            if (!isRead && !isForAll && !ShowsNobody.ContainsKey(path))
            {
                unread.Add(path);
            }
        }

        unread.ShouldBeEmpty("give this test something to ask for");
        unrecorded.ShouldBeEmpty();
        read.ShouldBeGreaterThan(150);
    }

    private string Path(RoutePattern pattern)
    {
        var raw = pattern.RawText!;
        string Id(string parameter) => (parameter, raw) switch
        {
            ("code", _) => "33.28",
            (_, var r) when r.Contains("/audit-reports", StringComparison.Ordinal) => _ids["audit-report"],
            (_, var r) when r.Contains("/findings", StringComparison.Ordinal) => _ids["finding"],
            (_, var r) when r.Contains("/letters", StringComparison.Ordinal) => _ids["letter"],
            (_, var r) when r.Contains("/obligations", StringComparison.Ordinal) => _ids["obligation"],
            (_, var r) when r.Contains("cases", StringComparison.Ordinal) => _ids["case"],
            ("number", _) => "1",
            (_, var r) when r.Contains("/rekanan", StringComparison.Ordinal) => _ids["obligor"],
            (_, var r) when r.Contains("/reports", StringComparison.Ordinal) || r.Contains("/laporan", StringComparison.Ordinal) => _ids["ticket"],
            ("department", _) => "DPU",
            ("year", _) => "2026",
            ("office", _) => "regent",
            _ => parameter,
        };
        var path = "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => Id(parameter.Name),
            _ => "",
        }))));
        return path + (path.TrimEnd('/') switch
        {
            $"{Here}/audit/proofs/inclusion" => "?position=1",
            $"{Here}/audit/proofs/consistency" => "?from=1",
            "/33.28/putar-ulang" => $"?aliran={_ids["ticket"]}",
            $"{Here}/search" => $"?q={Uri.EscapeDataString(Accused)}",
            _ => "",
        });
    }
}
