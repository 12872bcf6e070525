using Carter;
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

namespace SmartCity.Reports.HandingOver;

/// <summary>Body of a refusal.</summary>
internal sealed record DeclineHandoverBody(string? Reason);

/// <summary>Third step: a dispatcher of the other regency takes the report over, or says why not.</summary>
internal sealed class HandoverEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var handovers = app.MapRegencyApi("/handovers").WithTags("Reports");
        handovers.MapGet("", List).RequireRole(Role.Dispatcher, Role.Regent, Role.Auditor)
            .WithSummary("Reports that neighbours offer (?state=pending|accepted|declined|withdrawn), and those that are offered to them");
        handovers.MapPost("{id}/accept", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            Result(await sender.Send(new AcceptHandover(http.Regency().Id, id), cancel), http)).RequireRole(Role.Dispatcher)
            .WithSummary("Take over a report that a neighbour offers; it becomes a report here in a moment");
        handovers.MapPost("{id}/decline", async (string id, DeclineHandoverBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Result(await sender.Send(new DeclineHandover(http.Regency().Id, id, body.Reason), cancel), http)).RequireRole(Role.Dispatcher)
            .WithSummary("Do not take it over; the neighbour's dispatcher reads the reason");
    }

    private static async Task<IResult> List(string? state, HttpContext http, ISender sender, CancellationToken cancel) =>
        state is not null && !GetHandoversHandler.States.ContainsKey(state)
            ? Problem.BadRequest(new Fault("state.unknown", $"'{state}' is no state; use {string.Join(", ", GetHandoversHandler.States.Keys)}.", "state"))
            : Results.Ok(await sender.Send(new GetHandovers(http.Regency().Id, state), cancel));

    private static IResult Result(Outcome<HandoverDetails> outcome, HttpContext http) => outcome.Value is { } handover ? Results.Ok(handover) : outcome.Refusals.ToProblem(http);
}

internal sealed class DecideHandoverHandler(HandoverStreams handovers, HandoverViews views, PersonalData personal, CallContext call) :
    IRequestHandler<AcceptHandover, Outcome<HandoverDetails>>, IRequestHandler<DeclineHandover, Outcome<HandoverDetails>>
{
    public Task<Outcome<HandoverDetails>> Handle(AcceptHandover command, CancellationToken cancel) =>
        Decide(command.Regency, command.Handover, HandoverState.Accepted, (_, _) => Task.FromResult<object>(new HandoverAccepted(command.Handover)), cancel);

    public Task<Outcome<HandoverDetails>> Handle(DeclineHandover command, CancellationToken cancel) =>
        Typed.Text(command.Reason, "reason", "Write why it is not yours; their dispatcher reads it.", "Tulis mengapa bukan urusan daerah ini; petugas mereka membacanya.") is { } fault
            ? Task.FromResult(Outcome<HandoverDetails>.Refused(fault))
            : Decide(command.Regency, command.Handover, HandoverState.Declined, async (known, session) =>
                new HandoverRefused(command.Handover, (await personal.SealFor(session, known.Arrived.Person, cancel)).Seal(command.Reason!.Trim())), cancel);

    private async Task<Outcome<HandoverDetails>> Decide(
        string regency, string handover, HandoverState wanted, Func<Handover, IDocumentSession, Task<object>> decide, CancellationToken cancel)
    {
        if (!call.Actor.Is(regency, Role.Dispatcher))
        {
            return Outcome<HandoverDetails>.Refused(new Refusal("handover.not_yours", "Only a dispatcher can do this.", "Hanya petugas disposisi yang dapat melakukannya.", Kind: RefusalKind.Forbidden));
        }

        var known = await handovers.Find(regency, handover, cancel);
        if (known is not null)
        {
            known = await handovers.Change(regency, handover, async (now, session) => now is { State: HandoverState.Pending } ? await decide(now, session) : null, cancel);
        }

        return known is null
            ? Outcome<HandoverDetails>.Refused(new Refusal("handover.unknown", $"No neighbour offers {handover} here.", $"Tidak ada tawaran {handover} di sini.", "id", RefusalKind.NotFound))
            : known.State != wanted
                ? Outcome<HandoverDetails>.Refused(new Refusal("handover.state", $"It is {known.State.ToString().ToLowerInvariant()} already.", "Tawaran ini sudah diputuskan atau ditarik.", Kind: RefusalKind.Conflict))
                : Outcome<HandoverDetails>.Done((await views.Open(regency, [known], cancel))[0]);
    }
}

internal sealed class GetHandoversHandler(RegencySessions sessions, HandoverViews views, CallContext call) : IRequestHandler<GetHandovers, HandoverLists>
{
    private const int Most = 200;

    public static IReadOnlyDictionary<string, HandoverState> States { get; } = Enum.GetValues<HandoverState>().ToDictionary(state => state.ToString().ToLowerInvariant());

    public async Task<HandoverLists> Handle(GetHandovers query, CancellationToken cancel)
    {
        if (!call.Actor.Is(query.Regency, Role.Dispatcher, Role.Regent, Role.Auditor))
        {
            return new HandoverLists([], []);
        }

        var state = States[query.State ?? "pending"];
        await using var session = sessions.Query(query.Regency);
        var received = await session.Query<Handover>().Where(h => h.State == state).OrderBy(h => h.ArrivedAt).Take(Most).ToListAsync(cancel);
        var offered = await session.Query<Report>().Where(r => r.OfferedTo != null).OrderBy(r => r.Number).Take(Most).ToListAsync(cancel);
        return new HandoverLists(await views.Open(query.Regency, received, cancel), [.. offered.Select(r => new OfferedReport(r.Id, r.Offer!.To, r.Offer.ToName))]);
    }
}

/// <summary>Opens handovers for the staff of the regency that they were offered to.</summary>
internal sealed class HandoverViews(RegencySessions sessions, PersonalData personal, CallContext call)
{
    public async Task<IReadOnlyList<HandoverDetails>> Open(string regency, IReadOnlyList<Handover> handovers, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        // It is no report here yet, so nobody but the staff may see it.
        await session.Record(call, [.. handovers.Select(h => new DataRead(h.Id, h.Version, "confidential"))], cancel);
        var reader = await personal.Reader(session, handovers.SelectMany(h => new[] { PersonalReader.Of(h.Arrived.Person), h.Reason }), cancel);
        return [.. handovers.Select(h => new HandoverDetails(
            h.Arrived.Handover, h.Arrived.From, h.Arrived.Category, reader.Open(h.Arrived.Description), h.Arrived.Place with { Address = reader.Open(h.Arrived.Place.Address) },
            h.Arrived.FiledAt, h.State.ToString().ToLowerInvariant(), h.Ticket, reader.Open(h.Reason)))];
    }
}
