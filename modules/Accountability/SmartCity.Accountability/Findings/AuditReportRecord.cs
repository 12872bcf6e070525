using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JasperFx.Events;
using Marten.Events.Aggregation;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Findings;

/// <summary>An audit report as its events make it.</summary>
internal sealed record AuditReportRecord
{
    /// <summary>The stream.</summary>
    public required string Id { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    public required AuditReportReceived Received { get; init; }

    public IReadOnlyList<FindingRecorded> Findings { get; init; } = [];

    /// <summary>Proposals and decisions in the order in which they were entered.</summary>
    public IReadOnlyList<FollowUpStep> Steps { get; init; } = [];

    /// <summary>The report after one more event.</summary>
    public static AuditReportRecord? After(AuditReportRecord? known, string id, object @event) => (known, @event) switch
    {
        (null, AuditReportReceived e) => new AuditReportRecord { Id = id, Received = e },
        ({ } r, FindingRecorded e) => r with { Findings = [.. r.Findings, e] },
        ({ } r, FollowUpProposed e) => r with { Steps = [.. r.Steps, new FollowUpStep(e, null)] },
        ({ } r, FollowUpDecided e) => r with { Steps = [.. r.Steps, new FollowUpStep(null, e)] },
        _ => known,
    };

    /// <summary>The report as it was at the end of a day.</summary>
    /// <param name="mayRead">Whether findings of a department are shown.</param>
    public AuditReport At(DateOnly day, Func<string, bool> mayRead) => new(
        Id, Version, Received.Number, Received.Title, Received.Issuer, Received.Year, Received.IssuedOn, Received.ReceivedOn, Received.AnswerDueOn, Received.Rule,
        [.. Findings.Where(f => mayRead(f.Department)).OrderBy(f => f.Number).Select(f => new Finding(
            FindingId.Write(Id, f.Number), Id, f.Number, f.Title, f.Department, f.Amount, Received.AnswerDueOn, Received.Rule,
            [.. f.Recommendations.Select((text, i) => Recommendation(f.Number, i + 1, text, day))]))]);

    /// <summary>The id of a report: made of issuer and number, so that entering it twice makes one.</summary>
    public static string IdOf(AuditIssuer issuer, string number) => $"lhp-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer} {number.ToUpperInvariant()}")))[..16]}";

    /// <summary>What was said of a recommendation, in order.</summary>
    public IEnumerable<FollowUpStep> Of(int finding, int recommendation) => Steps.Where(s => s.Finding == finding && s.Recommendation == recommendation);

    private Recommendation Recommendation(int finding, int number, string text, DateOnly day)
    {
        var steps = Of(finding, number).Where(s => s.On <= day).ToList();
        var decision = steps.LastOrDefault(s => s.Decided is not null)?.Decided;
        return new Recommendation(
            number, text, decision?.State ?? FollowUpState.NotFollowedUp, steps.LastOrDefault()?.Proposed?.State,
            steps.Count == 0 && day > Received.AnswerDueOn,
            [.. steps.Select(s => s.Proposed).OfType<FollowUpProposed>().Select(p => new FollowUpProposal(p.State, p.Evidence, p.Explanation, p.On))],
            [.. steps.Select(s => s.Decided).OfType<FollowUpDecided>().Select(d => new FollowUpDecision(d.State, d.Document, d.Reason, d.On))]);
    }
}

/// <summary>A proposal of the officials or a decision of the auditor; exactly one of them.</summary>
internal sealed record FollowUpStep(FollowUpProposed? Proposed, FollowUpDecided? Decided)
{
    public int Finding => Proposed?.Finding ?? Decided!.Finding;

    public int Recommendation => Proposed?.Recommendation ?? Decided!.Recommendation;

    public DateOnly On => Proposed?.On ?? Decided!.On;
}

/// <summary>The id of a finding: report and number.</summary>
internal static class FindingId
{
    public static string Write(string report, int number) => $"{report}.{number.ToString(CultureInfo.InvariantCulture)}";

    public static string Report(string id) => Read(id)?.Report ?? "";

    public static (string Report, int Number)? Read(string id) => id.LastIndexOf('.') is > 0 and var at
        && int.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (id[..at], number) : null;
}

/// <summary>Keeps <see cref="AuditReportRecord"/> in step with its stream, in the same transaction.</summary>
internal sealed class AuditReportProjection : SingleStreamProjection<AuditReportRecord, string>
{
    public AuditReportProjection()
    {
        IncludeType<AuditReportReceived>();
        IncludeType<FindingRecorded>();
        IncludeType<FollowUpProposed>();
        IncludeType<FollowUpDecided>();
    }

    public override AuditReportRecord? Evolve(AuditReportRecord? snapshot, string id, IEvent e) => AuditReportRecord.After(snapshot, id, e.Data);
}
