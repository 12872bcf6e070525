namespace SmartCity.Platform.Time;

/// <summary>
/// The system's clock in microseconds, which is what the database keeps of an instant: what is made of an event before it is stored says the same as
/// what is made of it afterwards.
/// </summary>
internal sealed class StoredClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => Cut(base.GetUtcNow());

    public static DateTimeOffset Cut(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
}
