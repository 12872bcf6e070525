using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using SmartCity.Channels.Accounts;

namespace SmartCity.Channels.Sms.Twilio;

/// <summary>A regency's account at a gateway of the Twilio form, as its account says.</summary>
internal static class TwilioAccount
{
    public const string AccountSid = "accountSid", AuthToken = "authToken", From = "from", BaseUrl = "baseUrl", PublicUrl = "publicUrl";

    /// <summary>Before the gateway's id of a message.</summary>
    public const string Prefix = "twilio:";

    public const string Header = "X-Twilio-Signature";

    public static AccountForm Form { get; } = new("sms-twilio",
        new(AccountSid, "the account's id at the gateway (AC…)", "id akun di gerbang SMS (AC…)"),
        new(AuthToken, "the account's token, with which the gateway signs and we sign in", "token akun, untuk tanda tangan gerbang dan untuk masuk", IsSecret: true),
        new(From, "the number that messages come from, such as +622129999999", "nomor pengirim pesan, misalnya +622129999999"),
        new(BaseUrl, "where the gateway is; default https://api.twilio.com", "alamat gerbang SMS; biasanya https://api.twilio.com", IsRequired: false, IsAddress: true),
        new(PublicUrl, "where the gateway reaches this platform, such as https://lapor.example.go.id; default: the platform's own public address", "alamat platform ini bagi gerbang SMS, misalnya https://lapor.example.go.id; bila kosong, alamat umum platform", IsRequired: false, IsAddress: true))
    {
        OfDepartment =
        [
            new(From, "the department's own number, such as +622129999998", "nomor perangkat daerah sendiri, misalnya +622129999998"),
            new(AccountSid, "the id of the department's own account at the gateway; default the regency's", "id akun perangkat daerah sendiri di gerbang SMS; bila kosong, milik daerah", IsRequired: false, IsShared: true),
            new(AuthToken, "its token; default the regency's", "tokennya; bila kosong, milik daerah", IsSecret: true, IsRequired: false, IsShared: true),
        ],
    };

    /// <summary>Base64 of the HMAC-SHA1 of the whole address, and of every field of the form by name with its value behind it.</summary>
    public static string Signature(string token, string url, IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, values) in form.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            foreach (var value in values.Distinct().OrderBy(v => v, StringComparer.Ordinal))
            {
                signed.Append(name).Append(value);
            }
        }

#pragma warning disable CA5350 // The gateway's own scheme; HMAC is not hurt by what SHA-1 lacks.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    /// <summary>Takes the same time whatever is wrong with it.</summary>
    public static bool IsSigned(string token, string url, IEnumerable<KeyValuePair<string, StringValues>> form, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(token, url, form)), Encoding.UTF8.GetBytes(signature));
}
