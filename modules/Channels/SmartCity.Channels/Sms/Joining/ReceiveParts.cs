using System.Text.Json;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Sms.Joining;

/// <summary>Keeps parts as they come; whoever commits the last one finds them all and makes the message.</summary>
internal sealed class ReceiveParts(RegencySessions sessions, PersonalData personal, ReceiveMessage inbox, TimeProvider time)
{
    /// <summary>So long is waited for the others; a reference is used again some time after that.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private sealed record Part(string Id, string From, string To, string Text, string? Account = null);

    public async Task Handle(string regency, string id, string from, string to, string text, string? account, PartHeader header, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var group = personal.PersonId(regency, $"sms parts {PhoneNumber.Normalised(from) ?? from} {to} {header}");
        var part = personal.PersonId(regency, $"sms part {id}");
        await using (var session = sessions.Open(regency))
        {
            var seal = personal.NewSeal(session, regency, $"message-sms-{part}", new PersonIdentity($"sms:{PhoneNumber.Normalised(from) ?? from}"), now);
            session.Insert(new MessagePart
            {
                Id = part,
                Group = group,
                Number = header.Number,
                Count = header.Count,
                Sealed = seal.Seal(JsonSerializer.Serialize(new Part(id, from, to, text, account)))!,
                ReceivedAt = now,
            });
            try
            {
                await session.SaveChangesAsync(cancel);
            }
            catch (DocumentAlreadyExistsException)
            {
                // Delivered before; the message may still have to be made.
            }
        }

        await using var reading = sessions.Query(regency);
        var since = now - Patience;
        var parts = await reading.Query<MessagePart>().Where(p => p.Group == group && !p.IsDone && p.ReceivedAt > since).ToListAsync(cancel);
        if (parts.Select(p => p.Number).Distinct().Count() == header.Count)
        {
            await Join(regency, reading, parts, cancel);
        }
    }

    /// <summary>Makes the message of what has come: of all, or of those that were waited for long enough.</summary>
    public async Task Join(string regency, IQuerySession reading, IReadOnlyList<MessagePart> parts, CancellationToken cancel)
    {
        var reader = await personal.Reader(reading, parts.Select(p => p.Sealed), cancel);
        if (parts.Any(p => !reader.CanOpen(p.Sealed)))
        {
            return;
        }

        var opened = parts.GroupBy(p => p.Number).ToDictionary(g => g.Key, g => JsonSerializer.Deserialize<Part>(reader.Open(g.MinBy(p => p.ReceivedAt)!.Sealed)!)!);
        var first = opened.MinBy(p => p.Key).Value;
        var text = string.Concat(Enumerable.Range(1, parts[0].Count).Select(n => opened.TryGetValue(n, out var part) ? part.Text : " (…) "));
        await inbox.Handle(regency, SmsMessages.Of($"{first.Id} joined", first.From, first.To, text, [], first.Account, time.GetUtcNow()), cancel);
    }

    /// <summary>Takes what nobody waits for any more: incomplete messages as far as they came, then what the parts said goes.</summary>
    public async Task TakeWhatIsThere(string regency, CancellationToken cancel)
    {
        var before = time.GetUtcNow() - Patience;
        await using var session = sessions.Open(regency);
        var old = await session.Query<MessagePart>().Where(p => !p.IsDone && p.ReceivedAt < before).Take(500).ToListAsync(cancel);
        foreach (var group in old.GroupBy(p => p.Group))
        {
            if (group.Select(p => p.Number).Distinct().Count() < group.First().Count)
            {
                await Join(regency, session, [.. group], cancel);
            }

            foreach (var part in group)
            {
                session.Update(part with { IsDone = true, Sealed = "" });
            }
        }

        await session.SaveChangesAsync(cancel);
    }
}

/// <summary>Looks now and then for parts whose others never came. On every host: a message is made once however often it is tried.</summary>
internal sealed partial class TakeWhatIsThere(IServiceScopeFactory scopes, RegencyRegistry regencies, ILogger<TakeWhatIsThere> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await Sweep(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task Sweep(CancellationToken stopping)
    {
        try
        {
            foreach (var regency in await regencies.All(stopping))
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("channels");
                await scope.ServiceProvider.GetRequiredService<ReceiveParts>().TakeWhatIsThere(regency.Id, stopping);
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Parts of messages could not be looked through; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
