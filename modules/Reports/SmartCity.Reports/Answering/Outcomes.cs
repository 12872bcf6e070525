using SmartCity.Departments.Contracts;
using SmartCity.Reports.Contracts;

namespace SmartCity.Reports.Answering;

/// <summary>What an answer may come to; no I/O.</summary>
internal static class Outcomes
{
    private const int YearsAhead = 20;

    /// <summary>What is wrong with an outcome; null when nothing.</summary>
    /// <param name="isForwarded">A body outside has the report, which may plan nothing here.</param>
    /// <param name="today">On the regency's clock.</param>
    public static Refusal? Check(OutcomeToGive given, bool isSettled, bool isForwarded, DateOnly today) => given.Kind switch
    {
        AnswerOutcomes.Done => Only(given),
        AnswerOutcomes.Scheduled => NotSettled(isSettled) ?? Only(given, when: true) ?? When(given.When, today),
        AnswerOutcomes.NeedsBudget => NotSettled(isSettled) ?? Only(given, budget: true) ?? Budget(given, isForwarded, today),
        AnswerOutcomes.NotPossible => Only(given, reason: true)
            ?? Typed.Text(given.Reason, "outcome.reason", "Say why it is not possible; the reporter reads it.", "Tulis mengapa tidak dapat dilaksanakan; pelapor membacanya."),
        _ => Invalid("outcome.kind", $"Say what the answer comes to: {string.Join(", ", AnswerOutcomes.All)}.", "Pilih hasilnya: selesai, dijadwalkan, perlu anggaran, atau tidak dapat dilaksanakan."),
    };

    /// <summary>As it stands in the history.</summary>
    public static AnswerOutcome Of(OutcomeToGive given, ReportPlan? plan) => given.Kind switch
    {
        AnswerOutcomes.Scheduled => new AnswerOutcome(given.Kind, When: given.When!.Trim().ToUpperInvariant()),
        AnswerOutcomes.NeedsBudget => new AnswerOutcome(given.Kind, Cost: plan?.Cost ?? given.Cost, Source: plan?.Source ?? FundingSources.Read(given.Source), FiscalYear: plan?.FiscalYear ?? given.FiscalYear, Plan: plan),
        _ => new AnswerOutcome(given.Kind!),
    };

    /// <summary>Who names a work by its id does not say something else of it at the same time: changing it tells everyone who asked for it.</summary>
    public static Refusal? CheckSame(OutcomeToGive given, PlannedWorkTerms terms)
    {
        Refusal Differs(string field, string english, string indonesian) => Invalid(field,
            $"The planned work says {english}. Leave this out, or change the work first: everyone who asked for it is told.",
            $"Dalam rencana tertulis {indonesian}. Kosongkan, atau ubah dahulu pekerjaannya: semua yang memintanya diberi tahu.");
        return given.FiscalYear is { } year && year != terms.FiscalYear ? Differs("outcome.fiscalYear", $"{terms.FiscalYear}", $"{terms.FiscalYear}")
            : given.Cost is { } cost && cost != terms.Cost ? Differs("outcome.cost", Rupiah.Write(terms.Cost), Rupiah.Write(terms.Cost))
            : given.Source is { Length: > 0 } source && FundingSources.Read(source) != terms.Source ? Differs("outcome.source", terms.Source, FundingSources.Name(terms.Source).Indonesian)
            : null;
    }

    /// <summary>A fault of the plan as a refusal of the answer.</summary>
    public static Refusal Of(PlanFault fault, PlanFaultKind kind) => new(fault.Code, fault.English, fault.Indonesian, fault.Field switch
    {
        "name" => "outcome.work",
        { } field => $"outcome.{field}",
        null => null,
    }, kind switch
    {
        PlanFaultKind.Conflict => RefusalKind.Conflict,
        PlanFaultKind.Forbidden => RefusalKind.Forbidden,
        PlanFaultKind.NotFound => RefusalKind.NotFound,
        _ => RefusalKind.Invalid,
    });

    private static Refusal? Budget(OutcomeToGive given, bool isForwarded, DateOnly today)
    {
        var (isNamed, hasId) = (!string.IsNullOrWhiteSpace(given.Work), !string.IsNullOrWhiteSpace(given.WorkId));
        if (hasId)
        {
            return isNamed ? Invalid("outcome.work", "Give the work's id or a name, not both.", "Pilih pekerjaan yang ada atau tulis nama baru, jangan keduanya.") : null;
        }

        if (isForwarded && isNamed)
        {
            return Invalid("outcome.work", "A body outside the regency has this report: leave the name out, or give the id of a work that is planned here.", "Laporan ini di instansi lain: kosongkan nama pekerjaan, atau pilih pekerjaan yang ada.");
        }

        if (!isForwarded && !isNamed)
        {
            return Invalid("outcome.work", "Name the planned work, or give the id of one that is there as workId.", "Tulis nama pekerjaan, atau pilih pekerjaan yang sudah ada.");
        }

        return given.Cost is not { } cost || !Rupiah.IsCost(cost)
                ? Invalid("outcome.cost", "Give the cost in whole rupiah, 0 or more: 1250000.", "Isi biaya dalam rupiah bulat, 0 atau lebih: 1250000.")
            : FundingSources.Read(given.Source) is null
                ? Invalid("outcome.source", $"Choose the source of the money: {string.Join(", ", FundingSources.All)}.", "Pilih sumber dana: APBD, APBD Perubahan, provinsi, nasional, atau desa.")
            : given.FiscalYear is not { } year || year < today.Year || year > today.Year + YearsAhead
                ? Invalid("outcome.fiscalYear", $"Give a budget year from {today.Year} to {today.Year + YearsAhead}.", $"Isi tahun anggaran dari {today.Year} sampai {today.Year + YearsAhead}.")
            : null;
    }

    private static Refusal? When(string? when, DateOnly today) =>
        PlannedTime.LastDay(when?.Trim().ToUpperInvariant()) is not { } last
            ? Invalid("outcome.when", "Say when: a day (2026-12-15), a month (2026-12) or a quarter (2027-Q1).", "Isi kapan: tanggal (2026-12-15), bulan (2026-12), atau triwulan (2027-Q1).")
        : last < today ? Invalid("outcome.when", "That is over: say when it will be done.", "Waktu itu sudah lewat: isi kapan akan dikerjakan.") : null;

    private static Refusal? NotSettled(bool isSettled) => isSettled
        ? Invalid("isSettled", "What is still to come is not settled: leave isSettled false.", "Yang masih akan dikerjakan belum selesai: jangan centang selesai.") : null;

    private static Refusal? Only(OutcomeToGive given, bool when = false, bool budget = false, bool reason = false) =>
        !when && !string.IsNullOrWhiteSpace(given.When) ? Invalid("outcome.when", "Only what is scheduled has a time: leave it out.", "Waktu hanya untuk yang dijadwalkan: kosongkan.")
        : !budget && (given.Cost is not null || !string.IsNullOrWhiteSpace(given.Source) || given.FiscalYear is not null || !string.IsNullOrWhiteSpace(given.Work) || !string.IsNullOrWhiteSpace(given.WorkId))
            ? Invalid("outcome.cost", "Only what needs budget has cost, source, year and work: leave them out.", "Biaya, sumber, tahun dan pekerjaan hanya untuk yang perlu anggaran: kosongkan.")
        : !reason && !string.IsNullOrWhiteSpace(given.Reason) ? Invalid("outcome.reason", "Only what is not possible has a reason: write it into the text.", "Alasan hanya untuk yang tidak dapat dilaksanakan: tulis di jawaban.")
        : null;

    private static Refusal Invalid(string field, string english, string indonesian) => new($"{field}.invalid", english, indonesian, field);
}
