using System.Collections.Immutable;
using Marten;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace SmartCity.Platform.Regencies;

/// <summary>The regencies in this deployment. Kept in memory; another host's addition is seen within seconds.</summary>
public sealed class RegencyRegistry(IDocumentStore store, StoreDatabases databases, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private ImmutableDictionary<string, Regency> _known = ImmutableDictionary<string, Regency>.Empty;
    private long _readAt;

    /// <summary>The regency of a code, or null when it is not served here.</summary>
    public async ValueTask<Regency?> Find(RegencyCode code, CancellationToken cancel = default) =>
        (await Known(cancel)).GetValueOrDefault(code.Value);

    /// <summary>All of them, by code.</summary>
    public async ValueTask<IReadOnlyList<Regency>> All(CancellationToken cancel = default) =>
        [.. (await Known(cancel)).Values.OrderBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>Adds or changes a regency; a new one gets its partitions at once, without a restart.</summary>
    public async Task Save(Regency regency, CancellationToken cancel = default)
    {
        await AddTenant(regency.Code, cancel);
        await using var session = store.LightweightSession(RegencyCode.Platform.TenantId);
        session.Store(regency with { ChangedAt = time.GetUtcNow() });
        await session.SaveChangesAsync(cancel);
        Volatile.Write(ref _readAt, 0);
    }

    /// <summary>Gives the platform itself a place to keep what belongs to no regency.</summary>
    public Task Prepare(CancellationToken cancel = default) => AddTenant(RegencyCode.Platform, cancel);

    private async Task AddTenant(RegencyCode code, CancellationToken cancel)
    {
        if (await databases.OfTenant(code.TenantId, cancel) is null)
        {
            await store.Advanced.AddTenantToShardAsync(code.TenantId, databases.ForNewTenant(code), cancel);
        }
    }

    private async ValueTask<ImmutableDictionary<string, Regency>> Known(CancellationToken cancel)
    {
        // A monotonic clock of the machine, not the domain's: the demo clock may jump.
        if (_readAt != 0 && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _readAt)) < Freshness)
        {
            return _known;
        }

        await _reading.WaitAsync(cancel);
        try
        {
            await using var session = store.QuerySession(RegencyCode.Platform.TenantId);
            _known = (await session.Query<Regency>().ToListAsync(cancel)).ToImmutableDictionary(r => r.Id);
            Volatile.Write(ref _readAt, TimeProvider.System.GetTimestamp());
            return _known;
        }
        finally
        {
            _reading.Release();
        }
    }
}

/// <summary>Before anything else runs, the platform has its own place in the store.</summary>
internal sealed class PreparePlatform(RegencyRegistry regencies) : IHostedService
{
    public Task StartAsync(CancellationToken cancel) => regencies.Prepare(cancel);

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>
/// The PostgreSQL databases behind the store. The first is also the directory of which regency lives where;
/// a new regency goes where <c>SmartCity:Databases:Placement:{code}</c> says, else to the first.
/// </summary>
public sealed class StoreDatabases(IReadOnlyList<KeyValuePair<string, string>> databases, IReadOnlyDictionary<string, string> placement)
{
    /// <summary>Name and connection string of each, the directory first.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => databases;

    /// <summary>The directory's connection string.</summary>
    public string Directory => databases[0].Value;

    /// <summary>The name of the database for a regency that has none yet.</summary>
    public string ForNewTenant(RegencyCode code) => placement.GetValueOrDefault(code.Value, databases[0].Key);

    internal async Task<string?> OfTenant(string tenantId, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Directory);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("select database_id from platform.mt_tenant_assignments where tenant_id = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = tenantId } },
        };
        return await command.ExecuteScalarAsync(cancel) as string;
    }
}
