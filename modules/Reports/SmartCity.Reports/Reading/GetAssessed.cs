using MediatR;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Reading;

internal sealed class GetAssessedHandler(RegencySessions sessions) : IRequestHandler<GetAssessed, AssessedReport?>
{
    public async Task<AssessedReport?> Handle(GetAssessed query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return await session.LoadAsync<Report>(query.Ticket, cancel) is { } report
            ? new AssessedReport(report.Filed.Description, report.Filed.Assessment, report.Category, report.Department, report.Filed.IsOversight) : null;
    }
}
