using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Climbing;

/// <summary>
/// Warns of what is due soon, and takes what is late one rung up. When to look stands in each clock, so a restart forgets nothing, and nothing is
/// searched. Runs on every host: of two that find the same report, one commits and the other, which waits for it, finds it done.
/// </summary>
internal sealed partial class ClimbByItself(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<ClimbByItself> log) : BackgroundService
{
    private const int Batch = 100;

    // Of the machine's clock: how often one looks, not when something is due.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

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
                        await SweepSafely(regency.Id, stopping);
                    }
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    LogFailed(failure, "all");
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private readonly HashSet<string> _entered = [];

    private async Task SweepSafely(string regency, CancellationToken stopping)
    {
        try
        {
            if (!_entered.Contains(regency))
            {
                await Enter(regency, stopping);
                _entered.Add(regency);
            }

            while (await Sweep(regency, stopping) == Batch)
            {
                // There may be more.
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure, regency);
        }
    }

    /// <summary>Clocks that are older than the ladder do not say when to look at them: from now on they do.</summary>
    private async Task Enter(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (sessions, call) = (scope.ServiceProvider.GetRequiredService<RegencySessions>(), scope.ServiceProvider.GetRequiredService<CallContext>());
        (call.Actor, call.CausationId) = (Actor.System("ladder"), "system:ladder");
        var calendar = await scope.ServiceProvider.GetRequiredService<WorkingCalendars>().Of(regency, sessions, cancel);
        IReadOnlyList<string> old;
        await using (var session = sessions.Query(regency))
        {
            old = await session.Query<ReportClock>().Where(c => c.NextDueAt != null && c.LookAt == null && c.Office == null).Select(c => c.Id).ToListAsync(cancel);
        }

        foreach (var stream in old)
        {
            await using var session = sessions.Open(regency);
            var clock = await session.Events.FetchForExclusiveWriting<ReportClock>(stream, cancel);
            if (clock.Aggregate is { LookAt: null, Office: null, NextDueAt: not null } known)
            {
                var now = time.GetUtcNow();
                clock.AppendOne(new LadderEntered(now, known.Department is null || known.IsMet(Contracts.Step.Answer) ? null : Rules.SilentAt(now, calendar)));
                try
                {
                    await session.SaveChangesAsync(cancel);
                }
                catch (Exception failure) when (LostRace.Is(failure))
                {
                    // Something happened to it at the same moment, so it says now when to look at it.
                }
            }
        }
    }

    /// <summary>Does what is to be done in a regency now.</summary>
    /// <returns>How many reports were dealt with.</returns>
    public async Task<int> Sweep(string regency, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<RegencySessions>();
        IReadOnlyList<string> due;
        await using (var session = sessions.Query(regency))
        {
            due = await session.Query<ReportClock>().Where(c => c.LookAt <= now).OrderBy(c => c.LookAt).Take(Batch).Select(c => c.Id).ToListAsync(cancel);
        }

        if (due.Count == 0)
        {
            return 0;
        }

        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        (call.Actor, call.CausationId) = (Actor.System("ladder"), "system:ladder");
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        var calendar = await scope.ServiceProvider.GetRequiredService<WorkingCalendars>().Of(regency, sessions, cancel);
        var terms = await sender.Send(new GetOfficeTerms(regency), cancel);
        var outside = (await sender.Send(new GetDepartments(regency), cancel)).Where(d => d.Kind == DepartmentKind.Outside).Select(d => d.Code).ToHashSet();
        var done = 0;
        foreach (var stream in due)
        {
            try
            {
                await using var session = sessions.Open(regency);
                var clock = await session.Events.FetchForExclusiveWriting<ReportClock>(stream, cancel);
                if (clock.Aggregate is { } known && Ladder.Decide(known, calendar, terms, known.Department is { } code && outside.Contains(code), now) is { } happens)
                {
                    clock.AppendOne(happens);
                    await session.SaveChangesAsync(cancel);
                    done++;
                }
            }
            catch (Exception failure) when (LostRace.Is(failure))
            {
                // Another host has done it, or the department something at the same moment: the next look decides on that.
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                // One that cannot be taken up must not hold up those behind it.
                LogFailed(failure, $"{regency}: {stream}");
            }
        }

        return done;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is late in {Regency} could not be taken up the ladder; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
