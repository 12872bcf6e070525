using SmartCity.Accountability.Calendars;
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

    /// <summary>The deadlines of a report; where two limits differ, the shorter binds.</summary>
    public static DeadlinesSet Set(string ticket, ReportClass @class, DateTimeOffset filedAt, RegencyCalendar calendar)
    {
        var settle = SettleWithin(@class);
        return new DeadlinesSet(ticket, @class,
        [
            Due(Step.Assign, Math.Min(AssignWithin, settle), "SP4N-LAPOR!: verifikasi dan disposisi", "verification and assignment"),
            Due(Step.Answer, Math.Min(AssignWithin + AnswerWithin, settle), "SP4N-LAPOR!: tindak lanjut pertama", "first follow-up"),
            Due(Step.Settle, settle, $"PermenPANRB 62/2018: {InIndonesian(@class)} selesai", $"{InEnglish(@class)} settled"),
        ]);

        Deadline Due(Step step, int days, string indonesian, string english)
        {
            var due = calendar.Days.Deadline(filedAt, days);
            var provisional = Unknown(filedAt, due) is { } year
                ? ($" (sementara: hari libur {year} belum dimuat)", $" (provisional: the holidays of {year} are not loaded)")
                : ("", "");
            return new Deadline(step, days, due, $"{indonesian} {days} hari kerja{provisional.Item1} / {english} within {days} working days{provisional.Item2}");
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

    /// <summary>What an assignment means for the clock.</summary>
    public static IEnumerable<object> Assigned(ReportClock? clock, string department, DateTimeOffset at, Guid cause)
    {
        if (clock is null)
        {
            yield break;
        }

        if (clock.Department != department)
        {
            yield return new DeadlinesOwed(department);
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
