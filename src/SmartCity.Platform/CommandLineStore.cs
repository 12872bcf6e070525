using JasperFx.Events.Daemon;
using Marten;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Time;

namespace SmartCity.Platform;

/// <summary>The store as the command line sees it: accounts, keys and regencies, the modules whose commands it sends, and no background work.</summary>
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

    /// <summary>Makes what the store needs in an empty database, as a host does when it starts.</summary>
    public Task CreateSchema() => _services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync();

    /// <summary>Sends a module's command.</summary>
    public async Task<T> Send<T>(IRequest<T> command, CancellationToken cancel)
    {
        await using var scope = _services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("command-line");
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, cancel);
    }

    /// <summary>Opens the store that the environment's <c>ConnectionStrings__SmartCity</c> names.</summary>
    /// <param name="modules">Those whose commands are sent.</param>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static CommandLineStore Open(params IReadOnlyList<IModule> modules)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new StoredClock());
        services.AddSingleton<RegencyRegistry>();
        services.AddSingleton<StaffSignIn>();
        services.AddSingleton<ApiKeys>();
        PlatformSetup.AddStore(services, PlatformOptions.ReadDatabases(configuration), modules, DaemonMode.Disabled);
        services.AddScoped<CallContext>();
        services.AddScoped<RegencySessions>();
        // Only what opens texts asks for the key: without configuration, the one that a host made here in development.
        services.AddSingleton(_ => PlatformOptions.Read(configuration, development: configuration["SmartCity:MasterKey"] is null && PlatformOptions.HasDevelopmentKey(configuration)));
        services.AddSingleton(provider => new PersonalData(provider.GetRequiredService<PlatformOptions>().MasterKey));
        if (modules.Count > 0)
        {
            services.AddMediatR(mediator => mediator.RegisterServicesFromAssemblies([.. modules.Select(m => m.GetType().Assembly)]));
        }

        foreach (var module in modules)
        {
            module.AddServices(services, configuration);
        }

        return new CommandLineStore(services.BuildServiceProvider());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
