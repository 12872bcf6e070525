using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Outbox;

/// <summary>How many messages have not left, for those who watch over it.</summary>
internal sealed class CountOutboxEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/outbox-counts")
        .MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetOutboxCounts(http.Regency().Id), cancel))
        .RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor, Role.Operator, Role.PublicRelations)
        .WithTags("Channels").WithSummary("Messages to citizens that wait, fail or were given up, by channel");
}

internal sealed class CountOutbox(RegencySessions sessions) : IRequestHandler<GetOutboxCounts, IReadOnlyList<OutboxCount>>
{
    // Two parts, each with an index of its own.
    private const string Sql = """
        select channel, sum(waiting)::int, sum(failing)::int, sum(given_up)::int, min(queued_at)
        from (select data ->> 'Channel' as channel, case when data ->> 'Error' is null then 1 else 0 end as waiting, case when data ->> 'Error' is null then 0 else 1 end as failing, 0 as given_up, queued_at
              from channels.mt_doc_outboundmessage where tenant_id = $1 and due_at is not null
              union all
              select data ->> 'Channel', 0, 0, 1, queued_at from channels.mt_doc_outboundmessage where tenant_id = $1 and is_given_up) messages
        group by channel order by channel
        """;

    public async Task<IReadOnlyList<OutboxCount>> Handle(GetOutboxCounts query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        await using var command = new NpgsqlCommand(Sql) { Parameters = { new() { Value = session.TenantId } } };
        var counts = new List<OutboxCount>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            counts.Add(new OutboxCount(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return counts;
    }
}
