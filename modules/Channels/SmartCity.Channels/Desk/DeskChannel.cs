using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Desk;

/// <summary>A way on which people come to an operator. What they are to hear goes to their telephone or mailbox where that is known, else the operator tells them.</summary>
internal sealed class DeskChannel(string code) : IChannel
{
    public string Code => code;

    public IChannelSender Sender { get; } = new DeskSender(code);

    /// <summary>It always "leaves": to another channel, or to the operator's list.</summary>
    public ValueTask<bool> CanSend(string regency, CancellationToken cancel) => ValueTask.FromResult(true);
}

internal sealed class DeskSender(string code) : IChannelSender
{
    public const string ToBeTold = "To be told in person: an operator tells it and says so.";

    public string Channel => code;

    public Task<Delivery> Send(Letter letter, CancellationToken cancel) => Task.FromResult<Delivery>(new Delivery.Refused(ToBeTold));

    public Task<Delivery> Find(Letter letter, CancellationToken cancel) => Send(letter, cancel);
}

internal sealed class DeskSetup : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        foreach (var way in DeskWay.All)
        {
            services.AddSingleton<IChannel>(new DeskChannel(way.Code));
        }
    }
}
