using System.Globalization;
using SmartCity.Accountability.Contracts;

namespace SmartCity.Accountability.Repayments;

/// <summary>Sums of many obligations: no I/O, always from their ledgers and never from counters.</summary>
internal static class Figures
{
    public static RepaymentSummary Summary(IReadOnlyCollection<ObligationRecord> obligations, FigureTime time)
    {
        var known = Known(obligations, time);
        var sum = Add(known.Select(o => Ledger.At(o, time)), time);
        return new RepaymentSummary(
            time.AsOf, time.From, time.KnownAt, sum.Opening, sum.Owed, sum.Deposited, sum.Outstanding,
            known.Sum(o => Ledger.Unconfirmed(o, time.AsOf, time.KnownAt)), known.Sum(o => Ledger.Arrears(o, time.AsOf, time.KnownAt)),
            known.Count, known.Count(o => Left(o, time) == 0), known.Select(o => o.Obligor).Distinct().Count());
    }

    public static IReadOnlyList<AgeBand> Ageing(IReadOnlyCollection<ObligationRecord> obligations, FigureTime time)
    {
        var left = Known(obligations, time).Select(o => (Band: Ledger.Band(o.On, time.AsOf), Left: Left(o, time))).Where(o => o.Left > 0).ToLookup(o => o.Band, o => o.Left);
        return [.. Ledger.Bands.Select(band => new AgeBand(band, left[band].Sum(), left[band].Count()))];
    }

    public static IReadOnlyList<RepaymentGroup> Groups(
        IReadOnlyCollection<ObligationRecord> obligations, RepaymentGrouping by, FigureTime time, Func<string, string?> nameOf) =>
        [.. Known(obligations, time).GroupBy(o => by switch
            {
                RepaymentGrouping.Contractor => o.Obligor,
                RepaymentGrouping.Department => o.Department,
                RepaymentGrouping.Finding => o.Finding,
                _ => o.Year.ToString(CultureInfo.InvariantCulture),
            })
            .Select(group =>
            {
                var sum = Add(group.Select(o => Ledger.At(o, time)), time);
                return new RepaymentGroup(
                    group.Key, by is RepaymentGrouping.Contractor or RepaymentGrouping.Finding && group.Key is { } key ? nameOf(key) : null,
                    by == RepaymentGrouping.Contractor ? group.First().Kind : null, sum.Opening, sum.Owed, sum.Deposited, sum.Outstanding,
                    group.Sum(o => Ledger.Arrears(o, time.AsOf, time.KnownAt)), group.Count());
            })
            .OrderByDescending(group => by is RepaymentGrouping.Contractor or RepaymentGrouping.Finding ? group.Outstanding : 0).ThenBy(group => group.Key, StringComparer.Ordinal)];

    /// <summary>Obligations that are there at the time: taken back ones are not.</summary>
    private static List<ObligationRecord> Known(IEnumerable<ObligationRecord> obligations, FigureTime time) =>
        [.. obligations.Where(o => Ledger.Owed(o, time.AsOf, time.KnownAt) > 0 || (time.From is { } from && Ledger.Owed(o, from.AddDays(-1), time.KnownAt) > 0))];

    private static decimal Left(ObligationRecord obligation, FigureTime time) => Ledger.At(obligation, time).Outstanding;

    private static Balance Add(IEnumerable<Balance> balances, FigureTime time) => balances.Aggregate(
        new Balance(0, 0, 0, time.From is null ? null : 0),
        (sum, one) => new Balance(sum.Owed + one.Owed, sum.Deposited + one.Deposited, sum.Outstanding + one.Outstanding, sum.Opening + one.Opening));
}
