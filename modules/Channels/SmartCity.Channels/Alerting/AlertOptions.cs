using Microsoft.Extensions.Configuration;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Alerting;

/// <summary>Who hears of an emergency at once.</summary>
/// <param name="Name">Who it is: <c>humas</c>, <c>bupati</c>; a department's code: only for what it gets.</param>
/// <param name="Channel">How: a channel's code; <c>desk</c>: they see it on the desk.</param>
/// <param name="To">Address on the channel, such as a telephone number.</param>
internal sealed record AlertRecipient(string Name, string Channel, string? To);

/// <summary>
/// Whom a regency alerts, from <c>SmartCity:Channels:Alerts:{code}:{name}</c> with <c>Channel</c> and <c>To</c>. Whoever is not named there,
/// of dispatcher, public relations, regent and departments, sees it on the desk.
/// </summary>
internal sealed class AlertOptions(IReadOnlyDictionary<string, IReadOnlyList<AlertRecipient>> recipients)
{
    public const string Desk = "desk";

    private const string Section = "SmartCity:Channels:Alerts";

    /// <summary>Those who hear of every emergency, on the desk unless a regency has chosen another channel for them.</summary>
    public static IReadOnlyList<AlertRecipient> Usual { get; } = [new("dispatcher", Desk, null), new("humas", Desk, null), new("bupati", Desk, null)];

    /// <summary>Whom the regency has named, or null.</summary>
    public IReadOnlyList<AlertRecipient>? Of(string regency) => recipients.GetValueOrDefault(regency);

    /// <summary>Whom the regency has named, and the usual ones besides.</summary>
    public IReadOnlyList<AlertRecipient> All(string regency) => Of(regency) is { } named ? [.. named, .. Usual.Where(u => named.All(n => n.Name != u.Name))] : Usual;

    /// <exception cref="InvalidOperationException">A value is missing or wrong.</exception>
    public static AlertOptions Read(IConfiguration configuration) => new(configuration.GetSection(Section).GetChildren().ToDictionary(
        regency => RegencyCode.TryParse(regency.Key, out _) ? regency.Key : throw Wrong(regency.Key, "a regency code such as 33.28"),
        regency => (IReadOnlyList<AlertRecipient>)[.. regency.GetChildren().Select(Recipient)]));

    private static AlertRecipient Recipient(IConfigurationSection section) => (section["Channel"], section["To"]) switch
    {
        (Desk, _) => new(section.Key, Desk, null),
        // An answer on X is public; an alert speaks of people in danger.
        ("x", _) => throw Wrong($"{section.Path[(Section.Length + 1)..]}:Channel", "a channel that only the recipient reads, not x"),
        ({ Length: > 0 } channel, { Length: > 0 } to) => new(section.Key, channel, to),
        _ => throw Wrong($"{section.Path[(Section.Length + 1)..]}:Channel and To", $"a channel's code and an address on it, or Channel alone as {Desk}"),
    };

    private static InvalidOperationException Wrong(string name, string expected) => new($"Configuration {Section}:{name} must be {expected}.");
}
