using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Closing;

/// <summary>
/// Closes what is due: settled reports whose reporter did not object in time, and waiting ones whose reporter never answered. When that is, stands
/// in each report, so a restart forgets nothing. Runs on every host: of two that find the same report, one commits and the other finds it closed.
/// </summary>
internal sealed partial class CloseByItself(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<CloseByItself> log) : BackgroundService
{
    private const int Batch = 100;

    // Of the machine's clock: how often one looks, not when something is due.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look);
        while (await Tick(timer, stopping))
        {
            foreach (var regency in await Regencies(stopping))
            {
                try
                {
                    await Sweep(regency.Id, stopping);
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    LogFailed(failure, regency.Id);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Closes what is due in a regency now.</summary>
    /// <returns>How many reports were due.</returns>
    public async Task<int> Sweep(string regency, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<string> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
            due = await session.Query<Report>().Where(r => r.DueAt <= now).OrderBy(r => r.DueAt).Take(Batch).Select(r => r.Id).ToListAsync(cancel);
        }

        foreach (var ticket in due)
        {
            await using var scope = scopes.CreateAsyncScope();
            var call = scope.ServiceProvider.GetRequiredService<CallContext>();
            call.CausationId = "system:closing";
            await scope.ServiceProvider.GetRequiredService<ReportStreams>().ByItself(regency, ticket, "closing", Move.Lapse, Decide, cancel);
        }

        return due.Count;
    }

    public static Decision Decide(Report report, Act act) =>
        report.DueAt is { } due && due <= act.Now ? Decision.Happens(new ReportClosed(report.State == ReportState.WaitingForReporter ? "silence" : "time", null)) : Decision.Nothing;

    private async Task<bool> Tick(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<Regency>> Regencies(CancellationToken stopping)
    {
        try
        {
            return await regencies.All(stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure, "all");
            return [];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is due in {Regency} could not be closed; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
