using SmartCity.Accountability.Calendars;
using SmartCity.Accountability.Contracts;
using SmartCity.Accountability.Policies;
using SmartCity.Departments.Contracts;

namespace SmartCity.Accountability.Clocks;

/// <summary>The deadlines themselves: no I/O, so that every case is a line in a test.</summary>
internal static class Rules
{
    /// <summary>SP4N-LAPOR!: verification and disposition within 3 working days, the first follow-up within 5 after that.</summary>
    public const int AssignWithin = 3, AnswerWithin = 5;

    /// <summary>Working days to settle, from receipt (practice of SP4N-LAPOR! under Peraturan Menteri PANRB 62/2018).</summary>
    public static int SettleWithin(ReportClass @class) => @class switch
    {
        ReportClass.Information => 5,
        ReportClass.Oversight => 60,
        _ => 14,
    };

    /// <summary>People read from then on.</summary>
    public static readonly TimeOnly Morning = new(7, 30);

    /// <summary>The deadlines where a regency has decided nothing; where two limits differ, the shorter binds.</summary>
    public static DeadlineTerms Usual(ReportClass @class)
    {
        var settle = SettleWithin(@class);
        return new DeadlineTerms(@class, null, DateOnly.MinValue, 1, Math.Min(AssignWithin, settle), Math.Min(AssignWithin + AnswerWithin, settle), settle, "");
    }

    /// <summary>The deadlines of a report, by the policy that holds for the day on which it was filed.</summary>
    /// <param name="clock">Its clock until now: under another class the report keeps the days that it stood still.</param>
    public static DeadlinesSet Set(
        string ticket, ReportClass @class, DateTimeOffset filedAt, RegencyCalendar calendar, string? category = null, ReportClock? clock = null)
    {
        var decided = calendar.Policy.For(@class, category, calendar.Days.Day(filedAt));
        var terms = decided ?? Usual(@class);
        return new DeadlinesSet(ticket, @class,
        [
            Due(Step.Acknowledge, terms.Acknowledge, "SP4N-LAPOR!", "diterima", "acknowledgement"),
            Due(Step.Assign, terms.Verify, "SP4N-LAPOR!", "verifikasi dan disposisi", "verification and assignment"),
            Due(Step.Answer, terms.Answer, "SP4N-LAPOR!", "tindak lanjut pertama", "first follow-up"),
            Due(Step.Settle, terms.Settle, "PermenPANRB 62/2018", $"{InIndonesian(@class)} selesai", $"{InEnglish(@class)} settled"),
        ], filedAt, category);

        Deadline Due(Step step, int days, string usual, string indonesian, string english)
        {
            var due = calendar.Days.Deadline(filedAt, days);
            var provisional = Unknown(filedAt, due) is { } year ? Provisional(year) : ("", "");
            var rule = decided is null ? usual : $"{decided.Rule} ({decided.From:yyyy-MM-dd})";
            var deadline = new Deadline(step, days, due, $"{rule}: {indonesian} {days} hari kerja{provisional.Item1} / {english} within {days} working days{provisional.Item2}", From: filedAt);
            return Warned(PutOff(deadline, clock?.Pauses ?? [], clock?.StoppedAt, calendar), calendar);
        }

        int? Unknown(DateTimeOffset from, DateTimeOffset to)
        {
            var last = to.AddTicks(-1).Year;
            for (var year = from.ToOffset(to.Offset).Year; year <= last; year++)
            {
                if (!calendar.KnownYears.Contains(year))
                {
                    return year;
                }
            }

            return null;
        }
    }

    private static (string Indonesian, string English) Provisional(int year) =>
        ($" (sementara: hari libur {year} belum dimuat)", $" (provisional: the holidays of {year} are not loaded)");

    /// <summary>A deadline with the moment at which whoever owes it is warned.</summary>
    public static Deadline Warned(Deadline deadline, RegencyCalendar calendar) =>
        deadline with { WarnAt = calendar.Days.Before(deadline.DueAt, calendar.Policy.Ladder.WarnWorkingDays, Morning) };

    /// <summary>When a department that is silent from an instant on has been so for too long.</summary>
    public static DateTimeOffset SilentAt(DateTimeOffset from, RegencyCalendar calendar) => calendar.Days.Deadline(from, calendar.Policy.Ladder.SilenceWorkingDays);

    /// <summary>What an assignment means for the clock.</summary>
    public static IEnumerable<object> Assigned(ReportClock? clock, string department, DateTimeOffset at, Guid cause, RegencyCalendar calendar)
    {
        if (clock is null)
        {
            yield break;
        }

        if (clock.Department != department)
        {
            yield return new DeadlinesOwed(department, Silence(clock, at, calendar), at);
        }

        if (clock.Meet(Step.Assign, at, cause) is { } met)
        {
            yield return met;
        }
    }

    /// <summary>What an answer means for the clock.</summary>
    public static IEnumerable<object> Answered(ReportClock? clock, bool isSettled, DateTimeOffset at, Guid cause)
    {
        if (clock?.Meet(Step.Answer, at, cause) is { } answered)
        {
            yield return answered;
        }

        if (isSettled && clock?.Meet(Step.Settle, at, cause) is { } settled)
        {
            yield return settled;
        }
    }

    /// <summary>
    /// What an answer means wherever the report is. One from a body outside, on the way or here, is counted, and the clock stands still until it settles
    /// the matter or the report comes back.
    /// </summary>
    public static IEnumerable<object> AnswerCame(ReportClock? clock, bool isSettled, DateTimeOffset at, Guid cause, RegencyCalendar calendar)
    {
        object[] resumed = [.. WentOn(clock, at, cause, calendar)];
        object[] met = [.. Answered(After(clock, resumed), isSettled, at, cause)];
        return clock is not { StoppedAt: not null, StoppedFor: StopReason.Outside } ? [.. resumed, .. met]
            : met.Length == 0 ? []
            : isSettled ? [.. resumed, .. met]
            : [.. WentOn(clock, at, cause, calendar, stopsAgain: true), .. met, new ClockStopped(at, cause, StopReason.Outside)];
    }

    /// <summary>The department did something: it is not silent. On the ladder its silence counts anew, and so it does until its first answer.</summary>
    public static IEnumerable<object> Acted(ReportClock? clock, DateTimeOffset at, RegencyCalendar calendar) =>
        clock is not { SilentAt: not null, StoppedAt: null } || clock.ActedAt >= at || clock.Next() is null ? [] : [new DepartmentActed(at, Silence(clock, at, calendar))];

    // Whoever has answered, and is not late, need not write every third day.
    private static DateTimeOffset? Silence(ReportClock clock, DateTimeOffset at, RegencyCalendar calendar) =>
        clock.IsMet(Step.Answer) && clock.Rung == Rung.Officer ? null : SilentAt(at, calendar);

    /// <summary>The report waits for its reporter. While it is with a body outside its clock stands still anyway.</summary>
    public static IEnumerable<object> Asked(ReportClock? clock, DateTimeOffset at, Guid cause) =>
        clock is null or { StoppedAt: not null } || clock.Causes.Contains(cause) ? [] : [new ClockStopped(at, cause)];

    /// <summary>It went to a partner outside that works here: the clock stands still as for any body outside, and the partner can answer itself.</summary>
    public static IEnumerable<object> ToPartner(ReportClock? clock, string department, DateTimeOffset at, Guid cause, RegencyCalendar calendar)
    {
        if (clock is null || clock.Causes.Contains(cause) || (clock is { StoppedAt: not null, StoppedFor: StopReason.Outside } && clock.Department == department))
        {
            return [];
        }

        // As when it is forwarded: the one stop begins where the other ends.
        List<object> events = [.. WentOn(clock, at, cause, calendar, stopsAgain: true)];
        events.AddRange(Assigned(After(clock, WentOn(clock, at, cause, calendar)), department, at, cause, calendar));
        if (After(clock, events)?.Next() is not null)
        {
            events.Add(new ClockStopped(at, cause, StopReason.Outside));
        }

        return events;
    }

    /// <summary>It went to a body outside: it is decided who must act, and until it is back nothing is owed here but to ask that body again.</summary>
    public static IEnumerable<object> Forwarded(ReportClock? clock, DateTimeOffset at, Guid cause, RegencyCalendar calendar)
    {
        if (clock is null or { StoppedAt: not null, StoppedFor: StopReason.Outside } || clock.Causes.Contains(cause))
        {
            return [];
        }

        // What it waited for its reporter ends here: the one stop begins where the other ends.
        List<object> events = [.. WentOn(clock, at, cause, calendar, stopsAgain: true)];
        events.AddRange(Owed(After(clock, events), null, at, calendar));
        if (After(clock, WentOn(clock, at, cause, calendar))?.Meet(Step.Assign, at, cause) is { } met)
        {
            events.Add(met);
        }

        if (After(clock, events)?.Next() is not null)
        {
            events.Add(new ClockStopped(at, cause, StopReason.Outside));
        }

        return events;
    }

    /// <summary>The body outside does not take it up: it waits for a dispatcher here.</summary>
    public static IEnumerable<object> CameBack(ReportClock? clock, DateTimeOffset at, Guid cause, RegencyCalendar calendar) =>
        clock is not { IsOutside: true } ? [] : [.. WentOn(clock, at, cause, calendar), new DeadlinesOwed(null)];

    /// <summary>The reporter, or somebody for the reporter, said more, or work began. A report with a body outside stays there.</summary>
    public static IEnumerable<object> Supplemented(ReportClock? clock, DateTimeOffset at, Guid cause, RegencyCalendar calendar) =>
        clock?.StoppedFor == StopReason.Reporter ? WentOn(clock, at, cause, calendar) : [];

    /// <summary>
    /// The report waits no longer. Working days that began while it waited do not count: every deadline that is still to be met moves by as many.
    /// </summary>
    /// <param name="stopsAgain">It stands still again in the same moment, for somebody else.</param>
    public static IEnumerable<object> WentOn(ReportClock? clock, DateTimeOffset at, Guid cause, RegencyCalendar calendar, bool stopsAgain = false)
    {
        if (clock is not { StoppedAt: { } since } || clock.StandsStillSince() is not { } began)
        {
            return [];
        }

        var pause = new Pause(since, at, clock.StoppedFor);
        return [new ClockResumed(
            at, [.. clock.Deadlines.Select(d => clock.IsMet(d.Step) ? d : PutOff(d, pause, began, stopsAgain, calendar))], cause, clock.SilentAt is null ? null : Silence(clock, at, calendar))];
    }

    /// <param name="stoppedAt">When it stopped for the last time, where it still stands.</param>
    private static Deadline PutOff(Deadline deadline, IReadOnlyList<Pause> pauses, DateTimeOffset? stoppedAt, RegencyCalendar calendar)
    {
        var began = default(DateTimeOffset);
        for (var i = 0; i < pauses.Count; i++)
        {
            began = i > 0 && pauses[i - 1].To == pauses[i].From ? began : pauses[i].From;
            deadline = PutOff(deadline, pauses[i], began, (i + 1 < pauses.Count ? pauses[i + 1].From : stoppedAt) == pauses[i].To, calendar);
        }

        return deadline;
    }

    // What was late before it stood still stays so; nothing else falls due meanwhile. Pauses without a moment between them are one, which began with the first.
    private static Deadline PutOff(Deadline deadline, Pause pause, DateTimeOffset began, bool stopsAgain, RegencyCalendar calendar)
    {
        if (deadline.DueAt <= began)
        {
            return deadline;
        }

        var (indonesian, english) = pause.Reason == StopReason.Outside
            ? ("berada di instansi lain", "with a body outside")
            : ("menunggu pelapor", "of waiting for the reporter");
        if (calendar.Days.WorkingDaysBetween(pause.From, pause.To) is > 0 and var stood)
        {
            deadline = deadline with
            {
                DueAt = calendar.Days.Deadline(deadline.DueAt.AddTicks(-1), stood),
                Rule = $"{deadline.Rule}; ditambah {stood} hari kerja {indonesian} / plus {stood} working days {english}",
            };
        }

        // On a day on which nobody works.
        if (deadline.DueAt <= pause.To && !stopsAgain)
        {
            deadline = deadline with
            {
                DueAt = calendar.Days.Deadline(pause.To, 0),
                Rule = $"{deadline.Rule}; habis saat jam berhenti, jadi sampai akhir hari kerja berikutnya / ran out while the clock stood still, so until the end of the next working day",
            };
        }

        return Warned(deadline, calendar);
    }

    /// <summary>
    /// What another calendar means for the deadlines that are set: those that are still to be met are counted again, and so are the days of silence; what was
    /// met or missed stays. None is moved into the past.
    /// </summary>
    /// <param name="starts">From when on it counts, as its history says.</param>
    public static IEnumerable<object> Recounted(
        ReportClock? clock, ClockStarts starts, (string Indonesian, string English) why, Guid cause, DateTimeOffset now, RegencyCalendar calendar)
    {
        if (clock?.Next() is null)
        {
            return [];
        }

        var reason = $"{why.Indonesian} / recounted: {why.English}".Replace(';', ',');
        Deadline[] deadlines = [.. clock.Deadlines.Select(Again)];
        var silent = Silent();
        return deadlines.SequenceEqual(clock.Deadlines) && silent is null ? [] : [new DeadlinesRecounted(deadlines, reason, cause, silent)];

        Deadline Again(Deadline deadline)
        {
            if (clock.IsMet(deadline.Step) || deadline.DueAt <= (clock.StandsStillSince() ?? now) || (deadline.From is null && starts.IsFixed(deadline.Step)))
            {
                return deadline;
            }

            if ((deadline.From ?? starts.CountedFrom) is not { } from)
            {
                return deadline.Rule.Contains(NotRecounted, StringComparison.Ordinal) ? deadline : deadline with { Rule = deadline.Rule + NotRecounted };
            }

            var due = DueOf(deadline with { From = from }, clock, calendar);
            due = due <= now && clock.StoppedAt is null ? calendar.Days.Deadline(now, 0) : due;
            var rule = calendar.KnownYears.Select(Provisional).Aggregate(deadline.Rule, (text, year) => text.Replace(year.Indonesian, "", StringComparison.Ordinal).Replace(year.English, "", StringComparison.Ordinal));
            const string recounted = "; dihitung ulang: ";
            return Warned(due == deadline.DueAt ? deadline with { Rule = rule }
                : deadline with { DueAt = due, From = from, Rule = $"{(rule.IndexOf(recounted, StringComparison.Ordinal) is >= 0 and var at ? rule[..at] : rule)}{recounted}{reason}" }, calendar);
        }

        // While the clock stands still silence is counted anew when it goes on.
        DateTimeOffset? Silent() => clock is not { SilentAt: { } at, StoppedAt: null } || at <= now || starts.SilentFrom is not { } from ? null
            : calendar.Days.Deadline(from, starts.SilenceWorkingDays) is var due && due <= now ? calendar.Days.Deadline(now, 0)
            : due == at ? null : due;
    }

    private const string NotRecounted = "; tidak dihitung ulang: awalnya tidak diketahui / not recounted: its start is not known";

    /// <summary>When a deadline is due by this calendar.</summary>
    private static DateTimeOffset DueOf(Deadline deadline, ReportClock clock, RegencyCalendar calendar) => PutOff(
        deadline with { DueAt = calendar.Days.Deadline(deadline.From!.Value, deadline.WorkingDays + deadline.Plus) },
        [.. clock.Pauses.Where(p => p.From >= deadline.From)], clock.StoppedAt, calendar).DueAt;

    private static ReportClock? After(ReportClock? clock, IEnumerable<object> events) => events.Aggregate(clock, (known, e) => ReportClock.After(known, known!.Id, e));

    /// <summary>Nothing more is owed for it.</summary>
    public static IEnumerable<object> Ended(ReportClock? clock, string why, DateTimeOffset at, Guid cause) =>
        clock is null or { EndedWhy: not null } || clock.Causes.Contains(cause) || clock.IsMet(Step.Settle) ? [] : [new ClockEnded(at, why, cause)];

    /// <summary>It is to be handled again: the days for an answer and for settling begin anew. A clock that still runs goes on as it is.</summary>
    public static IEnumerable<object> Reopened(ReportClock? clock, DateTimeOffset at, Guid cause, RegencyCalendar calendar)
    {
        if (clock is null || clock.Causes.Contains(cause) || clock.Next() is not null)
        {
            return [];
        }

        var restarted = new ClockRestarted(at, [.. clock.Deadlines.Select(d => d.Step <= Step.Assign && clock.IsMet(Step.Assign) ? d : Warned(d with
        {
            DueAt = calendar.Days.Deadline(at, d.WorkingDays),
            From = at,
            Plus = 0,
            Rule = $"{d.Rule.Split(';')[0]}; dihitung dari pembukaan kembali / counted from the reopening",
        }, calendar))], cause, clock.Department is null ? null : SilentAt(at, calendar));
        // It goes back to whoever had it last.
        return clock.IsOutside ? [restarted, new ClockStopped(at, cause, StopReason.Outside)] : [restarted];
    }

    /// <summary>A proposal is answered and settled by a day of its own.</summary>
    public static IEnumerable<object> AnswerDue(ReportClock? clock, DateTimeOffset due, RegencyCalendar calendar)
    {
        const string rule = "usulan dijawab bersama RKPD (Permendagri 86/2017) / a proposal is answered with the yearly work plan";
        if (clock is null || clock.Deadlines.All(d => d.Step <= Step.Assign || d.DueAt == due))
        {
            return [];
        }

        return [new AnswerDueSet([.. clock.Deadlines.Select(d => d.Step <= Step.Assign ? d : Warned(d with { DueAt = due, Rule = rule, From = null, Plus = 0 }, calendar))])];
    }

    /// <summary>Who owes the next step now.</summary>
    public static IEnumerable<object> Owed(ReportClock? clock, string? department, DateTimeOffset at, RegencyCalendar calendar) =>
        clock is null || clock.Department == department ? [] : [new DeadlinesOwed(department, department is null ? null : Silence(clock, at, calendar), at)];

    private static string InIndonesian(ReportClass @class) => @class switch
    {
        ReportClass.Information => "permintaan informasi",
        ReportClass.Oversight => "pengaduan berkadar pengawasan",
        ReportClass.Aspiration => "aspirasi",
        ReportClass.Proposal => "usulan",
        _ => "pengaduan tidak berkadar pengawasan",
    };

    private static string InEnglish(ReportClass @class) => @class switch
    {
        ReportClass.Information => "information request",
        ReportClass.Oversight => "complaint with oversight content",
        ReportClass.Aspiration => "aspiration",
        ReportClass.Proposal => "proposal",
        _ => "complaint without oversight content",
    };
}
