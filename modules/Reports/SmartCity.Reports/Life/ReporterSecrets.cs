using System.Security.Cryptography;
using System.Text;
using MediatR;
using SmartCity.Platform;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Life;

/// <summary>
/// What a reporter proves with to be the reporter, without an account: derived from the ticket and the master key, so that nothing is kept
/// of it and filing costs nothing. 80 bits in Crockford's Base32, which can be read over the telephone.
/// </summary>
internal sealed class ReporterSecrets(PlatformOptions options)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 16;
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, options.MasterKey, 32, info: "secrets of reporters"u8.ToArray());

    public string Of(string regency, string ticket)
    {
        var bits = new UInt128(0, 0);
        foreach (var octet in HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{regency} {ticket}")).AsSpan(0, Length * 5 / 8))
        {
            bits = (bits << 8) | octet;
        }

        return string.Create(Length, bits, static (text, left) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, left >>= 5)
            {
                text[i] = Alphabet[(int)(left & 31)];
            }
        });
    }

    /// <summary>Takes the same time whatever is wrong with it. Upper case, dashes and blanks do not matter.</summary>
    public bool Is(string regency, string ticket, string secret)
    {
        var given = string.Concat(secret.Where(c => c is not ('-' or ' '))).ToLowerInvariant();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Of(regency, ticket)));
    }
}

internal sealed class GetReporterSecretHandler(ReporterSecrets secrets) : IRequestHandler<GetReporterSecret, string>
{
    public Task<string> Handle(GetReporterSecret query, CancellationToken cancel) => Task.FromResult(secrets.Of(query.Regency, query.Ticket));
}
