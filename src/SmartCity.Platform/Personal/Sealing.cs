using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Platform.Personal;

/// <summary>
/// AES-256-GCM as everything is sealed here: nonce (12 bytes), tag (16), ciphertext. What is sealed is bound to a name: copied to another place it does not open.
/// </summary>
public static class Sealing
{
    private const int NonceSize = 12, TagSize = 16;

    /// <summary>A key for one purpose, derived from the master key (HKDF, RFC 5869); 32 bytes.</summary>
    public static byte[] Key(byte[] master, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Seals.</summary>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string bound)
    {
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(bound));
        return bytes;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">It was sealed with another key or for another name, or it was changed.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> bytes, string bound)
    {
        var plain = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(bytes[..NonceSize], bytes[(NonceSize + TagSize)..], bytes.Slice(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(bound));
        return plain;
    }
}
