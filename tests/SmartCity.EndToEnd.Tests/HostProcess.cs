using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SmartCity.Testing;

namespace SmartCity.EndToEnd.Tests;

/// <summary>The host as a process of its own, on a port of its own and a fresh database, as a deployment runs it.</summary>
public sealed class HostProcess : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("smartcity-e2e-").FullName;
    private readonly List<string> _log = [];
    private TestDatabase? _database;
    private Process? _process;

    public Uri Address { get; private set; } = null!;

    public HttpClient Client(bool withCookies = true) => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = withCookies }) { BaseAddress = Address };

    /// <summary>What the host has written.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        Start();
        await UntilReady();
    }

    /// <summary>Ends the process without a chance to tidy up, and starts it again.</summary>
    public async Task Crash()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        Start();
        await UntilReady();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private void Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmartCity.Host.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__SmartCity"] = _database!.ConnectionString,
                ["SmartCity__DataDirectory"] = _data,
                ["SmartCity__SampleData"] = "reference",
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = Address.ToString(),
                ["ASPNETCORE_CONTENTROOT"] = Path.Combine(Repository.Root, "src", "SmartCity.Host"),
            },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Add(line.Data ?? "");
        }
    }

    private async Task UntilReady()
    {
        using var client = Client();
        var last = "no answer";
        try
        {
            await SmartCityHost.Until(Answers, "a ready host");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host is not ready: {last}\n{Log}");
        }

        async Task<bool> Answers()
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"The host ended:\n{Log}");
            }

            try
            {
                using var answer = await client.GetAsync("/health/ready");
                last = await answer.Content.ReadAsStringAsync();
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
