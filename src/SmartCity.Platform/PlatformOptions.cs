using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace SmartCity.Platform;

/// <summary>What the platform needs to know to start, from configuration section <c>SmartCity</c>. A wrong value stops the start with its name and the fix.</summary>
public sealed class PlatformOptions
{
    /// <summary>Files, keys made for development and the demo clock lie below it.</summary>
    public string DataDirectory { get; init; } = Path.GetFullPath(".data");

    /// <summary>
    /// Base64 of 32 random bytes (<c>openssl rand -base64 32</c>), under which personal keys are wrapped. Kept outside the database;
    /// in development it is made at the first start and kept in the data directory.
    /// </summary>
    public required byte[] MasterKey { get; init; }

    /// <summary>Where the native API's and the pages' addresses begin, as the world sees them; null: as the request says.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or wrong.</exception>
    public static PlatformOptions Read(IConfiguration configuration, bool development)
    {
        var section = configuration.GetSection("SmartCity");
        var directory = Path.GetFullPath(section["DataDirectory"] ?? ".data");
        Directory.CreateDirectory(directory);
        return new PlatformOptions
        {
            DataDirectory = directory,
            MasterKey = ReadMasterKey(section["MasterKey"], directory, development),
            PublicUrl = section["PublicUrl"] is { Length: > 0 } url
                ? Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : throw Wrong("PublicUrl", "an absolute address such as https://lapor.example.go.id")
                : null,
        };
    }

    /// <summary>The databases of the store, from <c>ConnectionStrings:SmartCity</c> and any <c>SmartCity:Databases:Connections:{name}</c>.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static Regencies.StoreDatabases ReadDatabases(IConfiguration configuration)
    {
        var main = configuration.GetConnectionString("SmartCity") is { Length: > 0 } given ? Tuned(given) : throw new InvalidOperationException(
            "ConnectionStrings:SmartCity is missing: set ConnectionStrings__SmartCity to a PostgreSQL connection string, or start with ./build/run, which brings its own PostgreSQL.");
        var more = configuration.GetSection("SmartCity:Databases:Connections").GetChildren().Select(c => KeyValuePair.Create(c.Key, Tuned(c.Value ?? "")));
        var placement = configuration.GetSection("SmartCity:Databases:Placement").GetChildren().ToDictionary(c => c.Key, c => c.Value ?? "main");
        var all = new[] { KeyValuePair.Create("main", main) }.Concat(more).ToArray();
        return placement.Values.FirstOrDefault(name => all.All(d => d.Key != name)) is { } unknown
            ? throw Wrong("Databases:Placement", $"the name of a database; '{unknown}' is none")
            : new Regencies.StoreDatabases(all, placement);
    }

    // The store sends few different statements, over and over, to partitioned tables that are slow to plan: prepared, and with the
    // plans kept when a connection goes back to the pool, they cost the server half. What the connection string says itself holds.
    private static string Tuned(string connectionString)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!said.ContainsKey("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 200;
            builder.AutoPrepareMinUsages = 2;
        }

        if (!said.ContainsKey("No Reset On Close"))
        {
            builder.NoResetOnClose = true;
        }

        return builder.ConnectionString;
    }

    /// <summary>Whether a host has made a key here in development.</summary>
    internal static bool HasDevelopmentKey(IConfiguration configuration) => File.Exists(KeyFile(Path.GetFullPath(configuration["SmartCity:DataDirectory"] ?? ".data")));

    private static string KeyFile(string directory) => Path.Combine(directory, "keys", "master.key");

    private static byte[] ReadMasterKey(string? text, string directory, bool development)
    {
        var file = KeyFile(directory);
        if (text is null && development)
        {
            if (!File.Exists(file))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }
            }

            text = File.ReadAllText(file);
        }

        var key = new byte[33];
        return text is not null && Convert.TryFromBase64String(text.Trim(), key, out var length) && length == 32 ? key[..32] : throw Wrong("MasterKey", "32 random bytes in Base64 (openssl rand -base64 32), kept safe outside the database");
    }

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration SmartCity:{name} must be {expected}.");
}
