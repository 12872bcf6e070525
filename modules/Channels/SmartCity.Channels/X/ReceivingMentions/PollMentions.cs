using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmartCity.Channels.Receiving;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Regencies;

namespace SmartCity.Channels.X.ReceivingMentions;

/// <summary>How far an account's mentions have been read; committed together with the posts that were read.</summary>
[NotInEvents("How far mentions were read; the posts are events.")]
internal sealed record MentionsRead
{
    /// <summary>The account's id at X.</summary>
    public required string Id { get; init; }

    /// <summary>The newest post that is on disk.</summary>
    public required string Since { get; init; }
}

/// <summary>
/// Asks X for mentions where its webhook cannot reach us. The posts and how far they go are one transaction, under a lock of the account,
/// so that nothing is missed or taken twice whenever a host dies and however many there are.
/// </summary>
internal sealed partial class PollMentions(IServiceScopeFactory scopes, RegencyRegistry regencies, XAccounts accounts, XApi x, XOptions options, TimeProvider time, ILogger<PollMentions> log)
    : BackgroundService
{
    // X gives the newest 800.
    private const int MostPages = 8;

    private const string Fields = "max_results=100&tweet.fields=created_at,conversation_id,in_reply_to_user_id,referenced_tweets,geo,attachments,entities,note_tweet"
        + "&expansions=attachments.media_keys,author_id,geo.place_id&media.fields=url,preview_image_url,type&user.fields=username,name&place.fields=full_name";

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.PollEvery);
        try
        {
            do
            {
                foreach (var regency in await regencies.All(stopping))
                {
                    foreach (var account in await accounts.All(regency.Id, stopping))
                    {
                        await Try(regency.Id, account, stopping);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task Try(string regency, XAccount account, CancellationToken stopping)
    {
        try
        {
            if (account is { IsPolled: true, CanPost: true, AccountId: { } us } && x.Pause(regency, account, XUse.Mentions) is null)
            {
                await Poll(regency, account, us, stopping);
            }
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogFailed(failure, regency);
        }
    }

    /// <summary>Reads what is new, if no other host is at it.</summary>
    public async Task Poll(string regency, XAccount account, string us, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Actor = Actor.Citizen;
        await using var session = scope.ServiceProvider.GetRequiredService<RegencySessions>().Open(regency);
        await session.BeginTransactionAsync(cancel);
        if ((await session.AdvancedSql.QueryAsync<int>("select 1 where pg_try_advisory_xact_lock(hashtextextended(?, 0))", cancel, $"smartcity.x.mentions {regency} {us}")).Count == 0)
        {
            return;
        }

        var read = await session.LoadAsync<MentionsRead>(us, cancel);
        var since = read is not null ? $"since_id={read.Since}"
            : $"start_time={Uri.EscapeDataString((time.GetUtcNow() - options.MaxAge).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))}";
        var (posts, newest, next) = (new List<IncomingMessage>(), read?.Since, (string?)null);
        for (var page = 1; page <= MostPages; page++)
        {
            var (body, problem) = await x.Get(regency, account, XUse.Mentions, $"/2/users/{us}/mentions?{since}&{Fields}{(next is null ? "" : $"&pagination_token={Uri.EscapeDataString(next)}")}", cancel);
            if (problem is not null)
            {
                // From the beginning next time: half of the pages would leave a gap.
                LogNotRead(regency, problem.Error);
                return;
            }

            var (found, following, first) = XPosts.Page(body, us, time.GetUtcNow());
            posts.AddRange(found);
            newest = Later(newest, first);
            if ((next = following) is null)
            {
                break;
            }
        }

        if (newest is null || newest == read?.Since)
        {
            return;
        }

        var inbox = scope.ServiceProvider.GetRequiredService<ReceiveMessage>();
        var mentions = scope.ServiceProvider.GetRequiredService<ReceiveMentions>();
        var kept = 0;
        foreach (var post in posts.DistinctBy(p => p.Id).Reverse())
        {
            if (!await mentions.IsOurs(regency, post.Author, cancel) && await inbox.Append(session, regency, await accounts.Seen(regency, post, cancel), cancel))
            {
                kept++;
            }
        }

        session.Store(new MentionsRead { Id = us, Since = newest });
        await session.SaveChangesAsync(cancel);
        for (; kept > 0; kept--)
        {
            ReceiveMessage.Count(regency, XPosts.Channel);
        }
    }

    // Ids are numbers that grow, longer than a double can hold.
    private static string? Later(string? one, string? other) =>
        one is null ? other : other is null ? one : ulong.Parse(one, CultureInfo.InvariantCulture) > ulong.Parse(other, CultureInfo.InvariantCulture) ? one : other;

    [LoggerMessage(Level = LogLevel.Error, Message = "Mentions of {Regency} on X could not be read; it is tried again.")]
    private partial void LogFailed(Exception failure, string regency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mentions of {Regency} on X were not read: {Problem}.")]
    private partial void LogNotRead(string regency, string problem);
}
