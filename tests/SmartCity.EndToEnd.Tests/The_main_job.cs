using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkiaSharp;
using SmartCity.Testing;

namespace SmartCity.EndToEnd.Tests;

public sealed partial class The_main_job(HostProcess host) : IClassFixture<HostProcess>
{
    private const string Api = "/api/v1/regencies/33.28";

    [Fact]
    public async Task is_done_for_a_report_over_open311()
    {
        using var citizen = host.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["jurisdiction_id"] = "33.28",
            ["api_key"] = "demo",
            ["service_code"] = "jalan-rusak",
            ["lat"] = "-6.9835",
            ["long"] = "109.1334",
            ["description"] = "Jalan berlubang di depan pasar Trayeman",
            ["email"] = "warga@example.com",
        });
        var filed = await SmartCityHost.Json(await citizen.PostAsync("/open311/v2/requests.json", form));

        await IsDone(filed[0].GetProperty("service_request_id").GetString()!, "open311");
    }

    [Fact]
    public async Task is_done_for_a_report_on_the_web_with_a_photo()
    {
        using var browser = host.Client();
        var page = await browser.GetStringAsync("/33.28/lapor");
        using var form = new MultipartFormDataContent();
        foreach (Match hidden in HiddenField().Matches(page))
        {
            form.Add(new StringContent(WebUtility.HtmlDecode(hidden.Groups["value"].Value)), hidden.Groups["name"].Value);
        }

        form.Add(new StringContent("jalan-rusak"), "kategori");
        form.Add(new StringContent("Jalan ambles di dekat sekolah"), "uraian");
        form.Add(new StringContent("Desa Kalisapu, Slawi"), "alamat");
        var photo = new ByteArrayContent(Png());
        photo.Headers.ContentType = new("image/png");
        form.Add(photo, "foto", "jalan.png");

        using var answer = await browser.PostAsync("/33.28/lapor", form);

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.SeeOther, HttpStatusCode.Found);
        var ticket = Regex.Match(answer.Headers.Location!.ToString(), @"\d{4}-\d{6,}").Value;
        var shown = await browser.GetAsync($"{Api}/reports/{ticket}/photos/1");
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        (await browser.GetStringAsync($"/33.28/laporan/{ticket}")).ShouldContain("Jalan ambles di dekat sekolah");
        await IsDone(ticket, "web");
    }

    [Fact]
    public async Task is_done_for_a_mention_on_x()
    {
        using var x = host.Client();
        var id = RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture);
        async Task<HttpStatusCode> Deliver() => (await x.SendAsync(Mention(id, "@dpu_tegalkab jalan rusak parah di Banjaran, tolong"))).StatusCode;

        (await Deliver()).ShouldBe(HttpStatusCode.OK);
        (await Deliver()).ShouldBe(HttpStatusCode.OK);

        var ticket = await SmartCityHost.Until(async () => (await Reports("limit=1000"))
            .Where(r => r.GetProperty("channel").GetString() == "x" && r.GetProperty("description").GetString()!.Contains("Banjaran", StringComparison.Ordinal))
            .Select(r => r.GetProperty("ticket").GetString()).SingleOrDefault(), "one report of the mention");
        await IsDone(ticket, "x");
    }

    [Fact]
    public async Task shows_on_every_way_out()
    {
        using var reader = host.Client();
        (await SmartCityHost.Json(await reader.GetAsync("/open311/v2/services.json?jurisdiction_id=33.28"))).GetArrayLength().ShouldBeGreaterThanOrEqualTo(30);
        (await reader.GetStringAsync("/open311/v2/services.xml?jurisdiction_id=33.28")).ShouldContain("<service_code>jalan-rusak</service_code>");
        (await SmartCityHost.Json(await reader.GetAsync("/open311/v2/requests.json?jurisdiction_id=33.28&status=open"))).ValueKind.ShouldBe(JsonValueKind.Array);
        (await SmartCityHost.Json(await reader.GetAsync($"{Api}/departments"))).GetArrayLength().ShouldBeGreaterThanOrEqualTo(20);
        foreach (var page in new[] { "/", "/33.28", "/33.76", "/33.28/lapor", "/33.28/masuk", "/dev/outbox", "/docs/", "/openapi/v1.json", "/metrics", "/health/live" })
        {
            (await reader.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK, page);
        }
    }

    [Fact]
    public async Task survives_a_crash_right_after_the_acknowledgement()
    {
        using var x = host.Client();
        (await x.SendAsync(Mention("777000777", "@dpu_tegalkab jembatan Kalimati ambrol"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await host.Crash();

        await SmartCityHost.Until(async () => (await Outbox()).Any(m => m.GetProperty("channel").GetString() == "x" && m.GetProperty("kind").GetString() == "acknowledgement"), "its acknowledgement");
        (await Reports("limit=1000")).Count(r => r.GetProperty("description").GetString()!.Contains("Kalimati", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task writes_no_personal_data_into_the_log()
    {
        using var citizen = host.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["jurisdiction_id"] = "33.28",
            ["api_key"] = "demo",
            ["service_code"] = "sampah",
            ["address_string"] = "Jalan Melati 7",
            ["description"] = "Sampah menumpuk sekali",
            ["first_name"] = "Zubaidah",
            ["phone"] = "081299990000",
            ["email"] = "zubaidah@example.com",
        });
        (await citizen.PostAsync("/open311/v2/requests.json", form)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var secret in new[] { "Zubaidah", "081299990000", "zubaidah@", "Melati", "menumpuk" })
        {
            host.Log.ShouldNotContain(secret);
        }
    }

    private async Task IsDone(string ticket, string channel)
    {
        // Through: routed, acknowledged on its own channel, answered, answered on its own channel.
        using var officer = await SignIn("officer.dpu");
        await SmartCityHost.Until(async () => (await SmartCityHost.Json(await officer.GetAsync($"{Api}/reports/{ticket}"))).GetProperty("state").GetString() == "assigned", "the report at its department");
        (await officer.PostAsJsonAsync($"{Api}/reports/{ticket}/answers", new { text = "Terima kasih, besok kami tambal.", isSettled = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = await SmartCityHost.Until(async () => (await Outbox()).Where(m => m.GetProperty("ticket").GetString() == ticket).ToArray() is { Length: 2 } both
            && both.All(m => m.GetProperty("state").GetString() == "sent") ? both : null, "acknowledgement and answer");
        sent.ShouldAllBe(m => m.GetProperty("channel").GetString() == channel);
        sent.Select(m => m.GetProperty("kind").GetString()).Order().ShouldBe(["acknowledgement", "answer"]);
        sent.Single(m => m.GetProperty("kind").GetString() == "acknowledgement").GetProperty("text").GetString()!.ShouldContain(ticket);

        // Out.
        (await Reports("limit=1000")).ShouldContain(r => r.GetProperty("ticket").GetString() == ticket);
        var request = (await SmartCityHost.Json(await officer.GetAsync($"/open311/v2/requests/{ticket}.json?jurisdiction_id=33.28")))[0];
        request.GetProperty("status").GetString().ShouldBe("closed");

        // Replay.
        using var auditor = await SignIn("auditor");
        var history = await SmartCityHost.Json(await auditor.GetAsync($"{Api}/reports/{ticket}/history"));
        history.EnumerateArray().Select(e => e.GetProperty("type").GetString()).ShouldBe(["report.filed.v1", "report.jurisdiction-decided.v1", "report.assigned.v1", "report.answered.v1"]);
        history.EnumerateArray().ShouldAllBe(e => e.GetProperty("actor").GetString()!.Length > 0 && e.GetProperty("correlationId").GetString()!.Length > 0 && e.GetProperty("causationId").GetString()!.Length > 0);
        history[3].GetProperty("actor").GetString().ShouldBe("staff:officer.dpu");
        history[1].GetProperty("correlationId").GetString().ShouldBe(history[0].GetProperty("correlationId").GetString());
        var instant = Uri.EscapeDataString(history[1].GetProperty("at").GetString()!);
        (await SmartCityHost.Json(await auditor.GetAsync($"{Api}/reports/{ticket}?asOf={instant}"))).GetProperty("state").GetString().ShouldBe("assigned");
        (await officer.GetAsync($"{Api}/reports/{ticket}/history")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<HttpClient> SignIn(string name)
    {
        var client = host.Client();
        (await client.PostAsJsonAsync($"{Api}/session", new { name, password = SmartCityHost.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
        return client;
    }

    private async Task<JsonElement[]> Reports(string query)
    {
        using var client = host.Client();
        return [.. (await SmartCityHost.Json(await client.GetAsync($"{Api}/reports?{query}"))).GetProperty("reports").EnumerateArray()];
    }

    private async Task<JsonElement[]> Outbox()
    {
        using var client = host.Client();
        return [.. (await SmartCityHost.Json(await client.GetAsync("/dev/outbox.json?regency=33.28"))).EnumerateArray()];
    }

    internal static HttpRequestMessage Mention(string id, string text, string author = "5005")
    {
        var body = JsonSerializer.Serialize(new
        {
            data = new
            {
                event_uuid = Guid.NewGuid(),
                filter = new { user_id = "9001" },
                event_type = "post.mention.create",
                tag = "dpu",
                payload = new
                {
                    id,
                    text,
                    author_id = author,
                    conversation_id = id,
                    created_at = TimeProvider.System.GetUtcNow().ToString("O"),
                    entities = new { mentions = text.Contains("@dpu_tegalkab", StringComparison.Ordinal) ? new[] { new { start = 0, end = 13, username = "dpu_tegalkab", id = "9001" } } : [] },
                },
                includes = new { users = new[] { new { id = author, username = "warga1", name = "Warga" } } },
            },
        });
        var signature = "sha256=" + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("rahasia-konsumen"), Encoding.UTF8.GetBytes(body)));
        return new HttpRequestMessage(HttpMethod.Post, "/channels/33.28/x/webhook")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "x-twitter-webhooks-signature", signature } },
        };
    }

    private static byte[] Png()
    {
        using var bitmap = new SKBitmap(64, 48);
        bitmap.Erase(SKColors.SaddleBrown);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    [GeneratedRegex("""<input[^>]*type="hidden"[^>]*name="(?<name>[^"]+)"[^>]*value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex HiddenField();
}
