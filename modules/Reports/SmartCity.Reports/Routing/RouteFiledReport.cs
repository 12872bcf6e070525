using MediatR;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Routing;

/// <summary>Sends a new report to the department that is responsible, or to the dispatcher.</summary>
internal sealed class RouteFiledReport(ISender sender, ReportStreams reports, RegencySessions sessions, PersonalData personal, CallContext call)
    : INotificationHandler<Committed<ReportFiled>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        var (filed, regency) = (committed.Event, committed.Envelope.Regency.Value);
        await using var session = sessions.Query(regency);
        var address = (await personal.Reader(session, [filed.Place.Address], cancel)).Open(filed.Place.Address);
        var responsible = await sender.Send(
            new RouteReport(regency, filed.Category, filed.AddressedDepartment, filed.Place.Latitude, filed.Place.Longitude, address), cancel);

        call.Actor = Actor.System("routing");
        await reports.Decide(regency, filed.Ticket, expectedVersion: null, text: null, (report, _) => Decide(report, responsible), cancel);
    }

    /// <summary>Only a report that nobody has touched yet is routed: a repeated notification finds it routed already.</summary>
    public static Decision Decide(Report report, Responsibility responsible) => (report.State, responsible.Department) switch
    {
        (not ReportState.Filed, _) => Decision.Nothing,
        (_, { } department) => Decision.Happens(new ReportAssigned(department, responsible.Ground.ToString().ToLowerInvariant(), responsible.District, null)),
        _ => Decision.Happens(new ReportQueued(responsible.District)),
    };
}
