using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports;

/// <summary>A report as its events make it: what decisions are taken on, and what is read. Texts are sealed, as in the events.</summary>
internal sealed record Report
{
    /// <summary>The ticket.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>Sorts reports by age; see <see cref="Ticket.Order"/>.</summary>
    public required long Number { get; init; }

    public required ReportFiled Filed { get; init; }

    public required ReportState State { get; init; }

    public string? Category { get; init; }

    public string? Department { get; init; }

    public string? District { get; init; }

    /// <summary>Whether everybody may see it.</summary>
    public required bool IsPublic { get; init; }

    public required DateTimeOffset FiledAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>The report after one more event.</summary>
    public static Report? After(Report? report, IEvent @event) => (report, @event.Data) switch
    {
        (null, ReportFiled filed) => new Report
        {
            Id = filed.Ticket,
            Number = Ticket.Order(filed.Ticket),
            Filed = filed,
            State = ReportState.Filed,
            Category = filed.Category,
            IsPublic = !filed.IsConfidential && !filed.IsOversight,
            FiledAt = @event.Timestamp,
            UpdatedAt = @event.Timestamp,
            Timeline = [new TimelineEntry(@event.Timestamp, "filed", null, null, ReportState.Filed, @event.Id)],
        },
        ({ } known, ReportQueued queued) => known.Then(@event, "queued") with { District = queued.District },
        ({ } known, ReportAssigned assigned) => known.Then(@event, "assigned", assigned.Department, assigned.Note) with
        {
            Department = assigned.Department,
            District = assigned.District ?? known.District,
        },
        ({ } known, ReportAnswered answered) => known.Then(@event, "answered", answered.Department, answered.Text),
        _ => report,
    };

    /// <summary>Where a report stands after an event; null when the event does not move it.</summary>
    public static ReportState? StateAfter(object @event) => @event switch
    {
        ReportFiled => ReportState.Filed,
        ReportQueued => ReportState.Queued,
        ReportAssigned => ReportState.Assigned,
        ReportAnswered { IsSettled: true } => ReportState.Settled,
        ReportAnswered => ReportState.Answered,
        _ => null,
    };

    private Report Then(IEvent @event, string what, string? department = null, string? text = null)
    {
        var state = StateAfter(@event.Data) ?? State;
        return this with
        {
            State = state,
            UpdatedAt = @event.Timestamp,
            Timeline = [.. Timeline, new TimelineEntry(@event.Timestamp, what, department, text, state, @event.Id)],
        };
    }
}

/// <summary>Keeps <see cref="Report"/> in step with its stream, in the same transaction.</summary>
internal sealed class ReportProjection : SingleStreamProjection<Report, string>
{
    public override Report? Evolve(Report? snapshot, string id, IEvent e) => Report.After(snapshot, e);
}

internal static class ReportRows
{
    /// <summary>Adds what <see cref="ReportProjection"/> makes of new streams to what <paramref name="session"/> will save, all in one statement.</summary>
    public static void InsertReports(this IDocumentSession session, IReadOnlyList<Report> reports) => session.InsertMany(
        "reports.mt_doc_report", [.. reports.Select(r => (r.Id, r with { Version = 1 }))],
        ("mt_version", reports.Select(_ => 1L).ToArray()), ("number", reports.Select(r => r.Number).ToArray()),
        ("filed_at", reports.Select(r => r.FiledAt.ToUniversalTime()).ToArray()));
}
