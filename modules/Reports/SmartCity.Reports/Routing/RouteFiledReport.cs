using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Forwarding;
using SmartCity.Reports.Life;
using SmartCity.Reports.Placing;

namespace SmartCity.Reports.Routing;

/// <summary>
/// Sends a new report to the department that is responsible, or to the dispatcher. An assignment by routing is its verification too: the
/// category, the account or the words have decided what a dispatcher would.
/// </summary>
internal sealed class RouteFiledReport(ReportStreams reports, RegencySessions sessions, Responsible responsibles, PlacingFactsReader facts, ISender sender, TimeProvider time)
    : INotificationHandler<Committed<ReportFiled>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, regency) = (committed.Event, committed.Envelope.Regency.Value);
        if (filed.PartOf is not null)
        {
            return;
        }

        await using var session = sessions.Query(regency);
        var responsible = await responsibles.For(regency, filed, filed.Category, cancel);
        if (filed.Assessment is { IsHeld: true })
        {
            responsible = responsible with { Department = null };
        }

        // It lies elsewhere, or the road is somebody else's: a dispatcher looks at it first.
        var jurisdiction = Placing.Placing.Decide(await facts.Of(session, regency, filed, cancel));
        if (!filed.IsOversight && Placing.Placing.NeedsDispatcher(jurisdiction, regency))
        {
            responsible = responsible with { Department = null };
        }

        var askAgainAt = await sender.AskAgainAt(regency, responsible.Department, time.GetUtcNow(), cancel);
        // Only a report that nobody has touched yet is routed: a repeated notification finds it routed already.
        await reports.ByItself(regency, filed.Ticket, "routing", responsible.Department is null ? Move.Queue : Move.Route, (report, _) => Decide(responsible, jurisdiction, report.IsHeld, askAgainAt), cancel);
    }

    public static Decision Decide(Responsibility responsible, Jurisdiction jurisdiction, bool isHeld = false, DateTimeOffset? askAgainAt = null) => Decision.Happens(new ReportJurisdictionDecided(jurisdiction, null), responsible.Department is { } department
        ? new ReportAssigned(department, responsible.Ground.ToString().ToLowerInvariant(), responsible.District, null, askAgainAt)
        : new ReportQueued(responsible.District, isHeld ? "suspected-spam" : null));
}
