using System.Text;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;

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
        cases.MapGet("", List)
            .WithSummary("Cases against heads of departments, newest first; before the decision only for those concerned; ?asOf=2026-06-30, or from=&to= by the day of opening, format=csv");
        cases.MapGet("summary", Summary).WithSummary("How many cases were opened and decided, and how, per department; the same questions");
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

    private static Task<IResult> List(string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel) => Answer(days, format, http, sender, cases => cases,
        ["id", "department", "term", "name", "state", "ground", "reports", "openedAt", "statementDueAt", "outcome", "decidedAt"],
        c => [c.Id, c.Department, c.Term, c.Name, c.State, c.Ground, string.Join(' ', c.Reports.Select(r => r.Ticket)), c.OpenedAt, c.StatementDueAt, c.Outcome, c.DecidedAt], cancel);

    private static Task<IResult> Summary(string? format, [AsParameters] AskedDays days, HttpContext http, ISender sender, CancellationToken cancel) => Answer(days, format, http, sender, CaseCount.Of,
        ["department", "opened", "undecided", "explained", "reminder", "writtenWarning", "referred", "closed"],
        c => [c.Department, c.Opened, c.Undecided, c.Explained, c.Reminder, c.WrittenWarning, c.Referred, c.Closed], cancel);

    private static async Task<IResult> Answer<T>(
        AskedDays days, string? format, HttpContext http, ISender sender, Func<IReadOnlyList<CaseDetails>, IReadOnlyList<T>> make, string[] columns, Func<T, IReadOnlyList<object?>> line, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (asOf, from) = days.Read(faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var all = make(await sender.Send(new GetCases(http.Regency().Id, asOf, from), cancel));
        return isCsv ? Results.Text(Csv.Write(columns, all.Select(line)), "text/csv; charset=utf-8", Encoding.UTF8) : Results.Ok(all);
    }
}

/// <summary>How the cases of a department stand, of those that the caller may see.</summary>
/// <param name="Closed">Decided, and what was decided is done.</param>
internal sealed record CaseCount(string Department, int Opened, int Undecided, int Explained, int Reminder, int WrittenWarning, int Referred, int Closed)
{
    public static IReadOnlyList<CaseCount> Of(IReadOnlyList<CaseDetails> cases) =>
    [
        .. cases.GroupBy(c => c.Department).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new CaseCount(
            g.Key, g.Count(), g.Count(c => c.Outcome is null), g.Count(c => c.Outcome == CaseOutcome.Explained), g.Count(c => c.Outcome == CaseOutcome.Reminder),
            g.Count(c => c.Outcome == CaseOutcome.WrittenWarning), g.Count(c => c.Outcome == CaseOutcome.Referred), g.Count(c => c.State == CaseState.Closed))),
    ];
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
