using System.Text;
using CsCheck;
using SmartCity.Reports.Subscribing;

namespace SmartCity.Reports.Tests.Integrating;

public class A_webhook
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    private static readonly Webhook New = new() { Id = "a", Owner = "key:demo", Url = "https://example.org", Secret = [], Position = 0, CreatedAt = Now };

    private static readonly WebhookDelivery Delivery = new() { Id = "a-1", Webhook = "a", Event = Guid.NewGuid(), Type = "report.filed.v1", Position = 1, QueuedAt = Now, DueAt = Now };

    private static readonly Attempt Taken = new(204), Failed = new(500, "The receiver answered 500."), Gone = new(410, "The receiver answered 410.");

    [Fact]
    // The vector of the Standard Webhooks project's own libraries.
    public void signs_as_the_specification_does() => WebhookSecrets.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
        .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void has_secrets_of_a_length_that_the_specification_allows()
    {
        var secret = WebhookSecrets.New();

        secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(secret["whsec_".Length..]).Length.ShouldBeInRange(24, 64);
        WebhookSecrets.New().ShouldNotBe(secret);
    }

    [Fact]
    public void is_tried_over_about_three_days_with_longer_and_longer_pauses() => Gen.Double[0, 1].Sample(jitter =>
    {
        var (delivery, now, pauses) = (Delivery, Now, new List<TimeSpan>());
        while (delivery.DueAt is { } due)
        {
            pauses.Add(due - now);
            now = due;
            delivery = delivery.Claimed(now).After(Failed, now, jitter);
        }

        delivery.State.ShouldBe(DeliveryState.Failed);
        delivery.Attempts.ShouldBe(WebhookDelivery.Pauses.Count + 1);
        pauses.Skip(1).ShouldBeInOrder(SortDirection.Ascending);
        (now - Now).ShouldBeInRange(TimeSpan.FromDays(2), TimeSpan.FromDays(4));
    });

    [Fact]
    public void waits_as_long_as_the_receiver_says() => Gen.Select(Gen.Int[0, 86_400], Gen.Double[0, 1], Gen.Int[1, 9]).Sample((seconds, jitter, attempts) =>
    {
        var told = Now.AddSeconds(seconds);
        var attempt = new Attempt(503, "The receiver answered 503.", told);
        return (Delivery with { Attempts = attempts }).After(attempt, Now, jitter).DueAt >= told && New.After(attempt, Now, jitter).PausedUntil >= told;
    });

    [Fact]
    public void ends_with_410()
    {
        Delivery.Claimed(Now).After(Gone, Now, 0).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Failed), d => d.DueAt.ShouldBeNull());
        New.After(Gone, Now, 0).ShouldSatisfyAllConditions(w => w.DisabledAt.ShouldBe(Now), w => w.DisabledBecause.ShouldNotBeNull().ShouldContain("410"));
    }

    [Fact]
    public void is_disabled_when_nothing_was_taken_for_days_and_not_before() => Gen.Select(Gen.Bool.Array[1, 40], Gen.Int[1, 600].Array[40]).Sample((taken, minutes) =>
    {
        var (webhook, now) = (New, Now);
        DateTimeOffset? since = null;
        foreach (var (isTaken, pause) in taken.Zip(minutes))
        {
            now = now.AddMinutes(pause);
            since = isTaken ? null : since ?? now;
            webhook = webhook.After(isTaken ? Taken : Failed, now, 0.5);
            if ((webhook.DisabledAt is not null) != (since is { } first && now - first >= Webhook.Patience))
            {
                return false;
            }

            if (webhook.DisabledAt is not null)
            {
                return !webhook.IsReady(now.AddYears(1)) && webhook.Enabled().IsReady(now);
            }
        }

        return true;
    });

    [Fact]
    public void is_left_alone_after_a_failure_and_not_after_a_success()
    {
        var failing = New.After(Failed, Now, 0.5);

        failing.IsReady(Now.AddSeconds(1)).ShouldBeFalse();
        failing.IsReady(Now.AddSeconds(10)).ShouldBeTrue();
        failing.After(Taken, Now, 0.5).IsReady(Now).ShouldBeTrue();
    }

    [Fact]
    public void asked_again_has_the_same_id_and_all_its_tries()
    {
        var again = Delivery.Claimed(Now).After(Gone, Now, 0).Again(Now);

        (again.Id, again.Event, again.State, again.Attempts, again.DueAt).ShouldBe((Delivery.Id, Delivery.Event, DeliveryState.Waiting, 0, Now));
    }
}
