using System.Text;
using Carter;
using JasperFx.Events;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using SmartCity.Channels.Accounts;
using SmartCity.Channels.Contracts;
using SmartCity.Channels.Outbox;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Official;

/// <summary>The list that the regent ordered, and how the accounts at providers do.</summary>
internal sealed class OfficialAccountEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var list = app.MapRegencyApi("/official-accounts").WithTags("Channels");
        list.MapGet("", (string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel) => List(days, format, http, sender, cancel))
            .RequireRole(Role.Regent, Role.Dispatcher, Role.Officer, Role.Auditor, Role.Operator, Role.PublicRelations)
            .WithSummary("Which departments have the account that was ordered, and answer from it; those that serve the public first; ?asOf=2026-06-30, or from=&to=, format=csv");
        list.MapPut("/order", Order).RequireRole(Role.Regent).WithSummary("What is ordered: channel, days, after how many days without an answer an account counts as silent");
        app.MapRegencyApi("/official-accounts.csv").WithTags("Channels")
            .MapGet("", ([AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel) => List(days, "csv", http, sender, cancel))
            .RequireRole(Role.Regent, Role.Dispatcher, Role.Officer, Role.Auditor, Role.Operator, Role.PublicRelations).WithSummary("The same as CSV");
        app.MapRegencyApi("/channel-health").WithTags("Channels").MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetChannelHealth(http.Regency().Id), cancel))
            .RequireRole(Role.Regent, Role.Dispatcher, Role.Auditor, Role.Operator, Role.PublicRelations).WithSummary("How each channel does: when a message last came in, left, went wrong");
        app.MapRegencyApi("/channel-accounts/{account}/tests").WithTags("Channels").MapPost("", Test).RequireRole(Role.Operator)
            .WithSummary("Ask the provider whether an account works; nothing is sent to anybody");
    }

    private static async Task<IResult> Order(AccountOrder body, HttpContext http, ISender sender, ChannelList channels, RegencySessions sessions, CancellationToken cancel)
    {
        if (body.Channel is null || channels.Find(body.Channel) is null)
        {
            return Problem.BadRequest(new Fault("channel.unknown", $"One of {string.Join(", ", channels.All.Select(c => c.Code))}.", "channel"));
        }

        if (body.SilentAfterDays is < 1 or > 365)
        {
            return Problem.BadRequest(new Fault("silentAfterDays.invalid", "Between 1 and 365.", "silentAfterDays"));
        }

        await using var session = sessions.Open(http.Regency().Id);
        session.Events.Append(OrderDocument.Only, new AccountsOrdered(body.Channel, body.PublicServiceBy, body.OthersBy, body.SilentAfterDays));
        await session.SaveChangesAsync(cancel);
        return Results.Ok(await sender.Send(new GetOfficialAccounts(http.Regency().Id), cancel));
    }

    private static async Task<IResult> List(AskedDays days, string? format, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, from) = days.Read(faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var list = await sender.Send(new GetOfficialAccounts(http.Regency().Id, asOf, from), cancel);
        return !isCsv ? Results.Ok(list) : Results.Text(Csv.Write(
            ["department", "name", "publicService", "channel", "handle", "state", "dueOn", "late", "lastAddressedAt", "lastAnsweredAt", "waitingSince", "silentDays", "answersFromIt", "addressed", "answers"],
            list.Departments.Select(d => (IReadOnlyList<object?>)
                [d.Department, d.Name, d.IsPublicService, list.Order.Channel, d.Handle, d.State, d.DueOn, d.IsLate, d.LastAddressedAt, d.LastAnsweredAt, d.WaitingSince, d.SilentDays, d.AnswersFromIt, d.Addressed, d.Answers])),
            "text/csv; charset=utf-8", Encoding.UTF8);
    }

    private static async Task<IResult> Test(string account, HttpContext http, ISender sender, CancellationToken cancel) =>
        await sender.Send(new TestAccount(http.Regency().Id, account), cancel) is { } test ? Results.Ok(test)
            : Problem.NotFound("account.unknown", $"There is no account '{account}' here.", "account");
}

/// <summary>The regent has ordered by when departments have their official accounts.</summary>
internal sealed record AccountsOrdered(string Channel, DateOnly? PublicServiceBy, DateOnly? OthersBy, int SilentAfterDays);

internal sealed class OfficialAccountQueries(RegencySessions sessions, RegencyRegistry regencies, ChannelList channels, ChannelAccounts accounts, OutboxStore outbox, ISender sender, CallContext call, TimeProvider time) :
    IRequestHandler<GetOfficialAccounts, OfficialAccountList>, IRequestHandler<GetChannelHealth, IReadOnlyList<ChannelHealth>>, IRequestHandler<TestAccount, AccountTest?>
{
    private const int AtOnce = 500;

    public async Task<OfficialAccountList> Handle(GetOfficialAccounts query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (query is not { AsOf: null, From: null })
        {
            return await FromHistory(session, query, cancel);
        }

        var order = (await session.LoadAsync<OrderDocument>(OrderDocument.Only, cancel))?.Order ?? new AccountOrder();
        var uses = await Uses(session, order.Channel, cancel);
        var zone = (await regencies.All(cancel)).First(r => r.Id == query.Regency).Zone;
        var own = new List<string>();
        foreach (var form in channels.Find(order.Channel)?.Accounts ?? [])
        {
            own.AddRange(await accounts.Departments(query.Regency, form, cancel));
        }

        return new OfficialAccountList(order, Compliance.Of(order, await sender.Send(new GetDepartments(query.Regency), cancel), uses, time.GetUtcNow(), zone, own));
    }

    // From the events alone: what is kept of now says only which streams to read.
    private async Task<OfficialAccountList> FromHistory(IQuerySession session, GetOfficialAccounts query, CancellationToken cancel)
    {
        var regency = (await regencies.All(cancel)).First(r => r.Id == query.Regency);
        var now = time.GetUtcNow();
        var end = query.AsOf is { } day && regency.EndOf(day) < now ? regency.EndOf(day) : now;
        DateTimeOffset? begin = query.From is { } from ? regency.EndOf(from.AddDays(-1)) : null;
        var order = OrderDocument.Of((await Before(session, [OrderDocument.Only], end, cancel)).Select(e => e.Data)) ?? new AccountOrder();
        var departments = await sender.Send(new GetDepartments(query.Regency, end), cancel);
        var names = (channels.Find(order.Channel)?.Accounts ?? []).Where(form => form.OfDepartment.Count > 0)
            .SelectMany(form => departments.Select(d => (Stream: $"channel-account-{form.Of(d.Code)}", d.Code))).ToDictionary(name => name.Stream, name => name.Code);
        var own = (await Before(session, [.. names.Keys], end, cancel)).GroupBy(e => e.StreamKey!)
            .Where(s => s.Select(e => e.Data).OfType<ChannelAccountChanged>().Aggregate(Enumerable.Empty<string>(), (known, e) => known.Union(e.Set).Except(e.Removed)).Any())
            .Select(s => names[s.Key]).ToArray();
        return new OfficialAccountList(order, Compliance.Of(order, departments, await UsesBefore(session, order.Channel, end, begin, cancel), end, regency.Zone, own, begin is not null));
    }

    private static async Task<IReadOnlyDictionary<string, OfficialUse>> UsesBefore(IQuerySession session, string channel, DateTimeOffset end, DateTimeOffset? begin, CancellationToken cancel)
    {
        var uses = new Dictionary<string, OfficialUse>();
        void Use(string? department, Func<OfficialUse, OfficialUse> change)
        {
            if (department is not null)
            {
                uses[department] = change(uses.GetValueOrDefault(department) ?? new OfficialUse());
            }
        }

        var tickets = await session.Query<AnswerOwed>().Where(a => a.Channel == channel && (a.Addressed != null || a.AnsweredBy != null)).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(cancel);
        foreach (var some in tickets.Chunk(AtOnce))
        {
            foreach (var stream in (await Before(session, some, end, cancel)).Where(e => AnswerOwed.Follows.Contains(e.EventType)).GroupBy(e => e.StreamKey!))
            {
                foreach (var owed in AnswerOwed.Of(stream.Key, [.. stream]))
                {
                    Use(owed.Addressed, use => use with
                    {
                        LastAddressedAt = Later(use.LastAddressedAt, owed.Since),
                        Waiting = owed.DoneAt is not null || use.Waiting < owed.Since ? use.Waiting : owed.Since,
                        Addressed = use.Addressed + (stream.First().Timestamp >= begin ? 1 : 0),
                    });
                    Use(owed.AnsweredBy, use => use with { LastAnsweredAt = Later(use.LastAnsweredAt, owed.AnsweredAt) });
                }

                foreach (var answer in stream.Where(e => e.Timestamp >= begin).Select(e => e.Data).OfType<ReportAnswered>())
                {
                    Use(answer.Department, use => use with { Answers = use.Answers + 1 });
                }
            }
        }

        var left = await session.Query<AnswerLeft>().Where(a => a.Channel == channel).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(cancel);
        foreach (var some in left.Select(AnswerLeft.StreamOf).Distinct().Chunk(AtOnce))
        {
            foreach (var last in (await Before(session, some, end, cancel)).GroupBy(e => e.StreamKey!).SelectMany(s => AnswerLeft.Of(s.Key, [.. s])).Where(l => l.Channel == channel))
            {
                Use(last.Department, use => use with { LastLeftAt = Later(use.LastLeftAt, last.LeftAt) });
            }
        }

        return uses;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other ? one : other ?? one;

    private static Task<IReadOnlyList<IEvent>> Before(IQuerySession session, string[] streams, DateTimeOffset instant, CancellationToken cancel) =>
        session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(streams) && e.Timestamp < instant).OrderBy(e => e.Sequence).ToListAsync(cancel);

    private static async Task<IReadOnlyDictionary<string, OfficialUse>> Uses(IQuerySession session, string channel, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select department, max(addressed_at), max(answered_at), min(waiting), max(left_at)
            from (select addressed as department, since as addressed_at, null::timestamptz as answered_at, case when done_at is null then since end as waiting, null::timestamptz as left_at
                  from channels.mt_doc_answerowed where tenant_id = $1 and channel = $2 and addressed is not null
                  union all
                  select answered_by, null, answered_at, null, null from channels.mt_doc_answerowed where tenant_id = $1 and channel = $2 and answered_by is not null
                  union all
                  select department, null, null, null, left_at from channels.mt_doc_answerleft where tenant_id = $1 and channel = $2) uses
            group by department
            """)
        { Parameters = { new() { Value = session.TenantId }, new() { Value = channel } } };
        var uses = new Dictionary<string, OfficialUse>();
        await using var reader = await session.ExecuteReaderAsync(command, cancel);
        while (await reader.ReadAsync(cancel))
        {
            DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
            uses[reader.GetString(0)] = new OfficialUse(At(1), At(2), At(3), At(4));
        }

        return uses;
    }

    public async Task<IReadOnlyList<ChannelHealth>> Handle(GetChannelHealth query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        var health = new List<ChannelHealth>();
        var left = await outbox.LeftAlone(query.Regency, cancel);
        foreach (var channel in channels.All.Where(c => c.Accounts.Count > 0 || c.OfficialChannel != c.Code))
        {
            var code = channel.Code;
            var set = new List<string>();
            foreach (var form in channel.Accounts)
            {
                if (await accounts.Find(query.Regency, form.Name, cancel) is not null)
                {
                    set.Add(form.Name);
                }
            }

            var received = await session.Query<Message>().Where(m => m.Received.Channel == code).OrderByDescending(m => m.ReceivedAt).FirstOrDefaultAsync(cancel);
            health.Add(await Of(session, left, code, set, received?.ReceivedAt, null, cancel) with { Notes = await channel.Notes(session, cancel) });
            foreach (var form in channel.Accounts)
            {
                foreach (var department in await accounts.Departments(query.Regency, form, cancel))
                {
                    var own = form.Of(department);
                    var written = await session.Query<Message>().Where(m => m.Account == own).OrderByDescending(m => m.ReceivedAt).FirstOrDefaultAsync(cancel);
                    health.Add(await Of(session, left, code, [own], written?.ReceivedAt, own, cancel) with { Department = department });
                }
            }
        }

        return health;
    }

    private async Task<ChannelHealth> Of(IQuerySession session, IReadOnlyList<LeftAlone> left, string channel, IReadOnlyList<string> set, DateTimeOffset? received, string? account, CancellationToken cancel)
    {
        IQueryable<OutboundMessage> messages = session.Query<OutboundMessage>().Where(m => m.Channel == channel);
        messages = account is null ? messages : messages.Where(m => m.Account == account);
        var sent = await messages.Where(m => m.SentAt != null).OrderByDescending(m => m.QueuedAt).FirstOrDefaultAsync(cancel);
        var failed = await messages.Where(m => m.Error != null).OrderByDescending(m => m.QueuedAt).FirstOrDefaultAsync(cancel);
        // A department's account may be used on several channels: posts and direct messages.
        var paused = left.Where(l => l.Until > time.GetUtcNow() && (account is null ? l.Channel == channel && !l.Account.Contains('.', StringComparison.Ordinal) : l.Account == account)).Max(l => (DateTimeOffset?)l.Until);
        return new ChannelHealth(channel, set, received, sent?.SentAt, failed?.AttemptedAt ?? failed?.QueuedAt, failed?.Error) { LeftAloneUntil = paused };
    }

    public async Task<AccountTest?> Handle(TestAccount command, CancellationToken cancel)
    {
        if (!call.Actor.Is(command.Regency, Role.Operator) || channels.OfAccount(command.Account) is not { Channel: var channel })
        {
            return null;
        }

        try
        {
            return await channel.Test(command.Regency, command.Account, cancel) is { } test ? new AccountTest(test.Works, test.Detail) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Net.Sockets.SocketException or MailKit.ProtocolException or MailKit.Security.SslHandshakeException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Its words could hold an address with a password in it.
            return new AccountTest(false, $"The provider cannot be reached ({failure.GetType().Name}).");
        }
    }
}
