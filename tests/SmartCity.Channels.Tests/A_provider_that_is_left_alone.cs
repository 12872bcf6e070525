using MediatR;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Two hosts send for the regency.</summary>
public sealed class A_provider_that_is_left_alone(SmsHost host) : IClassFixture<SmsHost>
{
    private const string Account = "sms-kannel.DISHUB";

    private static async Task<ChannelHealth> Health(IServiceProvider asked)
    {
        await using var scope = asked.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetChannelHealth("33.28"))).Single(h => h.Accounts is [Account]);
    }

    private Task Leave(DateTimeOffset? until) => host.Use<CallContext, bool>(async call =>
    {
        call.Actor = Actor.System("test");
        return await host.Use<OutboxStore, bool>(outbox => outbox.Leave("33.28", LeftAlone.IdOf("sms", Account), until, 9, default));
    });

    private async Task<bool> Measured(string value) => (await host.Http.GetStringAsync("/metrics")).Split('\n').Any(line =>
        line.StartsWith("smartcity_provider_left_alone", StringComparison.Ordinal) && line.Contains(Account, StringComparison.Ordinal) && line.Split(' ')[1] == value);

    [Fact]
    public async Task is_so_whichever_host_is_asked()
    {
        await SmsHost.Set(await host.Operator(), "33.28", Account, new { from = "9119" });
        var other = host.Another();

        // Either host may send one; until one of them has seen enough.
        await SmartCityHost.Until(async () =>
        {
            var number = SmsHost.NewNumber();
            host.Gateways.Script(number, FakeGateways.Fails(500));
            (await host.Kannel(number, "jalan rusak parah di Balamoa, lubang besar", to: "9119")).EnsureSuccessStatusCode();
            return (await Health(other)).LeftAloneUntil is not null;
        }, "the other host says so");

        // Whoever found out, all keep to it.
        await Leave(TimeProvider.System.GetUtcNow().AddMinutes(20));
        foreach (var asked in (IServiceProvider[])[host.Services, other])
        {
            var circuit = asked.GetRequiredService<Circuits>().Of("33.28", "sms", Account);
            await SmartCityHost.Until(() => Task.FromResult(circuit.Blocks(TimeProvider.System.GetUtcNow()) is { } until && until > TimeProvider.System.GetUtcNow().AddMinutes(15)), "it is left alone");
            (await Health(asked)).LeftAloneUntil.ShouldNotBeNull();
        }

        await SmartCityHost.Until(() => Measured("1"), "the metric");
        (await (await host.SignIn("33.28", "humas")).GetStringAsync("/33.28/meja/pesan")).ShouldContain("sekring terbuka");
        await Leave(null);
        await SmartCityHost.Until(() => Measured("0"), "the metric of an account that works again");
        (await Health(other)).LeftAloneUntil.ShouldBeNull();
    }
}
