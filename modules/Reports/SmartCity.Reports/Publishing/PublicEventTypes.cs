using SmartCity.Platform.Problems;

namespace SmartCity.Reports.Publishing;

/// <summary>What integrators may hear of reports: names of the history, as far as everybody sees such a thing in a report's timeline, and three of their own.</summary>
internal static class PublicEventTypes
{
    /// <summary>A report that was hidden is for everybody from now on: what is heard of it begins here.</summary>
    public const string Published = "report.published.v1";

    /// <summary>A report that was for everybody is hidden from now on: whoever keeps a copy removes it.</summary>
    public const string Hidden = "report.hidden.v1";

    /// <summary>Whose report it was has been erased, and what was written with it: whoever keeps a copy replaces it.</summary>
    public const string Erased = "report.erased.v1";

    /// <summary>The event of the history behind that, in a stream of its own.</summary>
    public const string PersonErased = "person.erased.v1";

    /// <summary>All of them.</summary>
    public const string Any = "report.*";

    public const string Filed = "report.filed.v1";

    // Of another report that may be hidden (joined, left), of its protection, and what links turned out to show, nothing is told.
    private static readonly string[] OfHistory =
    [
        Filed, "report.queued.v1", "report.verified.v1", "report.rejected.v1", "report.assigned.v1", "report.work-started.v1", "report.answered.v1", "report.judged.v1",
        "report.closed.v1", "report.reopened.v1", "report.returned.v1", "report.handed-over.v1", "report.merged.v1", "report.main-answered.v1", "report.split.v1", "report.parts-settled.v1",
        "report.forwarded.v1", "report.forward-followed-up.v1", "report.neighbour-said.v1", "report.received.v1", "report.reporter-asked.v1", "report.supplemented.v1", "report.update-received.v1",
        "report.withdrawn.v1", "report.classified.v1", "report.jurisdiction-decided.v1", "report.planned.v1", "report.unplanned.v1", "report.plan-changed.v1", "proposal.staged.v1",
        "report.words-hidden.v1", "report.words-shown.v1", "report.photo-hidden.v1", "report.photo-shown.v1",
    ];

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfHistory, Published, Hidden, Erased];

    /// <summary>Events of the history to look at: those, and what may show or hide a report.</summary>
    public static string[] Watched { get; } = [.. OfHistory, "report.released.v1", "report.protected.v1"];

    /// <summary>What an event of a report is to everybody; null: nothing.</summary>
    /// <param name="wasPublic">Before it.</param>
    /// <param name="isPublic">After it.</param>
    /// <param name="isPublicNow">After all that has happened since.</param>
    public static string? Of(string type, bool wasPublic, bool isPublic, bool isPublicNow) => (wasPublic, isPublic) switch
    {
        (true, false) => Hidden,
        // What was said while it could be seen is not said again once it cannot.
        _ when !isPublicNow => null,
        (false, true) => type == Filed ? Filed : Published,
        (true, true) => OfHistory.Contains(type) ? type : null,
        _ => null,
    };

    /// <summary>Whether a list of names asks for a type; an empty one asks for all.</summary>
    public static bool Ask(this IReadOnlyList<string> asked, string type) => asked.Count == 0 || asked.Contains(Any) || asked.Contains(type);
}

/// <summary>What is wrong with names of events that somebody asks for.</summary>
internal static class EventTypeFaults
{
    public static void Add(IEnumerable<string?> types, string field, List<Fault> faults)
    {
        // A list in JSON may hold null.
        foreach (var unknown in types.Select(type => type ?? "").Where(type => type != PublicEventTypes.Any && !PublicEventTypes.All.Contains(type)).Take(5))
        {
            faults.Add(new Fault("event.unknown", $"'{unknown[..Math.Min(unknown.Length, 60)]}' is no event; use {PublicEventTypes.Any}, {string.Join(", ", PublicEventTypes.All)}.", field));
        }
    }
}
