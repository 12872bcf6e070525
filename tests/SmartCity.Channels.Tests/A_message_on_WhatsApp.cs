using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.WhatsApp;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Stands for the Graph API on loopback.</summary>
internal sealed class FakeWhatsApp : IAsyncDisposable
{
    public const string Token = "EAA-rahasia";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Sent> _sent = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task<bool>>>> _scripts = new();
    private int _id;

    public FakeWhatsApp()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/v25.0/{number}/messages", Send);
        _app.MapGet("/v25.0/{media}", (string media, HttpContext http) => Missing.TryGetValue(media, out var times) && times > 0 && Missing.TryUpdate(media, times - 1, times) ? Results.StatusCode(503) : http.Request.Headers.Authorization != $"Bearer {Token}" ? Results.StatusCode(401)
            : Results.Json(new { url = $"{Address}/files/{media}", mime_type = "image/jpeg", sha256 = Convert.ToBase64String(SHA256.HashData(Of(media))) }));
        _app.MapGet("/files/{media}", (string media, HttpContext http) => http.Request.Headers.Authorization != $"Bearer {Token}" ? Results.StatusCode(401) : Results.Bytes(Of(media), "image/jpeg"));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>How long it takes to take a message, and then to say so.</summary>
    public Func<TimeSpan> Slowness { get; set; } = () => TimeSpan.Zero;

    /// <summary>Hears of each message that was taken.</summary>
    public Action<Sent>? Taken { get; set; }

    /// <summary>How often a picture cannot be had yet.</summary>
    public ConcurrentDictionary<string, int> Missing { get; } = new();

    private static byte[] Of(string media) => Pictures.Jpeg(70 + (media[^1] % 10));

    public string Address => _app.Urls.Single();

    public IReadOnlyList<Sent> To(string number) => [.. _sent.Where(s => s.To == number)];

    /// <summary>What happens to the next tries to a number; a step says whether the message is taken all the same.</summary>
    public void Script(string number, params Func<HttpContext, Task<bool>>[] steps) => _scripts[number] = new(steps);

    public static Func<HttpContext, Task<bool>> Fails(int status, int code) => async http =>
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new { error = new { code, message = "Uji" } });
        return false;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Send(HttpContext http, string number)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        var to = body.GetProperty("to").GetString()!;
        var sent = new Sent(to, $"wamid.S{Interlocked.Increment(ref _id)}", body) { Number = number };
        if (http.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await Fails(401, 190)(http);
        }
        else if (_scripts.TryGetValue(to, out var steps) && steps.TryDequeue(out var step))
        {
            if (await step(http))
            {
                _sent.Enqueue(sent);
            }
        }
        else
        {
            await Task.Delay(Slowness());
            _sent.Enqueue(sent);
            Taken?.Invoke(sent);
            await Task.Delay(Slowness());
            await http.Response.WriteAsJsonAsync(new { messages = new[] { new { id = sent.Id } } });
        }
    }

    public sealed record Sent(string To, string Id, JsonElement Body)
    {
        /// <summary>From which of our numbers.</summary>
        public string Number { get; init; } = "";

        public string Type => Body.GetProperty("type").GetString()!;

        public string Text => Type switch
        {
            "text" => Body.GetProperty("text").GetProperty("body").GetString()!,
            "interactive" => Body.GetProperty("interactive").GetProperty("body").GetProperty("text").GetString()!,
            _ => Body.GetProperty("template").GetProperty("components")[0].GetProperty("parameters")[0].GetProperty("text").GetString()!,
        };
    }
}

public sealed class WhatsAppHost : ChannelsHost, IAsyncLifetime
{
    private const string AppSecret = "rahasia-app";
    private static int _last = 30_000_000;
    private int _id;

    internal FakeWhatsApp WhatsApp { get; } = new();

    public async ValueTask InitializeAsync() => await SmsHost.Set(await SignIn("33.28", "operator"), "33.28", "whatsapp",
        new { appSecret = AppSecret, verifyToken = "rahasia-verifikasi", token = FakeWhatsApp.Token, phoneNumberId = "1001", baseUrl = $"{WhatsApp.Address}/v25.0", template = "kabar_laporan" });

    public static string NewNumber() => $"6281{Interlocked.Increment(ref _last)}";

    public async Task<HttpResponseMessage> Bring(string body, string? signature = null, string regency = "33.28")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/channels/{regency}/whatsapp/webhook") { Content = new ByteArrayContent(bytes) };
        request.Headers.Add(MetaSignature.Header, signature ?? MetaSignature.Of(AppSecret, bytes));
        return await Http.SendAsync(request);
    }

    public string Message(string from, object content, string? id = null, DateTimeOffset? at = null, string number = "1001")
    {
        var message = JsonSerializer.SerializeToNode(content)!.AsObject();
        message["from"] = from;
        message["id"] = id ?? $"wamid.U{from}-{Interlocked.Increment(ref _id)}";
        message["timestamp"] = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Value(new { messaging_product = "whatsapp", metadata = new { display_phone_number = "62283491234", phone_number_id = number }, contacts = new[] { new { profile = new { name = "Warga WA" }, wa_id = from } }, messages = new[] { message } });
    }

    public static string Text(WhatsAppHost host, string from, string text) => host.Message(from, new { type = "text", text = new { body = text } });

    public static string Status(string id, string status, string? callback, object[]? errors = null) => Value(new
    {
        metadata = new { phone_number_id = "1001" },
        statuses = new[] { new { id, status, timestamp = "1795488856", recipient_id = "62", biz_opaque_callback_data = callback, errors = errors ?? [] } },
    });

    public async Task Writes(string from, string text) => (await Bring(Text(this, from, text))).EnsureSuccessStatusCode();

    internal async Task<IReadOnlyList<FakeWhatsApp.Sent>> Sent(string number, int count) =>
        await Until(() => Task.FromResult(WhatsApp.To(number) is { } sent && sent.Count >= count ? sent : null), $"{count} messages to {number}: {string.Join(" | ", WhatsApp.To(number).Select(s => s.Text))}");

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await WhatsApp.DisposeAsync();
    }

    private static string Value(object value) =>
        JsonSerializer.Serialize(new { @object = "whatsapp_business_account", entry = new[] { new { id = "WABA1", changes = new[] { new { field = "messages", value } } } } });
}

public sealed class A_message_on_WhatsApp(WhatsAppHost host) : IClassFixture<WhatsAppHost>
{
    private const string Reports = "/api/v1/regencies/33.28/reports";

    [Fact]
    public async Task becomes_a_report_with_its_photo_and_the_answer_has_buttons()
    {
        var number = WhatsAppHost.NewNumber();
        var body = host.Message(number, new { type = "image", image = new { id = "MEDIA1", mime_type = "image/jpeg", caption = "jalan ambles di Balapulang depan pasar" } });

        (await host.Bring(body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Bring(body)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var acknowledgement = (await host.Sent(number, 1))[0];
        acknowledgement.Body.GetProperty("context").GetProperty("message_id").GetString()!.ShouldStartWith("wamid.U");
        var ticket = SmsHost.Ticket(acknowledgement.Text);
        await host.Reaches(ticket, "assigned");
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"{Reports}/{ticket}/photos/1")).IsSuccessStatusCode, "the photo");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"{Reports}/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        var answer = (await host.Sent(number, 2))[1];
        answer.Type.ShouldBe("interactive");
        var button = answer.Body.GetProperty("interactive").GetProperty("action").GetProperty("buttons")[0].GetProperty("reply").GetProperty("id").GetString();

        (await host.Bring(host.Message(number, new { type = "interactive", interactive = new { type = "button_reply", button_reply = new { id = button, title = "Puas" } } }))).EnsureSuccessStatusCode();

        await host.Reaches(ticket, "closed");
        (await host.Sent(number, 3))[2].Text.ShouldContain("ditutup");
        host.WhatsApp.To(number).Count.ShouldBe(3);
    }

    [Fact]
    public async Task has_its_photo_in_the_report_from_the_start()
    {
        var number = WhatsAppHost.NewNumber();

        (await host.Bring(host.Message(number, new { type = "image", image = new { id = "MEDIA1", mime_type = "image/jpeg", caption = "jalan ambles di Balapulang depan pasar" } }))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket((await host.Sent(number, 1))[0].Text);
        (await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{ticket}"))).GetProperty("photos").GetArrayLength().ShouldBe(1);
        (await host.History(ticket)).ShouldNotContain("report.supplemented.v1");
        // One that is sent after the text joins it.
        (await host.Bring(host.Message(number, new { type = "image", image = new { id = "OTHER2", mime_type = "image/jpeg" } }))).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"{Reports}/{ticket}/photos/2")).IsSuccessStatusCode, "the second photo");
        (await host.Sent(number, 2))[1].Text.ShouldContain(ticket);
    }

    [Fact]
    public async Task becomes_a_report_even_where_its_photo_cannot_be_had_yet()
    {
        var number = WhatsAppHost.NewNumber();
        host.WhatsApp.Missing["LATE3"] = 1;

        (await host.Bring(host.Message(number, new { type = "image", image = new { id = "LATE3", mime_type = "image/jpeg", caption = "jalan ambles di Balapulang dekat jembatan" } }))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket((await host.Sent(number, 1))[0].Text);
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"{Reports}/{ticket}/photos/1")).IsSuccessStatusCode, "the photo");
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(1);
    }

    [Fact]
    public async Task is_asked_for_what_is_missing_and_the_answers_complete_it()
    {
        var number = WhatsAppHost.NewNumber();

        await host.Writes(number, "Assalamualaikum pak");
        (await host.Sent(number, 1))[0].Text.ShouldStartWith("Halo");
        await host.Writes(number, "lampu penerangan jalan umum mati total");
        (await host.Sent(number, 2))[1].Text.ShouldStartWith("Di mana");
        (await host.Bring(host.Message(number, new { type = "location", location = new { latitude = -6.98, longitude = 109.13 } }))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket((await host.Sent(number, 3))[2].Text);
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"{Reports}/{ticket}"));
        report.GetProperty("description").GetString().ShouldBe("lampu penerangan jalan umum mati total");
        report.GetProperty("place").GetProperty("latitude").GetDouble().ShouldBe(-6.98);
        // A photo after the text joins it, and so does a further word; a clearly new one does not.
        (await host.Bring(host.Message(number, new { type = "image", image = new { id = "MEDIA2" } }))).EnsureSuccessStatusCode();
        (await host.Sent(number, 4))[3].Text.ShouldContain(ticket);
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"{Reports}/{ticket}/photos/1")).IsSuccessStatusCode, "the photo");
        await host.Writes(number, "sudah tiga hari begini");
        (await host.Sent(number, 5))[4].Text.ShouldContain(ticket);
        await host.Writes(number, "laporan baru: sampah menumpuk di pasar Slawi");
        SmsHost.Ticket((await host.Sent(number, 6))[5].Text).ShouldNotBe(ticket);
        await host.Writes(number, "makasih min");
        (await host.Sent(number, 7))[6].Text.ShouldStartWith("Sama-sama");
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(2);
    }

    [Fact]
    public async Task after_a_day_is_answered_with_a_template()
    {
        var number = WhatsAppHost.NewNumber();
        (await host.Bring(host.Message(number, new { type = "text", text = new { body = "jalan rusak di Balapulang depan pasar" } }, at: TimeProvider.System.GetUtcNow().AddHours(-25)))).EnsureSuccessStatusCode();

        var sent = (await host.Sent(number, 1))[0];

        sent.Type.ShouldBe("template");
        sent.Body.GetProperty("template").GetProperty("name").GetString().ShouldBe("kabar_laporan");
        sent.Body.TryGetProperty("context", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task whose_answer_broke_off_is_settled_by_its_status_and_not_sent_twice()
    {
        var number = WhatsAppHost.NewNumber();
        host.WhatsApp.Script(number, http =>
        {
            http.Abort();
            return Task.FromResult(true);
        });
        await host.Writes(number, "jalan rusak di Balapulang depan pasar");
        var sent = (await host.Sent(number, 1))[0];

        (await host.Bring(WhatsAppHost.Status(sent.Id, "delivered", sent.Body.GetProperty("biz_opaque_callback_data").GetString()))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket(sent.Text);
        await SmartCityHost.Until(async () => (await host.Outbox(channel: "whatsapp", ticket: ticket)).Any(m => m.GetProperty("state").GetString() == "sent" && m.TryGetProperty("deliveredAt", out _)), "the receipt");
        // The second receipt, by our receipt's id alone.
        (await host.Bring(WhatsAppHost.Status(sent.Id, "read", null))).EnsureSuccessStatusCode();
        host.WhatsApp.To(number).Count.ShouldBe(1);
    }

    [Fact]
    public async Task waits_where_there_are_too_many_and_fails_where_it_cannot_arrive()
    {
        var (throttled, gone) = (WhatsAppHost.NewNumber(), WhatsAppHost.NewNumber());
        host.WhatsApp.Script(throttled, FakeWhatsApp.Fails(400, 131056), FakeWhatsApp.Fails(429, 130429));
        host.WhatsApp.Script(gone, FakeWhatsApp.Fails(400, 131026));

        await host.Writes(throttled, "jalan rusak di Balapulang depan pasar");
        await host.Writes(gone, $"jalan rusak di Balapulang depan pasar {gone}");

        (await host.Sent(throttled, 1)).Count.ShouldBe(1);
        var failed = await SmartCityHost.Until(async () => (await host.Outbox(channel: "whatsapp")).Where(m => m.GetProperty("state").GetString() == "failed").Select(m => m.GetRawText()).FirstOrDefault(), "the refusal");
        failed.ShouldContain("131026");
    }

    [Fact]
    public async Task is_taken_only_with_this_regencys_signature_and_when_it_is_new()
    {
        var number = WhatsAppHost.NewNumber();
        var body = WhatsAppHost.Text(host, number, "jalan rusak di Balapulang");

        (await host.Bring(body, "sha256=00")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Bring(body, MetaSignature.Of("lain", Encoding.UTF8.GetBytes(body)))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Bring(body, regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Bring("{}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Bring(host.Message(number, new { type = "text", text = new { body = "lama" } }, at: TimeProvider.System.GetUtcNow().AddDays(-9)))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.GetAsync("/channels/33.28/whatsapp/webhook?hub.mode=subscribe&hub.verify_token=salah&hub.challenge=77")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Http.GetStringAsync("/channels/33.28/whatsapp/webhook?hub.mode=subscribe&hub.verify_token=rahasia-verifikasi&hub.challenge=77")).ShouldBe("77");
        host.WhatsApp.To(number).ShouldBeEmpty();
    }

    [Fact]
    public void is_signed_as_Meta_signs() => MetaSignature.Of("rahasia-app", Encoding.UTF8.GetBytes("""{"object":"whatsapp_business_account","entry":[]}"""))
        .ShouldBe("sha256=4e4049730a4b581b8dbaac528677a52769204367677ea28b4c622b1f0cbb2eab");
}
