using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Clocks;
using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Climbing;

/// <summary>The ladder from the officer to the regent: no I/O, so that every case is a line in a test.</summary>
internal static class Ladder
{
    /// <summary>What happens to a report now; null: nothing. One thing at a time: whoever comes late climbs one rung, and the next only after its own time.</summary>
    /// <param name="terms">Who holds which office.</param>
    /// <param name="isOutside">The department is a body outside the regency: it has no head here.</param>
    public static object? Decide(ReportClock clock, RegencyCalendar calendar, IReadOnlyList<OfficeTerm> terms, bool isOutside, DateTimeOffset now)
    {
        if (clock.LookAt is not { } look || look > now || clock.Next() is not { } next)
        {
            return null;
        }

        if (now >= next.DueAt && !ReportClock.Is(clock.Missed, next))
        {
            return Climb(clock, next, LadderReason.Missed, next.DueAt.AddTicks(-1), next.Rule, calendar, terms, isOutside, now);
        }

        if (clock.SilentAt is { } silentAt && silentAt <= now)
        {
            var days = calendar.Policy.Ladder.SilenceWorkingDays;
            return Climb(clock, next, LadderReason.Silent, silentAt.AddTicks(-1),
                $"SP4N-LAPOR!: {days} hari kerja tanpa tindak lanjut / {days} working days without progress", calendar, terms, isOutside, now);
        }

        return new LadderWarned(clock.Ticket, next.Step, next.DueAt, clock.Department, next.Rule, clock.IsOversight);
    }

    private static LadderClimbed Climb(
        ReportClock clock, Deadline next, LadderReason reason, DateTimeOffset missedAt, string rule, RegencyCalendar calendar, IReadOnlyList<OfficeTerm> terms, bool isOutside,
        DateTimeOffset now)
    {
        var to = Above(clock, isOutside);
        var office = OfficeOf(to, clock.Department);
        var head = clock.Department is { } department ? Offices.HeadOf(department) : null;
        string? Holder(string? of, DateTimeOffset at) => terms.FirstOrDefault(t => t.Office == of && t.Holds(calendar.Days.Day(at)))?.Id;
        return new LadderClimbed(
            clock.Ticket, clock.Rung, to, reason, next.Step, next.DueAt, clock.Department, office, Holder(office, now), clock.AnswersFor ?? Holder(head, missedAt),
            rule, Rules.SilentAt(now, calendar), clock.IsOversight);
    }

    // A report without a department is the secretary's business, to whom the dispatchers answer. Of the conduct of officials the secretary must not learn.
    private static Rung Above(ReportClock clock, bool isOutside) => clock.Rung switch
    {
        Rung.Officer when clock.Department is not null && !isOutside => Rung.Head,
        Rung.Officer or Rung.Head when !clock.IsOversight => Rung.Secretary,
        _ => Rung.Regent,
    };

    /// <summary>The office of a rung.</summary>
    public static string OfficeOf(Rung rung, string? department) => rung switch
    {
        Rung.Head => Offices.HeadOf(department!),
        Rung.Secretary => Offices.Secretary,
        _ => Offices.Regent,
    };

    /// <summary>The highest rung on which somebody who holds these offices answers for a report; null: on none.</summary>
    public static Rung? RungOf(ReportClock clock, IReadOnlyCollection<string> offices) =>
        offices.Contains(Offices.Regent) ? Rung.Regent
        : offices.Contains(Offices.Secretary) && !clock.IsOversight ? Rung.Secretary
        : clock.Department is { } department && offices.Contains(Offices.HeadOf(department)) ? Rung.Head
        : null;

    /// <summary>
    /// A deadline is put off, once. Those after it come no earlier. An older debt is forgotten: the new date is another one, of which is warned again.
    /// </summary>
    public static DeadlineExtended Extend(ReportClock clock, Deadline next, int workingDays, string office, string officeInIndonesian, string reason, RegencyCalendar calendar, DateTimeOffset now)
    {
        // From the due date, or from now when that is over: an extension that ends before it begins would be none.
        var due = calendar.Days.Deadline(next.DueAt > now ? next.DueAt.AddTicks(-1) : now, workingDays);
        var (from, days) = next.DueAt > now ? (next.From, next.WorkingDays + next.Plus + workingDays) : (now, workingDays);
        var note = $"; diperpanjang {workingDays} hari kerja oleh {officeInIndonesian} / extended by {workingDays} working days by the {InEnglish(office)}";
        return new DeadlineExtended(clock.Ticket, next.Step, workingDays, due, office, reason,
        [
            .. clock.Deadlines.Select(d => d.Step < next.Step || (d.Step > next.Step && d.DueAt >= due) ? d : Rules.Warned(d with { DueAt = due, Rule = d.Rule + note, From = from, Plus = days - d.WorkingDays }, calendar)),
        ]);
    }

    /// <summary>An office in words.</summary>
    public static string InEnglish(string office) => office switch
    {
        Offices.Regent => "regent",
        Offices.Secretary => "regional secretary",
        _ => "head of the department",
    };

    /// <summary>An office in words.</summary>
    public static string InIndonesian(string office) => office switch
    {
        Offices.Regent => "bupati/wali kota",
        Offices.Secretary => "sekretaris daerah",
        _ => "kepala OPD",
    };
}
