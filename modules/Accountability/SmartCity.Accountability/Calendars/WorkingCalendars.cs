using System.Collections.Concurrent;
using Marten;
using SmartCity.Accountability.Policies;
using SmartCity.Platform.Calendar;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Calendars;

/// <summary>Working days of a regency, for which years its closed dates are known, and how many days there are for what.</summary>
internal sealed record RegencyCalendar(WorkingCalendar Days, IReadOnlySet<int> KnownYears)
{
    /// <summary>The zone of the place.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>How many working days there are for what, and when the ladder moves.</summary>
    public DeadlinePolicy Policy { get; init; } = DeadlinePolicy.Usual;

    public static RegencyCalendar Of(TimeZoneInfo zone, IReadOnlyCollection<ClosedYear> years, LocalClosures? closures = null) =>
        new(new WorkingCalendar(zone, years.SelectMany(y => y.Dates).Concat(closures?.Closures.Select(c => c.Date) ?? []).ToHashSet()), years.Select(y => y.Year).ToHashSet()) { Zone = zone };
}

/// <summary>The calendars and policies of all regencies, kept in memory for seconds.</summary>
internal sealed class WorkingCalendars(RegencyRegistry regencies)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (RegencyCalendar Calendar, long ReadAt)> _recent = new();

    public async ValueTask<RegencyCalendar> Of(string regency, RegencySessions sessions, CancellationToken cancel)
    {
        // The machine's own clock, not the domain's: the demo clock may jump.
        if (_recent.TryGetValue(regency, out var known) && TimeProvider.System.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Calendar;
        }

        var place = await regencies.Find(RegencyCode.Parse(regency), cancel) ?? throw new InvalidOperationException($"No regency {regency} is served here.");
        var readAt = TimeProvider.System.GetTimestamp();
        await using var session = sessions.Query(regency);
        var calendar = RegencyCalendar.Of(place.Zone, [.. await session.Query<ClosedYear>().ToListAsync(cancel)], await session.LoadAsync<LocalClosures>(LocalClosures.Stream, cancel)) with
        {
            Policy = (await session.LoadAsync<PolicyRecord>(PolicyRecord.Stream, cancel))?.Policy ?? DeadlinePolicy.Usual,
        };
        _recent[regency] = (calendar, readAt);
        return calendar;
    }

    /// <summary>This host has changed something.</summary>
    public void Changed(string regency) => _recent.TryRemove(regency, out _);
}
