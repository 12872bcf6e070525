using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Threading.Channels;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Filing;

/// <summary>
/// Commits reports in groups: what waits while one transaction is written goes into the next one together. Each caller hears
/// only after the commit, with the same durability as alone; one report that cannot be stored does not take its neighbours with it.
/// </summary>
internal sealed partial class IntakeQueue(
    IServiceScopeFactory scopes, PersonalData personal, IntakePressure pressure, TicketSerials serials, TimeProvider time, ILogger<IntakeQueue> log) : BackgroundService
{
    private const int Capacity = 2000, LargestGroup = 64, Writers = 2;

    private static readonly Counter<long> Filed = Meters.Meter.CreateCounter<long>("smartcity.reports.filed", description: "Reports committed.");
    private static readonly Histogram<int> GroupSize = Meters.Meter.CreateHistogram<int>("smartcity.intake.group", description: "Reports committed in one transaction.");

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });

    private sealed record Waiting(Filing Filing, TaskCompletionSource<Outcome<FiledReport>> Done);

    /// <summary>Commits the report with its neighbours. A full queue refuses at once instead of promising what it cannot hold.</summary>
    public async Task<Outcome<FiledReport>> File(Filing filing, CancellationToken cancel)
    {
        var waiting = new Waiting(filing, new(TaskCreationOptions.RunContinuationsAsynchronously));
        pressure.Enter();
        try
        {
            // A caller that goes away does not take the report back: once queued it is committed.
            return _queue.Writer.TryWrite(waiting) ? await waiting.Done.Task.WaitAsync(cancel) : Outcome<FiledReport>.Refused(new Refusal(
                "intake.busy", "Too many reports at this moment. Send it again in a few seconds.", "Laporan sedang ramai. Kirim lagi beberapa detik lagi.", Kind: RefusalKind.Busy));
        }
        finally
        {
            pressure.Leave();
        }
    }

    // While one writer waits for the database, the other takes what has come in meanwhile.
    protected override Task ExecuteAsync(CancellationToken stopping) => Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Write()));

    public override async Task StopAsync(CancellationToken cancel)
    {
        // What is queued is still committed; the writers end when the queue is empty.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancel);
        }

        await base.StopAsync(cancel);
    }

    private async Task Write()
    {
        var group = new List<Waiting>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var next))
            {
                group.Add(next);
            }

            foreach (var regency in group.GroupBy(w => w.Filing.Command.Regency))
            {
                await CommitOrSplit([.. regency]);
            }

            group.Clear();
        }
    }

    private async Task CommitOrSplit(IReadOnlyList<Waiting> group)
    {
        try
        {
            await Commit(group);
        }
        catch (Exception failure) when (group.Count > 1 && failure is not NpgsqlException { IsTransient: true })
        {
            LogSplit(failure, group.Count);
            foreach (var one in group)
            {
                await CommitOrSplit([one]);
            }
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The same message was committed by another transaction in between: now it is there to be found.
            await CommitAgain(group);
        }
        catch (Exception failure)
        {
            Fail(group, failure);
        }
    }

    private async Task CommitAgain(IReadOnlyList<Waiting> group)
    {
        try
        {
            await Commit(group);
        }
        catch (Exception failure)
        {
            Fail(group, failure);
        }
    }

    private static void Fail(IReadOnlyList<Waiting> group, Exception failure)
    {
        foreach (var waiting in group)
        {
            waiting.Done.TrySetException(failure);
        }
    }

    private async Task Commit(IReadOnlyList<Waiting> group)
    {
        var regency = group[0].Filing.Command.Regency;
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().OpenForMany(regency);
        var before = await Before(session, group);
        var now = time.GetUtcNow();
        var fresh = group.Where(w => Cause(w) is not { } cause || before.TryAdd(cause, null)).ToArray();
        var numbers = await serials.Take(session, regency, now.Year, fresh.Length);
        var (events, reports, keys) = (new List<IEvent>(fresh.Length), new List<Report>(fresh.Length), new List<PersonalKey>(fresh.Length));
        var causes = new List<(string, FiledCause)>(fresh.Length);
        var results = new List<(Waiting Waiting, FiledReport Report)>(group.Count);
        foreach (var (waiting, serial) in fresh.Zip(numbers))
        {
            var ticket = Ticket.Of(now.Year, serial);
            var (key, seal) = personal.NewKey(regency, ticket, Filing.Identity(waiting.Filing.Command.Reporter), now, waiting.Filing.Command.Conversation);
            keys.Add(key);
            var @event = session.Events.BuildEvent(Event(waiting.Filing, ticket, seal)).By(waiting.Filing.Origin);
            (@event.StreamKey, @event.Version, @event.Timestamp) = (ticket, 1, now);
            events.Add(@event);
            reports.Add(Report.After(null, @event)!);
            if (Cause(waiting) is { } cause)
            {
                causes.Add((cause, new FiledCause { Id = cause, Ticket = ticket, FiledAt = now }));
                before[cause] = new FiledReport(ticket, now, WasFiledBefore: true);
            }

            results.Add((waiting, new FiledReport(ticket, now, WasFiledBefore: false)));
        }

        var rows = new NewRows(session);
        rows.InsertKeys(keys);
        rows.StartStreams("report", events);
        rows.InsertReports(reports);
        rows.Insert("reports.mt_doc_filedcause", causes);
        await rows.Commit();
        GroupSize.Record(fresh.Length);
        foreach (var (waiting, report) in results)
        {
            Filed.Add(1, new KeyValuePair<string, object?>("channel", waiting.Filing.Command.Channel), new KeyValuePair<string, object?>("regency", regency));
            waiting.Done.TrySetResult(Outcome<FiledReport>.Done(report));
        }

        foreach (var waiting in group.Except(fresh))
        {
            waiting.Done.TrySetResult(Outcome<FiledReport>.Done(before[Cause(waiting)!]!));
        }
    }

    private static string? Cause(Waiting waiting) =>
        waiting.Filing.Command.Cause is { Length: > 0 } cause ? $"{waiting.Filing.Command.Channel}:{cause}" : null;

    private static async Task<Dictionary<string, FiledReport?>> Before(IDocumentSession session, IReadOnlyList<Waiting> group)
    {
        var causes = group.Select(Cause).OfType<string>().Distinct().ToArray();
        var known = causes.Length == 0 ? [] : await session.LoadManyAsync<FiledCause>(causes);
        return known.ToDictionary(c => c.Id, c => (FiledReport?)new FiledReport(c.Ticket, c.FiledAt, WasFiledBefore: true));
    }

    private static ReportFiled Event(Filing filing, string ticket, PersonSeal seal)
    {
        var command = filing.Command;
        var @class = filing.Class;
        var isOversight = @class == ReportClasses.Oversight;
        return new ReportFiled(
            ticket, command.Channel, command.Conversation, seal.Person, filing.Category?.Code, seal.Seal(command.Description),
            command.Reporter == new ReporterDetails() ? null : seal.Seal(JsonSerializer.Serialize(command.Reporter)),
            command.Place with { Address = seal.Seal(Filled(command.Place.Address)), AddressId = seal.Seal(Filled(command.Place.AddressId)) },
            [.. command.Photos.Select(photo => photo with { Evidence = seal.Seal(photo.Evidence) })],
            Filing.Links(command) is { Count: > 0 } links ? seal.Seal(string.Join('\n', links)) : null, command.AddressedDepartment,
            command.Attributes is { Count: > 0 } attributes ? seal.Seal(JsonSerializer.Serialize(attributes)) : null,
            command.IsAnonymous, filing.IsConfidential, isOversight, command.Cause, @class)
        {
            Assessment = filing.Assessment,
            IsHiddenByGuess = filing.IsHiddenByGuess,
        };
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A group of {Count} reports could not be committed together; each is tried alone.")]
    private partial void LogSplit(Exception failure, int count);
}

/// <summary>Remembers which message became which report, so that the same message twice makes one.</summary>
[NotInEvents("Which message became which report, by a keyed hash, so that the same message twice makes one.")]
internal sealed record FiledCause
{
    /// <summary>Channel and the sender's id of the message.</summary>
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required DateTimeOffset FiledAt { get; init; }
}
