using System.Collections.Concurrent;

namespace SmartCity.Channels.Outbox;

/// <summary>One circuit for each account at a provider: another regency's or department's trouble with it is not ours.</summary>
internal sealed class Circuits
{
    private readonly ConcurrentDictionary<(string Regency, string Channel, string Account), Circuit> _circuits = new();

    /// <param name="account">Where a regency has several on the channel.</param>
    public Circuit Of(string regency, string channel, string? account) => _circuits.GetOrAdd((regency, channel, account ?? ""), _ => new Circuit());
}

/// <summary>Leaves a provider alone that fails again and again: twice as long each time, then one message tries how it is.</summary>
internal sealed class Circuit
{
    private const int Patience = 5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(10), Trial = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset? _until;

    /// <summary>Until when nothing is to be sent; null: send. Once the time is over, one caller may, and the others wait for how it goes.</summary>
    public DateTimeOffset? Blocks(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_until is not { } until)
            {
                return null;
            }

            if (now < until)
            {
                return until;
            }

            _until = now + Trial;
            return null;
        }
    }

    /// <summary>Since it failed too often, until when it is left alone; null: it works. Changes nothing, unlike <see cref="Blocks"/>.</summary>
    public DateTimeOffset? Until(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _until > now ? _until : null;
        }
    }

    public void Saw(Delivery delivery, DateTimeOffset now)
    {
        lock (_lock)
        {
            // A refusal is an answer: the provider works. A time it names itself is kept by the message.
            if (delivery is Delivery.Later { NotBefore: null } or Delivery.Unknown)
            {
                _failures++;
                _until = _failures < Patience ? null : now + (First * Math.Min(Math.Pow(2, _failures - Patience), Longest / First));
                return;
            }

            if (delivery is Delivery.Sent or Delivery.Refused or Delivery.Later)
            {
                _failures = 0;
                _until = null;
            }
        }
    }
}
