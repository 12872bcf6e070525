using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Cases;

/// <summary>A case as it is opened.</summary>
internal sealed record OpenCaseBody(string? Department, IReadOnlyList<string>? Reports, string? Term, string? Reason);

/// <summary>A report to be added to a case.</summary>
internal sealed record AddToCaseBody(string? Ticket);

/// <summary>What the head says.</summary>
internal sealed record StatementBody(string? Text);

/// <summary>What the regent decides.</summary>
internal sealed record DecisionBody(string? Outcome, string? Reason);

/// <summary>What is left to say.</summary>
internal sealed record CloseCaseBody(string? Note);

/// <summary>Cases against heads of departments over HTTP.</summary>
internal sealed class CaseEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var cases = app.MapRegencyApi("/accountability-cases").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent, Role.Auditor).WithTags("Accountability");
        cases.MapGet("", (HttpContext http, ISender sender, CancellationToken cancel) => sender.Send(new GetCases(http.Regency().Id), cancel))
            .WithSummary("Cases against heads of departments, newest first; before the decision only for those concerned");
        cases.MapGet("{id}", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new GetCases(http.Regency().Id), cancel)).FirstOrDefault(c => c.Id == id) is { } found
                ? Results.Ok(found) : Problem.NotFound("case.unknown", "There is no such case for you.", "id")).WithSummary("One case");
        var moves = cases.MapGroup("").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent);
        moves.MapPost("", async (OpenCaseBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new OpenCase(http.Regency().Id, body.Department, body.Reports, body.Term, body.Reason), cancel)).ToResult())
            .WithSummary("Open a case, or add to the one that is open: the regional secretary or the regent");
        moves.MapPost("{id}/reports", async (string id, AddToCaseBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new AddToCase(http.Regency().Id, id, body.Ticket), cancel)).ToResult()).WithSummary("Add a report to an open case");
        moves.MapPost("{id}/statements", async (string id, StatementBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new StateInCase(http.Regency().Id, id, body.Text), cancel)).ToResult()).WithSummary("Give a statement: the head whom the case is about");
        moves.MapPost("{id}/decisions", async (string id, DecisionBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new DecideCase(http.Regency().Id, id, body.Outcome, body.Reason), cancel)).ToResult())
            .WithSummary("Decide, once the head was heard or had the time: explained, reminder, writtenWarning, referred");
        moves.MapPost("{id}/closings", async (string id, CloseCaseBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new CloseCase(http.Regency().Id, id, body.Note), cancel)).ToResult()).WithSummary("Close a case when what was decided is done");
    }
}

/// <summary>Between what commands come to and HTTP.</summary>
internal static class DecidedResults
{
    public static IResult ToResult<T>(this Decided<T> decided) where T : class => decided.Denial is not { } denial ? Results.Ok(decided.Value) : Problem.From(denial.Kind switch
    {
        DenialKind.NotFound => StatusCodes.Status404NotFound,
        DenialKind.Forbidden => StatusCodes.Status403Forbidden,
        DenialKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    }, new Fault(denial.Code, denial.English, denial.Field));
}
