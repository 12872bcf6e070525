using System.Globalization;

namespace SmartCity.Platform.Time;

/// <summary>A clock that an operator can move forward in development, so that deadlines can be shown. It survives a restart.</summary>
public sealed class DemoClock : TimeProvider
{
    private readonly string _file;
    private long _ahead;

    /// <summary>Reads how far ahead the clock is from a file in the data directory.</summary>
    public DemoClock(string dataDirectory)
    {
        _file = Path.Combine(dataDirectory, "demo-clock");
        _ahead = File.Exists(_file) && long.TryParse(File.ReadAllText(_file), CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;
    }

    /// <summary>How far ahead of the real time.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => StoredClock.Cut(base.GetUtcNow() + Ahead);

    /// <summary>Moves the clock forward; history never runs backward.</summary>
    public DateTimeOffset Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var ahead = Interlocked.Add(ref _ahead, by.Ticks);
        File.WriteAllText(_file, ahead.ToString(CultureInfo.InvariantCulture));
        return GetUtcNow();
    }
}
