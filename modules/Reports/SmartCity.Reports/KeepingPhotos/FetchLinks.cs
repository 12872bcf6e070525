using JasperFx;
using JasperFx.Events;
using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.KeepingPhotos;

/// <summary>A picture elsewhere that is to be fetched.</summary>
[NotInEvents("Work still to be done: pictures to be fetched; what was fetched or missed is in events.")]
internal sealed record LinkFetch
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)];

    /// <summary>Ticket and number of the link.</summary>
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    /// <summary>Which link of the report, from 1.</summary>
    public required int Link { get; init; }

    public int Attempts { get; init; }

    /// <summary>When somebody must try it next; null: nothing is left to do.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The event it came with.</summary>
    public required Guid Cause { get; init; }

    public static string IdOf(string ticket, int link) => $"{ticket}/{link}";

    /// <summary>Held for one try; who holds it beyond the lease has crashed.</summary>
    public LinkFetch Claimed(DateTimeOffset now) => this with { Attempts = Attempts + 1, DueAt = now + Lease };

    /// <summary>For another try, or null: it is given up.</summary>
    public LinkFetch? Again(DateTimeOffset now) => Attempts > Pauses.Length ? null : this with { DueAt = now + Pauses[Attempts - 1] };
}

/// <summary>Notes that a new report has links to pictures. The fetching itself takes as long as it takes, and holds up nothing here.</summary>
internal sealed class QueueLinks(RegencySessions sessions, PersonalData personal, LinkSignal signal, TimeProvider time, CallContext call) : INotificationHandler<Committed<ReportFiled>>
{
    public async Task Handle(Committed<ReportFiled> committed, CancellationToken cancel)
    {
        if (committed.Event.MediaUrl is not { } media)
        {
            return;
        }

        call.Actor = Actor.System("photos");
        await using var session = sessions.Open(committed.Envelope.Regency.Value);
        var links = FetchLinks.Links((await personal.Reader(session, [media], cancel)).Open(media));
        session.Insert(links.Select((_, index) => new LinkFetch
        {
            Id = LinkFetch.IdOf(committed.Event.Ticket, index + 1),
            Ticket = committed.Event.Ticket,
            Link = index + 1,
            DueAt = time.GetUtcNow(),
            Cause = committed.Envelope.Id,
        }).ToArray());
        try
        {
            await session.SaveChangesAsync(cancel);
            signal.Raise();
        }
        catch (DocumentAlreadyExistsException)
        {
            // The notification was published before.
        }
    }
}

/// <summary>Fetches linked pictures and keeps them with their reports; one that cannot be had is noted there with the reason. Runs on every host.</summary>
internal sealed partial class FetchLinks(
    IServiceScopeFactory scopes, RegencyRegistry regencies, RemoteFiles remote, Photos photos, PersonalData personal, LinkSignal signal, TimeProvider time, ILogger<FetchLinks> log)
    : BackgroundService
{
    private const int Batch = 8, AtOnce = 4, MostConflicts = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    /// <summary>The links that a report's text of links names; none when it was erased.</summary>
    public static IReadOnlyList<string> Links(string? opened) =>
        opened is null or PersonalReader.Erased ? [] : [.. opened.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(link => Uri.TryCreate(link, UriKind.Absolute, out _))];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Parallel.ForEachAsync(await regencies.All(stopping), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping },
                    async (regency, stop) => await Sweep(regency.Id, stop));
                await signal.Wait(Poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogNoSweep(failure);
                await Task.Delay(Poll, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Sweep(string regency, CancellationToken stopping)
    {
        while (await Claim(regency, stopping) is { Count: > 0 } due)
        {
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, async (fetch, stop) =>
            {
                try
                {
                    await Fetch(regency, fetch, stop);
                }
                catch (Exception failure) when (!stop.IsCancellationRequested)
                {
                    // It is found again when its lease ends.
                    LogNotFetched(failure, fetch.Id, regency);
                }
            });
        }
    }

    private async Task<IReadOnlyList<LinkFetch>> Claim(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = Open(scope, regency, null);
        await session.BeginTransactionAsync(cancel);
        var now = time.GetUtcNow();
        var due = await session.QueryAsync<LinkFetch>(
            "where d.tenant_id = ? and d.due_at <= ? order by d.due_at limit ? for update skip locked", cancel, session.TenantId, now, Batch);
        if (due.Count == 0)
        {
            return [];
        }

        var claimed = due.Select(fetch => fetch.Claimed(now)).ToArray();
        session.Update(claimed);
        await session.SaveChangesAsync(cancel);
        return claimed;
    }

    private async Task Fetch(string regency, LinkFetch fetch, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (link, seal) = await Link(scope, regency, fetch, cancel);
        if (link is null || seal is null)
        {
            // The reporter was erased in between, or it is done already.
            await Record(scope, regency, fetch, null, cancel);
            return;
        }

        var file = await remote.Get(link, cancel);
        if (file.MayComeLater && fetch.Again(time.GetUtcNow()) is { } later)
        {
            await using var session = Open(scope, regency, fetch);
            session.Update(later);
            await session.SaveChangesAsync(cancel);
            return;
        }

        var (photo, fault) = file.Content is { } content ? await photos.Store(regency, content, cancel) : (null, null);
        await Record(scope, regency, fetch, photo is not null
            ? new ReportPhotoFetched(fetch.Link, photo.ToReportPhoto() with { Evidence = seal.Seal(photo.Evidence) })
            : new ReportPhotoMissed(fetch.Link, fault?.Code ?? file.Problem!), cancel);
        await ForgetIfErased(scope, regency, seal.Person, cancel);
    }

    // The reporter may have been erased while the picture was on its way.
    private static async Task ForgetIfErased(AsyncServiceScope scope, string regency, string key, CancellationToken cancel)
    {
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        if (await session.LoadAsync<PersonalKey>(key, cancel) is { Wrapped: null } erased)
        {
            await scope.ServiceProvider.GetRequiredService<IPublisher>().Publish(new PersonForgotten(regency, [erased]), cancel);
        }
    }

    private async Task<(string? Link, PersonSeal? Seal)> Link(AsyncServiceScope scope, string regency, LinkFetch fetch, CancellationToken cancel)
    {
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        if (await session.LoadAsync<Report>(fetch.Ticket, cancel) is not { } report || report.LinksTried.ContainsKey(fetch.Link)
            || await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is not { } key || personal.SealOf(key) is not { } seal)
        {
            return (null, null);
        }

        var reader = await personal.Reader(session, [report.Filed.MediaUrl], cancel);
        return (Links(reader.Open(report.Filed.MediaUrl)).ElementAtOrDefault(fetch.Link - 1), seal);
    }

    /// <summary>Writes what came of a link on the report, once, together with the fact that it is done.</summary>
    private async Task Record(AsyncServiceScope scope, string regency, LinkFetch fetch, object? outcome, CancellationToken cancel)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var session = Open(scope, regency, fetch);
            if (outcome is not null)
            {
                var stream = await session.Events.FetchForWriting<Report>(fetch.Ticket, cancel);
                if (stream.Aggregate is { } report && !report.LinksTried.ContainsKey(fetch.Link))
                {
                    stream.AppendOne(outcome is ReportPhotoFetched && report.PhotosOfReporterCount >= photos.Limits.Count ? new ReportPhotoMissed(fetch.Link, "photos.too_many") : outcome);
                }
            }

            session.Update(fetch with { DueAt = null });
            try
            {
                await session.SaveChangesAsync(cancel);
                return;
            }
            catch (Exception failure) when (conflicts < MostConflicts && failure is EventStreamUnexpectedMaxEventIdException or ConcurrencyException)
            {
                // Something else happened to the report at the same moment.
            }
        }
    }

    private static IDocumentSession Open(AsyncServiceScope scope, string regency, LinkFetch? fetch)
    {
        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        (call.Actor, call.CausationId) = (Actor.System("photos"), fetch is null ? null : $"event:{fetch.Cause}");
        return scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Linked pictures could not be swept; it is tried again.")]
    private partial void LogNoSweep(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Linked picture {Id} of {Regency} broke off; it is tried again when its lease ends.")]
    private partial void LogNotFetched(Exception failure, string id, string regency);
}

/// <summary>Why a linked picture could not be had, in words for staff.</summary>
internal static class FetchReasons
{
    public static string Words(string reason) => reason switch
    {
        "link.not_public" => "Tautannya menuju alamat yang bukan internet umum. / The link leads to an address that is not public.",
        "link.not_allowed" => "Tautannya bukan alamat web biasa. / The link is no plain web address.",
        "link.too_many_redirects" => "Tautannya dialihkan terlalu banyak kali. / The link is redirected too many times.",
        "link.too_slow" => "Situsnya terlalu lama menjawab. / The site takes too long to answer.",
        "link.unreachable" => "Situsnya tidak dapat dihubungi. / The site cannot be reached.",
        "photo.too_large" or "photo.too_many_pixels" => "Gambarnya terlalu besar. / The picture is too large.",
        "photos.too_many" => "Laporan ini sudah punya foto sebanyak yang boleh. / The report has as many photos as it may.",
        _ when reason.StartsWith("link.answered_", StringComparison.Ordinal) => $"Situsnya menjawab {reason[14..]}. / The site answered {reason[14..]}.",
        _ => "Isinya bukan foto yang bisa dibaca. / It is no photo that can be read.",
    };
}

/// <summary>Says on this host that a link is to be fetched.</summary>
internal sealed class LinkSignal : IDisposable
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
