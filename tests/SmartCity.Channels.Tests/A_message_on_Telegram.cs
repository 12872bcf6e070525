using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Telegram;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Stands for the Bot API on loopback.</summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    private readonly WebApplication _app;
    /// <summary>The bot of the transport department.</summary>
    public const string OtherBot = "78:rahasia-dishub";

    private readonly ConcurrentQueue<(string Token, JsonElement Call)> _sent = new();
    private int _id = 500;

    public FakeTelegram()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/bot{token}/sendMessage", async (string token, HttpContext http) =>
        {
            if (token is not ("77:rahasia-bot" or OtherBot))
            {
                return Results.Json(new { ok = false, error_code = 401, description = "Unauthorized" }, statusCode: 401);
            }

            if (Throttled-- > 0)
            {
                return Results.Json(new { ok = false, error_code = 429, description = "Too Many Requests: retry after 2", parameters = new { retry_after = 2 } }, statusCode: 429);
            }

            _sent.Enqueue((token, await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body)));
            return Results.Json(new { ok = true, result = new { message_id = Interlocked.Increment(ref _id) } });
        });
        // A file is known to the bot that it was sent to.
        _app.MapPost("/bot{token}/getFile", async (string token, HttpContext http) => OnlyOtherBotHasFiles && token != OtherBot ? Results.NotFound() : Results.Json(new { ok = true, result = new { file_path = $"photos/{(await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body)).GetProperty("file_id").GetString()}" } }));
        _app.MapGet("/file/bot{token}/photos/{id}", (string id) => Results.Bytes(Pictures.Jpeg(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture)), "image/jpeg"));
        _app.MapPost("/bot{token}/setWebhook", async (string token, HttpContext http) => Told(await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body), "set"));
        _app.MapPost("/bot{token}/deleteWebhook", async (string token, HttpContext http) => Told(await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body), "deleted"));
        _app.MapPost("/bot{token}/getMe", (string token) => Results.Json(new { ok = true, result = new { id = 77, is_bot = true, username = token == OtherBot ? "dishub_tegal_bot" : "lapor_tegal_bot" } }));
        _app.MapPost("/bot{token}/answerCallbackQuery", () => Results.Json(new { ok = true, result = true }));
        _app.MapPost("/bot{token}/getUpdates", async (string token, HttpContext http) =>
        {
            var waiting = token == OtherBot ? WaitingOfOther : Waiting;
            var offset = (await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body)).GetProperty("offset").GetInt64();
            if (token != OtherBot)
            {
                Offsets.Enqueue(offset);
            }

            // What was asked for past is confirmed, and never given again.
            while (waiting.TryPeek(out var first) && first.GetProperty("update_id").GetInt64() < offset)
            {
                waiting.TryDequeue(out _);
            }

            for (var i = 0; waiting.IsEmpty && i < 20 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await Task.Delay(50);
            }

            return Results.Json(new { ok = true, result = waiting.ToArray() });
        });
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>What the bot was told about its webhook.</summary>
    public ConcurrentQueue<(string What, JsonElement Call)> Webhook { get; } = new();

    /// <summary>Updates that nobody has confirmed.</summary>
    public ConcurrentQueue<JsonElement> Waiting { get; } = new();

    public ConcurrentQueue<JsonElement> WaitingOfOther { get; } = new();

    public bool OnlyOtherBotHasFiles { get; set; }

    public ConcurrentQueue<long> Offsets { get; } = new();

    public int Throttled { get; set; }

    public string Address => _app.Urls.Single();

    public IReadOnlyList<JsonElement> To(long chat) => [.. _sent.Select(s => s.Call).Where(s => s.GetProperty("chat_id").GetInt64() == chat)];

    /// <summary>By which bots.</summary>
    public IReadOnlyList<string> By(long chat) => [.. _sent.Where(s => s.Call.GetProperty("chat_id").GetInt64() == chat).Select(s => s.Token)];

    private IResult Told(JsonElement call, string what)
    {
        Webhook.Enqueue((what, call));
        return Results.Json(new { ok = true, result = true });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

public sealed class TelegramHost : ChannelsHost, IAsyncLifetime
{
    private int _id = 10;

    internal FakeTelegram Telegram { get; } = new();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings) { ["SmartCity:PublicUrl"] = "https://lapor.contoh.id/" };

    public async ValueTask InitializeAsync() => await SmsHost.Set(await SignIn("33.28", "operator"), "33.28", "telegram", new { token = "77:rahasia-bot", secret = "rahasia_hook", baseUrl = Telegram.Address });

    public async Task<HttpResponseMessage> Bring(object update, string secret = "rahasia_hook", string regency = "33.28", string bot = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/channels/{regency}/telegram/webhook{bot}") { Content = JsonContent.Create(update) };
        request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
        return await Http.SendAsync(request);
    }

    public object Message(long chat, string text, string type = "private", object? location = null) => new
    {
        update_id = 70000 + ++_id,
        message = new
        {
            message_id = _id,
            date = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            chat = new { id = chat, type },
            from = new { id = chat, first_name = "Warga Bot", username = "warga1" },
            text,
            location = location ?? new { latitude = -6.98, longitude = 109.13 },
        },
    };

    public object Photo(long chat, string file, string? caption, string? album = null) => new
    {
        update_id = 70000 + ++_id,
        message = new
        {
            message_id = _id,
            date = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            chat = new { id = chat, type = "private" },
            from = new { id = chat, first_name = "Warga Bot" },
            caption,
            media_group_id = album,
            photo = new[] { new { file_id = "P1", width = 90, height = 60 }, new { file_id = file, width = 960, height = 640 } },
        },
    };

    internal async Task<IReadOnlyList<JsonElement>> Sent(long chat, int count) =>
        await Until(() => Task.FromResult(Telegram.To(chat) is { } sent && sent.Count >= count ? sent : null), $"{count} messages to {chat}");

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await Telegram.DisposeAsync();
    }
}

public sealed class A_message_on_Telegram(TelegramHost host) : IClassFixture<TelegramHost>
{
    [Fact]
    public async Task becomes_a_report_whose_answer_has_buttons()
    {
        const long Chat = 4242;
        host.Telegram.Throttled = 1;
        var update = host.Message(Chat, "jalan rusak parah di Balamoa");

        (await host.Bring(update)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Bring(update)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var acknowledgement = (await host.Sent(Chat, 1))[0];
        acknowledgement.GetProperty("reply_parameters").GetProperty("message_id").GetInt64().ShouldBeGreaterThan(0);
        var ticket = SmsHost.Ticket(acknowledgement.GetProperty("text").GetString()!);
        (await host.Reaches(ticket, "assigned")).GetProperty("place").GetProperty("latitude").GetDouble().ShouldBe(-6.98);
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        var answer = (await host.Sent(Chat, 2))[1];
        var button = answer.GetProperty("reply_markup").GetProperty("inline_keyboard")[0][1].GetProperty("callback_data").GetString();

        using var pressed = await host.Bring(new { update_id = 79999, callback_query = new { id = "c1", data = button, from = new { id = Chat, first_name = "Warga Bot" } } });

        (await pressed.Content.ReadAsStringAsync()).ShouldContain("answerCallbackQuery");
        await host.Reaches(ticket, "assigned");
        (await host.Sent(Chat, 3))[2].GetProperty("text").GetString()!.ShouldContain("dibuka kembali");
        // Somebody else's press moves nothing of this report.
        (await host.Bring(new { update_id = 79998, callback_query = new { id = "c2", data = $"puas {ticket}", from = new { id = 4343, first_name = "Lain" } } })).EnsureSuccessStatusCode();
        (await host.Sent(4343, 1))[0].GetProperty("text").GetString()!.ShouldContain("Belum ada laporan");
        host.Telegram.To(Chat).Count.ShouldBe(3);
    }

    [Fact]
    public async Task with_an_album_of_photos_is_one_report()
    {
        const long Chat = 6161;
        (await host.Bring(host.Photo(Chat, "P11", "jalan ambles di Balapulang depan pasar", "g1"))).EnsureSuccessStatusCode();
        (await host.Bring(host.Photo(Chat, "P12", null, "g1"))).EnsureSuccessStatusCode();
        (await host.Bring(host.Photo(Chat, "P13", null, "g1"))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket((await host.Sent(Chat, 1))[0].GetProperty("text").GetString()!);
        // The one that came with the words is in it from the start.
        (await SmartCityHost.Json(await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}"))).GetProperty("photos").GetArrayLength().ShouldBeGreaterThanOrEqualTo(1);
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}/photos/3")).IsSuccessStatusCode, "three photos");
        // The pictures of one album are not thanked for one by one.
        host.Telegram.To(Chat).Count.ShouldBe(1);
    }

    [Fact]
    public void is_told_to_come_to_the_webhook_when_the_account_is_set()
    {
        var (what, call) = host.Telegram.Webhook.First();

        what.ShouldBe("set");
        call.GetProperty("url").GetString().ShouldBe("https://lapor.contoh.id/channels/33.28/telegram/webhook");
        call.GetProperty("secret_token").GetString().ShouldBe("rahasia_hook");
        call.GetProperty("allowed_updates").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task is_taken_only_with_this_regencys_secret()
    {
        var update = host.Message(5151, "jalan rusak");

        (await host.Bring(update, secret: "salah")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Bring(update, regency: "33.76")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Bring(new { message = 7 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Bring(host.Message(5151, "obrolan", type: "group"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Telegram.To(5151).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"update_id":1,"edited_message":{}}""", true)]
    [InlineData("""{"update_id":1}""", true)]
    [InlineData("""{"update_id":"x"}""", false)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("""{"update_id":1,"message":{"chat":{}}}""", false)]
    public void may_be_something_else(string json, bool isUnderstood) =>
        (TelegramUpdate.Read(System.Text.Encoding.UTF8.GetBytes(json), default) is { Message: null }).ShouldBe(isUnderstood);
}

/// <summary>Telegram cannot reach this host: it asks.</summary>
public sealed class TelegramPollingHost : ChannelsHost
{
    internal FakeTelegram Telegram { get; } = new();
}

public sealed class Asking_Telegram(TelegramPollingHost host) : IClassFixture<TelegramPollingHost>
{
    [Fact]
    public async Task takes_every_update_once_and_confirms_it_only_when_it_is_on_disk()
    {
        for (var i = 1; i <= 5; i++)
        {
            host.Telegram.Waiting.Enqueue(JsonSerializer.SerializeToElement(new
            {
                update_id = 90000 + i,
                message = new { message_id = i, date = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), chat = new { id = 7000 + i, type = "private" }, from = new { id = 7000 + i, first_name = "W" }, text = $"jalan rusak di Balapulang depan pasar {i}" },
            }));
        }

        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "telegram", new { token = "77:rahasia-bot", secret = "rahasia_hook", baseUrl = host.Telegram.Address });

        host.Telegram.Webhook.First().What.ShouldBe("deleted");
        for (var i = 1; i <= 5; i++)
        {
            var chat = 7000 + i;
            await SmartCityHost.Until(() => Task.FromResult(host.Telegram.To(chat).Count > 0), $"an answer to {chat}");
        }

        await SmartCityHost.Until(() => Task.FromResult(host.Telegram.Offsets.Contains(90006) && host.Telegram.Waiting.IsEmpty), "the confirmation");
        host.Telegram.Offsets.First().ShouldBe(0);
        Enumerable.Range(7001, 5).ShouldAllBe(chat => host.Telegram.To(chat).Count == 1);
    }
}
