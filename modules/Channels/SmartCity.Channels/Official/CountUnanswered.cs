using System.Text;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using SmartCity.Channels.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Official;

/// <summary>How many messages wait, for those who watch over it.</summary>
internal sealed class CountUnansweredEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/unanswered")
        .MapGet("", Count)
        .RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor, Role.Operator, Role.Officer, Role.PublicRelations)
        .WithTags("Channels").WithSummary("Messages of citizens that wait, by what for, for how long and whose turn it is; ?asOf=2026-06-30, format=csv");

    private static async Task<IResult> Count(string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, from) = days.Read(faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (from is not null)
        {
            faults.Add(new Fault("from.unused", "What waits is asked for a day: asOf.", "from"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        // An officer sees what is the department's turn.
        var counts = await sender.Send(new GetUnanswered(http.Regency().Id, http.Actor() is { Role: Role.Officer } officer ? officer.Department ?? "" : null, asOf), cancel);
        return !isCsv ? Results.Ok(counts) : Results.Text(Csv.Write(["direction", "department", "age", "count"],
            counts.Select(c => (IReadOnlyList<object?>)[c.Direction, c.Department, c.Age, c.Count])), "text/csv; charset=utf-8", Encoding.UTF8);
    }
}

internal sealed class CountUnanswered(RegencySessions sessions, RegencyRegistry regencies, TimeProvider time) : IRequestHandler<GetUnanswered, IReadOnlyList<UnansweredCount>>
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

    private const string SqlThen = """
        select 'in', null, min(timestamp) from history.mt_events
        where tenant_id = $1 and stream_id like 'message-%' and timestamp < $2 and type in ('message.received.v1', 'message.sent.v1', 'message.acted-on.v1', 'message.dismissed.v1')
        group by stream_id having count(*) filter (where type <> 'message.received.v1') = 0
        union all
        select 'out', ticket, queued_at from channels.mt_doc_outboundmessage
        where tenant_id = $1 and queued_at < $2 and ((data ->> 'SentAt')::timestamptz >= $2 or due_at is not null or is_given_up)
        """;

    private const int AtOnce = 500;

    public async Task<IReadOnlyList<UnansweredCount>> Handle(GetUnanswered query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (query.AsOf is { } day)
        {
            var regency = (await regencies.All(cancel)).First(r => r.Id == query.Regency);
            return [.. (await Then(session, regency.EndOf(day) < time.GetUtcNow() ? regency.EndOf(day) : time.GetUtcNow(), cancel)).Where(c => query.Department is not { } whose || c.Department == whose)];
        }

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

    /// <summary>
    /// As it stood: messages and reports from their events. What was on its way then is known by when it was queued and left; what a person took from the
    /// queue since is not in it, because no event says when.
    /// </summary>
    private static async Task<IReadOnlyList<UnansweredCount>> Then(IQuerySession session, DateTimeOffset end, CancellationToken cancel)
    {
        var waiting = new List<(string Direction, string Department, DateTimeOffset Since)>();
        var owed = new Dictionary<string, AnswerOwed>();
        foreach (var some in (await session.Query<AnswerOwed>().OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(cancel)).Chunk(AtOnce))
        {
            foreach (var stream in (await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some) && e.Timestamp < end).OrderBy(e => e.Sequence).ToListAsync(cancel))
                .Where(e => AnswerOwed.Follows.Contains(e.EventType)).GroupBy(e => e.StreamKey!))
            {
                foreach (var one in AnswerOwed.Of(stream.Key, [.. stream]))
                {
                    owed[one.Id] = one;
                }
            }
        }

        waiting.AddRange(owed.Values.Where(o => o.DoneAt is null).Select(o => ("answer", o.Department ?? "", o.Since)));
        await using var command = new NpgsqlCommand(SqlThen) { Parameters = { new() { Value = session.TenantId }, new() { Value = end.ToUniversalTime() } } };
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            waiting.Add((reader.GetString(0), reader.IsDBNull(1) ? "" : owed.GetValueOrDefault(reader.GetString(1))?.Department ?? "", reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return [.. waiting.GroupBy(w => (w.Direction, w.Department, Age: AgeOf(end - w.Since))).OrderBy(g => g.Key).Select(g => new UnansweredCount(g.Key.Direction, g.Key.Department, g.Key.Age, g.Count()))];
    }

    private static string AgeOf(TimeSpan age) => age switch
    {
        { TotalHours: < 1 } => "1h",
        { TotalDays: < 1 } => "1d",
        { TotalDays: < 3 } => "3d",
        { TotalDays: < 7 } => "7d",
        _ => "more",
    };

    private static string Of(string column) => Age.Replace("{0}", column, StringComparison.Ordinal);
}
