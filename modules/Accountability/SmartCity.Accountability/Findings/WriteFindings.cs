using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Repayments;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Findings;

/// <summary>An audit report, as it is sent.</summary>
internal sealed record AuditReportBody(string? Number, string? Title, AuditIssuer? Issuer, int? Year, DateOnly? IssuedOn, DateOnly? ReceivedOn);

/// <summary>A finding, as it is sent.</summary>
internal sealed record FindingBody(int? Number, string? Title, string? Department, decimal? Amount, IReadOnlyList<string>? Recommendations);

/// <summary>What officials propose, as it is sent.</summary>
internal sealed record ProposalBody(FollowUpState? State, string? Evidence, string? Explanation, DateOnly? On);

/// <summary>What the auditor decided, as it is sent.</summary>
internal sealed record DecisionBody(FollowUpState? State, string? Document, string? Reason, DateOnly? On);

/// <summary>Enters audit reports and their findings, and follows them up: officials propose, only the auditor decides.</summary>
internal sealed class WriteFindingsEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var reports = app.MapRegencyApi("/audit-reports").RequireRole(Role.Officer).WithTags("Audit findings");
        reports.MapPost("", (AuditReportBody body, HttpContext http, ISender sender, CancellationToken cancel) => WriteRepaymentsEndpoints.Send(new ReceiveAuditReport(
                http.Regency().Id, body.Number ?? "", body.Title ?? "", body.Issuer ?? AuditIssuer.Bpk, body.Year ?? 0, body.IssuedOn ?? default, body.ReceivedOn ?? default), http, sender, cancel))
            .WithSummary("Enter an audit report (LHP) that was received (Inspectorate); its answer is due in 60 calendar days");
        reports.MapPost("{id}/findings", (string id, FindingBody body, HttpContext http, ISender sender, CancellationToken cancel) => WriteRepaymentsEndpoints.Send(new RecordFinding(
                http.Regency().Id, id, body.Number ?? 0, body.Title ?? "", body.Department ?? "", body.Amount, body.Recommendations ?? []), http, sender, cancel))
            .WithSummary("Enter a finding with its recommendations (Inspectorate)");
        var findings = app.MapRegencyApi("/findings/{id}/recommendations/{number:int}").RequireRole(Role.Officer).WithTags("Audit findings");
        findings.MapPost("proposals", (string id, int number, ProposalBody body, HttpContext http, ISender sender, CancellationToken cancel) => WriteRepaymentsEndpoints.Send(new ProposeFollowUp(
                http.Regency().Id, id, number, body.State ?? FollowUpState.NotFollowedUp, body.Evidence ?? "", body.Explanation, body.On), http, sender, cancel))
            .WithSummary("Propose a follow-up state with evidence (responsible department)");
        findings.MapPost("decisions", (string id, int number, DecisionBody body, HttpContext http, ISender sender, CancellationToken cancel) => WriteRepaymentsEndpoints.Send(new DecideFollowUp(
                http.Regency().Id, id, number, body.State ?? (FollowUpState)(-1), body.Document ?? "", body.Reason, body.On), http, sender, cancel))
            .WithSummary("Decide the follow-up state, or enter what BPK decided with its paper (Inspectorate)");
    }
}

internal sealed class WriteFindingsHandler(RegencySessions sessions, MoneyRoles roles, ObligationStreams clock, ISender sender) :
    IRequestHandler<ReceiveAuditReport, MoneyOutcome<AuditReport>>, IRequestHandler<RecordFinding, MoneyOutcome<AuditReport>>,
    IRequestHandler<ProposeFollowUp, MoneyOutcome<AuditReport>>, IRequestHandler<DecideFollowUp, MoneyOutcome<AuditReport>>
{
    private const int Attempts = 5;

    public async Task<MoneyOutcome<AuditReport>> Handle(ReceiveAuditReport command, CancellationToken cancel)
    {
        var tidy = command with { Number = command.Number.Trim(), Title = command.Title.Trim() };
        return await Decide(command.Regency, AuditReportRecord.IdOf(command.Issuer, tidy.Number), (access, _) => access.Decides, (known, today) => FindingRules.Receive(known, tidy, today), cancel);
    }

    public async Task<MoneyOutcome<AuditReport>> Handle(RecordFinding command, CancellationToken cancel)
    {
        var departments = (await sender.Send(new GetDepartments(command.Regency), cancel)).Select(d => d.Code).ToHashSet();
        var tidy = command with { Title = command.Title.Trim(), Recommendations = [.. command.Recommendations.Select(r => r.Trim())], Amount = command.Amount is { } amount ? Amount.Tidy(amount) : null };
        return await Decide(command.Regency, command.Report, (access, _) => access.Decides, (known, _) => known is null ? Unknown(command.Report) : FindingRules.Record(known, tidy, departments), cancel);
    }

    public async Task<MoneyOutcome<AuditReport>> Handle(ProposeFollowUp command, CancellationToken cancel)
    {
        var (report, finding) = FindingId.Read(command.Finding) ?? ("", 0);
        return await Decide(command.Regency, report, (access, known) => access.Decides || known?.Findings.Any(f => f.Number == finding && f.Department == access.Department) == true,
            (known, today) => known is null ? Unknown(command.Finding) : FindingRules.Propose(known, new FollowUpProposed(
                finding, command.Recommendation, command.State, command.Evidence.Trim(), Text(command.Explanation), command.On ?? today), today), cancel);
    }

    public async Task<MoneyOutcome<AuditReport>> Handle(DecideFollowUp command, CancellationToken cancel)
    {
        var (report, finding) = FindingId.Read(command.Finding) ?? ("", 0);
        return await Decide(command.Regency, report, (access, _) => access.Decides,
            (known, today) => known is null ? Unknown(command.Finding) : FindingRules.Decide(known, new FollowUpDecided(
                finding, command.Recommendation, command.State, command.Document.Trim(), Text(command.Reason), command.On ?? today), today), cancel);
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static MoneyDecision Unknown(string id) =>
        new([], [new MoneyFault("finding.unknown", $"There is no audit report or finding '{id}' here.", $"Tidak ada laporan atau temuan '{id}' di sini.", "id")], MoneyFaultKind.NotFound);

    private async Task<MoneyOutcome<AuditReport>> Decide(
        string regency, string id, Func<MoneyAccess, AuditReportRecord?, bool> may, Func<AuditReportRecord?, DateOnly, MoneyDecision> decide, CancellationToken cancel)
    {
        var (access, today) = (await roles.Of(regency, cancel), await clock.Today(regency, cancel));
        for (var attempt = 1; ; attempt++)
        {
            await using var session = sessions.Open(regency);
            var known = id.Length == 0 ? null : await session.LoadAsync<AuditReportRecord>(id, cancel);
            if (!may(access, known))
            {
                return MoneyRoles.Refused<AuditReport>();
            }

            var decision = decide(known, today);
            if (decision.Faults.Count > 0)
            {
                return new MoneyOutcome<AuditReport>(null, decision.Faults, decision.Kind);
            }

            if (decision.Events.Count > 0)
            {
                if (known is null)
                {
                    session.Events.StartStream<AuditReportRecord>(id, decision.Events);
                }
                else
                {
                    session.Events.Append(id, known.Version + decision.Events.Count, decision.Events);
                }

                try
                {
                    await session.SaveChangesAsync(cancel);
                }
                catch (Exception failure) when (attempt < Attempts && LostRace.Is(failure))
                {
                    continue;
                }
            }

            var now = decision.Events.Aggregate(known, (record, e) => AuditReportRecord.After(record, id, e))!;
            now.Version = (known?.Version ?? 0) + decision.Events.Count;
            return new MoneyOutcome<AuditReport>(now.At(today, access.Reads), [], IsNew: known is null);
        }
    }
}
