using System.Globalization;
using JasperFx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Reports.Retaining;

/// <summary>A day on which a regency's retention was run; whoever writes it first runs it.</summary>
[NotInEvents("On which day retention ran last; what it erased is in events.")]
internal sealed record RetentionRun
{
    public const string Only = "retention";

    public required string Id { get; init; }

    /// <summary>By the regency's own calendar.</summary>
    public required string Day { get; init; }
}

/// <summary>
/// Once a day and regency, on one host, erases what has been kept long enough. A host that dies in the middle leaves the rest for the next day.
/// </summary>
internal sealed partial class RunRetention(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<RunRetention> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, string> _done = [];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    await RunOnceADay(regency, stopping);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogNotRun(failure, "all");
            }

            // The machine's clock: the domain's may stand still or jump, and is asked each time.
            await Task.Delay(Look, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs what is due today, unless this or another host has run it.</summary>
    internal async Task RunOnceADay(Regency regency, CancellationToken cancel)
    {
        var day = TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (_done.GetValueOrDefault(regency.Id) == day)
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("retention");
            if (await Claim(scope.ServiceProvider.GetRequiredService<RegencySessions>(), regency.Id, day, cancel))
            {
                var count = await scope.ServiceProvider.GetRequiredService<Retention>().Erase(regency.Id, cancel);
                if (count > 0)
                {
                    LogRun(count, regency.Id);
                }
            }

            _done[regency.Id] = day;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotRun(failure, regency.Id);
        }
    }

    private static async Task<bool> Claim(RegencySessions sessions, string regency, string day, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        var run = (await session.QueryAsync<RetentionRun>("where d.tenant_id = ? and d.id = ? for update", cancel, session.TenantId, RetentionRun.Only)).SingleOrDefault();
        // The days are compared as texts. A clock that was set back does not run again.
        if (run is not null && string.CompareOrdinal(run.Day, day) >= 0)
        {
            return false;
        }

        var today = new RetentionRun { Id = RetentionRun.Only, Day = day };
        try
        {
            if (run is null)
            {
                session.Insert(today);
            }
            else
            {
                session.Update(today);
            }

            await session.SaveChangesAsync(cancel);
            return true;
        }
        catch (DocumentAlreadyExistsException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} keys of personal data of {Regency} were kept long enough and are destroyed.")]
    private partial void LogRun(int count, string regency);

    [LoggerMessage(Level = LogLevel.Error, Message = "Personal data of {Regency} that was kept long enough could not be erased; it is tried again.")]
    private partial void LogNotRun(Exception failure, string regency);
}
