using System.Globalization;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Findings;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Personal;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Repayments;

/// <summary>What every question about money may carry; read as text, so that a wrong one is answered with its name and the fix.</summary>
internal sealed record FigureParameters(
    [FromQuery(Name = "asOf")] string? AsOf, [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To, [FromQuery(Name = "knownAt")] string? KnownAt,
    [FromQuery(Name = "department")] string? Department, [FromQuery(Name = "year")] string? Year, [FromQuery(Name = "obligor")] string? Obligor, [FromQuery(Name = "finding")] string? Finding,
    [FromQuery(Name = "after")] string? After, [FromQuery(Name = "limit")] string? Limit, [FromQuery(Name = "format")] string? Format)
{
    public const int DefaultLimit = 50, MaxLimit = 1000;

    public const string Help = "?asOf=2016-10-31 or from=&to=, knownAt=, department=, year=, format=csv";

    /// <summary>Reads all of it.</summary>
    public List<Fault> Read(DateOnly today, out FigureTime time, out ObligationFilter filter, out int limit)
    {
        var faults = new List<Fault>();
        var asOf = Day(AsOf, "asOf") ?? Day(To, "to") ?? today;
        var from = Day(From, "from");
        if (AsOf is not null && To is not null)
        {
            faults.Add(new Fault("to.twice", "Give asOf or to, which is the same.", "to"));
        }

        if (asOf == DateOnly.MinValue || asOf == DateOnly.MaxValue || from == DateOnly.MinValue)
        {
            faults.Add(new Fault("asOf.invalid", "Give a day of a real ledger.", from == DateOnly.MinValue ? "from" : "asOf"));
        }
        else if (from > asOf)
        {
            faults.Add(new Fault("from.after_to", "The period begins after it ends: from must not be later than to.", "from"));
        }

        DateTimeOffset? knownAt = null;
        if (KnownAt is not null)
        {
            if (DateTimeOffset.TryParse(KnownAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                knownAt = at.ToUniversalTime();
            }
            else
            {
                faults.Add(new Fault("knownAt.invalid", "Give an instant as 2016-10-31T17:00:00Z.", "knownAt"));
            }
        }

        int? year = null;
        if (Year is not null)
        {
            year = int.TryParse(Year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            if (year is null)
            {
                faults.Add(new Fault("year.invalid", "Give the budget year in four digits.", "year"));
            }
        }

        limit = DefaultLimit;
        if (Limit is not null && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            faults.Add(new Fault("limit.invalid", $"Between 1 and {MaxLimit}.", "limit"));
        }

        time = new FigureTime(asOf, from, knownAt);
        filter = new ObligationFilter(Department, year, Obligor, Finding);
        return faults;

        DateOnly? Day(string? text, string field)
        {
            if (text is null)
            {
                return null;
            }

            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return day;
            }

            faults.Add(new Fault($"{field}.invalid", "Give a date as 2016-10-31.", field));
            return null;
        }
    }
}

/// <summary>Repayments at any day and over any period. Sums without names are for everybody, as they stood in the newspaper; names and ledgers are not.</summary>
internal sealed class ReadRepaymentsEndpoints : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var repayments = app.MapRegencyApi("/repayments").WithTags("Repayments");
        repayments.MapGet("summary", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            Answer(p, http, streams, async (time, filter, _) => await sender.Send(new GetRepaymentSummary(http.Regency().Id, time, filter.Department, filter.Year), cancel), FigureCsv.Of, cancel))
            .WithSummary($"What is owed, deposited and outstanding, for everybody; {FigureParameters.Help}");
        repayments.MapGet("ageing", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            Answer(p, http, streams, async (time, filter, _) => await sender.Send(new GetRepaymentAgeing(http.Regency().Id, time, filter.Department, filter.Year), cancel), FigureCsv.Of, cancel))
            .WithSummary($"What is outstanding for under 1, 1 to 3, 3 to 5 and over 5 years, for everybody; {FigureParameters.Help}");
        foreach (var by in Enum.GetValues<RepaymentGrouping>())
        {
            var group = repayments.MapGet($"by-{by.ToString().ToLowerInvariant()}", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
                Answer(p, http, streams, async (time, filter, limit) => Page(await sender.Send(new GetRepaymentGroups(http.Regency().Id, by, time, filter), cancel), limit, p.After), FigureCsv.Of, cancel))
                .WithSummary($"The same per {by.ToString().ToLowerInvariant()}; {FigureParameters.Help}, after=, limit=");
            if (by is RepaymentGrouping.Contractor or RepaymentGrouping.Finding)
            {
                group.RequireRole(MoneyRoles.Readers);
            }
        }

        var obligations = app.MapRegencyApi("/obligations").RequireRole(MoneyRoles.Readers).WithTags("Repayments");
        obligations.MapGet("", ([AsParameters] FigureParameters p, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            Answer(p, http, streams, async (time, filter, limit) => await sender.Send(new ListObligations(http.Regency().Id, filter, time, p.After, limit), cancel), FigureCsv.Of, cancel))
            .WithSummary($"What must be paid back, with ledgers; {FigureParameters.Help}, obligor=, finding=, after=, limit=. An officer sees the own department");
        obligations.MapGet("{id}", ([AsParameters] FigureParameters p, string id, HttpContext http, ISender sender, ObligationStreams streams, CancellationToken cancel) =>
            Answer(p, http, streams, async (time, _, _) => await sender.Send(new GetObligation(http.Regency().Id, id, time), cancel), FigureCsv.Of, cancel,
                () => Problem.NotFound("obligation.unknown", $"There is no obligation '{id}' here.", "id")))
            .WithSummary("One obligation with its ledger; ?asOf=, knownAt=, format=csv");

        app.MapRegencyApi("/deposits").RequireRole(MoneyRoles.Readers).WithTags("Repayments").MapGet("", (
                [AsParameters] FigureParameters p, bool? confirmed, string? obligation, HttpContext http, ISender sender, ObligationStreams streams, MoneyReads reads, CancellationToken cancel) =>
            Answer(p, http, streams, async (time, filter, limit) => await Deposits(p, confirmed, obligation, time, filter, limit, http.Regency().Id, sender, reads, cancel), FigureCsv.Of, cancel))
            .WithSummary($"Deposits by obligation; ?from=&to= by the day of the deposit, confirmed=, obligation=, obligor=, {FigureParameters.Help}, after=, limit=");
    }

    /// <summary>Reads the question, and writes the answer as JSON or CSV.</summary>
    public static async Task<IResult> Answer<T>(
        FigureParameters parameters, HttpContext http, ObligationStreams streams, Func<FigureTime, ObligationFilter, int, Task<T?>> ask, Func<T, string> csv, CancellationToken cancel, Func<IResult>? missing = null)
        where T : class
    {
        var today = await streams.Today(http.Regency().Id, cancel);
        var faults = parameters.Read(today, out var time, out var filter, out var limit);
        var isCsv = Csv.IsWanted(http, parameters.Format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.Vary = "Accept, Cookie, Authorization";
        // A table is whole; pages are for those who read JSON.
        return await ask(time, filter, isCsv ? int.MaxValue : limit) is not { } answer ? missing!()
            : isCsv ? Results.Text(csv(answer), "text/csv; charset=utf-8") : Results.Ok(answer);
    }

    private static RepaymentGroupPage Page(IReadOnlyList<RepaymentGroup> groups, int limit, string? after)
    {
        var rest = after is null ? groups : [.. groups.SkipWhile(g => g.Key != after).Skip(1)];
        return new RepaymentGroupPage([.. rest.Take(limit)], rest.Count > limit ? rest[limit - 1].Key : null);
    }

    private static async Task<DepositPage> Deposits(
        FigureParameters parameters, bool? confirmed, string? obligation, FigureTime time, ObligationFilter filter, int limit, string regency, ISender sender, MoneyReads reads, CancellationToken cancel)
    {
        var after = parameters.After is { } text ? DepositId.Read(text) : null;
        var all = await sender.Send(new ListObligations(regency, filter, time with { From = null }, null, int.MaxValue, IsShown: false), cancel);
        var found = all.Obligations.Where(o => obligation is null || o.Id == obligation)
            .SelectMany(o => o.Entries.Where(e => e.Kind == LedgerEntryKind.Deposit && (time.From is null || e.On >= time.From)).Select(e => new Deposit(
                DepositId.Write(o.Id, e.Number), o.Id, o.Reference, o.Obligor, o.Department, e.On, e.Document, e.Amount, e.RecordedAt, time.KnownAt < e.ConfirmedAt ? null : e.ConfirmedAt,
                o.Entries.FirstOrDefault(r => r.Reverses == e.Number)?.Reason)))
            .Where(d => confirmed is null || confirmed == d.ConfirmedAt is not null)
            .OrderBy(d => d.Obligation, StringComparer.Ordinal).ThenBy(d => DepositId.Read(d.Id)!.Value.Entry)
            .Where(d => after is not { } last || string.CompareOrdinal(d.Obligation, last.Obligation) is var order && (order > 0 || (order == 0 && DepositId.Read(d.Id)!.Value.Entry > last.Entry)))
            .Take(limit == int.MaxValue ? limit : limit + 1).ToList();
        var shown = found.Take(limit).Select(d => d.Obligation).ToHashSet();
        await reads.Obligations(regency, "deposits", filter, time, all.Obligations.Where(o => shown.Contains(o.Id)), cancel);
        return new DepositPage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null);
    }
}

/// <summary>A page of sums.</summary>
internal sealed record RepaymentGroupPage(IReadOnlyList<RepaymentGroup> Groups, string? Next);

/// <summary>A deposit and whose it is.</summary>
/// <param name="ReversedBecause">Why it was taken back, if it was.</param>
internal sealed record Deposit(
    string Id, string Obligation, string Reference, Obligor Obligor, string Department, DateOnly On, string Document, decimal Amount, DateTimeOffset RecordedAt, DateTimeOffset? ConfirmedAt, string? ReversedBecause);

/// <summary>A page of deposits.</summary>
internal sealed record DepositPage(IReadOnlyList<Deposit> Deposits, string? Next);

/// <summary>The same figures for spreadsheets.</summary>
internal static class FigureCsv
{
    public static string Of(RepaymentSummary s) => Csv.Write(
        ["asOf", "from", "knownAt", "opening", "owed", "deposited", "outstanding", "unconfirmed", "arrears", "obligations", "settled", "obligors"],
        [[s.AsOf, s.From, s.KnownAt, s.Opening, s.Owed, s.Deposited, s.Outstanding, s.Unconfirmed, s.Arrears, s.Obligations, s.Settled, s.Obligors]]);

    public static string Of(IReadOnlyList<AgeBand> bands) => Csv.Write(["band", "outstanding", "obligations"], bands.Select(b => (IReadOnlyList<object?>)[b.Band, b.Outstanding, b.Obligations]));

    public static string Of(RepaymentGroupPage page) => Csv.Write(
        ["key", "name", "kind", "opening", "owed", "deposited", "outstanding", "arrears", "obligations"],
        page.Groups.Select(g => (IReadOnlyList<object?>)[g.Key, g.Name, g.Kind, g.Opening, g.Owed, g.Deposited, g.Outstanding, g.Arrears, g.Obligations]));

    public static string Of(ObligationPage page) => Csv.Write(
        ["id", "reference", "kind", "name", "department", "year", "amount", "on", "instrument", "cause", "finding", "owed", "deposited", "outstanding", "unconfirmed", "arrears"],
        page.Obligations.Select(o => (IReadOnlyList<object?>)[o.Id, o.Reference, o.Obligor.Kind, o.Obligor.Name, o.Department, o.Year, o.Amount, o.On, o.Instrument, o.Cause, o.Finding,
            o.Balance.Owed, o.Balance.Deposited, o.Balance.Outstanding, o.Unconfirmed, o.Arrears]));

    public static string Of(Obligation obligation) => Csv.Write(
        ["number", "kind", "on", "amount", "document", "reverses", "reason", "recordedAt", "confirmedAt"],
        obligation.Entries.Select(e => (IReadOnlyList<object?>)[e.Number, e.Kind, e.On, e.Amount, e.Document, e.Reverses, e.Reason, e.RecordedAt, e.ConfirmedAt]));

    public static string Of(DepositPage page) => Csv.Write(
        ["id", "reference", "name", "department", "on", "document", "amount", "recordedAt", "confirmedAt", "reversedBecause"],
        page.Deposits.Select(d => (IReadOnlyList<object?>)[d.Id, d.Reference, d.Obligor.Name, d.Department, d.On, d.Document, d.Amount, d.RecordedAt, d.ConfirmedAt, d.ReversedBecause]));
}

internal sealed class ReadRepaymentsHandler(RegencySessions sessions, ObligationStreams obligations, FindingReads findings, MoneyRoles roles, PersonalData personal, MoneyReads reads) :
    IRequestHandler<GetRepaymentSummary, RepaymentSummary>, IRequestHandler<GetRepaymentAgeing, IReadOnlyList<AgeBand>>, IRequestHandler<GetRepaymentGroups, IReadOnlyList<RepaymentGroup>>,
    IRequestHandler<ListObligations, ObligationPage>, IRequestHandler<GetObligation, Obligation?>
{
    public async Task<RepaymentSummary> Handle(GetRepaymentSummary query, CancellationToken cancel) =>
        Figures.Summary(await Read(query.Regency, new ObligationFilter(query.Department, query.Year), cancel), query.Time);

    public async Task<IReadOnlyList<AgeBand>> Handle(GetRepaymentAgeing query, CancellationToken cancel) =>
        Figures.Ageing(await Read(query.Regency, new ObligationFilter(query.Department, query.Year), cancel), query.Time);

    public async Task<IReadOnlyList<RepaymentGroup>> Handle(GetRepaymentGroups query, CancellationToken cancel)
    {
        if (query.By is RepaymentGrouping.Department or RepaymentGrouping.Year)
        {
            // For everybody, so an obligor or a finding cannot be asked for.
            return Figures.Groups(await Read(query.Regency, query.Filter with { Obligor = null, Finding = null }, cancel), query.By, query.Time, _ => null);
        }

        var records = await Readable(query.Regency, query.Filter, cancel);
        if (records.Count > 0)
        {
            await reads.Names(query.Regency, query.By, cancel);
        }

        if (query.By == RepaymentGrouping.Finding)
        {
            var titles = await findings.Titles(query.Regency, cancel);
            return Figures.Groups(records, query.By, query.Time, titles.GetValueOrDefault);
        }

        await using var session = sessions.Query(query.Regency);
        var reader = await personal.Reader(session, records.Select(r => r.Name), cancel);
        var names = records.GroupBy(r => r.Obligor).ToDictionary(g => g.Key, g => reader.Open(g.First().Name));
        return Figures.Groups(records, query.By, query.Time, names.GetValueOrDefault);
    }

    public async Task<ObligationPage> Handle(ListObligations query, CancellationToken cancel)
    {
        var records = (await Readable(query.Regency, query.Filter, cancel)).Where(r => r.On <= query.Time.AsOf && (query.Time.KnownAt is not { } known || r.Entries[0].RecordedAt <= known))
            .Where(r => query.After is null || string.CompareOrdinal(r.Id, query.After) > 0).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        var page = records.Take(query.Limit).ToList();
        var shown = await obligations.Show(query.Regency, page, query.Time, cancel);
        if (query.IsShown)
        {
            await reads.Obligations(query.Regency, "obligations", query.Filter, query.Time, shown, cancel);
        }

        return new ObligationPage(shown, records.Count > page.Count ? page[^1].Id : null);
    }

    public async Task<Obligation?> Handle(GetObligation query, CancellationToken cancel)
    {
        await using var session = sessions.Query(query.Regency);
        if (await session.LoadAsync<ObligationRecord>(query.Id, cancel) is not { } record || !(await roles.Of(query.Regency, cancel)).Reads(record.Department))
        {
            return null;
        }

        var shown = await obligations.Show(query.Regency, record, query.Time, cancel);
        await reads.Obligation(query.Regency, shown, cancel);
        return shown;
    }

    private async Task<IReadOnlyList<ObligationRecord>> Readable(string regency, ObligationFilter filter, CancellationToken cancel)
    {
        var access = await roles.Of(regency, cancel);
        return access.ReadsAll ? await Read(regency, filter, cancel)
            : access.Department is { } own && (filter.Department is null || filter.Department == own) ? await Read(regency, filter with { Department = own }, cancel)
            : [];
    }

    private async Task<IReadOnlyList<ObligationRecord>> Read(string regency, ObligationFilter filter, CancellationToken cancel)
    {
        await using var session = sessions.Query(regency);
        IQueryable<ObligationRecord> found = session.Query<ObligationRecord>();
        if (filter.Department is { } department)
        {
            found = found.Where(o => o.Department == department);
        }

        if (filter.Year is { } year)
        {
            found = found.Where(o => o.Year == year);
        }

        if (filter.Obligor is { } obligor)
        {
            found = found.Where(o => o.Obligor == obligor);
        }

        if (filter.Finding is { } finding)
        {
            found = found.Where(o => o.Finding == finding);
        }

        return await found.ToListAsync(cancel);
    }
}
