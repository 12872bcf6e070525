using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Channels.Alerting;

/// <summary>What an office was alerted of.</summary>
internal sealed class ReadAlertsEndpoint : ICarterModule
{
    private const int Most = 200;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/alerts")
        .MapGet("", async (int? limit, HttpContext http, ISender sender, CancellationToken cancel) => limit is < 1 or > Most
            ? Problem.BadRequest(new Fault("limit.invalid", $"Between 1 and {Most}.", "limit"))
            : Results.Ok(await sender.Send(new GetAlerts(http.Regency().Id, limit ?? 20), cancel)))
        .RequireRole(Role.Dispatcher, Role.PublicRelations, Role.Regent)
        .WithTags("Channels").WithSummary("Alerts to the caller's office, newest first: people in danger, incidents; ?limit=");
}

internal sealed class GetAlertsHandler(RegencySessions sessions, PersonalData personal, CallContext call) : IRequestHandler<GetAlerts, IReadOnlyList<AlertShown>>
{
    public async Task<IReadOnlyList<AlertShown>> Handle(GetAlerts query, CancellationToken cancel)
    {
        // As the recipients are named in the configuration.
        string? office = call.Actor switch
        {
            var actor when actor.Is(query.Regency, Role.PublicRelations) => "humas",
            var actor when actor.Is(query.Regency, Role.Regent) => "bupati",
            var actor when actor.Is(query.Regency, Role.Dispatcher) => "dispatcher",
            _ => null,
        };
        if (office is null)
        {
            return [];
        }

        await using var session = sessions.Query(query.Regency);
        var alerts = await session.Query<OutboundMessage>().Where(m => m.Recipient == office && !m.IsOversight).OrderByDescending(m => m.QueuedAt).Take(query.Limit).ToListAsync(cancel);
        var reader = await personal.Reader(session, alerts.Select(m => m.Text), cancel);
        return [.. alerts.Select(m => new AlertShown(m.Ticket, m.Ticket.StartsWith("incident-", StringComparison.Ordinal), Wording.Of(m, reader.Open(m.Text)!, query.Regency, null), m.Channel, m.QueuedAt))];
    }
}
