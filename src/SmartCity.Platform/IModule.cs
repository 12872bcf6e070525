using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCity.Platform;

/// <summary>
/// What the host knows of a module. MediatR handlers and Carter endpoints are found in the module's own assembly;
/// the rest it says here.
/// </summary>
public interface IModule
{
    /// <summary>Adds the module's services.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Adds the module's event types (under their stable wire names), documents and projections to the one store.</summary>
    void ConfigureStore(StoreOptions store);
}
