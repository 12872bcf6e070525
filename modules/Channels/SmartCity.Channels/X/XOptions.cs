using System.Globalization;
using Microsoft.Extensions.Configuration;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Receiving;
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
    string ConsumerSecret, string? ConsumerKey, string? AccessToken, string? AccessTokenSecret, string? AccountId, Uri BaseAddress) : IOwnAccount
{
    public string Name { get; init; } = XAccounts.Form.Name;

    public string? Department { get; init; }

    public string? Address => AccountId;

    /// <summary>Posts may hold links, which cost many times the price of others.</summary>
    public bool PaysForLinks { get; init; }

    /// <summary>Mentions are asked for, because X cannot reach the webhook.</summary>
    public bool IsPolled { get; init; }

    public bool CanPost => ConsumerKey is not null && AccessToken is not null && AccessTokenSecret is not null;

    /// <summary>Whose an access token is: it begins with the account's id.</summary>
    public static string? OwnerOf(string? token) => token?.Split('-')[0] is { Length: > 0 } owner && owner.All(char.IsAsciiDigit) ? owner : null;
}

/// <summary>
/// A regency's accounts at X: its own, as an operator entered it, else from the configuration; and those that departments have of their own,
/// which share the regency's app.
/// </summary>
internal sealed class XAccounts(XOptions options, ChannelAccounts accounts)
{
    public static AccountForm Form { get; } = new("x",
        new("consumerSecret", "the API secret of the regency's app at X", "API secret aplikasi daerah di X", IsSecret: true),
        new("consumerKey", "the API key of the app; needed to post", "API key aplikasi; perlu untuk menulis", IsRequired: false),
        new("accessToken", "the access token of the account that posts (OAuth 1.0a user context)", "access token akun yang menulis (OAuth 1.0a user context)", IsSecret: true, IsRequired: false),
        new("accessTokenSecret", "the access token's secret", "rahasia access token", IsSecret: true, IsRequired: false),
        new("accountId", "the id of the account that posts; default the number before the dash of the access token", "id akun yang menulis; bila kosong, angka sebelum tanda hubung access token", IsRequired: false),
        new("baseUrl", "where X is; default https://api.x.com", "alamat X; biasanya https://api.x.com", IsRequired: false, IsAddress: true),
        new("paysForLinks", "yes, where answers may hold links, which X asks many times the price for", "yes, bila jawaban boleh memuat tautan, yang jauh lebih mahal di X", IsRequired: false),
        new("poll", "yes, where X cannot reach the webhook and mentions are asked for", "yes, bila X tidak dapat menjangkau webhook dan sebutan ditanyakan berkala", IsRequired: false))
    {
        OfDepartment =
        [
            new("accountId", "the id of the department's account at X, digits only", "id akun perangkat daerah di X, angka saja"),
            new("accessToken", "the access token of the department's account (OAuth 1.0a user context, for the regency's app)", "access token akun perangkat daerah (OAuth 1.0a user context, untuk aplikasi daerah)", IsSecret: true),
            new("accessTokenSecret", "the access token's secret", "rahasia access token", IsSecret: true),
            new("poll", "yes, where X cannot reach the webhook and mentions are asked for", "yes, bila X tidak dapat menjangkau webhook dan sebutan ditanyakan berkala", IsRequired: false),
        ],
    };

    /// <summary>The regency's own, with its app.</summary>
    public async ValueTask<XAccount?> Find(string regency, CancellationToken cancel) =>
        await accounts.Find(regency, Form.Name, cancel) is { } settings ? Of(settings) : options.Accounts.GetValueOrDefault(regency);

    /// <summary>The regency's own, then the departments'.</summary>
    public async ValueTask<IReadOnlyList<XAccount>> All(string regency, CancellationToken cancel)
    {
        if (await Find(regency, cancel) is not { } own)
        {
            return [];
        }

        var all = new List<XAccount> { own };
        foreach (var department in await accounts.Departments(regency, Form, cancel))
        {
            if (await accounts.Find(regency, Form.Of(department), cancel) is { } settings)
            {
                all.Add(own with
                {
                    Name = Form.Of(department),
                    Department = department,
                    AccountId = settings["accountId"],
                    AccessToken = settings["accessToken"],
                    AccessTokenSecret = settings["accessTokenSecret"],
                    IsPolled = IsYes(settings, "poll"),
                });
            }
        }

        return all;
    }

    /// <summary>The account from which a message leaves.</summary>
    /// <param name="name">As <see cref="Answering"/> said; null: the regency's own.</param>
    public async ValueTask<XAccount?> Named(string regency, string? name, CancellationToken cancel) =>
        name is null || name == Form.Name ? await Find(regency, cancel) : (await All(regency, cancel)).FirstOrDefault(a => a.Name == name);

    /// <summary>From which account somebody is answered: X takes a reply only from an account that the author named.</summary>
    public async ValueTask<XAccount?> Answering(string regency, IReadOnlyList<string> addressed, string? department, CancellationToken cancel) =>
        Accounts.Answering.From([.. (await All(regency, cancel)).Where(a => a.CanPost)], addressed, department);

    /// <summary>
    /// A post as our accounts see it: to which of them it came, and whether one of them may reply. The author may have named another of ours than the one that
    /// the event is for: that one replies.
    /// </summary>
    public async ValueTask<IncomingMessage> Seen(string regency, IncomingMessage post, CancellationToken cancel)
    {
        var all = await All(regency, cancel);
        // The last one is whom the event is for, whom an unsummoned post does not name.
        var named = post.IsUnsummoned ? [.. post.Addressed.SkipLast(1)] : post.Addressed;
        var summons = post.IsUnsummoned && named.Any(id => all.Any(a => a.CanPost && a.AccountId == id));
        var addressed = summons ? named : post.Addressed;
        return post with { Addressed = addressed, IsUnsummoned = post.IsUnsummoned && !summons, Account = addressed.Select(id => all.FirstOrDefault(a => a.AccountId == id)?.Name).FirstOrDefault(name => name is not null) };
    }

    /// <summary>As it was known a moment ago, for a rule that cannot wait.</summary>
    public XAccount? Known(string regency) => accounts.Known(regency, Form.Name) is { } settings ? Of(settings) : options.Accounts.GetValueOrDefault(regency);

    private static XAccount Of(IReadOnlyDictionary<string, string> settings)
    {
        var token = settings.GetValueOrDefault("accessToken");
        return new XAccount(settings["consumerSecret"], settings.GetValueOrDefault("consumerKey"), token, settings.GetValueOrDefault("accessTokenSecret"),
            settings.GetValueOrDefault("accountId") ?? XAccount.OwnerOf(token), new Uri(settings.GetValueOrDefault("baseUrl") ?? "https://api.x.com"))
        {
            PaysForLinks = IsYes(settings, "paysForLinks"),
            IsPolled = IsYes(settings, "poll"),
        };
    }

    private static bool IsYes(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name)?.ToLowerInvariant() is "yes" or "ya" or "true";
}

/// <summary>What the module needs to know of X. A wrong value stops the start with its name and the fix.</summary>
internal sealed class XOptions
{
    private const string Section = "SmartCity:Channels:X", MaxAgeName = "MaxAge", PollEveryName = "PollEvery";

    /// <summary>Posts older than this are not new: somebody plays back an old delivery.</summary>
    public TimeSpan MaxAge { get; private init; } = TimeSpan.FromHours(24);

    /// <summary>How often mentions are asked for, where they are.</summary>
    public TimeSpan PollEvery { get; private init; } = TimeSpan.FromMinutes(1);

    /// <summary>By regency code.</summary>
    public IReadOnlyDictionary<string, XAccount> Accounts { get; private init; } = new Dictionary<string, XAccount>();

    public static XOptions Of(TimeSpan maxAge, IReadOnlyDictionary<string, XAccount> accounts) => new() { MaxAge = maxAge, Accounts = accounts };

    /// <exception cref="InvalidOperationException">A value is missing or wrong.</exception>
    public static XOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new XOptions
        {
            MaxAge = Time(section, MaxAgeName) ?? TimeSpan.FromHours(24),
            PollEvery = Time(section, PollEveryName) ?? TimeSpan.FromMinutes(1),
            Accounts = section.GetChildren().Where(child => child.Key is not (MaxAgeName or PollEveryName)).ToDictionary(child => child.Key, Account),
        };
    }

    private static TimeSpan? Time(IConfigurationSection section, string name) =>
        section[name] is not { Length: > 0 } text ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time
        : throw Wrong(name, "a time longer than nothing, written like 1.00:00:00 (one day) or 06:00:00");

    private static XAccount Account(IConfigurationSection section)
    {
        if (!RegencyCode.TryParse(section.Key, out _))
        {
            throw Wrong(section.Key, $"{MaxAgeName}, {PollEveryName} or a regency code such as 33.28");
        }

        string? Value(string name) => section[name] is { Length: > 0 } value ? value : null;
        var (key, token, secret) = (Value("ConsumerKey"), Value("AccessToken"), Value("AccessTokenSecret"));
        if ((key ?? token ?? secret) is not null && (key is null || token is null || secret is null))
        {
            throw Wrong($"{section.Key}:ConsumerKey, AccessToken and AccessTokenSecret", "set all three, or none when nothing is posted");
        }

        return new XAccount(
            Value("ConsumerSecret") ?? throw Wrong($"{section.Key}:ConsumerSecret", "set: the API secret of the regency's app at X"),
            key, token, secret,
            Value("AccountId") ?? XAccount.OwnerOf(token),
            Value("BaseAddress") is not { } address ? new Uri("https://api.x.com")
                : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
                : throw Wrong($"{section.Key}:BaseAddress", "an absolute address such as https://api.x.com"))
        {
            PaysForLinks = section.GetValue<bool>("PaysForLinks"),
            IsPolled = section.GetValue<bool>("Poll"),
        };
    }

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration {Section}:{name} must be {expected}.");
}
