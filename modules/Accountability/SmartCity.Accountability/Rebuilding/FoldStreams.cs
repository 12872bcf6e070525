using System.Threading.Channels;
using JasperFx.Events;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Rebuilding;

/// <summary>A document as the events of its stream make it.</summary>
/// <param name="Version">Of the last of these events.</param>
internal readonly record struct Folded(ReadModel Model, string Id, object Document, long Version);

/// <summary>Folds the streams of a regency into documents, on all processors, a batch of streams at a time.</summary>
/// <param name="intake">Of the host that also takes reports in: it is left half of its processors, and reports come first. Null at a command line.</param>
internal sealed class FoldStreams(RegencySessions sessions, string regency, IReadOnlyList<ReadModel> models, IntakePressure? intake = null)
{
    // So much is handed over at once: enough for what is done with a batch to be worth it.
    private const int Batch = 2000;
    private const int BatchBytes = 4 << 20;

    /// <summary>Folds all streams up to a position and an instant.</summary>
    /// <param name="take">Is given the documents of a batch; several batches at once.</param>
    /// <returns>How many events there were.</returns>
    public async Task<long> Run(long upTo, DateTimeOffset? asOf, Func<IReadOnlyList<Folded>, CancellationToken, Task> take, IProgress<long>? progress, CancellationToken cancel)
    {
        var batches = Channel.CreateBounded<IReadOnlyList<StreamOfEvents>>(new BoundedChannelOptions(4) { SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var workers = Enumerable.Range(0, Math.Clamp(intake is null ? Environment.ProcessorCount : Environment.ProcessorCount / 2, 1, 4)).Select(_ => Task.Run(() => Work(batches.Reader, take, stop), cancel)).ToArray();
        var count = 0L;
        try
        {
            await using var session = sessions.Query(regency);
            await using var connection = session.Database.CreateConnection();
            await connection.OpenAsync(stop.Token);
            await using var reading = await StoredEvents.BeginReading(connection, stop.Token);
            var (batch, size, bytes) = (new List<StreamOfEvents>(), 0, 0L);
            await foreach (var stream in StoredEvents.Read(connection, session.TenantId, null, upTo, asOf, stop.Token))
            {
                batch.Add(stream);
                size += stream.Events.Count;
                bytes += stream.Events.Sum(e => (long)e.Data.Length);
                if (size >= Batch || bytes >= BatchBytes)
                {
                    await batches.Writer.WriteAsync(batch, stop.Token);
                    count += size;
                    progress?.Report(count);
                    (batch, size, bytes) = ([], 0, 0);
                }
            }

            await batches.Writer.WriteAsync(batch, stop.Token);
            count += size;
            progress?.Report(count);
            batches.Writer.Complete();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker failed: what it says is thrown below.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }

        await Task.WhenAll(workers);
        return count;
    }

    private async Task Work(ChannelReader<IReadOnlyList<StreamOfEvents>> batches, Func<IReadOnlyList<Folded>, CancellationToken, Task> take, CancellationTokenSource stop)
    {
        try
        {
            await using var session = sessions.Query(regency);
            var stored = new StoredEvents(session);
            await foreach (var batch in batches.ReadAllAsync(stop.Token))
            {
                await (intake?.Pause(stop.Token) ?? Task.CompletedTask);
                var folded = new List<Folded>(batch.Count);
                foreach (var stream in batch)
                {
                    IReadOnlyList<IEvent> events = [.. stream.Events.Select(raw => stored.Open(raw, session.TenantId)).OfType<IEvent>()];
                    foreach (var model in models)
                    {
                        var own = model.Own(events);
                        if (own.Count > 0)
                        {
                            folded.AddRange((await model.Fold(stream.Stream, own, session, stop.Token)).Select(row => new Folded(model, row.Id, row.Document, own[^1].Version)));
                        }
                    }
                }

                await take(folded, stop.Token);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}

/// <summary>Tells of events that were folded as a part of something longer.</summary>
internal sealed class Relay(IProgress<HistoryProgress> to, long done, long of) : IProgress<long>
{
    public void Report(long value) => to.Report(new HistoryProgress(Math.Min(done + value, of), of));
}
