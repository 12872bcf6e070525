using System.Text.Json;
using System.Text.RegularExpressions;
using Carter;
using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Following;

/// <summary>That somebody follows a report; gone when not any more.</summary>
internal sealed record Follow
{
    /// <summary>The stream: one for each person and report, so that a report that thousands follow is not waited for.</summary>
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required string Person { get; init; }

    public required string Channel { get; init; }

    public string? Conversation { get; init; }

    public static string StreamOf(string ticket, string person) => $"follow-{ticket}-{person}";

    public static Follow? After(Follow? follow, string id, object @event) => @event switch
    {
        ReportFollowed followed => new Follow { Id = id, Ticket = followed.Ticket, Person = followed.Person, Channel = followed.Channel, Conversation = followed.Conversation },
        ReportUnfollowed => null,
        _ => follow,
    };
}

/// <summary>Keeps <see cref="Follow"/> in step with its stream, in the same transaction.</summary>
internal sealed class FollowProjection : SingleStreamProjection<Follow, string>
{
    public override Follow? Evolve(Follow? snapshot, string id, IEvent e) => Follow.After(snapshot, id, e.Data);
}

/// <summary>Who follows, as an integrator says it.</summary>
/// <param name="Identity">The integrator's own id of the person; or</param>
/// <param name="Email">e-mail address; or</param>
/// <param name="Phone">telephone number.</param>
/// <param name="Name">How the person is called.</param>
internal sealed record FollowBody(string? Identity, string? Email, string? Phone, string? Name);

/// <summary>For integrators whose users have the same to report.</summary>
internal sealed class FollowEndpoints : ICarterModule
{
    private const string Channel = "api";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var followers = app.MapRegencyApi("/reports/{id}/followers").RequireScope(Scopes.Write).WithTags("Reports");
        followers.MapPost("", async (string id, FollowBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
        {
            // Two integrators may call different people by the same id.
            var identity = string.IsNullOrWhiteSpace(body.Identity) ? null : $"{http.Actor().Id}/{body.Identity.Trim()}";
            return ToResult(await sender.Send(new FollowReport(http.Regency().Id, id, new ReporterDetails(identity, body.Name, Email: body.Email, Phone: body.Phone), Channel), cancel), http);
        }).WithSummary("Follow a public report instead of filing the same again; the same person twice counts once");
        followers.MapDelete("{person}", async (string id, string person, HttpContext http, ISender sender, CancellationToken cancel) =>
            ToResult(await sender.Send(new UnfollowReport(http.Regency().Id, id, person), cancel), http)).WithSummary("Follow no longer; the person's id is in the answer to following");
    }

    private static IResult ToResult(Outcome<FollowedReport> outcome, HttpContext http) => outcome.Value is { } followed ? Results.Ok(followed) : outcome.Refusals.ToProblem(http);
}

internal sealed partial class FollowReportHandler(RegencySessions sessions, PersonalData personal, TimeProvider time) :
    IRequestHandler<FollowReport, Outcome<FollowedReport>>, IRequestHandler<UnfollowReport, Outcome<FollowedReport>>
{
    private const int MostConflicts = 5;

    public async Task<Outcome<FollowedReport>> Handle(FollowReport command, CancellationToken cancel)
    {
        var who = Filing.Filing.Identity(command.Follower);
        if (PersonOf(command.Regency, who) is not { } person)
        {
            return Outcome<FollowedReport>.Refused(new Refusal("follower.unknown",
                "Say who follows: an id, an e-mail address or a telephone number.", "Sebutkan siapa yang mengikuti: sebuah id, alamat surel, atau nomor telepon.", "identity"));
        }

        for (var conflicts = 0; ; conflicts++)
        {
            await using var session = sessions.Open(command.Regency);
            if (Ticket.Read(command.Ticket) is not { } ticket || await session.LoadAsync<Report>(ticket, cancel) is not { IsPublic: true } report)
            {
                return Outcome<FollowedReport>.Refused(ReportStreams.NotFound(command.Ticket));
            }

            var isFollower = await session.LoadAsync<PersonalKey>(report.Filed.Reporter, cancel) is { } reporter && personal.IsOf(reporter, command.Regency, who);
            if (!isFollower)
            {
                var stream = await session.Events.FetchForWriting<Follow>(Follow.StreamOf(ticket, person), cancel);
                isFollower = stream.Aggregate is not null;
                if (!isFollower)
                {
                    stream.AppendOne(new ReportFollowed(ticket, person, command.Channel, command.Conversation, Contact(session, command, ticket, who)));
                }
            }

            if (await Save(session, conflicts, cancel))
            {
                return Outcome<FollowedReport>.Done(new FollowedReport(ticket, person, await FollowCounts.Of(session, ticket, cancel), IsNew: !isFollower));
            }
        }
    }

    public async Task<Outcome<FollowedReport>> Handle(UnfollowReport command, CancellationToken cancel)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var session = sessions.Open(command.Regency);
            if (Ticket.Read(command.Ticket) is not { } ticket || !Person().IsMatch(command.Person) || await session.LoadAsync<Report>(ticket, cancel) is not { IsPublic: true })
            {
                return Outcome<FollowedReport>.Refused(ReportStreams.NotFound(command.Ticket));
            }

            var stream = await session.Events.FetchForWriting<Follow>(Follow.StreamOf(ticket, command.Person), cancel);
            var isFollower = stream.Aggregate is not null;
            if (isFollower)
            {
                stream.AppendOne(new ReportUnfollowed(ticket, command.Person));
            }

            if (await Save(session, conflicts, cancel))
            {
                return Outcome<FollowedReport>.Done(new FollowedReport(ticket, command.Person, await FollowCounts.Of(session, ticket, cancel), IsNew: isFollower));
            }
        }
    }

    private static async Task<bool> Save(IDocumentSession session, int conflicts, CancellationToken cancel)
    {
        try
        {
            await session.SaveChangesAsync(cancel);
            return true;
        }
        catch (Exception failure) when (conflicts < MostConflicts && LostRace.Is(failure))
        {
            // The same person tapped twice.
            return false;
        }
    }

    // A cookie's id alone reaches nobody, so there is nothing to keep. The key is the follower's own: found, and erased, by the same contacts.
    private string? Contact(IDocumentSession session, FollowReport command, string ticket, PersonIdentity who) =>
        command.Follower with { Identity = null } == new ReporterDetails() ? null
            : personal.NewSeal(session, command.Regency, ticket, who, time.GetUtcNow()).Seal(JsonSerializer.Serialize(command.Follower));

    // Counts a person once a report: by the account, else the e-mail address, else the telephone.
    private string? PersonOf(string regency, PersonIdentity who)
    {
        var digits = string.Concat((who.Phone ?? "").Where(char.IsAsciiDigit));
        var name = !string.IsNullOrWhiteSpace(who.Account) ? who.Account.Trim()
            : !string.IsNullOrWhiteSpace(who.Email) ? $"mailto:{who.Email.Trim().ToLowerInvariant()}"
            : digits.Length > 0 ? $"tel:{(digits.StartsWith('0') ? $"62{digits[1..]}" : digits)}" : null;
        return name is null ? null : personal.PersonId(regency, $"follower {name}");
    }

    [GeneratedRegex("^p[0-9a-f]{32}$")]
    private static partial Regex Person();
}

internal sealed class FollowQueries(RegencySessions sessions, CallContext call) :
    IRequestHandler<GetFollowing, string?>, IRequestHandler<GetFollowers, IReadOnlyList<Follower>>
{
    public async Task<string?> Handle(GetFollowing query, CancellationToken cancel)
    {
        if (Ticket.Read(query.Ticket) is not { } ticket || query.People.Count == 0)
        {
            return null;
        }

        await using var session = sessions.Query(query.Regency);
        var streams = query.People.Select(person => Follow.StreamOf(ticket, person)).ToArray();
        return (await session.LoadManyAsync<Follow>(cancel, streams)).FirstOrDefault()?.Person;
    }

    public async Task<IReadOnlyList<Follower>> Handle(GetFollowers query, CancellationToken cancel)
    {
        // Only parts of the platform act without a regency of their own.
        if (call.Actor is not { Role: Role.Operator, Regency: null })
        {
            return [];
        }

        await using var session = sessions.Query(query.Regency);
        if (await session.LoadAsync<Report>(query.Ticket, cancel) is not { IsPublic: true })
        {
            return [];
        }

        var ticket = query.Ticket;
        var follows = await session.Query<Follow>().Where(follow => follow.Ticket == ticket && follow.Conversation != null).ToListAsync(cancel);
        return [.. follows.Select(follow => new Follower(follow.Person, follow.Channel, follow.Conversation!))];
    }
}

/// <summary>How many follow.</summary>
internal static class FollowCounts
{
    /// <summary>By ticket; a report that nobody follows is not in it.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> Of(IQuerySession session, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        if (tickets.Count == 0)
        {
            return new Dictionary<string, int>();
        }

        var counts = await session.AdvancedSql.QueryAsync<FollowCount>(
            "select jsonb_build_object('Ticket', d.ticket, 'Count', count(*)) from reports.mt_doc_follow d where d.tenant_id = ? and d.ticket = any(?::varchar[]) group by d.ticket",
            cancel, session.TenantId, tickets.ToArray());
        return counts.ToDictionary(count => count.Ticket, count => count.Count);
    }

    public static async Task<int> Of(IQuerySession session, string ticket, CancellationToken cancel) => (await Of(session, [ticket], cancel)).GetValueOrDefault(ticket);
}

/// <summary>A row of <see cref="FollowCounts"/>.</summary>
internal sealed record FollowCount(string Ticket, int Count);
