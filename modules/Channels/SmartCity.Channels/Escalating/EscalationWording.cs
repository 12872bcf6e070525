using SmartCity.Accountability.Contracts;
using SmartCity.Departments.Contracts;

namespace SmartCity.Channels.Escalating;

/// <summary>What officials are told, Indonesian first and short: it may be an SMS. The desk shows the rest.</summary>
internal static class EscalationWording
{
    private const int Listed = 5;

    public static string Warning(LadderWarned warned, string day) =>
        $"Laporan {warned.Ticket}: {Indonesian(warned.Step)} paling lambat {day}. / Report {warned.Ticket}: {English(warned.Step)} is due by {day}.";

    public static string Climbed(LadderClimbed climbed, string day)
    {
        var from = climbed.Department is { } department ? $" ({department})" : "";
        var (why, reason) = climbed.Reason == LadderReason.Missed
            ? ($"{Indonesian(climbed.Step)} terlambat sejak {day}", $"{English(climbed.Step)} was due by {day}")
            : ("belum ada tindak lanjut", "there is no progress");
        return $"Laporan {climbed.Ticket}{from} naik ke {Office(climbed.Office).Indonesian}: {why}. / Report {climbed.Ticket}{from} is now with the {Office(climbed.Office).English}: {reason}.";
    }

    public static string CaseOpened(CaseOpened opened) =>
        $"Perkara {opened.Case} dibuka atas nama Anda. Silakan beri keterangan di meja kerja. / Case {opened.Case} was opened against you. Please give your statement on the desk.";

    public static string CaseDecided(CaseDecided decided) =>
        $"Perkara {decided.Case} sudah diputus; bacalah di meja kerja. / Case {decided.Case} is decided; read it on the desk.";

    public static string Digest(DigestMade digest, DepartmentDigest of)
    {
        var late = of.Overdue.Count == 0 ? "" : $" ({string.Join(", ", of.Overdue.Take(Listed))}{(of.Overdue.Count > Listed ? ", …" : "")})";
        return $"{of.Department}, {digest.Day:yyyy-MM-dd}: {of.Open} laporan terbuka, {of.DueToday} jatuh tempo hari ini, {of.Overdue.Count} terlambat{late}, {of.OnLadder} di atas petugas. / " +
            $"{of.Open} open, {of.DueToday} due today, {of.Overdue.Count} late, {of.OnLadder} above the officers.";
    }

    private static (string Indonesian, string English) Office(string office) => office switch
    {
        Offices.Regent => ("bupati/wali kota", "regent"),
        Offices.Secretary => ("sekretaris daerah", "regional secretary"),
        _ => ("kepala OPD", "head of the department"),
    };

    private static string Indonesian(Step step) => step switch
    {
        Step.Assign => "verifikasi dan disposisi",
        Step.Answer => "tindak lanjut pertama",
        _ => "penyelesaian",
    };

    private static string English(Step step) => step switch
    {
        Step.Assign => "verification and assignment",
        Step.Answer => "the first answer",
        _ => "settlement",
    };
}
