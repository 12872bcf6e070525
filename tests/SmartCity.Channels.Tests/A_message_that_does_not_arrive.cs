using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>The provider took it, and says later that the person will not get it.</summary>
public sealed class A_message_that_does_not_arrive(WhatsAppHost host) : IClassFixture<WhatsAppHost>
{
    [Fact]
    public async Task goes_to_another_channel_of_the_same_person_where_one_is_known()
    {
        await using var gateways = new FakeGateways();
        await SmsHost.Set(await host.SignIn("33.28", "operator"), "33.28", "sms-kannel", new { secret = "rahasia", sendUrl = $"{gateways.Address}/cgi-bin/sendsms", username = "smartcity", password = "rahasia-kannel", from = "9118" });
        var number = WhatsAppHost.NewNumber();
        await host.Writes(number, "jalan ambles di Balapulang depan pasar");
        var first = (await host.Sent(number, 1))[0];

        (await host.Bring(WhatsAppHost.Status(first.Id, "failed", first.Body.GetProperty("biz_opaque_callback_data").GetString(), [new { code = 131026, title = "Message undeliverable" }]))).EnsureSuccessStatusCode();

        var sent = await SmartCityHost.Until(() => Task.FromResult(gateways.To($"+{number}") is { Count: > 0 } taken ? taken : null), "the message by SMS");
        sent.ShouldHaveSingleItem().Text.ShouldContain(SmsHost.Ticket(first.Text));
        host.WhatsApp.To(number).Count.ShouldBe(1);
        // A late word on the first try is not about the second.
        (await host.Bring(WhatsAppHost.Status(first.Id, "failed", first.Body.GetProperty("biz_opaque_callback_data").GetString()))).EnsureSuccessStatusCode();
        await SmartCityHost.Until(async () => (await host.Outbox(channel: "sms")).Any(m => m.GetProperty("state").GetString() == "sent"), "it stays sent");
    }
}
