using Npgsql;

namespace SmartCity.Testing.Tests;

public class A_test_database
{
    [Fact]
    public async Task is_empty_and_knows_utf8()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await Ask(database.ConnectionString, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(0L);
        (await Ask(database.ConnectionString, "SELECT upper('é')")).ShouldBe("É");
        (await Ask(database.ConnectionString, "SHOW server_encoding")).ShouldBe("UTF8");
    }

    [Fact]
    public async Task is_its_own()
    {
        await using var one = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();

        await Ask(one.ConnectionString, "CREATE TABLE report (id int)");

        (await Ask(other.ConnectionString, "SELECT to_regclass('report') IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task is_dropped_although_connections_are_open()
    {
        var database = await TestDatabase.CreateAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();

        await database.DisposeAsync();

        var gone = await Should.ThrowAsync<PostgresException>(() => Ask(database.ConnectionString, "SELECT 1"));
        gone.SqlState.ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    [Fact]
    public async Task does_not_lose_what_it_acknowledged()
    {
        await using var database = await TestDatabase.CreateAsync();

        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            (await Ask(database.ConnectionString, $"SHOW {setting}")).ShouldBe("on");
        }
    }

    private static async Task<object?> Ask(string connectionString, string query)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync();
    }
}
