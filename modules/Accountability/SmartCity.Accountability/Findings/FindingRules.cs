using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Repayments;

namespace SmartCity.Accountability.Findings;

/// <summary>The rules of audit follow-up: no I/O.</summary>
internal static class FindingRules
{
    public const int AnswerDays = 60, MaxTitle = 500, MaxText = 2000, MaxRecommendations = 50;

    /// <summary>Calendar days, not working days: so the law has it.</summary>
    public const string Rule = "UU 15/2004 art. 20: jawaban dalam 60 hari kalender sejak laporan diterima / answer within 60 calendar days of receiving the report";

    public static MoneyDecision Receive(AuditReportRecord? known, ReceiveAuditReport command, DateOnly today)
    {
        var faults = new List<MoneyFault>();
        ObligationRules.Line(command.Number, ObligationRules.MaxReference, "number", faults);
        ObligationRules.Line(command.Title, MaxTitle, "title", faults);
        if (command.Year < ObligationRules.FirstYear || command.Year > today.Year)
        {
            faults.Add(new("year.invalid", $"Give the audited year, {ObligationRules.FirstYear} to {today.Year}.", $"Isi tahun yang diperiksa, {ObligationRules.FirstYear} sampai {today.Year}.", "year"));
        }

        if (!Enum.IsDefined(command.Issuer))
        {
            faults.Add(new("issuer.invalid", "Use bpk or inspectorate.", "Gunakan bpk atau inspectorate.", "issuer"));
        }

        if (command.IssuedOn.Year < ObligationRules.FirstYear || command.ReceivedOn < command.IssuedOn || command.ReceivedOn > today)
        {
            faults.Add(new("receivedOn.invalid", "Give the day of the report and the day of its receipt, which is not before it and not in the future.",
                "Isi tanggal laporan dan tanggal diterima, yang tidak lebih awal dan tidak di masa depan.", "receivedOn"));
        }

        if (faults.Count > 0)
        {
            return MoneyDecision.Refused(faults);
        }

        var received = new AuditReportReceived(command.Number, command.Title, command.Issuer, command.Year, command.IssuedOn, command.ReceivedOn, command.ReceivedOn.AddDays(AnswerDays), Rule);
        return known is null ? MoneyDecision.Happens(received)
            : known.Received == received ? MoneyDecision.Nothing
            : MoneyDecision.Conflict("report.other", $"{command.Number} is entered with other content.", $"{command.Number} sudah tercatat dengan isi lain.", "number");
    }

    public static MoneyDecision Record(AuditReportRecord known, RecordFinding command, IReadOnlySet<string> departments)
    {
        var faults = new List<MoneyFault>();
        ObligationRules.Line(command.Title, MaxTitle, "title", faults);
        if (command.Number is < 1 or > 9999)
        {
            faults.Add(new("number.invalid", "Give the number of the finding in the report, from 1.", "Isi nomor temuan dalam laporan, mulai dari 1.", "number"));
        }

        if (!departments.Contains(command.Department))
        {
            faults.Add(new("department.unknown", $"There is no department '{command.Department}' here.", $"Tidak ada OPD '{command.Department}' di sini.", "department"));
        }

        if (command.Amount is { } amount && !Amount.IsEntry(amount))
        {
            faults.Add(new("amount.invalid", "Give an amount in rupiah above nothing with at most two decimals, or none.", "Isi jumlah rupiah di atas nol dengan paling banyak dua desimal, atau kosongkan.", "amount"));
        }

        if (command.Recommendations.Count is 0 or > MaxRecommendations || command.Recommendations.Any(r => string.IsNullOrWhiteSpace(r) || r.Length > MaxText))
        {
            faults.Add(new("recommendations.invalid", $"Give 1 to {MaxRecommendations} recommendations of at most {MaxText} characters.", $"Isi 1 sampai {MaxRecommendations} rekomendasi, paling banyak {MaxText} huruf.", "recommendations"));
        }

        if (faults.Count > 0)
        {
            return MoneyDecision.Refused(faults);
        }

        var recorded = new FindingRecorded(command.Number, command.Title, command.Department, command.Amount, command.Recommendations);
        return known.Findings.FirstOrDefault(f => f.Number == command.Number) is not { } there ? MoneyDecision.Happens(recorded)
            : (there with { Recommendations = recorded.Recommendations }) == recorded && there.Recommendations.SequenceEqual(recorded.Recommendations) ? MoneyDecision.Nothing
            : MoneyDecision.Conflict("finding.other", $"Finding {command.Number} is entered with other content.", $"Temuan {command.Number} sudah tercatat dengan isi lain.", "number");
    }

    public static MoneyDecision Propose(AuditReportRecord known, FollowUpProposed proposed, DateOnly today)
    {
        var faults = Faults(known, proposed.Finding, proposed.Recommendation, proposed.State, proposed.On, today);
        ObligationRules.Line(proposed.Evidence, FindingRules.MaxTitle, "evidence", faults);
        if (proposed.State == FollowUpState.NotFollowedUp)
        {
            faults.Add(new("state.invalid", "Officials propose what was done: settled, inProgress or cannotBeFollowedUp.", "Pejabat mengusulkan yang sudah dilakukan: settled, inProgress, atau cannotBeFollowedUp.", "state"));
        }

        if (proposed.State == FollowUpState.CannotBeFollowedUp && string.IsNullOrWhiteSpace(proposed.Explanation))
        {
            faults.Add(Reason("explanation"));
        }

        return faults.Count > 0 ? Refused(faults)
            : known.Of(proposed.Finding, proposed.Recommendation).LastOrDefault()?.Proposed == proposed ? MoneyDecision.Nothing
            : MoneyDecision.Happens(proposed);
    }

    public static MoneyDecision Decide(AuditReportRecord known, FollowUpDecided decided, DateOnly today)
    {
        var faults = Faults(known, decided.Finding, decided.Recommendation, decided.State, decided.On, today);
        ObligationRules.Line(decided.Document, FindingRules.MaxTitle, "document", faults);
        if (decided.State == FollowUpState.CannotBeFollowedUp && string.IsNullOrWhiteSpace(decided.Reason))
        {
            faults.Add(Reason("reason"));
        }

        return faults.Count > 0 ? Refused(faults)
            : known.Of(decided.Finding, decided.Recommendation).LastOrDefault()?.Decided == decided ? MoneyDecision.Nothing
            : MoneyDecision.Happens(decided);
    }

    private static List<MoneyFault> Faults(AuditReportRecord known, int finding, int recommendation, FollowUpState state, DateOnly on, DateOnly today)
    {
        var faults = new List<MoneyFault>();
        if (known.Findings.FirstOrDefault(f => f.Number == finding) is not { } found || recommendation < 1 || recommendation > found.Recommendations.Count)
        {
            faults.Add(new("recommendation.unknown", "There is no such recommendation here.", "Tidak ada rekomendasi itu di sini.", "recommendation"));
            return faults;
        }

        if (!Enum.IsDefined(state))
        {
            faults.Add(new("state.invalid", "Use settled, inProgress, notFollowedUp or cannotBeFollowedUp.", "Gunakan settled, inProgress, notFollowedUp, atau cannotBeFollowedUp.", "state"));
        }

        var earliest = known.Of(finding, recommendation).LastOrDefault()?.On ?? known.Received.ReceivedOn;
        if (on < earliest || on > today)
        {
            faults.Add(new("on.invalid", $"Give a day from {earliest:yyyy-MM-dd}, the step before, to {today:yyyy-MM-dd}.", $"Isi tanggal dari {earliest:yyyy-MM-dd}, langkah sebelumnya, sampai {today:yyyy-MM-dd}.", "on"));
        }

        return faults;
    }

    private static MoneyDecision Refused(List<MoneyFault> faults) => faults[0].Code == "recommendation.unknown" ? new MoneyDecision([], faults, MoneyFaultKind.NotFound) : MoneyDecision.Refused(faults);

    // Force majeure, a court case, or no longer useful (Peraturan BPK 2/2017).
    private static MoneyFault Reason(string field) => new($"{field}.missing",
        "Say why it cannot be followed up: force majeure, a case in court, or no longer effective, efficient or economical.",
        "Jelaskan mengapa tidak dapat ditindaklanjuti: keadaan kahar, perkara di pengadilan, atau tidak lagi efektif, efisien, atau ekonomis.", field);
}
