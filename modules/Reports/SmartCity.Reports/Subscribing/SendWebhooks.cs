using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Publishing;

namespace SmartCity.Reports.Subscribing;

/// <summary>
/// Follows the history for every webhook, and sends what is due: for each webhook one after the other, different webhooks side by side, so that a slow
/// receiver holds up only itself. Runs on every host; a delivery is held by one of them at a time.
/// </summary>
internal sealed partial class SendWebhooks(
    IServiceScopeFactory scopes, RegencyRegistry regencies, PublicFeed feed, WebhookSecrets secrets, WebhookSignal signal, WebhookSender sender, PlatformOptions options, TimeProvider time, ILogger<SendWebhooks> log)
    : BackgroundService
{
    // Of the machine's clock. Most regencies have no webhook: they are looked at seldom, unless one is registered on this host.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), LookWhereNoneIs = TimeSpan.FromSeconds(10), Pruning = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _database = new(4);
    private readonly ConcurrentDictionary<(string Regency, string Webhook), Task> _sending = new();
    private readonly ConcurrentDictionary<string, int> _waiting = new();
    private readonly ConcurrentDictionary<string, long> _emptySince = new(), _prunedAt = new();
    private readonly Counter<long> _tries = Meters.Meter.CreateCounter<long>("smartcity.webhooks.tries", description: "Tries with deliveries to webhooks, by what came of them.");

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        Meters.Meter.CreateObservableGauge("smartcity.webhooks.waiting", () => _waiting.Select(w => new Measurement<int>(w.Value, new KeyValuePair<string, object?>("regency", w.Key))),
            unit: "{delivery}", description: "Deliveries to webhooks that were not taken yet.");
        var sweeps = new Dictionary<string, Task>();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    var isRaised = signal.Lower(regency.Id);
                    var isIdle = _emptySince.TryGetValue(regency.Id, out var since) && TimeProvider.System.GetElapsedTime(since) < LookWhereNoneIs;
                    if ((isRaised || !isIdle) && (!sweeps.TryGetValue(regency.Id, out var running) || running.IsCompleted))
                    {
                        sweeps[regency.Id] = Sweep(regency.Id, stopping);
                    }
                }

                await signal.Wait(Look, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                LogNoSweep(failure, "all");
                await Task.Delay(Look, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What is on its way is seen through, so that it is not sent twice for nothing.
        await Task.WhenAll([.. sweeps.Values, .. _sending.Values]);
    }

    private async Task Sweep(string regency, CancellationToken stopping)
    {
        try
        {
            var webhooks = await WithStore(store => store.All(regency, stopping), stopping);
            if (webhooks.Count == 0)
            {
                _emptySince[regency] = TimeProvider.System.GetTimestamp();
                _waiting.TryRemove(regency, out _);
                return;
            }

            _emptySince.TryRemove(regency, out _);
            foreach (var webhook in webhooks.Where(w => w.DisabledAt is null))
            {
                await Queue(regency, webhook, stopping);
                if (webhook.IsReady(time.GetUtcNow()) && (!_sending.TryGetValue((regency, webhook.Id), out var running) || running.IsCompleted))
                {
                    _sending[(regency, webhook.Id)] = SendAll(regency, webhook.Id, stopping);
                }
            }

            foreach (var (done, _) in _sending.Where(s => s.Key.Regency == regency && s.Value.IsCompleted))
            {
                _sending.TryRemove(done, out _);
            }

            _waiting[regency] = await WithStore(store => store.Waiting(regency, stopping), stopping);
            if (!_prunedAt.TryGetValue(regency, out var prunedAt) || TimeProvider.System.GetElapsedTime(prunedAt) > Pruning)
            {
                await WithStore(store => store.Prune(regency, stopping), stopping);
                _prunedAt[regency] = TimeProvider.System.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            LogNoSweep(failure, regency);
        }
    }

    // What goes wrong with one webhook must not keep the others waiting.
    private async Task Queue(string regency, Webhook webhook, CancellationToken stopping)
    {
        try
        {
            await WithStore(async store =>
            {
                await store.Queue(regency, webhook, stopping);
                return true;
            }, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogNoSweep(failure, regency);
        }
    }

    /// <summary>Sends what is due to a webhook, until nothing is or a try has failed.</summary>
    private async Task SendAll(string regency, string id, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await WithStore(store => store.Claim(regency, id, stopping), stopping) is var (webhook, delivery))
            {
                var attempt = await Try(regency, webhook, delivery);
                _tries.Add(1, new KeyValuePair<string, object?>("outcome", attempt is null ? "withheld" : attempt.IsDelivered ? "delivered" : attempt.IsGone ? "gone" : "failed"));
                var after = await WithStore(store => store.Record(regency, delivery, attempt, Random.Shared.NextDouble(), CancellationToken.None), CancellationToken.None);
                if (after?.DisabledAt is not null && webhook.DisabledAt is null)
                {
                    LogDisabled(id, regency, after.DisabledBecause);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            // What was claimed is found again when its lease ends.
            LogNotSent(failure, id, regency);
        }
    }

    /// <summary>One try; null: there is nothing left to tell.</summary>
    private async Task<Attempt?> Try(string regency, Webhook webhook, WebhookDelivery delivery)
    {
        using var activity = Traces.Source.StartActivity("send webhook", ActivityKind.Producer);
        activity?.SetTag("smartcity.regency", regency).SetTag("smartcity.webhook", webhook.Id).SetTag("smartcity.attempt", delivery.Attempts);
        CloudEvent? body;
        if (delivery.Ticket is not null)
        {
            var told = await feed.At(regency, delivery.Position, CancellationToken.None);
            // What has become public since is not what was asked for, and not a second event of the same id.
            body = told?.Type == delivery.Type ? CloudEvent.Of(told, regency, options) : null;
        }
        else
        {
            body = new CloudEvent("1.0", delivery.Event.ToString("N"), CloudEvent.SourceOf(regency, options), delivery.Type, webhook.Id, delivery.QueuedAt, "application/json", null, new { webhook = webhook.Id });
        }

        if (body is null)
        {
            return null;
        }

        var (bytes, at) = (JsonSerializer.SerializeToUtf8Bytes(body, CloudEvent.Json), time.GetUtcNow());
        var attempt = await sender.Send(new Uri(webhook.Url), body.Id, at, bytes, secrets.Signatures(regency, webhook, body.Id, at, bytes));
        activity?.SetStatus(attempt.IsDelivered ? ActivityStatusCode.Ok : ActivityStatusCode.Error, attempt.Problem);
        return attempt;
    }

    private async Task<T> WithStore<T>(Func<WebhookStore, Task<T>> use, CancellationToken cancel)
    {
        // Hundreds of regencies must not take every connection at once.
        await _database.WaitAsync(cancel);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("webhooks");
            return await use(scope.ServiceProvider.GetRequiredService<WebhookStore>());
        }
        finally
        {
            _database.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhooks of {Regency} could not be swept; it is tried again.")]
    private partial void LogNoSweep(Exception failure, string regency);

    [LoggerMessage(Level = LogLevel.Error, Message = "A delivery to webhook {Id} of {Regency} broke off; it is tried again when its lease ends.")]
    private partial void LogNotSent(Exception failure, string id, string regency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id} of {Regency} is disabled: {Reason}")]
    private partial void LogDisabled(string id, string regency, string? reason);
}

/// <summary>Posts to receivers, in the public internet only.</summary>
internal sealed class WebhookSender(PublicConnections connections, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), LongestWait = TimeSpan.FromHours(24);

    private readonly HttpMessageInvoker _http = new(connections.Handler());

    /// <summary>One try. Does not fail.</summary>
    public async Task<Attempt> Send(Uri url, string id, DateTimeOffset at, byte[] body, string signatures)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType) { CharSet = "utf-8" };
            request.Headers.UserAgent.ParseAdd("SmartCity/1.0");
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", signatures);
            // What is answered beside the status is not read: it can be of any length, and nobody needs it.
            using var answer = await _http.SendAsync(request, patience.Token);
            var status = (int)answer.StatusCode;
            return new Attempt(status, status is >= 200 and < 300 ? null : $"The receiver answered {status}.", NotBefore(answer.Headers.RetryAfter));
        }
        catch (OperationCanceledException)
        {
            return new Attempt(null, $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return new Attempt(null, PublicConnections.WasRefused(failure) ? "The address does not lie in the public internet." : "The receiver cannot be reached.");
        }
    }

    public void Dispose() => _http.Dispose();

    private DateTimeOffset? NotBefore(RetryConditionHeaderValue? told)
    {
        var now = time.GetUtcNow();
        var wait = told?.Delta ?? (told?.Date - now);
        return wait is not { } asked || asked <= TimeSpan.Zero ? null : now + (asked < LongestWait ? asked : LongestWait);
    }
}

/// <summary>Says on this host that a regency's webhooks want to be looked at.</summary>
internal sealed class WebhookSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0);
    private readonly ConcurrentDictionary<string, bool> _regencies = new();

    public void Raise(string regency)
    {
        _regencies[regency] = true;
        if (_raised.CurrentCount == 0)
        {
            _raised.Release();
        }
    }

    /// <summary>Whether it was raised for a regency since it was asked last.</summary>
    public bool Lower(string regency) => _regencies.TryRemove(regency, out _);

    /// <summary>Waits until it is raised, at most so long.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancel) => _raised.WaitAsync(atMost, cancel);

    public void Dispose() => _raised.Dispose();
}
