using Npgsql;

namespace SmartCity.Testing;

/// <summary>An empty database of a test's own, dropped with it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;

    private TestDatabase(string server, string name)
    {
        this.server = server;
        this.name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            // Many tests share a server of 200 connections.
            MaxPoolSize = 20,
            IncludeErrorDetail = true,
        }.ConnectionString;
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates one, on the <see cref="PostgresServer"/>.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(await PostgresServer.ConnectionStringAsync(), $"smartcity_test_{Guid.NewGuid():N}");
        await database.OnServerAsync($"CREATE DATABASE {database.name}");
        return database;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await OnServerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private async Task OnServerAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
