using Marten;
using SmartCity.Platform.History;
using SmartCity.Reports.Publishing;

namespace SmartCity.Reports.Subscribing;

/// <summary>Webhooks and deliveries of a regency as several hosts share them.</summary>
internal sealed class WebhookStore(RegencySessions sessions, PublicFeed feed, TimeProvider time)
{
    private const int SeldomWritten = 1000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task<IReadOnlyList<Webhook>> All(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.Query<Webhook>().OrderBy(w => w.CreatedAt).ToListAsync(cancel);
    }

    /// <summary>Turns what has happened since into deliveries, each once: they and how far one has come are committed together.</summary>
    public async Task Queue(string regency, Webhook webhook, CancellationToken cancel)
    {
        for (var isAtEnd = false; !isAtEnd && !cancel.IsCancellationRequested;)
        {
            var page = await feed.After(regency, webhook.Position, cancel);
            isAtEnd = page.IsAtEnd;
            // Nothing to tell: how far it was read is written now and then only.
            if (isAtEnd && page.Events.Count == 0 && page.Position - webhook.Position < SeldomWritten)
            {
                return;
            }

            await using var session = sessions.Open(regency);
            // Who waits here finds another host's position afterwards, and begins again from there with the next look.
            if (await Locked(session, webhook.Id, cancel) is not { DisabledAt: null } current || current.Position != webhook.Position)
            {
                return;
            }

            session.Insert(page.Events.Where(e => current.Events.Ask(e.Type)).Select(e => WebhookDelivery.Of(current, e, time.GetUtcNow())).ToArray());
            webhook = current with { Position = page.Position };
            session.Update(webhook);
            await session.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Takes the next due delivery of a webhook. Committed before anything is sent, so that no other host sends it too.</summary>
    public async Task<(Webhook Webhook, WebhookDelivery Delivery)?> Claim(string regency, string id, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var session = sessions.Open(regency);
        if (await session.LoadAsync<Webhook>(id, cancel) is not { } webhook || !webhook.IsReady(now))
        {
            return null;
        }

        await session.BeginTransactionAsync(cancel);
        var due = await session.QueryAsync<WebhookDelivery>(
            "where d.tenant_id = ? and d.webhook = ? and d.due_at <= ? order by d.position limit 1 for update skip locked", cancel, session.TenantId, id, now);
        if (due is not [var next])
        {
            return null;
        }

        var claimed = next.Claimed(now);
        session.Update(claimed);
        await session.SaveChangesAsync(cancel);
        return (webhook, claimed);
    }

    /// <summary>Writes what came of a try, unless somebody else holds the delivery by now.</summary>
    /// <param name="attempt">Null: there was nothing left to tell.</param>
    public async Task<Webhook?> Record(string regency, WebhookDelivery claimed, Attempt? attempt, double jitter, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var session = sessions.Open(regency);
        // The webhook first, here as everywhere, so that nobody waits for another in a circle.
        var webhook = await Locked(session, claimed.Webhook, cancel);
        var held = await session.QueryAsync<WebhookDelivery>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, claimed.Id);
        if (webhook is null || held.SingleOrDefault() is not { } current || current.Claim != claimed.Claim)
        {
            return null;
        }

        session.Update(current.After(attempt, now, jitter));
        var after = attempt is null ? webhook : webhook.After(attempt, now, jitter);
        if (after != webhook)
        {
            session.Update(after);
            if (after.DisabledAt is not null && webhook.DisabledAt is null)
            {
                session.Events.Append(StreamOf(webhook.Id), new WebhookChanged(webhook.Id, "disabled", new Uri(webhook.Url).Host, after.DisabledBecause));
            }
        }

        await session.SaveChangesAsync(cancel);
        return after;
    }

    /// <summary>Registers a webhook, or null: the owner has too many.</summary>
    public async Task<Webhook?> Register(string regency, Func<long, Webhook> make, int most, CancellationToken cancel)
    {
        var webhook = make(await feed.Head(regency, cancel));
        await using var session = sessions.Open(regency);
        if (await session.Query<Webhook>().CountAsync(w => w.Owner == webhook.Owner, cancel) >= most)
        {
            return null;
        }

        session.Insert(webhook);
        session.Events.Append(StreamOf(webhook.Id), new WebhookChanged(webhook.Id, "registered", new Uri(webhook.Url).Host));
        await session.SaveChangesAsync(cancel);
        return webhook;
    }

    /// <summary>Changes a webhook; null: there is none that the caller may see.</summary>
    public async Task<Webhook?> Change(string regency, string id, Func<Webhook, bool> maySee, string what, Func<Webhook, Webhook> change, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        if (await Locked(session, id, cancel) is not { } known || !maySee(known))
        {
            return null;
        }

        var after = change(known);
        session.Update(after);
        session.Events.Append(StreamOf(id), new WebhookChanged(id, what, new Uri(after.Url).Host));
        await session.SaveChangesAsync(cancel);
        return after;
    }

    /// <summary>Removes a webhook with its deliveries; false: there is none that the caller may see.</summary>
    public async Task<bool> Delete(string regency, string id, Func<Webhook, bool> maySee, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        if (await Locked(session, id, cancel) is not { } known || !maySee(known))
        {
            return false;
        }

        session.Delete(known);
        session.DeleteWhere<WebhookDelivery>(d => d.Webhook == id);
        session.Events.Append(StreamOf(id), new WebhookChanged(id, "deleted", new Uri(known.Url).Host));
        await session.SaveChangesAsync(cancel);
        return true;
    }

    public async Task<Webhook?> Find(string regency, string id, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.LoadAsync<Webhook>(id, cancel);
    }

    public async Task<IReadOnlyList<WebhookDelivery>> Deliveries(string regency, string webhook, DeliveryState? state, int skip, int limit, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        IQueryable<WebhookDelivery> found = session.Query<WebhookDelivery>().Where(d => d.Webhook == webhook);
        found = state is { } only ? found.Where(d => d.State == only) : found;
        return await found.OrderByDescending(d => d.QueuedAt).ThenByDescending(d => d.Position).Skip(skip).Take(limit).ToListAsync(cancel);
    }

    /// <summary>Queues a delivery that tells nothing.</summary>
    public async Task<WebhookDelivery> Test(string regency, Webhook webhook, CancellationToken cancel)
    {
        var delivery = WebhookDelivery.Of(webhook, new PublicEvent(Guid.NewGuid(), 0, WebhookDelivery.Test, "", time.GetUtcNow(), null, null), time.GetUtcNow()) with { Ticket = null };
        await using var session = sessions.Open(regency);
        session.Insert(delivery);
        await session.SaveChangesAsync(cancel);
        return delivery;
    }

    /// <summary>Has a delivery sent once more; null: the webhook has no such delivery.</summary>
    public async Task<WebhookDelivery?> Again(string regency, string webhook, string id, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var known = await session.QueryAsync<WebhookDelivery>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, id);
        if (known is not [var delivery] || delivery.Webhook != webhook)
        {
            return null;
        }

        var again = delivery.Again(time.GetUtcNow());
        session.Update(again);
        await session.SaveChangesAsync(cancel);
        return again;
    }

    /// <summary>How many deliveries wait.</summary>
    public async Task<int> Waiting(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return await session.Query<WebhookDelivery>().CountAsync(d => d.DueAt != null, cancel);
    }

    /// <summary>Removes what was done with long ago.</summary>
    public async Task<bool> Prune(string regency, CancellationToken cancel)
    {
        var before = time.GetUtcNow() - Kept;
        await using var session = sessions.Open(regency);
        session.DeleteWhere<WebhookDelivery>(d => d.DueAt == null && d.QueuedAt < before);
        await session.SaveChangesAsync(cancel);
        return true;
    }

    private static string StreamOf(string id) => $"webhook-{id}";

    private static async Task<Webhook?> Locked(IDocumentSession session, string id, CancellationToken cancel)
    {
        await session.BeginTransactionAsync(cancel);
        return (await session.QueryAsync<Webhook>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, id)).SingleOrDefault();
    }
}
