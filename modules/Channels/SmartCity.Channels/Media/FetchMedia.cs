using System.Text.Json;
using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Media;

/// <summary>A picture that a provider keeps for us, or a link in an addition: it is fetched once its report is there.</summary>
[NotInEvents("Work still to be done: pictures to be fetched from providers; what was fetched is in events.")]
internal sealed record MediaToFetch
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)];

    /// <summary>Stream of the message and number of the picture.</summary>
    public required string Id { get; init; }

    public required string Message { get; init; }

    public required int Index { get; init; }

    /// <summary>Empty: the report is still to be made.</summary>
    public required string Ticket { get; init; }

    /// <summary>It was fetched in time to be part of the report that was made of its message.</summary>
    public ReportPhoto? Photo { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why it could not be had.</summary>
    public string? Problem { get; init; }

    public MediaToFetch Claimed(DateTimeOffset now) => this with { Attempts = Attempts + 1, DueAt = now + Lease };

    public MediaToFetch After(FoundPicture found, DateTimeOffset now) =>
        this with { DueAt = found.MayComeLater && Attempts <= Pauses.Length ? now + Pauses[Attempts - 1] : null, Problem = found.Problem };
}

/// <summary>A picture that was kept when its message came, such as an attachment: named in the message's media by its files.</summary>
internal static class KeptPicture
{
    private const string Mark = "kept:";

    public static string Write(ReportPhoto photo) => Mark + JsonSerializer.Serialize(photo);

    public static ReportPhoto? Read(string picture) => picture.StartsWith(Mark, StringComparison.Ordinal) ? JsonSerializer.Deserialize<ReportPhoto>(picture[Mark.Length..]) : null;
}

/// <summary>Fetches pictures of messages, and adds them to their reports. Runs on every host; a picture is added once.</summary>
internal sealed partial class FetchMedia(
    IServiceScopeFactory scopes, RegencyRegistry regencies, ProviderPictures pictures, MediaSignal signal, TimeProvider time, ILogger<FetchMedia> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    while (await Claim(regency.Id, stopping) is { } due)
                    {
                        await Fetch(regency.Id, due, stopping);
                    }
                }

                await signal.Wait(Poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFailed(failure);
                await Task.Delay(Poll, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<MediaToFetch?> Claim(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = Open(scope, regency);
        await session.BeginTransactionAsync(cancel);
        var now = time.GetUtcNow();
        var due = await session.QueryAsync<MediaToFetch>("where d.tenant_id = ? and d.due_at <= ? order by d.due_at limit 1 for update skip locked", cancel, session.TenantId, now);
        if (due is not [var one])
        {
            return null;
        }

        var claimed = one.Claimed(now);
        session.Update(claimed);
        await session.SaveChangesAsync(cancel);
        return claimed;
    }

    private async Task Fetch(string regency, MediaToFetch due, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = Open(scope, regency);
        var message = await scope.ServiceProvider.GetRequiredService<StoredMessages>().Load(session, due.Message, cancel);
        var found = message is null ? new FoundPicture(null, "message.erased") : await pictures.Get(regency, message.Channel, message.Media[due.Index], cancel);
        if (found.Photo is { } photo)
        {
            var sender = scope.ServiceProvider.GetRequiredService<ISender>();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("channels");
            var outcome = await sender.Send(new SupplementReport(regency, due.Ticket, null, [photo], Cause: due.Id), cancel);
            found = outcome.Refusals is [var refusal, ..] ? new FoundPicture(null, refusal.Code, MayComeLater: refusal.Kind is RefusalKind.Busy) : found;
        }

        if (found.Problem is { } problem)
        {
            LogMissed(due.Id, regency, problem);
        }

        session.Update(due.After(found, time.GetUtcNow()));
        await session.SaveChangesAsync(cancel);
    }

    private static IDocumentSession Open(AsyncServiceScope scope, string regency)
    {
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("channels");
        return scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Pictures of messages could not be fetched; it is tried again.")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Picture {Id} of {Regency} was not had: {Problem}.")]
    private partial void LogMissed(string id, string regency, string problem);
}

/// <summary>Says on this host that a picture is to be fetched.</summary>
internal sealed class MediaSignal : IDisposable
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
