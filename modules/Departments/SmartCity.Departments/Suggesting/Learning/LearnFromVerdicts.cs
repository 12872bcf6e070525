using System.Collections.Concurrent;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Departments.Suggesting.Learning;

/// <summary>When learning begins: configuration <c>SmartCity:Classification</c>.</summary>
/// <param name="LearnAfter">So long after a decision; others may come meanwhile.</param>
internal sealed record LearningOptions(TimeSpan LearnAfter)
{
    public static LearningOptions Read(IConfiguration configuration)
    {
        const string name = "SmartCity:Classification:LearnAfter";
        return configuration[name] is not { Length: > 0 } text ? new LearningOptions(TimeSpan.FromSeconds(30))
            : TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var after) && after >= TimeSpan.Zero ? new LearningOptions(after)
            : throw new InvalidOperationException($"Configuration {name} must be a time, written like 00:00:30.");
    }
}

/// <summary>Says on this host that a regency has something to learn.</summary>
internal sealed class LearnSoon : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _waiting = new();
    private readonly SemaphoreSlim _raised = new(0);

    public void Raise(string regency)
    {
        _waiting[regency] = true;
        if (_raised.CurrentCount == 0)
        {
            _raised.Release();
        }
    }

    /// <summary>Waits until something is raised.</summary>
    public Task Wait(CancellationToken cancel) => _raised.WaitAsync(cancel);

    /// <summary>The regencies that were raised since.</summary>
    public IReadOnlyList<string> Take() => [.. _waiting.Keys.Where(regency => _waiting.TryRemove(regency, out _))];

    public void Dispose() => _raised.Dispose();
}

/// <summary>
/// Makes a regency's model anew from its verdicts, beside the requests, a while after somebody has decided. One host at a time does it
/// for a regency; what is made depends on nothing but the verdicts, so it does not matter which.
/// </summary>
internal sealed partial class LearnFromVerdicts(
    IServiceScopeFactory scopes, RegencyRegistry regencies, LearnSoon learning, LearnedModels models, LearningOptions options, ILogger<LearnFromVerdicts> log) : BackgroundService
{
    /// <summary>Of more decisions, the latest count.</summary>
    public const int MostLessons = 3000;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        try
        {
            // A host that ended between a decision and its lesson, or a new base, leaves this to the next start.
            foreach (var regency in await regencies.All(stopping))
            {
                learning.Raise(regency.Id);
            }

            while (!stopping.IsCancellationRequested)
            {
                await learning.Wait(stopping);
                await Task.Delay(options.LearnAfter, stopping);
                foreach (var regency in learning.Take())
                {
                    await TryLearn(regency, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task TryLearn(string regency, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("learning");
            if (await scope.ServiceProvider.GetRequiredService<LearnRegency>().Learn(regency, cancel))
            {
                models.Changed(regency);
            }
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogNotLearnt(failure, regency);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model of {Regency} could not be trained; it is tried again after the next decision.")]
    private partial void LogNotLearnt(Exception failure, string regency);
}

/// <summary>Trains the model of one regency.</summary>
internal sealed class LearnRegency(RegencySessions sessions, RegencyDirectories directories, PersonalData personal, TimeProvider time)
{
    /// <summary>Trains and stores the model, if there is anything new to learn.</summary>
    /// <returns>Whether there is a new model.</returns>
    public async Task<bool> Learn(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        // Held until the end of the transaction: another host that comes to the same regency waits, and finds nothing new.
        await session.AdvancedSql.QueryAsync<int>("select 1 from (select pg_advisory_xact_lock(hashtext(?))) held", cancel, $"smartcity.learning.{session.TenantId}");
        var verdicts = await session.Query<Verdict>().OrderByDescending(v => v.At).ThenBy(v => v.Id).Take(LearnFromVerdicts.MostLessons).ToListAsync(cancel);
        var stored = await session.LoadAsync<StoredModel>(StoredModel.TheOne, cancel);
        var lessons = await Lessons(session, verdicts, cancel);
        var edition = Edition(lessons);
        if (stored is null ? lessons.Count == 0 : stored.Edition == edition && stored.Base == BaseModel.Version)
        {
            return false;
        }

        var suggester = (await directories.Of(regency, sessions, cancel)).Suggester;
        session.Store(new StoredModel
        {
            Id = StoredModel.TheOne,
            Edition = edition,
            Base = BaseModel.Version,
            TrainedAt = time.GetUtcNow(),
            Data = LearnedModel.Of(lessons, suggester).ToBytes(),
        });
        await session.SaveChangesAsync(cancel);
        return true;
    }

    private async Task<IReadOnlyList<Lesson>> Lessons(IQuerySession session, IReadOnlyList<Verdict> verdicts, CancellationToken cancel)
    {
        var reader = await personal.Reader(session, verdicts.Select(v => v.Text), cancel);
        return [.. from verdict in verdicts.OrderBy(v => v.Id, StringComparer.Ordinal)
            let text = reader.Open(verdict.Text)
            where text is not (null or PersonalReader.Erased) && (verdict.Category ?? verdict.Department ?? verdict.Kind) is not null
            select new Lesson(text, verdict.Category, verdict.Department, verdict.Kind)];
    }

    // The same lessons have the same name, whoever trains and whenever.
    private static Guid Edition(IReadOnlyList<Lesson> lessons)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lessons.Select(l => $"{l.Category}\t{l.Department}\t{l.Kind}\t{l.Text}")));
        return new Guid(System.Security.Cryptography.SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
