using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;
using SmartCity.Platform.Time;
using Weasel.Core;

namespace SmartCity.Platform;

/// <summary>Puts the platform under the modules: one store, one mediator, one way in.</summary>
public static class PlatformSetup
{
    /// <summary>Registers the platform and the modules.</summary>
    public static void AddSmartCity(this WebApplicationBuilder builder, params IReadOnlyList<IModule> modules)
    {
        var (services, configuration, development) = (builder.Services, builder.Configuration, builder.Environment.IsDevelopment());
        var options = PlatformOptions.Read(configuration, development);
        services.AddSingleton(options);
        services.AddFiles(configuration, Path.Combine(options.DataDirectory, "files"));
        services.AddSingleton(new PersonalData(options.MasterKey));
        services.AddScoped<CallContext>();
        services.AddScoped<RegencySessions>();
        services.AddScoped<PersonalTraces>();
        services.AddSingleton<RegencyRegistry>();
        AddClock(services, options, development);
        AddStore(services, PlatformOptions.ReadDatabases(configuration), modules);
        services.AddHostedService<PreparePlatform>();
        AddAccess(services, configuration, options);
        AddTelemetry(services, configuration);

        var assemblies = modules.Select(m => m.GetType().Assembly).Append(typeof(PlatformSetup).Assembly).ToArray();
        services.AddMediatR(mediator =>
        {
            mediator.RegisterServicesFromAssemblies(assemblies);
            mediator.NotificationPublisher = new EveryHandlerRuns();
        });
        // Named one by one, because Carter finds by itself only what is public.
        services.AddCarter(configurator: carter => carter.WithEmptyValidators().WithModules(
            [.. assemblies.SelectMany(a => a.GetTypes()).Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(ICarterModule)))]));
        services.Configure<JsonOptions>(json => ConfigureJson(json.SerializerOptions));
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problem.SayWhatCannotBeRead);
        // Everywhere as in development, so that what cannot be read is told.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        foreach (var module in modules)
        {
            module.AddServices(services, configuration);
        }
    }

    /// <summary>The middleware before any endpoint.</summary>
    public static void UseSmartCity(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = failure => failure switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                _ => StatusCodes.Status500InternalServerError,
            },
            // What a caller did wrong is no error of the platform's.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
        app.Use(OneSlashAtATime);
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<AccessMiddleware>();
        app.MapCarter();
        app.MapPrometheusScrapingEndpoint("/metrics").OutsideRegencies("Numbers of the whole deployment, without personal data.");
        app.MapHealth();
    }

    // Clients join a base that ends with a slash to a path that begins with one.
    private static Task OneSlashAtATime(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value;
        while (path?.Contains("//", StringComparison.Ordinal) == true)
        {
            http.Request.Path = path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return next(http);
    }

    /// <summary>How JSON is written everywhere: camel case, names of enum members, no empty members.</summary>
    public static void ConfigureJson(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }

    private static void AddClock(IServiceCollection services, PlatformOptions options, bool development)
    {
        if (development)
        {
            services.AddSingleton(new DemoClock(options.DataDirectory));
            services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DemoClock>());
        }
        else
        {
            services.AddSingleton<TimeProvider>(new StoredClock());
        }
    }

    /// <summary>The one store. Also used by the command line, without modules.</summary>
    internal static void AddStore(IServiceCollection services, StoreDatabases databases, IReadOnlyList<IModule> modules, DaemonMode daemon = DaemonMode.HotCold)
    {
        services.AddSingleton(databases);
        services.AddSingleton(new IntakePressure(TimeProvider.System));
        services.AddMarten(provider =>
            {
                var store = new StoreOptions { DatabaseSchemaName = "history", AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate };
                store.MultiTenantedWithShardedDatabases(shards =>
                {
                    shards.ConnectionString = databases.Directory;
                    shards.SchemaName = "platform";
                    shards.PartitionSchemaName = "platform";
                    // A regency is added on purpose (RegencyRegistry), never because somebody asked for one.
                    shards.UseExplicitAssignment();
                    foreach (var (name, connection) in databases.All)
                    {
                        shards.AddDatabase(name, connection);
                    }
                });
                // Enum members by name, as queries look for them: camel case is for the outside only.
                store.UseSystemTextJsonForSerialization(EnumStorage.AsString, configure: ConfigureJson);
                // No statement is sent a second time behind our back: what may be repeated is repeated where that is known to be safe. And a
                // prepared batch repeated on another connection would run that connection's statements of the same names (npgsql#6432).
                store.ConfigurePolly(_ => { });
                store.ConfigureWritePolly(_ => { });
                store.Events.StreamIdentity = StreamIdentity.AsString;
                store.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
                store.Events.UseTenantPartitionedEvents = true;
                store.Events.TimeProvider = provider.GetRequiredService<TimeProvider>();
                store.Events.MetadataConfig.EnableAll();
                store.Events.MetadataConfig.UserNameEnabled = true;
                store.Projections.LeadershipPollingTime = 1000;
                store.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(250);
                store.Projections.FastPollingTime = TimeSpan.FromMilliseconds(50);
                // A lost race leaves a gap in the positions. It is passed over once no transaction lives that could still fill it.
                store.Projections.UseTransactionEvidenceForGapSkipping = true;
                store.Projections.StaleSequenceThreshold = TimeSpan.FromMilliseconds(500);
                store.Schema.For<Regency>().DatabaseSchemaName("platform");
                store.Schema.For<StaffAccount>().DatabaseSchemaName("platform");
                store.Schema.For<ApiKey>().DatabaseSchemaName("platform");
                store.Schema.For<PersonalKey>().DatabaseSchemaName("platform")
                    .Duplicate(k => k.Stream)
                    .Duplicate(k => k.Origin, configure: index => index.Predicate = "origin is not null")
                    .Duplicate(k => k.Account, configure: index => index.Predicate = "account is not null")
                    .Duplicate(k => k.Email, configure: index => index.Predicate = "email is not null")
                    .Duplicate(k => k.Phone, configure: index => index.Predicate = "phone is not null")
                    .Duplicate(k => k.CreatedAt, configure: index => index.Method = Weasel.Postgresql.Tables.IndexMethod.brin)
                    .Duplicate(k => k.DestroyedAt, configure: index => index.Predicate = "destroyed_at is not null");
                store.Schema.For<EventSetAside>().DatabaseSchemaName("platform").Duplicate(e => e.DueAt);
                store.Events.MapEventType<DataRead>("data.read.v1");
                store.Events.MapEventType<PersonErased>("person.erased.v1");
                store.Events.MapEventType<PersonalDataExported>("person.data-exported.v1");
                foreach (var module in modules)
                {
                    module.ConfigureStore(store);
                }

                return store;
            })
            .AddAsyncDaemon(daemon)
            .ApplyAllDatabaseChangesOnStartup()
            .AddSubscriptionWithServices<PublishCommittedEvents>(ServiceLifetime.Singleton, subscription => subscription.Name = "Notifications");
    }

    private static void AddAccess(IServiceCollection services, IConfiguration configuration, PlatformOptions options)
    {
        const string either = "Either";
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<StaffSignIn>();
        services.AddDataProtection().SetApplicationName("SmartCity").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.DataDirectory, "keys")));
        var authentication = services.AddAuthentication(either)
            .AddPolicyScheme(either, null, policy => policy.ForwardDefaultSelector = http =>
                ApiKeyAuthentication.IsSentIn(http.Request) ? ApiKeyAuthentication.Scheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "smartcity";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
                cookie.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<StaffSignIn>().Validate(context);
            });
        services.AddAuthorization();
        AddOpenIdConnect(authentication, configuration.GetSection("SmartCity:OpenIdConnect"));
    }

    /// <summary>
    /// Staff may sign in with the regency's identity provider when <c>SmartCity:OpenIdConnect:Authority</c>, <c>ClientId</c> and
    /// <c>ClientSecret</c> are set. The provider says role, regency and department in the claims <c>role</c>, <c>regency</c>, <c>department</c>.
    /// </summary>
    private static void AddOpenIdConnect(AuthenticationBuilder authentication, IConfigurationSection section)
    {
        if (section["Authority"] is not { Length: > 0 } authority)
        {
            return;
        }

        authentication.AddOpenIdConnect(oidc =>
        {
            oidc.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            oidc.Authority = authority;
            oidc.ClientId = section["ClientId"] ?? throw new InvalidOperationException("Configuration SmartCity:OpenIdConnect:ClientId is missing.");
            oidc.ClientSecret = section["ClientSecret"];
            oidc.ResponseType = "code";
            oidc.MapInboundClaims = false;
            oidc.Events.OnTokenValidated = context =>
            {
                string? Claim(string type) => context.Principal?.FindFirst(type)?.Value;
                if (!Enum.TryParse<Role>(Claim(Claims.RoleName), ignoreCase: true, out var role) || role is Role.Citizen or Role.Integrator || Claim(Claims.Regency) is not { } regency)
                {
                    context.Fail("The identity provider sent no role and regency of SmartCity for this person.");
                    return Task.CompletedTask;
                }

                var actor = new Actor($"oidc:{Claim("sub")}", role, role == Role.Operator ? null : regency, Claim(Claims.Department));
                context.Principal = Claims.Principal(actor, OpenIdConnectDefaults.AuthenticationScheme, Claim("name"));
                return Task.CompletedTask;
            };
        });
    }

    private static void AddTelemetry(IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("smartcity"))
            .WithTracing(tracing => tracing
                .AddSource(Traces.Name)
                .AddAspNetCoreInstrumentation(web => web.Filter = http => !http.Request.Path.StartsWithSegments("/health") && !http.Request.Path.StartsWithSegments("/metrics"))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter(Traces.Name, "Npgsql", "Marten", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            // A span for every statement is worth its cost only where somebody collects it.
            telemetry.WithTracing(tracing => tracing.AddSource("Npgsql", "Marten").AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter());
        }

        services.AddSingleton<StoreHealth>();
        services.AddHostedService<NotificationLag>();
        services.AddHostedService<PublishAgain>();
    }
}
