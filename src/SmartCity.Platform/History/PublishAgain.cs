using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Regencies;

namespace SmartCity.Platform.History;

/// <summary>A committed event that a handler could not take, however often it was tried at once.</summary>
[NotInEvents("Events that are to be published again because a handler failed; a row goes when every handler has taken its event.")]
internal sealed record EventSetAside
{
    // At first soon, for what passes; then seldom, for what waits for another version of the platform.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromHours(1);

    /// <summary>The event's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its place among the events of the regency.</summary>
    public required long Position { get; init; }

    /// <summary>What went wrong the last time: the type alone, because its words may name people.</summary>
    public required string Failure { get; init; }

    /// <summary>How often it was published in vain.</summary>
    public required int Times { get; init; }

    /// <summary>When it is published again.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>After it was published in vain once more.</summary>
    /// <param name="times">How often it was before.</param>
    public static EventSetAside Of(IEvent committed, Exception failure, int times, DateTimeOffset now) => new()
    {
        Id = committed.Id.ToString(),
        Position = committed.Sequence,
        Failure = failure.GetBaseException().GetType().Name,
        Times = times + 1,
        DueAt = now + (times < 6 ? First * (1 << times) : Longest),
    };
}

/// <summary>
/// Publishes again what was set aside. Its later events were published meanwhile: handlers read how things stand, and do nothing the second time.
/// Runs on every host; a row is locked while its event is published.
/// </summary>
internal sealed partial class PublishAgain(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<PublishAgain> log) : BackgroundService
{
    // Of the machine's clock: how often one looks, not when something is due.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    foreach (var regency in await regencies.All(stopping))
                    {
                        await Sweep(regency.Id, stopping);
                    }
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    LogFailed(failure);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    // What goes wrong in one regency must not keep the others waiting.
    private async Task Sweep(string regency, CancellationToken stopping)
    {
        try
        {
            while (await Next(regency, stopping))
            {
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure);
        }
    }

    private async Task<bool> Next(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().OpenForMany(regency);
        await session.BeginTransactionAsync(cancel);
        var due = await session.QueryAsync<EventSetAside>("where d.tenant_id = ? and d.due_at <= ? order by d.due_at limit 1 for update skip locked", cancel, session.TenantId, time.GetUtcNow());
        if (due is not [var aside])
        {
            return false;
        }

        var committed = await session.Events.QueryAllRawEvents().Where(e => e.Sequence == aside.Position).SingleAsync(cancel);
        try
        {
            await scopes.Publish(committed, cancel);
            session.Delete(aside);
            LogTaken(committed.EventTypeName, committed.Id, aside.Times + 1);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            session.Update(EventSetAside.Of(committed, failure, aside.Times, time.GetUtcNow()));
            LogStill(failure, committed.EventTypeName, committed.Id, aside.Times + 1);
        }

        await session.SaveChangesAsync(cancel);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Event {Type} {Id} was set aside and is taken now, at the {Times}th time.")]
    private partial void LogTaken(string type, Guid id, int times);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Type} {Id} stays set aside: it was published {Times} times in vain.")]
    private partial void LogStill(Exception failure, string type, Guid id, int times);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was set aside could not be published again; it is tried once more.")]
    private partial void LogFailed(Exception failure);
}
