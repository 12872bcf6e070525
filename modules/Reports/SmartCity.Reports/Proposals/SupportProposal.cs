using Carter;
using JasperFx;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Proposals;

/// <summary>That somebody wants what a proposal proposes.</summary>
[NotInEvents("Who supports a proposal, by keyed hash: can be taken back and erased, so it is kept beside the events.")]
internal sealed record Supporter
{
    /// <summary>Ticket and person, so that a person counts once.</summary>
    public required string Id { get; init; }

    public required string Ticket { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>An integrator says that one of its users supports a proposal, or no longer. On the page there is a button for it.</summary>
internal sealed class SupportProposalEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var support = app.MapRegencyApi("/reports/{id}").WithTags("Reports");
        support.MapPut("supporters/{supporter}", (string id, string supporter, HttpContext http, ISender sender, CancellationToken cancel) => Send(id, supporter, true, http, sender, cancel))
            .RequireScope(Scopes.Write).WithSummary("One of your users (your own id, kept only as a keyed hash) supports a proposal; counted once");
        support.MapDelete("supporters/{supporter}", (string id, string supporter, HttpContext http, ISender sender, CancellationToken cancel) => Send(id, supporter, false, http, sender, cancel))
            .RequireScope(Scopes.Write).WithSummary("One of your users does not support a proposal any more");
    }

    private static async Task<IResult> Send(string id, string supporter, bool wants, HttpContext http, ISender sender, CancellationToken cancel)
    {
        if (supporter.Length > Typed.MaxShort)
        {
            return Problem.BadRequest(new Fault("supporter.invalid", $"At most {Typed.MaxShort} characters.", "supporter"));
        }

        var outcome = await sender.Send(new SupportProposal(http.Regency().Id, id, $"{http.Actor().Id}/{supporter}", wants), cancel);
        return outcome.Value is { } support ? Results.Ok(support) : outcome.Refusals.ToProblem(http);
    }
}

internal sealed class SupportProposalHandler(RegencySessions sessions, PersonalData personal, Viewers viewers, TimeProvider time) : IRequestHandler<SupportProposal, Outcome<ProposalSupport>>
{
    public async Task<Outcome<ProposalSupport>> Handle(SupportProposal command, CancellationToken cancel)
    {
        var ticket = Ticket.Read(command.Ticket);
        await using var session = sessions.Open(command.Regency);
        var report = ticket is null ? null : await session.LoadAsync<Report>(ticket, cancel);
        if (report is null || !(await viewers.Current(command.Regency, null, cancel)).MaySee(report))
        {
            return Outcome<ProposalSupport>.Refused(ReportStreams.NotFound(command.Ticket));
        }

        if (Check(report) is { } refused)
        {
            return Outcome<ProposalSupport>.Refused(refused);
        }

        var id = $"{report.Id} {personal.PersonId(command.Regency, $"supporter:{command.Supporter}")}";
        if (command.Wants)
        {
            await Add(session, new Supporter { Id = id, Ticket = report.Id, At = time.GetUtcNow() }, cancel);
        }
        else
        {
            session.Delete<Supporter>(id);
            await session.SaveChangesAsync(cancel);
        }

        await using var now = sessions.Query(command.Regency);
        return Outcome<ProposalSupport>.Done(new ProposalSupport(report.Id, (await Supporters.Of(now, [report.Id], cancel)).GetValueOrDefault(report.Id)));
    }

    public static Refusal? Check(Report report) =>
        report.Class != ReportClasses.Proposal
            ? new Refusal("report.no_proposal", "Only a proposal is supported.", "Hanya usulan yang dapat didukung.", Kind: RefusalKind.Conflict)
        : report.State is ReportState.Closed or ReportState.Rejected or ReportState.Withdrawn or ReportState.Merged
            ? new Refusal("report.state", $"Not possible: the proposal is {report.State.Name()}.", $"Tidak bisa: usulan berstatus {report.State.Name()}.", Kind: RefusalKind.Conflict, Version: report.Version)
        : null;

    private static async Task Add(IDocumentSession session, Supporter supporter, CancellationToken cancel)
    {
        session.Insert(supporter);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (DocumentAlreadyExistsException)
        {
            // The same person again.
        }
    }
}

/// <summary>Counts supporters.</summary>
internal static class Supporters
{
    /// <summary>How many people support each of these proposals; none: left out.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> Of(IQuerySession session, IReadOnlyList<string> tickets, CancellationToken cancel)
    {
        var wanted = tickets.ToArray();
        return (await session.Query<Supporter>().Where(s => s.Ticket.IsOneOf(wanted)).GroupBy(s => s.Ticket).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(cancel))
            .ToDictionary(g => g.Key, g => g.Count);
    }
}
