using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using SmartCity.Channels.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Official;

/// <summary>How many messages wait, for those who watch over it.</summary>
internal sealed class CountUnansweredEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/unanswered")
        .MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) =>
            // An officer sees what is the department's turn.
            sender.Send(new GetUnanswered(http.Regency().Id, http.Actor() is { Role: Role.Officer } officer ? officer.Department ?? "" : null), cancel))
        .RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor, Role.Operator, Role.Officer, Role.PublicRelations)
        .WithTags("Channels").WithSummary("Messages of citizens that wait, by what for, for how long and whose turn it is");
}

internal sealed class CountUnanswered(RegencySessions sessions, TimeProvider time) : IRequestHandler<GetUnanswered, IReadOnlyList<UnansweredCount>>
{
    private const string Age = "case when {0} > $2 - interval '1 hour' then '1h' when {0} > $2 - interval '1 day' then '1d' when {0} > $2 - interval '3 days' then '3d' when {0} > $2 - interval '7 days' then '7d' else 'more' end";

    private static readonly string Sql = $"""
        select 'in', '', {Of("unanswered_since")}, count(*)::int from channels.mt_doc_message where tenant_id = $1 and unanswered_since is not null group by 3
        union all
        select 'out', coalesce(o.department, ''), {Of("m.queued_at")}, count(*)::int
        from channels.mt_doc_outboundmessage m left join channels.mt_doc_answerowed o on o.tenant_id = m.tenant_id and o.id = m.ticket
        where m.tenant_id = $1 and (m.due_at is not null or m.is_given_up) group by 2, 3
        union all
        select 'answer', coalesce(department, ''), {Of("since")}, count(*)::int from channels.mt_doc_answerowed where tenant_id = $1 and done_at is null group by 2, 3
        """;

    public async Task<IReadOnlyList<UnansweredCount>> Handle(GetUnanswered query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        await using var command = new NpgsqlCommand(Sql) { Parameters = { new() { Value = session.TenantId }, new() { Value = time.GetUtcNow().ToUniversalTime() } } };
        var counts = new List<UnansweredCount>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (query.Department is { } only && reader.GetString(1) != only)
            {
                continue;
            }

            counts.Add(new UnansweredCount(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        }

        return counts;
    }

    private static string Of(string column) => Age.Replace("{0}", column, StringComparison.Ordinal);
}
