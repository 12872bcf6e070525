using System.Globalization;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.Problems;

namespace SmartCity.Departments.Planning;

/// <summary>A work as somebody sends it, new or changed; what is left out of a change stays.</summary>
internal sealed record PlannedWorkBody(
    string? Name, string? Department, IReadOnlyList<string?>? Districts, int? FiscalYear, decimal? Cost, string? Source, string? Code, string? Reason, long? ExpectedVersion);

/// <summary>A step of a work.</summary>
internal sealed record PlannedWorkStepBody(string? Reason, long? ExpectedVersion);

/// <summary>Officers plan the works of their department; a dispatcher or the regent those of all.</summary>
internal sealed class WritePlannedWorksEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var works = app.MapRegencyApi("/planned-works").RequireRole(Role.Officer, Role.Dispatcher, Role.Regent).WithTags("Planned works");
        works.MapPost("", Plan).WithSummary("Write a work into the plan; the same department, name and year again is the same work (200 instead of 201)");
        works.MapPatch("{id}", Change).WithSummary("Change name, department, districts, year, cost or source, with the reason; everyone who asked is told");
        Step("starts", PlannedWorkState.Started, "The work has begun");
        Step("completions", PlannedWorkState.Done, "The work is done");
        Step("cancellations", PlannedWorkState.Cancelled, "The work will not be done, with the reason");
        works.MapPost("import", Import).Accepts<string>("text/csv").WithSummary("Take over a list of a budget document: CSV with id,name,department,district,year,source,cost");

        void Step(string path, PlannedWorkState to, string summary) => works.MapPost($"{{id}}/{path}", (string id, PlannedWorkStepBody? body, HttpContext http, ISender sender, CancellationToken cancel) =>
            Version(http, body?.ExpectedVersion, out var version) is { } fault ? Task.FromResult(Problem.BadRequest(fault))
            : Send(sender, new MovePlannedWork(http.Regency().Id, id, to, body?.Reason, version), http, cancel)).WithSummary(summary);
    }

    private static Task<IResult> Plan(PlannedWorkBody? body, HttpContext http, ISender sender, CancellationToken cancel)
    {
        body ??= new PlannedWorkBody(null, null, null, null, null, null, null, null, null);
        if (string.IsNullOrWhiteSpace(body.Code) is false && (body.Code.Length > PlannedWorkRules.MaxCode || body.Code.Any(char.IsControl)))
        {
            return Task.FromResult(Problem.BadRequest(new Fault("code.invalid", $"One line of at most {PlannedWorkRules.MaxCode} characters.", "code")));
        }

        // An officer who names no department means the own one.
        var actor = http.Actor();
        return Send(sender, new PlanWork(http.Regency().Id, new PlannedWorkTerms(
            body.Name ?? "", string.IsNullOrWhiteSpace(body.Department) ? actor.Department ?? "" : body.Department, [.. (body.Districts ?? []).OfType<string>()],
            body.FiscalYear ?? 0, body.Cost ?? -1, FundingSources.Read(body.Source) ?? body.Source ?? ""), string.IsNullOrWhiteSpace(body.Code) ? null : body.Code.Trim()), http, cancel);
    }

    private static Task<IResult> Change(string id, PlannedWorkBody? body, HttpContext http, ISender sender, CancellationToken cancel) =>
        Version(http, body?.ExpectedVersion, out var version) is { } fault ? Task.FromResult(Problem.BadRequest(fault))
        : Send(sender, new ChangePlannedWork(http.Regency().Id, id, body?.Name, body?.Department, body?.Districts is { } districts ? [.. districts.OfType<string>()] : null,
            body?.FiscalYear, body?.Cost, body?.Source is { } source ? FundingSources.Read(source) ?? source : null, body?.Reason, version), http, cancel);

    private static async Task<IResult> Import(HttpContext http, ISender sender, CancellationToken cancel)
    {
        // A form could be sent from another site's page with the cookies of whoever looks at it.
        if (http.Request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true)
        {
            return Problem.From(StatusCodes.Status415UnsupportedMediaType, new Fault("content.type", "Send the list as text/csv in UTF-8.", "Content-Type"));
        }

        if (http.Request.ContentLength > ImportPlannedWorksHandler.MaxBytes)
        {
            return Problem.From(StatusCodes.Status413PayloadTooLarge, new Fault("csv.too_large", $"At most {ImportPlannedWorksHandler.MaxBytes / 1024 / 1024} MB.", "csv"));
        }

        using var reader = new StreamReader(http.Request.Body);
        var import = await sender.Send(new ImportPlannedWorks(http.Regency().Id, await reader.ReadToEndAsync(cancel)), cancel);
        return import.Faults.Count > 0
            ? Problem.From(import.IsForbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest, [.. import.Faults.Select(f => new Fault(f.Code, f.English, f.Field))])
            : Results.Ok(new { import.Planned, import.Changed, import.Unchanged });
    }

    private static async Task<IResult> Send(ISender sender, IRequest<PlannedWorkOutcome> command, HttpContext http, CancellationToken cancel)
    {
        var outcome = await sender.Send(command, cancel);
        if (outcome.Work is { } work)
        {
            http.Response.Headers.ETag = $"\"{work.Version}\"";
        }

        return outcome switch
        {
            { IsDone: true, IsNew: true } => Results.Created($"/api/v1/regencies/{http.Regency().Id}/planned-works/{outcome.Work!.Id}", outcome.Work),
            { IsDone: true } => Results.Ok(outcome.Work),
            _ => Problem.From(
                outcome.Kind switch
                {
                    PlanFaultKind.NotFound => StatusCodes.Status404NotFound,
                    PlanFaultKind.Conflict => StatusCodes.Status409Conflict,
                    PlanFaultKind.Forbidden => StatusCodes.Status403Forbidden,
                    _ => StatusCodes.Status400BadRequest,
                },
                [.. outcome.Faults.Select(f => new Fault(f.Code, f.English, f.Field))],
                outcome.Work is { } there ? new Dictionary<string, object?> { ["version"] = there.Version, ["id"] = there.Id } : new Dictionary<string, object?>()),
        };
    }

    private static Fault? Version(HttpContext http, long? inBody, out long? version)
    {
        var header = http.Request.Headers.IfMatch.ToString().Trim();
        version = inBody;
        if (header is "" or "*")
        {
            return null;
        }

        var digits = (header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header).Trim('"');
        var isOne = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var inHeader) && (inBody is null || inBody == inHeader);
        version = isOne ? inHeader : null;
        return isOne ? null : new Fault("ifMatch.invalid", "Send the work's version as in its ETag, such as \"3\", once: in If-Match or as expectedVersion.", "If-Match");
    }
}

internal sealed class WritePlannedWorksHandler(PlannedWorkStreams works) :
    IRequestHandler<PlanWork, PlannedWorkOutcome>, IRequestHandler<ChangePlannedWork, PlannedWorkOutcome>, IRequestHandler<MovePlannedWork, PlannedWorkOutcome>
{
    public Task<PlannedWorkOutcome> Handle(PlanWork command, CancellationToken cancel) => works.Plan(command, cancel);

    public Task<PlannedWorkOutcome> Handle(ChangePlannedWork command, CancellationToken cancel) => works.Decide(
        command.Regency, command.Id, command.ExpectedVersion, known => [known.Department, Changed(known, command).Department],
        async (known, stop) => Changed(known, command) is var terms && await works.Faults(command.Regency, terms, stop) is { Count: > 0 } faults
            ? PlanDecision.Refused(PlanFaultKind.Invalid, faults) : PlannedWorkRules.Change(known, terms, command.Reason), cancel);

    public Task<PlannedWorkOutcome> Handle(MovePlannedWork command, CancellationToken cancel) => works.Decide(
        command.Regency, command.Id, command.ExpectedVersion, known => [known.Department], (known, _) => Task.FromResult(PlannedWorkRules.MoveTo(known, command.To, command.Reason)), cancel);

    private static PlannedWorkTerms Changed(PlannedWorkRecord known, ChangePlannedWork command) => PlannedWorkRules.Tidy(new PlannedWorkTerms(
        command.Name ?? known.Terms.Name, command.Department ?? known.Terms.Department, command.Districts ?? known.Terms.Districts,
        command.FiscalYear ?? known.Terms.FiscalYear, command.Cost ?? known.Terms.Cost, command.Source ?? known.Terms.Source));
}
