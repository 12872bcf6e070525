namespace SmartCity.Platform.History;

/// <summary>
/// What citizens send comes first: while intake is busy most of the time, what is committed already is published one event at a time and slowly.
/// In a burst every report is safe at once, and its acknowledgement follows when the burst lets up. A steady trickle slows nothing.
/// </summary>
public sealed class IntakePressure(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50), Look = TimeSpan.FromMilliseconds(10), Longest = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private int _underWay;
    private long _since, _windowBegan;
    private TimeSpan _busy;
    private bool _wasBusy;

    /// <summary>One more is being committed.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            Reckon();
            _underWay++;
        }
    }

    /// <summary>It is committed, or refused.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            Reckon();
            _underWay--;
        }
    }

    /// <summary>
    /// Whether something was being committed for more than half of the last moments. Not whether something is now: a hundred reports a second,
    /// each done in three milliseconds, leave most of the machine free.
    /// </summary>
    public bool IsHigh
    {
        get
        {
            lock (_lock)
            {
                Reckon();
                return _wasBusy;
            }
        }
    }

    /// <summary>Runs <paramref name="publish"/>: at once, or in its turn when intake is busy. Never held back for long: publication slows down and does not stop.</summary>
    public async Task Yielding(Func<Task> publish, CancellationToken cancel)
    {
        if (!IsHigh)
        {
            await publish();
            return;
        }

        await _turn.WaitAsync(cancel);
        try
        {
            await Pause(cancel);
            await publish();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits while intake is busy; never for long.</summary>
    public async Task Pause(CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); IsHigh && time.GetElapsedTime(began) < Longest;)
        {
            await Task.Delay(Look, time, cancel);
        }
    }

    private void Reckon()
    {
        var now = time.GetTimestamp();
        _busy += _underWay > 0 ? time.GetElapsedTime(_since, now) : TimeSpan.Zero;
        _since = now;
        if (time.GetElapsedTime(_windowBegan, now) is var passed && passed > Window)
        {
            (_wasBusy, _windowBegan, _busy) = (_busy > passed / 2, now, TimeSpan.Zero);
        }
    }
}
