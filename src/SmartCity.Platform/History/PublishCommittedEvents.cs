using System.Collections.Concurrent;
using System.Diagnostics;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;

namespace SmartCity.Platform.History;

/// <summary>
/// Reads each regency's committed events from a durable position and publishes them as <see cref="Committed{TEvent}"/>: those of
/// one stream in their order, different streams side by side. One host leads per database; after a crash the last page is published again.
/// </summary>
internal sealed partial class PublishCommittedEvents(IServiceScopeFactory scopes, IntakePressure intake, TimeProvider time, ILogger<PublishCommittedEvents> log) : ISubscription
{
    // Handlers wait for the database most of the time; more at once than this only queues there.
    private const int StreamsAtOnce = 8;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    public async Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancel)
    {
        await Parallel.ForEachAsync(
            page.Events.GroupBy(e => e.StreamKey), new ParallelOptions { MaxDegreeOfParallelism = StreamsAtOnce, CancellationToken = cancel },
            async (stream, stop) =>
            {
                foreach (var committed in stream)
                {
                    await intake.Yielding(() => PublishWithRetry(committed, stop), stop);
                }
            });
        return NullChangeListener.Instance;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PublishWithRetry(IEvent committed, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await scopes.Publish(committed, cancel);
                return;
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                if (attempt == Pauses.Length)
                {
                    // One event that a handler cannot take must not stop a regency: it is set aside, counted, and published again later.
                    await SetAside(committed, failure, cancel);
                    Meters.NotificationsSetAside.Add(1, new KeyValuePair<string, object?>("event", committed.EventTypeName));
                    LogSetAside(failure, committed.EventTypeName, committed.Id);
                    return;
                }

                LogRetry(failure, committed.EventTypeName, committed.Id, attempt + 1);
                await Task.Delay(Pauses[attempt], cancel);
            }
        }
    }

    private async Task SetAside(IEvent committed, Exception failure, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().OpenForMany(RegencyCode.OfTenant(committed.TenantId).Value);
        session.Store(EventSetAside.Of(committed, failure, 0, time.GetUtcNow()));
        await session.SaveChangesAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Type} {Id} could not be handled, try {Attempt}.")]
    private partial void LogRetry(Exception failure, string type, Guid id, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Type} {Id} is set aside: a handler failed every time. It is published again later.")]
    private partial void LogSetAside(Exception failure, string type, Guid id);
}

/// <summary>Gives a committed event to all its handlers.</summary>
internal static class EventPublishing
{
    private static readonly ConcurrentDictionary<Type, Func<IEvent, INotification>> Factories = new();

    public static async Task Publish(this IServiceScopeFactory scopes, IEvent committed, CancellationToken cancel)
    {
        using var activity = Traces.Continue($"publish {committed.EventTypeName}", ActivityKind.Consumer, committed.GetHeader(EventHeaders.TraceParent)?.ToString());
        activity?.SetTag("smartcity.regency", committed.TenantId).SetTag("smartcity.stream", committed.StreamKey);

        await using var scope = scopes.CreateAsyncScope();
        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        call.Actor = Actor.System("platform");
        call.CorrelationId = committed.CorrelationId ?? call.CorrelationId;
        call.CausationId = $"event:{committed.Id}";
        await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(Notification(committed), cancel);
    }

    private static INotification Notification(IEvent committed) => Factories.GetOrAdd(committed.EventType, static type =>
        typeof(EventPublishing).GetMethod(nameof(Typed), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).CreateDelegate<Func<IEvent, INotification>>())(committed);

    private static INotification Typed<TEvent>(IEvent committed) where TEvent : notnull =>
        new Committed<TEvent>((TEvent)committed.Data, committed.Envelope());
}

/// <summary>Runs all handlers of a notification, also after one has failed; then fails with all that failed.</summary>
internal sealed class EveryHandlerRuns : INotificationPublisher
{
    public async Task Publish(IEnumerable<NotificationHandlerExecutor> handlers, INotification notification, CancellationToken cancel)
    {
        List<Exception>? failures = null;
        foreach (var handler in handlers)
        {
            try
            {
                await handler.HandlerCallback(notification, cancel);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                (failures ??= []).Add(failure);
            }
        }

        if (failures is not null)
        {
            throw failures is [var only] ? only : new AggregateException(failures);
        }
    }
}
