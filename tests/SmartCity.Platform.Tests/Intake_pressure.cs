using Microsoft.Extensions.Time.Testing;
using SmartCity.Platform.History;

namespace SmartCity.Platform.Tests;

/// <summary>Intake comes first, and publication never stops.</summary>
public sealed class Intake_pressure
{
    private readonly FakeTimeProvider _time = new();
    private readonly IntakePressure _pressure;

    public Intake_pressure() => _pressure = new(_time);

    [Fact]
    public void is_high_while_something_is_being_committed_most_of_the_time()
    {
        Rounds(20, busy: 9, idle: 1);

        _pressure.IsHigh.ShouldBeTrue();
    }

    [Fact]
    public void is_not_high_for_a_steady_trickle()
    {
        Rounds(20, busy: 3, idle: 7);

        _pressure.IsHigh.ShouldBeFalse();
    }

    [Fact]
    public void ends_when_the_burst_is_over()
    {
        Rounds(20, busy: 9, idle: 1);
        _time.Advance(TimeSpan.FromMilliseconds(200));

        _pressure.IsHigh.ShouldBeFalse();
    }

    [Fact]
    public async Task holds_a_publication_back_for_a_while_and_then_lets_it_go()
    {
        _pressure.Enter();
        _time.Advance(TimeSpan.FromSeconds(1));
        var published = false;
        var publishing = _pressure.Yielding(() => Task.FromResult(published = true), CancellationToken.None);
        published.ShouldBeFalse();

        while (!publishing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        published.ShouldBeTrue();
        _pressure.IsHigh.ShouldBeTrue();
    }

    [Fact]
    public async Task holds_nothing_back_when_there_is_none()
    {
        var published = false;
        await _pressure.Yielding(() => Task.FromResult(published = true), CancellationToken.None);
        published.ShouldBeTrue();
    }

    private void Rounds(int count, int busy, int idle)
    {
        for (var i = 0; i < count; i++)
        {
            _pressure.Enter();
            _time.Advance(TimeSpan.FromMilliseconds(busy));
            _pressure.Leave();
            _time.Advance(TimeSpan.FromMilliseconds(idle));
        }
    }
}
