using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X;
using SmartCity.Channels.X.Replying;
using SmartCity.Platform.History;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>A host that really sends, to an X on this machine. Kota Tegal has not said which account it posts from.</summary>
public sealed class DeliveringHost : ChannelsHost
{
    // Made before the base class starts the host.
    internal FakeX X { get; } = new();

    protected override IReadOnlyDictionary<string, string?> Settings
    {
        get
        {
            var settings = new Dictionary<string, string?>(base.Settings) { ["SmartCity:Channels:Deliver"] = "true" };
            foreach (var (regency, token) in ((string, string)[])[("33.28", "4242-token"), ("33.76", "token")])
            {
                settings[$"SmartCity:Channels:X:{regency}:ConsumerKey"] = "ck";
                settings[$"SmartCity:Channels:X:{regency}:AccessToken"] = token;
                settings[$"SmartCity:Channels:X:{regency}:AccessTokenSecret"] = "ats";
                settings[$"SmartCity:Channels:X:{regency}:BaseAddress"] = X.Address.ToString();
            }

            return settings;
        }
    }
}

public sealed class Answering_on_X(DeliveringHost host) : IClassFixture<DeliveringHost>
{
    [Fact]
    public async Task replies_to_the_post_in_the_accounts_name()
    {
        var post = ChannelsHost.NewPost();
        const string Trace = "1af7651916cd43dd8448eb211c80319c";

        (await host.Deliver(ChannelsHost.Mention(post, "@dpu_tegalkab jalan rusak"), traceParent: $"00-{Trace}-b7ad6b7169203331-01")).EnsureSuccessStatusCode();

        var sent = await host.Message(post, "acknowledgement", "sent");
        var reply = host.X.RepliesTo(post).ShouldHaveSingleItem();
        reply.Text.ShouldBe(sent.GetProperty("text").GetString());
        reply.Authorization.ShouldStartWith("OAuth oauth_consumer_key=\"ck\"");
        reply.TraceParent.ShouldContain(Trace);
        sent.GetProperty("receipt").GetString().ShouldNotBeNullOrEmpty();

        var ticket = sent.GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = string.Join(' ', Enumerable.Repeat("panjang", 100)), isSettled = true })).EnsureSuccessStatusCode();
        await host.Message(post, "answer", "sent");
        // A thread: each post below the one before it, at the ends of words.
        var first = host.X.RepliesTo(post)[1];
        var posts = new List<FakeX.Posted> { first };
        while (host.X.RepliesTo(posts[^1].Id) is [var below])
        {
            posts.Add(below);
        }

        posts.Count.ShouldBe(4);
        posts.Select(p => p.Text[^6..]).ShouldBe([" (1/4)", " (2/4)", " (3/4)", " (4/4)"]);
        posts.ShouldAllBe(p => PostLength.Of(p.Text) <= PostLength.Limit && p.Text.Replace(" (", "!").Split('!')[0].EndsWith("panjang"));
    }

    [Fact]
    public async Task waits_as_long_as_X_says_and_tries_again()
    {
        var post = ChannelsHost.NewPost();
        var reset = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3;
        host.X.Script(post,
            http =>
            {
                http.Response.Headers["x-rate-limit-reset"] = reset.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return Problem(http, StatusCodes.Status429TooManyRequests);
            },
            http => Problem(http, StatusCodes.Status503ServiceUnavailable));

        (await host.Deliver(ChannelsHost.Mention(post, "jalan rusak"))).EnsureSuccessStatusCode();

        var sent = await host.Message(post, "acknowledgement", "sent");
        sent.GetProperty("attempts").GetInt32().ShouldBeGreaterThanOrEqualTo(3);
        sent.GetProperty("sentAt").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBeGreaterThanOrEqualTo(reset);
        host.X.RepliesTo(post).Count.ShouldBe(3);
    }

    [Fact]
    public async Task leaves_to_a_person_what_X_refuses()
    {
        var post = ChannelsHost.NewPost();
        host.X.Script(post, http => Problem(http, StatusCodes.Status403Forbidden));
        // Nor does it take a direct message to somebody who wants none.
        host.X.Script($"62{post}", http => Problem(http, StatusCodes.Status403Forbidden));

        (await host.Deliver(ChannelsHost.Mention(post, "jalan rusak", $"62{post}"))).EnsureSuccessStatusCode();

        var error = await SmartCityHost.Until(async () => (await host.Outbox(channel: "x-dm")).Where(m => m.GetProperty("state").GetString() == "failed").Select(m => m.GetProperty("error").GetString()).FirstOrDefault(), "the refusal");
        error.ShouldBe("X answered 403: Uji.");
        host.X.RepliesTo(post).Count.ShouldBe(1);
    }

    [Fact]
    public async Task by_several_hosts_at_once_says_everything_once()
    {
        var posts = Enumerable.Range(0, 60).Select(_ => ChannelsHost.NewPost()).ToArray();
        await host.Use<RegencySessions, bool>(async sessions =>
        {
            await using var session = sessions.Open("33.28");
            await host.Received("33.28", posts);
            session.Insert(posts.Select(post => Owed(post)));
            await session.SaveChangesAsync();
            return true;
        });

        var others = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<SendOutbox>(host.Services)).ToArray();
        await Task.WhenAll(others.Select(other => other.StartAsync(default)));
        foreach (var post in posts)
        {
            await host.Message(post, "acknowledgement", "sent");
        }

        await Task.WhenAll(others.Select(other => other.StopAsync(default)));
        posts.ShouldAllBe(post => host.X.RepliesTo(post).Count == 1);
    }

    [Fact]
    public async Task after_a_crash_finds_in_the_timeline_that_it_was_said()
    {
        var post = ChannelsHost.NewPost();
        host.X.Timeline["4242"] = $$"""{"data":[{"id":"8999","text":"…","referenced_tweets":[{"type":"replied_to","id":"{{post}}"}]}]}""";

        await Crashed("33.28", post);

        (await host.Message(post, "acknowledgement", "sent")).GetProperty("receipt").GetString().ShouldBe("8999");
        host.X.RepliesTo(post).ShouldBeEmpty();
    }

    [Fact]
    public async Task after_a_crash_says_what_is_not_in_the_timeline()
    {
        var post = ChannelsHost.NewPost();

        await Crashed("33.28", post);

        await host.Message(post, "acknowledgement", "sent");
        host.X.RepliesTo(post).Count.ShouldBe(1);
    }

    [Fact]
    public async Task after_a_crash_says_nothing_twice_when_it_cannot_look()
    {
        var post = ChannelsHost.NewPost();

        await Crashed("33.76", post);

        (await host.Message(post, "acknowledgement", "failed", "33.76")).GetProperty("error").GetString()!.ShouldStartWith("Outcome unknown, so it is not sent again");
        host.X.RepliesTo(post).ShouldBeEmpty();
    }

    [Fact]
    public async Task that_breaks_off_in_the_middle_has_an_unknown_end()
    {
        var post = ChannelsHost.NewPost();
        host.X.Script(post, http =>
        {
            http.Abort();
            return Task.CompletedTask;
        }, http => Problem(http, StatusCodes.Status504GatewayTimeout));

        (await Send(post)).ShouldBeOfType<Delivery.Unknown>().LookAt.ShouldNotBeNull();
        (await Send(post)).ShouldBeOfType<Delivery.Unknown>().LookAt.ShouldNotBeNull();
        host.X.RepliesTo(post).Count.ShouldBe(2);
    }

    [Fact]
    public async Task that_never_reached_X_may_be_tried_again()
    {
        var sender = host.Services.GetRequiredService<XSender>();
        var account = host.Services.GetRequiredService<XOptions>().Accounts["33.28"];
        account.BaseAddress.ShouldBe(host.X.Address);
        var nowhere = new XSender(host.Services.GetRequiredService<XApi>(),
            new XAccounts(XOptionsWith(account with { BaseAddress = new Uri("http://127.0.0.1:1") }), host.Services.GetRequiredService<Accounts.ChannelAccounts>()));

        (await nowhere.Send(new Letter("33.28", "1", "t", TimeProvider.System.GetUtcNow(), []), default)).ShouldBeOfType<Delivery.Later>();
        (await sender.Send(new Letter("33.28", null, "t", TimeProvider.System.GetUtcNow(), []), default)).ShouldBeOfType<Delivery.Refused>();
    }

    private static XOptions XOptionsWith(XAccount account) => XOptions.Of(TimeSpan.FromHours(1), new Dictionary<string, XAccount> { ["33.28"] = account });

    private Task<Delivery> Send(string post) => host.Services.GetRequiredService<XSender>()
        .Send(new Letter("33.28", post, "t", TimeProvider.System.GetUtcNow(), []), default);

    private static async Task Problem(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new { title = "Uji", detail = "Hanya uji.", type = "about:blank" });
    }

    private OutboundMessage Owed(string post, string regency = "33.28")
    {
        var now = TimeProvider.System.GetUtcNow();
        return new OutboundMessage
        {
            Id = Guid.NewGuid(),
            Ticket = $"2026-9{post}",
            Channel = "x",
            Conversation = host.Stream(post, regency),
            Kind = OutboundMessage.Acknowledgement,
            Text = $"Diterima {post}",
            QueuedAt = now,
            DueAt = now,
            Cause = Guid.NewGuid(),
        };
    }

    /// <summary>A message whose host died between claiming it and writing down what came of it, longer ago than its lease.</summary>
    private Task<bool> Crashed(string regency, string post) => host.Use<RegencySessions, bool>(async sessions =>
    {
        var before = TimeProvider.System.GetUtcNow() - OutboundMessage.Lease - TimeSpan.FromSeconds(1);
        await host.Received(regency, post);
        await using var session = sessions.Open(regency);
        session.Insert(Owed(post, regency).Claimed(before));
        await session.SaveChangesAsync();
        return true;
    });
}
