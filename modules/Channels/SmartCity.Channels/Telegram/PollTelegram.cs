using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.Telegram;

/// <summary>How far a bot's updates have been read; committed together with what was read.</summary>
[NotInEvents("How far a bot was read; the messages are events.")]
internal sealed record UpdatesRead
{
    /// <summary>The bot's id.</summary>
    public required string Id { get; init; }

    /// <summary>The next update; asking for it says that all before it are on disk.</summary>
    public required long Next { get; init; }
}

/// <summary>Asks Telegram for updates where it cannot reach the webhook. On every host; a lock lets one of them ask for a bot at a time.</summary>
internal sealed partial class PollTelegram(IServiceScopeFactory scopes, RegencyRegistry regencies, TelegramChannel channel, ChannelAccounts accounts, TelegramApi telegram, TimeProvider time, ILogger<PollTelegram> log)
    : BackgroundService
{
    // Telegram answers as soon as something is there.
    private const int WaitSeconds = 10;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look);
        var running = new Dictionary<(string Regency, string Account), Task>();
        try
        {
            do
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    foreach (var account in (await accounts.All(regency.Id, [TelegramChannel.Form], stopping)).Where(channel.IsPolled))
                    {
                        if (!running.TryGetValue((regency.Id, account.Name), out var last) || last.IsCompleted)
                        {
                            running[(regency.Id, account.Name)] = Try(regency.Id, account, stopping);
                        }
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(running.Values);
    }

    private async Task Try(string regency, OwnAccount account, CancellationToken stopping)
    {
        try
        {
            if (!await Poll(regency, account, stopping))
            {
                await Task.Delay(Pause, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            LogFailed(failure.GetType().Name, regency);
            await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One question; false: it is of no use to ask again at once.</summary>
    private async Task<bool> Poll(string regency, OwnAccount account, CancellationToken cancel)
    {
        var bot = account[TelegramChannel.Token].Split(':')[0];
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.Citizen;
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
        await session.BeginTransactionAsync(cancel);
        if ((await session.AdvancedSql.QueryAsync<int>("select 1 where pg_try_advisory_xact_lock(hashtextextended(?, 0))", cancel, $"smartcity.telegram {regency} {bot}")).Count == 0)
        {
            return true;
        }

        var read = await session.LoadAsync<UpdatesRead>(bot, cancel);
        var (found, status) = await telegram.Ask(account, "getUpdates", new { offset = read?.Next ?? 0, limit = 100, timeout = WaitSeconds, allowed_updates = TelegramChannel.Updates }, cancel);
        if (found is not { ValueKind: System.Text.Json.JsonValueKind.Array } updates)
        {
            LogRefused(regency, status);
            return false;
        }

        var inbox = scope.ServiceProvider.GetRequiredService<ReceiveMessage>();
        var (next, kept, pressed) = (read?.Next ?? 0, 0, new List<string>());
        foreach (var item in updates.EnumerateArray())
        {
            next = Math.Max(next, item.GetProperty("update_id").GetInt64() + 1);
            if (TelegramUpdate.Read(Encoding.UTF8.GetBytes(item.GetRawText()), time.GetUtcNow(), account.Name) is not { } update)
            {
                continue;
            }

            kept += update.Message is { } message && await inbox.Append(session, regency, message, cancel) ? 1 : 0;
            if (update.Callback is { } callback)
            {
                pressed.Add(callback);
            }
        }

        if (next != (read?.Next ?? 0))
        {
            session.Store(new UpdatesRead { Id = bot, Next = next });
            await session.SaveChangesAsync(cancel);
        }

        for (; kept > 0; kept--)
        {
            ReceiveMessage.Count(regency, TelegramChannel.Name);
        }

        foreach (var callback in pressed)
        {
            // The button stops waiting.
            await telegram.Ask(account, "answerCallbackQuery", new { callback_query_id = callback }, cancel);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram could not be asked for {Regency} ({Failure}); it is tried again.")]
    private partial void LogFailed(string failure, string regency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram gave no updates of {Regency}: it answered {Status}.")]
    private partial void LogRefused(string regency, int status);
}
