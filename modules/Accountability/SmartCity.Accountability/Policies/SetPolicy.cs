using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Departments.Contracts;
using SmartCity.Platform.Access;
using SmartCity.Platform.History;
using SmartCity.Platform.Problems;

namespace SmartCity.Accountability.Policies;

/// <summary>Deadlines as they are sent: for a class or for a category.</summary>
internal sealed record DeadlineTermsBody(string? Class, string? Category, DateOnly? From, int? Acknowledge, int? Verify, int? Answer, int? Settle, string? Rule);

/// <summary>The ladder's numbers as they are sent; what is left out stays as it is.</summary>
internal sealed record LadderTermsBody(int? WarnWorkingDays, int? SilenceWorkingDays, int? ExtendAtMost);

/// <summary>The deadlines that hold, those that held, and how an operator or the regent sets others.</summary>
internal sealed class PolicyEndpoints : ICarterModule
{
    private const int Longest = 250, MaxRule = 200;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var policy = app.MapRegencyApi("/deadline-policy").WithTags("Accountability");
        policy.MapGet("", Show).WithSummary("How many working days there are for what: as it is usual, and all that was ever decided here");
        policy.MapPost("", Set).RequireRole(Role.Operator, Role.Regent)
            .WithSummary("Set deadlines for new reports of a class or category from a day on; reports that were filed before keep theirs");
        policy.MapPut("ladder", SetLadder).RequireRole(Role.Operator, Role.Regent).WithSummary("Set when the ladder warns and moves");
    }

    private static async Task<IResult> Show(HttpContext http, RegencySessions sessions, TimeProvider time, CancellationToken cancel)
    {
        await using var session = sessions.Query(http.Regency().Id);
        var policy = (await session.LoadAsync<PolicyRecord>(PolicyRecord.Stream, cancel))?.Policy ?? DeadlinePolicy.Usual;
        var today = Today(http, time);
        return Results.Ok(new
        {
            ladder = policy.Ladder,
            // What holds for a report that is filed today.
            today = Enum.GetValues<ReportClass>().Select(c => policy.For(c, null, today) ?? Rules.Usual(c))
                .Concat(policy.Terms.Select(t => t.Category).OfType<string>().Distinct().Select(c => policy.For(ReportClass.Complaint, c, today)).OfType<DeadlineTerms>().Where(t => t.Category is not null)),
            history = policy.Terms,
        });
    }

    private static async Task<IResult> Set(DeadlineTermsBody body, HttpContext http, RegencySessions sessions, WorkingCalendars calendars, ISender sender, TimeProvider time, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var faults = new List<Fault>();
        ReportClass? @class = null;
        if (body.Class is not null == body.Category is not null)
        {
            faults.Add(new("class.or_category", "Say a class or a category, one of the two.", "class"));
        }
        else if (body.Class is { } name)
        {
            if (Enum.TryParse<ReportClass>(name, ignoreCase: true, out var chosen) && !char.IsAsciiDigit(name[0]))
            {
                @class = chosen;
            }
            else
            {
                faults.Add(new("class.unknown", $"'{name}' is no class; use {string.Join(", ", Enum.GetNames<ReportClass>().Select(n => n.ToLowerInvariant()))}.", "class"));
            }
        }
        else if ((await sender.Send(new GetCategories(regency), cancel)).All(c => c.Code != body.Category))
        {
            faults.Add(new("category.unknown", $"There is no category '{body.Category}' here.", "category"));
        }

        // What has been promised to a reporter is not taken back: the past cannot be set.
        if (body.From is { } day ? day < Today(http, time) : true)
        {
            faults.Add(new("from.past", "Give the first day for whose reports it holds: today or later.", "from"));
        }

        var usual = Rules.Usual(@class ?? ReportClass.Complaint);
        int[] days = [body.Acknowledge ?? usual.Acknowledge, body.Verify ?? usual.Verify, body.Answer ?? usual.Answer, body.Settle ?? usual.Settle];
        string[] fields = ["acknowledge", "verify", "answer", "settle"];
        for (var i = 0; i < days.Length; i++)
        {
            if (days[i] is < 0 or > Longest)
            {
                faults.Add(new($"{fields[i]}.invalid", $"Working days from receipt, between 0 and {Longest}.", fields[i]));
            }
            else if (i > 0 && days[i] < days[i - 1])
            {
                faults.Add(new($"{fields[i]}.order", $"Not before {fields[i - 1]}, which has {days[i - 1]}: all days count from receipt.", fields[i]));
            }
        }

        if (string.IsNullOrWhiteSpace(body.Rule) || body.Rule.Length > MaxRule || body.Rule.Any(char.IsControl))
        {
            faults.Add(new("rule.missing", $"Name the regulation that says so, in one line of at most {MaxRule} characters; every deadline shows it.", "rule"));
        }

        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        var terms = new DeadlineTerms(@class, body.Category, body.From!.Value, days[0], days[1], days[2], days[3], body.Rule!.Trim());
        return await Append(regency, policy => policy.For(terms.Class ?? ReportClass.Complaint, terms.Category, terms.From) == terms ? null : new DeadlineTermsSet(terms), terms, sessions, calendars, cancel);
    }

    private static async Task<IResult> SetLadder(LadderTermsBody body, HttpContext http, RegencySessions sessions, WorkingCalendars calendars, CancellationToken cancel)
    {
        var regency = http.Regency().Id;
        var faults = new List<Fault>();
        Check(body.WarnWorkingDays, 1, 10, "warnWorkingDays");
        Check(body.SilenceWorkingDays, 1, 60, "silenceWorkingDays");
        Check(body.ExtendAtMost, 1, 60, "extendAtMost");
        if (faults.Count > 0)
        {
            return Problem.BadRequest(faults);
        }

        await using var session = sessions.Query(regency);
        var known = ((await session.LoadAsync<PolicyRecord>(PolicyRecord.Stream, cancel))?.Policy ?? DeadlinePolicy.Usual).Ladder;
        var wanted = new LadderTerms(body.WarnWorkingDays ?? known.WarnWorkingDays, body.SilenceWorkingDays ?? known.SilenceWorkingDays, body.ExtendAtMost ?? known.ExtendAtMost);
        return await Append(regency, policy => policy.Ladder == wanted ? null : new LadderTermsSet(wanted), wanted, sessions, calendars, cancel);

        void Check(int? days, int least, int most, string field)
        {
            if (days < least || days > most)
            {
                faults.Add(new Fault($"{field}.invalid", $"Working days, between {least} and {most}.", field));
            }
        }
    }

    private static async Task<IResult> Append(
        string regency, Func<DeadlinePolicy, object?> decide, object answer, RegencySessions sessions, WorkingCalendars calendars, CancellationToken cancel)
    {
        await using var session = sessions.Open(regency);
        var stream = await session.Events.FetchForWriting<PolicyRecord>(PolicyRecord.Stream, cancel);
        if (decide(stream.Aggregate?.Policy ?? DeadlinePolicy.Usual) is { } @event)
        {
            stream.AppendOne(@event);
            await session.SaveChangesAsync(cancel);
            calendars.Changed(regency);
        }

        return Results.Ok(answer);
    }

    private static DateOnly Today(HttpContext http, TimeProvider time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), http.Regency().Zone).Date);
}
