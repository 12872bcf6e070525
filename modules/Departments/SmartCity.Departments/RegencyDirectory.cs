using System.Collections.Concurrent;
using Marten;
using SmartCity.Departments.Contracts;
using SmartCity.Departments.Defining;
using SmartCity.Departments.Importing;
using SmartCity.Departments.Registering;
using SmartCity.Departments.Suggesting;
using SmartCity.Platform.History;

namespace SmartCity.Departments;

/// <summary>Who does what in a regency: everything this module knows of it, each list by code.</summary>
internal sealed record RegencyDirectory(IReadOnlyList<Department> Departments, IReadOnlyList<Category> Categories, IReadOnlyList<District> Districts)
{
    /// <summary>Says what a text is about, in the regency's own categories and departments.</summary>
    public Suggester Suggester { get; } = new(Categories, Departments, new KeywordIndex(Categories), BaseModel.Current);

    /// <summary>When a category last changed.</summary>
    public DateTimeOffset? CategoriesChangedAt { get; init; }

    public static RegencyDirectory Of(IEnumerable<Department> departments, IEnumerable<Category> categories, IEnumerable<District> districts) => new(
        [.. departments.OrderBy(d => d.Code, StringComparer.Ordinal)],
        [.. categories.OrderBy(c => c.Code, StringComparer.Ordinal)],
        [.. districts.OrderBy(d => d.Code, StringComparer.Ordinal)]);
}

/// <summary>
/// The directories of all regencies, kept in memory since every report and every Open311 call needs one. A change made by this host is
/// seen at once, one made by another host within seconds.
/// </summary>
internal sealed class RegencyDirectories
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Place> _places = new();

    private sealed class Place
    {
        public SemaphoreSlim Reading { get; } = new(1, 1);

        public Entry? Entry;

        public int Changes;
    }

    private sealed record Entry(RegencyDirectory Directory, long ReadAt, int Changes);

    /// <summary>The directory of a regency.</summary>
    public async ValueTask<RegencyDirectory> Of(string regency, RegencySessions sessions, CancellationToken cancel)
    {
        var place = _places.GetOrAdd(regency, _ => new Place());
        if (Fresh(place) is { } known)
        {
            return known;
        }

        await place.Reading.WaitAsync(cancel);
        try
        {
            if (Fresh(place) is { } read)
            {
                return read;
            }

            // Counted before reading: a change that is committed meanwhile makes what is read here stale at once.
            var changes = Volatile.Read(ref place.Changes);
            var directory = await Read(regency, sessions, cancel);
            Volatile.Write(ref place.Entry, new Entry(directory, TimeProvider.System.GetTimestamp(), changes));
            return directory;
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
            Interlocked.Increment(ref place.Changes);
        }
    }

    // The machine's own clock, not the domain's: the demo clock may jump.
    private static RegencyDirectory? Fresh(Place place) =>
        Volatile.Read(ref place.Entry) is { } entry && entry.Changes == Volatile.Read(ref place.Changes) &&
        TimeProvider.System.GetElapsedTime(entry.ReadAt) < Freshness ? entry.Directory : null;

    private static async Task<RegencyDirectory> Read(string regency, RegencySessions sessions, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var departments = await session.Query<DepartmentRecord>().ToListAsync(cancel);
        var categories = await session.Query<CategoryRecord>().ToListAsync(cancel);
        var districts = await session.LoadAsync<DistrictsRecord>(DistrictsRecord.Stream, cancel);
        return RegencyDirectory.Of(departments.Select(d => d.Department), categories.Select(c => c.Category), districts?.Districts ?? []) with
        {
            CategoriesChangedAt = categories.Max(c => c.ChangedAt),
        };
    }
}
