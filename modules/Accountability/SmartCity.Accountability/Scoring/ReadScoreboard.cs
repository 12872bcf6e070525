using System.Globalization;
using System.Text;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Cases;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;

namespace SmartCity.Accountability.Scoring;

/// <summary>
/// The scoreboard of a regency's departments, and all regencies side by side: for everybody, without names of people. What each regency shows anybody
/// is no secret beside the others, so all are there.
/// </summary>
internal sealed class ScoreboardEndpoints : ICarterModule
{
    private const int Longest = 366;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapRegencyApi("/scoreboard").MapGet("", One).WithTags("Accountability")
            .WithSummary("How departments have done with the reports of a period; ?from=2026-01-01&to=2026-03-31&asOf=2026-06-30&format=csv");
        app.MapGet("/api/v1/scoreboards", All).OutsideRegencies("The public scoreboards of all regencies side by side.").WithTags("Accountability")
            .WithSummary("All regencies side by side; ?from=, to=, asOf=, format=csv");
    }

    private static async Task<IResult> One(string? from, string? to, string? until, string? asOf, string? format, HttpContext http, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency();
        var (query, faults) = Read(regency.Id, from, to, until, asOf, Today(regency, time));
        var isCsv = Csv.IsWanted(http, format, faults);
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var board = await sender.Send(query, cancel);
        return isCsv ? ToCsv("department", "class", board.Departments.SelectMany(Lines)) : Results.Ok(board);

        // Cases are against the head of the whole department.
        static IEnumerable<IReadOnlyList<object?>> Lines(DepartmentScore d) =>
            d.Classes.Select(c => Line(d.Department, c.Key, c.Value, null)).Prepend(Line(d.Department, "all", d.All, d.Cases));
    }

    private static async Task<IResult> All(string? from, string? to, string? until, string? asOf, string? format, HttpContext http, RegencyRegistry regencies, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var (boards, wrong) = (new List<Scoreboard>(), new List<Fault>());
        if (Csv.IsWanted(http, format, wrong) is var isCsv && wrong.Count > 0)
        {
            return Problem.BadRequest(wrong);
        }

        foreach (var regency in await regencies.All(cancel))
        {
            var (query, faults) = Read(regency.Id, from, to, until, asOf, Today(regency, time));
            if (faults.Count > 0)
            {
                return Problem.BadRequest(faults);
            }

            boards.Add(await sender.Send(query, cancel));
        }

        return isCsv ? ToCsv("regency", "name", boards.Select(b => Line(b.Regency, b.Name, b.Total, b.Departments.Sum(d => d.Cases))))
            : Results.Ok(boards.Select(b => new { b.Regency, b.Name, b.From, b.Until, b.AsOf, b.Total }));
    }

    private static DateOnly Today(Regency regency, TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), regency.Zone).Date);

    private static (GetScoreboard Query, List<Fault> Faults) Read(string regency, string? from, string? to, string? until, string? asOf, DateOnly today)
    {
        var faults = new List<Fault>();
        if (to is not null && until is not null)
        {
            faults.Add(new Fault("to.twice", "Give to or until, which is the same.", "to"));
        }

        DateOnly Day(string? text, DateOnly otherwise, string field)
        {
            if (text is null || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out otherwise) && otherwise.Year is > 1900 and < 2200))
            {
                return otherwise;
            }

            faults.Add(new Fault($"{field}.invalid", "A day such as 2026-01-31, of a year from 1901 to 2199.", field));
            return today;
        }

        // The older name of the last day; every other figure calls it to.
        var last = to is null ? Day(until, today, "until") : Day(to, today, "to");
        var first = Day(from, last.AddDays(1 - Longest) > new DateOnly(last.Year, 1, 1) ? last.AddDays(1 - Longest) : new DateOnly(last.Year, 1, 1), "from");
        DateOnly? on = asOf is null ? null : Day(asOf, today, "asOf");
        if (first > last || last.DayNumber - first.DayNumber >= Longest)
        {
            faults.Add(new Fault("from.range", $"The first day is not after the last, and the period has at most {Longest} days.", "from"));
        }

        if (on < last || on > today)
        {
            faults.Add(new Fault("asOf.range", "Not before the last day of the period, and not in the future.", "asOf"));
        }

        return (new GetScoreboard(regency, first, last, on), faults);
    }

    private static IReadOnlyList<object?> Line(string first, string second, Score s, int? cases) =>
        [first, second, s.Reports, s.Answered, s.Due, s.InTime, s.InTimeRate, s.Settled, s.MedianHoursToAnswer, s.MedianHoursToSettle, s.Reopened, s.ReopenedRate, s.Judged, s.Satisfied, s.SatisfiedRate, s.Overdue, cases];

    private static IResult ToCsv(string first, string second, IEnumerable<IReadOnlyList<object?>> lines) => Results.Text(Csv.Write(
        [first, second, "reports", "answered", "due", "in_time", "in_time_rate", "settled", "median_hours_to_answer", "median_hours_to_settle", "reopened", "reopened_rate", "judged", "satisfied", "satisfied_rate", "overdue", "cases"],
        lines), "text/csv; charset=utf-8", Encoding.UTF8);
}

internal sealed class GetScoreboardHandler(RegencySessions sessions, RegencyRegistry regencies, ISender sender, CallContext call, TimeProvider time) : IRequestHandler<GetScoreboard, Scoreboard>
{
    private const int AtOnce = 500;

    // It reads a year of history: anybody may ask for it, but not everybody at once.
    private static readonly SemaphoreSlim Turn = new(2);

    public async Task<Scoreboard> Handle(GetScoreboard query, CancellationToken cancel)
    {
        var regency = await regencies.Find(RegencyCode.Parse(query.Regency), cancel) ?? throw new InvalidOperationException($"No regency {query.Regency} is served here.");
        DateTimeOffset Begin(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), regency.Zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue))).ToUniversalTime();
        var now = time.GetUtcNow();
        var (from, until, asOf) = (Begin(query.From), Begin(query.Until.AddDays(1)), query.AsOf is { } day && Begin(day.AddDays(1)) < now ? Begin(day.AddDays(1)) : now);
        var departments = await sender.Send(new GetDepartments(query.Regency), cancel);
        await Turn.WaitAsync(cancel);
        try
        {
            await using var session = sessions.Query(query.Regency);
            var counted = await Count(query.Regency, session, from, until, asOf, departments, cancel);
            var decided = await session.Query<Case>().Where(c => c.DecidedAt >= from && c.DecidedAt < until && c.DecidedAt <= asOf).ToListAsync(cancel);
            var cases = decided.ToLookup(c => c.Department);
            var on = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(asOf.AddTicks(-1), regency.Zone).Date);
            return new Scoreboard(query.Regency, regency.Name, query.From, query.Until, asOf,
            [
                .. counted.Select(c => c.Department).Concat(cases.Select(c => c.Key)).Distinct().Order(StringComparer.Ordinal).Select(code =>
                {
                    var own = counted.Where(c => c.Department == code).ToArray();
                    var (name, english) = Name(departments.FirstOrDefault(d => d.Code == code), code, on);
                    return new DepartmentScore(code, name, english, cases[code].Count(), Scoring.Of(own),
                        own.GroupBy(c => c.Class).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString().ToLowerInvariant(), g => Scoring.Of([.. g])));
                }),
            ], Scoring.Of(counted));
        }
        finally
        {
            Turn.Release();
        }
    }

    // Who watches over the whole regency, and may see every number.
    private bool Watches(string regency, IReadOnlyList<Department> departments) => call.Actor.Is(regency, Role.Regent, Role.Auditor)
        || (call.Actor.Is(regency, Role.Officer) && departments.Any(d => d.Code == call.Actor.Department && d.Kind == DepartmentKind.Oversight));

    // Which reports there are is looked up where it is fast; what became of them until that instant says the history alone. The number of a day would
    // tell the accused that there is a report on them, and neighbours that there is one that is hidden from them: who takes one period from another
    // finds a single report, however many there must be in each.
    private async Task<IReadOnlyList<Counted>> Count(
        string regency, IQuerySession session, DateTimeOffset from, DateTimeOffset until, DateTimeOffset asOf, IReadOnlyList<Department> departments, CancellationToken cancel)
    {
        var (withOversight, withHidden) = (Watches(regency, departments), Watches(regency, departments) || call.Actor.Is(regency, Role.Dispatcher));
        var counted = new List<Counted>();
        var clocks = await session.Query<ReportClock>().Where(c => c.FiledAt >= from && c.FiledAt < until && (withOversight || !c.IsOversight)).OrderBy(c => c.FiledAt).Select(c => new { c.Id, c.Ticket }).ToListAsync(cancel);
        foreach (var some in clocks.Chunk(AtOnce))
        {
            var hidden = withHidden ? null : await sender.Send(new GetHiddenReports(regency, [.. some.Select(c => c.Ticket)]), cancel);
            var streams = some.Where(c => hidden?.Contains(c.Ticket) != true).Select(c => c.Id).ToArray();
            var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamKey!.IsOneOf(streams) && e.Timestamp <= asOf).OrderBy(e => e.Sequence).ToListAsync(cancel);
            counted.AddRange(events.GroupBy(e => e.StreamKey).Select(s => Scoring.Count(s.Select(e => e.Data), asOf)).OfType<Counted>().Where(c => withOversight || c.Class != ReportClass.Oversight));
        }

        return counted;
    }

    private static (string Indonesian, string English) Name(Department? department, string code, DateOnly on) =>
        department is not null ? department.NameOn(on) : code.Length == 0 ? ("Belum didisposisikan", "Not assigned yet") : (code, code);
}
