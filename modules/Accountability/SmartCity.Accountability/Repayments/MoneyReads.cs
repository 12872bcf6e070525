using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Repayments;

/// <summary>Writes down who is shown names, ledgers, letters and findings, before he is. Sums are for everybody.</summary>
internal sealed class MoneyReads(RegencySessions sessions, CallContext call, TimeProvider time)
{
    public Task Obligations(string regency, IEnumerable<Obligation> shown, CancellationToken cancel) => Record(regency, shown.Select(o => new DataRead(o.Id, o.Version, "obligation")), cancel);

    public Task Letters(string regency, IEnumerable<LetterOnFile> shown, CancellationToken cancel) =>
        Record(regency, shown.GroupBy(l => l.Letter.Obligor).Select(of => new DataRead(LettersRecord.Stream(of.Key), of.Max(l => l.Letter.Entry), "letter")), cancel);

    public Task Findings(string regency, IEnumerable<AuditReport> shown, CancellationToken cancel) => Record(regency, shown.Select(r => new DataRead(r.Id, r.Version, "findings")), cancel);

    /// <summary>Names beside sums, of many at once: one event a day.</summary>
    public Task Names(string regency, RepaymentGrouping by, CancellationToken cancel) =>
        Record(regency, [DataRead.Today(by == RepaymentGrouping.Finding ? "findings" : "obligors", time.GetUtcNow())], cancel);

    private async Task Record(string regency, IEnumerable<DataRead> reads, CancellationToken cancel)
    {
        // Parts of the platform look at them to work on.
        if (!Actor.IsSystem(call.Actor.Id))
        {
            await using var session = sessions.Query(regency);
            await session.Record(call, [.. reads], cancel);
        }
    }
}
