using JasperFx;
using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Planning;

/// <summary>A change of a planned work that is still to be told to those who asked for it, and how far that has come.</summary>
[NotInEvents("Work still to be done: what reporters have to be told; what they were told is in events.")]
internal sealed record PlanNews
{
    /// <summary>The id of the work's event.</summary>
    public required string Id { get; init; }

    public required string Work { get; init; }

    /// <summary>The work's version after the change.</summary>
    public required long Version { get; init; }

    /// <summary>The event's place in the history: told in this order.</summary>
    public required long Position { get; init; }

    /// <summary>Reports up to this number were told.</summary>
    public long Told { get; init; }
}

/// <summary>
/// Notes that a planned work has changed; thousands may have asked for it, so the telling is done page by page beside the publication of events.
/// Whoever is put with a work, or merged into a report that is, at the moment when the work changes, is told here.
/// </summary>
internal sealed class NotePlanNews(ReportStreams reports, RegencySessions sessions, ISender sender, PlanSignal signal, CallContext call) :
    INotificationHandler<Committed<PlannedWorkChanged>>, INotificationHandler<Committed<PlannedWorkStarted>>,
    INotificationHandler<Committed<PlannedWorkFinished>>, INotificationHandler<Committed<PlannedWorkCancelled>>,
    INotificationHandler<Committed<ReportAnswered>>, INotificationHandler<Committed<ReportPlanned>>, INotificationHandler<Committed<ReportMerged>>
{
    internal const string Part = "planning";

    public Task Handle(Committed<PlannedWorkChanged> committed, CancellationToken cancel) => Note(committed.Envelope, cancel);

    public Task Handle(Committed<PlannedWorkStarted> committed, CancellationToken cancel) => Note(committed.Envelope, cancel);

    public Task Handle(Committed<PlannedWorkFinished> committed, CancellationToken cancel) => Note(committed.Envelope, cancel);

    public Task Handle(Committed<PlannedWorkCancelled> committed, CancellationToken cancel) => Note(committed.Envelope, cancel);

    public async Task Handle(Committed<ReportAnswered> committed, CancellationToken cancel)
    {
        var plan = committed.Event.Outcome?.Plan;
        if (plan is { Version: 0 })
        {
            await WriteDown(committed.Envelope, committed.Event.Department, plan, cancel);
        }

        await CatchUp(committed.Envelope, plan, cancel);
    }

    public Task Handle(Committed<ReportPlanned> committed, CancellationToken cancel) => CatchUp(committed.Envelope, committed.Event.Plan, cancel);

    public async Task Handle(Committed<ReportMerged> committed, CancellationToken cancel)
    {
        var (regency, main) = (committed.Envelope.Regency.Value, committed.Event.Into);
        await using var session = sessions.Query(regency);
        if (await session.LoadAsync<Report>(main, cancel) is { IsPublic: true, Plan: { } plan })
        {
            await reports.ByItself(regency, committed.Envelope.Stream, Part, Move.TellPlan, (report, _) =>
                report.MergedInto == main ? TellOfPlans.Decide(report, plan, null, null) : Decision.Nothing, cancel);
        }
    }

    private async Task Note(EventEnvelope envelope, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        if (await PlanChange.Of(sender, regency, envelope.Stream, envelope.Version, cancel) is not { IsNews: true })
        {
            return;
        }

        call.Actor = Actor.System(Part);
        await using var session = sessions.Open(regency);
        session.Insert(new PlanNews { Id = envelope.Id.ToString("N"), Work = envelope.Stream, Version = envelope.Version, Position = envelope.Position });
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (DocumentAlreadyExistsException)
        {
            // The notification was published before.
        }

        signal.Raise();
    }

    // An answer is committed before the work that it brings into the plan, so that no work is planned by an answer that came too late.
    private async Task WriteDown(EventEnvelope envelope, string department, ReportPlan plan, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        await using var session = sessions.Query(regency);
        if (await sender.Send(new GetPlannedWork(regency, plan.Work), cancel) is null && await session.LoadAsync<Report>(envelope.Stream, cancel) is { } report)
        {
            call.Actor = Actor.System(Part);
            await sender.Send(new PlanWork(regency, Plans.Terms(report, department, plan.Name, plan.FiscalYear, plan.Cost, plan.Source)), cancel);
        }
    }

    // The work may have changed between the moment it was read for the report and the moment the report was put with it.
    private async Task CatchUp(EventEnvelope envelope, ReportPlan? known, CancellationToken cancel)
    {
        var regency = envelope.Regency.Value;
        if (known is not null && await sender.Send(new GetPlannedWork(regency, known.Work), cancel) is { } work && work.Version > known.Version && Plans.Of(work) is var now && Plans.IsNews(now, known))
        {
            await reports.ByItself(regency, envelope.Stream, Part, Move.TellPlan, (report, _) =>
                report.PlannedWork == known.Work ? TellOfPlans.Decide(report, now, known, work.Reason) : Decision.Nothing, cancel);
        }
    }
}

/// <summary>A planned work before and after one of its events.</summary>
internal sealed record PlanChange(ReportPlan Plan, ReportPlan Former, string? Reason)
{
    public bool IsNews => Plans.IsNews(Plan, Former);

    public static async Task<PlanChange?> Of(ISender sender, string regency, string work, long version, CancellationToken cancel) =>
        await sender.Send(new GetPlannedWork(regency, work, version), cancel) is { } after && await sender.Send(new GetPlannedWork(regency, work, version - 1), cancel) is { } before
            ? new PlanChange(Plans.Of(after), Plans.Of(before), after.Reason) : null;
}

/// <summary>
/// Tells everyone who asked for a planned work what has become of it, a page of reports at a time: in each report's history, from where it goes out on
/// the report's channel. Runs on every host and needs no leader: a report remembers up to which version it was told. A crash goes on where the last page ended.
/// </summary>
internal sealed partial class TellOfPlans(IServiceScopeFactory scopes, RegencyRegistry regencies, PlanSignal signal, ILogger<TellOfPlans> log) : BackgroundService
{
    private const int Batch = 100, AtOnce = 4;

    // Of the machine's clock: how often one looks for what another host has left behind.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>What a report is told; nothing the second time.</summary>
    public static Decision Decide(Report report, ReportPlan plan, ReportPlan? former, string? reason) =>
        report.PlansHeard.GetValueOrDefault(plan.Work) >= plan.Version ? Decision.Nothing : Decision.Happens(new ReportPlanChanged(plan, former, reason));

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    await Sweep(regency.Id, stopping);
                }

                await signal.Wait(Look, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFailed(failure);
                await Task.Delay(Look, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Tells all there is to tell in a regency, the oldest change first.</summary>
    public async Task Sweep(string regency, CancellationToken cancel)
    {
        while (await Next(regency, cancel) is { } news)
        {
            var change = await In(regency, (_, sender) => PlanChange.Of(sender, regency, news.Work, news.Version, cancel));
            var told = news.Told;
            while (change is not null)
            {
                var page = await In(regency, async (sessions, _) =>
                {
                    await using var session = sessions.Query(regency);
                    return await session.Query<Report>().Where(r => r.PlannedWork == news.Work && r.Number > told).OrderBy(r => r.Number).Take(Batch).ToListAsync(cancel);
                });
                await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                    async (report, stop) => await Tell(regency, report, change, stop));
                if (page.Count < Batch)
                {
                    break;
                }

                told = page[^1].Number;
                await Change(regency, session => session.Store(news with { Told = told }), cancel);
            }

            await Change(regency, session => session.Delete<PlanNews>(news.Id), cancel);
        }
    }

    private Task<PlanNews?> Next(string regency, CancellationToken cancel) => In(regency, async (sessions, _) =>
    {
        await using var session = sessions.Query(regency);
        return await session.Query<PlanNews>().OrderBy(n => n.Position).FirstOrDefaultAsync(cancel);
    });

    /// <summary>Tells a report that asks for the work, and all that are answered with it.</summary>
    private async Task Tell(string regency, Report report, PlanChange change, CancellationToken cancel)
    {
        await ByItself(regency, report.Id, asking => asking.PlannedWork == change.Plan.Work, change, cancel);
        var seen = new HashSet<string> { report.Id };
        var mains = new Queue<Report>([report]);
        while (mains.TryDequeue(out var main))
        {
            // What becomes of a hidden report is for its own reporter alone.
            foreach (var ticket in main.IsPublic ? main.Merged.Where(seen.Add) : [])
            {
                await ByItself(regency, ticket, merged => merged.MergedInto == main.Id, change, cancel);
                if (await In(regency, async (sessions, _) =>
                {
                    await using var session = sessions.Query(regency);
                    return await session.LoadAsync<Report>(ticket, cancel);
                }) is { Merged.Count: > 0 } more)
                {
                    mains.Enqueue(more);
                }
            }
        }
    }

    private async Task ByItself(string regency, string ticket, Func<Report, bool> asks, PlanChange change, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().CausationId = $"planned-work:{change.Plan.Work}";
        await scope.ServiceProvider.GetRequiredService<ReportStreams>().ByItself(regency, ticket, NotePlanNews.Part, Move.TellPlan,
            (report, _) => asks(report) ? Decide(report, change.Plan, change.Former, change.Reason) : Decision.Nothing, cancel);
    }

    private Task<bool> Change(string regency, Action<IDocumentSession> change, CancellationToken cancel) => In(regency, async (sessions, _) =>
    {
        await using var session = sessions.Open(regency);
        change(session);
        await session.SaveChangesAsync(cancel);
        return true;
    });

    private async Task<T> In<T>(string regency, Func<RegencySessions, ISender, Task<T>> call)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<CallContext>();
        (context.Actor, context.CausationId) = (Actor.System(NotePlanNews.Part), $"planning:{regency}");
        return await call(scope.ServiceProvider.GetRequiredService<RegencySessions>(), scope.ServiceProvider.GetRequiredService<ISender>());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What has become of planned works could not be told; it is tried again.")]
    private partial void LogFailed(Exception failure);
}

/// <summary>Says on this host that a planned work has changed.</summary>
internal sealed class PlanSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0);

    public void Raise()
    {
        if (_raised.CurrentCount == 0)
        {
            _raised.Release();
        }
    }

    /// <summary>Waits until it is raised, at most so long.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancel) => _raised.WaitAsync(atMost, cancel);

    public void Dispose() => _raised.Dispose();
}
