using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCity.Platform.Files;

/// <summary>Registers where files are kept, what is taken, and how things elsewhere are fetched.</summary>
internal static class FilesSetup
{
    public static void AddFiles(this IServiceCollection services, IConfiguration configuration, string directory)
    {
        var options = FilesOptions.Read(configuration);
        services.AddSingleton(options);
        services.AddSingleton<Photos>();
        services.AddSingleton<RemoteFiles>();
        services.AddSingleton<PublicConnections>();
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = options.Photos.Request);
        services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = options.Photos.Request);
        if (options.S3 is not { } s3)
        {
            services.AddSingleton<IFileStore>(new DiskFileStore(directory));
            return;
        }

        // Every request may be repeated: a hash names one content.
        services.AddHttpClient(S3FileStore.Client).AddStandardResilienceHandler();
        services.AddSingleton<IFileStore>(provider => new S3FileStore(provider.GetRequiredService<IHttpClientFactory>(), s3));
    }
}
