using JasperFx.Events.Daemon;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform;

/// <summary>The store as the command line sees it: accounts, keys and regencies, no modules and no background work.</summary>
public sealed class CommandLineStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CommandLineStore(ServiceProvider services) => _services = services;

    /// <summary>The regencies.</summary>
    public RegencyRegistry Regencies => _services.GetRequiredService<RegencyRegistry>();

    /// <summary>Local accounts.</summary>
    public StaffSignIn Staff => _services.GetRequiredService<StaffSignIn>();

    /// <summary>Integrators' keys.</summary>
    public ApiKeys Keys => _services.GetRequiredService<ApiKeys>();

    /// <summary>Opens the store that the environment's <c>ConnectionStrings__SmartCity</c> names.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static CommandLineStore Open()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<RegencyRegistry>();
        services.AddSingleton<StaffSignIn>();
        services.AddSingleton<ApiKeys>();
        PlatformSetup.AddStore(services, PlatformOptions.ReadDatabases(configuration), [], DaemonMode.Disabled);
        return new CommandLineStore(services.BuildServiceProvider());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
