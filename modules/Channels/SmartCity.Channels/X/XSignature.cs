using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Channels.X;

/// <summary>How X proves that a delivery is its own, and we that we know the app's secret: HMAC-SHA256, Base64, after <c>sha256=</c>.</summary>
internal static class XSignature
{
    public const string Header = "x-twitter-webhooks-signature";

    /// <summary>Of a body's raw bytes, or of a challenge.</summary>
    public static string Of(string consumerSecret, ReadOnlySpan<byte> bytes) =>
        "sha256=" + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(consumerSecret), bytes));

    /// <summary>Takes the same time whatever is wrong with it.</summary>
    public static bool IsOf(string consumerSecret, ReadOnlySpan<byte> body, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(consumerSecret, body)), Encoding.UTF8.GetBytes(signature));
}
