using System.Collections.Concurrent;
using Marten;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Boundaries;

/// <summary>
/// The boundaries of all regencies, ready to be searched. Whether they have changed is asked every few seconds, for a few short rows; the
/// boundaries themselves are read again only when they have. A change made by this host is seen at once.
/// </summary>
internal sealed class RegencyBoundaries
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly BoundaryIndex None = new([]);
    private readonly ConcurrentDictionary<string, Place> _places = new();

    private sealed class Place
    {
        public SemaphoreSlim Reading { get; } = new(1, 1);

        public Entry Entry = new(None, 0);
    }

    private sealed record Entry(BoundaryIndex Index, long AskedAt);

    public async ValueTask<BoundaryIndex> Of(string regency, RegencySessions sessions, CancellationToken cancel)
    {
        var place = _places.GetOrAdd(regency, _ => new Place());
        if (IsFresh(Volatile.Read(ref place.Entry)))
        {
            return Volatile.Read(ref place.Entry).Index;
        }

        await place.Reading.WaitAsync(cancel);
        try
        {
            var known = Volatile.Read(ref place.Entry);
            if (IsFresh(known))
            {
                return known.Index;
            }

            // Asked before reading: what is committed in between is seen the next time.
            var askedAt = TimeProvider.System.GetTimestamp();
            await using var session = sessions.Query(regency);
            var version = await Version(session, regency, cancel);
            var index = version == known.Index.Version ? known.Index : new BoundaryIndex([.. await session.Query<BoundarySet>().ToListAsync(cancel)], version);
            Volatile.Write(ref place.Entry, new Entry(index, askedAt));
            return index;
        }
        finally
        {
            place.Reading.Release();
        }
    }

    /// <summary>This host has changed something.</summary>
    public void Changed(string regency)
    {
        if (_places.TryGetValue(regency, out var place))
        {
            Volatile.Write(ref place.Entry, Volatile.Read(ref place.Entry) with { AskedAt = 0 });
        }
    }

    // The machine's own clock, not the domain's: the demo clock may jump.
    private static bool IsFresh(Entry entry) => entry.AskedAt != 0 && TimeProvider.System.GetElapsedTime(entry.AskedAt) < Freshness;

    private static async Task<string> Version(IQuerySession session, string regency, CancellationToken cancel) => string.Join(' ', await session.AdvancedSql.QueryAsync<string>(
        "select id || ':' || mt_version from departments.mt_doc_boundaryset where tenant_id = ? order by id", cancel, RegencyCode.Parse(regency).TenantId));
}
