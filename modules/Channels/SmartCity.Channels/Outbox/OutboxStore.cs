using JasperFx;
using Marten;
using Microsoft.Extensions.Configuration;
using SmartCity.Platform.History;

namespace SmartCity.Channels.Outbox;

/// <summary>The outbox of a regency as several hosts share it: a message is held by one of them at a time.</summary>
internal sealed class OutboxStore(RegencySessions sessions, OutboxSignal signal, TimeProvider time, IConfiguration configuration)
{
    private const int LargestBatch = 20;
    private readonly TimeSpan _lease = configuration.GetValue("SmartCity:Channels:Lease", OutboundMessage.Lease);

    /// <summary>Keeps messages that are owed. One that is there, because its notification was published before, stays as it is.</summary>
    public async Task Owe(string regency, IReadOnlyList<OutboundMessage> messages, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        // One is nearly always new; of many, some may have been kept before a host died.
        var known = messages.Count < 2 ? [] : (await session.LoadManyAsync<OutboundMessage>(cancel, [.. messages.Select(m => m.Id)])).Select(m => m.Id).ToHashSet();
        session.Insert(messages.Where(m => !known.Contains(m.Id)).ToArray());
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (DocumentAlreadyExistsException)
        {
            // It was kept before.
        }

        signal.Raise();
    }

    /// <summary>Takes what is due. Committed before anything is sent, so that no other host sends it too.</summary>
    public async Task<IReadOnlyList<OutboundMessage>> Claim(string regency, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var due = await session.QueryAsync<OutboundMessage>(
            "where d.tenant_id = ? and d.due_at <= ? order by d.due_at limit ? for update skip locked", cancel, session.TenantId, now, LargestBatch);
        if (due.Count == 0)
        {
            return [];
        }

        var claimed = due.Select(message => message.Claimed(now, _lease)).ToArray();
        session.Update(claimed);
        await session.SaveChangesAsync(cancel);
        return claimed;
    }

    /// <summary>Writes what came of a try, unless somebody else holds the message by now.</summary>
    /// <param name="instead">The channel that gets it where this one refuses it; null: a person must look.</param>
    public async Task<OutboundMessage?> Record(string regency, OutboundMessage claimed, Delivery delivery, double jitter, CancellationToken cancel, string? instead = null)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var current = await session.QueryAsync<OutboundMessage>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, claimed.Id);
        if (current.SingleOrDefault() is not { } held || held.Claim != claimed.Claim)
        {
            return null;
        }

        held = held with { Account = claimed.Account };
        var now = time.GetUtcNow();
        var after = delivery is Delivery.Refused && instead is not null ? held.On(instead, now, delivery.Problem) : held.After(delivery, now, jitter);
        session.Update(after);
        if (after.State == OutboundState.Sent)
        {
            session.Events.Append(after.Stream, after.Sent());
        }

        await session.SaveChangesAsync(cancel);
        return after;
    }

    /// <summary>Writes down the provider's own word on a message.</summary>
    public async Task Told(string regency, Guid id, Receipt receipt, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            await session.BeginTransactionAsync(cancel);
            var current = await session.QueryAsync<OutboundMessage>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, id);
            if (current.SingleOrDefault() is not { } known || known.After(receipt, time.GetUtcNow()) is not { } after || after == known)
            {
                return;
            }

            session.Update(after);
            if (after.State == OutboundState.Sent && known.State != OutboundState.Sent)
            {
                session.Events.Append(after.Stream, after.Sent());
            }

            try
            {
                await session.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (attempt < 3 && LostRace.Is(failure))
            {
                // Two messages of one conversation were recorded at the same moment.
            }
        }
    }

    /// <summary>A person decides on a message that was given up: it is tried again, or not to be sent.</summary>
    /// <param name="decide">Null: not for the caller.</param>
    public async Task<OutboundMessage?> Decide(string regency, Guid id, Func<OutboundMessage, OutboundMessage?> decide, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var current = await session.QueryAsync<OutboundMessage>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, id);
        if (current.SingleOrDefault() is not { } known || decide(known) is not { } after)
        {
            return null;
        }

        if (after != known)
        {
            session.Update(after);
            if (after.State == OutboundState.Sent)
            {
                session.Events.Append(after.Stream, after.Sent());
            }

            await session.SaveChangesAsync(cancel);
        }

        return after;
    }

    /// <summary>The provider's ids of what has left for a report.</summary>
    public async Task<IReadOnlyList<string>> Receipts(string regency, string ticket, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var known = await session.Query<OutboundMessage>().Where(m => m.Ticket == ticket && (m.Receipt != null || m.DueAt != null)).ToListAsync(cancel);
        return [.. known.SelectMany(m => m.Receipt is { } receipt ? [.. m.Parts, receipt] : m.Parts)];
    }

    /// <summary>Tells every host that an account is left alone, or works again.</summary>
    /// <param name="until">Null: it works.</param>
    public async Task<bool> Leave(string regency, string id, DateTimeOffset? until, int failures, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        if (until is { } then)
        {
            session.Store(new LeftAlone { Id = id, Until = then, Failures = failures });
        }
        else
        {
            session.Delete<LeftAlone>(id);
        }

        await session.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>The accounts that were left alone, as any host found out; those of the past too, until they work again.</summary>
    public async Task<IReadOnlyList<LeftAlone>> LeftAlone(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.Query<LeftAlone>().ToListAsync(cancel);
    }

    /// <summary>How many messages wait, and since when the oldest does.</summary>
    public async Task<(int Count, DateTimeOffset? Oldest)> Waiting(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var waiting = session.Query<OutboundMessage>().Where(m => m.DueAt != null);
        var count = await waiting.CountAsync(cancel);
        return (count, count == 0 ? null : (await waiting.OrderBy(m => m.QueuedAt).FirstOrDefaultAsync(cancel))?.QueuedAt);
    }
}
