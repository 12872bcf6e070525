using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Channels.Outbox;

namespace SmartCity.Channels.Web;

/// <summary>Channels whose citizens read the answer on a page, or ask for it: nothing comes in here, and nothing is sent.</summary>
internal sealed class PageChannel(string code) : IChannel
{
    public string Code => code;

    public IChannelSender Sender { get; } = new PageSender(code);
}

internal sealed class PageSetup(params string[] codes) : IChannelSetup
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        foreach (var code in codes)
        {
            services.AddSingleton<IChannel>(new PageChannel(code));
        }
    }
}
