using System.Net;
using System.Net.Sockets;

namespace SmartCity.Platform.Files;

/// <summary>Which addresses belong to the public internet, and so may be asked for something that a stranger names (IANA special-purpose registries).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            // This host, private, carrier-grade NAT, loopback, link-local (with the clouds' metadata), protocol assignments, documentation, relays, benchmarks, multicast, reserved.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // A cloud's metadata at an address that looks public.
            "168.63.129.16/32",
            // Within the global unicast range: protocol assignments (Teredo among them), documentation, 6to4, AS112.
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3"), Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.IsIPv4MappedToIPv6)
            {
                return Is(address.MapToIPv4());
            }

            if (Translated.Contains(address))
            {
                return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            }

            // Everything else there is (loopback, link-local, unique local, multicast) lies outside.
            if (!GlobalUnicast.Contains(address))
            {
                return false;
            }
        }

        return !NotPublic.Any(network => network.Contains(address));
    }
}
