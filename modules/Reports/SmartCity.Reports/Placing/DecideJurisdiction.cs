using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;

namespace SmartCity.Reports.Placing;

/// <summary>Body of a decision on jurisdiction.</summary>
internal sealed record DecideJurisdictionBody : ReportBody
{
    public string? Level { get; init; }

    /// <summary>Code of a registered outside partner, code of another regency, or a name.</summary>
    public string? Body { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A dispatcher decides whose business a report is, whatever boundaries, road class and category say.</summary>
internal sealed class DecideJurisdictionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapRegencyApi("/reports/{id}")
        .MapPut("jurisdiction", async (string id, DecideJurisdictionBody body, HttpContext http, ISender sender, CancellationToken cancel) =>
            http.TryReadAddress(id, body.ExpectedVersion, out var report, out var fault)
                ? (await sender.Send(new DecideJurisdiction(report.Regency, report.Ticket, body.Level, body.Body, body.Reason, report.ExpectedVersion), cancel)).ToResult(http)
                : Problem.BadRequest(fault))
        .RequireRole(Role.Dispatcher, Role.Officer)
        .WithTags("Reports").WithSummary("Decide whose business a report is: level, body (a partner's or regency's code, or a name) and reason");
}

internal sealed class DecideJurisdictionHandler(ReportStreams reports, PlacingFactsReader facts) : IRequestHandler<DecideJurisdiction, Outcome<ReportVersion>>
{
    public async Task<Outcome<ReportVersion>> Handle(DecideJurisdiction command, CancellationToken cancel)
    {
        var served = await facts.Served(cancel);
        return await reports.Decide(command, Move.Place, async (report, act, change) =>
            Decide(report, await facts.Of(change.Session, command.Regency, report.Filed, cancel), served, command, act), cancel);
    }

    public static Decision Decide(Report report, PlacingFacts facts, IReadOnlyDictionary<string, string> regencies, DecideJurisdiction command, Act act)
    {
        var levels = string.Join(", ", JurisdictionLevels.All);
        if (command.Level is not { } level || !JurisdictionLevels.All.Contains(level))
        {
            return Decision.Refused("level.unknown", $"Use one of {levels}.", $"Pakai salah satu: {levels}.", "level");
        }

        if ((Typed.Body(command.Body, "body") ?? Typed.Text(command.Reason, "reason", "Write why.", "Tulis alasannya.")) is { } fault)
        {
            return Decision.Refused(fault);
        }

        if (report.Filed.IsOversight)
        {
            return Decision.Refused("report.oversight", "A report on the conduct of officials stays with the Inspectorate.", "Laporan berkadar pengawasan tetap di Inspektorat.", kind: RefusalKind.Conflict);
        }

        var decided = Placing.ByPerson(facts, level, string.IsNullOrWhiteSpace(command.Body) ? null : command.Body.Trim(), regencies);
        return decided == report.Jurisdiction ? Decision.Nothing : Decision.Happens(new ReportJurisdictionDecided(decided, act.Seal(command.Reason)));
    }
}

/// <summary>Under another category a report may be somebody else's business; what a person decided stays.</summary>
internal sealed class DecideAnew(ReportStreams reports, PlacingFactsReader facts) : INotificationHandler<Committed<ReportClassified>>
{
    public Task Handle(Committed<ReportClassified> committed, CancellationToken cancel) =>
        reports.ByItself(committed.Envelope.Regency.Value, committed.Envelope.Stream, "jurisdiction", Move.Place, async (report, _, change) =>
            Decide(report, Placing.Decide(await facts.Of(change.Session, committed.Envelope.Regency.Value, report.Filed, cancel))), cancel);

    public static Decision Decide(Report report, Jurisdiction jurisdiction) =>
        report.Jurisdiction is { Ground: JurisdictionGrounds.Person } || report.Jurisdiction == jurisdiction ? Decision.Nothing : Decision.Happens(new ReportJurisdictionDecided(jurisdiction, null));
}
