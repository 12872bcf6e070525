using System.Collections.Concurrent;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Outbox;

/// <summary>One circuit for each account at a provider: another regency's or department's trouble with it is not ours.</summary>
internal sealed class Circuits
{
    private readonly ConcurrentDictionary<(string Regency, string Channel, string Account), Circuit> _circuits = new();

    /// <param name="account">Where a regency has several on the channel.</param>
    public Circuit Of(string regency, string channel, string? account) => _circuits.GetOrAdd((regency, channel, account ?? ""), _ => new Circuit());
}

/// <summary>An account that is left alone, for every host to know: what one has found out the others need not try.</summary>
[NotInEvents("Until when a provider that fails is left alone; what failed stands in the outbox.")]
internal sealed record LeftAlone
{
    /// <summary>Channel and account: <c>x/x.DPU</c>.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>How often it failed in a row.</summary>
    public required int Failures { get; init; }

    public string Channel => Id.Split('/', 2)[0];

    /// <summary>Empty: the channel has one account only.</summary>
    public string Account => Id.Split('/', 2)[1];

    public static string IdOf(string channel, string? account) => $"{channel}/{account}";
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

    /// <summary>Another host has found out that it fails.</summary>
    public void Heard(LeftAlone other, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (other.Until > now && !(_until >= other.Until))
            {
                (_until, _failures) = (other.Until, Math.Max(_failures, other.Failures));
            }
        }
    }

    /// <summary>How a try went.</summary>
    /// <returns>What the other hosts should know: until when it is left alone from now on, null that it works again, and after how many failures.</returns>
    public (bool IsNews, DateTimeOffset? Until, int Failures) Saw(Delivery delivery, DateTimeOffset now)
    {
        lock (_lock)
        {
            // A refusal is an answer: the provider works. A time it names itself is kept by the message.
            if (delivery is Delivery.Later { NotBefore: null } or Delivery.Unknown)
            {
                _failures++;
                _until = _failures < Patience ? null : now + (First * Math.Min(Math.Pow(2, _failures - Patience), Longest / First));
                return (_until is not null, _until, _failures);
            }

            if (delivery is Delivery.Sent or Delivery.Refused or Delivery.Later)
            {
                var wasLeftAlone = _until is not null;
                (_failures, _until) = (0, null);
                return (wasLeftAlone, null, 0);
            }

            return (false, _until, _failures);
        }
    }
}
