using System.Globalization;
using System.Text;
using Marten;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Email;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Subscribing;

/// <summary>
/// Puts news that are due into the outbox, one mail for each subscription. What is told is looked at once more at that moment: what is not
/// public any more is left out. Runs on every host; what one has taken, the others do not see.
/// </summary>
internal sealed partial class SendNews(IServiceScopeFactory scopes, RegencyRegistry regencies, TimeProvider time, ILogger<SendNews> log) : BackgroundService
{
    private const int AtOnce = 500;
    // Of the machine's clock: how often one looks.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(3), PollAsked = TimeSpan.FromMinutes(10);

    /// <summary>So long somebody has to confirm.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(48);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Poll);
        long? askedAt = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var withAsked = askedAt is not { } last || TimeProvider.System.GetElapsedTime(last) > PollAsked;
                askedAt = withAsked ? TimeProvider.System.GetTimestamp() : askedAt;
                await Sweep(withAsked, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task Sweep(bool withAsked, CancellationToken stopping)
    {
        try
        {
            foreach (var regency in await regencies.All(stopping))
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.System("subscriptions");
                var due = scope.ServiceProvider.GetRequiredService<DueNews>();
                while (await due.Send(regency, AtOnce, stopping) == AtOnce)
                {
                }

                if (withAsked)
                {
                    await due.ForgetUnconfirmed(regency.Id, time.GetUtcNow() - Patience, stopping);
                }
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "News for subscribers could not be sent; it is tried again.")]
    private partial void LogFailed(Exception failure);
}

/// <summary>What is due in a regency.</summary>
internal sealed class DueNews(RegencySessions sessions, PersonalData personal, PersonalTraces traces, SubscriptionLinks links, OutboxSignal signal, ISender sender, TimeProvider time)
{
    private static readonly ReportState[] Gone = [ReportState.Rejected, ReportState.Withdrawn, ReportState.Merged];

    public async Task<int> Send(Regency regency, int most, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var session = sessions.Open(regency.Id);
        await session.BeginTransactionAsync(cancel);
        var due = await session.QueryAsync<SubscriptionNews>(
            "where d.tenant_id = ? and d.due_at <= ? order by d.due_at limit ? for update skip locked", cancel, session.TenantId, now, most);
        if (due.Count == 0)
        {
            return 0;
        }

        var subscriptions = (await session.LoadManyAsync<Subscription>(cancel, [.. due.Select(n => n.Subscription).Distinct()])).ToDictionary(s => s.Id);
        var keys = (await session.LoadManyAsync<PersonalKey>(cancel, [.. subscriptions.Values.Select(s => s.Person)])).ToDictionary(k => k.Id);
        var lines = await Lines(regency.Id, due, cancel);
        foreach (var group in due.GroupBy(n => n.Subscription))
        {
            var told = group.Where(n => lines.ContainsKey(n.Matter)).ToArray();
            // What is not for everybody now may become so later, and is news then.
            foreach (var hidden in group.Except(told))
            {
                session.Delete(hidden);
            }

            session.Update(told.Select(n => n with { DueAt = null }).ToArray());
            if (told.Length > 0 && subscriptions.GetValueOrDefault(group.Key) is { } subscription && keys.GetValueOrDefault(subscription.Person) is { } key && personal.SealOf(key) is { } seal)
            {
                session.Insert(Mail(regency, subscription, seal, [.. told.Select(n => lines[n.Matter]).Distinct()], [.. told.Select(n => n.Id)], now));
            }
        }

        await session.SaveChangesAsync(cancel);
        signal.Raise();
        return due.Count;
    }

    /// <summary>What nobody confirmed in time is erased: somebody else may have typed the address.</summary>
    public async Task ForgetUnconfirmed(string regency, DateTimeOffset before, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        var asked = await session.Query<Subscription>().Where(s => s.ConfirmedAt == null && s.AskedAt < before).Take(500).ToListAsync(cancel);
        if (asked.Count > 0)
        {
            await traces.Erase(regency, [.. asked.Select(s => s.Person)], ErasureGround.Retention, null, null, cancel);
        }
    }

    private OutboundMessage Mail(Regency regency, Subscription subscription, PersonSeal seal, IReadOnlyList<string> lines, IReadOnlyList<string> causes, DateTimeOffset now)
    {
        var text = new StringBuilder($"Yang baru di {regency.Name} / New in {regency.Name}:\n\n");
        foreach (var line in lines)
        {
            text.Append(line).Append("\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Berhenti berlangganan, atau lihat langganan ini / Unsubscribe, or see this subscription:\n{links.Page(regency.Id, subscription.Name)}\n");
        return new OutboundMessage
        {
            Id = OutboundMessage.IdOf(Guid.Empty, $"{OutboundMessage.News} {regency.Id} {string.Join(' ', causes.Order(StringComparer.Ordinal))}"),
            Ticket = "",
            Channel = EmailChannel.Name,
            Conversation = subscription.Id,
            Kind = OutboundMessage.News,
            Text = seal.Seal(text.ToString())!,
            To = subscription.Email,
            Unsubscribe = seal.Seal(links.Unsubscribe(regency.Id, subscription.Name)),
            QueuedAt = now,
            DueAt = now,
            Cause = Guid.Empty,
        };
    }

    /// <summary>
    /// What is said of each matter that everybody may read now. Of a report no word of what was written: a mail stays when a report is hidden
    /// or its reporter erased, a link does not lead there any more.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> Lines(string regency, IReadOnlyList<SubscriptionNews> due, CancellationToken cancel)
    {
        var categories = (await sender.Send(new GetCategories(regency), cancel)).ToDictionary(c => c.Code);
        var districts = (await sender.Send(new GetDistricts(regency), cancel)).ToDictionary(d => d.Code, d => d.Name);
        var lines = new Dictionary<string, string>();
        foreach (var (matter, isWork) in due.Select(n => (n.Matter, n.IsWork)).Distinct())
        {
            if (isWork && await sender.Send(new GetPlannedWork(regency, matter), cancel) is { State: not PlannedWorkState.Cancelled } work)
            {
                lines[matter] = string.Create(CultureInfo.InvariantCulture,
                    $"Rencana / planned: {work.Terms.Name} ({work.Terms.FiscalYear})\n{links.Root}/{regency}/rencana/{matter}");
            }
            else if (!isWork && await sender.Send(new GetReport(regency, matter), cancel) is { IsConfidential: false, IsOversight: false } report && !Gone.Contains(report.State))
            {
                var category = report.Category is { } code && categories.TryGetValue(code, out var known) ? $"{known.Name} / {known.EnglishName}" : "Laporan / report";
                var where = report.District is { } district && districts.TryGetValue(district, out var name) ? $", Kec. {name}" : "";
                lines[matter] = $"{category}{where} ({matter})\n{links.Root}/{regency}/laporan/{matter}";
            }
        }

        return lines;
    }
}
