using System.Text.Json;
using MediatR;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Reading;

internal sealed class GetReporterContactHandler(RegencySessions sessions, PersonalData personal) : IRequestHandler<GetReporterContact, ReporterContact?>
{
    public async Task<ReporterContact?> Handle(GetReporterContact query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (await session.LoadAsync<Report>(query.Ticket, cancel) is not { Filed.Contact: { } contact })
        {
            return null;
        }

        var opened = (await personal.Reader(session, [contact], cancel)).Open(contact);
        return opened is null or PersonalReader.Erased || JsonSerializer.Deserialize<ReporterDetails>(opened) is not { } details ? null : new ReporterContact(details.Phone, details.Email);
    }
}
