using System.Net;
using System.Net.Sockets;

namespace SmartCity.Platform.Files;

/// <summary>
/// Connections to addresses that strangers name: to the public internet only, and to the networks that <c>SmartCity:Files:Fetch:Networks</c> allows
/// besides. Checked at every connection, whatever name led there.
/// </summary>
public sealed class PublicConnections(FilesOptions options)
{
    /// <summary>A handler for requests to strangers: no redirects, cookies, proxy or traces.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = Connect,
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would connect in our place, past the check.
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 16,
        PooledConnectionIdleTimeout = TimeSpan.Zero,
        // A stranger's server has no business with our traces.
        ActivityHeadersPropagator = null,
    };

    /// <summary>Whether a request failed because its address is not public.</summary>
    public static bool WasRefused(Exception failure) => failure is HttpRequestException { InnerException: NotPublicException } or NotPublicException;

    // The name is resolved here and the very address that was checked is connected to, so that a name cannot change its mind in between.
    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var figures) ? [figures] : await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = addresses.Where(IsAllowed).ToArray();
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new NotPublicException();
        }

        SocketException? failure = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                failure = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Whether an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address) => PublicAddress.Is(address)
        || options.Fetch.Networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private sealed class NotPublicException() : IOException("The link leads to an address that is not public.");
}
