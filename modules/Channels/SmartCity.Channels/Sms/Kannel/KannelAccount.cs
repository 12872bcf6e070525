using System.Security.Cryptography;
using System.Text;
using SmartCity.Channels.Accounts;

namespace SmartCity.Channels.Sms.Kannel;

/// <summary>A regency's Kannel, as its account says.</summary>
internal static class KannelAccount
{
    public const string Secret = "secret", SendUrl = "sendUrl", Username = "username", Password = "password", From = "from", Smsc = "smsc", CallbackUrl = "callbackUrl";

    /// <summary>Before Kannel's id of a message.</summary>
    public const string Prefix = "kannel:";

    public static AccountForm Form { get; } = new("sms-kannel",
        new(Secret, "the secret that Kannel's get-url or post-url carries: any 16 characters or more", "rahasia yang dibawa get-url atau post-url Kannel: 16 karakter atau lebih", IsSecret: true),
        new(SendUrl, "where smsbox takes messages, such as http://127.0.0.1:13013/cgi-bin/sendsms; without it nothing is sent", "alamat smsbox menerima pesan, misalnya http://127.0.0.1:13013/cgi-bin/sendsms; tanpa ini tidak ada yang terkirim", IsRequired: false, IsAddress: true),
        new(Username, "username of Kannel's sendsms-user", "nama sendsms-user di Kannel", IsRequired: false),
        new(Password, "password of Kannel's sendsms-user", "kata sandi sendsms-user di Kannel", IsSecret: true, IsRequired: false),
        new(From, "the number that messages come from", "nomor pengirim pesan", IsRequired: false),
        new(Smsc, "id of the SMS centre to send by", "id pusat SMS untuk mengirim", IsRequired: false),
        new(CallbackUrl, "where Kannel reaches this platform, such as http://127.0.0.1:5080, for delivery reports", "alamat platform ini bagi Kannel, misalnya http://127.0.0.1:5080, untuk laporan kiriman", IsRequired: false, IsAddress: true))
    {
        OfDepartment =
        [
            new(From, "the department's own number, as it stands in what Kannel brings (to=)", "nomor perangkat daerah sendiri, seperti tertulis dalam kiriman Kannel (to=)"),
            new(Username, "username of the department's sendsms-user; default the regency's", "nama sendsms-user perangkat daerah; bila kosong, milik daerah", IsRequired: false, IsShared: true),
            new(Password, "its password; default the regency's", "kata sandinya; bila kosong, milik daerah", IsSecret: true, IsRequired: false, IsShared: true),
            new(Smsc, "id of the SMS centre to send by; default the regency's", "id pusat SMS untuk mengirim; bila kosong, milik daerah", IsRequired: false, IsShared: true),
        ],
        SendsBy = SendUrl,
    };

    /// <summary>Lets Kannel report on one try with a message and on nothing else, without carrying the secret.</summary>
    /// <param name="attempt">Null: it began before tries had names.</param>
    public static string ReportKey(string secret, Guid message, Guid? attempt) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(attempt is { } one ? $"dlr {message:N} {one:N}" : $"dlr {message:N}")).AsSpan(0, 16));
}
