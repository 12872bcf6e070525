using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Email;
using SmartCity.Channels.Keywords;
using SmartCity.Channels.Official;
using SmartCity.Channels.Quiet;
using SmartCity.Channels.Receiving;
using SmartCity.Channels.Sms;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Platform.Telemetry;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>
/// Sends what is due, regency by regency, so that one whose provider is slow does not keep the others waiting. Runs on every host.
/// </summary>
internal sealed partial class SendOutbox(
    IServiceScopeFactory scopes, RegencyRegistry regencies, ChannelSenders senders, ChannelList channels, Circuits circuits, PersonalData personal, OutboxSignal signal, TimeProvider time, ILogger<SendOutbox> log)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Measuring = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _database = new(4);
    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset? Oldest)> _waiting = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<UnansweredCount>> _unanswered = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<LeftAlone>> _leftAlone = new();
    private long _measuredAt;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        Meters.Meter.CreateObservableGauge("smartcity.outbox.waiting", () => _waiting.Select(w => new Measurement<int>(w.Value.Count, Tag(w.Key))),
            unit: "{message}", description: "Messages to citizens that have not left.");
        Meters.Meter.CreateObservableGauge("smartcity.outbox.age", () => _waiting.Select(w => new Measurement<double>(w.Value.Oldest is { } oldest ? (time.GetUtcNow() - oldest).TotalSeconds : 0, Tag(w.Key))),
            unit: "s", description: "Age of the oldest message that has not left.");

        Meters.Meter.CreateObservableGauge("smartcity.messages.unanswered", () => _unanswered.SelectMany(u => u.Value.Select(count => new Measurement<int>(count.Count,
                Tag(u.Key), new("direction", count.Direction), new("department", count.Department), new("age", count.Age)))),
            unit: "{message}", description: "Messages without any reaction (in), messages that have not left or were given up (out), and reports that wait for their answer (answer), by department and age.");

        Meters.Meter.CreateObservableGauge("smartcity.provider.left_alone", () => _leftAlone.SelectMany(r => r.Value.Select(left => new Measurement<int>(left.Until > time.GetUtcNow() ? 1 : 0,
                Tag(r.Key), new("channel", left.Channel), new("account", left.Account)))),
            unit: "{account}", description: "1 while an account has failed so often that nothing is sent by it for a while; whichever host found out.");

        var sweeps = new Dictionary<string, Task>();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var measure = _measuredAt == 0 || TimeProvider.System.GetElapsedTime(_measuredAt) > Measuring;
                foreach (var regency in await regencies.All(stopping))
                {
                    if (!sweeps.TryGetValue(regency.Id, out var running) || running.IsCompleted)
                    {
                        sweeps[regency.Id] = Sweep(regency.Id, measure, stopping);
                    }
                }

                _measuredAt = measure ? TimeProvider.System.GetTimestamp() : _measuredAt;
                await signal.Wait(Poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                LogNoSweep(failure, "all");
                await Task.Delay(Poll, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What has begun is seen through: its end would be unknown otherwise.
        await Task.WhenAll(sweeps.Values);
    }

    private static KeyValuePair<string, object?> Tag(string regency) => new("regency", regency);

    private async Task Sweep(string regency, bool measure, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await WithDatabase(regency, outbox => outbox.Claim(regency, stopping), stopping) is { Count: > 0 } due)
            {
                await Task.WhenAll(due.Select(message => Deliver(regency, message)));
            }

            if (measure)
            {
                _waiting[regency] = await WithDatabase(regency, outbox => outbox.Waiting(regency, stopping), stopping);
                _unanswered[regency] = await Unanswered(regency, stopping);
                var known = await WithDatabase(regency, outbox => outbox.LeftAlone(regency, stopping), stopping);
                foreach (var left in known)
                {
                    circuits.Of(regency, left.Channel, left.Account).Heard(left, time.GetUtcNow());
                }

                _leftAlone[regency] = [.. known, .. _leftAlone.GetValueOrDefault(regency, []).Where(l => known.All(k => k.Id != l.Id)).Select(l => l with { Until = default })];
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

    /// <summary>A number that was shown goes to 0; it does not vanish.</summary>
    private async Task<IReadOnlyList<UnansweredCount>> Unanswered(string regency, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var counts = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetUnanswered(regency), cancel);
        var before = _unanswered.GetValueOrDefault(regency) ?? [new("in", "", "1h", 0), new("out", "", "1h", 0), new("answer", "", "1h", 0)];
        return [.. counts, .. before.Where(b => counts.All(c => (c.Direction, c.Department, c.Age) != (b.Direction, b.Department, b.Age))).Select(b => b with { Count = 0 })];
    }

    private async Task<T> WithDatabase<T>(string regency, Func<OutboxStore, Task<T>> use, CancellationToken cancel)
    {
        // Hundreds of regencies must not take every connection at once.
        await _database.WaitAsync(cancel);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("outbox");
            return await use(scope.ServiceProvider.GetRequiredService<OutboxStore>());
        }
        finally
        {
            _database.Release();
        }
    }

    /// <summary>One try with one message. Does not fail: a try that cannot be recorded is found again when its lease ends.</summary>
    private async Task Deliver(string regency, OutboundMessage message)
    {
        using var activity = Traces.Continue($"send {message.Channel}", ActivityKind.Producer, message.TraceParent);
        activity?.SetTag("smartcity.regency", regency).SetTag("smartcity.stream", message.Ticket).SetTag("smartcity.attempt", message.Attempts);
        try
        {
            var (delivery, account) = await Try(regency, message);
            if (delivery.Problem is { } problem)
            {
                activity?.SetStatus(ActivityStatusCode.Error, problem);
            }

            await Record(regency, message with { Account = account ?? message.Account }, delivery);
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            LogNotRecorded(failure, message.Id, regency);
        }
    }

    private async Task<(Delivery Delivery, string? Account)> Try(string regency, OutboundMessage message)
    {
        if (message.IsUndelivered)
        {
            return (new Delivery.Refused(message.Error!), message.Account);
        }

        // No cancellation: a call that is broken off has an unknown end. The client's own time-outs end it.
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Query(regency);
        var answers = message.Conversation is { } conversation ? (await session.LoadAsync<Message>(conversation, CancellationToken.None))?.Received : null;
        // Another channel knows nothing of the message that is answered.
        var answered = answers?.Channel == message.Channel ? answers.MessageId : null;
        var reader = await personal.Reader(session, [message.Text, message.To, message.Unsubscribe, answers?.MessageId], CancellationToken.None);
        var (opened, post) = (reader.Open(message.Text), reader.Open(answered));
        if (opened is null or PersonalReader.Erased || (answers is not null && !reader.CanOpen(answers.MessageId)))
        {
            return (new Delivery.Refused("Not sent: the reporter's data was erased."), null);
        }

        // Who is alerted is named by an address on the channel, not by a message.
        var author = answers is { Author: { } who } ? JsonSerializer.Deserialize<MessageAuthor>(reader.Open(who)!)!.Id : null;
        var to = message.RefusedBy.Count > 0 ? await Address(scope, regency, message, answers?.Channel, author) : author ?? reader.Open(message.To) ?? (message.Stream == message.Conversation ? null : message.Conversation);
        if (to is not null && await StoppedRecipient.Holds(session, personal, regency, $"{message.Channel}:{to}", message, CancellationToken.None))
        {
            return (new Delivery.Withheld("Not sent: the recipient asked for no more messages (STOP)."), null);
        }

        if (await senders.Of(regency, message.Channel, CancellationToken.None) is not { } sender)
        {
            return (new Delivery.Refused($"Not sent: nothing sends on the channel '{message.Channel}'."), null);
        }

        string? account = null;
        try
        {
            var isUnresolved = message.State == OutboundState.Unresolved;
            if (!isUnresolved && message.Parts.Count == 0 && !message.IsUrgent && channels.Find(message.Channel) is { Converses: true }
                && await session.LoadAsync<ChannelPolicyDocument>(ChannelPolicyDocument.Only, CancellationToken.None) is { Quiet: { } quiet }
                && quiet.Until(time.GetUtcNow(), (await regencies.All(CancellationToken.None)).First(r => r.Id == regency).Zone) is { } morning)
            {
                return (new Delivery.Held("Quiet hours.", morning), null);
            }

            var addressed = answers?.Addressed is { } accounts ? JsonSerializer.Deserialize<string[]>(reader.Open(accounts)!)! : [];
            var owed = message.IsWritten && answers is not null ? await session.LoadAsync<AnswerOwed>(message.Ticket, CancellationToken.None) : null;
            // What became of a try is known where it was made.
            string[] wroteTo = answers?.Account is { } cameTo ? [.. addressed, cameTo] : addressed;
            account = isUnresolved && message.Account is { } tried ? tried : channels.Find(message.Channel) is { } channel ? await channel.From(regency, answers is null || answers.Channel == message.Channel ? wroteTo : [.. wroteTo, .. await Theirs(scope, regency, answers.Channel, wroteTo, channel, CancellationToken.None)], owed?.AnsweredBy ?? owed?.Department, CancellationToken.None) : null;
            var circuit = circuits.Of(regency, message.Channel, account);
            if (!isUnresolved && circuit.Blocks(time.GetUtcNow()) is { } until)
            {
                return (new Delivery.Held("The provider has failed too often; it is left alone for a while.", until), account);
            }

            var receipts = isUnresolved ? await scope.ServiceProvider.GetRequiredService<OutboxStore>().Receipts(regency, message.Ticket, CancellationToken.None) : [];
            var letter = new Letter(regency, post, Wording.Of(message, opened, regency, channels.Find(message.Channel)), message.AttemptedAt ?? message.QueuedAt, receipts)
            {
                Id = message.Id,
                Kind = message.Kind,
                Ticket = message.Ticket,
                Account = account,
                Try = message.Try,
                To = to,
                Unsubscribe = reader.Open(message.Unsubscribe),
                Parts = message.Parts,
                MayReply = answers?.IsUnsummoned != true,
            };
            if (isUnresolved)
            {
                return (await sender.Find(letter, CancellationToken.None), account);
            }

            var delivery = await sender.Send(letter, CancellationToken.None);
            if (circuit.Saw(delivery, time.GetUtcNow()) is (true, var leftUntil, var failures))
            {
                await Leave(regency, LeftAlone.IdOf(message.Channel, account), leftUntil, failures);
            }

            return (delivery, account);
        }
        catch (Exception failure)
        {
            LogTryFailed(failure, message.Id, regency, message.Channel);
            return (new Delivery.Unknown(failure.GetType().Name, null), account);
        }
    }

    /// <summary>On another channel than somebody wrote on: the accounts there of the department that they wrote to.</summary>
    private async Task<IReadOnlyList<string>> Theirs(AsyncServiceScope scope, string regency, string wroteOn, IReadOnlyList<string> wroteTo, IChannel channel, CancellationToken cancel)
    {
        foreach (var account in wroteTo)
        {
            if ((channels.DepartmentOf(account)
                ?? (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new FindDepartmentByAccount(regency, channels.Find(wroteOn)?.OfficialChannel ?? wroteOn, account), cancel))?.Code) is { } department)
            {
                return [.. channel.Accounts.Select(form => form.Of(department))];
            }
        }

        return [];
    }

    /// <summary>Does not fail: what came of the try must be written in any case, and the other hosts find out by themselves.</summary>
    private async Task Leave(string regency, string account, DateTimeOffset? until, int failures)
    {
        try
        {
            await WithDatabase(regency, outbox => outbox.Leave(regency, account, until, failures, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNoSweep(failure, regency);
        }
    }

    /// <summary>Another channel on which the same person can be reached and the regency can send.</summary>
    private async Task<string?> Instead(string regency, OutboundMessage message)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Who else follows a report, or is alerted of it, is not its reporter.
        var contact = message.Ticket.Length == 0 || message.Kind is OutboundMessage.Alert or OutboundMessage.FollowedAnswer or OutboundMessage.FollowedPlan ? null
            : await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetReporterContact(regency, message.Ticket), CancellationToken.None);
        string?[] others =
        [
            message.Conversation is null ? null : channels.Find(message.Channel)?.Instead,
            contact?.Phone is null ? null : SmsChannel.Name,
            contact?.Email is null ? null : EmailChannel.Name,
        ];
        foreach (var other in others.OfType<string>().Where(other => other != message.Channel && !message.RefusedBy.Contains(other)))
        {
            if (channels.Find(other) is { } channel && await channel.CanSend(regency, CancellationToken.None))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Where the person is reached on a channel that is not the one they wrote on.</summary>
    private async Task<string?> Address(AsyncServiceScope scope, string regency, OutboundMessage message, string? wrote, string? author)
    {
        if (author is not null && wrote is not null && (wrote == message.Channel || channels.Find(wrote)?.Instead == message.Channel))
        {
            return message.Channel == SmsChannel.Name && !author.StartsWith('+') ? $"+{author}" : author;
        }

        var contact = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetReporterContact(regency, message.Ticket), CancellationToken.None);
        return message.Channel switch
        {
            SmsChannel.Name => PhoneNumber.Normalised(contact?.Phone ?? ""),
            EmailChannel.Name => contact?.Email,
            _ => null,
        };
    }

    private async Task Record(string regency, OutboundMessage message, Delivery delivery)
    {
        var instead = delivery is Delivery.Refused && message.Parts.Count == 0 ? await Instead(regency, message) : null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var call = scope.ServiceProvider.GetRequiredService<CallContext>();
                call.Actor = Actor.System("outbox");
                call.CorrelationId = message.CorrelationId ?? call.CorrelationId;
                call.CausationId = $"event:{message.Cause}";
                var after = await scope.ServiceProvider.GetRequiredService<OutboxStore>().Record(regency, message, delivery, Random.Shared.NextDouble(), CancellationToken.None, instead);
                if (after?.State == OutboundState.Failed)
                {
                    LogGivenUp(message.Id, regency, message.Channel, after.Attempts, delivery.GetType().Name);
                }

                return;
            }
            catch (Exception failure) when (attempt < 3 && LostRace.Is(failure))
            {
                // Two messages of one conversation were recorded at the same moment.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox of {Regency} could not be swept; it is tried again.")]
    private partial void LogNoSweep(Exception failure, string regency);

    [LoggerMessage(Level = LogLevel.Error, Message = "What came of message {Id} of {Regency} could not be written; it is looked up when its lease ends.")]
    private partial void LogNotRecorded(Exception failure, Guid id, string regency);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending message {Id} of {Regency} on {Channel} broke off.")]
    private partial void LogTryFailed(Exception failure, Guid id, string regency, string channel);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Regency} on {Channel} is given up after {Attempts} tries ({Outcome}): a person must look.")]
    private partial void LogGivenUp(Guid id, string regency, string channel, int attempts, string outcome);
}

/// <summary>
/// Who sends on which channel. In development a message really leaves only by an account that the regency has at a provider;
/// <c>SmartCity:Channels:Deliver</c> set to true lets all leave, to false none.
/// </summary>
internal sealed class ChannelSenders(ChannelList channels, IHostEnvironment environment, IConfiguration configuration)
{
    private readonly DevelopmentSender _instead = new();
    private readonly bool? _deliver = environment.IsDevelopment() ? configuration.GetValue<bool?>("SmartCity:Channels:Deliver") : true;

    public async ValueTask<IChannelSender?> Of(string regency, string channel, CancellationToken cancel) => (_deliver, channels.Find(channel)) switch
    {
        (true, var known) => known?.Sender,
        (null, { } known) when await known.CanSend(regency, cancel) => known.Sender,
        _ => _instead,
    };
}
