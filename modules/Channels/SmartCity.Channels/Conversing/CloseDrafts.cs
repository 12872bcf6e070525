using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Conversing;

/// <summary>A draft whose author says no more becomes a report as it is. On every host: a report is made once of its first message.</summary>
internal sealed partial class CloseDrafts(IServiceScopeFactory scopes, RegencyRegistry regencies, ChannelList channels, TimeProvider time, ILogger<CloseDrafts> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await Sweep(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task Sweep(CancellationToken stopping)
    {
        try
        {
            foreach (var regency in await regencies.All(stopping))
            {
                await using var scope = scopes.CreateAsyncScope();
                var now = time.GetUtcNow();
                await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency.Id);
                foreach (var talk in await session.Query<Talk>().Where(t => t.DraftDueAt != null && t.DraftDueAt < now).Take(100).ToListAsync(stopping))
                {
                    if (channels.Find(talk.Channel) is { } channel)
                    {
                        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.Citizen;
                        await scope.ServiceProvider.GetRequiredService<Converse>().CloseDraft(regency.Id, channel, talk, stopping);
                    }
                }
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Drafts could not be looked through; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
