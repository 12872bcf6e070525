using System.Collections.Concurrent;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Publishing;

/// <summary>A piece of what everybody may hear.</summary>
/// <param name="Position">Up to where it was read: the next piece begins after it.</param>
/// <param name="IsAtEnd">There was nothing more.</param>
internal sealed record PublicPage(IReadOnlyList<PublicEvent> Events, long Position, bool IsAtEnd);

/// <summary>
/// The history of a regency as everybody may hear it, in its order and from any position. Nothing is stored for it: it is read from the committed events up to
/// where these are published, so that none comes later before one that was told; texts are opened and masked as on the pages, as the reports stand now.
/// </summary>
internal sealed class PublicFeed(IServiceScopeFactory scopes, PlatformOptions options)
{
    private const int PageSize = 100;

    // Of the machine's clock: how long what was read is good for all who ask.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(300);

    private const string HeadSql = "select coalesce((select last_seq_id from history.mt_event_progression where name = 'Notifications:All:' || $1), 0)";

    private const string WatchedSql = """
        select seq_id, id, case when type = 'person.erased.v1' then data ->> 'Stream' else stream_id end, type, timestamp from history.mt_events
         where tenant_id = $1 and seq_id > $2 and seq_id <= $3 and (type = any($4) or type = 'person.erased.v1') order by seq_id limit $5
        """;

    private readonly ConcurrentDictionary<string, Known> _known = new();

    private sealed class Known
    {
        public SemaphoreSlim Reading { get; } = new(1, 1);

        public long Head { get; set; }

        public long HeadReadAt { get; set; }

        /// <summary>What was read last, after which position and up to which head: those who listen live all ask for the same.</summary>
        public (long After, long Head, PublicPage Page)? Last { get; set; }
    }

    /// <summary>Up to where the history can be heard.</summary>
    public async ValueTask<long> Head(string regency, CancellationToken cancel)
    {
        var known = _known.GetOrAdd(regency, static _ => new Known());
        await known.Reading.WaitAsync(cancel);
        try
        {
            return await Head(regency, known, cancel);
        }
        finally
        {
            known.Reading.Release();
        }
    }

    /// <summary>What comes after a position.</summary>
    public async Task<PublicPage> After(string regency, long position, CancellationToken cancel)
    {
        var known = _known.GetOrAdd(regency, static _ => new Known());
        // One reads for all, and those who have much to catch up with take turns.
        await known.Reading.WaitAsync(cancel);
        try
        {
            var head = await Head(regency, known, cancel);
            if (position >= head)
            {
                return new PublicPage([], position, IsAtEnd: true);
            }

            if (known.Last is { } last && last.After == position && last.Head == head)
            {
                return last.Page;
            }

            var page = await Read(regency, position, head, cancel);
            known.Last = (position, head, page);
            return page;
        }
        finally
        {
            known.Reading.Release();
        }
    }

    /// <summary>The event at a position as it may be told now; null: nothing of it.</summary>
    public async Task<PublicEvent?> At(string regency, long position, CancellationToken cancel) => (await Read(regency, position - 1, position, cancel)).Events.SingleOrDefault();

    private async ValueTask<long> Head(string regency, Known known, CancellationToken cancel)
    {
        if (known.HeadReadAt == 0 || TimeProvider.System.GetElapsedTime(known.HeadReadAt) > Freshness)
        {
            await using var scope = scopes.CreateAsyncScope();
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
            await using var command = new NpgsqlCommand(HeadSql) { Parameters = { new() { Value = session.TenantId } } };
            await using var reader = await session.ExecuteReaderAsync(command, cancel);
            await reader.ReadAsync(cancel);
            (known.Head, known.HeadReadAt) = (reader.GetInt64(0), TimeProvider.System.GetTimestamp());
        }

        return known.Head;
    }

    private async Task<PublicPage> Read(string regency, long position, long head, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        var (found, count, last) = (new List<Found>(), 0, position);
        await using (var command = new NpgsqlCommand(WatchedSql)
        {
            Parameters =
            {
                new() { Value = session.TenantId }, new() { Value = position }, new() { Value = head }, new() { Value = PublicEventTypes.Watched }, new() { Value = PageSize },
            },
        })
        {
            await using var reader = await session.ExecuteReaderAsync(command, cancel);
            for (; await reader.ReadAsync(cancel); count++)
            {
                last = reader.GetInt64(0);
                if (!await reader.IsDBNullAsync(2, cancel))
                {
                    found.Add(new Found(last, reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)));
                }
            }
        }

        var isAtEnd = count < PageSize;
        return new PublicPage(await Tell(scope, session, regency, found, cancel), isAtEnd ? head : last, isAtEnd);
    }

    private sealed record Found(long Position, Guid Id, string Stream, string Type, DateTimeOffset At);

    /// <summary>These events of some reports, as far as everybody may hear of them.</summary>
    private async Task<IReadOnlyList<PublicEvent>> Tell(AsyncServiceScope scope, IQuerySession session, string regency, IReadOnlyList<Found> found, CancellationToken cancel)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var streams = found.Select(f => f.Stream).Distinct().ToArray();
        var histories = (await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(streams)).OrderBy(e => e.Sequence).ToListAsync(cancel))
            .GroupBy(e => e.StreamKey!).ToDictionary(stream => stream.Key, stream => Tell([.. stream.OrderBy(e => e.Version)]));
        var shown = histories.Values.Select(history => history.Report).OfType<Report>().Where(report => report.IsPublic).ToArray();
        var opened = (await scope.ServiceProvider.GetRequiredService<ReportViews>().Open(session, shown, Viewer.Of(Actor.Citizen, regency), cancel)).ToDictionary(report => report.Ticket);
        var told = new List<PublicEvent>();
        foreach (var one in found)
        {
            var report = opened.GetValueOrDefault(one.Stream);
            var type = one.Type == PublicEventTypes.PersonErased ? report is null ? null : PublicEventTypes.Erased : histories.GetValueOrDefault(one.Stream).Types?.GetValueOrDefault(one.Id);
            if (type is not null)
            {
                var isHidden = type == PublicEventTypes.Hidden;
                told.Add(new PublicEvent(one.Id, one.Position, type, one.Stream, one.At,
                    isHidden || report is null ? null : ReportSummary.Of(report, regency, options), isHidden ? null : report?.Timeline.FirstOrDefault(entry => entry.Id == one.Id)));
            }
        }

        return told;
    }

    /// <summary>Which of a report's events everybody may hear of, and as what; and how it stands after all of them.</summary>
    internal static (Report? Report, IReadOnlyDictionary<Guid, string> Types) Tell(IReadOnlyList<IEvent> history)
    {
        Report? report = null;
        var passed = new List<(IEvent Event, bool Was, bool Is)>();
        foreach (var @event in history)
        {
            var was = report?.IsPublic == true;
            report = Report.After(report, @event);
            report?.Version = @event.Version;
            passed.Add((@event, was, report?.IsPublic == true));
        }

        var types = new Dictionary<Guid, string>();
        foreach (var (@event, was, isPublic) in passed)
        {
            if (PublicEventTypes.Of(@event.EventTypeName, was, isPublic, report?.IsPublic == true) is { } type)
            {
                types[@event.Id] = type;
            }
        }

        return (report, types);
    }
}
