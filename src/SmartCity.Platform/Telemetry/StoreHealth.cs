using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.Telemetry;

/// <summary>Whether the host can serve: every database answers and its schema is the one the code expects.</summary>
internal sealed class StoreHealth(IDocumentStore store, StoreDatabases databases)
{
    private volatile bool _schemaIsCurrent;

    /// <summary>Null when ready, else why not.</summary>
    public async Task<string?> WhyNotReady(CancellationToken cancel)
    {
        try
        {
            foreach (var (_, connectionString) in databases.All)
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(cancel);
                await using var command = new NpgsqlCommand("select 1", connection);
                await command.ExecuteScalarAsync(cancel);
            }

            // Comparing a whole schema is work for the database; once it was right it stays so for this version of the code.
            if (!_schemaIsCurrent)
            {
                foreach (var database in await store.Storage.AllDatabases())
                {
                    await database.AssertDatabaseMatchesConfigurationAsync(cancel);
                }

                _schemaIsCurrent = true;
            }

            return null;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return "The database does not answer.";
        }
        catch (Weasel.Core.Migrations.DatabaseValidationException)
        {
            return "The schema is not the one this version needs.";
        }
    }
}

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        const string why = "Says only whether the process and its databases work.";
        app.MapGet("/health/live", () => Results.Text("live")).OutsideRegencies(why).ExcludeFromDescription();
        app.MapGet("/health/ready", async (StoreHealth health, CancellationToken cancel) =>
            await health.WhyNotReady(cancel) is { } reason
                ? Results.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Text("ready")).OutsideRegencies(why).ExcludeFromDescription();
    }
}

/// <summary>Measures how many committed events of each regency wait to be published: <c>smartcity_projection_lag</c>.</summary>
internal sealed partial class NotificationLag(RegencyRegistry regencies, StoreDatabases databases, ILogger<NotificationLag> log) : BackgroundService
{
    // The newest of each regency from its partition's index: this is asked every few seconds, and must not read the history.
    private const string Sql = """
        select t.id, e.newest - coalesce(p.last_seq_id, 0)
          from unnest($1) as t (id)
         cross join lateral (select seq_id as newest from history.mt_events where tenant_id = t.id order by seq_id desc limit 1) e
          left join history.mt_event_progression p on p.name = 'Notifications:All:' || t.id
        """;

    private volatile IReadOnlyList<(string Tenant, long Events)> _lag = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        Meters.Meter.CreateObservableGauge("smartcity.projection.lag",
            () => _lag.Select(l => new System.Diagnostics.Metrics.Measurement<long>(l.Events, new KeyValuePair<string, object?>("regency", l.Tenant.Replace('_', '.')))),
            unit: "{event}", description: "Committed events that are not published to the modules yet.");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    _lag = await Measure(stopping);
                }
                catch (NpgsqlException failure)
                {
                    LogNotMeasured(failure);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<IReadOnlyList<(string, long)>> Measure(CancellationToken cancel)
    {
        var result = new List<(string, long)>();
        var tenants = (await regencies.All(cancel)).Select(r => r.Code.TenantId).ToArray();
        foreach (var (_, connectionString) in databases.All)
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = tenants } } };
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                result.Add((reader.GetString(0), reader.GetInt64(1)));
            }
        }

        return result;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lag of notifications could not be measured.")]
    private partial void LogNotMeasured(Exception failure);
}
