using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Accountability.Digests;

/// <summary>
/// In the morning of each working day, by the clock of the place, every department is told what it owes, once: the day has a stream of its own,
/// digest-2026-11-30, and of two hosts that start it one finds it there. A day on which no host ran is not made up for.
/// </summary>
internal sealed partial class SendDigests(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<SendDigests> log) : BackgroundService
{
    // Of the machine's clock: how often one looks.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateOnly> _done = [];

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
                        await SendSafely(regency, stopping);
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

    private async Task SendSafely(Regency regency, CancellationToken stopping)
    {
        try
        {
            var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone);
            var today = DateOnly.FromDateTime(now.Date);
            if (TimeOnly.FromDateTime(now.DateTime) >= Rules.Morning && _done.GetValueOrDefault(regency.Id) != today)
            {
                await Send(regency.Id, today, stopping);
                _done[regency.Id] = today;
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure, regency.Id);
        }
    }

    /// <summary>Makes the digest of a day, unless there is one or nobody works.</summary>
    public async Task Send(string regency, DateOnly today, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (sessions, call) = (scope.ServiceProvider.GetRequiredService<RegencySessions>(), scope.ServiceProvider.GetRequiredService<CallContext>());
        (call.Actor, call.CausationId) = (Actor.System("digest"), "system:digest");
        var calendar = await scope.ServiceProvider.GetRequiredService<WorkingCalendars>().Of(regency, sessions, cancel);
        if (!calendar.Days.IsWorkingDay(today))
        {
            return;
        }

        await using var session = sessions.Open(regency);
        var stream = $"digest-{today:yyyy-MM-dd}";
        if (await session.Events.FetchStreamStateAsync(stream, cancel) is not null)
        {
            return;
        }

        var departments = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetDepartments(regency), cancel);
        var owed = await session.Query<ReportClock>().Where(c => c.NextDueAt != null && c.Department != null).ToListAsync(cancel);
        var digest = Make(today, departments, owed, calendar, time.GetUtcNow());
        if (digest.Departments.Count == 0)
        {
            return;
        }

        session.Events.StartStream(stream, digest);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (LostRace.Is(failure))
        {
            // Another host has made it.
        }
    }

    /// <summary>What departments owe; one that owes nothing is left in peace.</summary>
    public static DigestMade Make(DateOnly today, IReadOnlyList<Department> departments, IReadOnlyList<ReportClock> owed, RegencyCalendar calendar, DateTimeOffset now) => new(today,
    [
        .. owed.GroupBy(c => c.Department!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new DepartmentDigest(
            g.Key, g.Count(),
            g.Count(c => !c.IsOverdue(now) && calendar.Days.Day(c.NextDueAt!.Value.AddTicks(-1)) == today),
            [.. g.Where(c => c.IsOverdue(now)).OrderBy(c => c.NextDueAt).ThenBy(c => c.Ticket, StringComparer.Ordinal).Select(c => c.Ticket)],
            g.Count(c => c.Rung != Rung.Officer),
            departments.FirstOrDefault(d => d.Code == g.Key)?.Kind is not (null or DepartmentKind.Outside),
            g.Any(c => c.IsOversight))),
    ]);

    [LoggerMessage(Level = LogLevel.Error, Message = "The digest of {Regency} could not be made; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);
}
