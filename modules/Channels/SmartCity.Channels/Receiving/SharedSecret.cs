using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Channels.Receiving;

/// <summary>Compares what a provider sends with the secret that it was given.</summary>
internal static class SharedSecret
{
    /// <summary>Takes the same time whatever is wrong.</summary>
    public static bool IsSame(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
