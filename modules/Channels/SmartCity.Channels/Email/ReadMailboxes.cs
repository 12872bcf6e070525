using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MimeKit;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Media;
using SmartCity.Channels.Outbox;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.Files;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Email;

/// <summary>How far a mailbox has been read; committed together with the mails that were read.</summary>
[NotInEvents("How far a mailbox was read; the mails are events.")]
internal sealed record MailboxRead
{
    /// <summary>The address.</summary>
    public required string Id { get; init; }

    /// <summary>When the server numbers its mails anew, this changes.</summary>
    public required long UidValidity { get; init; }

    public required long LastUid { get; init; }

    /// <summary>How many mails were too large to be read; they are left where they are.</summary>
    public int TooLarge { get; init; }

    /// <summary>When the last of them was seen.</summary>
    public DateTimeOffset? TooLargeAt { get; init; }
}

/// <summary>
/// Reads the regencies' mailboxes: at once where the server says that mail has come (IDLE), else now and then. On every host, each over a
/// connection of its own; a lock lets one of them read a mailbox at a time.
/// </summary>
internal sealed partial class ReadMailboxes(IServiceScopeFactory scopes, RegencyRegistry regencies, ChannelAccounts accounts, IConfiguration configuration, ILogger<ReadMailboxes> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _poll = configuration.GetValue("SmartCity:Channels:Email:PollEvery", TimeSpan.FromSeconds(30));

    // A server may end it after 30 minutes (RFC 2177), and a network forgets connections on which nothing is said long before.
    private readonly TimeSpan _idle = configuration.GetValue("SmartCity:Channels:Email:IdleFor", TimeSpan.FromMinutes(9)) is var time && time < TimeSpan.FromMinutes(29) ? time : TimeSpan.FromMinutes(28);

    private sealed record Watch(OwnAccount Account, CancellationTokenSource Stop, long StartedAt, Task Done);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look);
        var watches = new Dictionary<(string Regency, string Account), Watch>();
        try
        {
            do
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    // A server that does not answer must not keep the other mailboxes waiting.
                    var all = await accounts.All(regency.Id, [EmailChannel.Form], stopping);
                    foreach (var name in all.Select(a => a.Name).Union(watches.Keys.Where(k => k.Regency == regency.Id).Select(k => k.Account)).ToArray())
                    {
                        if (await Next(regency.Id, all.FirstOrDefault(a => a.Name == name), watches.GetValueOrDefault((regency.Id, name)), stopping) is { } watch)
                        {
                            watches[(regency.Id, name)] = watch;
                        }
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(watches.Values.Select(watch => watch.Done));
    }

    /// <summary>A new watch where it is time for one; null: the one before goes on, or nothing is to be done.</summary>
    private async Task<Watch?> Next(string regency, OwnAccount? account, Watch? before, CancellationToken stopping)
    {
        if (before is { Done.IsCompleted: false })
        {
            if (account is null || !IsSame(account, before.Account))
            {
                // An operator has changed it: the old mailbox is left.
                await before.Stop.CancelAsync();
            }

            return null;
        }

        if (account is null || MailServer.Of(account.Settings, "imap", 993, "tls") is not { } server
            || (before is not null && IsSame(account, before.Account) && TimeProvider.System.GetElapsedTime(before.StartedAt) < _poll))
        {
            return null;
        }

        before?.Stop.Dispose();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        return new Watch(account, stop, TimeProvider.System.GetTimestamp(), Try(regency, account, server, stop.Token));
    }

    private static bool IsSame(OwnAccount one, OwnAccount other) =>
        one.Settings.Count == other.Settings.Count && one.Settings.All(setting => other.Get(setting.Key) == setting.Value);

    private async Task Try(string regency, OwnAccount account, MailServer server, CancellationToken stop)
    {
        try
        {
            await Read(regency, account, server, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            LogFailed(failure.GetType().Name, account.Name, regency);
        }
    }

    /// <summary>Reads what there is, then whatever comes, as long as the server says so by itself.</summary>
    private async Task Read(string regency, OwnAccount account, MailServer server, CancellationToken stop)
    {
        using var client = new ImapClient { Timeout = 30_000 };
        await client.ConnectAsync(server.Host, server.Port, server.Security, stop);
        await client.AuthenticateAsync(server.User ?? account["address"], server.Password ?? "", stop);
        await client.Inbox.OpenAsync(FolderAccess.ReadOnly, stop);
        var (hasCome, waiting) = (false, (CancellationTokenSource?)null);
        client.Inbox.CountChanged += (_, _) =>
        {
            hasCome = true;
            waiting?.Cancel();
        };
        while (true)
        {
            hasCome = false;
            var more = await ReadNow(regency, account, client.Inbox, stop);
            if (more || hasCome)
            {
                continue;
            }

            if (!client.Capabilities.HasFlag(ImapCapabilities.Idle))
            {
                break;
            }

            // Ended by mail, by time or by our own end: the server hears DONE in any case.
            using (var done = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                done.CancelAfter(_idle);
                waiting = done;
                await client.IdleAsync(done.Token, CancellationToken.None);
                waiting = null;
            }

            stop.ThrowIfCancellationRequested();
        }

        await client.DisconnectAsync(quit: true, stop);
    }

    private async Task<bool> ReadNow(string regency, OwnAccount account, IMailFolder inbox, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.Citizen;
        return await scope.ServiceProvider.GetRequiredService<ReceiveMail>().Handle(regency, account, inbox, stop);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mailbox {Account} of {Regency} could not be read ({Failure}); it is tried again.")]
    private partial void LogFailed(string failure, string account, string regency);
}

/// <summary>How large a mail may be; a larger one is not read into memory.</summary>
internal sealed record MailLimit(long Bytes)
{
    /// <exception cref="InvalidOperationException">The value is none.</exception>
    public static MailLimit Read(IConfiguration configuration) => configuration.GetValue("SmartCity:Channels:Email:MostBytes", 40L * 1024 * 1024) is > 0 and <= 200L * 1024 * 1024 and var bytes
        ? new MailLimit(bytes) : throw new InvalidOperationException("Configuration SmartCity:Channels:Email:MostBytes must be between 1 and 209715200 (200 MB).");

    /// <summary>As people say it.</summary>
    public override string ToString() => Bytes >= 1024 * 1024 ? $"{Bytes / 1024 / 1024} MB" : $"{Math.Max(1, Bytes / 1024)} kB";
}

/// <summary>Reads what is new in a mailbox, and keeps it.</summary>
internal sealed partial class ReceiveMail(RegencySessions sessions, ChannelAccounts accounts, ReceiveMessage inbox, OutboxStore outbox, Photos photos, PersonalData personal, MailLimit limit, TimeProvider time, ILogger<ReceiveMail> log)
{
    private const int AtOnce = 50, MostADay = 40;

    /// <summary>A mailbox that is read for the first time may be old and full.</summary>
    private static readonly TimeSpan First = TimeSpan.FromDays(3);

    /// <returns>There may be more.</returns>
    public async Task<bool> Handle(string regency, OwnAccount account, IMailFolder folder, CancellationToken cancel)
    {
        var address = account["address"];
        var all = await accounts.All(regency, [EmailChannel.Form], cancel);
        // A mail to several of our mailboxes is one message, whichever is read first; it is for the first department that it is written to.
        string CameTo(IncomingMessage mail) => mail.Addressed.Select(to => all.FirstOrDefault(a => a.Department is not null && a["address"].Equals(to, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(a => a is not null)?.Name ?? account.Name;
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        if ((await session.AdvancedSql.QueryAsync<int>("select 1 where pg_try_advisory_xact_lock(hashtextextended(?, 0))", cancel, $"smartcity.mailbox {regency} {address}")).Count == 0)
        {
            // Another host is at it, and takes what this one was told of.
            return false;
        }

        var known = await session.LoadAsync<MailboxRead>(address, cancel);
        // Numbered anew: all of it is looked at again, and what is known already is known by its Message-ID.
        var last = known is not null && known.UidValidity == folder.UidValidity ? known.LastUid : 0;
        SearchQuery query = last > 0 ? SearchQuery.Uids(new UniqueIdRange(new UniqueId((uint)last + 1), UniqueId.MaxValue)) : SearchQuery.DeliveredAfter((time.GetUtcNow() - First).UtcDateTime.Date);
        var found = (await folder.SearchAsync(query, cancel)).Where(uid => uid.Id > last).OrderBy(uid => uid.Id).Take(AtOnce).ToArray();
        var sizes = found.Length == 0 ? [] : (await folder.FetchAsync(found, MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancel)).ToDictionary(mail => mail.UniqueId.Id, mail => (long)(mail.Size ?? 0));
        var (kept, tooLarge, bounced) = (0, 0, new List<Mail.Bounced>());
        foreach (var uid in found)
        {
            var isTooLarge = sizes.GetValueOrDefault(uid.Id) is var size && size > limit.Bytes;
            if (isTooLarge)
            {
                tooLarge++;
                LogTooLarge(regency, uid.Id, size);
            }

            if (await Read(folder, uid, isTooLarge, address, regency, cancel) is { } mail)
            {
                switch (mail)
                {
                    case Mail.Written written:
                        var message = written.Message with { Account = CameTo(written.Message), Media = await Keep(regency, written.Pictures, cancel), IsTooLarge = isTooLarge };
                        kept += await inbox.Append(session, regency, await IsTooMuch(session, regency, message, cancel) ? message with { IsAutomatic = true } : message, cancel) ? 1 : 0;
                        break;
                    case Mail.Bounced bounce:
                        bounced.Add(bounce);
                        break;
                }
            }
        }

        if (found.Length > 0 || known is null || known.UidValidity != folder.UidValidity)
        {
            session.Store(new MailboxRead
            {
                Id = address,
                UidValidity = folder.UidValidity,
                LastUid = found.Length > 0 ? found[^1].Id : last,
                TooLarge = (known?.TooLarge ?? 0) + tooLarge,
                TooLargeAt = tooLarge > 0 ? time.GetUtcNow() : known?.TooLargeAt,
            });
            await session.SaveChangesAsync(cancel);
        }

        for (; kept > 0; kept--)
        {
            ReceiveMessage.Count(regency, EmailChannel.Name);
        }

        foreach (var bounce in bounced)
        {
            if (Guid.TryParseExact(bounce.MessageId.Split('@')[0], "N", out var ours))
            {
                await outbox.Told(regency, ours, new Receipt(ReceiptKind.Undelivered, bounce.MessageId, $"The recipient's server did not take it ({bounce.Status})."), cancel);
            }
        }

        return found.Length == AtOnce;
    }

    /// <summary>Null: it cannot be read, and would hold up all that come after it.</summary>
    /// <param name="onlyHead">It is too large: only who wrote it, and about what.</param>
    private async Task<Mail?> Read(IMailFolder folder, UniqueId uid, bool onlyHead, string address, string regency, CancellationToken cancel)
    {
        try
        {
            using var raw = new MemoryStream();
            if (onlyHead)
            {
                await (await folder.GetHeadersAsync(uid, cancel)).WriteToAsync(raw, cancel);
                raw.Write("\r\n"u8);
            }
            else
            {
                await using var stream = await folder.GetStreamAsync(uid, cancel);
                await stream.CopyToAsync(raw, cancel);
            }

            raw.Position = 0;
            return MailMessages.Read(await MimeMessage.LoadAsync(raw, cancel), raw.ToArray(), address, time.GetUtcNow());
        }
        catch (Exception failure) when (failure is FormatException or MessageNotFoundException)
        {
            LogUnreadable(regency, uid.Id);
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> Keep(string regency, IReadOnlyList<MimePart> pictures, CancellationToken cancel)
    {
        var kept = new List<string>();
        foreach (var picture in pictures)
        {
            using var content = new MemoryStream();
            await picture.Content!.DecodeToAsync(content, cancel);
            if ((await photos.Store(regency, content.ToArray(), cancel)).Photo is { } photo)
            {
                kept.Add(KeptPicture.Write(new ReportPhoto(photo.Id, photo.Thumbnail, photo.Width, photo.Height, photo.Look, photo.Evidence)));
            }
        }

        return kept;
    }

    /// <summary>Who writes so often is a machine, or answers one.</summary>
    private async Task<bool> IsTooMuch(IQuerySession session, string regency, IncomingMessage message, CancellationToken cancel)
    {
        var (account, since) = (personal.PersonId(regency, ReceiveMessage.Identity(message.Channel, message.Author)), time.GetUtcNow() - TimeSpan.FromDays(1));
        return await session.Query<PersonalKey>().Where(k => k.Account == account && k.CreatedAt > since).CountAsync(cancel) >= MostADay;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Uid} of {Regency} has {Size} bytes, which is too much, and is left where it is; its author is told.")]
    private partial void LogTooLarge(string regency, uint uid, long size);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Uid} of {Regency} cannot be read, and is left where it is.")]
    private partial void LogUnreadable(string regency, uint uid);
}
