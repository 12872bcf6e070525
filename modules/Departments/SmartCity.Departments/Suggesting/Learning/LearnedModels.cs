using System.Collections.Concurrent;
using Marten;
using SmartCity.Platform.History;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>A regency's learnt model as it is stored.</summary>
[NotInEvents("The learnt classifier: computed from decisions; its suggestions decide nothing.")]
internal sealed record StoredModel
{
    public const string TheOne = "learned";

    public required string Id { get; init; }

    /// <summary>Which one: changes whenever it is trained anew.</summary>
    public required Guid Edition { get; init; }

    /// <summary>The base it stands on; on another base it is of no use.</summary>
    public required string Base { get; init; }

    public required DateTimeOffset TrainedAt { get; init; }

    public required byte[] Data { get; init; }
}

/// <summary>
/// The learnt models of all regencies in memory. A model that another host trained is seen within seconds; asking for it costs a host
/// one small query every few seconds, beside the calls, which go on with the model they know.
/// </summary>
internal sealed class LearnedModels
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Place> _places = new();

    private sealed class Place
    {
        public SemaphoreSlim Reading { get; } = new(1, 1);

        public Entry? Entry;

        public int IsStale;
    }

    private sealed record Entry(LearnedModel? Model, Guid? Edition, long ReadAt);

    /// <summary>The regency's model; null when nothing was learnt there yet.</summary>
    public async ValueTask<LearnedModel?> Of(string regency, RegencySessions sessions, CancellationToken cancel)
    {
        var place = _places.GetOrAdd(regency, _ => new Place());
        if (IsFresh(place))
        {
            return place.Entry!.Model;
        }

        // Only the first call of a host waits; later, one reads and the others go on with what is known.
        if (!await place.Reading.WaitAsync(place.Entry is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancel))
        {
            return place.Entry!.Model;
        }

        try
        {
            if (!IsFresh(place))
            {
                Interlocked.Exchange(ref place.IsStale, 0);
                Volatile.Write(ref place.Entry, await Read(regency, place.Entry, sessions, cancel));
            }

            return place.Entry!.Model;
        }
        finally
        {
            place.Reading.Release();
        }
    }

    /// <summary>This host has trained a new one.</summary>
    public void Changed(string regency) => Interlocked.Exchange(ref _places.GetOrAdd(regency, _ => new Place()).IsStale, 1);

    private static bool IsFresh(Place place) =>
        Volatile.Read(ref place.Entry) is { } entry && Volatile.Read(ref place.IsStale) == 0 && TimeProvider.System.GetElapsedTime(entry.ReadAt) < Freshness;

    private static async Task<Entry> Read(string regency, Entry? known, RegencySessions sessions, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var now = TimeProvider.System.GetTimestamp();
        var editions = await session.Query<StoredModel>().Where(m => m.Id == StoredModel.TheOne).Select(m => m.Edition).ToListAsync(cancel);
        var edition = editions.Count > 0 ? editions[0] : (Guid?)null;
        if (edition == known?.Edition)
        {
            return known is null ? new Entry(null, null, now) : known with { ReadAt = now };
        }

        var stored = await session.LoadAsync<StoredModel>(StoredModel.TheOne, cancel);
        return stored is null || stored.Base != BaseModel.Version ? new Entry(null, edition, now) : new Entry(LearnedModel.Of(stored.Data), edition, now);
    }
}
