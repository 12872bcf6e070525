using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>The regency posts from one account, the public works and the transport department from their own.</summary>
public sealed class Several_accounts_on_X(DeliveringHost host) : IClassFixture<DeliveringHost>, IAsyncLifetime
{
    private const string Accounts = "/api/v1/regencies/33.28/channel-accounts";

    public async ValueTask InitializeAsync()
    {
        var known = await host.SignIn("33.28", "operator");
        await SmsHost.Set(known, "33.28", "x.DPU", new { accountId = "9001", accessToken = "9001-rahasia", accessTokenSecret = "rahasia-dpu" });
        await SmsHost.Set(known, "33.28", "x.DISHUB", new { accountId = "9002", accessToken = "9002-rahasia", accessTokenSecret = "rahasia-dishub" });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Post(string post, string text, params string[] named) => JsonSerializer.Serialize(new
    {
        data = new
        {
            filter = new { user_id = named[0] },
            event_type = "post.mention.create",
            payload = new
            {
                id = post,
                text,
                author_id = $"37{post}",
                conversation_id = post,
                created_at = TimeProvider.System.GetUtcNow().ToString("O"),
                entities = new { mentions = named.Select(id => new { username = $"akun{id}", id }) },
            },
        },
    });

    [Theory]
    [InlineData("9001", "9001-rahasia")]
    [InlineData("9002", "9002-rahasia")]
    // The health department has an account, but nobody has given us its keys; and the regency's own.
    [InlineData("9004", "4242-token")]
    [InlineData("4242", "4242-token")]
    public async Task answer_from_the_one_that_was_written_to(string named, string token)
    {
        var post = ChannelsHost.NewPost();

        (await host.Deliver(Post(post, "jalan rusak di Balamoa", named))).EnsureSuccessStatusCode();

        await host.Message(post, "acknowledgement", "sent");
        host.X.RepliesTo(post).ShouldHaveSingleItem().Authorization.ShouldContain($"oauth_token=\"{token}\"");
    }

    [Fact]
    public async Task of_which_several_were_written_to_answer_from_the_department_that_answers()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(Post(post, "jalan rusak parah di Balamoa, lubang besar", "9002", "9001"))).EnsureSuccessStatusCode();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        var report = await host.Reaches(ticket, "assigned");
        var department = report.GetProperty("department").GetString()!;
        var officer = await host.SignIn("33.28", $"officer.{department.ToLowerInvariant()}");

        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();

        await host.Message(post, "answer", "sent");
        host.X.RepliesTo(post)[^1].Authorization.ShouldContain($"oauth_token=\"{(department == "DPU" ? "9001" : "9002")}-rahasia\"");
    }

    [Fact]
    public async Task write_back_in_private_from_the_one_that_was_written_to()
    {
        var person = $"38{ChannelsHost.NewPost()}";
        var body = JsonSerializer.Serialize(new
        {
            data = new
            {
                filter = new { user_id = "9002" },
                event_type = "dm.received",
                payload = new { direct_message_events = new[] { new { type = "message_create", id = ChannelsHost.NewPost(), message_create = new { sender_id = person, message_data = new { text = "lampu merah mati di perempatan Slawi" } } } } },
            },
        });

        (await host.Deliver(body)).EnsureSuccessStatusCode();

        (await SmartCityHost.Until(() => Task.FromResult(host.X.LettersTo(person) is { Count: > 0 } sent ? sent : null), "the acknowledgement"))[0].Authorization.ShouldContain("oauth_token=\"9002-rahasia\"");
    }

    [Fact]
    public async Task reply_in_the_thread_from_the_one_that_the_author_named_whichever_the_event_was_for()
    {
        var (post, reply) = (ChannelsHost.NewPost(), ChannelsHost.NewPost());
        (await host.Deliver(Post(post, "jalan rusak di Balamoa", "9001"))).EnsureSuccessStatusCode();
        await host.Message(post, "acknowledgement", "sent");
        var ours = host.X.RepliesTo(post)[0].Id;

        // It stands below the public works' answer, names the transport department, and comes as a reply to the former.
        (await host.Deliver(JsonSerializer.Serialize(new
        {
            data = new
            {
                filter = new { user_id = "9001" },
                event_type = "post.reply.create",
                payload = new
                {
                    id = reply,
                    text = "@akun9002 lubangnya sudah sedalam lutut",
                    author_id = $"37{post}",
                    conversation_id = post,
                    created_at = TimeProvider.System.GetUtcNow().ToString("O"),
                    referenced_tweets = new[] { new { type = "replied_to", id = ours } },
                    entities = new { mentions = new[] { new { username = "akun9002", id = "9002" } } },
                },
            },
        }))).EnsureSuccessStatusCode();

        await host.Message(reply, "reply", "sent");
        host.X.RepliesTo(reply).ShouldHaveSingleItem().Authorization.ShouldContain("oauth_token=\"9002-rahasia\"");
        host.X.LettersTo($"37{post}").ShouldBeEmpty();
    }

    [Fact]
    public async Task by_one_of_them_is_no_report()
    {
        var post = ChannelsHost.NewPost();

        (await host.Deliver(Post(post, "kami di lokasi", "9001").Replace($"37{post}", "9002", StringComparison.Ordinal))).EnsureSuccessStatusCode();

        (await host.HistoryOf(post)).ShouldBeEmpty();
    }

    [Fact]
    public async Task are_told_apart_in_the_list_that_the_regent_ordered_and_in_their_health()
    {
        var post = ChannelsHost.NewPost();
        (await host.Deliver(Post(post, "jalan rusak parah di Balapulang, lubang besar sekali", "9001"))).EnsureSuccessStatusCode();
        var ticket = (await host.Message(post, "acknowledgement", "sent")).GetProperty("ticket").GetString()!;
        await host.Reaches(ticket, "assigned");
        var officer = await host.SignIn("33.28", "officer.dpu");
        (await officer.PostAsJsonAsync($"/api/v1/regencies/33.28/reports/{ticket}/answers", new { text = "Sudah ditambal.", isSettled = true })).EnsureSuccessStatusCode();
        await host.Message(post, "answer", "sent");
        var regent = await host.SignIn("33.28", "regent");

        JsonElement Of(JsonElement list, string code) => list.GetProperty("departments").EnumerateArray().Single(d => d.GetProperty("department").GetString() == code);
        await SmartCityHost.Until(async () => Of(await SmartCityHost.Json(await regent.GetAsync("/api/v1/regencies/33.28/official-accounts")), "DPU").TryGetProperty("lastAnsweredAt", out _), "the answer from its account");

        var list = await SmartCityHost.Json(await regent.GetAsync("/api/v1/regencies/33.28/official-accounts"));
        Of(list, "DPU").GetProperty("answersFromIt").GetBoolean().ShouldBeTrue();
        Of(list, "DINKES").GetProperty("answersFromIt").GetBoolean().ShouldBeFalse();
        var health = (await SmartCityHost.Json(await regent.GetAsync("/api/v1/regencies/33.28/channel-health"))).EnumerateArray();
        var own = health.Single(h => h.GetProperty("channel").GetString() == "x" && h.TryGetProperty("department", out var department) && department.GetString() == "DPU");
        own.GetProperty("accounts")[0].GetString().ShouldBe("x.DPU");
        own.TryGetProperty("lastSentAt", out _).ShouldBeTrue();
        own.TryGetProperty("lastReceivedAt", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task are_tested_with_X_and_never_shown()
    {
        var known = await host.SignIn("33.28", "operator");

        var test = await SmartCityHost.Json(await known.PostAsync($"{Accounts}/x.DPU/tests", null));

        test.GetProperty("works").GetBoolean().ShouldBeTrue();
        test.GetProperty("detail").GetString().ShouldBe("X knows the account @akun9001.");
        var shown = await known.GetStringAsync(Accounts);
        shown.ShouldContain("x.DPU");
        shown.ShouldNotContain("rahasia-dpu");
        shown.ShouldNotContain("9001-rahasia");
        (await known.GetStringAsync("/33.28/meja/akun")).ShouldContain("/33.28/meja/akun/x.DPU/uji");
    }

    [Fact]
    public async Task are_for_departments_that_exist_and_entered_by_operators_alone()
    {
        var (known, account) = (await host.SignIn("33.28", "operator"), new { accountId = "9003", accessToken = "9003-r", accessTokenSecret = "r" });

        (await known.PutAsJsonAsync($"{Accounts}/x.MERPATI", account)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // PLN is none of the regency's departments, and the desk has no accounts.
        (await known.PutAsJsonAsync($"{Accounts}/x.PLN", account)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await known.PutAsJsonAsync($"{Accounts}/desk.DPU", account)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await known.PutAsJsonAsync($"{Accounts}/x.DLH", new { accountId = "9003", consumerSecret = "r" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await host.SignIn("33.28", "officer.dpu")).PutAsJsonAsync($"{Accounts}/x.DPU", account)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await (await host.SignIn("33.76", "regent")).PutAsJsonAsync($"{Accounts}/x.DPU", account)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Http.PutAsJsonAsync($"{Accounts}/x.DPU", account)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}

public sealed class Asking_X_for_a_departments_mentions(PollingHost host) : IClassFixture<PollingHost>
{
    [Fact]
    public async Task takes_them_beside_the_regencys_own()
    {
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "x.DISHUB", new { accountId = "9002", accessToken = "9002-rahasia", accessTokenSecret = "r", poll = "yes" });
        var (own, theirs) = (ChannelsHost.NewPost(), ChannelsHost.NewPost());
        host.X.MentionsOf.GetOrAdd("4242", _ => new()).Enqueue((own, "@dpu_tegalkab jalan rusak di Balamoa", $"43{own}"));
        host.X.MentionsOf.GetOrAdd("9002", _ => new()).Enqueue((theirs, "@dishub_tegalkab lampu merah mati di Slawi", $"43{theirs}"));

        foreach (var post in (string[])[own, theirs])
        {
            await SmartCityHost.Until(async () => (await host.HistoryOf(post)).Contains("message.received.v1"), $"post {post}");
        }
    }
}
