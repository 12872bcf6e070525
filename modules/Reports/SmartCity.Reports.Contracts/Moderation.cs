namespace SmartCity.Reports.Contracts;

// What everybody would see of a report is hidden or put in other words. The original stays in the history, for staff and for the reporter.

/// <summary>A photo is shown to staff and its reporter only.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Reason">One of <see cref="HidingReasons"/>.</param>
/// <param name="Note">For the staff, sealed.</param>
public sealed record PhotoHidden(int Number, string Reason, string? Note);

/// <summary>A photo is shown to everybody again.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Note">For the staff, sealed.</param>
public sealed record PhotoShown(int Number, string? Note);

/// <summary>Words are not shown to everybody any more, or others in their place.</summary>
/// <param name="Of">Which: see <see cref="PublicWords"/>.</param>
/// <param name="Instead">What everybody reads instead, sealed; null: nothing.</param>
/// <param name="Reason">One of <see cref="HidingReasons"/>.</param>
/// <param name="Note">For the staff, sealed.</param>
public sealed record WordsHidden(string Of, string? Instead, string Reason, string? Note);

/// <summary>Words are shown to everybody again as they were written.</summary>
/// <param name="Of">Which: see <see cref="PublicWords"/>.</param>
/// <param name="Note">For the staff, sealed.</param>
public sealed record WordsShown(string Of, string? Note);

/// <summary>Which words of a report: one of these, or the id of an entry of its timeline.</summary>
public static class PublicWords
{
    /// <summary>What the reporter wrote.</summary>
    public const string Description = "description";

    /// <summary>The place in words.</summary>
    public const string Address = "address";

    /// <summary>Links to pictures elsewhere.</summary>
    public const string Links = "links";
}

/// <summary>Why something is hidden.</summary>
public static class HidingReasons
{
    /// <summary>It shows or names a person, a number plate, a house.</summary>
    public const string Personal = "personal";

    /// <summary>It insults somebody.</summary>
    public const string Abuse = "abuse";

    /// <summary>It cannot be shown to everybody: wounds, nudity.</summary>
    public const string Shocking = "shocking";

    /// <summary>It accuses somebody by name.</summary>
    public const string Accusation = "accusation";

    /// <summary>It has nothing to do with the matter: advertising.</summary>
    public const string Unrelated = "unrelated";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Personal, Abuse, Shocking, Accusation, Unrelated];
}

/// <summary>Something of a report is hidden from everybody but staff and its reporter.</summary>
/// <param name="Number">A photo, from 1.</param>
/// <param name="Of">Words: see <see cref="PublicWords"/>; exactly one of the two is given.</param>
/// <param name="Instead">What everybody reads instead of the words; null: nothing.</param>
/// <param name="Reason">One of <see cref="HidingReasons"/>.</param>
/// <param name="Note">For the staff.</param>
public sealed record HideFromPublic(
    string Regency, string Ticket, int? Number, string? Of, string? Instead, string? Reason, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>What was hidden is shown to everybody again.</summary>
/// <param name="Number">A photo, from 1.</param>
/// <param name="Of">Words: see <see cref="PublicWords"/>; exactly one of the two is given.</param>
/// <param name="Note">For the staff.</param>
public sealed record ShowToPublic(string Regency, string Ticket, int? Number, string? Of, string? Note, long? ExpectedVersion = null) : IReportCommand;

/// <summary>What of a report not everybody sees. The words instead are for staff and the reporter, to compare; the others read them in their place.</summary>
/// <param name="Of">Which words; null: a photo.</param>
/// <param name="Number">Which photo.</param>
/// <param name="Reason">One of <see cref="HidingReasons"/>.</param>
/// <param name="Instead">What everybody reads instead of the words.</param>
public sealed record HiddenPart(string? Of, int? Number, string Reason, string? Instead);
