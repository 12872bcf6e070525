using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCity.Platform;

namespace SmartCity.Testing;

/// <summary>
/// The whole host on a fresh database with the reference data of both sample regencies, without sample reports. Use it as a
/// class or assembly fixture; derive from it to start the host with other settings.
/// </summary>
public class SmartCityHost : IAsyncDisposable
{
    /// <summary>Password of every sample account.</summary>
    public const string Password = "rahasia-tegal";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _data = Directory.CreateTempSubdirectory("smartcity-test-").FullName;
    private readonly TestDatabase _database;
    private readonly Factory _factory;
    private readonly List<Factory> _others = [];

    /// <summary>Starts the host.</summary>
    public SmartCityHost()
    {
        _database = Task.Run(TestDatabase.CreateAsync).GetAwaiter().GetResult();
        _factory = new Factory(new Dictionary<string, string?>(Settings)
        {
            ["ConnectionStrings:SmartCity"] = _database.ConnectionString,
            ["SmartCity:DataDirectory"] = _data,
        });
        Http = _factory.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false, AllowAutoRedirect = false });
    }

    /// <summary>A caller who has not signed in.</summary>
    public HttpClient Http { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _factory.Services;

    /// <summary>How to reach the host's database past the host, as a superuser would.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>Settings of the host.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["SmartCity:SampleData"] = "reference" };

    /// <summary>The services of another host on the same database, with a data directory of its own; it stops with this one.</summary>
    public IServiceProvider Another()
    {
        var other = new Factory(new Dictionary<string, string?>(Settings)
        {
            ["ConnectionStrings:SmartCity"] = _database.ConnectionString,
            ["SmartCity:DataDirectory"] = Directory.CreateDirectory(Path.Combine(_data, $"host-{_others.Count}")).FullName,
            ["SmartCity:SampleData"] = "none",
            // Hosts of one deployment have one key; else what one seals the other could not open.
            ["SmartCity:MasterKey"] = Convert.ToBase64String(Services.GetRequiredService<PlatformOptions>().MasterKey),
        });
        _others.Add(other);
        return other.Services;
    }

    /// <summary>A caller with a browser's cookie jar who has not signed in.</summary>
    public HttpClient Browser() => _factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>A caller who has signed in with a sample account.</summary>
    public async Task<HttpClient> SignIn(string regency, string name)
    {
        var client = Browser();
        using var answer = await client.PostAsJsonAsync($"/api/v1/regencies/{regency}/session", new { name, password = Password });
        answer.EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>A caller with a sample API key.</summary>
    public HttpClient Integrator(string key = "demo")
    {
        var client = Browser();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    /// <summary>Waits until a probe gives something.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public static async Task<T> Until<T>(Func<Task<T?>> probe, string what = "what was awaited", TimeSpan? patience = null)
    {
        var atMost = patience ?? Patience;
        var deadline = TimeProvider.System.GetTimestamp();
        for (var pause = 20; ; pause = Math.Min(pause * 2, 250))
        {
            if (await probe() is { } found && !Equals(found, false))
            {
                return found;
            }

            if (TimeProvider.System.GetElapsedTime(deadline) > atMost)
            {
                throw new TimeoutException($"Not within {atMost.TotalSeconds} seconds: {what}.");
            }

            await Task.Delay(pause);
        }
    }

    /// <summary>Files a report over the native API and gives its ticket.</summary>
    public async Task<string> FileReport(string regency = "33.28", string? category = "jalan-rusak", string description = "Jalan berlubang di depan pasar")
    {
        using var answer = await Integrator().PostAsJsonAsync($"/api/v1/regencies/{regency}/reports", new
        {
            category,
            description,
            place = new { latitude = -6.98, longitude = 109.13 },
        });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;
    }

    /// <summary>Waits until a report is in a state (<c>assigned</c>, <c>queued</c>, …) and gives it as the caller sees it.</summary>
    public async Task<JsonElement> Reaches(string ticket, string state, string regency = "33.28", HttpClient? caller = null)
    {
        JsonElement report = default;
        await Until(async () =>
        {
            using var answer = await (caller ?? Http).GetAsync($"/api/v1/regencies/{regency}/reports/{ticket}");
            if (!answer.IsSuccessStatusCode)
            {
                return false;
            }

            report = await Json(answer);
            return report.GetProperty("state").GetString() == state;
        }, $"{ticket} {state}");
        return report;
    }

    /// <summary>Reads JSON; fails when the status is none of success.</summary>
    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new HttpRequestException($"{(int)answer.StatusCode}: {text}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await _factory.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }

    private sealed class Factory(IReadOnlyDictionary<string, string?> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureServices(services => services.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)));
        }
    }
}
