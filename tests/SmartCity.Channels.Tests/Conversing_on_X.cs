using System.Globalization;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X;
using SmartCity.Channels.X.ReceivingMentions;
using SmartCity.Channels.X.Replying;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

public sealed class Conversing_on_X(DeliveringHost host) : IClassFixture<DeliveringHost>
{
    private static string Direct(string id, string sender, string text, string? picture = null) => JsonSerializer.Serialize(new
    {
        data = new
        {
            event_uuid = Guid.NewGuid().ToString(),
            filter = new { user_id = "9001" },
            event_type = "dm.received",
            payload = new
            {
                direct_message_events = new[]
                {
                    new
                    {
                        type = "message_create",
                        id,
                        created_timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                        message_create = new { sender_id = sender, message_data = new { text, attachment = picture is null ? null : new { type = "media", media = new { id = 7, type = "photo", media_url_https = picture } } } },
                    },
                },
            },
        },
        includes = new { users = new[] { new { id = sender, username = "wargadm", name = "Warga DM" } } },
    });

    private static string Reply(string post, string to, string root, string author, string text, bool names = true) => JsonSerializer.Serialize(new
    {
        data = new
        {
            filter = new { user_id = "9001" },
            event_type = "post.reply.create",
            payload = new
            {
                id = post,
                text,
                author_id = author,
                conversation_id = root,
                created_at = TimeProvider.System.GetUtcNow().ToString("O"),
                referenced_tweets = new[] { new { type = "replied_to", id = to } },
                entities = new { mentions = names ? [new { username = "dpu_tegalkab", id = "9001" }] : Array.Empty<object>() },
            },
        },
    });

    [Fact]
    public async Task in_private_is_answered_in_private()
    {
        var person = $"31{ChannelsHost.NewPost()}";

        var body = Direct(ChannelsHost.NewPost(), person, "lampu jalan mati di Balapulang depan pasar");
        (await host.Deliver(body)).EnsureSuccessStatusCode();
        (await host.Deliver(body)).EnsureSuccessStatusCode();

        var letters = await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(person) is { Count: > 0 } sent ? sent : null), "the acknowledgement");
        var ticket = SmsHost.Ticket(letters[0].Text);
        (await SmartCityHost.Json(await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}"))).GetProperty("channel").GetString().ShouldBe("x-dm");
        (await host.Deliver(Direct(ChannelsHost.NewPost(), person, "terima kasih banyak min"))).EnsureSuccessStatusCode();
        letters = await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(person) is { Count: > 1 } sent ? sent : null), "the answer to thanks");
        letters.Select(l => l.Text).ToArray()[1].ShouldBe("Sama-sama. / You are welcome.");
    }

    [Fact]
    public async Task in_private_with_a_photo_makes_a_report_that_has_it_from_the_start()
    {
        var person = $"36{ChannelsHost.NewPost()}";

        (await host.Deliver(Direct(ChannelsHost.NewPost(), person, "lampu jalan mati di Balapulang depan pasar https://t.co/abc", new Uri(host.X.Address, "/1.1/ton/data/dm/4242/5").ToString()))).EnsureSuccessStatusCode();

        var ticket = SmsHost.Ticket((await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(person) is { Count: > 0 } sent ? sent : null), "the acknowledgement"))[0].Text);
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}"));
        report.GetProperty("photos").GetArrayLength().ShouldBe(1);
        report.GetProperty("description").GetString().ShouldBe("lampu jalan mati di Balapulang depan pasar");
        (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}/photos/1")).EnsureSuccessStatusCode();
        (await host.History(ticket)).ShouldNotContain("report.supplemented.v1");
        // A photo alone afterwards joins it.
        (await host.Deliver(Direct(ChannelsHost.NewPost(), person, "https://t.co/abd", new Uri(host.X.Address, "/1.1/ton/data/dm/4242/6").ToString()))).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{ticket}/photos/2")).IsSuccessStatusCode, "the second photo");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/1.1/ton/data/dm/4242/5")]
    [InlineData("http://ton.twitter.com/1.1/ton/data/dm/4242/5")]
    [InlineData("https://ton.twitter.com.contoh.example/1.1/ton/data/dm/4242/5")]
    [InlineData("https://ton.twitter.com@127.0.0.1/1.1/ton/data/dm/4242/5")]
    [InlineData("https://ton.twitter.com:8443/1.1/ton/data/dm/4242/5")]
    public async Task in_private_shows_our_signature_to_nobody_but_X(string address) =>
        (await Fetch(address)).Problem.ShouldBe("link.not_allowed");

    [Fact]
    public async Task in_private_follows_no_picture_to_another_place() => (await Fetch(new Uri(host.X.Address, $"/1.1/ton/data/dm/4242/{FakeX.Elsewhere}").ToString())).Problem.ShouldBe("link.answered_302");

    private Task<Platform.Files.RemoteFile> Fetch(string address) => host.Services.GetServices<IChannel>().Single(c => c.Code == "x-dm").Fetch("33.28", $"x-dm:4242 {address}", 1_000_000, default);

    [Fact]
    public async Task in_a_thread_of_ours_adds_to_the_report_once()
    {
        var (post, author, reply) = (ChannelsHost.NewPost(), $"32{ChannelsHost.NewPost()}", ChannelsHost.NewPost());
        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak di Balamoa", author))).EnsureSuccessStatusCode();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        var ours = host.X.RepliesTo(post)[0].Id;

        var body = Reply(reply, ours, post, author, "@dpu_tegalkab lubangnya sudah sedalam lutut");
        (await host.Deliver(body)).EnsureSuccessStatusCode();
        (await host.Deliver(body)).EnsureSuccessStatusCode();

        (await host.Message(reply, "reply", "sent")).GetProperty("ticket").GetString().ShouldBe(ticket);
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(1);
        // Somebody else below our answer speaks of the same report.
        var other = ChannelsHost.NewPost();
        (await host.Deliver(Reply(other, ours, post, $"33{other}", "@dpu_tegalkab betul, sampai sekarang belum ditambal"))).EnsureSuccessStatusCode();
        (await host.Message(other, "reply", "sent")).GetProperty("ticket").GetString().ShouldBe(ticket);
        (await host.History(ticket)).Count(e => e == "report.supplemented.v1").ShouldBe(2);
    }

    [Fact]
    public async Task of_people_in_danger_below_our_answer_is_a_report_of_its_own_that_alerts_those_on_duty()
    {
        var (post, other) = (ChannelsHost.NewPost(), ChannelsHost.NewPost());
        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak di Balamoa", $"37{post}"))).EnsureSuccessStatusCode();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;

        (await host.Deliver(Reply(other, host.X.RepliesTo(post)[0].Id, post, $"38{other}", "@dpu_tegalkab tolong, barusan kecelakaan di lubang itu, ada korban luka parah tergeletak di jalan"))).EnsureSuccessStatusCode();

        var own = (await host.Message(other, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        own.ShouldNotBe(ticket);
        (await host.History(ticket)).ShouldNotContain("report.supplemented.v1");
        var report = await SmartCityHost.Json(await host.Http.GetAsync($"/api/v1/regencies/33.28/reports/{own}"));
        report.GetProperty("place").GetProperty("address").GetString()!.ShouldContain(ticket);
        var humas = await host.SignIn("33.28", "humas");
        await SmartCityHost.Until(async () => (await humas.GetStringAsync("/api/v1/regencies/33.28/alerts?limit=200")).Contains(own, StringComparison.Ordinal), "the alert");
    }

    [Fact]
    public async Task where_the_author_did_not_name_us_goes_on_in_private()
    {
        var (post, author, reply) = (ChannelsHost.NewPost(), $"34{ChannelsHost.NewPost()}", ChannelsHost.NewPost());
        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak di Balamoa", author))).EnsureSuccessStatusCode();
        await host.Message(post, "acknowledgement", "sent");

        (await host.Deliver(Reply(reply, host.X.RepliesTo(post)[0].Id, post, author, "masih rusak sampai hari ini", names: false))).EnsureSuccessStatusCode();

        await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(author).Count > 0), "the direct message");
        host.X.RepliesTo(reply).ShouldBeEmpty();
    }

    [Fact]
    public async Task where_X_refuses_the_reply_goes_on_in_private()
    {
        var (post, author) = (ChannelsHost.NewPost(), $"35{ChannelsHost.NewPost()}");
        host.X.Script(post, async http =>
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            await http.Response.WriteAsJsonAsync(new { title = "Forbidden", type = "about:blank" });
        });

        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak di Balamoa", author))).EnsureSuccessStatusCode();

        await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(author).Count > 0), "the direct message");
        host.X.RepliesTo(post).Count.ShouldBe(1);
        host.X.LettersTo(author).Count.ShouldBe(1);
    }

    [Fact]
    public async Task stops_before_X_says_that_it_is_too_much()
    {
        var api = new XApi(host.Services.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);
        var account = (await host.Services.GetRequiredService<XAccounts>().Find("33.28", default))!;
        var reset = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 900;
        var post = ChannelsHost.NewPost();
        host.X.Script(post, async http =>
        {
            http.Response.Headers["x-rate-limit-remaining"] = "0";
            http.Response.Headers["x-rate-limit-reset"] = reset.ToString(CultureInfo.InvariantCulture);
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsJsonAsync(new { data = new { id = "1" } });
        });
        Task<Delivery> Send() => api.Post("33.28", account, XUse.Posts, "/2/tweets", new { text = "t", reply = new { in_reply_to_tweet_id = post } }, "id", default);

        (await Send()).ShouldBeOfType<Delivery.Sent>();

        (await Send()).ShouldBeOfType<Delivery.Held>().NotBefore.ToUnixTimeSeconds().ShouldBe(reset);
        host.X.RepliesTo(post).Count.ShouldBe(1);
        api.Pause("33.28", account, XUse.DirectMessages).ShouldBeNull();
        api.Pause("33.28", account with { Name = "x.DPU" }, XUse.Posts).ShouldBeNull();
    }

    [Fact]
    public void keeps_links_out_of_posts_that_nobody_pays_for()
    {
        PostLength.WithoutLinks("Lihat https://tegalkab.go.id/rencana dan tegalkab.go.id, laporan 2026-000017. Terima kasih.")
            .ShouldBe("Lihat [tautan/link] dan [tautan/link], laporan 2026-000017. Terima kasih.");
        PostLength.WithoutLinks("Isi forms.gle/abc, linktr.ee/dpu, bit.ly/x, lapor.tegalkab.eu atau t.me/lapor; lubang.di sana Rp1.500.000 pukul 10.30, jl.raya Slawi.")
            .ShouldBe("Isi [tautan/link], [tautan/link], [tautan/link], [tautan/link] atau [tautan/link]; lubang.di sana Rp1.500.000 pukul 10.30, jl.raya Slawi.");
    }
}

/// <summary>Mentions are asked for: X cannot reach this host.</summary>
public sealed class PollingHost : ChannelsHost
{
    internal FakeX X { get; } = new() { PageSize = 7 };

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["SmartCity:Channels:X:PollEvery"] = "00:00:00.500",
        ["SmartCity:Channels:X:33.28:ConsumerKey"] = "ck",
        ["SmartCity:Channels:X:33.28:ConsumerSecret"] = Secret,
        ["SmartCity:Channels:X:33.28:AccessToken"] = "4242-token",
        ["SmartCity:Channels:X:33.28:AccessTokenSecret"] = "ats",
        ["SmartCity:Channels:X:33.28:BaseAddress"] = X.Address.ToString(),
        ["SmartCity:Channels:X:33.28:Poll"] = "true",
    };
}

public sealed class Asking_X_for_mentions(PollingHost host) : IClassFixture<PollingHost>
{
    [Fact]
    public async Task takes_every_post_once_with_several_hosts_and_failures_and_after_a_restart()
    {
        var mentions = host.X.MentionsOf.GetOrAdd("4242", _ => new());
        var posts = Enumerable.Range(0, 30).Select(_ => ChannelsHost.NewPost()).ToArray();
        host.X.MentionScript.Enqueue(http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        var others = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<PollMentions>(host.Services)).ToArray();
        await Task.WhenAll(others.Select(other => other.StartAsync(default)));

        foreach (var post in posts)
        {
            mentions.Enqueue((post, $"@dpu_tegalkab jalan rusak di Balamoa {post}", $"41{post}"));
        }

        foreach (var post in posts)
        {
            await SmartCityHost.Until(async () => (await host.HistoryOf(post)).Length > 0, $"post {post}");
        }

        // Started anew: what it knows is in the database.
        await Task.WhenAll(others.Select(other => other.StopAsync(default)));
        var later = ChannelsHost.NewPost();
        mentions.Enqueue((later, "@dpu_tegalkab lampu mati", $"41{later}"));
        var again = ActivatorUtilities.CreateInstance<PollMentions>(host.Services);
        await again.StartAsync(default);
        await SmartCityHost.Until(async () => (await host.HistoryOf(later)).Length > 0, $"post {later}");
        await again.StopAsync(default);

        var reports = await SmartCityHost.Until(async () =>
        {
            var found = (await SmartCityHost.Json(await host.Http.GetAsync("/api/v1/regencies/33.28/reports?limit=1000"))).GetProperty("reports").EnumerateArray().ToArray();
            return found.Length >= 31 ? found : null;
        }, "31 reports");
        reports.Length.ShouldBe(31);
        foreach (var post in posts)
        {
            (await host.HistoryOf(post)).Count(e => e == "message.received.v1").ShouldBe(1);
        }

        host.X.AskedSince.ShouldContain(later);
        var report = reports.First(r => r.GetProperty("description").GetString()!.EndsWith(posts[0], StringComparison.Ordinal));
        report.GetProperty("place").GetProperty("address").GetString().ShouldBe("Balapulang, Indonesia");
        report.GetProperty("mediaUrls")[0].GetString().ShouldBe("http://pbs.example/p.jpg");
    }

    [Fact]
    public async Task waits_as_long_as_X_says()
    {
        var api = host.Services.GetRequiredService<XApi>();
        var until = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2;
        host.X.MentionScript.Enqueue(http =>
        {
            http.Response.Headers["x-rate-limit-reset"] = until.ToString(CultureInfo.InvariantCulture);
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });

        await SmartCityHost.Until(() => Task.FromResult(host.X.MentionScript.IsEmpty), "the refusal");

        var account = (await host.Services.GetRequiredService<XAccounts>().Find("33.28", default))!;
        await SmartCityHost.Until(() => Task.FromResult(api.Pause("33.28", account, XUse.Mentions) is null || api.Pause("33.28", account, XUse.Mentions)!.Value.ToUnixTimeSeconds() == until));
    }
}

public class A_thread_of_posts
{
    [Fact]
    public void is_one_post_where_the_text_fits() => PostThread.Of("Sudah ditambal.").ShouldBe(["Sudah ditambal."]);

    [Fact]
    public void loses_no_word_and_keeps_to_the_limit() => Gen.Int[1, 40].Array[1, 180].Select(lengths => string.Join(' ', lengths.Select((n, i) => new string((char)('a' + (i % 26)), n)))).Sample(text =>
    {
        var posts = PostThread.Of(text);
        var words = posts.SelectMany(p => (posts.Count == 1 ? p : p[..p.LastIndexOf(" (", StringComparison.Ordinal)]).Split(' ')).ToArray();
        posts.Count.ShouldBeLessThanOrEqualTo(PostThread.Most);
        posts.ShouldAllBe(p => PostLength.Of(p) <= PostLength.Limit);
        return posts.Count == PostThread.Most || words.SequenceEqual(text.Split(' '));
    }, iter: 200);
}
