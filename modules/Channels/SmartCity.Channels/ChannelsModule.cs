using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform;

namespace SmartCity.Channels;

/// <summary>The module's one door to the host.</summary>
public sealed class ChannelsModule : IModule
{
    /// <inheritdoc/>
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
    }

    /// <inheritdoc/>
    public void ConfigureStore(StoreOptions store)
    {
    }
}
