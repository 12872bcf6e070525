using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Incidents;

/// <summary>Reports were put to the emergency. Name on the wire: <c>incident.reports-gathered.v1</c>.</summary>
/// <param name="Ground"><c>person</c>; <c>near</c>: it came in near it while it was open.</param>
internal sealed record ReportsGathered(IReadOnlyList<string> Tickets, string Ground);

/// <summary>A report was taken out. Name on the wire: <c>incident.report-released.v1</c>.</summary>
internal sealed record ReportReleasedFromIncident(string Ticket, string Reason);

/// <summary>Somebody wrote into the log. Name on the wire: <c>incident.noted.v1</c>.</summary>
internal sealed record IncidentNoted(string Text, bool IsPublic);

/// <summary>It is over. Name on the wire: <c>incident.closed.v1</c>.</summary>
internal sealed record IncidentClosed(string Reason);

/// <summary>An emergency as its events make it: the log is the history.</summary>
internal sealed record Incident
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public required string Title { get; init; }

    public string? District { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public IReadOnlyList<string> Tickets { get; init; } = [];

    public IReadOnlyList<IncidentEntry> Log { get; init; } = [];

    /// <summary>The emergency after one more event.</summary>
    public static Incident? After(Incident? known, string id, object @event, DateTimeOffset at) => (known, @event) switch
    {
        (null, IncidentOpened e) => new Incident
        {
            Id = id,
            Title = e.Title,
            District = e.District,
            Latitude = e.Latitude,
            Longitude = e.Longitude,
            OpenedAt = at,
            Tickets = e.Tickets,
            Log = [new IncidentEntry(at, "opened", e.Title, true, e.Tickets)],
        },
        ({ } i, ReportsGathered e) => i with { Tickets = [.. i.Tickets, .. e.Tickets], Log = [.. i.Log, new IncidentEntry(at, "gathered", null, true, e.Tickets)] },
        ({ } i, ReportReleasedFromIncident e) => i with { Tickets = [.. i.Tickets.Where(t => t != e.Ticket)], Log = [.. i.Log, new IncidentEntry(at, "released", e.Reason, false, [e.Ticket])] },
        ({ } i, IncidentNoted e) => i with { Log = [.. i.Log, new IncidentEntry(at, "note", e.Text, e.IsPublic)] },
        ({ } i, IncidentBroadcast e) => i with { Log = [.. i.Log, new IncidentEntry(at, "broadcast", e.Text, true)] },
        ({ } i, IncidentClosed e) => i with { ClosedAt = at, Log = [.. i.Log, new IncidentEntry(at, "closed", e.Reason, true)] },
        _ => known,
    };

    /// <summary>As it was at an instant; null: it was not there yet.</summary>
    public Incident? At(DateTimeOffset instant) => OpenedAt > instant ? null : this with
    {
        ClosedAt = ClosedAt <= instant ? ClosedAt : null,
        Log = [.. Log.Where(e => e.At <= instant)],
        Tickets = [.. Log.Where(e => e.At <= instant).Aggregate(Enumerable.Empty<string>(), (all, e) => e.What == "released" ? all.Except(e.Tickets!) : all.Concat(e.Tickets ?? []))],
    };
}

/// <summary>Keeps <see cref="Incident"/> in step with its stream, in the same transaction.</summary>
internal sealed class IncidentProjection : SingleStreamProjection<Incident, string>
{
    public IncidentProjection()
    {
        IncludeType<IncidentOpened>();
        IncludeType<ReportsGathered>();
        IncludeType<ReportReleasedFromIncident>();
        IncludeType<IncidentNoted>();
        IncludeType<IncidentBroadcast>();
        IncludeType<IncidentClosed>();
    }

    public override Incident? Evolve(Incident? snapshot, string id, IEvent e) => Incident.After(snapshot, id, e.Data, e.Timestamp.ToUniversalTime());
}

/// <summary>The rules of emergencies: no I/O.</summary>
internal static class IncidentRules
{
    public const int MaxTitle = 200, MaxText = 2000, MaxBroadcast = 1000, MaxTickets = 500;

    /// <summary>How near in place and time urgent reports must be to be perhaps one emergency.</summary>
    public const double Metres = 1_500;

    /// <inheritdoc cref="Metres"/>
    public static readonly TimeSpan Hours = TimeSpan.FromHours(6);

    public static Decision Open(OpenIncident command, IReadOnlyList<string> tickets) =>
        Text(command.Title, MaxTitle, "title") is { } fault ? Decision.Refused(fault)
        : command.Latitude is null != command.Longitude is null || Math.Abs(command.Latitude ?? 0) > 90 || Math.Abs(command.Longitude ?? 0) > 180
            ? Decision.Refused("place.invalid", "Latitude between -90 and 90 together with longitude between -180 and 180.", "Lintang -90 sampai 90 bersama bujur -180 sampai 180.", "latitude")
        : Decision.Happens(new IncidentOpened(command.Title!.Trim(), command.District, command.Latitude, command.Longitude, tickets));

    public static Decision Gather(Incident incident, IReadOnlyList<string> tickets, string ground)
    {
        var missing = tickets.Except(incident.Tickets).ToArray();
        return missing.Length == 0 ? Decision.Nothing : IsOver(incident) ?? Decision.Happens(new ReportsGathered(missing, ground));
    }

    public static Decision Release(Incident incident, string ticket, string? reason) =>
        !incident.Tickets.Contains(ticket) ? Decision.Refused("report.not_gathered", $"Report {ticket} is not in this emergency.", $"Laporan {ticket} tidak ada dalam kejadian ini.", "ticket", RefusalKind.NotFound)
        : Text(reason, MaxText, "reason") is { } fault ? Decision.Refused(fault)
        : Decision.Happens(new ReportReleasedFromIncident(ticket, reason!.Trim()));

    public static Decision Note(Incident incident, string? text, bool isPublic) =>
        Text(text, MaxText, "text") is { } fault ? Decision.Refused(fault) : IsOver(incident) ?? Decision.Happens(new IncidentNoted(text!.Trim(), isPublic));

    /// <summary>Also when it is over: that it is over is what many wait to hear.</summary>
    public static Decision Broadcast(Incident incident, string? text) =>
        Text(text, MaxBroadcast, "text") is { } fault ? Decision.Refused(fault)
        : incident.Tickets.Count == 0 ? Decision.Refused("incident.empty", "It gathers no report yet: there is nobody to tell.", "Belum ada laporan di dalamnya: tidak ada yang dapat dikabari.", kind: RefusalKind.Conflict)
        : Decision.Happens(new IncidentBroadcast(text!.Trim(), incident.Tickets));

    public static Decision Close(Incident incident, string? reason) =>
        incident.ClosedAt is not null ? Decision.Nothing : Text(reason, MaxText, "reason") is { } fault ? Decision.Refused(fault) : Decision.Happens(new IncidentClosed(reason!.Trim()));

    /// <summary>Groups of at least two reports, each within reach of another one of the group.</summary>
    public static IReadOnlyList<IncidentSuggestion> Suggest(IEnumerable<(string Ticket, double Latitude, double Longitude, string? District, DateTimeOffset At)> urgent)
    {
        var groups = new List<List<(string Ticket, double Latitude, double Longitude, string? District, DateTimeOffset At)>>();
        foreach (var report in urgent.OrderBy(r => r.At).ThenBy(r => r.Ticket, StringComparer.Ordinal))
        {
            var near = groups.Where(g => g.Any(other => (report.At - other.At).Duration() <= Hours && Near.Metres(report.Latitude, report.Longitude, other.Latitude, other.Longitude) <= Metres)).ToList();
            groups.RemoveAll(near.Contains);
            groups.Add([.. near.SelectMany(g => g), report]);
        }

        return [.. groups.Where(g => g.Count > 1).Select(g => g.OrderBy(r => r.At).ToList()).Select(g => new IncidentSuggestion(
            [.. g.Select(r => r.Ticket)], g[0].District, Math.Round(g.Average(r => r.Latitude), 5), Math.Round(g.Average(r => r.Longitude), 5), g[0].At)).OrderByDescending(s => s.Since)];
    }

    private static Decision? IsOver(Incident incident) => incident.ClosedAt is null ? null
        : Decision.Refused("incident.closed", "This emergency is closed; open a new one.", "Kejadian ini sudah ditutup; buka yang baru.", kind: RefusalKind.Conflict);

    private static Refusal? Text(string? text, int most, string field) =>
        string.IsNullOrWhiteSpace(text) || text.Length > most ? new Refusal($"{field}.invalid", $"Write something, at most {most} characters.", $"Isi, paling banyak {most} huruf.", field)
        : PublicText.Mask(text) != text ? new Refusal($"{field}.personal", "Leave out telephone numbers, e-mail addresses and identity numbers: it stays in the history.", "Jangan menulis nomor telepon, surel, atau NIK: isinya tetap tersimpan.", field)
        : null;
}
