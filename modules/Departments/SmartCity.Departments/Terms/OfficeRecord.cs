using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Terms;

// Who is in an office: a stream an office, office-head-DPU. Names on the wire are given in the module. The name of who holds a public office is
// public; the civil servant's number and the address are sealed.

/// <summary>Somebody took office.</summary>
/// <param name="Nip">Sealed.</param>
/// <param name="To">Address on the channel, sealed.</param>
internal sealed record OfficeTaken(string Term, string Office, string Name, bool IsActing, DateOnly From, DateOnly? Until, string? User, string? Nip, string? Channel, string? To);

/// <summary>Somebody left office.</summary>
/// <param name="Until">Last day in office.</param>
internal sealed record OfficeLeft(string Term, DateOnly Until);

/// <summary>An office with all its terms, oldest first.</summary>
internal sealed record OfficeRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<OfficeTaken> Terms { get; init; }

    public static string Stream(string office) => $"office-{office}";

    public static OfficeRecord? After(OfficeRecord? known, string id, object @event) => @event switch
    {
        OfficeTaken taken => new OfficeRecord { Id = id, Terms = [.. (known?.Terms ?? []).Append(taken).OrderBy(t => t.From)] },
        OfficeLeft left when known is not null => known with { Terms = [.. known.Terms.Select(t => t.Term == left.Term ? t with { Until = left.Until } : t)] },
        _ => known,
    };
}

/// <summary>Keeps <see cref="OfficeRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class OfficeProjection : SingleStreamProjection<OfficeRecord, string>
{
    public OfficeProjection()
    {
        IncludeType<OfficeTaken>();
        IncludeType<OfficeLeft>();
    }

    public override OfficeRecord? Evolve(OfficeRecord? snapshot, string id, IEvent e) => OfficeRecord.After(snapshot, id, e.Data);
}

/// <summary>What an appointment must be like, and what it means: no I/O, so that every case is a line in a test.</summary>
internal static class OfficeRules
{
    public const int MaxName = 120, MaxAddress = 200;

    /// <summary>All that is wrong with an appointment in this regency.</summary>
    public static IReadOnlyList<Fault> Faults(OfficeRecord? known, OfficeTerm term, RegencyDirectory directory)
    {
        var faults = new List<Fault>();
        if (Unknown(term.Office, directory) is { } unknown)
        {
            faults.Add(unknown);
        }

        if (string.IsNullOrWhiteSpace(term.Name) || term.Name.Length > MaxName || term.Name.Any(char.IsControl))
        {
            faults.Add(new("name.invalid", $"Give the person's name in one line of at most {MaxName} characters.", "name"));
        }

        if (term.Nip is { } nip && (nip.Length != 18 || !nip.All(char.IsAsciiDigit)))
        {
            faults.Add(new("nip.invalid", "A NIP has 18 digits; leave it away when it is not known.", "nip"));
        }

        if (term.User is { } user && (user.Length > MaxAddress || !user.Contains(':') || user.Any(char.IsWhiteSpace)))
        {
            faults.Add(new("user.invalid", "Give the sign-in name of an account here, such as head.dpu.", "user"));
        }

        if (term.Contact is { } contact && (contact.Channel is not "desk" && string.IsNullOrWhiteSpace(contact.To)))
        {
            faults.Add(new("contact.to", "Give the address on the channel, such as a telephone number.", "contact.to"));
        }

        // An answer on X is public; what a head is told is not.
        if (term.Contact is { Channel: "x" or "" } or { Channel.Length: > 32 } or { To.Length: > MaxAddress })
        {
            faults.Add(new("contact.channel", "Name a channel that only the person reads, such as sms or telegram, or desk.", "contact.channel"));
        }

        if (term.Until < term.From)
        {
            faults.Add(new("until.before_from", "The last day is not before the first.", "until"));
        }
        else if (known?.Terms.FirstOrDefault(t => !Same(t, term) && Overlaps(t, term)) is { } other)
        {
            faults.Add(new("from.overlap", $"{other.Name} holds the office from {other.From:yyyy-MM-dd}{(other.Until is { } end ? $" until {end:yyyy-MM-dd}" : "")}: terms do not overlap.", "from"));
        }

        return faults;
    }

    /// <summary>An office that this regency does not have.</summary>
    public static Fault? Unknown(string office, RegencyDirectory directory) => office switch
    {
        Offices.Secretary or Offices.Regent => null,
        _ when Offices.DepartmentOf(office) is { } code => directory.Departments.FirstOrDefault(d => d.Code == code) switch
        {
            null => new("office.unknown", $"There is no department '{code}' here.", "office"),
            { Kind: DepartmentKind.Outside } => new("office.outside", $"{code} is outside the regency government: its head answers elsewhere.", "office"),
            _ => null,
        },
        _ => new("office.unknown", $"An office is {Offices.Regent}, {Offices.Secretary} or head-CODE of a department.", "office"),
    };

    // Whoever is in office without an end leaves it the day before somebody else takes it.
    private static bool Overlaps(OfficeTaken known, OfficeTerm term) =>
        known.Until is null && known.From < term.From ? false : !(known.Until < term.From) && !(term.Until < known.From);

    /// <summary>What happens when somebody takes office. The same again changes nothing.</summary>
    public static IReadOnlyList<object> Take(OfficeRecord? known, OfficeTerm term, Func<string?, string?> seal) => known?.Terms.Any(t => Same(t, term)) == true ? [] :
    [
        .. (known?.Terms ?? []).Where(t => t.Until is null && t.From < term.From).Select(t => new OfficeLeft(t.Term, term.From.AddDays(-1))),
        new OfficeTaken($"{term.Office}-{term.From:yyyy-MM-dd}", term.Office, term.Name, term.IsActing, term.From, term.Until, term.User, seal(term.Nip), term.Contact?.Channel, seal(term.Contact?.To)),
    ];

    private static bool Same(OfficeTaken known, OfficeTerm term) =>
        known.From == term.From && known.Name == term.Name && known.User == term.User && known.IsActing == term.IsActing && known.Channel == term.Contact?.Channel;

    /// <summary>What happens when whoever holds the office on its last day leaves it; null: nobody does.</summary>
    public static OfficeLeft? Leave(OfficeRecord? known, DateOnly until) =>
        known?.Terms.LastOrDefault(t => t.From <= until && (t.Until is null || t.Until > until)) is { } term ? new OfficeLeft(term.Term, until) : null;
}
