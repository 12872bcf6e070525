using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Repayments;

/// <summary>
/// Sums of one obligation at a day, as far as was known at an instant. Two times: an entry counts from its own day (the treasury's), and is
/// known from the instant at which it was recorded, a deposit from the instant at which it was confirmed.
/// </summary>
internal static class Ledger
{
    /// <summary>What was owed at the end of a day.</summary>
    public static decimal Owed(ObligationRecord obligation, DateOnly on, DateTimeOffset? knownAt = null) => Sum(obligation, LedgerEntryKind.Obligation, on, knownAt);

    /// <summary>What the treasury had at the end of a day.</summary>
    public static decimal Deposited(ObligationRecord obligation, DateOnly on, DateTimeOffset? knownAt = null) => Sum(obligation, LedgerEntryKind.Deposit, on, knownAt);

    /// <summary>Sums at a day, or over the period that ends on it.</summary>
    public static Balance At(ObligationRecord obligation, FigureTime time)
    {
        var (owed, deposited) = (Owed(obligation, time.AsOf, time.KnownAt), Deposited(obligation, time.AsOf, time.KnownAt));
        if (time.From is not { } from)
        {
            return new Balance(owed, deposited, owed - deposited);
        }

        var before = from.AddDays(-1);
        var (owedBefore, depositedBefore) = (Owed(obligation, before, time.KnownAt), Deposited(obligation, before, time.KnownAt));
        return new Balance(owed - owedBefore, deposited - depositedBefore, owed - deposited, owedBefore - depositedBefore);
    }

    /// <summary>Deposits up to a day that wait for the treasury.</summary>
    public static decimal Unconfirmed(ObligationRecord obligation, DateOnly on, DateTimeOffset? knownAt = null) =>
        obligation.Entries.Where(e => e.Kind == LedgerEntryKind.Deposit && e.On <= on && IsKnown(e.RecordedAt, knownAt) && !(e.ConfirmedAt is { } confirmed && IsKnown(confirmed, knownAt))
            && !IsReversed(obligation, e, on, knownAt)).Sum(e => e.Amount);

    /// <summary>The schedule that was agreed last.</summary>
    public static IReadOnlyList<Instalment> Schedule(ObligationRecord obligation, DateTimeOffset? knownAt = null) =>
        obligation.Schedules.LastOrDefault(s => IsKnown(s.RecordedAt, knownAt))?.Instalments ?? [];

    /// <summary>What was due before a day ended and is not there. Whoever paid ahead is in no arrears.</summary>
    public static decimal Arrears(ObligationRecord obligation, DateOnly on, DateTimeOffset? knownAt = null)
    {
        var due = Math.Min(Schedule(obligation, knownAt).Where(i => i.DueOn < on).Sum(i => i.Amount), Owed(obligation, on, knownAt));
        return Math.Max(0, due - Deposited(obligation, on, knownAt));
    }

    /// <summary>The age band of what is owed since a day.</summary>
    public static string Band(DateOnly since, DateOnly on) =>
        on < since.AddYears(1) ? "under1" : on < since.AddYears(3) ? "from1to3" : on < since.AddYears(5) ? "from3to5" : "over5";

    /// <summary>The bands, youngest first.</summary>
    public static IReadOnlyList<string> Bands { get; } = ["under1", "from1to3", "from3to5", "over5"];

    /// <summary>What can still be deposited on a day: on none from then on may more be deposited than is owed. Deposits that wait count here.</summary>
    public static decimal Left(ObligationRecord obligation, DateOnly from) => obligation.Entries.Select(e => e.On).Where(d => d > from).Append(from).Min(day =>
        Owed(obligation, day) - Deposited(obligation, day) - Unconfirmed(obligation, day));

    /// <summary>Whether something takes back an entry.</summary>
    public static bool IsReversed(ObligationRecord obligation, LedgerEntry entry) => obligation.Entries.Any(e => e.Reverses == entry.Number);

    private static decimal Sum(ObligationRecord obligation, LedgerEntryKind kind, DateOnly on, DateTimeOffset? knownAt) =>
        obligation.Entries.Where(e => e.Kind == kind && e.On <= on && e.ConfirmedAt is { } confirmed && IsKnown(confirmed, knownAt) && !IsReversed(obligation, e, on, knownAt)).Sum(e => e.Amount);

    private static bool IsReversed(ObligationRecord obligation, LedgerEntry entry, DateOnly on, DateTimeOffset? knownAt) =>
        obligation.Entries.Any(e => e.Reverses == entry.Number && e.On <= on && IsKnown(e.RecordedAt, knownAt));

    private static bool IsKnown(DateTimeOffset at, DateTimeOffset? knownAt) => knownAt is null || at <= knownAt;
}
