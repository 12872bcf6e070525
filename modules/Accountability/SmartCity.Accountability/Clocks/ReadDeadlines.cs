using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using SmartCity.Accountability.Climbing;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Clocks;

/// <summary>A report for which something is owed.</summary>
/// <param name="Department">Who owes it; none: a dispatcher.</param>
/// <param name="Next">What is owed next.</param>
/// <param name="DueAt">The first instant that is too late.</param>
/// <param name="Steps">All deadlines of the report.</param>
/// <param name="Rung">Who answers for it now.</param>
/// <param name="Extension">How it was put off.</param>
internal sealed record OpenDeadline(
    string Ticket, ReportClass Class, string? Department, Step Next, DateTimeOffset DueAt, bool IsOverdue, IReadOnlyList<StepDeadline> Steps, Rung Rung, DeadlineExtension? Extension);

/// <summary>Who put a deadline off, and why.</summary>
internal sealed record DeadlineExtension(Step Step, int WorkingDays, string Office, string? Reason);

/// <summary>One deadline and how it was kept.</summary>
internal sealed record StepDeadline(Step Step, int WorkingDays, DateTimeOffset DueAt, string Rule, DateTimeOffset? MetAt, bool? WasLate);

/// <summary>What is owed in a regency, most urgent first.</summary>
internal sealed class DeadlinesEndpoint : ICarterModule
{
    private const int DefaultLimit = 100, MaxLimit = 1000, AtOnce = 500;

    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/deadlines")
        .MapGet("", List)
        .RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor)
        .WithTags("Accountability").WithSummary("What is owed, most urgent first; ?overdue=true, department=, limit=, asOf=2026-06-30. An officer sees the own department");

    private static async Task<IResult> List(
        string? overdue, string? department, int? limit, [AsParameters] AskedDays days, HttpContext http, RegencySessions sessions, PersonalData personal, CallContext call, TimeProvider time, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, from) = days.Read(faults);
        if (from is not null)
        {
            faults.Add(new Fault("from.unused", "What is owed is asked for a day: asOf.", "from"));
        }

        var onlyOverdue = false;
        if (overdue is not null && !bool.TryParse(overdue, out onlyOverdue))
        {
            faults.Add(new Fault("overdue.invalid", "Send true or false.", "overdue"));
        }

        if (limit is < 1 or > MaxLimit)
        {
            faults.Add(new Fault("limit.invalid", $"Between 1 and {MaxLimit}.", "limit"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var now = time.GetUtcNow();
        await using var session = sessions.Query(http.Regency().Id);
        if (asOf is { } day)
        {
            var end = http.Regency().EndOf(day) < now ? http.Regency().EndOf(day) : now;
            return Results.Ok(await Then(session, http.Actor(), onlyOverdue, department, limit ?? DefaultLimit, end, personal, call, cancel));
        }

        var clocks = VisibleTo(session.Query<ReportClock>(), http.Actor()).Where(c => c.NextDueAt != null);
        if (onlyOverdue)
        {
            clocks = clocks.Where(c => c.NextDueAt <= now);
        }

        if (department is not null)
        {
            clocks = clocks.Where(c => c.Department == department);
        }

        var found = await clocks.OrderBy(c => c.NextDueAt).ThenBy(c => c.Id).Take(limit ?? DefaultLimit).ToListAsync(cancel);
        await session.RecordDeadlines(call, found, cancel);
        var reader = await personal.Reader(session, found.Select(c => c.Extended?.Reason), cancel);
        return Results.Ok(found.Select(clock => View(clock, reader, now)));
    }

    // From the events alone: what is kept of now says only which clocks there are.
    private static async Task<IReadOnlyList<OpenDeadline>> Then(
        IQuerySession session, Actor actor, bool onlyOverdue, string? department, int limit, DateTimeOffset end, PersonalData personal, CallContext call, CancellationToken cancel)
    {
        var hidden = await GetLadderHandler.Oversight(session, cancel);
        var found = new List<ReportClock>();
        var streams = await session.Query<ReportClock>().Where(c => c.FiledAt == null || c.FiledAt < end).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        foreach (var some in streams.Chunk(AtOnce))
        {
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(some) && e.Timestamp < end).OrderBy(e => e.Sequence).ToListAsync(cancel);
            found.AddRange(events.GroupBy(e => e.StreamKey!).Select(s => s.Aggregate((ReportClock?)null, (clock, e) => ReportClock.After(clock, s.Key, e))).OfType<ReportClock>()
                .Where(c => c.NextDueAt is not null && (!onlyOverdue || c.IsOverdue(end)) && (department is null || c.Department == department) && Sees(actor, c, hidden.Contains(c.Ticket))));
        }

        ReportClock[] shown = [.. found.OrderBy(c => c.NextDueAt).ThenBy(c => c.Id, StringComparer.Ordinal).Take(limit)];
        await session.RecordDeadlines(call, shown, cancel);
        var reader = await personal.Reader(session, shown.Select(c => c.Extended?.Reason), cancel);
        return [.. shown.Select(clock => View(clock, reader, end))];
    }

    // The same rule as below, for what was: what is on the conduct of officials by now is not shown as what it was taken for before.
    private static bool Sees(Actor actor, ReportClock then, bool isHiddenNow) => actor switch
    {
        { Role: Role.Regent or Role.Auditor } => true,
        { Role: Role.Dispatcher } => !then.IsOversight && !isHiddenNow,
        { Role: Role.Officer, Department: { } own } => then.Department == own && (then.IsOversight || !isHiddenNow),
        _ => false,
    };

    // To a dispatcher an oversight report does not exist, to an officer only those of the own department.
    private static IQueryable<ReportClock> VisibleTo(IQueryable<ReportClock> clocks, Actor actor) => actor switch
    {
        { Role: Role.Regent or Role.Auditor } => clocks,
        { Role: Role.Dispatcher } => clocks.Where(c => !c.IsOversight),
        { Role: Role.Officer, Department: { } own } => clocks.Where(c => c.Department == own),
        _ => clocks.Where(c => c.Ticket == ""),
    };

    private static OpenDeadline View(ReportClock clock, PersonalReader reader, DateTimeOffset now) => new(
        clock.Ticket, clock.Class, clock.Department, clock.Next()!.Step, clock.NextDueAt!.Value, clock.IsOverdue(now),
        [.. clock.Deadlines.Select(d => (Deadline: d, Met: clock.Met.FirstOrDefault(m => m.Step == d.Step)))
            .Select(d => new StepDeadline(d.Deadline.Step, d.Deadline.WorkingDays, d.Deadline.DueAt, d.Deadline.Rule, d.Met?.At, d.Met?.IsLate))],
        clock.Rung, clock.Extended is { } extended ? new DeadlineExtension(extended.Step, extended.WorkingDays, extended.Office, reader.Open(extended.Reason)) : null);
}

/// <summary>What of deadlines is not for everybody, and is on record when it is shown: that there is a matter of oversight at all, and in which words a deadline was put off.</summary>
internal static class DeadlineReads
{
    private const string Versions = "select id, version from history.mt_streams where tenant_id = $1 and id = any($2)";

    public static async Task RecordDeadlines(this IQuerySession session, CallContext call, IReadOnlyList<ReportClock> shown, CancellationToken cancel)
    {
        var streams = shown.Where(c => c.IsOversight || c.Extended?.Reason is not null).Select(c => c.Id).ToArray();
        var reads = new List<DataRead>(streams.Length);
        if (streams.Length > 0)
        {
            await using var command = new NpgsqlCommand(Versions) { Parameters = { new() { Value = session.TenantId }, new() { Value = streams } } };
            await using var reader = await session.ExecuteReaderAsync(command, cancel);
            while (await reader.ReadAsync(cancel))
            {
                reads.Add(new DataRead(reader.GetString(0), reader.GetInt64(1), "deadlines"));
            }
        }

        await session.Record(call, reads, cancel);
    }
}

internal sealed class GetDueReportsHandler(RegencySessions sessions) : IRequestHandler<GetDueReports, IReadOnlyList<DueReport>>
{
    // More than a regency owes at any time.
    private const int Most = 20_000;

    public async Task<IReadOnlyList<DueReport>> Handle(GetDueReports query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var clocks = session.Query<ReportClock>().Where(c => c.NextDueAt != null);
        if (query.After?.ToUniversalTime() is { } after)
        {
            clocks = clocks.Where(c => c.NextDueAt > after);
        }

        if (query.Before?.ToUniversalTime() is { } before)
        {
            clocks = clocks.Where(c => c.NextDueAt <= before);
        }

        if (query.Tickets is { } tickets)
        {
            var streams = tickets.Select(ReportClock.Stream).ToArray();
            clocks = clocks.Where(c => c.Id.IsOneOf(streams));
        }

        var found = await clocks.OrderBy(c => c.NextDueAt).ThenBy(c => c.Id).Take(Most).Select(c => new { c.Ticket, c.NextDueAt }).ToListAsync(cancel);
        return [.. found.Select(c => new DueReport(c.Ticket, c.NextDueAt!.Value))];
    }
}

internal sealed class GetDeadlinesHandler(RegencySessions sessions, TimeProvider time) : IRequestHandler<GetDeadlines, IReadOnlyDictionary<string, ReportDeadlines>>
{
    public async Task<IReadOnlyDictionary<string, ReportDeadlines>> Handle(GetDeadlines query, CancellationToken cancel)
    {
        if (query.Tickets.Count == 0)
        {
            return new Dictionary<string, ReportDeadlines>();
        }

        var now = time.GetUtcNow();
        await using var session = sessions.Query(query.Regency);
        var clocks = await session.LoadManyAsync<ReportClock>(cancel, [.. query.Tickets.Distinct().Select(ReportClock.Stream)]);
        return clocks.ToDictionary(c => c.Ticket, c => new ReportDeadlines(
            c.Ticket, c.DueFor(Step.Assign).DueAt, c.DueFor(Step.Answer).DueAt, c.DueFor(Step.Settle).DueAt,
            string.Join("; ", c.Deadlines.Select(d => d.Rule)) + Stopped(c), c.IsOverdue(now)));
    }

    private static string Stopped(ReportClock clock) => clock is not { StoppedAt: not null } ? ""
        : clock.StoppedFor == StopReason.Outside ? "; sekarang berhenti: berada di instansi lain / standing still now: with a body outside"
        : "; sekarang berhenti: menunggu pelapor / standing still now: waiting for the reporter";
}
