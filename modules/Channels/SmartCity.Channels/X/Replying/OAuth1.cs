using System.Security.Cryptography;
using System.Text;

namespace SmartCity.Channels.X.Replying;

/// <summary>Signs requests in the name of an account (OAuth 1.0a, RFC 5849, HMAC-SHA1, as X asks).</summary>
internal static class OAuth1
{
    /// <summary>What the header needs besides the request.</summary>
    public sealed record Credentials(string ConsumerKey, string ConsumerSecret, string Token, string TokenSecret);

    /// <summary>The value of the Authorization header. A JSON body is no part of what is signed.</summary>
    /// <param name="form">Fields of a form body.</param>
    public static string Header(
        string method, Uri uri, Credentials credentials, string nonce, long timestamp, params IReadOnlyList<KeyValuePair<string, string>> form)
    {
        KeyValuePair<string, string>[] oauth =
        [
            new("oauth_consumer_key", credentials.ConsumerKey),
            new("oauth_nonce", nonce),
            new("oauth_signature_method", "HMAC-SHA1"),
            new("oauth_timestamp", timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("oauth_token", credentials.Token),
            new("oauth_version", "1.0"),
        ];
        var signature = Signature(method, uri, credentials, [.. oauth, .. Query(uri), .. form]);
        return "OAuth " + string.Join(", ", oauth.Append(new("oauth_signature", signature)).Select(p => $"{p.Key}=\"{Uri.EscapeDataString(p.Value)}\""));
    }

    internal static string Signature(string method, Uri uri, Credentials credentials, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var sorted = parameters.Select(p => (Key: Uri.EscapeDataString(p.Key), Value: Uri.EscapeDataString(p.Value)))
            .OrderBy(p => p.Key, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}");
        var text = $"{method}&{Uri.EscapeDataString(uri.GetLeftPart(UriPartial.Path))}&{Uri.EscapeDataString(string.Join('&', sorted))}";
        var key = $"{Uri.EscapeDataString(credentials.ConsumerSecret)}&{Uri.EscapeDataString(credentials.TokenSecret)}";
#pragma warning disable CA5350 // X accepts HMAC-SHA1 only; SHA-1 is not broken as a keyed hash.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    private static IEnumerable<KeyValuePair<string, string>> Query(Uri uri) =>
        uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => new KeyValuePair<string, string>(Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""));
}
