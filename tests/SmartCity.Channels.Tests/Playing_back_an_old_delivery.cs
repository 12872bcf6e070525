using System.Net;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms.Joining;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>
/// Somebody got hold of a delivery that was signed rightly, and sends it again days later. Where the provider signs a time, what is old is
/// refused; everywhere a message is known by the provider's id, for ever, also when its author has been erased since.
/// </summary>
public sealed class Playing_back_an_old_delivery
{
    public sealed class Of_X(ChannelsHost host) : IClassFixture<ChannelsHost>
    {
        [Fact]
        public async Task is_refused_and_a_known_one_changes_nothing()
        {
            var (old, known) = (ChannelsHost.NewPost(), ChannelsHost.NewPost());
            var body = ChannelsHost.Mention(known, "@dpu_tegalkab jalan rusak di Balamoa");
            (await host.Deliver(body)).StatusCode.ShouldBe(HttpStatusCode.OK);

            using var refused = await host.Deliver(ChannelsHost.Mention(old, "@dpu_tegalkab jalan rusak", at: TimeProvider.System.GetUtcNow().AddDays(-3)));
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("post.too_old");
            (await host.Deliver(body)).StatusCode.ShouldBe(HttpStatusCode.OK);

            (await host.HistoryOf(old)).ShouldBeEmpty();
            (await host.HistoryOf(known)).Count(e => e == "message.received.v1").ShouldBe(1);
        }
    }

    public sealed class Of_Telegram(TelegramHost host) : IClassFixture<TelegramHost>
    {
        [Fact]
        public async Task is_refused_and_a_known_one_changes_nothing()
        {
            object Update(int id, DateTimeOffset at) => new { update_id = id, message = new { message_id = id, date = at.ToUnixTimeSeconds(), chat = new { id = 9191, type = "private" }, from = new { id = 9191, first_name = "W" }, text = "jalan rusak di Balapulang depan pasar" } };
            var known = Update(81, TimeProvider.System.GetUtcNow());
            (await host.Bring(known)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await host.Sent(9191, 1);

            (await host.Bring(Update(80, TimeProvider.System.GetUtcNow().AddDays(-3)))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await host.Bring(known)).StatusCode.ShouldBe(HttpStatusCode.OK);

            var personal = host.Services.GetRequiredService<PersonalData>();
            (await host.History(IncomingMessage.StreamOf("telegram", "9191:80", "33.28", personal))).ShouldBeEmpty();
            (await host.History(IncomingMessage.StreamOf("telegram", "9191:81", "33.28", personal))).Count(e => e == "message.received.v1").ShouldBe(1);
        }
    }

    public sealed class Of_an_SMS(SmsHost host) : IClassFixture<SmsHost>
    {
        [Fact]
        public async Task by_the_Twilio_form_changes_nothing_even_when_its_author_was_erased()
        {
            var (number, id) = (SmsHost.NewNumber(), "SM" + Guid.NewGuid().ToString("N"));
            (await host.Twilio(number, "jalan rusak parah di Panggung", id)).EnsureSuccessStatusCode();
            await host.Sent(number, 1);
            var stream = IncomingMessage.StreamOf("sms", Sms.Twilio.TwilioAccount.Prefix + id, "33.76", host.Services.GetRequiredService<PersonalData>());
            (await host.History(stream, "33.76")).ShouldContain("message.received.v1");
            await host.Use<RegencySessions, bool>(async sessions =>
            {
                await using var session = sessions.Open("33.76");
                session.DeleteWhere<PersonalKey>(k => k.Stream == stream);
                await session.SaveChangesAsync();
                return true;
            });

            (await host.Twilio(number, "jalan rusak parah di Panggung", id)).StatusCode.ShouldBe(HttpStatusCode.OK);

            (await host.History(stream, "33.76")).Count(e => e == "message.received.v1").ShouldBe(1);
            host.Gateways.To(number).Count.ShouldBe(1);
        }

        [Fact]
        public async Task by_Kannel_is_known_part_by_part()
        {
            var number = SmsHost.NewNumber();
            var (one, two) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
            Task<HttpResponseMessage> Part(string id, int part, string text) => host.Kannel(number, text, id, more: $"&udh=%05%00%03%77%02%0{part}");
            (await Part(one, 1, "jalan rusak parah di Balamoa, lubang ")).EnsureSuccessStatusCode();
            (await Part(two, 2, "besar depan pasar")).EnsureSuccessStatusCode();
            await host.Sent(number, 1);
            // Half an hour later the parts are done with.
            await host.Use<RegencySessions, bool>(async sessions =>
            {
                await using var session = sessions.Open("33.28");
                foreach (var part in await session.Query<MessagePart>().ToListAsync())
                {
                    session.Update(part with { ReceivedAt = part.ReceivedAt - ReceiveParts.Patience - TimeSpan.FromMinutes(1) });
                }

                await session.SaveChangesAsync();
                return true;
            });
            await host.Use<ReceiveParts, bool>(async parts =>
            {
                await parts.TakeWhatIsThere("33.28", default);
                return true;
            });

            (await Part(two, 2, "besar depan pasar")).EnsureSuccessStatusCode();

            await host.Use<RegencySessions, bool>(async sessions =>
            {
                await using var session = sessions.Query("33.28");
                (await session.Query<MessagePart>().ToListAsync()).ShouldAllBe(part => part.IsDone && part.Sealed.Length == 0);
                return true;
            });
            host.Gateways.To(number).Count.ShouldBe(1);
        }
    }

    public sealed class Of_what_became_of_a_message(WhatsAppHost host) : IClassFixture<WhatsAppHost>
    {
        [Fact]
        public async Task says_nothing_of_the_one_that_was_sent_again()
        {
            var number = WhatsAppHost.NewNumber();
            await host.Writes(number, "jalan ambles di Balapulang depan pasar");
            var first = (await host.Sent(number, 1))[0];
            var ours = first.Body.GetProperty("biz_opaque_callback_data").GetString();
            var failed = WhatsAppHost.Status(first.Id, "failed", ours);
            (await host.Bring(failed)).EnsureSuccessStatusCode();
            var dispatcher = await host.SignIn("33.28", "dispatcher");
            const string Outbox = "/api/v1/regencies/33.28/outbox";
            await SmartCityHost.Until(async () => (await dispatcher.PostAsync($"{Outbox}/{Guid.ParseExact(ours!, "N")}/retries", null)).StatusCode == HttpStatusCode.OK, "it was given up");
            await host.Sent(number, 2);

            (await host.Bring(failed)).EnsureSuccessStatusCode();

            var ticket = SmsHost.Ticket(first.Text);
            await SmartCityHost.Until(async () => (await host.Outbox(channel: "whatsapp", ticket: ticket)).Any(m => m.GetProperty("kind").GetString() == "acknowledgement" && m.GetProperty("state").GetString() == "sent"), "it stays sent");
            (await host.Bring(failed)).EnsureSuccessStatusCode();
            (await host.Outbox(channel: "whatsapp", ticket: ticket)).Single(m => m.GetProperty("kind").GetString() == "acknowledgement").GetProperty("state").GetString().ShouldBe("sent");
        }
    }
}
