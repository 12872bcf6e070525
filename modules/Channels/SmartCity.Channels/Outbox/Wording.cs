using SmartCity.Platform.Personal;
using SmartCity.Reports.Contracts;

namespace SmartCity.Channels.Outbox;

/// <summary>What citizens are told, Indonesian first. No links: X asks many times the price for a post with one.</summary>
internal static class Wording
{
    /// <summary>Says the number and repeats nothing of the report, which may be confidential while the channel is public.</summary>
    public static string Acknowledgement(string ticket) =>
        $"Laporan Anda sudah kami terima dengan nomor {ticket} dan akan ditindaklanjuti. Terima kasih. / Your report has been received as number {ticket} and will be acted on. Thank you.";

    public static string HandedOver(string ticket, string department, string english) =>
        $"Laporan {ticket} sekarang ditangani {department}. / Report {ticket} is now with: {english}.";

    public static string Merged(string ticket, string main) =>
        $"Laporan {ticket} sama dengan laporan {main} dan dijawab bersamanya; jawabannya tetap kami kirim ke Anda di sini. / Report {ticket} is about the same as {main} and is answered with it; you get the answer here.";

    public static string Split(string ticket, IReadOnlyList<ReportPart> parts)
    {
        var list = string.Join(", ", parts.Select(part => $"{part.Ticket} ({part.Department})"));
        return $"Laporan {ticket} menyangkut beberapa OPD dan dibagi: {list}. / Report {ticket} concerns several departments; its parts: {list}.";
    }

    public static string PartsSettled(string ticket) =>
        $"Semua bagian laporan {ticket} sudah selesai. / Every part of report {ticket} is settled.";

    public static string Reopened(string ticket) =>
        $"Laporan {ticket} dibuka kembali dan ditangani lagi. / Report {ticket} is open again and will be handled anew.";

    /// <param name="ground">Why it was closed.</param>
    public static string Closed(string ticket, string ground) => ground switch
    {
        "time" => $"Laporan {ticket} ditutup karena tidak ada keberatan. Kalau belum beres, laporan dapat dibuka kembali. / Report {ticket} is closed: there was no objection. It can be reopened.",
        "silence" => $"Laporan {ticket} ditutup karena keterangan yang kami minta belum datang. Laporan dapat dibuka kembali. / Report {ticket} is closed: what we asked you for did not come. It can be reopened.",
        _ => $"Laporan {ticket} ditutup. Terima kasih. / Report {ticket} is closed. Thank you.",
    };

    public static string ClosedThere(string ticket, string regency) =>
        $"Laporan {ticket} dinyatakan selesai oleh {regency}. Kalau belum beres, laporan dapat dibuka kembali. / Report {ticket} was closed by {regency}. If it is not done, it can be reopened.";

    public static string Withdrawn(string ticket) =>
        $"Laporan {ticket} dicabut atas permintaan pelapor. / Report {ticket} was taken back at the reporter's request.";

    /// <summary>As it is sent on the message's channel.</summary>
    /// <param name="opened">The message's text in the clear.</param>
    /// <param name="channel">How it is sent; null: nobody knows any more.</param>
    public static string Of(OutboundMessage message, string opened, string regency, IChannel? channel)
    {
        var text = message is { IsHidden: true, IsWritten: true } && channel?.IsPublic == true
            ? $"Ada kabar tentang laporan {message.Ticket}. Laporan ini rahasia, jadi isinya tidak ditulis di sini; tanyakan ke kantor kami. / There is news of report {message.Ticket}. It is confidential: please ask for it at our office."
            : Written(message, opened);
        return channel?.Fit(text, regency, message.Ticket) ?? text;
    }

    private static string Written(OutboundMessage message, string opened)
    {
        var more = opened.Length > 0 ? $" {opened}" : "";
        return message.Kind switch
        {
            OutboundMessage.Answer => $"Jawaban laporan / Answer to report {message.Ticket}{(message.PartOf is { } whole ? $" (bagian dari / part of {whole})" : "")}:{more}{About(message)}{Ask(message)}",
            // It was written to the reporter: others hear of it what everybody may.
            OutboundMessage.FollowedAnswer => $"Laporan {message.Ticket} yang Anda ikuti dijawab / The report {message.Ticket} that you follow was answered: {PublicText.Mask(opened)}{About(message)}",
            OutboundMessage.Rejection => $"Laporan tidak dapat ditindaklanjuti / Report not taken up {message.Ticket}:{more}",
            OutboundMessage.Question => $"Kami perlu keterangan untuk laporan / We need to know more for report {message.Ticket}:{more}",
            OutboundMessage.Forwarding => $"Laporan {message.Ticket} bukan kewenangan kami dan diteruskan ke {message.About}. / Report {message.Ticket} was forwarded to {message.About}.{more}",
            OutboundMessage.FollowUp => $"Kabar dari {message.About} tentang laporan {message.Ticket} / News from {message.About} about report {message.Ticket}:{more}",
            OutboundMessage.Alert => $"DARURAT / EMERGENCY {message.Ticket} ({message.About}):{more}",
            OutboundMessage.Extension => $"Batas waktu laporan {message.Ticket} diperpanjang sampai {message.About} / The deadline of report {message.Ticket} was put off until {message.About}:{more}",
            // X takes no text twice within a short time: each has its number.
            "broadcast" => $"Laporan / report {message.Ticket}:{more}",
            OutboundMessage.Stage => $"{Stage(message)}{more}",
            _ => opened,
        };
    }

    // Where there are no buttons, the words that answer. On a public channel whoever reads it could judge for the reporter, so nobody is asked there.
    private static string Ask(OutboundMessage message) => message.Channel is "sms" or "whatsapp" ? $" Puas? Balas PUAS {message.Ticket} atau TIDAK PUAS {message.Ticket} (alasan)." : "";

    private static string About(OutboundMessage message) => message.About is { Length: > 0 } about ? $" {about}" : "";

    private static string Stage(OutboundMessage message)
    {
        var (stage, due) = message.About?.Split(' ') is [var s, var d] ? (s, d) : ("", "");
        var (indonesian, english) = stage switch
        {
            "village" => ("Musrenbang desa/kelurahan", "the village planning meeting"),
            "district" => ("Musrenbang kecamatan", "the district planning meeting"),
            "regency" => ("Musrenbang kabupaten/kota", "the regency planning meeting"),
            "province" => ("Musrenbang provinsi", "the provincial planning meeting"),
            _ => (stage, stage),
        };
        return $"Usulan {message.Ticket}: tahap {indonesian}, dijawab paling lambat {due}. / Proposal {message.Ticket}: at {english}, answered by {due}.";
    }
}
