using System.Globalization;
using Microsoft.AspNetCore.Http;
using SmartCity.Accountability.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;

namespace SmartCity.Accountability.Repayments;

/// <summary>Writes down who is shown names, ledgers, letters and findings, before he is. Sums are for everybody.</summary>
internal sealed class MoneyReads(RegencySessions sessions, CallContext call, TimeProvider time)
{
    public Task Obligation(string regency, Obligation shown, CancellationToken cancel) => Record(regency, [new DataRead(shown.Id, shown.Version, "obligation")], cancel);

    /// <summary>A list of them is one reading, which names what was asked for and all that stood in it.</summary>
    public Task Obligations(string regency, string list, ObligationFilter filter, FigureTime time, IEnumerable<Obligation> shown, CancellationToken cancel) =>
        shown.ToDictionary(o => o.Id, o => o.Version) is { Count: > 0 } all ? Record(regency, [DataRead.List(DataRead.Obligations, Asked(list, filter, time), all)], cancel) : Task.CompletedTask;

    private static string Asked(string list, ObligationFilter filter, FigureTime time) => list + QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("department", filter.Department), new("year", filter.Year?.ToString(CultureInfo.InvariantCulture)), new("obligor", filter.Obligor), new("finding", filter.Finding),
        new("from", Day(time.From)), new("asOf", Day(time.AsOf)), new("knownAt", time.KnownAt?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)),
    }.Where(p => p.Value is not null));

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

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
