using Marten;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Channels.Alerting;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Bursts;

/// <summary>
/// Looks every few seconds whether many similar reports have come, and gathers them into one incident, of which public relations and the
/// regent hear once. A lock lets one host look at a regency at a time.
/// </summary>
internal sealed partial class GatherBursts(IServiceScopeFactory scopes, RegencyRegistry regencies, AlertOptions alerts, OutboxSignal signal, TimeProvider time, IConfiguration configuration, ILogger<GatherBursts> log)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(3);
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
        foreach (var category in open.Keys.Union(recent.Keys).ToArray())
        {
            var (count, first, last) = recent.GetValueOrDefault(category);
            var known = open.GetValueOrDefault(category);
            if (Gathering.Next(known, category, count, first, last, _threshold, now, Guid.CreateVersion7().ToString("N")) is not { } next)
            {
                continue;
            }

            session.Store(next);
            if (known is null)
            {
                session.Events.Append(next.Stream, new IncidentBegan(category, next.StartedAt, count));
                await Alert(scope, session, regency, next, count, now, cancel);
            }
        }

        await session.SaveChangesAsync(cancel);
        signal.Raise();
    }

    private async Task<Dictionary<string, (int Count, DateTimeOffset? First, DateTimeOffset? Last)>> Recent(IQuerySession session, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select category, count(*)::int, min(since), max(since) from channels.mt_doc_answerowed where tenant_id = $1 and since > $2 and category is not null group by category")
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

    private async Task Alert(AsyncServiceScope scope, IDocumentSession session, string regency, Burst burst, int count, DateTimeOffset now, CancellationToken cancel)
    {
        var categories = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetCategories(regency), cancel);
        var category = categories.FirstOrDefault(c => c.Code == burst.Category);
        var departments = (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetDepartments(regency), cancel)).Select(d => d.Code).ToHashSet();
        var minutes = Math.Max(1, (int)Math.Ceiling((now - burst.StartedAt).TotalMinutes));
        AlertRecipient[] chosen = [.. (alerts.Of(regency) ?? []).Where(r => !departments.Contains(r.Name))];
        foreach (var recipient in chosen.Length > 0 ? chosen : AlertOptions.Usual)
        {
            session.Insert(new OutboundMessage
            {
                Id = OutboundMessage.IdOf(Guid.Empty, $"incident {regency} {burst.Id} {recipient.Name}"),
                Ticket = "",
                Kind = "incident",
                Channel = recipient.Channel,
                Conversation = recipient.To,
                Text = $"{count} laporan serupa dalam {minutes} menit: {category?.Name ?? burst.Category}. Satu jawaban untuk semua pelapor dapat dikirim dari meja kejadian. / {count} similar reports in {minutes} minutes: {category?.EnglishName ?? burst.Category}. One answer to all who reported can be sent from the desk.",
                About = recipient.Name,
                QueuedAt = now,
                DueAt = now,
                Cause = Guid.Empty,
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Bursts of {Regency} could not be looked for; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
