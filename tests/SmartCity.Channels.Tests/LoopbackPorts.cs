using System.Net;
using System.Net.Sockets;
using SmartCity.Testing;

namespace SmartCity.Channels.Tests;

/// <summary>Ports of this machine, for real servers that a test starts.</summary>
internal static class LoopbackPorts
{
    /// <summary>Ports that nobody listens on.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    /// <summary>Waits until somebody listens.</summary>
    public static Task<bool> Answers(int port) => SmartCityHost.Until(async () =>
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }, $"port {port}");
}
