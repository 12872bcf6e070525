using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.X;
using SmartCity.Channels.X.Replying;
using SmartCity.Platform.Access;

namespace SmartCity.Channels.Tests;

public class A_message_to_a_citizen
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static OutboundMessage Waiting => new()
    {
        Id = Guid.NewGuid(),
        Ticket = "2026-000017",
        Channel = "x",
        Kind = OutboundMessage.Answer,
        Text = "t",
        QueuedAt = Now,
        DueAt = Now,
        Cause = Guid.NewGuid(),
    };

    [Fact]
    public void has_one_id_for_one_cause()
    {
        var cause = Guid.Parse("018f2b5c-0000-7000-8000-000000000001");

        OutboundMessage.IdOf(cause, "answer").ShouldBe(OutboundMessage.IdOf(cause, "answer"));
        OutboundMessage.IdOf(cause, "answer").ShouldNotBe(OutboundMessage.IdOf(cause, "acknowledgement"));
        OutboundMessage.IdOf(cause, "answer").ShouldNotBe(OutboundMessage.IdOf(Guid.NewGuid(), "answer"));
        OutboundMessage.IdOf(cause, "answer").Version.ShouldBe(8);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(2, 1, 4)]
    [InlineData(5, 0, 16)]
    [InlineData(11, 1, 2048)]
    [InlineData(12, 1, 3600)]
    [InlineData(2000, 1, 3600)]
    [InlineData(2000, 0, 1800)]
    public void waits_twice_as_long_after_each_try_with_jitter(int attempts, double jitter, int seconds) =>
        Backoff.Next(Now, attempts, jitter, null).ShouldBe(Now.AddSeconds(seconds), TimeSpan.FromMilliseconds(1));

    [Fact]
    public void never_tries_before_the_provider_allows()
    {
        Backoff.Next(Now, 1, 0.5, Now.AddMinutes(9)).ShouldBe(Now.AddMinutes(9).AddSeconds(1));
        Backoff.Next(Now, 12, 1, Now.AddMinutes(9)).ShouldBe(Now.AddHours(1));
    }

    [Fact]
    public void is_held_before_it_is_sent()
    {
        var held = Waiting.Claimed(Now);

        (held.State, held.Attempts, held.DueAt, held.AttemptedAt).ShouldBe((OutboundState.Sending, 1, Now + OutboundMessage.Lease, Now));
        held.Claim.ShouldNotBeNull();
    }

    [Fact]
    public void whose_holder_crashed_is_looked_up_and_not_sent()
    {
        var held = Waiting.Claimed(Now);
        var found = held.Claimed(Now + OutboundMessage.Lease);

        (found.State, found.AttemptedAt).ShouldBe((OutboundState.Unresolved, Now));
        found.Claim.ShouldNotBe(held.Claim);
    }

    [Fact]
    public void that_left_keeps_its_receipt() =>
        Waiting.Claimed(Now).After(new Delivery.Sent("99"), Now, 0).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboundState.Sent), m => m.Receipt.ShouldBe("99"), m => m.SentAt.ShouldBe(Now), m => m.DueAt.ShouldBeNull());

    [Fact]
    public void that_did_not_leave_waits_and_is_given_up_in_the_end()
    {
        var later = new Delivery.Later("penuh");
        Waiting.Claimed(Now).After(later, Now, 1).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboundState.Waiting), m => m.Error.ShouldBe("penuh"), m => m.DueAt.ShouldBe(Now.AddSeconds(2)));

        var last = Waiting with { Attempts = OutboundMessage.MaxAttempts - 1 };
        last.Claimed(Now).After(later, Now, 1).ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboundState.Failed), m => m.DueAt.ShouldBeNull());
    }

    [Fact]
    public void that_is_refused_is_given_up_at_once() =>
        Waiting.Claimed(Now).After(new Delivery.Refused("dilarang"), Now, 1).State.ShouldBe(OutboundState.Failed);

    [Fact]
    public void whose_end_is_unknown_is_looked_up_or_left_to_a_person()
    {
        Waiting.Claimed(Now).After(new Delivery.Unknown("diam", Now.AddSeconds(15)), Now, 1).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboundState.Unresolved), m => m.DueAt.ShouldBe(Now.AddSeconds(15)));
        Waiting.Claimed(Now).After(new Delivery.Unknown("diam", null), Now, 1).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboundState.Failed), m => m.Error!.ShouldContain("Outcome unknown"));
    }

    [Theory]
    [InlineData("""{"meta":{"result_count":0}}""", "Later")]
    [InlineData("""{"data":[{"id":"7","referenced_tweets":[{"type":"replied_to","id":"2"}]},{"id":"8"}]}""", "Later")]
    [InlineData("""{"data":[{"id":"7","referenced_tweets":[{"type":"quoted","id":"1"}]}]}""", "Later")]
    [InlineData("""{"data":[{"id":"6","referenced_tweets":[{"type":"replied_to","id":"1"}]}]}""", "Later")]
    [InlineData("""{"data":[{"id":"6","referenced_tweets":[{"type":"replied_to","id":"1"}]},{"id":"7","referenced_tweets":[{"type":"replied_to","id":"1"}]}]}""", "Sent")]
    [InlineData("""{"data":[{"id":"8","referenced_tweets":[{"type":"replied_to","id":"1"}]},{"id":"7","referenced_tweets":[{"type":"replied_to","id":"1"}]}]}""", "Unknown")]
    public void is_found_in_the_timeline_as_a_reply_nobody_else_accounts_for(string timeline, string outcome) =>
        XSender.Found(JsonDocument.Parse(timeline).RootElement, "1", ["6"]).GetType().Name.ShouldBe(outcome);

    [Fact]
    public void is_read_by_those_who_watch_over_it()
    {
        OutboxView View(Role role, string? regency = "33.28", bool development = false) => OutboxViews.Of(new Actor("a", role, regency), "33.28", development);

        View(Role.Regent).ShouldBe(OutboxView.Everything);
        View(Role.Auditor).ShouldBe(OutboxView.Everything);
        View(Role.Dispatcher).ShouldBe(OutboxView.WithoutOversight);
        View(Role.Dispatcher, development: true).ShouldBe(OutboxView.WithoutOversight);
        View(Role.Operator, null).ShouldBe(OutboxView.WithoutTexts);
        View(Role.Regent, "33.76").ShouldBe(OutboxView.Nothing);
        View(Role.Officer).ShouldBe(OutboxView.Nothing);
        View(Role.Citizen, null).ShouldBe(OutboxView.Nothing);
        View(Role.Citizen, null, development: true).ShouldBe(OutboxView.Everything);
    }
}

public class The_configuration_of_X
{
    private static XOptions Read(params (string Name, string Value)[] values) => XOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => KeyValuePair.Create($"SmartCity:Channels:X:{v.Name}", (string?)v.Value))).Build());

    [Fact]
    public void is_one_account_a_regency()
    {
        var options = Read(("MaxAge", "06:00:00"), ("33.28:ConsumerSecret", "a"), ("33.76:ConsumerSecret", "b"), ("33.76:ConsumerKey", "k"), ("33.76:AccessToken", "77-t"), ("33.76:AccessTokenSecret", "s"));

        options.MaxAge.ShouldBe(TimeSpan.FromHours(6));
        options.Accounts["33.28"].ShouldBe(new XAccount("a", null, null, null, null, new Uri("https://api.x.com")));
        options.Accounts["33.28"].CanPost.ShouldBeFalse();
        options.Accounts["33.76"].ShouldBe(new XAccount("b", "k", "77-t", "s", "77", new Uri("https://api.x.com")));
    }

    [Fact]
    public void may_be_missing() => Read().Accounts.ShouldBeEmpty();

    [Theory]
    [InlineData("MaxAge", "lama")]
    [InlineData("33.28:AccessToken", "t")]
    [InlineData("33.28:BaseAddress", "api.x.com")]
    [InlineData("Tegal:ConsumerSecret", "a")]
    public void that_is_wrong_says_its_name(string name, string value) =>
        Should.Throw<InvalidOperationException>(() => Read((name, value), ("33.28:ConsumerSecret", "s"))).Message.ShouldContain($"SmartCity:Channels:X:{name.Split(':')[0]}");
}
