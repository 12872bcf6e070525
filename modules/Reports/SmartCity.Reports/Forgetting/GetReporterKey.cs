using MediatR;
using SmartCity.Platform.History;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Forgetting;

internal sealed class GetReporterKeyHandler(RegencySessions sessions) : IRequestHandler<GetReporterKey, ReporterKey>
{
    public async Task<ReporterKey> Handle(GetReporterKey query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        return new ReporterKey(Ticket.Read(query.Ticket) is { } ticket ? (await session.LoadAsync<Report>(ticket, cancel))?.Filed.Reporter : null);
    }
}
