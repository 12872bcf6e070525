using Marten;
using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.HandingOver;

/// <summary>When a department becomes part of another, its open reports follow; each reporter is told. Told again, there is none left to follow.</summary>
internal sealed class FollowMerger(RegencySessions sessions, ReportStreams reports) : INotificationHandler<Committed<DepartmentMerged>>
{
    private static readonly ReportState[] WithDepartment = [ReportState.Assigned, ReportState.InProgress, ReportState.Answered, ReportState.WaitingForReporter];

    public async Task Handle(Committed<DepartmentMerged> committed, CancellationToken cancel)
    {
        var (merged, regency) = (committed.Event, committed.Envelope.Regency.Value);
        IReadOnlyList<string> open;
        await using (var session = sessions.Query(regency))
        {
            open = await session.Query<Report>().Where(r => r.Department == merged.Code && r.State.IsOneOf(WithDepartment)).OrderBy(r => r.Number).Select(r => r.Id).ToListAsync(cancel);
        }

        foreach (var ticket in open)
        {
            await reports.ByItself(regency, ticket, "merger", Move.HandOver, (report, act) => report.Department != merged.Code ? Decision.Nothing
                : Decision.Happens(new ReportHandedOver(merged.Code, merged.Into, act.Seal($"{merged.Code} → {merged.Into}: {merged.Reason}")!)), cancel);
        }
    }
}
