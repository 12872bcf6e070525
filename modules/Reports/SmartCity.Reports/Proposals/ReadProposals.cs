using System.Globalization;
using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Platform;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;
using SmartCity.Platform.Regencies;
using SmartCity.Reports.Contracts;
using SmartCity.Reports.Life;
using SmartCity.Reports.Reading;

namespace SmartCity.Reports.Proposals;

/// <summary>What became of proposals, and how long it took: that answers take months is to be seen.</summary>
internal sealed class ReadProposalsEndpoints : ICarterModule
{
    private const int DefaultLimit = 50, MaxLimit = 1000;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var proposals = app.MapRegencyApi("/proposals").WithTags("Proposals");
        proposals.MapGet("", List).WithSummary("Proposals with stages, answer and funding year; ?asOf=, stage=, year=, after=, limit=, format=csv");
        proposals.MapGet("summary", Summary).WithSummary("Median days to the first answer per stage and year, for everybody; ?asOf= or from=&to= by the day of filing, format=csv");
    }

    private static async Task<IResult> List(string? asOf, string? stage, string? year, string? after, string? limit, string? format, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var day = Day(asOf, "asOf", faults);
        var isCsv = Csv.IsWanted(http, format, faults);
        int? filed = null;
        if (year is not null)
        {
            filed = int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            Check(filed is not null, "year.invalid", "Give the year of filing in four digits.", "year");
        }

        var most = DefaultLimit;
        Check(limit is null || (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= MaxLimit), "limit.invalid", $"Between 1 and {MaxLimit}.", "limit");
        Check(stage is null || ProposalStages.InOrder.Contains(stage), "stage.unknown", $"Use one of {string.Join(", ", ProposalStages.InOrder)}.", "stage");
        Check(after is null || Ticket.Read(after) is not null, "after.invalid", "Use the value of 'next' of the page before.", "after");
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var page = await sender.Send(new ListProposals(http.Regency().Id, day, stage, filed, after, isCsv ? int.MaxValue : most), cancel);
        return isCsv ? Results.Text(ProposalCsv.Of(page), "text/csv; charset=utf-8") : Results.Ok(page);

        void Check(bool isRight, string code, string detail, string field)
        {
            if (!isRight)
            {
                faults.Add(new Fault(code, detail, field));
            }
        }
    }

    private static async Task<IResult> Summary(string? asOf, string? from, string? to, string? format, HttpContext http, ISender sender, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        var (end, begin) = (Day(asOf, "asOf", faults) ?? Day(to, "to", faults), Day(from, "from", faults));
        var isCsv = Csv.IsWanted(http, format, faults);
        if (begin > end)
        {
            faults.Add(new Fault("from.after_to", "The period begins after it ends: from must not be later than to.", "from"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var figures = await sender.Send(new GetProposalFigures(http.Regency().Id, end, begin), cancel);
        return isCsv ? Results.Text(ProposalCsv.Of(figures), "text/csv; charset=utf-8") : Results.Ok(figures);
    }

    private static DateOnly? Day(string? text, string field, List<Fault> faults)
    {
        if (text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            return text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        faults.Add(new Fault($"{field}.invalid", "Give a date as 2026-06-30.", field));
        return null;
    }
}

/// <summary>The same for spreadsheets.</summary>
internal static class ProposalCsv
{
    public static string Of(ProposalPage page) => Csv.Write(
        ["ticket", "category", "district", "filedOn", "stage", .. ProposalStages.InOrder, "answerDueOn", "answeredOn", "daysToAnswer", "overdue", "decision", "fundingYear", "work", "supporters"],
        page.Proposals.Select(p => (IReadOnlyList<object?>)[p.Ticket, p.Category, p.District, p.FiledOn, p.Stage, .. ProposalStages.InOrder.Select(s => (object?)p.Stages.FirstOrDefault(r => r.Stage == s)?.On),
            p.AnswerDueOn, p.AnsweredOn, p.DaysToAnswer, p.IsOverdue, p.Decision, p.FundingYear, p.Work, p.Supporters]));

    public static string Of(ProposalFigures figures) => Csv.Write(
        ["year", "stage", "proposals", "answered", "overdue", "medianDays"],
        figures.Groups.Select(g => (IReadOnlyList<object?>)[g.Year, g.Stage, g.Proposals, g.Answered, g.Overdue, g.MedianDays]));
}

/// <summary>Takes the way of proposals from what happened to them, never from counters: no I/O.</summary>
internal static class ProposalCourses
{
    /// <summary>The way of a proposal up to the end of a day; null: it was not filed yet.</summary>
    public static ProposalCourse? At(Report report, DateOnly day, TimeZoneInfo zone, long supporters)
    {
        DateOnly On(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).Date);
        var until = report.Timeline.Where(e => On(e.At) <= day).ToList();
        if (On(report.FiledAt) > day)
        {
            return null;
        }

        var stages = until.Where(e => e is { What: "staged", Detail: not null }).GroupBy(e => e.Detail!).Select(g => new StageReached(g.Key, On(g.First().At))).ToList();
        // A merged proposal is answered with its main one.
        var answers = until.Where(e => e.What == "answered" || e is { What: "followed", Detail: "answered" }).ToList();
        var answered = answers.Count == 0 ? (DateOnly?)null : On(answers[0].At);
        var outcome = answers.LastOrDefault(e => e.Outcome is not null)?.Outcome;
        var due = report.AnswerDue is { } end ? On(end.AddTicks(-1)) : (DateOnly?)null;
        return new ProposalCourse(
            report.Id, report.Category, report.District, On(report.FiledAt), stages.LastOrDefault()?.Stage, stages, due, answered, answered?.DayNumber - On(report.FiledAt).DayNumber,
            answered is null && day > due, outcome?.Kind, outcome?.Plan?.FiscalYear ?? outcome?.FiscalYear, outcome?.Plan?.Work, supporters);
    }

    public static ProposalFigures Figures(IReadOnlyCollection<ProposalCourse> proposals, DateOnly day, DateOnly? from)
    {
        var all = proposals.Where(p => from is null || p.FiledOn >= from).ToList();
        return new ProposalFigures(
            day, from, Group(null, null, all),
            [.. all.GroupBy(p => (p.FiledOn.Year, p.Stage)).OrderBy(g => g.Key.Year).ThenBy(g => g.Key.Stage is { } stage ? ProposalStages.InOrder.ToList().IndexOf(stage) : -1).Select(g => Group(g.Key.Year, g.Key.Stage, [.. g]))],
            [.. all.Where(p => p.Decision is not null).GroupBy(p => (p.Decision, p.FundingYear)).OrderBy(g => g.Key.FundingYear).ThenBy(g => g.Key.Decision, StringComparer.Ordinal).Select(g => new ProposalDecisions(g.Key.Decision!, g.Key.FundingYear, g.Count()))],
            Musrenbang.Months);
    }

    private static ProposalGroup Group(int? year, string? stage, IReadOnlyCollection<ProposalCourse> proposals) => new(
        year, stage, proposals.Count, proposals.Count(p => p.AnsweredOn is not null), proposals.Count(p => p.IsOverdue), Median([.. proposals.Select(p => p.DaysToAnswer).OfType<int>()]));

    /// <summary>The middle one; of two the middle between them.</summary>
    public static decimal? Median(IReadOnlyCollection<int> days)
    {
        var sorted = days.Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2m;
    }
}

internal sealed class ReadProposalsHandler(RegencySessions sessions, Viewers viewers, RegencyRegistry regencies, TimeProvider time) :
    IRequestHandler<ListProposals, ProposalPage>, IRequestHandler<GetProposalFigures, ProposalFigures>
{
    public async Task<ProposalPage> Handle(ListProposals query, CancellationToken cancel)
    {
        var viewer = await viewers.Current(query.Regency, null, cancel);
        var (_, all) = await Courses(query.Regency, query.AsOf, reports => reports.VisibleTo(viewer), cancel);
        var after = query.After is { } ticket ? Ticket.Order(ticket) : long.MaxValue;
        var found = all.Where(p => (query.Stage is null || p.Stage == query.Stage) && (query.Year is null || p.FiledOn.Year == query.Year))
            .OrderByDescending(p => Ticket.Order(p.Ticket)).SkipWhile(p => Ticket.Order(p.Ticket) >= after).ToList();
        return new ProposalPage([.. found.Take(query.Limit)], found.Count > query.Limit ? found[query.Limit - 1].Ticket : null);
    }

    public async Task<ProposalFigures> Handle(GetProposalFigures query, CancellationToken cancel)
    {
        // The same numbers for everybody, whoever asks.
        var (day, all) = await Courses(query.Regency, query.AsOf, reports => reports.Where(r => r.IsPublic), cancel);
        return ProposalCourses.Figures(all, day, query.From);
    }

    private async Task<(DateOnly Day, IReadOnlyList<ProposalCourse> All)> Courses(string regency, DateOnly? asOf, Func<IQueryable<Report>, IQueryable<Report>> visible, CancellationToken cancel)
    {
        var zone = (await regencies.Find(RegencyCode.Parse(regency), cancel))?.Zone ?? TimeZoneInfo.Utc;
        var day = asOf ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).Date);
        await using var session = sessions.Query(regency);
        var reports = await visible(session.Query<Report>()).Where(r => r.Filed.Class == ReportClasses.Proposal && r.State != ReportState.Rejected && r.State != ReportState.Withdrawn).ToListAsync(cancel);
        var end = Musrenbang.EndOf(day, zone);
        var tickets = reports.Select(r => r.Id).ToArray();
        var supporters = tickets.Length == 0 ? new Dictionary<string, long>()
            : (await session.Query<Supporter>().Where(s => s.Ticket.IsOneOf(tickets) && s.At < end).GroupBy(s => s.Ticket).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(cancel)).ToDictionary(g => g.Key, g => g.Count);
        return (day, [.. reports.Select(r => ProposalCourses.At(r, day, zone, supporters.GetValueOrDefault(r.Id))).OfType<ProposalCourse>()]);
    }
}
