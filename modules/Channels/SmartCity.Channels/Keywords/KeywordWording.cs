using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Keywords;

/// <summary>What is answered to a keyword: short, Indonesian first.</summary>
internal static class KeywordWording
{
    public const string Help =
        "Tulis masalah dan tempatnya untuk melapor. STATUS 1234: kabar laporan. PUAS / TIDAK PUAS: menilai jawaban. STOP / MULAI: berhenti, lanjut. / Write the problem and its place to report it. STATUS 1234: news of it. STOP / START: no more messages, again.";

    public const string Stopped =
        "Baik, kami tidak mengirim kabar lagi, kecuali yang Anda minta. / No more messages, except what you ask for.";

    public const string Started =
        "Baik, kabar laporan Anda kami kirim lagi. / You get news of your reports again.";

    public const string NoReport =
        "Belum ada laporan dari nomor ini. Tulis masalah dan tempatnya untuk melapor. / There is no report from you yet. Write the problem and its place.";

    public const string NothingAnswered =
        "Belum ada laporan Anda yang dijawab. / None of your reports has been answered yet.";

    public static string Unknown(string ticket) =>
        $"Laporan {ticket} tidak ada atau bukan dari Anda. / There is no report {ticket} of yours.";

    public static string Status(string ticket, ReportState state, string? department)
    {
        var (indonesian, english) = Names(state);
        var by = department is null ? "" : $" ({department})";
        return $"Laporan {ticket}: {indonesian}{by}. / Report {ticket}: {english}{by}.";
    }

    public static string Refused(string ticket, Refusal refusal) => $"Laporan {ticket}: {refusal.Indonesian} / {refusal.English}";

    public static string PassedOn(string ticket) =>
        $"Laporan {ticket} masih ditangani; keterangan Anda kami teruskan. / Report {ticket} is still being handled; we pass on what you say.";

    public static string Noted(string ticket) =>
        $"Penilaian Anda atas laporan {ticket} kami catat. / Your judgement of report {ticket} is noted.";

    private static (string Indonesian, string English) Names(ReportState state) => state switch
    {
        ReportState.Filed => ("diterima", "received"),
        ReportState.Queued => ("menunggu disposisi", "waits to be assigned"),
        ReportState.Verified => ("terverifikasi", "verified"),
        ReportState.Assigned => ("diproses OPD", "with the department"),
        ReportState.InProgress => ("sedang dikerjakan", "being worked on"),
        ReportState.WaitingForReporter => ("menunggu keterangan Anda", "waits for you"),
        ReportState.Forwarded => ("di instansi lain", "with another body"),
        ReportState.Split => ("dibagi ke beberapa OPD", "with several departments"),
        ReportState.Answered => ("sudah dijawab, belum selesai", "answered, not done yet"),
        ReportState.Settled => ("selesai", "done"),
        ReportState.Closed => ("ditutup", "closed"),
        ReportState.Rejected => ("tidak ditindaklanjuti", "not taken up"),
        ReportState.Withdrawn => ("dicabut", "taken back"),
        _ => ("digabung dengan laporan lain", "answered with another report"),
    };
}
