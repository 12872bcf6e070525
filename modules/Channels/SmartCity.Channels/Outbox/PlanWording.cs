using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>What citizens are told of money and years, Indonesian first: what is new, and what it was before.</summary>
internal static class PlanWording
{
    // A post has 280 letters, and the year and the money must be among them.
    private const int LongestName = 60;

    /// <summary>What an answer comes to, beside its text; null when the text says it all.</summary>
    public static string? Outcome(AnswerOutcome? outcome) => outcome switch
    {
        { Kind: AnswerOutcomes.Scheduled, When: { } when } when PlannedTime.Name(when) is var (indonesian, english) => $"(Dijadwalkan {indonesian}. / Scheduled for {english}.)",
        { Kind: AnswerOutcomes.NeedsBudget, Cost: { } cost, FiscalYear: { } year } when FundingSources.Name(outcome.Source) is var (indonesian, english) =>
            $"(Perlu {Rupiah.Write(cost)} dari {indonesian} {year}{Of(outcome.Plan)}. / Needs {Rupiah.Write(cost)} from {english} {year}{Of(outcome.Plan)}.)",
        _ => null,
    };

    /// <summary>One friendly sentence in each language.</summary>
    /// <param name="former">As it was; null: the reporter hears of it for the first time.</param>
    /// <param name="reason">Why, as everybody may read it.</param>
    public static string News(string ticket, ReportPlan plan, ReportPlan? former, string? reason)
    {
        var why = string.IsNullOrWhiteSpace(reason) ? "" : $" ({reason.Trim()})";
        var name = Cut(plan.Name);
        return $"Kabar laporan {ticket}: “{name}” {string.Join(", ", Changes(plan, former).Select(c => c.Indonesian))}{why}. / "
            + $"News of report {ticket}: “{name}” {string.Join(", ", Changes(plan, former).Select(c => c.English))}{why}.";
    }

    private static IEnumerable<(string Indonesian, string English)> Changes(ReportPlan plan, ReportPlan? former)
    {
        var (source, sourceInEnglish) = FundingSources.Name(plan.Source);
        if (former is null)
        {
            yield return ($"direncanakan tahun {plan.FiscalYear}", $"is planned for {plan.FiscalYear}");
        }
        else if (former.State != plan.State)
        {
            yield return plan.State switch
            {
                "started" => ("mulai dikerjakan", "has begun"),
                "done" => ("sudah selesai dikerjakan; petugas akan menjawab laporan Anda", "is done; the department will answer your report"),
                "cancelled" => ("dibatalkan", "was cancelled"),
                _ => ($"direncanakan lagi untuk {plan.FiscalYear}", $"is planned again, for {plan.FiscalYear}"),
            };
        }

        if (former is not null && former.FiscalYear != plan.FiscalYear)
        {
            yield return plan.FiscalYear < former.FiscalYear
                ? ($"dimajukan ke {plan.FiscalYear} (semula {former.FiscalYear})", $"is brought forward to {plan.FiscalYear} (was {former.FiscalYear})")
                : ($"diundur ke {plan.FiscalYear} (semula {former.FiscalYear})", $"is put off to {plan.FiscalYear} (was {former.FiscalYear})");
        }

        if (plan.State is "cancelled" or "done")
        {
            yield break;
        }

        var (cost, before, beforeInEnglish) = (Rupiah.Write(plan.Cost), former is not null && former.Cost != plan.Cost ? $" (semula {Rupiah.Write(former.Cost)})" : "",
            former is not null && former.Cost != plan.Cost ? $" (was {Rupiah.Write(former.Cost)})" : "");
        var (from, fromInEnglish) = former is not null && former.Source != plan.Source && FundingSources.Name(former.Source) is var (was, wasInEnglish) ? ($" (semula {was})", $" (was {wasInEnglish})") : ("", "");
        yield return ($"{cost}{before} dari {source}{from}", $"{cost}{beforeInEnglish} from {sourceInEnglish}{fromInEnglish}");
    }

    private static string Of(ReportPlan? plan) => plan is null ? "" : $": “{Cut(plan.Name)}”";

    private static string Cut(string name) => name.Length <= LongestName ? name : $"{name[..(LongestName - 1)].TrimEnd()}…";
}
