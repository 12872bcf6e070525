using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Tests;

/// <summary>A host that sends nothing by itself, so that a test can play several hosts.</summary>
public sealed class SilentHost : ChannelsHost
{
    public SilentHost() => Services.GetServices<IHostedService>().OfType<SendOutbox>().Single().StopAsync(default).GetAwaiter().GetResult();
}

public sealed class Claiming_a_message(SilentHost host) : IClassFixture<SilentHost>
{
    private static OutboundMessage Owed(string post)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new OutboundMessage
        {
            Id = Guid.NewGuid(),
            Ticket = $"2026-9{post}",
            Channel = "x",
            Conversation = $"message-x-{post}",
            Kind = OutboundMessage.Acknowledgement,
            Text = $"Diterima {post}",
            QueuedAt = now,
            DueAt = now,
            Cause = Guid.NewGuid(),
        };
    }

    private Task<bool> Queue(string regency, params OutboundMessage[] messages) => host.Use<RegencySessions, bool>(async sessions =>
    {
        await using var session = sessions.Open(regency);
        session.Insert(messages);
        await session.SaveChangesAsync();
        return true;
    });

    private Task<IReadOnlyList<OutboundMessage>> Claim(string regency) => host.Use<OutboxStore, IReadOnlyList<OutboundMessage>>(outbox => outbox.Claim(regency, default));

    [Fact]
    public async Task passes_over_what_another_host_is_claiming()
    {
        var message = Owed(ChannelsHost.NewPost());
        await Queue("33.76", message);
        await host.Use<RegencySessions, bool>(async sessions =>
        {
            await using var other = sessions.Open("33.76");
            await other.BeginTransactionAsync(default);
            (await other.QueryAsync<OutboundMessage>("where d.tenant_id = ? and d.id = ? for update", other.TenantId, message.Id)).Count.ShouldBe(1);

            (await Claim("33.76").WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeEmpty();
            return true;
        });

        (await Claim("33.76")).ShouldHaveSingleItem().Id.ShouldBe(message.Id);
        (await Claim("33.76")).ShouldBeEmpty();
        (await Claim("33.28")).ShouldBeEmpty();
    }

    [Fact]
    public async Task gives_each_message_to_one_of_many_hosts()
    {
        var messages = Enumerable.Range(0, 100).Select(_ => Owed(ChannelsHost.NewPost())).ToArray();
        await Queue("33.28", messages);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            var all = new List<OutboundMessage>();
            while (await Claim("33.28") is { Count: > 0 } some)
            {
                all.AddRange(some);
            }

            return all;
        }));

        claimed.SelectMany(c => c).Select(m => m.Id).Order().ShouldBe(messages.Select(m => m.Id).Order());
    }

    [Fact]
    public async Task that_another_host_holds_by_now_writes_nothing()
    {
        await Queue("33.76", Owed(ChannelsHost.NewPost()) with { Ticket = "2026-000099", Conversation = null });
        var mine = (await Claim("33.76")).Single(m => m.Ticket == "2026-000099");

        var stale = await host.Use<OutboxStore, OutboundMessage?>(outbox => outbox.Record("33.76", mine with { Claim = Guid.NewGuid() }, new Delivery.Sent("1"), 0, default)!);
        var written = await host.Use<OutboxStore, OutboundMessage?>(outbox => outbox.Record("33.76", mine, new Delivery.Sent("2"), 0, default)!);

        stale.ShouldBeNull();
        written!.Receipt.ShouldBe("2");
        (await host.History("outbox-2026-000099", "33.76")).ShouldBe(["message.sent.v1"]);
    }
}
