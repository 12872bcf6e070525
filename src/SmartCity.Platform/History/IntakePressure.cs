namespace SmartCity.Platform.History;

/// <summary>
/// What citizens send comes first: while reports are being committed, the publication of what is committed already goes slower.
/// In a burst every report is safe at once, and its acknowledgement follows when the burst lets up.
/// </summary>
public sealed class IntakePressure
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5), Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);
    private int _underWay;
    private long _lastAt;

    /// <summary>One more is being committed.</summary>
    public void Enter() => Interlocked.Increment(ref _underWay);

    /// <summary>It is committed, or refused.</summary>
    public void Leave()
    {
        Volatile.Write(ref _lastAt, TimeProvider.System.GetTimestamp());
        Interlocked.Decrement(ref _underWay);
    }

    /// <summary>Waits until nothing is being committed, nor was a moment ago; but never long: publication slows down and does not stop.</summary>
    internal async ValueTask Calm(CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; !IsQuiet && waited < Longest; waited += Look)
        {
            await Task.Delay(Look, cancel);
        }
    }

    private bool IsQuiet => Volatile.Read(ref _underWay) == 0 && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastAt)) > Quiet;
}
