using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Repayments;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Findings;

/// <summary>Audit reports, findings and where their recommendations stood on any day.</summary>
internal sealed class ReadFindingsEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var reports = app.MapRegencyApi("/audit-reports").RequireRole(MoneyRoles.Readers).WithTags("Audit findings");
        reports.MapGet("", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            ReadRepaymentsEndpoints.Answer(p, http, streams, async (time, _, limit) => await sender.Send(new ListAuditReports(http.Regency().Id, time.AsOf, p.After, limit), cancel), FindingCsv.Of, cancel))
            .WithSummary("Audit reports with findings and recommendations; ?asOf=, after=, limit=, format=csv. An officer sees findings of the own department");
        reports.MapGet("{id}", ([AsParameters] FigureParameters p, string id, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            ReadRepaymentsEndpoints.Answer(p, http, streams, async (time, _, _) => await sender.Send(new GetAuditReport(http.Regency().Id, id, time.AsOf), cancel),
                report => FindingCsv.Of(new AuditReportPage([report], null)), cancel, () => Problem.NotFound("report.unknown", $"There is no audit report '{id}' here.", "id")))
            .WithSummary("One audit report; ?asOf=, format=csv");

        var findings = app.MapRegencyApi("/findings").RequireRole(MoneyRoles.Readers).WithTags("Audit findings");
        findings.MapGet("", ([AsParameters] FigureParameters p, FollowUpState? state, bool? overdue, HttpContext http, ISender sender, ObligationStreams streams, MoneyReads reads, CancellationToken cancel) =>
            ReadRepaymentsEndpoints.Answer(p, http, streams, async (time, filter, limit) => await List(p, state, overdue, time, filter, limit, http.Regency().Id, sender, reads, cancel), FindingCsv.Of, cancel))
            .WithSummary("Findings; ?department=, state=, overdue=true, asOf=, after=, limit=, format=csv");
        findings.MapGet("summary", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            ReadRepaymentsEndpoints.Answer(p, http, streams, async (time, filter, _) => await sender.Send(new GetFollowUpSummary(http.Regency().Id, time.AsOf, filter.Department, time.From), cancel), FindingCsv.Of, cancel))
            .WithSummary("How many recommendations are in which state; ?asOf=, or from=&to= by the day on which the audit report was received, department=, format=csv");
        findings.MapGet("{id}", async (string id, HttpContext http, ISender sender, CancellationToken cancel) =>
            (await sender.Send(new GetAuditReport(http.Regency().Id, FindingId.Report(id)), cancel))?.Findings.FirstOrDefault(f => f.Id == id) is { } finding
                ? Results.Ok(finding) : Problem.NotFound("finding.unknown", $"There is no finding '{id}' here.", "id")).WithSummary("One finding");
    }

    private static async Task<FindingPage> List(
        FigureParameters parameters, FollowUpState? state, bool? overdue, FigureTime time, ObligationFilter filter, int limit, string regency, ISender sender, MoneyReads reads, CancellationToken cancel)
    {
        var all = await sender.Send(new ListAuditReports(regency, time.AsOf, null, int.MaxValue, IsShown: false), cancel);
        var found = all.Reports.SelectMany(r => r.Findings)
            .Where(f => (filter.Department is null || f.Department == filter.Department) && (state is null || f.Recommendations.Any(r => r.State == state)) && (overdue is null || f.Recommendations.Any(r => r.IsOverdue) == overdue))
            .OrderBy(f => f.Report, StringComparer.Ordinal).ThenBy(f => f.Number).ToList();
        var rest = parameters.After is { } after && FindingId.Read(after) is var (report, number)
            ? [.. found.Where(f => string.CompareOrdinal(f.Report, report) is var order && (order > 0 || (order == 0 && f.Number > number)))] : found;
        var shown = rest.Take(limit).Select(f => f.Report).ToHashSet();
        await reads.Findings(regency, all.Reports.Where(r => shown.Contains(r.Id)), cancel);
        return new FindingPage([.. rest.Take(limit)], rest.Count > limit ? rest[limit - 1].Id : null);
    }
}

/// <summary>A page of findings.</summary>
internal sealed record FindingPage(IReadOnlyList<Finding> Findings, string? Next);

/// <summary>The same for spreadsheets: a line for each recommendation.</summary>
internal static class FindingCsv
{
    public static string Of(AuditReportPage page) => Csv.Write(
        ["report", "number", "issuer", "year", "receivedOn", "answerDueOn", "finding", "title", "department", "amount", "recommendation", "text", "state", "proposed", "overdue"],
        page.Reports.SelectMany(r => r.Findings.SelectMany(f => f.Recommendations.Select(x => (IReadOnlyList<object?>)
            [r.Id, r.Number, r.Issuer, r.Year, r.ReceivedOn, r.AnswerDueOn, f.Id, f.Title, f.Department, f.Amount, x.Number, x.Text, x.State, x.Proposed, x.IsOverdue]))));

    public static string Of(FindingPage page) => Csv.Write(
        ["finding", "title", "department", "amount", "answerDueOn", "recommendation", "text", "state", "proposed", "overdue"],
        page.Findings.SelectMany(f => f.Recommendations.Select(x => (IReadOnlyList<object?>)[f.Id, f.Title, f.Department, f.Amount, f.AnswerDueOn, x.Number, x.Text, x.State, x.Proposed, x.IsOverdue])));

    public static string Of(FollowUpSummary s) => Csv.Write(
        ["asOf", "reports", "findings", "recommendations", "settled", "inProgress", "notFollowedUp", "cannotBeFollowedUp", "proposed", "overdue"],
        [[s.AsOf, s.Reports, s.Findings, s.Recommendations, s.Settled, s.InProgress, s.NotFollowedUp, s.CannotBeFollowedUp, s.Proposed, s.Overdue]]);
}

/// <summary>What other parts of the ledger ask of findings.</summary>
internal sealed class FindingReads(RegencySessions sessions)
{
    /// <summary>Ids of all findings.</summary>
    public async Task<IReadOnlySet<string>> Ids(string regency, CancellationToken cancel) => (await Titles(regency, cancel)).Keys.ToHashSet();

    /// <summary>Titles by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Titles(string regency, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        return (await session.Query<AuditReportRecord>().ToListAsync(cancel)).SelectMany(r => r.Findings.Select(f => (Id: FindingId.Write(r.Id, f.Number), f.Title))).ToDictionary(f => f.Id, f => f.Title);
    }
}

internal sealed class ReadFindingsHandler(RegencySessions sessions, MoneyRoles roles, ObligationStreams clock, MoneyReads reads) :
    IRequestHandler<ListAuditReports, AuditReportPage>, IRequestHandler<GetAuditReport, AuditReport?>, IRequestHandler<GetFollowUpSummary, FollowUpSummary>
{
    public async Task<AuditReportPage> Handle(ListAuditReports query, CancellationToken cancel)
    {
        var found = (await Readable(query.Regency, query.AsOf, cancel)).Where(r => query.After is null || string.CompareOrdinal(r.Id, query.After) > 0).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (query.IsShown)
        {
            await reads.Findings(query.Regency, found.Take(query.Limit), cancel);
        }

        return new AuditReportPage([.. found.Take(query.Limit)], found.Count > query.Limit ? found[query.Limit - 1].Id : null);
    }

    public async Task<AuditReport?> Handle(GetAuditReport query, CancellationToken cancel)
    {
        var access = await roles.Of(query.Regency, cancel);
        await using var session = sessions.Query(query.Regency);
        if (query.Id.Length == 0 || !access.ReadsAny || await session.LoadAsync<AuditReportRecord>(query.Id, cancel) is not { } record)
        {
            return null;
        }

        var report = record.At(query.AsOf ?? await clock.Today(query.Regency, cancel), access.Reads);
        if (!access.ReadsAll && report.Findings.Count == 0)
        {
            return null;
        }

        if (query.IsShown)
        {
            await reads.Findings(query.Regency, [report], cancel);
        }

        return report;
    }

    public async Task<FollowUpSummary> Handle(GetFollowUpSummary query, CancellationToken cancel)
    {
        var day = query.AsOf ?? await clock.Today(query.Regency, cancel);
        var findings = (await Readable(query.Regency, day, cancel)).Where(r => query.From is null || r.ReceivedOn >= query.From).SelectMany(r => r.Findings).Where(f => query.Department is null || f.Department == query.Department).ToList();
        var all = findings.SelectMany(f => f.Recommendations).ToList();
        int In(FollowUpState state) => all.Count(r => r.State == state);
        return new FollowUpSummary(day, findings.Select(f => f.Report).Distinct().Count(), findings.Count, all.Count, In(FollowUpState.Settled), In(FollowUpState.InProgress), In(FollowUpState.NotFollowedUp),
            In(FollowUpState.CannotBeFollowedUp), all.Count(r => r.Proposed is not null), all.Count(r => r.IsOverdue));
    }

    private async Task<IReadOnlyList<AuditReport>> Readable(string regency, DateOnly? asOf, CancellationToken cancel)
    {
        var access = await roles.Of(regency, cancel);
        if (!access.ReadsAny)
        {
            return [];
        }

        var day = asOf ?? await clock.Today(regency, cancel);
        await using var session = sessions.Query(regency);
        return [.. (await session.Query<AuditReportRecord>().ToListAsync(cancel)).Where(r => r.Received.ReceivedOn <= day).Select(r => r.At(day, access.Reads)).Where(r => access.ReadsAll || r.Findings.Count > 0)];
    }
}
