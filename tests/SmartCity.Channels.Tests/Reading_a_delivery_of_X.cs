using System.Text;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.X.Interpreting;
using SmartCity.Channels.X.ReceivingMentions;

namespace SmartCity.Channels.Tests;

public class Reading_a_delivery_of_X
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static IReadOnlyList<IncomingMessage>? Read(string json) => XPosts.Read(Encoding.UTF8.GetBytes(json), Now);

    private const string Activity = """
        {"data":{"event_uuid":"2080","filter":{"user_id":"9001"},"event_type":"post.mention.create","tag":"dpu",
         "payload":{"id":"1850","text":"@dpu_tegalkab jln Banjaran-Balamoa rusak &amp; licin https://t.co/a","author_id":"5005","conversation_id":"1800",
          "created_at":"2026-11-24T02:00:00.000Z","edit_history_tweet_ids":["1850"],"in_reply_to_tweet_id":null,
          "attachments":{"media_keys":["3_1","7_2"]},"geo":{"place_id":"p1","coordinates":{"type":"Point","coordinates":[109.13,-6.98]}},
          "referenced_tweets":[{"type":"replied_to","id":"1800"}],
          "entities":{"mentions":[{"start":0,"end":13,"username":"dpu_tegalkab","id":"9001"},{"username":"dishub_tegalkab","id":"9002"}]}},
         "unknown":{"kept":true}},
         "includes":{"users":[{"id":"1","username":"x","name":"X"},{"id":"5005","username":"warga1","name":"Warga Satu"}],
          "media":[{"media_key":"7_2","type":"video","preview_image_url":"https://pbs.twimg.com/v.jpg"},{"media_key":"3_1","type":"photo","url":"https://pbs.twimg.com/p.jpg"},{"media_key":"9_9","type":"photo","url":"https://pbs.twimg.com/other.jpg"}],
          "places":[{"id":"p1","full_name":"Adiwerna, Indonesia"}]}}
        """;

    private const string Legacy = """
        {"for_user_id":"9001","tweet_create_events":[
         {"id":1851,"id_str":"1851","created_at":"Tue Nov 24 02:00:00 +0000 2026","timestamp_ms":"1795485600000","text":"@dpu_tegalkab bangjo mati…","truncated":true,
          "extended_tweet":{"full_text":"@dpu_tegalkab bangjo mati sejak kemarin sore di perempatan","entities":{"user_mentions":[{"id_str":"9001","screen_name":"dpu_tegalkab"}]},
           "extended_entities":{"media":[{"type":"photo","media_url_https":"https://pbs.twimg.com/a.jpg"},{"type":"photo","media_url_https":"https://pbs.twimg.com/b.jpg"}]}},
          "user":{"id_str":"5006","screen_name":"warga2","name":"Warga Dua"},"coordinates":{"type":"Point","coordinates":[109.1,-6.9]},"place":{"full_name":"Slawi"},"in_reply_to_status_id_str":"1700"},
         {"id_str":"1852","created_at":"Tue Nov 24 02:30:00 +0000 2026","text":"RT @warga","user":{"id_str":"5007"},"retweeted_status":{"id_str":"1"}},
         {"id_str":"1853","created_at":"Tue Nov 24 02:30:00 +0000 2026","text":"dua","user":{"id_str":"5007","screen_name":"w"}}]}
        """;

    [Fact]
    public void of_the_activity_api_finds_all_of_the_post()
    {
        var post = Read(Activity).ShouldHaveSingleItem();

        post.Id.ShouldBe("1850");
        post.Conversation.ShouldBe("1800");
        post.InReplyTo.ShouldBe("1800");
        post.Author.ShouldBe(new MessageAuthor("5005", "warga1", "Warga Satu"));
        post.Text.ShouldBe("@dpu_tegalkab jln Banjaran-Balamoa rusak & licin https://t.co/a");
        post.Media.ShouldBe(["https://pbs.twimg.com/p.jpg", "https://pbs.twimg.com/v.jpg"]);
        (post.Latitude, post.Longitude, post.Place).ShouldBe((-6.98, 109.13, "Adiwerna, Indonesia"));
        post.Addressed.ShouldBe(["9001", "@dpu_tegalkab", "9002", "@dishub_tegalkab"]);
        post.SentAt.ShouldBe(new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero));
        post.Raw.ShouldContain("\"unknown\":{\"kept\":true}");
    }

    [Fact]
    public void of_the_account_activity_api_finds_every_post_but_retweets()
    {
        var posts = Read(Legacy)!;

        posts.Select(p => p.Id).ShouldBe(["1851", "1853"]);
        posts[0].Text.ShouldBe("@dpu_tegalkab bangjo mati sejak kemarin sore di perempatan");
        posts[0].Author.ShouldBe(new MessageAuthor("5006", "warga2", "Warga Dua"));
        posts[0].Media.ShouldBe(["https://pbs.twimg.com/a.jpg", "https://pbs.twimg.com/b.jpg"]);
        (posts[0].Latitude, posts[0].Longitude, posts[0].Place, posts[0].InReplyTo).ShouldBe((-6.9, 109.1, "Slawi", "1700"));
        posts[0].Addressed.ShouldBe(["9001", "@dpu_tegalkab"]);
        posts[0].SentAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1795485600000));
        posts[1].SentAt.ShouldBe(new DateTimeOffset(2026, 11, 24, 2, 30, 0, TimeSpan.Zero));
        posts[0].Raw.ShouldContain("extended_tweet");
        posts[0].Raw.ShouldNotContain("1853");
    }

    [Theory]
    [InlineData("""{"data":{"event_type":"dm.received","payload":{}}}""")]
    [InlineData("""{"for_user_id":"9001","favorite_events":[{}]}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create","payload":{"id":"1","author_id":"2","referenced_tweets":[{"type":"retweeted","id":"3"}]}}}""")]
    public void about_something_else_gives_nothing(string json) => Read(json).ShouldBe([]);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create"}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create","payload":{"id":"1; drop","author_id":"2"}}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create","payload":{"id":"1","author_id":7}}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create","payload":{"id":"1","author_id":"2","text":"\ud83d"}}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create","payload":{"id":"1","author_id":"2","created_at":"kemarin"}}}""")]
    [InlineData("""{"for_user_id":"1","tweet_create_events":[{"id_str":"1"}]}""")]
    [InlineData("""{"for_user_id":"1","tweet_create_events":[7]}""")]
    public void that_cannot_be_understood_gives_null(string json) => Read(json).ShouldBeNull();

    [Theory]
    [InlineData("@dpu_tegalkab jln rusak https://t.co/abc", "jln rusak")]
    [InlineData("tolong @dpu_tegalkab, cek jalan", "tolong , cek jalan")]
    [InlineData("surel warga@contoh.id ya", "surel warga@contoh.id ya")]
    [InlineData("dua\nbaris   saja", "dua\nbaris saja")]
    [InlineData("@dpu_tegalkab https://t.co/a", "")]
    public void leaves_what_the_citizen_says(string text, string said) => Mentions.Cleaned(text).ShouldBe(said);
}
