using System.Runtime.CompilerServices;
using JasperFx;
using JasperFx.Events;
using Marten;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Retaining;

/// <summary>Finds and erases what has been kept long enough.</summary>
internal sealed class Retention(RegencySessions sessions, PersonalTraces traces, TimeProvider time)
{
    private const int Page = 500, Attempts = 3;
    private const string MessageStart = "message-";

    /// <summary>The policy of a regency.</summary>
    public async Task<RetentionPolicy> Policy(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadAsync<RetentionPolicy>(RetentionPolicy.Stream, cancel) ?? RetentionPolicy.Default;
    }

    /// <summary>Changes periods; the same again changes nothing.</summary>
    public async Task Define(string regency, IReadOnlyDictionary<string, int> days, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var stream = await session.Events.FetchForWriting<RetentionPolicy>(RetentionPolicy.Stream, cancel);
            var known = (stream.Aggregate ?? RetentionPolicy.Default).Days;
            var all = RetentionPolicy.Defaults.Keys.ToDictionary(name => name, name => days.TryGetValue(name, out var one) ? one : known.GetValueOrDefault(name, RetentionPolicy.Defaults[name]));
            if (stream.Aggregate is not null && all.All(d => known.GetValueOrDefault(d.Key) == d.Value))
            {
                return;
            }

            stream.AppendOne(new RetentionDefined(all));
            try
            {
                await session.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (attempt < Attempts && failure is EventStreamUnexpectedMaxEventIdException or ConcurrencyException)
            {
                // Somebody else decided at the same moment: decide again on top of it.
            }
        }
    }

    /// <summary>What is due, in no order; ids are those of keys.</summary>
    /// <param name="on">As on this day; null: now.</param>
    public async IAsyncEnumerable<(string Id, DueErasure Erasure)> Due(string regency, DateTimeOffset? on, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (policy, now) = (await Policy(regency, cancel), (on ?? time.GetUtcNow()).ToUniversalTime());
        var (before, after) = (now - policy.Shortest, "");
        while (true)
        {
            await using var session = sessions.Query(regency);
            var keys = await session.QueryAsync<PersonalKey>(
                "where d.tenant_id = ? and d.destroyed_at is null and d.created_at <= ? and d.id > ? order by d.id limit ?", cancel, session.TenantId, before, after, Page);
            if (keys.Count == 0)
            {
                yield break;
            }

            after = keys[^1].Id;
            var streams = keys.Select(k => k.Stream).OfType<string>().Distinct().ToArray();
            var tickets = streams.Where(s => !s.StartsWith(MessageStart, StringComparison.Ordinal)).ToArray();
            var reports = (await session.LoadManyAsync<Report>(cancel, tickets)).ToDictionary(r => r.Id);
            // A message of which a report was made goes with the report.
            var messages = streams.Except(tickets).ToArray();
            var kept = messages.Length == 0 ? [] : (await session.Query<PersonalKey>().Where(k => k.Origin.IsOneOf(messages) && k.DestroyedAt == null).ToListAsync(cancel)).Select(k => k.Origin!).ToHashSet();
            foreach (var key in keys.Where(k => k.Stream is not null))
            {
                if (reports.TryGetValue(key.Stream!, out var report))
                {
                    var @class = report.Class;
                    if (ClosedAt(report) is { } closed && closed + policy.Of(@class) is var due && due <= now)
                    {
                        yield return (key.Id, new DueErasure(report.Id, @class, closed, due));
                    }
                }
                else if (key.Stream!.StartsWith(MessageStart, StringComparison.Ordinal) && !kept.Contains(key.Stream)
                    && key.CreatedAt is { } came && came + policy.Of(RetentionPolicy.Message) is var due && due <= now)
                {
                    yield return (key.Id, new DueErasure(key.Stream, RetentionPolicy.Message, came, due));
                }
            }
        }
    }

    /// <summary>Erases all that is due.</summary>
    /// <returns>How many keys were destroyed.</returns>
    public async Task<int> Erase(string regency, CancellationToken cancel)
    {
        var (batch, count) = (new List<string>(), 0);
        await foreach (var (id, _) in Due(regency, null, cancel))
        {
            batch.Add(id);
            if (batch.Count == Page)
            {
                count += (await traces.Erase(regency, batch, ErasureGround.Retention, null, null, cancel)).Count;
                batch.Clear();
            }
        }

        return count + (batch.Count == 0 ? 0 : (await traces.Erase(regency, batch, ErasureGround.Retention, null, null, cancel)).Count);
    }

    // What is said after it was done begins the time anew; closing by itself says nothing, nor does what staff do among themselves.
    private static DateTimeOffset? ClosedAt(Report report) => report.State.IsDone() ? report.Timeline.LastOrDefault(entry => entry.What != "closed" && !Report.IsNoWord(entry.What))?.At ?? report.UpdatedAt : null;
}
