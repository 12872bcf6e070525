using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmartCity.Platform;
using SmartCity.Platform.Personal;

namespace SmartCity.Reports.Subscribing;

/// <summary>The secrets of webhooks: how they look, how they are kept, and what they sign (Standard Webhooks 1.0, symmetric).</summary>
internal sealed class WebhookSecrets(PlatformOptions options)
{
    private const string Prefix = "whsec_";
    private const int SecretSize = 32;

    /// <summary>A new secret as its owner sees it once.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretSize));

    /// <summary>Seals with a key derived for the regency, bound to the webhook: what is copied elsewhere does not open.</summary>
    public byte[] Seal(string regency, string webhook, string secret) => Sealing.Seal(Key(regency), Encoding.ASCII.GetBytes(secret), webhook);

    /// <exception cref="CryptographicException">It was sealed for another regency or webhook.</exception>
    public string Open(string regency, string webhook, byte[] sealedSecret) => Encoding.ASCII.GetString(Sealing.Open(Key(regency), sealedSecret, webhook));

    /// <summary>The header <c>webhook-signature</c>: by the secret, and by the former one while it holds.</summary>
    public string Signatures(string regency, Webhook webhook, string id, DateTimeOffset at, byte[] body) => string.Join(' ',
        new[] { webhook.Secret, webhook.FormerUntil > at ? webhook.FormerSecret : null }.OfType<byte[]>().Select(secret => Sign(Open(regency, webhook.Id, secret), id, at.ToUnixTimeSeconds(), body)));

    /// <summary>HMAC-SHA256 of <c>id.timestamp.body</c> with the bytes that the secret names in Base64.</summary>
    public static string Sign(string secret, string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed));
    }

    private byte[] Key(string regency) => Sealing.Key(options.MasterKey, $"webhooks {regency}");
}
