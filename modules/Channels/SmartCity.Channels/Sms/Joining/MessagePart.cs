using System.Globalization;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Sms.Joining;

/// <summary>A part of a longer SMS, from a gateway that does not join them.</summary>
[NotInEvents("Parts of an SMS that still wait for the others; the whole message is an event.")]
internal sealed record MessagePart
{
    /// <summary>Keyed hash of the gateway's id of the part.</summary>
    public required string Id { get; init; }

    /// <summary>Keyed hash of sender, recipient, reference and count.</summary>
    public required string Group { get; init; }

    public required int Number { get; init; }

    public required int Count { get; init; }

    /// <summary>What came, as JSON, sealed.</summary>
    public required string Sealed { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Its message is made, and what it said is gone from here; it stays so that one that is played back is known.</summary>
    public bool IsDone { get; init; }
}

/// <summary>Which part of which message (3GPP TS 23.040, 9.2.3.24.1).</summary>
internal sealed record PartHeader(int Reference, int Count, int Number)
{
    /// <summary>From a user data header's bytes, or as hexadecimal digits; null when it is no part.</summary>
    public static PartHeader? Read(ReadOnlySpan<byte> udh)
    {
        if (udh.Length > 0 && udh.Length % 2 == 0 && udh.IndexOfAnyExcept("0123456789abcdefABCDEF"u8) < 0 && udh[0] is (byte)'0')
        {
            udh = Convert.FromHexString(System.Text.Encoding.ASCII.GetString(udh));
        }

        for (var i = 1; i + 1 < udh.Length; i += 2 + udh[i + 1])
        {
            var header = (udh[i], udh[i + 1]) switch
            {
                (0, 3) when i + 4 < udh.Length => new PartHeader(udh[i + 2], udh[i + 3], udh[i + 4]),
                (8, 4) when i + 5 < udh.Length => new PartHeader((udh[i + 2] << 8) | udh[i + 3], udh[i + 4], udh[i + 5]),
                _ => null,
            };
            if (header is { Count: > 1 } && header.Number >= 1 && header.Number <= header.Count)
            {
                return header;
            }
        }

        return null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Reference} {Count}");
}
