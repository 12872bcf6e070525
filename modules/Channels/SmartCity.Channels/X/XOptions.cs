using System.Globalization;
using Microsoft.Extensions.Configuration;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.X;

/// <summary>A regency's app and posting account at X, from <c>SmartCity:Channels:X:{code}</c>.</summary>
/// <param name="ConsumerSecret">Signs what X sends to us.</param>
/// <param name="ConsumerKey">Of the app; needed to post.</param>
/// <param name="AccessToken">Of the account that posts (OAuth 1.0a user context).</param>
/// <param name="AccessTokenSecret">Its secret.</param>
/// <param name="AccountId">Id of the account that posts; without it, the number before the dash of the access token.</param>
/// <param name="BaseAddress">Where X is.</param>
internal sealed record XAccount(
    string ConsumerSecret, string? ConsumerKey, string? AccessToken, string? AccessTokenSecret, string? AccountId, Uri BaseAddress)
{
    public bool CanPost => ConsumerKey is not null && AccessToken is not null && AccessTokenSecret is not null;
}

/// <summary>What the module needs to know of X. A wrong value stops the start with its name and the fix.</summary>
internal sealed class XOptions
{
    private const string Section = "SmartCity:Channels:X", MaxAgeName = "MaxAge";

    /// <summary>Posts older than this are not new: somebody plays back an old delivery.</summary>
    public TimeSpan MaxAge { get; private init; } = TimeSpan.FromHours(24);

    /// <summary>By regency code.</summary>
    public IReadOnlyDictionary<string, XAccount> Accounts { get; private init; } = new Dictionary<string, XAccount>();

    public static XOptions Of(TimeSpan maxAge, IReadOnlyDictionary<string, XAccount> accounts) => new() { MaxAge = maxAge, Accounts = accounts };

    /// <exception cref="InvalidOperationException">A value is missing or wrong.</exception>
    public static XOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new XOptions
        {
            MaxAge = section[MaxAgeName] is not { Length: > 0 } text ? TimeSpan.FromHours(24)
                : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age) && age > TimeSpan.Zero ? age
                : throw Wrong(MaxAgeName, "a time longer than nothing, written like 1.00:00:00 (one day) or 06:00:00"),
            Accounts = section.GetChildren().Where(child => child.Key != MaxAgeName).ToDictionary(child => child.Key, Account),
        };
    }

    private static XAccount Account(IConfigurationSection section)
    {
        if (!RegencyCode.TryParse(section.Key, out _))
        {
            throw Wrong(section.Key, $"{MaxAgeName} or a regency code such as 33.28");
        }

        string? Value(string name) => section[name] is { Length: > 0 } value ? value : null;
        var (key, token, secret) = (Value("ConsumerKey"), Value("AccessToken"), Value("AccessTokenSecret"));
        if ((key ?? token ?? secret) is not null && (key is null || token is null || secret is null))
        {
            throw Wrong($"{section.Key}:ConsumerKey, AccessToken and AccessTokenSecret", "set all three, or none when nothing is posted");
        }

        var owner = token?.Split('-')[0];
        return new XAccount(
            Value("ConsumerSecret") ?? throw Wrong($"{section.Key}:ConsumerSecret", "set: the API secret of the regency's app at X"),
            key, token, secret,
            Value("AccountId") ?? (owner is { Length: > 0 } && owner.All(char.IsAsciiDigit) ? owner : null),
            Value("BaseAddress") is not { } address ? new Uri("https://api.x.com")
                : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
                : throw Wrong($"{section.Key}:BaseAddress", "an absolute address such as https://api.x.com"));
    }

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration {Section}:{name} must be {expected}.");
}
