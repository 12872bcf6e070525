using System.Diagnostics;
using System.Net.Sockets;
using Docker.DotNet;
using DotNet.Testcontainers.Configurations;
using Testcontainers.PostgreSql;

namespace SmartCity.Testing;

/// <summary>
/// The PostgreSQL server of this test process: started by the first test that asks for it, shared by all, stopped at exit.
/// <c>docs/development.md</c> says where it comes from.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    /// <summary>A connection string whose user may create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Started.Value;

    private static async Task<string> StartAsync() =>
        Given("ConnectionStrings__SmartCity")
        ?? Given("SMARTCITY_TEST_POSTGRES")
        ?? await InDockerAsync()
        ?? await OnThisMachineAsync();

    private static string? Given(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static async Task<string?> InDockerAsync()
    {
        // Who names where binaries come from does not want a container.
        if (Given("SMARTCITY_POSTGRES") is not null || !await DockerAnswersAsync()) return null;

        var image = Given("SMARTCITY_TEST_POSTGRES_IMAGE") ?? "postgres:18";
        try
        {
            // Testcontainers switches durability off; tests run with what production has.
            var container = new PostgreSqlBuilder(image)
                .WithCommand("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on", "-c", "max_connections=200")
                .Build();
            await container.StartAsync();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => container.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return container.GetConnectionString();
        }
        catch (Exception e) when (e is DockerApiException or TimeoutException)
        {
            // An engine that cannot get the image (no network, say) is no reason to run no test.
            await Console.Error.WriteLineAsync($"Docker answers but cannot run {image}, so PostgreSQL starts without it: {e.Message}");
            return null;
        }
    }

    private static async Task<bool> DockerAnswersAsync()
    {
        try
        {
            if (TestcontainersSettings.OS.DockerEndpointAuthConfig is not { } endpoint) return false;
            using var docker = endpoint.GetDockerClientBuilder().Build();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await docker.System.PingAsync(patience.Token);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or TimeoutException or OperationCanceledException or DockerApiException)
        {
            return false;
        }
    }

    private static async Task<string> OnThisMachineAsync()
    {
        var server = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "build", "postgres", "serve"), "--temporary")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // It stops when its input ends, which happens even when this process is killed.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.StandardInput.Close();
            server.WaitForExit(TimeSpan.FromSeconds(30));
        };

        return await server.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("build/postgres/serve did not start a PostgreSQL; it says why on standard error.");
    }
}
