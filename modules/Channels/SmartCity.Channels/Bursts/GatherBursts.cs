using Marten;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Channels.Official;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Bursts;

/// <summary>
/// Looks every few seconds whether many reports of one category have come, and has them gathered into one incident, of which those on duty
/// are alerted once. A lock lets one host look at a regency at a time.
/// </summary>
internal sealed partial class GatherBursts(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, IConfiguration configuration, ILogger<GatherBursts> log)
    : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(3), Overlap = TimeSpan.FromMinutes(1);
    private readonly int _threshold = configuration.GetValue("SmartCity:Channels:Bursts:Reports", 30);
    private readonly TimeSpan _window = configuration.GetValue("SmartCity:Channels:Bursts:Window", TimeSpan.FromMinutes(10));

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    await Try(regency.Id, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task Try(string regency, CancellationToken stopping)
    {
        try
        {
            await Gather(regency, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure, regency);
        }
    }

    private async Task Gather(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("channels");
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
        await session.BeginTransactionAsync(cancel);
        if ((await session.AdvancedSql.QueryAsync<int>("select 1 where pg_try_advisory_xact_lock(hashtextextended(?, 0))", cancel, $"smartcity.bursts {regency}")).Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var open = (await session.Query<Burst>().Where(b => b.EndedAt == null).ToListAsync(cancel)).ToDictionary(b => b.Category);
        var recent = await Recent(session, now, cancel);
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        foreach (var category in open.Keys.Union(recent.Keys).ToArray())
        {
            var (count, first, last) = recent.GetValueOrDefault(category);
            if (Gathering.Next(open.GetValueOrDefault(category), category, count, first, last, _threshold, now, $"burst-{Guid.CreateVersion7():N}") is { } next)
            {
                var before = open.GetValueOrDefault(category);
                var after = next.EndedAt is null ? await IntoIncident(session, sender, regency, next, before?.LastAt, now, cancel) : next;
                session.Events.Append(after.Id, [.. Events(before, after)]);
            }
        }

        await session.SaveChangesAsync(cancel);
    }

    private static IEnumerable<object> Events(Burst? before, Burst after)
    {
        if (before is null)
        {
            yield return new BurstBegan(after.Category, after.StartedAt, after.LastAt, after.Incident);
        }

        if (after.EndedAt is { } end)
        {
            yield return new BurstEnded(end, after.LastAt, after.Incident);
        }
        else if (before is not null)
        {
            yield return new BurstGrew(after.LastAt, after.Incident);
        }
    }

    /// <summary>Gathers what has come since; opens the incident where there is none. A burst whose incident a person has closed is over.</summary>
    private static async Task<Burst> IntoIncident(IQuerySession session, ISender sender, string regency, Burst burst, DateTimeOffset? gatheredTo, DateTimeOffset now, CancellationToken cancel)
    {
        // Reports are taken up side by side, so one that came a little earlier may be seen a little later.
        var (category, from) = (burst.Category, gatheredTo is { } to ? to - Overlap : burst.StartedAt);
        var tickets = await session.Query<AnswerOwed>().Where(a => a.Category == category && a.Since >= from && a.Since <= now).OrderBy(a => a.Since).Select(a => a.Id).ToListAsync(cancel);
        // Opened before, by a person or by a host that did not live to write it down.
        var incident = burst.Incident ?? (await sender.Send(new ListIncidents(regency, IsOpen: true), cancel)).Incidents.FirstOrDefault(i => i.Tickets.Intersect(tickets).Any())?.Id;
        foreach (var some in tickets.Chunk(AtOnce))
        {
            var outcome = incident is null ? await sender.Send(new OpenIncident(regency, await Title(sender, regency, burst, tickets.Count, now, cancel), null, null, null, some), cancel)
                : await sender.Send(new GatherReports(regency, incident, some), cancel);
            if (!outcome.IsDone)
            {
                return burst with { Incident = incident, EndedAt = now };
            }

            incident = outcome.Value!.Id;
        }

        return burst with { Incident = incident };
    }

    private static async Task<string> Title(ISender sender, string regency, Burst burst, int count, DateTimeOffset now, CancellationToken cancel)
    {
        var category = (await sender.Send(new GetCategories(regency), cancel)).FirstOrDefault(c => c.Code == burst.Category);
        var minutes = Math.Max(1, (int)Math.Ceiling((now - burst.StartedAt).TotalMinutes));
        return $"{count} laporan serupa dalam {minutes} menit: {category?.Name ?? burst.Category} / {count} similar reports in {minutes} minutes: {category?.EnglishName ?? burst.Category}";
    }

    private async Task<Dictionary<string, (int Count, DateTimeOffset? First, DateTimeOffset? Last)>> Recent(IQuerySession session, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select category, count(*)::int, min(since), max(since) from channels.mt_doc_answerowed a where tenant_id = $1 and since > $2 and category is not null " +
            "and not exists (select 1 from channels.mt_doc_reportburst b where b.tenant_id = $1 and b.data ->> 'Category' = a.category and (b.data ->> 'EndedAt')::timestamptz >= a.since) group by category")
        {
            Parameters = { new() { Value = session.TenantId }, new() { Value = (now - _window).ToUniversalTime() } },
        };
        var found = new Dictionary<string, (int, DateTimeOffset?, DateTimeOffset?)>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            found[reader.GetString(0)] = (reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3));
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Bursts of {Regency} could not be looked for; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
