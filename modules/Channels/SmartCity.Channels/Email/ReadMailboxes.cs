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
}

/// <summary>Reads the regencies' mailboxes now and then. On every host; a lock lets one of them read a mailbox at a time.</summary>
internal sealed partial class ReadMailboxes(IServiceScopeFactory scopes, RegencyRegistry regencies, ChannelAccounts accounts, IConfiguration configuration, ILogger<ReadMailboxes> log) : BackgroundService
{
    private readonly TimeSpan _poll = configuration.GetValue("SmartCity:Channels:Email:PollEvery", TimeSpan.FromSeconds(30));

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_poll);
        var running = new Dictionary<string, Task>();
        try
        {
            do
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    // A server that does not answer must not keep the other regencies waiting.
                    if ((!running.TryGetValue(regency.Id, out var last) || last.IsCompleted) && await accounts.Find(regency.Id, EmailChannel.Form.Name, stopping) is { } account)
                    {
                        running[regency.Id] = Try(regency.Id, account, stopping);
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

    private async Task Try(string regency, IReadOnlyDictionary<string, string> account, CancellationToken stopping)
    {
        try
        {
            if (MailServer.Of(account, "imap", 993, "tls") is { } server)
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.Citizen;
                await scope.ServiceProvider.GetRequiredService<ReceiveMail>().Handle(regency, account["address"], server, stopping);
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure.GetType().Name, regency);
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mailbox of {Regency} could not be read ({Failure}); it is tried again.")]
    private partial void LogFailed(string failure, string regency);
}

/// <summary>Reads what is new in a mailbox, and keeps it.</summary>
internal sealed partial class ReceiveMail(RegencySessions sessions, ReceiveMessage inbox, OutboxStore outbox, Photos photos, PersonalData personal, TimeProvider time, ILogger<ReceiveMail> log)
{
    private const int AtOnce = 50, MostADay = 40;

    /// <summary>A mailbox that is read for the first time may be old and full.</summary>
    private static readonly TimeSpan First = TimeSpan.FromDays(3);

    public async Task Handle(string regency, string address, MailServer server, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        await session.BeginTransactionAsync(cancel);
        if ((await session.AdvancedSql.QueryAsync<int>("select 1 where pg_try_advisory_xact_lock(hashtextextended(?, 0))", cancel, $"smartcity.mailbox {regency} {address}")).Count == 0)
        {
            return;
        }

        using var client = new ImapClient { Timeout = 30_000 };
        await client.ConnectAsync(server.Host, server.Port, server.Security, cancel);
        await client.AuthenticateAsync(server.User ?? address, server.Password ?? "", cancel);
        await client.Inbox.OpenAsync(FolderAccess.ReadOnly, cancel);
        var known = await session.LoadAsync<MailboxRead>(address, cancel);
        // Numbered anew: all of it is looked at again, and what is known already is known by its Message-ID.
        var last = known is not null && known.UidValidity == client.Inbox.UidValidity ? known.LastUid : 0;
        SearchQuery query = last > 0 ? SearchQuery.Uids(new UniqueIdRange(new UniqueId((uint)last + 1), UniqueId.MaxValue)) : SearchQuery.DeliveredAfter((time.GetUtcNow() - First).UtcDateTime.Date);
        var found = (await client.Inbox.SearchAsync(query, cancel)).Where(uid => uid.Id > last).OrderBy(uid => uid.Id).Take(AtOnce).ToArray();
        var (kept, bounced) = (0, new List<Mail.Bounced>());
        foreach (var uid in found)
        {
            if (await Read(client.Inbox, uid, address, regency, cancel) is { } mail)
            {
                switch (mail)
                {
                    case Mail.Written written:
                        var message = written.Message with { Media = await Keep(regency, written.Pictures, cancel) };
                        kept += await inbox.Append(session, regency, await IsTooMuch(session, regency, message, cancel) ? message with { IsAutomatic = true } : message, cancel) ? 1 : 0;
                        break;
                    case Mail.Bounced bounce:
                        bounced.Add(bounce);
                        break;
                }
            }
        }

        if (found.Length > 0 || known is null || known.UidValidity != client.Inbox.UidValidity)
        {
            session.Store(new MailboxRead { Id = address, UidValidity = client.Inbox.UidValidity, LastUid = found.Length > 0 ? found[^1].Id : last });
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

        await client.DisconnectAsync(quit: true, cancel);
    }

    /// <summary>Null: it cannot be read, and would hold up all that come after it.</summary>
    private async Task<Mail?> Read(IMailFolder inbox, UniqueId uid, string address, string regency, CancellationToken cancel)
    {
        try
        {
            await using var stream = await inbox.GetStreamAsync(uid, cancel);
            using var raw = new MemoryStream();
            await stream.CopyToAsync(raw, cancel);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Uid} of {Regency} cannot be read, and is left where it is.")]
    private partial void LogUnreadable(string regency, uint uid);
}
